"""Text in cells: what openpyxl writes is the text, whatever it looks like and whatever characters it has."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

from boardkit.cell_text import IMPOSSIBLE, write_text, written
from boardkit.read.workbook import read_workbook

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = {
    "plain": ("as minuted", "as minuted"),
    "like a character by its number": ("_x0041_", "_x005F_x0041_"),
    "like two of them": ("_x0041_x0042_", "_x005F_x0041_x005F_x0042_"),
    "like one, in small letters": ("_x00e9_", "_x005F_x00e9_"),
    "too short for one": ("_x41_", "_x41_"),
    "not closed": ("_x0041", "_x0041"),
    "a control character": ("a\x01b", "a_x0001_b"),
    "a return": ("a\rb", "a_x000D_b"),
    "a line feed and a tab": ("a\n\tb", "a\n\tb"),
    "half a letter": ("\ud800", "_xD800_"),
    "no letter": ("\uffff", "_xFFFF_"),
    "a letter of a higher plane": ("\U0001f600", "\U0001f600"),
}


@pytest.mark.parametrize(("text", "held"), TEXTS.values(), ids=TEXTS)
def test_a_text_is_written_as_a_workbook_holds_it(text: str, held: str) -> None:
    assert written(text) == held


@pytest.mark.parametrize(
    "text",
    [
        "as minuted",
        "=1+1",
        "+44 131",
        "_x0041_x0042_",
        "a\rb",
        "a\r\nb",
        "  blanks  ",
        "12",
        "TRUE",
        "#N/A",
        "2022-11-01",
    ],
)
@pytest.mark.parametrize("risky", [True, False])
def test_a_text_is_read_as_it_was_written_and_as_text(tmp_path: Path, text: str, *, risky: bool) -> None:
    book = Workbook()
    write_text(book["Sheet"]["A1"], text, like_formula=risky)
    held = io.BytesIO()
    book.save(held)
    path = tmp_path / "book.xlsx"
    path.write_bytes(held.getvalue())
    found = read_workbook(path).cells
    assert found.select("kind", "text", "formula").row(0) == ("text", text, False)
    assert bool(book["Sheet"]["A1"].quotePrefix) == risky


def test_the_format_of_a_cell_stays() -> None:
    cell = Workbook()["Sheet"]["A1"]
    cell.number_format = "0.00"
    write_text(cell, "6O")
    assert (cell.number_format, cell.data_type) == ("0.00", "s")


def test_what_no_workbook_can_hold_is_known() -> None:
    assert [IMPOSSIBLE.search(one) is not None for one in ("\x00", "\x0b", "\ufffe", "\t", "\n", "\r", "a")] == [
        True, True, True, False, False, False, False,
    ]  # fmt: skip
