"""Listing: one table of the papers, with how each column is headed, what it holds and how wide it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import polars as pl

from boardkit.exact import nearest

if TYPE_CHECKING:
    from boardkit.board import BoardResult

Kind = Literal[
    "text",
    "count",  # a whole number
    "bar",  # a whole number in a narrow column; nothing stands for 0
    "mark",  # a percentage with one place
    "credits",  # as many places as there are
    "share",  # 0 to 1, shown as a percentage with one place
    "either",  # text that is shown as a number where it is one
]


@dataclass(frozen=True)
class Column:
    """A column of a listing.

    Args:
        name: its name in the frame.
        head: what stands above it.
        width: its width, in digits of seven pixels.
        kind: what it holds.
    """

    name: str
    head: str
    width: float
    kind: Kind = "text"


@dataclass(frozen=True)
class Listing:
    """A table of the papers.

    Args:
        name: the name of its sheet.
        columns: its columns, from the left.
        rows: what is in them; other columns of the frame are not shown.
        notes: sentences that stand above it.
        empty: what to say where there are no rows.
    """

    name: str
    columns: tuple[Column, ...]
    rows: pl.DataFrame
    notes: tuple[str, ...] = ()
    empty: str = ""


def number(name: str) -> pl.Expr:
    """Turn hundredths into the nearest number, to be shown."""
    return nearest(pl.col(name))


def name_column(rows: pl.DataFrame, width: float) -> tuple[Column, ...]:
    """Give the column of names, where there are any."""
    return (Column("name", "Name", width),) if rows["name"].is_not_null().any() else ()


def named(board: BoardResult, rows: pl.DataFrame) -> pl.DataFrame:
    """Add each student's name to rows with a ``student_id``; null where none is given."""
    names = board.cohort.typed["students"].select("student_id", "name")
    return rows.join(names, on="student_id", how="left", maintain_order="left")
