"""Rows: how a trace row is made, and how its texts are written."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import MARK_UNITS, print_hundredths

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_WIDE, _WIDEST = 2**62, 2**126
"""How many values a whole number of 64 and of 128 bits tells apart."""

TEXTS = ("rule", "clause", "before", "after", "note")


def row(  # noqa: PLR0913 - a trace row has these
    frame: pl.LazyFrame,
    stage: str,
    rule: pl.Expr | str,
    source: pl.Expr | str,
    *,
    before: pl.Expr | None = None,
    after: pl.Expr | None = None,
    note: pl.Expr | str = "",
    order: int = 0,
) -> pl.LazyFrame:
    """Make a trace row of every row of a frame.

    Args:
        frame: ``s``, and where they apply ``n`` (the module's number among the cohort's modules by name),
            ``k`` and ``attempt``.
        stage: the stage.
        rule: the rule.
        source: its citation.
        before: what stood before, as text.
        after: what stands after, as text.
        note: what was looked at.
        order: which of the rows about one piece of work, module or student comes first.

    Returns:
        ``s``, ``n``, ``k``, ``attempt``, ``order``, ``stage`` and the texts.
    """
    nothing = pl.lit(None, dtype=pl.String)
    names = frame.collect_schema().names()

    def key(name: str, dtype: type[pl.DataType]) -> pl.Expr:
        return (pl.col(name) if name in names else pl.lit(None)).cast(dtype).alias(name)

    return frame.select(
        pl.col("s").cast(pl.UInt32),
        key("n", pl.UInt32),
        key("k", pl.UInt32),
        key("attempt", pl.Int16),
        pl.lit(order, dtype=pl.UInt8).alias("order"),
        pl.lit(stage).alias("stage"),
        (pl.lit(rule) if isinstance(rule, str) else rule.cast(pl.String)).alias("rule"),
        (pl.lit(source) if isinstance(source, str) else source).alias("clause"),
        (nothing if before is None else before).alias("before"),
        (nothing if after is None else after).alias("after"),
        (pl.lit(note or None, dtype=pl.String) if isinstance(note, str) else note.replace("", None)).alias(
            "note"
        ),
    )


def by_distinct(frame: pl.DataFrame, keys: Iterable[str], texts: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """Write texts once for every combination of values that occurs, and give them to all rows.

    There are far fewer marks, grades and outcomes than results. The values are whole numbers from 0 or
    enumerations, and may be null.

    Examples:
        >>> frame = pl.DataFrame({"mark": [6950, 4000, 6950]})
        >>> by_distinct(frame, ["mark"], {"said": print_hundredths(pl.col("mark"), places=1)})["said"].to_list()
        ['69.5', '40.0', '69.5']
    """
    on = list(keys)
    largest = frame.select(pl.col(on).to_physical().max()).row(0)
    sizes = [int(most or 0) + 2 for most in largest]
    size = prod(sizes)
    if size > _WIDEST:  # the combinations are too many for one number
        distinct = frame.select(on).unique().with_columns(**texts)
        return frame.join(distinct, on=on, how="left", nulls_equal=True, maintain_order="left")
    dtype = pl.Int64 if size < _WIDE else pl.Int128
    combined = pl.lit(0, dtype=dtype)
    for name, values in zip(on, sizes, strict=True):
        combined = combined * values + pl.col(name).to_physical().cast(dtype).fill_null(-1) + 1
    key = frame.select(combined.alias("_key")).to_series()
    distinct = frame.select(on).with_columns(key).unique("_key").select("_key", **texts)
    return frame.with_columns(key).join(distinct, on="_key", how="left", maintain_order="left").drop("_key")


def exactly(numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    """Write a ratio in hundredths: exact, or cut behind the fourth place with three dots.

    Examples:
        >>> frame = pl.DataFrame({"n": [20000, 6646, 694450], "d": [3, 1, 100]})
        >>> frame.select(exactly(pl.col("n"), pl.col("d")))["n"].to_list()
        ['66.6666...', '66.46', '69.445']
    """
    whole, rest = numerator // denominator, numerator % denominator * MARK_UNITS
    text = print_hundredths(whole, places=2)
    more = pl.concat_str(text, (rest // denominator).cast(pl.String).str.zfill(2))
    return (
        pl.when(rest % denominator != 0)
        .then(pl.concat_str(more, pl.lit("...")))
        .when(rest == 0)
        .then(text)
        .otherwise(more.str.strip_chars_end("0"))
    )


def two(value: pl.Expr) -> pl.Expr:
    """Write a component's mark."""
    return print_hundredths(value, places=2)
