"""Parts: a cohort cut between students, its parts assessed apart, and what they found put together.

No stage looks beyond one student's rows, so a part's results are the whole's. Parts keep the frames that the
stages hold at once small, and use the machine's processors.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

import polars as pl

from boardkit import tables
from boardkit.check.numbering import Numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from boardkit.cohort import Cohort

Found = TypeVar("Found")

PART = 100_000
"""How many students are taken at once: more take more memory, fewer take longer."""

_NUMBERED = ("enrolments", "marks", "results")
"""Tables whose rows are numbered by student, and stand in that order."""

_SHARED = ("modules", "components")
"""What every part has whole."""


@dataclass(frozen=True)
class Part:
    """The rows of some students who follow each other.

    Args:
        whole: the cohort.
        rows: which rows of the students and of the numbered tables are theirs, by table.
        named: the number of the student whom each row of the other tables names, by table.
    """

    whole: Cohort
    rows: Mapping[str, slice]
    named: Mapping[str, pl.Series]

    def cohort(self) -> Cohort:
        """Give their tables, numbered from 0."""
        whole, rows = self.whole, self.rows
        first, end = rows["students"].start, rows["students"].stop
        typed = dict(whole.typed)
        if "students" in whole.given:
            typed["students"] = typed["students"][first:end]
        typed |= {name: typed[name][rows[name]] for name in _NUMBERED}
        typed |= {name: typed[name].filter((s >= first) & (s < end)) for name, s in self.named.items()}
        numbers = Numbers(
            students=whole.numbers.students[first:end],
            modules=whole.numbers.modules,
            **{name: self._moved(getattr(whole.numbers, name)[rows[name]], back=True) for name in _NUMBERED},
        )
        return replace(whole, typed=typed, numbers=numbers)

    def placed(self, found: Found) -> Found:
        """Give what was found of this part, a dataclass of frames, the numbers that it has in the whole."""
        return _over([found], lambda frames: self._moved(frames[0]))

    def _moved(self, frame: pl.DataFrame, *, back: bool = False) -> pl.DataFrame:
        """Turn this part's numbers into the whole's, or back."""
        starting = {"s": "students", "e": "enrolments", "at": "marks"}
        moved = []
        for name, table in starting.items():
            start = pl.lit(self.rows[table].start, dtype=pl.UInt32)
            if name in frame.columns:
                moved.append(pl.col(name) - start if back else pl.col(name) + start)
        return frame.with_columns(moved)


def cut(cohort: Cohort, students: int) -> list[Part]:
    """Cut a cohort into parts of so many students, the last of fewer.

    Args:
        cohort: the checked tables.
        students: how many students a part has, from 1.

    Returns:
        The parts in order, one at the least.
    """
    count = len(cohort.numbers.students)
    firsts = [*range(0, max(count, 1), students), count]
    at = {name: starts(getattr(cohort.numbers, name)["s"], firsts) for name in _NUMBERED}
    at["students"] = firsts
    named = {
        name: _numbered(cohort.typed[name], cohort.numbers.students)
        for name, table in tables.INPUT.items()
        if any(column.name == "student_id" for column in table.columns)
        and name not in (*_NUMBERED, "students")
    }
    return [
        Part(cohort, {name: slice(places[number], places[number + 1]) for name, places in at.items()}, named)
        for number in range(len(firsts) - 1)
    ]


def starts(s: pl.Series, firsts: Sequence[int]) -> list[int]:
    """Find where each student's rows begin, in a column in the order of students."""
    return s.search_sorted(pl.Series(firsts, dtype=s.dtype)).to_list()


def _numbered(frame: pl.DataFrame, students: pl.Series) -> pl.Series:
    """Number the students of a table; null where there is no such student."""
    named = students.to_frame("student_id").with_row_index("s")
    return frame.select("student_id").join(named, on="student_id", how="left", maintain_order="left")["s"]


def join(found: Sequence[Found]) -> Found:
    """Put together what was found of parts that follow each other, each a dataclass of frames."""
    return found[0] if len(found) == 1 else _over(found, pl.concat)


def _over(found: Sequence[Found], make: Callable[[list[pl.DataFrame]], pl.DataFrame]) -> Found:
    """Make one of several dataclasses of frames, from the frames of each name, at any depth."""
    changes: dict[str, Any] = {}
    for field in fields(found[0]):  # type: ignore[arg-type]
        values = [getattr(part, field.name) for part in found]
        if field.name in _SHARED:
            continue
        changes[field.name] = make(values) if isinstance(values[0], pl.DataFrame) else _over(values, make)
    return replace(found[0], **changes)  # type: ignore[type-var]
