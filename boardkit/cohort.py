"""Cohort: the checked tables of one board, where they came from, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from boardkit import tables
from boardkit.errors import CallError
from boardkit.exact import MARK_PLACES, WEIGHT_PLACES, pointed
from boardkit.frames import Flavour, Frames, hand_back
from boardkit.problems import Source, locate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boardkit.check.numbering import Numbers

Study = Literal["undergraduate", "postgraduate"]


@dataclass(frozen=True)
class Facts:
    """What the board table says about the meeting.

    Args:
        values: each single fact by its name.
        closure_days: the days on which the university is closed.
        parameters: what a pack asks the board for, by name.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    closure_days: tuple[date, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def diet(self) -> str:
        """``main`` or ``resit``; ``main`` where the board does not say (C2)."""
        return self.values.get("diet", "main")

    @property
    def status(self) -> str:
        """``provisional`` until the board has confirmed."""
        return self.values.get("status", "provisional")

    @property
    def board_date(self) -> date | None:
        """The day of the meeting."""
        text = self.values.get("board_date")
        return date.fromisoformat(text) if text else None


@dataclass(frozen=True)
class InputFile:
    """A file that was read: its name, its digest and its size in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, repr=False)
class Cohort:
    """The checked tables of one board.

    Args:
        typed: every input table by name, typed: marks and credits in hundredths, weights in millionths,
            sorted by key; a table that was not given is empty. What is carried through unread has
            ``tables.CARRIED`` before its name. The rows of ``enrolments`` and ``marks``
            have numbers in place of the texts of their key. Among the ``results`` stand the modules that a
            student was entered for and that are not known, bad.
        given: the names of the tables that were given.
        numbers: which rows name which others.
        facts: what the board table says.
        found: the problems, each by its source and row.
        sources: where each table came from.
        files: the files that were read.
        flavour: the kind of frame that goes back to the user.
        study: the study of all modules, where there is no modules table.
    """

    typed: Mapping[str, pl.DataFrame]
    given: frozenset[str]
    numbers: Numbers
    facts: Facts
    found: pl.DataFrame
    sources: tuple[Source, ...]
    files: tuple[InputFile, ...] = ()
    flavour: Flavour = "pandas"
    study: Study | None = None

    @property
    def problems(self) -> Any:
        """What is wrong, with file, sheet and cell: pandas, or polars where polars frames went in."""
        return hand_back(self._problems, self.flavour)

    @property
    def polars(self) -> Frames:
        """The input tables and ``problems`` as polars frames."""
        return Frames((*sorted(self.given), "problems"), self._shown, "polars")

    @property
    def pandas(self) -> Frames:
        """The input tables and ``problems`` as pandas frames."""
        return Frames((*sorted(self.given), "problems"), self._shown, "pandas")

    @property
    def _problems(self) -> pl.DataFrame:
        return locate(self.found, self.sources)

    def _shown(self, name: str) -> pl.DataFrame:
        if name == "problems":
            return self._problems
        frame = self._named(name)
        if name == "results":
            own = [at for at, source in enumerate(self.sources) if source.table == name]
            frame = frame.filter(pl.col("_src").is_in(own))
        inside = ("_src", "_row", "_bad", tables.OUT_OF, tables.AS_TYPED)
        shown = frame.drop(inside, strict=False).rename(lambda column: column.removeprefix(tables.CARRIED))
        return _as_typed_in(name, shown)

    def _named(self, name: str) -> pl.DataFrame:
        """Give a table with the texts of its key."""
        frame, modules = self.typed[name], self.typed["modules"]["module"]
        if name == "enrolments":
            named = self.numbers.enrolments
            key = [self.numbers.students.gather(named["s"]), modules.gather(named["m"])]
        elif name == "marks":
            named, components = self.numbers.marks, self.typed["components"]
            key = [self.numbers.students.gather(named["s"])]
            key += [components[column].gather(named["k"]) for column in ("module", "component")]
        else:
            return frame
        return frame.select(*key, pl.all())

    @property
    def counts(self) -> dict[str, int]:
        """How many students, modules and marks there are."""
        modules, marks = self.typed["modules"], self.typed["marks"]
        return {"students": len(self.numbers.students), "modules": modules.height, "marks": marks.height}

    @property
    def severities(self) -> dict[str, int]:
        """How many errors, warnings and notes there are."""
        counted = dict(self._problems.group_by("severity").len().iter_rows())
        return {name: counted.get(name, 0) for name in tables.SEVERITIES}

    def __repr__(self) -> str:
        counts, grave = self.counts, self.severities
        return (
            f"Cohort: {counts['students']:,} students, {counts['modules']:,} modules, {counts['marks']:,} marks; "
            f"{grave['error']:,} errors, {grave['warning']:,} warnings, {grave['note']:,} notes"
        )


def with_study(cohort: Cohort, study: Study | None) -> Cohort:
    """Give a cohort the study of all its modules, where one is stated.

    Raises:
        CallError: there is no modules table and no study was stated.
    """
    if study is not None:
        cohort = replace(cohort, study=study)
    if "modules" not in cohort.given and cohort.study is None:
        raise CallError(
            "there is no modules table, so the study has to be stated: --study undergraduate or --study postgraduate."
        )
    return cohort


_PLACES: dict[str, int] = {
    **dict.fromkeys(("mark", "points", "credits", "credit-total"), MARK_PLACES),
    **dict.fromkeys(("factor", "share", "weight"), WEIGHT_PLACES),
}
"""The kinds of column that are whole numbers inside, and their decimal places."""


def _as_typed_in(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Give marks, credits and weights back as exact decimals, as people type them."""
    return frame.with_columns(
        pointed(pl.col(column.name), places=_PLACES[column.kind])
        for column in tables.INPUT[table].columns
        if column.kind in _PLACES
    )
