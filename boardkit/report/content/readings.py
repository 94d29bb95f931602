"""Readings that decided something: which open points of the regulations an outcome rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.reasons import READING

if TYPE_CHECKING:
    from boardkit.board import BoardResult


def readings(board: BoardResult) -> pl.DataFrame:
    """Give the readings that rows of the trace cite.

    Args:
        board: the assessed board.

    Returns:
        ``reading``, ``text`` and ``rows`` (how many rows of the trace cite it), in the pack's order.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> "W7" in readings(board)["reading"]
        True
    """
    written = pl.DataFrame(
        list(board.pack.rules.readings.items()),
        schema={"reading": pl.String, "text": pl.String},
        orient="row",
    )
    cited = (
        board.table("trace")
        .group_by("clause")
        .len("rows")
        .with_columns(
            reading=pl.col("clause").str.split(READING).list.get(1, null_on_oob=True).str.split(", ")
        )
        .explode("reading", keep_nulls=False, empty_as_null=False)
        .group_by("reading")
        .agg(pl.col("rows").sum().cast(pl.Int64))
    )
    return written.join(cited, on="reading", maintain_order="left")
