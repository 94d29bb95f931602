"""Queries worked out: in memory, expression by expression."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from polars import LazyFrame

AT_ONCE = 2
"""How many things of a kind are made side by side: while one waits for polars, another asks. More gave nothing on two processors."""

_FLAGS = pl.QueryOptFlags(comm_subexpr_elim=False)
"""In memory, polars 2.1 can take two expressions for one where a column is null throughout."""


def work_out(query: LazyFrame) -> pl.DataFrame:
    """Work out a query over frames that are in memory already.

    Streaming them would take as long for many rows, and several times as long for few.

    Args:
        query: the query.

    Returns:
        Its rows.
    """
    return query.collect(engine="in-memory", optimizations=_FLAGS)
