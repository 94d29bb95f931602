"""Counts: what a board has to settle, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from boardkit.report.names import CLASSES
from boardkit.rules.tariff import PENDING
from boardkit.tables import CLASSIFICATIONS

if TYPE_CHECKING:
    from boardkit.board import BoardResult


@dataclass(frozen=True)
class Counts:
    """What a board has to settle, counted.

    Args:
        classes: students by classification, in the order of the classes.
        short: of those, the students who have not the credit for the award.
        waiting: students with no classification because a module is deferred or incomplete.
        borderline: borderline cases.
        up: borderline cases that go up.
        tests: the clauses of the tests that the borderline cases were put to.
        uplifted: students who go up by being just below a boundary.
        outcomes: module results by outcome.
        debts: students with tuition debt.
        scalings: scalings that the board has not endorsed.
        penalties: established offences of which no penalty is decided.
    """

    classes: dict[str, int]
    short: dict[str, int]
    waiting: int
    borderline: int
    up: int
    tests: tuple[str, ...]
    uplifted: int
    outcomes: dict[str, int]
    debts: int
    scalings: int
    penalties: int

    def classified(self) -> list[str]:
        """Say how many there are of each class, so that nobody reads a class as an award."""
        return [f"{CLASSES[name]} {number:,}{self.shortage(name)}" for name, number in self.classes.items()]

    def shortage(self, name: str) -> str:
        """Say how many of a class are short of credit; nothing where none is."""
        return f" ({self.short[name]:,} short of credit)" if self.short.get(name) else ""


def count(board: BoardResult) -> Counts:
    """Count what a board has to settle.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> count(board).classified()[0]
        'First 8 (1 short of credit)'
    """
    made = board.classified
    borderline = made.filter(pl.col("borderline").fill_null(value=False))
    students = board.cohort.typed["students"]
    scalings = board.located.filter(pl.col("code") == "scaling-not-endorsed")
    return Counts(
        classes=_by_class(made),
        short=_by_class(made.filter(~pl.col("eligible").fill_null(value=False))),
        waiting=made.filter(
            pl.col("waits").fill_null(value=False) & pl.col("classification").is_null()
        ).height,
        borderline=borderline.height,
        up=borderline.filter(pl.col("basis") == "borderline").height,
        tests=_tests(board, borderline),
        uplifted=made.filter(pl.col("basis") == "uplift").height,
        outcomes=dict(board.concluded.results.group_by("outcome").len().sort("outcome").iter_rows()),
        debts=int(students["tuition_debt"].fill_null(value=False).sum()),
        scalings=scalings.height,
        penalties=board.offences.rows.filter(pl.col("state") == PENDING).height,
    )


def _by_class(made: pl.DataFrame) -> dict[str, int]:
    found = dict(made.drop_nulls("classification").group_by("classification").len().iter_rows())
    return {name: found[name] for name in CLASSIFICATIONS if name in found}


def _tests(board: BoardResult, borderline: pl.DataFrame) -> tuple[str, ...]:
    """Name the clauses of the tests that were made."""
    rules = dict(board.pack.rules.awards.each())
    put = borderline.drop_nulls("criterion").select("award", "criterion").unique().sort("award", "criterion")
    found = {near.criteria[at].source for award, at in put.iter_rows() if (near := rules[award].borderline)}
    return tuple(sorted(found))
