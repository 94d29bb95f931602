"""Board folders with marksheets, made for a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

Rows = "Sequence[Sequence[Any]]"


@dataclass(frozen=True)
class Styled:
    """A value in a number format."""

    value: Any
    number_format: str


def workbook(
    path: Path,
    sheets: Mapping[str, Sequence[Sequence[Any]]],
    shape: Callable[[Workbook], object] | None = None,
) -> Path:
    """Write a workbook; None leaves a cell out."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for at, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                if isinstance(value, Styled):
                    sheet.cell(at, column, value.value).number_format = value.number_format
                elif value is not None:
                    sheet.cell(at, column, value)
    if shape is not None:
        shape(book)
    book.save(path)
    return path


def board(
    folder: Path,
    toml: str,
    sheets: Mapping[str, Sequence[Sequence[Any]]] | None = None,
    shape: Callable[[Workbook], object] | None = None,
    **tables: str,
) -> Path:
    """Write a board folder: board.toml, ``marks.xlsx`` with these sheets, and tables as CSV text."""
    folder.mkdir(exist_ok=True)
    (folder / "board.toml").write_text(toml, "utf-8")
    if sheets is not None:
        workbook(folder / "marks.xlsx", sheets, shape)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return folder
