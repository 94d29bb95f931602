"""Bands of marks: how many students of a module stand in each, cut at the pass mark and the boundaries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from boardkit.analysis.statistics import module_marks
from boardkit.exact import MARK_UNITS, hundredths

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.regulations.awards import AwardRules

STEP = 5
"""How many points of a mark one bar of a histogram is wide."""

EDGES = tuple(range(0, 100, STEP))
"""Where each bar begins; the last takes in the highest mark there is."""


@dataclass(frozen=True)
class Cut:
    """A mark at which something begins.

    Args:
        at: the mark, in hundredths; 0 for what lies below every cut.
        name: the class that begins there, ``pass``, or ``fail``.
    """

    at: int
    name: str


def cuts(board: BoardResult) -> dict[str, tuple[Cut, ...]]:
    """Give the marks at which a module's pass and the classes begin, lowest first, by module.

    The classes are those of the award that most of the board's students of the module's study aim at.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> [(cut.at, cut.name) for cut in cuts(board)["PS4021"]][:3]
        [(0, 'fail'), (4000, 'third'), (5000, 'lower-second')]
    """
    aimed = {study: _aimed(board, study) for study, _ in board.pack.rules.studies.each()}
    found = {}
    for module, study, pass_mark in board.ground.modules.select("module", "study", "pass_mark").iter_rows():
        award = aimed.get(study)
        begins: dict[int, str] = {hundredths(rule.at): rule.name for rule in award.classes} if award else {}
        if pass_mark is not None:
            begins = {at: name for at, name in begins.items() if at >= pass_mark}
            begins.setdefault(pass_mark, "pass")
        begins[0] = "fail" if pass_mark is not None else "pass"
        found[module] = tuple(Cut(at, begins[at]) for at in sorted(begins))
    return found


def _aimed(board: BoardResult, study: str) -> AwardRules | None:
    """Find the award of a study that most students aim at; the one with most classes where none do."""
    here = [
        (name, rules)
        for name, rules in board.pack.rules.awards.each()
        if rules.study == study and rules.classes
    ]
    aims = board.ground.students["award"]
    most = sorted(here, key=lambda pair: (-int((aims == pair[0]).sum()), -len(pair[1].classes)))
    return most[0][1] if most else None


def bands(board: BoardResult) -> pl.DataFrame:
    """Count the marks of every module in bars of equal width, apart for each band between two cuts.

    Args:
        board: the assessed board.

    Returns:
        One row a module and band, by module and mark: ``module``, ``band`` (the name of its cut), ``at``
        (where it begins, hundredths), ``n``, and a count for every edge of ``EDGES``, named by it.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> bands(board).filter(module="PS4021").select("band", "at", "n", "70", "75").row(-1)
        ('first', 7000, 21, 16, 4)
    """
    every = cuts(board)
    table = pl.DataFrame(
        [(module, cut.name, cut.at) for module, found in sorted(every.items()) for cut in found],
        schema={"module": pl.String, "band": pl.String, "at": pl.Int64},
        orient="row",
    )
    modules = board.ground.modules.select("m", "module")
    marks = (
        module_marks(board)
        .drop_nulls("mark")
        .join(modules, on="m")
        .select("module", pl.col("mark").cast(pl.Int64), (pl.col("mark") // (STEP * MARK_UNITS)).alias("bar"))
        .sort("mark")
        .join_asof(table.sort("at"), left_on="mark", right_on="at", by="module", check_sortedness=False)
    )
    last = len(EDGES) - 1
    bar = pl.col("bar").clip(0, last)
    counted = marks.group_by("module", "at").agg(
        pl.len().cast(pl.Int64).alias("n"),
        *((bar == number).sum().cast(pl.Int64).alias(str(edge)) for number, edge in enumerate(EDGES)),
    )
    numbers = ["n", *map(str, EDGES)]
    return table.join(counted, on=["module", "at"], how="left", maintain_order="left").with_columns(
        pl.col(numbers).fill_null(0)
    )
