"""Modules in the trace: every outcome, and the cap where it lowered the mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import print_hundredths
from boardkit.regulations.part import citation_of
from boardkit.trace.rows import by_distinct, exactly, row
from boardkit.trace.sources import by_module, of_programme

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.regulations.model import Regulations
    from boardkit.rules.modules import ModuleResults

_PLAIN = ("attempts", "nothing")
"""What a result rests on where the outcome itself is the rule."""


def trace_modules(board: BoardResult) -> list[pl.LazyFrame]:
    """Trace every module's outcome, and the cap where it lowered the mark."""
    pack = board.pack.rules
    mark = print_hundredths(pl.col("mark"), places=pack.rounding.module.shown)
    plain = pl.col("basis").is_in(_PLAIN)
    results = _as_judged(board.concluded).select(
        "s",
        "m",
        "e",
        "attempt",
        "study",
        "basis",
        "outcome",
        "mark",
        "grade",
        "capped",
        "weighted",
        "weights",
        n=pl.col("module").to_physical().cast(pl.UInt32),
    )
    overall = exactly(pl.col("weighted"), pl.col("weights"))
    results = by_distinct(results, ["weighted", "weights"], {"overall": overall})
    texts = {
        "rule": pl.when(plain)
        .then(pl.col("outcome").cast(pl.String))
        .otherwise(pl.col("basis").cast(pl.String)),
        "clause": _source(pack),
        "after": pl.concat_str(
            [mark, pl.col("grade").cast(pl.String), pl.col("outcome").cast(pl.String)],
            separator=" ",
            ignore_nulls=True,
        ),
    }
    results = by_distinct(results, ["study", "basis", "outcome", "mark", "grade"], texts)
    source = _of_programme(board, plain)
    sums = pl.concat_str("overall", pl.lit(" by weight, before its rounding"))
    note = pl.when(plain & pl.col("mark").is_not_null()).then(sums)
    rows = results.lazy()
    outcome = row(rows, "module", pl.col("rule"), source, after=pl.col("after"), note=note, order=5)
    most = of_programme(board, "pass_mark", by_module(board, lambda rules, _: rules.reassessment_cap))
    cap = row(
        rows.filter("capped"),
        "module",
        "reassessment-cap",
        most,
        before=pl.col("overall"),
        after=mark,
        note="a reassessed module is given at most its pass mark",
        order=4,
    )
    return [outcome, cap]


def _as_judged(concluded: ModuleResults) -> pl.DataFrame:
    """Give the results as they were judged: those with a decided mark as they stood before it."""
    if concluded.overturned.is_empty():
        return concluded.results
    judged = concluded.results.filter(pl.col("basis") != "decided")
    return pl.concat([judged, concluded.overturned])


def _source(pack: Regulations) -> pl.Expr:
    """Cite what the outcome rests on; of a judged one, the rule that judged it."""
    left, averages = pack.withdrawal, pack.averages
    by_basis = {
        "withdrawn": citation_of(left.free_until if left else None),
        "withdrawn-late": citation_of(left.mark if left else None),
        "prior-learning": citation_of(averages.prior_learning_counts_by_decision if averages else None),
        "confirmed": pack.practice.confirmed.citation,
        "condoned": pack.practice.condonement.citation,
        "unreadable": pack.practice.blank.citation,
        "nothing": pack.practice.blank.citation,
    }
    by_outcome = pl.lit(pack.practice.blank.citation)
    for name, rules in pack.studies.each():
        clauses = {
            "deferred": pack.practice.first_sit.citation,
            "qualifying-fail": citation_of(rules.qualifying_fail or rules.component_floor),
            "incomplete": pack.practice.blank.citation,
        }
        judged = (
            pl.col("outcome")
            .cast(pl.String)
            .replace_strict(clauses, default=rules.pass_mark.citation, return_dtype=pl.String)
        )
        by_outcome = pl.when(pl.col("study") == name).then(judged).otherwise(by_outcome)
    basis = pl.col("basis").cast(pl.String)
    return basis.replace_strict(by_basis, default=None, return_dtype=pl.String).fill_null(by_outcome)


def _of_programme(board: BoardResult, plain: pl.Expr) -> pl.Expr:
    """Cite the programme's own pass mark or floor where it judged a module (15.0)."""
    clause = pl.col("clause")
    outcome = pl.col("outcome").cast(pl.String)
    return (
        pl.when(plain & outcome.is_in(["pass", "fail"]))
        .then(of_programme(board, "pass_mark", clause))
        .when(plain & (outcome == "qualifying-fail"))
        .then(of_programme(board, "component_floor", clause))
        .otherwise(clause)
    )
