"""The front sheet: what the board has to settle, in numbers, and what decided it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit.exact import WEIGHT_UNITS, say, say_number
from boardkit.regulations.part import UNRULED
from boardkit.report.changes import KINDS
from boardkit.report.content.counts import count
from boardkit.report.content.decisions import AGAIN, OVER, REFUSED, STANDS, with_states
from boardkit.report.content.duties import counted
from boardkit.report.content.readings import readings
from boardkit.report.names import CLASSES, plural
from boardkit.report.page import day
from boardkit.tables import PROGRESSION

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.report.changes import Changes
    from boardkit.report.content.counts import Counts


_EACH = 8
"""How many decisions of a kind the front sheet names."""

READINGS = "Readings that decided something"


@dataclass(frozen=True)
class Line:
    """One thing to know.

    Args:
        what: what it is.
        number: how many there are; none where that says nothing.
        told: what is known about it.
        sheet: the sheet that lists them; empty where none does.
    """

    what: str
    number: int | None = None
    told: str = ""
    sheet: str = ""


@dataclass(frozen=True)
class Section:
    """Lines under one heading."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Front:
    """The front sheet: what the meeting is, then section by section what it has before it."""

    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]


def front(board: BoardResult, changes: Changes | None = None, *, states: pl.DataFrame | None = None) -> Front:
    """Say what the board has to settle.

    Args:
        board: the assessed board.
        changes: what differs from the run before, where there was one.
        states: the recorded decisions from ``with_states``, where they are listed already.

    Returns:
        The front sheet.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> [section.title for section in front(board).sections][:2]
        ['To settle', 'Classes']
    """
    counts = count(board)
    sections = [
        Section("To settle", tuple(_to_settle(board, counts))),
        Section("Classes", tuple(_classes(board, counts))),
        Section("Recommended", tuple(_recommended(board))),
        Section("Beside the board", tuple(Line(*line) for line in counted(board))),
        Section("Decisions recorded", tuple(_decided(board, states))),
        Section("Problems in the data", tuple(_problems(board))),
    ]
    if changes is not None and changes.rows.height:
        lines = tuple(
            Line(KINDS[kind][number > 1], number, sheet="Changes")
            for kind, number in changes.counts().items()
        )
        sections.append(Section("Changed since the last run", lines))
    sections.append(
        Section("No rule is stated for", tuple(Line(what, None, then) for what, then in board.unruled))
    )
    scaled = tuple(_scalings(board))
    if scaled:
        sections.append(Section("Scalings", scaled))
    sections.append(Section(READINGS, tuple(_readings(board))))
    return Front(tuple(_facts(board)), tuple(section for section in sections if section.lines))


def _facts(board: BoardResult) -> list[tuple[str, str]]:
    facts, identity = board.cohort.facts, board.pack.rules.pack
    counts = board.cohort.counts
    read = ", ".join(
        plural(counts[name], name.removesuffix("s")) for name in ("students", "modules", "marks")
    )
    meeting = [facts.values.get(name, "") for name in ("institution", "academic_year")]
    date = facts.board_date
    meeting += [day(date) if date else "", f"{facts.diet} diet"]
    return [
        ("Meeting", ", ".join(part for part in meeting if part)),
        ("Regulations", f"{identity.institution}, {identity.title} ({identity.id})"),
        ("Read", read),
    ]


def _to_settle(board: BoardResult, counts: Counts) -> list[Line]:
    stay = counts.borderline - counts.up
    tests = f" ({', '.join(counts.tests)})" if counts.tests else ""
    results = board.concluded.results
    students = {
        name: results.filter(pl.col("outcome").cast(pl.String) == name)["s"].n_unique()
        for name in ("incomplete", "deferred")
    }
    put = board.table("modules").filter(pl.col("condonable").eq_missing("Y")).height
    rules = board.pack.rules
    classed = any(award.borderline for _, award in rules.awards.each())
    lines = [
        Line(
            "Borderline cases",
            counts.borderline,
            f"{counts.up:,} up, {stay:,} not{tests}" if counts.borderline else "",
            "Borderlines",
        ),
        Line(
            "Just below a boundary",
            counts.uplifted,
            "go up by themselves" if counts.uplifted else "",
            "Borderlines",
        ),
        *(
            Line(
                f"{name.capitalize()} module results",
                counts.outcomes.get(name, 0),
                f"of {plural(number, 'student')}" if number else "",
                "To settle",
            )
            for name, number in students.items()
        ),
        Line("Waiting, with no class", counts.waiting, "a module that counts is open", "Profiles"),
        Line(
            "Short of credit",
            sum(counts.short.values()),
            "have a class and not the credit for the award",
            "To settle",
        ),
        Line(
            "With tuition debt",
            counts.debts,
            "blocks award and progression" if rules.progression else UNRULED,
            "To settle",
        ),
        Line("Scalings to endorse", counts.scalings, "", "To settle"),
    ]
    waiting = counts.penalties
    if waiting:
        lines.append(
            Line("Penalties for misconduct", waiting, "not decided, and none is applied", "To settle")
        )
    if put:
        lines.append(Line("Fails that may be condoned", put, "the board decides", "To settle"))
    untested = set() if classed else {"Borderline cases", "Just below a boundary"}
    untested |= set() if rules.awards.each() else {"Short of credit", "Waiting, with no class"}
    return [
        Line(line.what, line.number, line.told if line.number else "", line.sheet)
        for line in lines
        if line.what not in untested
    ]


def _classes(board: BoardResult, counts: Counts) -> list[Line]:
    lines = [
        Line(CLASSES[name], number, counts.shortage(name).strip(" ()"), "Profiles")
        for name, number in counts.classes.items()
    ]
    if counts.waiting:
        lines.append(Line("Waiting", counts.waiting, "no average yet", "Profiles"))
    others = board.classified.height - sum(counts.classes.values()) - counts.waiting
    if others:
        lines.append(
            Line("Not classified", others, "no award, or no rule or module to class it by", "Profiles")
        )
    if not lines:
        return [Line("Nobody is classified", None, "There is no students table, or nobody in it.")]
    return lines


def _recommended(board: BoardResult) -> list[Line]:
    """Count the recommendations, in the order of the decisions that a board may make."""
    made = board.progressed.students
    counted = dict(made.group_by("recommended").len().iter_rows())
    lines = [
        Line(name.replace("-", " ").capitalize(), counted[name], sheet="Progress")
        for name in PROGRESSION
        if counted.get(name)
    ]
    if counted.get(None):
        lines.append(
            Line(
                "Nothing recommended",
                counted[None],
                "a module is incomplete, or nothing is known" if board.pack.rules.progression else UNRULED,
                "Progress",
            )
        )
    return lines


def _decided(board: BoardResult, states: pl.DataFrame | None) -> list[Line]:
    """List the decisions to look at again, those not applied, and those that stand over something."""
    if board.decisions.is_empty():
        return []
    made = with_states(board) if states is None else states
    told = {
        AGAIN: "what they were based on has changed since; they stand",
        REFUSED: "see Problems for why",
        OVER: "over what was worked out or recommended",
    }
    lines = []
    for state, meaning in told.items():
        rows = made.filter(pl.col("state") == state)
        lines.append(Line(state.capitalize(), rows.height, meaning if rows.height else "", "Decisions"))
        lines += [
            Line(f"  {row['student_id']}", None, _one_decision(row), "Decisions")
            for row in rows.head(_EACH).to_dicts()
        ]
        if rows.height > _EACH:
            lines.append(Line("  and others", rows.height - _EACH, "", "Decisions"))
    others = made.filter(pl.col("state") == STANDS).height
    return [*lines, Line("Others that stand", others, "", "Decisions")]


def _one_decision(row: dict[str, Any]) -> str:
    what = " ".join(filter(None, (row["decision"], row["module"])))
    before = f", over {row['before']}" if row["state"] in (AGAIN, OVER) and row["before"] else ""
    minute = f" (minute {row['minute']})" if row["minute"] else ""
    return f"{what}: {row['value'] or 'no'}{before}{minute}. {row['reason']}"


def _problems(board: BoardResult) -> list[Line]:
    told = {
        "error": "cells that could not be used: mend them and run again",
        "warning": "look at each before the board",
        "note": "what was assumed or left out",
    }
    return [
        Line(f"{name.capitalize()}s", number, told[name] if number else "", "Problems")
        for name, number in board.severities.items()
    ]


def _scalings(board: BoardResult) -> list[Line]:
    rows = board.cohort.typed["scaling"].sort("module", "component")
    return [
        Line(
            f"{row['module']} {row['component']}",
            None,
            f"{_by(row)}: {_endorsed(row) if board.pack.rules.scaling else f'NOT APPLIED, {UNRULED}'}. {row['basis'] or ''}",
        )
        for row in rows.rows(named=True)
    ]


def _by(row: dict[str, Any]) -> str:
    """Say by how much marks are scaled."""
    if row["add"] is not None:
        sign = "-" if row["add"] < 0 else "+"
        return f"{sign}{say(abs(row['add']), places=2)} points"
    if row["multiply"] is not None:
        return f"times {say_number(row['multiply'], units=WEIGHT_UNITS)}"
    return "not readable"


def _endorsed(row: dict[str, Any]) -> str:
    return "endorsed" if row["endorsed"] else "NOT ENDORSED, to be put to the board"


def _readings(board: BoardResult) -> list[Line]:
    return [Line(reading, rows, text, "Trace") for reading, text, rows in readings(board).iter_rows()]
