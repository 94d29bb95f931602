"""One marksheet made long: a row for every student and piece of work, each with the cell it came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.errors import FileError
from boardkit.problems import Source, found_at, letters, show
from boardkit.read.grid import as_found, holds_something, in_columns, zeros_as_shown
from boardkit.read.marksheet.again import header_again, told_again
from boardkit.read.marksheet.headers import read_headers
from boardkit.read.marksheet.places import placed
from boardkit.read.marksheet.rows import sort_rows
from boardkit.read.marksheet.sums import check_sum
from boardkit.read.raw import CELL_KINDS
from boardkit.read.unseen import comments, full, hidden, merged

if TYPE_CHECKING:
    from boardkit.read.marksheet.headers import Headers
    from boardkit.read.marksheet.places import Placed
    from boardkit.read.marksheet.plan import Marksheet
    from boardkit.read.workbook import Sheet, Workbook

COLUMNS = tuple(column.name for column in tables.INPUT["marks"].columns)
_POINTS = 100


@dataclass(frozen=True)
class Long:
    """A marksheet made long.

    Args:
        rows: marks as found, with their sources; the attempt is null where it is to be counted.
        kinds: what each cell is.
        sources: the source of the whole sheet, then one for every piece of work.
        problems: what was found.
    """

    rows: pl.DataFrame
    kinds: pl.DataFrame
    sources: list[Source]
    problems: list[pl.DataFrame]


def read_marksheet(book: Workbook, sheet: Sheet, plan: Marksheet, first: int) -> Long:
    """Read one marksheet as its plan says.

    Args:
        book: the workbook.
        sheet: the sheet.
        plan: what board.toml says of it.
        first: the number that its first source is to have.

    Returns:
        Its marks. Every row is among them or told of.

    Raises:
        FileError: the sheet is empty, or has not the columns that board.toml names.
    """
    cells = book.cells.filter((pl.col("sheet") == sheet.index) & holds_something())
    if cells.is_empty():
        raise FileError(book.path, "empty-sheet", f'the sheet "{show(sheet.name)}" is empty. Name another.')
    heads = read_headers(cells, plan.header, sheet)
    student, works, faults = placed(plan, heads, sheet.name, cells)
    if faults:
        why = f'board.toml does not fit the sheet "{show(sheet.name)}": ' + ".\n".join(faults)
        raise FileError(book.path, "column-missing", f"{why}.")
    named = _named(cells, student)
    again = header_again(cells, plan.header, heads, student, [work.main for work in works])
    body = zeros_as_shown(cells.filter(pl.col("row") > plan.header[-1]), [student])
    body = body if again is None else body.filter(pl.col("row") < again)
    texts, kinds = in_columns(as_found(body), _wanted(student, works))
    sorted_rows = sort_rows(texts, kinds, body, student, plan, book.path, sheet.name)
    problems = [
        *sorted_rows.problems(first, cells, plan.header[0]),
        *told_again(cells, again, first, "student_id"),
        *_unused(heads, named, body, student, works, first, plan.header[-1]),
        *full(sheet, first),
        *comments(sheet, first),
        *merged(body, named, first),
        *hidden(cells, plan.header[-1], named, first, sheet),
    ]
    sources = [Source("marks", book.path.name, sheet.name, {name: at for at, name in named.items()})]
    longs: list[tuple[pl.DataFrame, pl.DataFrame]] = []
    for at, work in enumerate(works):
        source = first + len(sources)
        rows, cell_kinds, told = _long(sorted_rows.texts, sorted_rows.kinds, at, work, source, plan)
        longs.append((rows, cell_kinds))
        problems += told
        sources.append(_source(work, book, sheet, student, first))
    return Long(
        pl.concat([rows for rows, _ in longs]), pl.concat([one for _, one in longs]), sources, problems
    )


def _named(cells: pl.DataFrame, student: int) -> dict[int, str]:
    """Name the sheet's columns: the identifiers', and the others by their letters."""
    return {
        at: "student_id" if at == student else f"column {letters(at)}"
        for at in cells["col"].unique().sort().to_list()
    }


def _wanted(student: int, works: list[Placed]) -> dict[str, int]:
    wanted = {"student_id": student}
    for at, work in enumerate(works):
        wanted |= {f"{at}:{name}": col for name, col in work.columns.items()}
        wanted |= {f"{at}+{col}": col for col in work.parts}
    return wanted


def _source(work: Placed, book: Workbook, sheet: Sheet, student: int, whole: int) -> Source:
    """Give the place of one piece of work: what is not in a column of its own is told of at its mark."""
    parts = {f"column {letters(at)}": at for at in work.parts}
    columns = {**parts, **dict.fromkeys(COLUMNS, work.main), **work.columns, "student_id": student}
    return Source("marks", book.path.name, sheet.name, columns, whole=whole, work=work.name)


def _long(  # noqa: PLR0913, PLR0917 - one piece of work, from where to where
    texts: pl.DataFrame, kinds: pl.DataFrame, at: int, work: Placed, source: int, plan: Marksheet
) -> tuple[pl.DataFrame, pl.DataFrame, list[pl.DataFrame]]:
    """Take one piece of work out of the sheet's rows."""
    own = {f"{at}:{name}": name for name in work.columns}
    taken = texts.select(pl.any_horizontal(pl.col(list(own)).is_not_null()) | _unfinished(kinds, own))
    keep = (
        taken.to_series() if plan.blank == "not-taken" else pl.Series([True]).new_from_index(0, texts.height)
    )
    rows, of_kind = texts.filter(keep), kinds.filter(keep)
    unsound, problems = check_sum(rows, of_kind, at, work, source)
    blank = texts.height - rows.height
    header = plan.header[-1]
    if blank:
        sentence = f"{show(work.name)}: {blank:,} blank cells were read as work that was not to be taken."
        problems.append(found_at("blank-not-taken", source, header, sentence, column="mark"))
    if work.out_of is not None:
        points = f"{work.out_of / _POINTS:.10g}"
        sentence = f"{show(work.name)}: the marks are out of {points} and were read as percentages of it."
        problems.append(found_at("marks-out-of", source, header, sentence, column="mark"))
    attempt = None if plan.attempt == "next" else plan.attempt
    fixed = {"module": pl.lit(work.module), "component": pl.lit(work.component)}
    values = {
        **dict.fromkeys(COLUMNS, pl.lit(None, dtype=pl.String)),
        **fixed,
        **{name: pl.col(wide) for wide, name in own.items()},
        "student_id": pl.col("student_id"),
        "attempt": pl.lit(attempt, dtype=pl.Int64),
        tables.SOURCE: pl.lit(source, dtype=pl.UInt16),
        tables.OUT_OF: pl.lit(work.out_of, dtype=pl.Int64),
    }
    long = rows.select("_row", **values).with_columns(unsound.alias(tables.UNSOUND))
    none = pl.lit(None, dtype=CELL_KINDS)
    are = dict.fromkeys(COLUMNS, none) | {name: pl.col(wide) for wide, name in own.items()}
    return long, of_kind.select(**{**are, "student_id": pl.col("student_id")}), problems


def _unfinished(kinds: pl.DataFrame, own: dict[str, str]) -> pl.Series:
    """Tell which rows hold a formula that was never calculated: they are not blank."""
    return kinds.select(
        pl.any_horizontal(pl.col(list(own)) == "formula-without-value").fill_null(value=False)
    )[next(iter(own))]


def _unused(  # noqa: PLR0913, PLR0917 - what was there, and what was taken of it
    heads: Headers,
    named: dict[int, str],
    body: pl.DataFrame,
    student: int,
    works: list[Placed],
    source: int,
    header: int,
) -> list[pl.DataFrame]:
    """Tell of columns that hold something and were not read."""
    used = {student, *(col for work in works for col in (*work.columns.values(), *work.parts))}
    return [
        found_at("column-not-used", source, header, f"{_titled(heads, at)} was not read.", column=named[at])
        for at in body["col"].unique().sort().to_list()
        if at not in used
    ]


def _titled(heads: Headers, at: int) -> str:
    text = heads.texts.get(at)
    return f'Column {letters(at)}, "{show(text)}",' if text else f"Column {letters(at)}, with no header,"
