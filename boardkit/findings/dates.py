"""Findings about days: no closure days, work with no period for feedback, days before the board's (4.17, Appeals 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.dates.appeals import BEGINS
from boardkit.dates.feedback import with_period
from boardkit.findings.board import fact
from boardkit.problems import found, found_at, shown

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.regulations.feedback import Dates, Feedback

_SAID = {
    "published_on": "Decisions are published",
    "transcript_received_on": "Transcripts are received",
}


def find_dates(board: BoardResult) -> list[pl.DataFrame]:
    """Find what the days rest on, and what leaves them out."""
    rules = board.pack.rules.dates
    if rules is None:
        return []
    periods = [] if rules.feedback is None else _periods(board, rules.feedback)
    return [*_closed(board, rules), *periods, *_before(board)]


def _dated(board: BoardResult) -> bool:
    """Whether any deadline is stated."""
    typed = board.cohort.typed
    columns = (typed[name]["due_at"] for name in ("components", "deadlines", "marks"))
    return any(column.null_count() < len(column) for column in columns)


def _closed(board: BoardResult, rules: Dates) -> list[pl.DataFrame]:
    """No list of the days on which the university is closed (D1)."""
    if board.cohort.facts.closure_days or not _dated(board):
        return []
    days = [day.capitalize() for day in rules.working_days.value]
    text = (
        f"No closure days are listed: every {_listed(days)} is counted as a working day "
        f"({rules.working_days.citation})."
    )
    table = board.cohort.typed["board"]
    told = found_at("no-closure-days", table["_src"][0] if table.height else 0, None, text)
    return [told if table.height else told.with_columns(_src=pl.lit(None, dtype=pl.UInt16))]


def _periods(board: BoardResult, rules: Feedback) -> list[pl.DataFrame]:
    """Modules with deadlines and no period for the feedback on them."""
    listed = board.cohort.typed["deadlines"].select("module", "component", listed=pl.col("due_at"))
    dated = (
        board.ground.components.select("k", "m", "module", "component", "due_at")
        .join(listed.unique(["module", "component"]), on=["module", "component"], how="left")
        .filter(pl.col("due_at").is_not_null() | pl.col("listed").is_not_null())
    )
    without = with_period(dated, board, rules).filter(pl.col("days").is_null())
    modules = board.ground.modules.filter(pl.col("m").is_in(without["m"].unique().implode()))
    source = ", ".join(dict.fromkeys(period.source for period in rules.periods))
    text = pl.concat_str(
        shown(pl.col("module")),
        pl.lit(f": there is no period for feedback at its level; no day was reckoned ({source})."),
    )
    return [found("no-feedback-period", modules, column="scqf_level", message=text)]


def _before(board: BoardResult) -> list[pl.DataFrame]:
    """Decisions published, or transcripts received, before the board has met."""
    day, parts = board.cohort.facts.board_date, []
    for name in BEGINS:
        stated = board.cohort.facts.values.get(name)
        if day is not None and stated is not None and stated < day.isoformat():
            text = f"{_SAID[name]} on {stated}, and the board meets on {day}."
            rows = fact(board, name)
            parts.append(
                found("date-before-board", rows, column="value", value=pl.col("value"), message=text)
            )
    return parts


def _listed(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]
