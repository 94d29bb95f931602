"""Decided: what boards have recorded about one student, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit.findings.decisions import refusal_of, stale
from boardkit.report.page import day

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.report.page import Page


def tell_decided(page: Page, board: BoardResult, student: int) -> None:
    """List the decisions that boards have recorded about a student, by the student's number."""
    mine = board.decisions.filter(pl.col("s") == student)
    changed = set(stale(board, mine).select("_src", "_row").iter_rows())
    for row in mine.rows(named=True):
        fate = _fate(board, row, changed=(row["_src"], row["_row"]) in changed)
        page.entry("Decided", f"{_what(row)}: {row['reason'].rstrip('.')}{fate}")


def _what(row: dict[str, Any]) -> str:
    """Name a decision, with its value, its minute, who made it and when."""
    what = [row["decision"].replace("-", " "), row["module"], row["value"]]
    beside = [
        f"minute {row['minute']}" if row["minute"] else "",
        row["decided_by"],
        day(row["decided_on"]) if row["decided_on"] else "",
    ]
    return ", ".join(part for part in (" ".join(filter(None, what)), *beside) if part)


def _fate(board: BoardResult, row: dict[str, Any], *, changed: bool) -> str:
    """Say what became of a decision, where it does not simply stand."""
    if row["why"] is not None:
        return f". Not applied: it {refusal_of(board, row)}"
    if not row["stands"]:
        return ". A later row stands in its place"
    return ". What it was based on has changed since" if changed else ""
