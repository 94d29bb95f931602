"""Sizes: how many scripts a sample has, and how many of them are drawn (5.6.2; MS2, MS4)."""

from __future__ import annotations

from math import isqrt
from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import WEIGHT_UNITS

if TYPE_CHECKING:
    from boardkit.regulations.moderation import Moderation, SizeRule


def nearest_root(number: int) -> int:
    """Give the square root of a whole number, rounded to the nearest; a tie cannot happen (MS2).

    Examples:
        >>> [nearest_root(n) for n in (1, 6, 7, 12, 13, 36, 42, 43, 1_000)]
        [1, 2, 3, 3, 4, 6, 6, 7, 32]
    """
    root = isqrt(number)
    return root + (number > root * root + root)


def sizes(counted: pl.DataFrame, rules: Moderation) -> pl.DataFrame:
    """Work out the sizes of samples.

    Args:
        counted: an assessment a row: ``n`` scripts, of them ``fails`` borderline ones.
        rules: the rules of the pack.

    Returns:
        The rows with ``base`` (the root or the share), ``size`` (at least the minimum, never more than n), ``whole``
        (a cohort no larger than the minimum is taken whole) and ``drawn``: how many are drawn beside the fails.

    Examples:
        >>> import boardkit as bk
        >>> counted = pl.DataFrame({"n": [5, 7, 100, 100], "fails": [0, 1, 0, 9]})
        >>> sizes(counted, bk.pack("qmu-2022").moderation).select("base", "size", "drawn").rows()
        [(2, 5, 5), (3, 6, 5), (10, 10, 10), (10, 19, 10)]
    """
    made = counted.with_columns(
        base=_base(counted["n"], rules.size), whole=pl.col("n") <= rules.minimum.value
    )
    asked = pl.col("base") + pl.col("fails") if rules.fails.on_top else pl.max_horizontal("base", "fails")
    size = pl.min_horizontal("n", pl.max_horizontal(asked, pl.lit(rules.minimum.value, dtype=pl.Int64)))
    return made.with_columns(size=size.cast(pl.Int64)).with_columns(drawn=pl.col("size") - pl.col("fails"))


def _base(n: pl.Series, rule: SizeRule) -> pl.Series:
    """Give the root, by a table over the numbers that occur; or the share, rounded up."""
    if rule.share is not None:
        parts = int(rule.share * WEIGHT_UNITS)
        shares: pl.Series = (n.cast(pl.Int64) * parts + (WEIGHT_UNITS - 1)) // WEIGHT_UNITS
        return shares
    there = n.unique()
    roots = pl.Series([nearest_root(number) for number in there], dtype=pl.Int64)
    of_each: pl.Series = n.replace_strict(there, roots, return_dtype=pl.Int64)
    return of_each
