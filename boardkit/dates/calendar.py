"""Calendar: the dates as a file that calendars read (RFC 5545), with no student's name or number in it."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import polars as pl

from boardkit.problems import shown
from boardkit.reasons import READING

if TYPE_CHECKING:
    from icalendar import Event

    from boardkit.board import BoardResult

_OURS = "boardkit"
_SAID = {
    "feedback-due": "feedback due",
    "extension-notice": "last day to tell that feedback takes longer",
    "appeal-closes": "appeals close",
    "claim-closes": "last day to claim mitigating circumstances",
    "marks-check-closes": "last day to ask for a check of marks",
}


def calendar(board: BoardResult) -> bytes | None:
    """Write the dates of a board as a calendar.

    Deadlines agreed with students stand there once a day, whoever and however many they are for.

    Args:
        board: the result of an assessment.

    Returns:
        The bytes of an ``.ics`` file, the same for the same board: stamped with the board's date, or, where
        it is not stated, the first day of the regulations' session. None where there are no dates.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> calendar(board).splitlines()[0]
        b'BEGIN:VCALENDAR'
    """
    from icalendar import Calendar  # noqa: PLC0415 - it is needed for this file alone

    entries = _entries(board)
    if entries.is_empty():
        return None
    made = Calendar()
    made.add("prodid", f"-//{_OURS}//dates//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    stamp = datetime.combine(_stamp(board), time(), UTC)
    for entry in entries.iter_rows(named=True):
        made.add_component(_event(stamp, **entry))
    content: bytes = made.to_ical()
    return content


def _stamp(board: BoardResult) -> date:
    return board.cohort.facts.board_date or board.pack.rules.pack.session.first


def _entries(board: BoardResult) -> pl.DataFrame:
    """The entries in the order of their days, personal ones together: ``uid``, ``day``, ``summary``, ``note``."""
    facts = board.cohort.facts
    meeting = [
        board.pack.rules.pack.id,
        *(facts.values.get(name, "") for name in ("institution", "academic_year")),
    ]
    board_named = pl.lit("\n".join([facts.values.get("title", ""), facts.diet]))
    of_board = pl.col("module").is_null()
    work = pl.concat_str(
        shown(pl.col("module")),
        pl.lit(" "),
        shown(pl.col("component")),
        pl.lit(", attempt "),
        pl.col("attempt").cast(pl.String),
        pl.lit(": "),
    )
    said = pl.col("what").replace_strict(_SAID, return_dtype=pl.String)
    others = pl.when("personal").then(pl.lit(" (extended deadlines)")).otherwise(pl.lit(""))
    named = pl.concat_str(
        pl.lit("\n".join(meeting)),
        pl.when(of_board).then(board_named).otherwise(pl.lit("")),
        *(pl.col(name).cast(pl.String).fill_null("") for name in ("module", "component", "attempt", "what")),
        pl.when("personal").then(pl.col("date").cast(pl.String)).otherwise(pl.lit("")),
        separator="\n",
    )
    made = (
        board.table("dates")
        .with_columns(personal=pl.col("student_id").is_not_null())
        .unique(["personal", "module", "component", "attempt", "what", "date"], maintain_order=True)
        .select(
            named=named,
            day="date",
            summary=pl.concat_str(pl.when(of_board).then(pl.lit("")).otherwise(work), said, others),
            note=pl.concat_str(pl.lit(f"{board.pack.rules.pack.title}, "), _cited()),
        )
        .sort("day", "summary")
    )
    uids = [hashlib.sha256(name.encode()).hexdigest()[:32] for name in made["named"]]
    return made.select(pl.Series("uid", uids, dtype=pl.String), "day", "summary", "note")


def _cited() -> pl.Expr:
    """Write a citation for people: the clauses, and behind them the readings in brackets."""
    return pl.col("clause").str.replace(f"{READING}(.+)$", " (reading $1)")


def _event(stamp: datetime, uid: str, day: date, summary: str, note: str) -> Event:
    """Make an entry for a whole day, which leaves the day free."""
    from icalendar import Event  # noqa: PLC0415 - as above

    event = Event()
    event.add("uid", f"{uid}@{_OURS}")
    event.add("dtstamp", stamp)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", summary)
    event.add("description", note)
    event.add("transp", "TRANSPARENT")
    return event
