"""The moderation form: a workbook with a row a script of a sample, to be filled in and read back."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Any

import polars as pl
import xlsxwriter

from boardkit.errors import CallError
from boardkit.guard import unguarded
from boardkit.moderation.files import TABLE
from boardkit.moderation.sheets import lines_of, width_of
from boardkit.moderation.verify import read_certificate
from boardkit.report.workbook import CREATED, OPTIONS
from boardkit.report.workbook.formats import Formats
from boardkit.report.workbook.page import A4, MARGIN, MARGIN_BOTTOM, PAGE, ROW, across, set_footer, set_width

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from xlsxwriter.worksheet import Worksheet

SHEET, ABOUT, LIST = "Moderation", "About", "Sample"
DRAWN = ("module", "component", "attempt", "who")
"""What the sheet Sample, which is hidden, lists of every script: the form read back is held against it."""
FILLED = ("second_marker", "second_mark", "agreed_mark", "comment")
"""What a moderator fills in; an external examiner is not asked for an agreed mark (5.7.5)."""
SAID = ("kind", "for", "seed", "regulations", "sample_sha256")
"""What the form says of the sample it is of."""
KIND = "boardkit moderation form"

_TO_FILL = {"second_marker": 16, "second_mark": 13, "agreed_mark": 13, "comment": 26}
_NARROWEST, _WIDEST = 6, 22
"""How narrow and how wide the columns may be, in digits, so that a form can be read on A4; longer texts are wrapped."""
_TALL = 18
"""How tall a row is at least, in points, so that it can be written in by hand."""
_SPARE = 0.93
"""How much of a page's width is used: programs round the widths of columns up."""
_BREAKS = 1_023
"""So many breaks of pages a sheet may have."""
_MOST = 100
"""The most of a mark."""
_WHOLE = 100
"""Full size, in percent."""


def filled_by(purpose: str) -> tuple[str, ...]:
    """Give the columns to be filled in on a form for somebody."""
    return FILLED if purpose == "internal" else tuple(name for name in FILLED if name != "agreed_mark")


def make_form(folder: Path) -> bytes:
    """Make the form of a sample.

    Args:
        folder: the folder that ``boardkit sample`` wrote.

    Returns:
        A workbook, the same bytes for the same sample: a sheet to fill in, and one that says of what it is.

    Raises:
        CallError: the folder holds no sample, or its table was changed.
    """
    said = read_certificate(folder)
    rows = read_table(folder, said)
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, OPTIONS)
    book.set_properties({"title": "Moderation", "created": CREATED})
    formats = Formats(book)
    filled = filled_by(str(said["for"]))
    sheet = book.add_worksheet(SHEET)
    _rows(sheet, formats, rows, filled)
    _about(book.add_worksheet(ABOUT), formats, said)
    _list(book.add_worksheet(LIST), rows)
    book.close()
    return buffer.getvalue()


def read_table(folder: Path, said: dict[str, Any]) -> pl.DataFrame:
    """Read the table of a sample as it was written, every cell as text.

    Raises:
        CallError: it is not there, or is not what its certificate vouches for.
    """
    try:
        content = (folder / TABLE).read_bytes()
    except OSError as error:
        raise CallError(f"cannot use {folder.name}: it holds no {TABLE}.") from error
    if hashlib.sha256(content).hexdigest() != said.get("sample_sha256"):
        raise CallError(
            f"cannot use {folder.name}: {TABLE} is not as boardkit wrote it. Draw the sample again with its seed."
        )
    table = pl.read_csv(content, infer_schema=False)
    return table.with_columns(unguarded(pl.all()))


def _rows(sheet: Worksheet, formats: Formats, rows: pl.DataFrame, filled: tuple[str, ...]) -> None:
    """Write the scripts, and beside each the cells to fill in."""
    widths = {name: width_of(rows[name], _NARROWEST, _WIDEST) for name in rows.columns}
    heads = {**widths, **{name: _TO_FILL[name] for name in filled}}
    for at, (head, width) in enumerate(heads.items()):
        set_width(sheet, at, at, width)
        sheet.write_string(0, at, head, formats.head)
    for row, lines in enumerate(lines_of(rows, widths), start=1):
        sheet.set_row(row, max(_TALL, lines * ROW))
    for row, values in enumerate(rows.iter_rows(named=True), start=1):
        _script(sheet, formats, row, values)
        for at in range(rows.width, len(heads)):
            sheet.write_blank(row, at, None, formats.to_fill)
    names, last = list(heads), rows.height
    sheet.freeze_panes(1, names.index(_who(rows)) + 1)
    _print(sheet, rows, heads.values())
    if last:
        sheet.autofilter(0, 0, last, len(heads) - 1)
        sheet.conditional_format(1, 0, last, len(heads) - 1, {"type": "no_errors", "format": formats.lines})
        for head in ("second_mark", "agreed_mark"):
            if head in filled:
                at = names.index(head)
                sheet.data_validation(1, at, last, at, _validation())


def _script(sheet: Worksheet, formats: Formats, row: int, values: dict[str, str | None]) -> None:
    """Write what is known of one script."""
    for at, (head, value) in enumerate(values.items()):
        if value is None:
            continue
        if head in {"mark", "attempt", "order"}:
            sheet.write_number(row, at, float(value), formats.exact(2 if head == "mark" else 0))
        else:
            sheet.write_string(row, at, value)


def _print(sheet: Worksheet, rows: pl.DataFrame, widths: Iterable[int]) -> None:
    """Print a form on A4 on its side, each module on pages of its own, so that it can go to who looks at it.

    It is made smaller by a number and not to fit, since Excel breaks no page by itself where it fits.
    """
    _page(sheet)
    sheet.set_print_scale(min(_WHOLE, int(_WHOLE * _SPARE * PAGE / across(widths))))
    sheet.repeat_rows(0)
    first = rows.with_row_index("row", 1).filter(pl.col("module") != pl.col("module").shift())
    sheet.set_h_pagebreaks(first["row"].to_list()[:_BREAKS])


def _page(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=MARGIN, right=MARGIN, top=MARGIN, bottom=MARGIN_BOTTOM)
    set_footer(sheet, "Moderation")


def _list(sheet: Worksheet, rows: pl.DataFrame) -> None:
    """Write which scripts were drawn, where nobody types."""
    for row, values in enumerate(rows.select(*DRAWN[:3], _who(rows)).iter_rows()):
        for at, value in enumerate(values):
            sheet.write_string(row, at, value)
    sheet.hide()


def _who(rows: pl.DataFrame) -> str:
    return next(name for name in rows.columns if name in {"student_id", "script_id"})


def _validation() -> dict[str, Any]:
    return {
        "validate": "decimal",
        "criteria": "between",
        "minimum": 0,
        "maximum": _MOST,
        "input_title": "Mark",
        "input_message": "0 to 100, with two places at most.",
        "error_title": "Not a mark",
        "error_message": "Type a number from 0 to 100.",
    }


def _about(sheet: Worksheet, formats: Formats, said: dict[str, Any]) -> None:
    """Write what the form is of, and how it is filled in."""
    set_width(sheet, 0, 0, 16)
    set_width(sheet, 1, 1, 88)
    _page(sheet)
    told = {
        "kind": KIND,
        "for": str(said["for"]),
        "seed": str(said["seed"]),
        "regulations": str(said["regulations"]["id"]),
        "sample_sha256": str(said["sample_sha256"]),
    }
    for row, (name, value) in enumerate(told.items()):
        sheet.write_string(row, 0, name, formats.bold)
        sheet.write_string(row, 1, value)
    clauses = said["clauses"]
    agreed = f"agreed_mark: where the two differ, the one mark that both agree{_cited(clauses, 'agreed_mark')}. Nothing is averaged."
    whole = (
        f"An external examiner changes no single mark{_cited(clauses, 'whole_cohort')}: what is of concern is said of the "
        "whole cohort."
    )
    lines = [
        "Fill in the yellow cells alone; leave a script that was not looked at blank.",
        "second_mark: your own mark, 0 to 100, with two places at most; second_marker: who you are.",
        whole if said["for"] == "external" else agreed,
        "comment: what you found. Do not name the student.",
    ]
    for row, line in enumerate(lines, start=len(told) + 1):
        sheet.write_string(row, 1, line)


def _cited(clauses: dict[str, Any], name: str) -> str:
    """Cite the clause that the certificate gives, where it gives one."""
    return f" ({clauses[name]})" if name in clauses else ""
