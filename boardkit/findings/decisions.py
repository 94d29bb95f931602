"""Findings about recorded decisions: those that cannot be applied, and those whose ground has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit import tables
from boardkit.based_on import digests
from boardkit.findings.label import of_module, of_student
from boardkit.problems import found, shown
from boardkit.regulations.part import source_of
from boardkit.rules.decided import MODULE_MARK, classes_of

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.regulations.decisions import ReasonRule
    from boardkit.regulations.model import Regulations

_COLUMNS = {
    "module-named": "module",
    "not-yes-no": "value",
    "not-a-mark": "value",
    "not-a-class": "value",
    "not-a-decision": "value",
    "no-award": "decision",
    "no-recommendation": "decision",
    "module-board": "board",
    "withdrawn": "module",
    "unreadable": "module",
    "no-pass-mark": "module",
    "viva": "reason",
    "mitigation": "reason",
}
"""The column that each reason not to apply a decision is about; what names no module is told of elsewhere."""


def find_decisions(board: BoardResult) -> list[pl.DataFrame]:
    """Find the recorded decisions that are not applied, and those whose ground has changed."""
    if board.decisions.is_empty():
        return []
    return [*refusals(board), *_stale(board), *_undated(board), *_beside_claims(board)]


def refusals(board: BoardResult) -> list[pl.DataFrame]:
    """Tell of every decision that cannot be applied, and why."""
    rows = board.decisions
    sentences = _sentences(board.pack.rules)
    parts = []
    for why, column in _COLUMNS.items():
        refused = rows.filter(pl.col("why") == why)
        if refused.height:
            told = pl.concat_str(_who(), sentences[why], pl.lit("; it was not used."))
            parts.append(
                found("decision-refused", refused, column=column, value=pl.col(column), message=told)
            )
    return parts


def _beside_claims(board: BoardResult) -> list[pl.DataFrame]:
    """Decided marks of students with an accepted claim about the module, where a claim may change no mark."""
    rule = board.pack.rules.decisions.no_amendment
    if rule is None:
        return []
    claims = board.cohort.typed["circumstances"].filter(pl.col("accepted").fill_null(value=False))
    named = claims.select("student_id", pl.col("module").cast(pl.String)).unique()
    rows = board.decisions.filter(pl.col("stands") & (pl.col("decision") == MODULE_MARK)).join(
        named, on=["student_id", "module"], how="semi", maintain_order="left"
    )
    told = pl.concat_str(
        of_module("a mark is decided, and a claim of mitigating circumstances is accepted; "),
        pl.lit(f"a claim changes no mark ({rule.source})."),
    )
    return [found("mark-beside-claim", rows, column="reason", value=pl.col("reason"), message=told)]


def _who() -> pl.Expr:
    said = ("the decision ", pl.col("decision").cast(pl.String), " ")
    return pl.when(pl.col("module").is_not_null()).then(of_module(*said)).otherwise(of_student(*said))


def _sentences(pack: Regulations) -> dict[str, pl.Expr]:
    value = shown(pl.col("value").fill_null(""))
    quoted = pl.concat_str(pl.lit('has the value "'), value, pl.lit('", which is '))
    rules = pack.decisions
    classes = pl.lit("")
    for name, award in pack.awards.each():
        allowed = ", ".join(classes_of(award))
        classes = pl.when(pl.col("award") == name).then(pl.lit(allowed)).otherwise(classes)
    progress = ", ".join(tables.PROGRESSION)
    listed = source_of(pack.progression.decisions if pack.progression else None)
    return {
        "module-named": pl.lit("names a module, and is about the student as a whole"),
        "not-yes-no": pl.concat_str(quoted, pl.lit("neither Y nor N")),
        "not-a-mark": pl.concat_str(quoted, pl.lit("no mark from 0 to 100 of at most two places")),
        "not-a-class": pl.concat_str(quoted, pl.lit("no class of the award: "), classes),
        "not-a-decision": pl.concat_str(
            quoted, pl.lit(f"none of the decisions there are ({listed}): {progress}")
        ),
        "no-award": pl.lit("is about a student who aims at no award that has classes"),
        "no-recommendation": pl.lit("needs a students table"),
        "module-board": pl.lit(
            f"is the programme board's to make, not a module board's ({rules.module_mark.source})"
        ),
        "withdrawn": pl.lit("is about a module that the student has withdrawn from"),
        "unreadable": pl.lit("is about a module of which a row cannot be read"),
        "no-pass-mark": pl.lit("is about a module that no pass mark is known for"),
        "viva": pl.lit(
            f"cites an oral examination, which decides no borderline case ({source_of(rules.no_viva)}){_how(rules.no_viva)}"
        ),
        "mitigation": pl.lit(
            "rests on mitigating circumstances, for which a board decides on attempts, progression or the class "
            f"and changes no mark ({source_of(rules.no_amendment)}){_how(rules.no_amendment)}"
        ),
    }


def _how(rule: ReasonRule | None) -> str:
    """Say how a reason says that there was nothing of the kind."""
    if rule is None or not rule.unless:
        return ""
    phrase = max(rule.unless[:3], key=len).replace("*", rule.words[0])
    return f'; say by "{phrase}" and a stop that there was none'


def refusal_of(board: BoardResult, decision: dict[str, Any]) -> str:
    """Say why one decision cannot be applied, as the end of a sentence.

    Args:
        board: the assessed board.
        decision: a row of its decisions that has a ``why``.
    """
    if decision["why"] not in _COLUMNS:
        return "names no module"
    row = board.decisions.filter((pl.col("_src") == decision["_src"]) & (pl.col("_row") == decision["_row"]))
    return str(row.select(_sentences(board.pack.rules)[decision["why"]].alias("told")).item())


def stale(board: BoardResult, decisions: pl.DataFrame) -> pl.DataFrame:
    """Give, of some decisions, those that stand and whose ground is no longer what it was, in their order."""
    dated = decisions.filter(pl.col("stands") & pl.col("based_on").is_not_null())
    if dated.is_empty():
        return dated
    return dated.filter(dated["based_on"].str.strip_chars().ne_missing(digests(board, dated)))


def _stale(board: BoardResult) -> list[pl.DataFrame]:
    told = pl.concat_str(_who(), pl.lit("stands, and what it was based on has changed since."))
    return [
        found(
            "decision-stale",
            stale(board, board.decisions),
            column="based_on",
            value=pl.col("based_on"),
            message=told,
        )
    ]


def _undated(board: BoardResult) -> list[pl.DataFrame]:
    """Say once that decisions do not say what they were based on."""
    open_ = board.decisions.filter(pl.col("stands") & pl.col("based_on").is_null())
    count = open_.height
    text = (
        "1 recorded decision that stands does not say what it was based on"
        if count == 1
        else f"{count:,} recorded decisions that stand do not say what they were based on"
    )
    return [
        found(
            "decision-undated",
            open_.sort("_src", "_row").head(1),
            column="based_on",
            message=f"{text}; a later change is not seen.",
        )
    ]
