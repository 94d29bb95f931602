"""Parts: a cohort cut between students, its parts assessed apart, and what they found put together.

No stage looks beyond one student's rows, so a part's results are the whole's. Parts keep the frames that the
stages hold at once small, and use the machine's processors.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import polars as pl

from boardkit.check.numbering import Numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

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
        cohort: their tables, numbered from 0.
        offsets: how many students ``s``, enrolments ``e`` and marks ``at`` stand before theirs.
    """

    cohort: Cohort
    offsets: dict[str, int]

    def placed(self, found: Found) -> Found:
        """Give what was found of this part, a dataclass of frames, the numbers that it has in the whole."""
        return _over([found], lambda frames: self._shifted(frames[0]))

    def _shifted(self, frame: pl.DataFrame) -> pl.DataFrame:
        moved = [
            pl.col(name) + pl.lit(offset, dtype=pl.UInt32)
            for name, offset in self.offsets.items()
            if name in frame.columns
        ]
        return frame.with_columns(moved) if moved else frame


def cut(cohort: Cohort, students: int) -> Iterator[Part]:
    """Cut a cohort into parts of so many students, the last of fewer.

    Args:
        cohort: the checked tables.
        students: how many students a part has, from 1.

    Yields:
        The parts in order; the cohort as it is where it has no more students than that.
    """
    count = len(cohort.numbers.students)
    if count <= students:
        yield Part(cohort, {})
        return
    firsts = [*range(0, count, students), count]
    at = {name: starts(getattr(cohort.numbers, name)["s"], firsts) for name in _NUMBERED}
    others = {
        name: _numbered(frame, cohort.numbers.students)
        for name, frame in cohort.typed.items()
        if "student_id" in frame.columns and name not in (*_NUMBERED, "students")
    }
    for number, (first, end) in enumerate(pairwise(firsts)):
        rows = {name: slice(at[name][number], at[name][number + 1]) for name in _NUMBERED}
        offsets = {"s": first, "e": rows["enrolments"].start, "at": rows["marks"].start}
        typed = dict(cohort.typed)
        if "students" in cohort.given:
            typed["students"] = typed["students"][first:end]
        typed |= {name: typed[name][rows[name]] for name in _NUMBERED}
        typed |= {name: typed[name].filter(s.is_between(first, end - 1)) for name, s in others.items()}
        moved = {name: getattr(cohort.numbers, name)[rows[name]] for name in _NUMBERED}
        numbers = Numbers(
            students=cohort.numbers.students[first:end],
            modules=cohort.numbers.modules,
            **{
                name: frame.with_columns(
                    pl.col(column) - pl.lit(offsets[column], dtype=pl.UInt32)
                    for column in ("s", "e")
                    if column in frame.columns
                )
                for name, frame in moved.items()
            },
        )
        yield Part(replace(cohort, typed=typed, numbers=numbers), offsets)


def starts(s: pl.Series, firsts: Sequence[int]) -> list[int]:
    """Find where each student's rows begin, in a column in the order of students."""
    return [int(place) for place in np.searchsorted(s.to_numpy(), firsts)]


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
