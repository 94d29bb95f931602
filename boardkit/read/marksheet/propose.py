"""What a marksheet looks like to somebody who has not been told: a proposal for board.toml, never used unseen."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import polars as pl

from boardkit.problems import letters
from boardkit.read.grid import holds_something
from boardkit.read.marksheet.again import header_again, look_again
from boardkit.read.marksheet.headers import Headers, read_headers
from boardkit.read.marksheet.later import look_later
from boardkit.read.marksheet.points import look_points, with_points
from boardkit.read.marksheet.totals import LABELS, called_totals
from boardkit.tables import match

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from boardkit.read.workbook import Sheet, Workbook

_IDS = (
    "student id",
    "student number",
    "student no",
    "student",
    "id",
    "id number",
    "matric",
    "matric no",
    "matriculation number",
    "candidate",
    "candidate number",
    "candidate no",
    "sid",
    "banner id",
    "username",
    "registration number",
    "spr code",
    "user id",
    "university id",
)
"""Headers under which identifiers stand, the likeliest first."""

_NO_WORK = re.compile(
    r"name|email|programme|program|course|rank|position|grade|class|comment|remark|attempt|year|stage|phone|"
    r"weight|tutor|date|gender|\bwords?\b|\bword ?count|\blength\b",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"total|overall|average|module mark|final mark|aggregate|sum", re.IGNORECASE)
_NUMBER = r"^[0-9]+(\.[0-9]+)?$"
_FEWEST_NUMBERS = 0.5
"""A column is of marks where at least this share of its filled cells are numbers or short codes."""
_MOST_HEADERS = 15


@dataclass(frozen=True)
class Column:
    """One column of a sheet, as it looks.

    Args:
        at: its position.
        name: how board.toml names it.
        use: ``id``, ``mark``, ``part`` of a mark that is a sum, ``total`` that is left out, or empty for one
            that is left out.
        component: the component it looks to be.
        out_of: the points that its header says its marks are out of.
        weight: the weight in percent that its header states.
    """

    at: int
    name: str
    use: str
    component: str = ""
    out_of: Decimal | None = None
    weight: Decimal | None = None


@dataclass(frozen=True)
class Layout:
    """One sheet as it looks.

    Args:
        sheet: its name.
        index: its place in the workbook.
        header: the rows of the header; none where no header was found.
        columns: its columns from the first that holds anything on.
        totals: rows of totals with the text at their front.
        codes: texts in mark columns that may be codes.
        number_ids: whether the identifiers are stored as numbers.
        doubts: what a person should look at.
        again: the row where a header stands again, under which nothing is read.
    """

    sheet: str
    index: int
    header: tuple[int, ...] = ()
    columns: tuple[Column, ...] = ()
    totals: dict[int, str] = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    number_ids: bool = False
    doubts: tuple[str, ...] = ()
    again: int | None = None

    def of(self, use: str) -> list[Column]:
        """Give the columns of one use."""
        return [column for column in self.columns if column.use == use]


def propose(book: Workbook, components: Sequence[str] = ()) -> list[Layout]:
    """Say what each filled sheet of a workbook looks like.

    Args:
        book: the workbook.
        components: the names of components that are known, from a components table.

    Returns:
        One layout a sheet that holds anything.
    """
    found = []
    for sheet in book.sheets:
        cells = book.cells.filter((pl.col("sheet") == sheet.index) & holds_something())
        if not cells.is_empty():
            found.append(_layout(cells, sheet, components))
    return found


def _layout(cells: pl.DataFrame, sheet: Sheet, components: Sequence[str]) -> Layout:
    rows = _header_rows(cells)
    if not rows:
        return Layout(
            sheet.name, sheet.index, doubts=("No row looks like a header. Say which, under header.",)
        )
    heads = read_headers(cells, rows, sheet)
    student = _id_column(heads)
    again = header_again(cells, rows, heads, student, heads.texts.keys() - {student})
    body = cells.filter(pl.col("row") > rows[-1])
    body = body if again is None else body.filter(pl.col("row") < again)
    heads = with_points(heads, body, student)
    totals, looks = _totals(body, student)
    students = body.filter(~pl.col("row").is_in(list(totals)))
    columns = tuple(
        _column(at, heads, students, student, components) for at in sorted({*heads.texts, *_filled(body)})
    )
    columns = _each_named(_with_parts(columns))
    marks = [column.at for column in columns if column.use == "mark"]
    codes = students.filter(
        pl.col("col").is_in(marks)
        & (pl.col("kind") == "text")
        & pl.col("text").str.contains(r"^[A-Za-z]{1,4}$")
    )["text"]
    ids = students.filter(pl.col("col") == student)["kind"]
    return Layout(
        sheet.name,
        sheet.index,
        rows,
        columns,
        totals,
        tuple(codes.str.to_uppercase().unique().sort().to_list()),
        bool(len(ids)) and bool((ids == "number").all()),
        (
            *_doubts(columns, heads),
            *look_later(sheet.name, columns, heads),
            *looks,
            *look_points(heads),
            *look_again(again),
        ),
        again,
    )


def _filled(body: pl.DataFrame) -> list[int]:
    return body["col"].unique().to_list()


def _header_rows(cells: pl.DataFrame) -> tuple[int, ...]:
    """Find the header: the row with an identifier's header, and the rows of text or maxima right under it."""
    top = cells.filter(pl.col("row") <= pl.col("row").min() + _MOST_HEADERS)
    named = top.with_columns(_name=pl.col("text").str.to_lowercase().str.replace_all(r"[\s\-_.:#*]", ""))
    wanted = [match(name) for name in _IDS]
    first = named.filter(pl.col("_name").is_in(wanted))["row"].min()
    if not isinstance(first, int):
        return ()
    id_col = named.filter((pl.col("row") == first) & pl.col("_name").is_in(wanted))["col"].min()
    rows = [first]
    above = cells.filter(pl.col("row") == first - 1)
    if above.height > 1 and above["col"].n_unique() > 1 and (above["kind"] == "text").all():
        rows.insert(0, first - 1)
    under = cells.filter((pl.col("row") == first + 1) & (pl.col("col") == id_col))
    next_row = cells.filter(pl.col("row") == first + 1)
    if under.is_empty() and not next_row.is_empty() and not _is_totals(next_row):
        rows.append(first + 1)
    return tuple(rows)


def _is_totals(row: pl.DataFrame) -> bool:
    front = row.sort("col")["text"][0]
    return front is not None and match(front).rstrip(":") in LABELS


def _id_column(heads: Headers) -> int:
    plain = {at: re.sub(r"[.:#*]", "", match(text)) for at, text in heads.texts.items()}
    for name in _IDS:
        called = [at for at, text in plain.items() if match(name) in (text, match(text))]
        if called:
            return called[0]
    return next((at for at, text in plain.items() if any(match(name) in text for name in _IDS[:4])), 0)


def _totals(body: pl.DataFrame, student: int) -> tuple[dict[int, str], list[str]]:
    """Find the rows that hold totals: by the text at their front, or where formulas stand and nothing names anybody.

    What may be a student's row is no row of totals, and is to be looked at.
    """
    named, students = called_totals(body, student, LABELS)
    has_student = body.filter(pl.col("col") == student)["row"].unique()
    sums = body.filter(pl.col("formula") & ~pl.col("row").is_in([*has_student, *named["row"]]))
    text = (pl.col("kind") == "text") & ~pl.col("formula")
    of_somebody = body.filter(text & pl.col("row").is_in(sums["row"].implode()))["row"].unique().sort()
    numbers = sums.filter(~pl.col("row").is_in(of_somebody.implode()))["row"].unique().sort()
    looks = [*map(_called_totals, students["row"]), *map(_unnamed, of_somebody)]
    return {**dict.fromkeys(numbers.to_list(), ""), **dict(named.iter_rows())}, looks


def _column(
    at: int, heads: Headers, students: pl.DataFrame, student: int, components: Sequence[str]
) -> Column:
    name, text = heads.name(at), heads.texts.get(at, "")
    if at == student:
        return Column(at, name, "id")
    cells = students.filter(pl.col("col") == at)
    known = {match(component): component for component in components}
    plain = heads.plain(at)
    component = known.get(match(plain), known.get(match(text), ""))
    numbers = cells.filter((pl.col("kind") == "number") | pl.col("text").str.contains(_NUMBER)).height
    marks = bool(component) or (cells.height > 0 and numbers >= _FEWEST_NUMBERS * cells.height)
    if not text or not marks or (_NO_WORK.search(text) and not component):
        return Column(at, name, "")
    summed = cells.height > 0 and bool(cells["formula"].all())
    if not component and (_TOTAL.search(text) or summed):
        return Column(at, name, "total", plain, heads.maximum(at))
    return Column(at, name, "mark", component or plain, heads.maximum(at), heads.weight(at))


def _with_parts(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Take a total for the mark where its points are those of all the others together, which are its parts."""
    totals = [column for column in columns if column.use == "total"]
    parts = [column for column in columns if column.use == "mark"]
    points = [column.out_of for column in parts if column.out_of is not None]
    if len(totals) != 1 or len(points) < len(parts) or len(parts) < 2 or totals[0].out_of != sum(points):  # noqa: PLR2004
        return columns
    uses = {"total": "mark", "mark": "part"}
    return tuple(replace(column, use=uses.get(column.use, column.use)) for column in columns)


def _each_named(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Tell components apart whose headers are alike, by their letters."""
    names = [column.component for column in columns if column.use == "mark"]
    return tuple(
        replace(column, component=f"{column.component} {letters(column.at)}")
        if column.use == "mark" and names.count(column.component) > 1
        else column
        for column in columns
    )


def _doubts(columns: Sequence[Column], heads: Headers) -> list[str]:
    said = []
    if not any(column.use == "id" for column in columns):
        said.append("No column looks like identifiers. Say which, under id.")
    if not any(column.use == "mark" for column in columns):
        said.append("No column looks like marks. Say which, under marks.")
    said += [
        f'Column {letters(column.at)}, "{heads.texts.get(column.at, "")}", looks like a total and is left out. '
        "If it is the mark, name it in place of its parts."
        for column in columns
        if column.use == "total"
    ]
    return said


def _called_totals(row: int) -> str:
    return (
        f"Row {row} begins as totals do, and holds an identifier: it is a student's. "
        "If it holds totals, clear the identifier."
    )


def _unnamed(row: int) -> str:
    return (
        f"Row {row} has formulas and text, and no identifier: it may be a student's. "
        "If it holds totals, name it under totals."
    )
