"""Columns that are hardly marks: ranks taken for marks, as has happened, and shares of 1 taken for percentages."""

from __future__ import annotations

import polars as pl

from boardkit.exact import MARK_UNITS
from boardkit.problems import found, shown

FEWEST = 8
"""So many marks have to be there: a few low ones may well follow one another."""

_SHARES = 2
"""So many marks have to be there: one student may well have 1 or none."""

_WORK = ["module", "component", "attempt"]


def find_ranks(marks: pl.DataFrame) -> list[pl.DataFrame]:
    """Tell of every piece of work whose marks are the ranks of its students, ties and all.

    Args:
        marks: the typed marks.

    Returns:
        A problem at the first mark of each.
    """
    entered = marks.filter(pl.col("mark").is_not_null())
    likely = (
        entered.group_by(_WORK)
        .agg(pl.len(), low=pl.col("mark").min(), high=pl.col("mark").max())
        .filter(pl.col("len") >= FEWEST)
        .filter((pl.col("low") == MARK_UNITS) & (pl.col("high") <= pl.col("len") * MARK_UNITS))
    )
    if likely.is_empty():
        return []
    mark = pl.col("mark")
    of_work = entered.join(
        likely.select(_WORK), on=_WORK, how="semi", nulls_equal=True, maintain_order="left"
    )
    are_ranks = [
        (mark == mark.rank(how).over(_WORK).cast(pl.Int64) * MARK_UNITS).all().over(_WORK)
        for how in ("min", "dense")
    ]
    ranked = of_work.filter(pl.any_horizontal(are_ranks))
    first = ranked.sort("_src", "_row").unique(_WORK, keep="first", maintain_order=True)
    what = shown(pl.concat_str("module", "component", separator=" "))
    sentence = what + pl.lit(": its marks are 1, 2, 3 and so on, as ranks are.")
    return [found("marks-like-ranks", first, column="mark", message=sentence)]


def find_shares(marks: pl.DataFrame) -> list[pl.DataFrame]:
    """Tell of every piece of work none of whose marks is over 1, as shares of 1 are that were percentages once.

    Args:
        marks: the typed marks.

    Returns:
        A problem at the first mark of each.
    """
    entered = marks.filter(pl.col("mark").is_not_null())
    likely = (
        entered.group_by(_WORK)
        .agg(pl.len(), high=pl.col("mark").max())
        .filter((pl.col("len") >= _SHARES) & pl.col("high").is_between(1, MARK_UNITS))
    )
    if likely.is_empty():
        return []
    of_work = entered.join(
        likely.select(_WORK), on=_WORK, how="semi", nulls_equal=True, maintain_order="left"
    )
    first = of_work.sort("_src", "_row").unique(_WORK, keep="first", maintain_order=True)
    what = shown(pl.concat_str("module", "component", separator=" "))
    sentence = what + pl.lit(": no mark is over 1, as shares of 1 are.")
    return [found("marks-like-shares", first, column="mark", message=sentence)]
