"""Rewritten: a workbook of openpyxl's saved in memory, its parts, and its cells as boardkit's own reader finds them again."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit.read.limits import Guard, Limits
from boardkit.read.package import Package
from boardkit.read.workbook import from_package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from openpyxl import Workbook as Book
    from openpyxl.worksheet.worksheet import Worksheet

    from boardkit.read.workbook import Workbook

KEPT = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(app|core|custom)\.xml"
    r"|xl/(workbook|styles|sharedStrings|calcChain)\.xml|xl/_rels/workbook\.xml\.rels|xl/theme/theme1\.xml"
    r"|xl/worksheets/sheet[0-9]+\.xml|xl/worksheets/_rels/sheet[0-9]+\.xml\.rels"
    r"|xl/printerSettings/printerSettings[0-9]+\.bin",
    re.IGNORECASE,
)
"""Parts that openpyxl writes again. A printer's own settings are no part of the sheet; how it is set up to print is."""

DROPPED = {
    r"xl/(vbaproject|vbadata|macrosheets/|dialogsheets/)": "macros",
    r"xl/(ctrlprops|activex|featurepropertybag)/": "buttons and boxes to tick",
    r"xl/embeddings/": "embedded files",
    r"xl/(slicer|timeline)": "slicers",
    r"xl/(connections\.xml|querytables/|model/)": "links to other data",
    r"customxml/": "data of another program",
    r"xl/richdata/": "pictures or data types in cells",
}
"""What openpyxl drops, by the part that holds it."""

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


def save(book: Book) -> bytes:
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
        writer = ExcelWriter(book, package)

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


def read_again(path: Path, content: bytes, limits: Limits | None = None) -> Workbook:
    """Read a workbook that is no file yet.

    Args:
        path: the file that it is made of or for, for messages.
        content: its bytes.
        limits: how much it may ask for; the defaults where not given.

    Raises:
        FileError: it cannot be used.
    """
    guard = Guard(path, limits or Limits())
    return from_package(Package(content, guard), guard)


def comparable(book: Workbook) -> pl.DataFrame:
    """Give every cell of a workbook with the ``name`` of its sheet in place of its number, sorted by that.

    Examples:
        >>> from pathlib import Path
        >>> from boardkit.read.workbook import read_workbook
        >>> comparable(read_workbook(Path("data/samples/psychology-2022.xlsx"))).columns[:3]
        ['name', 'row', 'col']
    """
    names = {sheet.index: sheet.name for sheet in book.sheets}
    name = pl.col("sheet").replace_strict(names, return_dtype=pl.String).alias("name")
    return book.cells.select(name, pl.exclude("sheet")).sort("name", "row", "col")


def parts(content: bytes) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Give the parts of a package that boardkit's own reader accepts.

    Args:
        content: its bytes.

    Yields:
        A part's name, with slashes, and what unpacks it: not every part is needed, or was held to its limits.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            part = name.replace("\\", "/").lstrip("/")
            if not part.endswith("/"):
                yield part, partial(package.read, name)


def plain(markup: bytes) -> bytes:
    r"""Give a part as its tags can be looked for in it, whether it is in UTF-8 or in UTF-16.

    Examples:
        >>> plain("<f/>".encode("utf-16-le"))
        b'<f/>'
    """
    return markup.replace(b"\0", b"")
