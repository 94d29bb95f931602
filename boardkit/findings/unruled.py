"""Findings about rules that the regulations do not state, where the cohort has something they would rule (T9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.check.facts import PARAMETER
from boardkit.findings.board import fact
from boardkit.problems import found, found_at, show, shown
from boardkit.regulations.part import UNRULED
from boardkit.tables import match

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from boardkit.board import BoardResult

_NOT_PASSED = ("fail", "qualifying-fail", "condoned")


def find_unruled(board: BoardResult) -> list[pl.DataFrame]:
    """Find what no rule is stated for, one note each, and parameters not asked for, or set over the board table."""
    table = board.cohort.typed["board"]
    src = table["_src"][0] if table.height else 0
    told = [
        found_at("no-rule-stated", src, None, f"{what}: {UNRULED}; {then}.") for what, then in board.unruled
    ]
    if not table.height:
        told = [one.with_columns(_src=pl.lit(None, dtype=pl.UInt16)) for one in told]
    return [*told, *_unasked(board), *_overridden(board)]


def unruled(board: BoardResult) -> Iterator[tuple[str, str]]:
    """Name what the regulations have no rule for, and what that does to this board, which keeps it.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> list(unruled(board))
        []
    """
    for stated, concerned, what, then in (*_of_modules(board), *_of_students(board)):
        if not stated and concerned():
            yield what, then


_Row = tuple[bool, "Callable[[], bool]", str, str]
"""Whether there is a rule, how to tell whether the cohort has something it would rule, what that is, and what is done."""


def _of_modules(board: BoardResult) -> list[_Row]:
    """Rules about work and modules; those of a study only where the cohort has modules of it."""
    pack, typed, results = board.pack.rules, board.cohort.typed, board.concluded.results
    taught = set(results["study"].unique().cast(pl.String).drop_nulls())
    studies = [rules for study, rules in pack.studies.each() if study in taught]
    late = {step.attempts for step in pack.penalties.late}

    def again() -> bool:
        return bool((~results["first_sit"].fill_null(value=True)).any())

    def any_in(table: str, column: str) -> bool:
        return bool(typed[table][column].null_count() < typed[table].height)

    def each(name: str) -> bool:
        return all(getattr(rules, name) is not None for rules in studies)

    return [
        (each("grades"), lambda: bool(studies), "Grades", "modules have a mark and no grade"),
        (
            pack.penalties.word_limit is not None,
            lambda: any_in("components", "word_limit") and any_in("marks", "words"),
            "Words over the limit",
            "nothing is capped for them",
        ),
        (
            pack.practice.reassessed_components is not None,
            again,
            "What a reassessment is judged on",
            "all components count by their weights, each with its latest mark",
        ),
        (each("reassessment_cap"), again, "A cap on reassessed modules", "none is applied"),
        (
            "reassessment" in late,
            lambda: again() and any_in("marks", "submitted_at"),
            "Late work at a reassessment",
            "it is taken as it is",
        ),
        (each("attempts"), again, "A limit of attempts", "none is applied"),
        (
            pack.withdrawal is not None,
            lambda: any_in("enrolments", "withdrawn_at"),
            "Leaving a module late",
            "it is recorded as withdrawn, and no fail",
        ),
        (
            pack.prior_learning is not None,
            lambda: bool(results["prior_learning"].any()),
            "Prior learning",
            "it is passed with its credit, and not tested",
        ),
        (
            pack.condonement is not None,
            lambda: bool(results["outcome"].is_in(_NOT_PASSED).any()),
            "Condonement",
            "nobody is said to be eligible",
        ),
        (
            pack.dates is not None and pack.dates.feedback is not None,
            lambda: any_in("components", "due_at"),
            "When feedback is due",
            "no day is reckoned",
        ),
    ]


def _of_students(board: BoardResult) -> list[_Row]:
    """Rules about students; nobody is looked at without a students table."""
    pack = board.pack.rules
    people = "students" in board.cohort.given
    ruled = {name for name, _ in pack.awards.each()} | {tables.NO_AWARD}
    awards = board.ground.students["award"] if people else board.ground.students["award"].clear()
    others = [
        (
            name in ruled,
            lambda: True,
            f"The award {name}",
            "nobody is classified for it, and its credit is not looked at",
        )
        for name in awards.unique().drop_nulls().sort()
    ]
    return [
        (pack.progression is not None, lambda: people, "Progression", "nothing is recommended"),
        *others,
        (
            pack.registration is not None,
            lambda: people,
            "How long a student may be registered",
            "nothing is tested",
        ),
        (pack.transcript is not None, lambda: people, "Transcripts", "no lines are made"),
        (pack.concern is not None, lambda: people, "Causes for concern", "nobody is listed"),
    ]


def overridden(board: BoardResult) -> dict[str, str]:
    """Name the parameters that were set over what the board table states, with what it states."""
    table = {match(name): value for name, value in board.cohort.facts.parameters.items()}
    used = board.pack.parameters or {}
    return {
        name: table[match(name)]
        for name, value in used.items()
        if table.get(match(name), value).strip() != value.strip()
    }


def _overridden(board: BoardResult) -> list[pl.DataFrame]:
    """Parameters that were set over the board table."""
    parts = []
    for name, stated in overridden(board).items():
        used = (board.pack.parameters or {})[name]
        told = f"{PARAMETER}{name}: the board table says {show(stated)}, and {show(used)} was set over it."
        row = fact(board, f"{PARAMETER}{name}")
        parts.append(found("parameter-overridden", row, column="value", value=pl.col("value"), message=told))
    return parts


def _unasked(board: BoardResult) -> list[pl.DataFrame]:
    """Parameters of the board table that the regulations do not ask for."""
    asked = {match(name) for name in board.pack.rules.parameters}
    idle = [name for name in board.cohort.facts.parameters if match(name) not in asked]
    rows = [fact(board, f"{PARAMETER}{name}") for name in idle]
    told = pl.concat_str(
        shown(pl.col("key")),
        pl.lit(f": {board.pack.rules.pack.id} asks for no such parameter; it is not used."),
    )
    return [found("parameter-unknown", row, column="key", value=pl.col("key"), message=told) for row in rows]
