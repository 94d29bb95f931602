"""Components in the trace: what became of single marks, rule by rule, and attempts that were not used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.regulations.part import citation_of
from boardkit.results import lowered, with_kind
from boardkit.rules.marks import DEFERRED
from boardkit.rules.penalties import FIRST_SIT, KINDS, Kind, step_cap
from boardkit.trace.names import RULES
from boardkit.trace.rows import row, two
from boardkit.trace.sources import by_module, module_numbers, of_programme

if TYPE_CHECKING:
    from typing import Any

    from boardkit.board import BoardResult
    from boardkit.regulations.model import Regulations
    from boardkit.regulations.part import Cited
    from boardkit.regulations.penalties import WordLimit
    from boardkit.regulations.studies import StudyRules


def trace_components(board: BoardResult) -> list[pl.LazyFrame]:
    """Trace what became of single marks, rule by rule: before, and what that rule alone leaves."""
    pack = board.pack.rules
    numbers = module_numbers(board)
    rows = (
        with_kind(board.penalised.details, board.concluded.judged.attempts)
        .lazy()
        .with_columns(pl.lit(numbers).gather("m").alias("n"))
    )
    parts = [_statuses(rows, board), *_unused(rows, board)]
    parts.append(
        row(
            rows.filter((pl.col("moved") != pl.col("raw")).fill_null(value=False)),
            "component",
            "scaling",
            citation_of(pack.scaling),
            before=two(pl.col("raw")),
            after=two(pl.col("moved")),
            note="the basis is in the scaling table",
            order=1,
        )
    )
    rounding = pack.rounding.component
    places = "a whole number" if not rounding.places else f"{rounding.places} place"
    parts.append(
        row(
            rows.filter((pl.col("scaled") != pl.col("moved")).fill_null(value=False)),
            "component",
            "rounding",
            rounding.citation,
            before=two(pl.col("moved")),
            after=two(pl.col("scaled")),
            note=f"component marks are kept to {places}",
            order=1,
        )
    )
    for kind in KINDS:
        first = pl.col("first_sit") if kind is FIRST_SIT else ~pl.col("first_sit")
        parts += _lowered(rows.filter(first), kind, pack)
    return parts


def _lowered(rows: pl.LazyFrame, kind: Kind, pack: Regulations) -> list[pl.LazyFrame]:
    rules = lowered(kind, pack)
    parts = [] if pack.penalties.word_limit is None else [_too_long(rows, rules, pack.penalties.word_limit)]
    when = pl.concat_str(
        pl.lit("due "),
        pl.col("deadline").dt.to_string("%Y-%m-%d %H:%M:%S"),
        pl.lit(", submitted "),
        pl.col("submitted_at").dt.to_string("%Y-%m-%d %H:%M:%S"),
    )
    parts += [
        row(
            rows.filter(rules[step.id]),
            "component",
            step.id,
            step.citation,
            before=two(pl.col("scaled")),
            after=two(step_cap(pack, kind)),
            note=when,
            order=3,
        )
        for step in pack.penalties.late
        if step.id in rules
    ]
    return parts


def _too_long(rows: pl.LazyFrame, rules: dict[str, pl.Expr], words: WordLimit) -> pl.LazyFrame:
    """Trace what the word limit lowered (20.2)."""
    over = f"{words.over}% over or more" if words.inclusive else f"more than {words.over}% over"
    said = pl.concat_str(
        pl.col("words"),
        pl.lit(" words for a limit of "),
        pl.col("word_limit"),
        pl.lit(f": {over}, at most "),
        two(pl.col("word_cap")),
    )
    return row(
        rows.filter(rules[words.id]),
        "component",
        words.id,
        words.citation,
        before=two(pl.col("scaled")),
        after=two(pl.col("word_cap")),
        note=said,
        order=2,
    )


def _statuses(rows: pl.LazyFrame, board: BoardResult) -> pl.LazyFrame:
    """Marks that are not simply the marker's."""
    pack = board.pack.rules
    deferred = pl.col("status") == DEFERRED
    rule = pl.when(deferred).then(pl.lit("deferred")).otherwise(pl.col("why").cast(pl.String))
    clauses = {
        "agreed": pack.practice.agreed_mark.citation,
        "markers-differ": pack.practice.agreed_mark.citation,
        "deferred": pack.practice.first_sit.citation,
        "not-submitted": pack.absence.not_submitted.citation,
        "absent": pack.absence.absent.citation,
    }
    source = (
        pl.when(rule.is_in(["grade", "not-a-grade"]))
        .then(by_module(board, lambda rules, _: rules.conversion))
        .otherwise(rule.replace_strict(clauses, default=pack.practice.blank.citation, return_dtype=pl.String))
    )
    before = pl.when(pl.col("why") == "grade").then("grade").otherwise(two(pl.col("mark")))
    chosen = rows.filter(deferred | pl.col("why").is_not_null())
    note = rule.replace_strict(RULES, default="", return_dtype=pl.String)
    return row(chosen, "component", rule, source, before=before, after=two(pl.col("raw")), note=note)


def _attempts(rules: StudyRules, module: dict[str, Any]) -> Cited | None:
    """Find the rule that says how many attempts a module allows (14.2, 18.4, 17.12)."""
    for other in rules.attempts_exceptions:
        if module["kind"] in other.kinds and module["scqf_level"] in other.levels:
            return other
    return rules.attempts


def _unused(rows: pl.LazyFrame, board: BoardResult) -> list[pl.LazyFrame]:
    pack = board.pack.rules
    source = (
        pl.when(pl.col("use") == "mark-after-pass")
        .then(pl.lit(pack.practice.pass_stands.citation))
        .otherwise(of_programme(board, "attempts", by_module(board, _attempts)))
    )
    left = rows.filter(pl.col("use") != "used")
    again = rows.filter(pl.col("first_sit") & (pl.col("attempt") > 1) & (pl.col("use") == "used"))
    return [
        row(
            left,
            "component",
            pl.col("use"),
            source,
            before=two(pl.col("raw")),
            note="the attempt was not used",
            order=4,
        ),
        row(
            again,
            "component",
            "first-sit",
            pack.practice.first_sit.citation,
            note="judged as a first sit",
            order=4,
        ),
    ]
