"""Saved: a workbook of openpyxl's written in memory, and held against the one that it was made of."""

from __future__ import annotations

import io
import sys
import warnings
import zipfile
from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit.read.grid import DIGITS
from boardkit.read.limits import Guard, Limits
from boardkit.read.package import Package
from boardkit.read.workbook import from_package
from boardkit.report.marked.which import refusal

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook as Copy
    from openpyxl.worksheet.worksheet import Worksheet

    from boardkit.read.workbook import Workbook

_DAY = (1980, 1, 1, 0, 0, 0)
"""The first day that a package can state."""


class _Undated(zipfile.ZipFile):
    """A package whose parts all are of one day."""

    def writestr(
        self,
        zinfo_or_arcname: Any,
        data: Any,
        compress_type: int | None = zipfile.ZIP_DEFLATED,
        compresslevel: int | None = None,
    ) -> None:
        """Write a part."""
        part = zipfile.ZipInfo(zinfo_or_arcname, _DAY)
        super().writestr(part, data, compress_type, compresslevel)


def save(copy: Copy) -> bytes:
    """Write a workbook of openpyxl's in memory, the same bytes for the same workbook.

    Examples:
        >>> from openpyxl import Workbook
        >>> book = Workbook()
        >>> save(book) == save(book)
        True
    """
    from openpyxl.worksheet._writer import WorksheetWriter  # noqa: PLC0415 - openpyxl's own puts marks in a file
    from openpyxl.writer.excel import ExcelWriter  # noqa: PLC0415

    out = io.BytesIO()
    with _Undated(out, "w") as package:
        writer = ExcelWriter(copy, package)

        def write_sheet(leaf: Worksheet) -> None:
            leaf._drawing = _drawing(leaf)  # noqa: SLF001
            held = WorksheetWriter(leaf, io.BytesIO())
            held.write()
            leaf._rels = held._rels  # noqa: SLF001
            package.writestr(leaf.path[1:], held.out.getvalue())
            writer.manifest.append(leaf)

        writer.write_worksheet = write_sheet
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            writer.write_data()
    return out.getvalue()


def _drawing(leaf: Worksheet) -> Any:
    """Give the charts and pictures of a sheet as they are written."""
    from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing  # noqa: PLC0415

    drawing = SpreadsheetDrawing()
    drawing.charts, drawing.images = leaf._charts, leaf._images  # noqa: SLF001
    return drawing


def refuse_changed(path: Path, content: bytes, read: Workbook, own: str) -> None:
    """Read a copy again and refuse it where it does not hold every cell as it was.

    Args:
        path: the workbook that was copied, for messages.
        content: the copy's bytes.
        read: the workbook as boardkit reads it.
        own: the sheet that was added.

    Raises:
        CallError: a cell differs; of formulas, whether one stands there.
    """
    guard = Guard(path, Limits(**dict.fromkeys(Limits.__dataclass_fields__, sys.maxsize)))
    again = from_package(Package(content, guard), guard)
    before, after = _comparable(read), _comparable(again).filter(pl.col("name") != own)
    if not before.equals(after):
        raise refusal(path, "the copy would not hold every cell as it is")


def _comparable(book: Workbook) -> pl.DataFrame:
    """Give cells by the names of their sheets; a formula by its place, since its result is not saved."""
    names = {sheet.index: sheet.name for sheet in book.sheets}
    number = pl.col("text").cast(pl.Float64, strict=False).round_sig_figs(DIGITS).cast(pl.String)
    counted = pl.when(pl.col("kind") == "number").then(pl.coalesce(number, "text")).otherwise("text")
    worked_out = pl.col("formula")
    return (
        book.cells.filter(worked_out | (pl.col("text") != ""))
        .select(
            pl.col("sheet").replace_strict(names, return_dtype=pl.String).alias("name"),
            "row",
            "col",
            "formula",
            "hidden",
            "merged_into",
            pl.when(~worked_out).then(pl.col("kind").cast(pl.String)).alias("kind"),
            pl.when(~worked_out).then(counted).alias("text"),
            "format",
        )
        .sort("name", "row", "col")
    )
