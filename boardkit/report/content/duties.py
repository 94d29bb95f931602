"""Duties beside the board's own: penalties, days to keep, registrations that end, transcripts.

Whom tutors are to look after stands in a table of its own: the papers go to the whole board.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.report.content.listing import Column, Listing, named

if TYPE_CHECKING:
    from boardkit.board import BoardResult

DAYS = {
    "feedback-due": "feedback due",
    "extension-notice": "tell an extension by",
    "appeal-closes": "appeals close",
    "claim-closes": "last day to claim",
    "marks-check-closes": "last day for a marks check",
}
KINDS = {
    "period": "registration",
    "credit-load": "credit of the year",
    "associate-period": "associate student",
    "associate-modules": "associate's modules",
}
STATES = {
    "last-session": "ends before the end of the next session",
    "lapsed": "over: registration lapses",
    "programme-leader": "the Programme Leader's agreement",
    "funding-body": "the funding body's agreement",
    "part-time": "counts as part time",
    "board": "exceptional: for the board to recommend",
    "over": "more than is allowed",
    "not-listed": "an amount that is not provided for",
}
"""What is said of a registration that wants looking at; the others are as they should be."""

_ONE_FOR_ALL = ("institution", "partner", "location", "language")


def duties(board: BoardResult) -> tuple[Listing, ...]:
    """Make the sheets of what goes with a board; one with nothing in it is left out.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> [listing.name for listing in duties(board)]
        ['Dates', 'Registration', 'Transcript']
    """
    made = (_misconduct(board), _dates(board), _registration(board), _transcript(board))
    return tuple(listing for listing in made if listing.rows.height)


def counted(board: BoardResult) -> list[tuple[str, int, str, str]]:
    """Count what is overdue or wants looking at: what it is, how many, what is known of it, and its sheet."""
    late = board.table("dates").filter((pl.col("overdue") == "Y") & (pl.col("what") == "feedback-due"))
    open_ = board.table("registration").filter(pl.col("state").is_in(list(STATES)))
    found = [
        ("Feedback overdue", late.height, "the day has gone by and marks are still missing", "Dates"),
        ("Registrations to look at", open_.height, "periods that end, and unusual credit", "Registration"),
        ("Cause for concern", board.table("concern").height, "for their tutors alone, in concern.csv", ""),
    ]
    return [line for line in found if line[1]]


def _misconduct(board: BoardResult) -> Listing:
    """Established offences: what the tariff has, what was decided, and what it does."""
    return Listing(
        name="Penalties",
        columns=(
            Column("student_id", "Student", 11),
            Column("module", "Module", 10),
            Column("component", "Component", 14),
            Column("offence", "Offence", 15),
            Column("table", "Table", 6),
            Column("default_penalty", "Default", 13),
            Column("moderated_penalty", "Moderated", 13),
            Column("penalty", "Decided", 13),
            Column("effect", "What it does", 44),
            Column("warning", "To look at", 44),
        ),
        rows=board.table("penalties"),
        notes=("Established offences. A penalty that is not decided is not applied.",),
    )


def _dates(board: BoardResult) -> Listing:
    facts, rules = board.cohort.facts, board.pack.rules.dates
    closed = len(facts.closure_days)
    days = {0: "no closure day is", 1: "1 closure day is"}.get(closed, f"{closed} closure days are")
    rows, notes = board.table("dates"), []
    if rules is not None:
        notes.append(f"Working days: {days} listed by the board ({rules.working_days.citation}).")
    if rows["student_id"].null_count() < rows.height:
        notes.append("A student stands beside a deadline of their own; the other rows are for everyone.")
    if facts.board_date is None:
        notes.append("The board's date is not stated, so nothing is said to be overdue.")
    return Listing(
        name="Dates",
        columns=(
            Column("day", "Day", 11),
            Column("said", "What", 20),
            Column("module", "Module", 12),
            Column("component", "Component", 20),
            Column("attempt", "Attempt", 8, "count"),
            Column("student_id", "Student", 11),
            Column("overdue", "Overdue", 9),
            Column("clause", "Clause", 24),
        ),
        rows=rows.with_columns(day=pl.col("date").cast(pl.String), said=pl.col("what").replace(DAYS)).sort(
            "date", "module", "component", "attempt", "student_id"
        ),
        notes=tuple(notes),
    )


def _registration(board: BoardResult) -> Listing:
    rules = board.pack.rules.registration
    sessions = rules.told_ahead.value if rules is not None else 0
    ahead = "the next session" if sessions == 1 else f"{sessions} sessions"
    rows = board.table("registration").filter(pl.col("state").is_in(list(STATES)))
    return Listing(
        name="Registration",
        columns=(
            Column("student_id", "Student", 11),
            Column("name", "Name", 24),
            Column("kind", "What", 18),
            Column("until", "Until", 11),
            Column("said", "How it stands", 36),
            Column("note", "What is known", 46),
            Column("clause", "Clause", 24),
        ),
        rows=named(board, rows).with_columns(
            pl.col("until").cast(pl.String),
            kind=pl.col("what").replace(KINDS),
            said=pl.col("state").replace(STATES),
        ),
        notes=(
            f"What wants looking at, and periods that end before the end of {ahead}.",
            "Everyone is in registration.csv.",
        ),
    )


def _transcript(board: BoardResult) -> Listing:
    rows = board.table("transcript")
    rules = board.pack.rules.transcript
    alike = [name for name in _ONE_FOR_ALL if rows[name].n_unique() == 1]
    same = [f"{name.capitalize()}: {rows[name][0]}." for name in alike if rows[name][0] is not None]
    widths = {"institution": 22, "partner": 18, "location": 14, "language": 12}
    source = f" ({rules.language.source})" if rules is not None else ""
    return Listing(
        name="Transcript",
        columns=(
            Column("student_id", "Student", 11),
            Column("name", "Name", 26),
            Column("module", "Module", 9),
            Column("title", "Title", 24),
            Column("credits", "Credits", 8, "credits"),
            Column("scqf_level", "SCQF", 6, "count"),
            Column("ects", "ECTS", 6, "credits"),
            Column("academic_year", "Year", 9),
            Column("mark", "Mark", 7, "mark"),
            Column("grade", "Grade", 7),
            Column("outcome", "Outcome", 14),
            *(Column(name, name.capitalize(), widths[name]) for name in _ONE_FOR_ALL if name not in alike),
            Column("decision", "Decision", 42),
        ),
        rows=named(board, rows).with_columns(pl.col("credits", "ects", "mark").cast(pl.Float64)),
        notes=(
            f"As transcripts show it once the board has confirmed{source}; "
            f"a decision is what is recommended until then. {' '.join(same)}".strip(),
        ),
    )
