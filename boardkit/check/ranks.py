"""Columns that are hardly marks: ranks taken for marks, as has happened, and shares of 1 taken for percentages."""

from __future__ import annotations

import polars as pl

from boardkit.check.contradictions import label
from boardkit.exact import MARK_PLACES, MARK_UNITS, print_hundredths
from boardkit.problems import found, shown

FEWEST = 8
"""So many marks have to be there: a few low ones may well follow one another."""

_SHARES = 2
"""So many marks have to be there: one student may well have 1 or none."""

_WORK = ["module", "component", "attempt"]


def find_unlike_marks(marks: pl.DataFrame) -> list[pl.DataFrame]:
    """Tell of every piece of work whose marks are hardly marks, at the first mark of each.

    Args:
        marks: the typed marks.

    Returns:
        Problems: marks that are the ranks of their students, ties and all, marks of which none is over 1, and single
        ones under 1.
    """
    entered = marks.filter(pl.col("mark").is_not_null())
    works = entered.group_by(_WORK).agg(pl.len(), low=pl.col("mark").min(), high=pl.col("mark").max())
    shares = works.filter((pl.col("len") >= _SHARES) & pl.col("high").is_between(1, MARK_UNITS))
    return [*_ranks(entered, works), *_shares(entered, shares), *_under_one(entered, shares)]


def _ranks(entered: pl.DataFrame, works: pl.DataFrame) -> list[pl.DataFrame]:
    likely = works.filter(
        (pl.col("len") >= FEWEST)
        & (pl.col("low") == MARK_UNITS)
        & (pl.col("high") <= pl.col("len") * MARK_UNITS)
    )
    if likely.is_empty():
        return []
    mark = pl.col("mark")
    are_ranks = [
        (mark == mark.rank(how).over(_WORK).cast(pl.Int64) * MARK_UNITS).all().over(_WORK)
        for how in ("min", "dense")
    ]
    ranked = _of(entered, likely).filter(pl.any_horizontal(are_ranks))
    return [_told("marks-like-ranks", ranked, "its marks are 1, 2, 3 and so on, as ranks are")]


def _shares(entered: pl.DataFrame, shares: pl.DataFrame) -> list[pl.DataFrame]:
    if shares.is_empty():
        return []
    return [_told("marks-like-shares", _of(entered, shares), "no mark is over 1, as shares of 1 are")]


def _under_one(entered: pl.DataFrame, shares: pl.DataFrame) -> list[pl.DataFrame]:
    """Tell of single marks under 1: a typed 62% is 0.62 where a file does not say that it shows as 62%."""
    small = entered.filter(pl.col("mark").is_between(0, MARK_UNITS, closed="none"))
    if small.is_empty():
        return []
    alone = small.join(shares.select(_WORK), on=_WORK, how="anti", nulls_equal=True, maintain_order="left")
    mark = print_hundredths(pl.col("mark"), places=MARK_PLACES)
    told = pl.concat_str(label(component=True), mark, pl.lit(" is less than one mark, as a share of 1 is."))
    return [found("mark-under-one", alone, column="mark", message=told)]


def _of(entered: pl.DataFrame, works: pl.DataFrame) -> pl.DataFrame:
    """Give the marks of some pieces of work."""
    return entered.join(works.select(_WORK), on=_WORK, how="semi", nulls_equal=True, maintain_order="left")


def _told(code: str, marks: pl.DataFrame, why: str) -> pl.DataFrame:
    """Tell of pieces of work at the first of their marks."""
    first = marks.sort("_src", "_row").unique(_WORK, keep="first", maintain_order=True)
    what = shown(pl.concat_str("module", "component", separator=" "))
    return found(code, first, column="mark", message=what + pl.lit(f": {why}."))
