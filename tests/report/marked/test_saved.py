"""Saved copies: the same bytes at every time, and none that differs from what was read."""

from __future__ import annotations

import datetime as dt
import io
import os
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
import xlsxwriter

import boardkit.report.marked
from boardkit.errors import BoardkitError, CallError
from boardkit.read.cells import KINDS
from boardkit.read.limits import Limits
from boardkit.read.workbook import read_workbook
from boardkit.report.marked.loaded import load
from boardkit.report.marked.saved import refuse_changed
from boardkit.rewritten import save
from tests.check import boards
from tests.check.boards import retouched
from tests.report.marked.copies import board, content, furnished, opened, png

if TYPE_CHECKING:
    from tests.conftest import Call


def test_the_same_bytes_at_every_time_and_the_users_own_days(tmp_path: Path) -> None:
    path = board(tmp_path, {"Marks!E2": "6O"}, furnished)
    first = content(path)
    assert content(path) == first
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = opened(io.BytesIO(first)).properties
    assert (properties.creator, properties.created) == ("Registry", dt.datetime(2020, 5, 17, 9))  # noqa: DTZ001
    assert properties.modified == opened(io.BytesIO(path.read_bytes())).properties.modified


def test_a_copy_that_would_differ_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = board(tmp_path)
    other = boards.write(boards.spoil(boards.Fault("", at={"Marks!E2": 62})), tmp_path / "other.xlsx")
    monkeypatch.setattr(boardkit.report.marked, "save", lambda _: path.read_bytes())
    content(path)
    monkeypatch.setattr(boardkit.report.marked, "save", lambda _: other.read_bytes())
    with pytest.raises(CallError, match="would not hold every cell as it is"):
        content(path)


def test_a_copy_that_cannot_be_written_is_refused_without_what_is_in_it(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise ValueError("Ada Lovelace")

    path = board(tmp_path)
    monkeypatch.setattr("openpyxl.writer.excel.ExcelWriter.write_data", failing)
    code, _, error = call("check", path, "--mark-up", tmp_path / "marked.xlsx")
    assert code == 2
    assert error.startswith(
        "boardkit: cannot mark up board.xlsx: openpyxl, which makes the copy, cannot write it. Open it"
    )
    assert "Ada" not in error


def test_a_picture_that_cannot_be_written_again_is_refused_in_a_line(call: Call, tmp_path: Path) -> None:
    images = pytest.importorskip("PIL.Image")
    held = io.BytesIO()
    images.new("CMYK", (1, 1)).save(held, "TIFF")
    path = tmp_path / "marks.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Marks").write_row("A1", ["student_id", "module", "component", "mark"])
    book.get_worksheet_by_name("Marks").insert_image("H1", "crest.png", {"image_data": io.BytesIO(png())})
    book.close()
    retouched(path, lambda name, data: held.getvalue() if name.startswith("xl/media/") else data)
    code, _, error = call("check", path, "--study", "undergraduate", "--mark-up", tmp_path / "marked.xlsx")
    assert code == 2
    assert error.count("\n") == 1
    assert "openpyxl, which makes the copy, cannot write it" in error


CHANGES = {
    "format": pl.when(pl.col("row") == 2).then(pl.lit("0.0")).otherwise("format").alias("format"),
    "hidden": ~pl.col("hidden"),
    "merged": pl.lit("A1").alias("merged_into"),
    "text": pl.when(pl.col("kind") == "number").then(pl.col("text") + "0").otherwise("text").alias("text"),
    "raw": pl.when(pl.col("kind") == "date").then(pl.col("raw") + "0").otherwise("raw").alias("raw"),
    "kind": pl.when(pl.col("kind") == "date")
    .then(pl.lit("text", pl.Enum(KINDS.categories)))
    .otherwise("kind")
    .alias("kind"),
    "formula": ~pl.col("formula"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_all_that_is_read_of_a_cell_is_compared(tmp_path: Path, change: pl.Expr) -> None:
    path = board(tmp_path)
    read = read_workbook(path)
    refuse_changed(path, path.read_bytes(), read, "")
    with pytest.raises(CallError, match="would not hold every cell as it is"):
        refuse_changed(path, path.read_bytes(), replace(read, cells=read.cells.with_columns(change)), "")


def test_a_copy_without_a_comment_that_it_is_to_hold_is_refused(tmp_path: Path) -> None:
    path = board(tmp_path)
    read = read_workbook(path)
    sheets = (*read.sheets[:-1], replace(read.sheets[-1], comments=("A1",)))
    with pytest.raises(CallError, match="would not hold every comment"):
        refuse_changed(path, path.read_bytes(), replace(read, sheets=sheets), "")


@pytest.mark.skipif(
    not os.environ.get("BOARDKIT_TEST_DATA"),
    reason="BOARDKIT_TEST_DATA does not name the folder with the test files",
)
def test_every_public_workbook_is_copied_with_all_its_cells() -> None:
    copied = 0
    for path in sorted(Path(os.environ["BOARDKIT_TEST_DATA"]).rglob("*.xls[xm]")):
        try:
            read_workbook(path)
        except BoardkitError:
            continue
        loaded = load(path, path.read_bytes(), Limits())
        refuse_changed(path, save(loaded.copy), loaded.read, "")
        copied += 1
    assert copied >= 48
