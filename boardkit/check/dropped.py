"""Modules of a student that cannot be told: what was left out still stands in the way of an award."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.check.references import left_out

if TYPE_CHECKING:
    from boardkit.check.references import Tables

NO_NAME = "?"
"""What stands for a module whose code cannot be read."""

_KEY = ["student_id", "module"]
_PLACE = ["_src", "_row"]


def hold_dropped(typed: Tables, entered: Tables, lost: Tables, given: frozenset[str]) -> Tables:
    """Keep, as a result that cannot be read, every module that a student was entered for and that is not known.

    The row itself is not used. But a student with a module of which nothing is known has no average and no class
    (8.2, W3), just as with a result that cannot be read.

    Args:
        typed: the tables, linked.
        entered: enrolments and marks as they were before.
        lost: rows whose key could not be read, by table.
        given: the tables that were given.

    Returns:
        The tables, with such rows among the results.
    """
    source = "enrolments" if "enrolments" in given else "marks"
    dropped = left_out(entered[source], typed[source]).select(*_KEY, *_PLACE)
    unknown = dropped.join(typed["modules"], on="module", how="anti", maintain_order="left")
    nameless = [
        lost[name].filter(pl.col("module").is_null()).select(*_KEY, *_PLACE)
        for name in ("enrolments", "results")
    ]
    rows = (
        pl.concat([unknown, *nameless])
        .drop_nulls("student_id")
        .with_columns(pl.col("module").fill_null(NO_NAME))
    )
    if "students" in given:
        rows = rows.join(typed["students"], on="student_id", how="semi", maintain_order="left")
    if rows.is_empty():
        return typed
    rows = rows.unique(_KEY, keep="first", maintain_order=True).with_columns(_bad=pl.lit(value=True))
    results = pl.concat([typed["results"], rows], how="diagonal")
    return {**typed, "results": results.sort(*_KEY, "attempt", *_PLACE, nulls_last=True)}
