"""Based on: the digest of what lies beneath a recorded decision, by which a later change beneath it is seen."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import polars as pl

from boardkit.regulations.identity import identity
from boardkit.results.recommendations import with_progress_reasons
from boardkit.rules.decided import CLASSIFICATION, MODULE_MARK, OF_STUDENTS, PROGRESSION

if TYPE_CHECKING:
    from boardkit.board import BoardResult

MARK = "bk1-"
"""What a digest begins with, so that no spreadsheet takes it for a number."""
_LENGTH = 12
_EXTRA = "extra-attempt"


def digests(board: BoardResult, decisions: pl.DataFrame) -> pl.Series:
    """Give the digest of what lies beneath each decision on a board as it stands.

    Beneath a decision about a module lie the module's mark, outcome and attempt; beneath a class the average, the
    class worked out and its basis; beneath progress the recommendation and its reason; beneath all of them the
    regulations' values and clauses. What the decision itself has changed is looked at as it was before.

    Args:
        board: the assessed board.
        decisions: ``s``, ``student_id``, ``module`` and ``decision``.

    Returns:
        A text such as ``bk1-0f3a...`` for each, the same on every machine; null where the board has nothing
        beneath it.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> made = pl.DataFrame({"s": [0], "student_id": ["00132536"], "module": [None], "decision": ["progression"]})
        >>> digests(board, made.cast({"s": pl.UInt32, "module": pl.String}))[0][:4]
        'bk1-'
    """
    rows = decisions.select("s", "student_id", "module", pl.col("decision").cast(pl.String))
    rules = identity(board.pack.rules)
    beneath = _beneath(board, rows)
    key = pl.concat_str(
        pl.col("student_id", "module", "decision").fill_null(""), pl.lit(rules), separator="\n"
    )
    texts = rows.select(pl.concat_str(key, pl.lit(beneath), separator="\n")).to_series()
    return pl.Series(
        "based_on",
        [
            None if text is None else MARK + hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]
            for text in texts
        ],
        dtype=pl.String,
    )


def _beneath(board: BoardResult, rows: pl.DataFrame) -> pl.Series:
    """Write what lies beneath each decision."""
    on = ["s", "module", "decision"]
    kinds = rows["decision"].unique().to_list()
    found = [
        *(_modules(board, kind) for kind in kinds if kind not in OF_STUDENTS),
        *([_classes(board)] if CLASSIFICATION in kinds else []),
        *([_progress(board)] if PROGRESSION in kinds else []),
    ]
    nothing = pl.DataFrame(
        schema={"s": pl.UInt32, "module": pl.String, "decision": pl.String, "text": pl.String}
    )
    every = pl.concat([nothing, *found])
    return rows.select(on).join(every, on=on, how="left", nulls_equal=True, maintain_order="left")["text"]


def _modules(board: BoardResult, kind: str) -> pl.DataFrame:
    """The marks, outcomes and attempts of modules, without what decisions of this kind change."""
    concluded = board.concluded
    results = concluded.results
    if kind == MODULE_MARK and concluded.overturned.height:
        results = pl.concat([results.filter(pl.col("basis") != "decided"), concluded.overturned])
    outcome = pl.col("outcome").cast(pl.String)
    condoned = pl.col("condone_taken") & (outcome == "condoned")
    named = results.select("s", "e", pl.col("module").cast(pl.String), "mark", outcome, "attempt", "basis")
    taken = board.decisions.filter(pl.col("stands") & (pl.col("decision") == "condone") & pl.col("yes"))
    named = named.join(
        taken.select("s", "module", condone_taken=pl.lit(value=True)).unique(),
        on=["s", "module"],
        how="left",
        maintain_order="left",
    ).with_columns(pl.col("condone_taken").fill_null(value=False))
    named = named.with_columns(outcome=pl.when(condoned).then(pl.lit("fail")).otherwise("outcome"))
    if kind == _EXTRA:
        named = _within_the_limit(board, named)
    return named.select("s", "module", decision=pl.lit(kind), text=_told("mark", "outcome", "attempt"))


def _within_the_limit(board: BoardResult, named: pl.DataFrame) -> pl.DataFrame:
    """Take, of those with several attempts, the last one that needs no decision to be used."""
    limit = board.ground.enrolments["limit"]
    listed = board.concluded.judged.attempts
    allowed = (
        listed.with_columns(limit=limit.gather(listed["e"]))
        .filter(
            (pl.col("use") == "used")
            & (pl.col("first_sit") | (pl.col("counted") <= pl.col("limit")).fill_null(value=True))
        )
        .sort("e", "attempt")
        .unique("e", keep="last", maintain_order=True)
        .select("e", own_attempt="attempt", own_mark="mark", own_outcome=pl.col("outcome").cast(pl.String))
    )
    joined = named.join(allowed, on="e", how="left", maintain_order="left")
    own = pl.col("own_attempt").is_not_null()
    return joined.with_columns(
        pl.when(own).then(f"own_{name}").otherwise(name).alias(name)
        for name in ("mark", "outcome", "attempt")
    )


def _classes(board: BoardResult) -> pl.DataFrame:
    return board.classified.select(
        "s",
        module=pl.lit(None, dtype=pl.String),
        decision=pl.lit(CLASSIFICATION),
        text=_told("average", "computed", "basis"),
    )


def _progress(board: BoardResult) -> pl.DataFrame:
    return with_progress_reasons(board).select(
        "s",
        module=pl.lit(None, dtype=pl.String),
        decision=pl.lit(PROGRESSION),
        text=_told("recommended", "reason"),
    )


def _told(*names: str) -> pl.Expr:
    return pl.concat_str(*(pl.col(name).cast(pl.String).fill_null("") for name in names), separator="\n")


def board_digest(board: BoardResult) -> str:
    """Give the digest of what a board's progress is decided on: every student's recommendation and its reason.

    It changes with any of them and with the regulations, and not with the decisions about progress themselves.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> board_digest(board)[:4], len(board_digest(board))
        ('bk1-', 16)
    """
    each = progress_digests(board)["based_on"].fill_null("")
    return MARK + hashlib.sha256("\n".join(each).encode()).hexdigest()[:_LENGTH]


def progress_digests(board: BoardResult) -> pl.DataFrame:
    """Give ``student_id`` and ``based_on`` of every student of whose progress something is recommended."""
    students = board.ground.students["student_id"]
    s = board.progressed.students["s"]
    rows = pl.DataFrame({"s": s, "student_id": students.gather(s)}).with_columns(
        module=pl.lit(None, dtype=pl.String), decision=pl.lit(PROGRESSION)
    )
    return rows.select("student_id", digests(board, rows))
