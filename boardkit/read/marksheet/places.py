"""Where on a marksheet each thing stands that board.toml names, or what is wrong with its naming."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import MARK_UNITS
from boardkit.problems import letters, show
from boardkit.read.marksheet.plan import HEADER, Work, column_letters
from boardkit.read.marksheet.points import with_points

if TYPE_CHECKING:
    from decimal import Decimal

    from boardkit.read.marksheet.headers import Headers
    from boardkit.read.marksheet.plan import Marksheet

_FULL = 100 * MARK_UNITS
_HEADERS_SHOWN = 12


@dataclass(frozen=True)
class Placed:
    """One piece of work on a sheet.

    Args:
        module: its module.
        component: its component.
        columns: the position of each thing said of it.
        out_of: the points that its marks are out of, in hundredths; None for 100.
        parts: the columns whose sum its mark is said to be.
    """

    module: str
    component: str
    columns: dict[str, int]
    out_of: int | None
    parts: tuple[int, ...]

    @property
    def name(self) -> str:
        """The module and the component."""
        return f"{self.module} {self.component}"

    @property
    def main(self) -> int:
        """The column of the mark; else the first that is said of it."""
        return self.columns.get("mark", next(iter(self.columns.values())))


def placed(
    plan: Marksheet, heads: Headers, sheet: str, cells: pl.DataFrame
) -> tuple[int, list[Placed], list[str]]:
    """Find the columns that a marksheet's plan names.

    Args:
        plan: what board.toml says of the sheet.
        heads: the sheet's headers.
        sheet: the sheet's name.
        cells: its cells that hold something.

    Returns:
        The column of the identifiers (0 where it is not found), the pieces of work, and what is wrong.
    """
    finder = _Finder(heads)
    student = finder.one("id", plan.id)
    finder.heads = with_points(heads, cells.filter(pl.col("row") > plan.header[-1]), student)
    works = [
        _place(finder, module, component, work, plan) for module, component, work in works_of(plan, sheet)
    ]
    used: dict[int, str] = {student: "id"} if student else {}
    for at, name in [(at, f"{work.name} {key}") for work in works for key, at in work.columns.items() if at]:
        if at in used:
            finder.faults.append(f"column {letters(at)} is taken both for {used[at]} and for {name}")
        used.setdefault(at, name)
    return student, works, finder.faults


def works_of(plan: Marksheet, sheet: str) -> list[tuple[str, str, Work]]:
    """Give module, component and columns of every piece of work on a sheet."""
    one = sheet if plan.module_from else plan.module
    found = []
    for name, held in plan.marks.items():
        if isinstance(held, Work):
            found.append((one or "", name, held))
        else:
            found += [(name, component, work) for component, work in held.items()]
    return found


def _place(finder: _Finder, module: str, component: str, work: Work, plan: Marksheet) -> Placed:
    name = f"marks of {module} {component}"
    columns = {key: finder.one(name, spec) for key, spec in work.columns.items()}
    parts = tuple(at for spec in work.sum_of or () for at in finder.some(name, spec))
    asked = plan.out_of if work.out_of is None else work.out_of
    mark = columns.get("mark", 0)
    return Placed(module, component, columns, finder.points(name, mark, asked) if mark else None, parts)


class _Finder:
    """Find columns by what board.toml calls them, and keep what is wrong."""

    def __init__(self, heads: Headers) -> None:
        self.heads = heads
        self.faults: list[str] = []

    def some(self, name: str, spec: str) -> list[int]:
        found = self.heads.find(spec)
        if not found:
            texts = [f'"{show(text)}"' for text in self.heads.texts.values()]
            more = f" and {len(texts) - _HEADERS_SHOWN} more" if len(texts) > _HEADERS_SHOWN else ""
            listed = f"{', '.join(texts[:_HEADERS_SHOWN])}{more}" if texts else "none"
            self.faults.append(
                f'{name}: no header of the sheet is "{show(spec)}". Its headers: {listed}; or "column C"'
            )
        elif len(found) > 1 and column_letters(spec) is None:
            places = ", ".join(map(letters, found))
            self.faults.append(
                f'{name}: the header "{show(spec)}" stands {len(found)} times ({places}). Name one as "column {letters(found[0])}"'
            )
            return []
        return found

    def one(self, name: str, spec: str) -> int:
        found = self.some(name, spec)
        if len(found) > 1:
            self.faults.append(f'{name}: "{show(spec)}" names several columns. Name one')
        return found[0] if len(found) == 1 else 0

    def points(self, name: str, col: int, asked: Decimal | str | None) -> int | None:
        said = self.heads.maximum(col)
        if asked == HEADER and said is None:
            self.faults.append(
                f"{name}: the header of column {letters(col)} does not say out of how many points. Give out_of"
            )
            return None
        if asked is None and said is not None and said * MARK_UNITS != _FULL:
            row = self.heads.points_row
            where = f"row {row} of" if col in self.heads.points else "the header of"
            self.faults.append(
                f"{name}: {where} column {letters(col)} says that the marks are out of {said}. "
                f"Give out_of = {said}, or out_of = 100 if they are percentages"
            )
            return None
        points = said if asked == HEADER else asked
        hundredths = _FULL if points is None else int(points * MARK_UNITS)
        return None if hundredths == _FULL else hundredths
