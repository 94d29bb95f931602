"""What is marked up and what is refused: in a line, before anything is read or written where that can be."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import openpyxl
import polars as pl
import pytest

import boardkit as bk
import boardkit.report.marked
from boardkit import whole
from boardkit.errors import CallError
from boardkit.marking_up import write_mark_up
from boardkit.opening import Asked
from boardkit.report.marked import mark_up
from boardkit.report.marked.which import book_of
from tests.check import boards
from tests.read import test_marksheet_faults
from tests.report.marked.copies import PACK, board, listed

if TYPE_CHECKING:
    from boardkit.cohort import Cohort
    from tests.conftest import Call


@pytest.fixture
def places_of(tmp_path: Path) -> Path:
    """What is asked for, and what is in the way."""
    board(tmp_path, {"Marks!E2": "6O"})
    boards.write_csv(boards.SOUND, tmp_path / "tables")
    boards.write_ods(boards.SOUND, tmp_path / "board.ods")
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "there.xlsx").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder.xlsx").mkdir()
    (tmp_path / "empty").mkdir()
    (tmp_path / "link.xlsx").hardlink_to(tmp_path / "board.xlsx")
    (tmp_path / "alias.xlsx").symlink_to(tmp_path / "board.xlsx")
    several(tmp_path / "several")
    one = test_marksheet_faults.write(tmp_path / "one")
    assert one.is_dir()
    return tmp_path


def several(folder: Path) -> None:
    test_marksheet_faults.write(folder)
    shutil.copy(folder / "marks.xlsx", folder / "resit.xlsx")
    toml = folder / "board.toml"
    text = toml.read_text("utf-8")
    again = text[text.index("[[sheets]]") :].replace("marks.xlsx", "resit.xlsx")
    again = again.replace("[[sheets]]", "[[sheets]]\nattempt = 2")
    toml.write_text(f"{text}\n{again}", "utf-8")


REFUSED = {
    "no-workbook-name": (
        "board.xlsx",
        "marked.csv",
        (),
        r"is not the name of a workbook\. Name a file that ends in \.xlsx",
    ),
    "the-input": ("board.xlsx", "board.xlsx", (), r"it is the input, or inside it"),
    "the-input-forced": ("board.xlsx", "board.xlsx", ("--force",), r"it is the input, or inside it"),
    "a-link-to-the-input": ("board.xlsx", "alias.xlsx", ("--force",), r"it is the input, or inside it"),
    "the-input-by-another-name": ("board.xlsx", "link.xlsx", ("--force",), r"it is a file that was read"),
    "inside-the-input": ("one", "one/marked.xlsx", (), r"it is the input, or inside it"),
    "over-a-file": ("board.xlsx", "there.xlsx", (), r"there\.xlsx is there already\. .* --force"),
    "over-a-folder": ("board.xlsx", "folder.xlsx", ("--force",), r"folder\.xlsx in it is a folder"),
    "under-a-file": ("board.xlsx", "file/marked.xlsx", (), r"file: it is a file\. Name a folder"),
    "a-folder-of-tables": (
        "tables",
        "marked.xlsx",
        (),
        r"cannot mark up tables: it is a folder of tables, and problems",
    ),
    "another-form": (
        "board.ods",
        "marked.xlsx",
        (),
        r"cannot mark up board\.ods: it is of another form.* Save it as an \.xlsx",
    ),
    "several-workbooks": (
        "several",
        "marked.xlsx",
        (),
        r"its board\.toml names 2 workbooks \(marks\.xlsx, resit\.xlsx\)",
    ),
    "another-form-before-it-is-read": ("empty", "marked.xlsx", (), r"it is a folder of tables"),
    "over-a-file-before-it-is-read": ("broken.xlsx", "there.xlsx", (), r"there\.xlsx is there already"),
    "not-there": ("nothing.xlsx", "marked.xlsx", (), r"cannot find nothing\.xlsx"),
    "not-usable": ("broken.xlsx", "marked.xlsx", (), r"cannot use broken\.xlsx"),
    "no-such-pack": ("board.xlsx", "marked.xlsx", ("--regulations", "none-2022"), r"none-2022"),
}


def everything(folder: Path) -> dict[str, bytes | None]:
    return {str(path): path.read_bytes() if path.is_file() else None for path in sorted(folder.rglob("*"))}


@pytest.mark.parametrize(("source", "out", "more", "why"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_marked_up_is_refused_in_a_line(  # noqa: PLR0913, PLR0917
    call: Call, places_of: Path, source: str, out: str, more: tuple[str, ...], why: str
) -> None:
    before = everything(places_of)
    code, printed, error = call("check", places_of / source, "--mark-up", places_of / out, *more)
    assert code == 2
    # What is known only once the input is read is told after its problems.
    assert (printed == "") is not (source == "several" or out == "link.xlsx")
    assert re.search(why, error), error
    assert error.count("\n") == 1
    assert everything(places_of) == before


def test_a_copy_is_written_over_what_is_there_where_that_is_asked(call: Call, places_of: Path) -> None:
    out = places_of / "there.xlsx"
    assert call("check", places_of / "board.xlsx", "--mark-up", out, "--force")[0] == 1
    assert openpyxl.load_workbook(out).sheetnames[0] == "Problems"
    assert out.stat().st_mode & 0o777 == 0o600


def test_force_is_for_the_marked_copy_alone(call: Call, places_of: Path) -> None:
    code, _, told = call("check", places_of / "board.xlsx", "--force")
    assert code == 2
    assert "--force is for the marked copy. Give --mark-up OUT.xlsx too, or leave --force out." in told


def test_a_file_that_came_meanwhile_is_not_written_over(places_of: Path) -> None:
    asked = Asked(places_of / "board.xlsx")
    cohort = bk.read(asked.source)
    with pytest.raises(CallError, match=r"there\.xlsx is there already"):
        write_mark_up(asked, places_of / "there.xlsx", cohort, cohort.polars.problems, None, force=False)
    assert (places_of / "there.xlsx").read_text() == "mine"


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="folders are locked in another way")
def test_a_folder_that_is_read_only(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, closed = board(tmp_path), tmp_path / "closed"
    closed.mkdir(mode=0o500)
    if os.geteuid() == 0:  # whom no folder is locked to

        def locked(*_: Any, **__: Any) -> Any:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(whole.tempfile, "mkdtemp", locked)
    code, _, error = call("check", path, "--mark-up", closed / "marked.xlsx")
    assert code == 2
    assert error == "boardkit: cannot write to closed: Permission denied. Nothing was written.\n"
    assert not list(closed.iterdir())


def test_a_copy_that_cannot_be_written_leaves_nothing(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, out = board(tmp_path), tmp_path / "new" / "marked.xlsx"

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    code, _, error = call("check", path, "--mark-up", out)
    assert code == 2
    assert error == "boardkit: cannot write to new: No space left on device. Nothing was written.\n"
    assert not out.parent.exists()


def test_a_workbook_that_changed_meanwhile_is_refused(tmp_path: Path) -> None:
    path = board(tmp_path)
    cohort = bk.read(path)
    board(tmp_path, {"Marks!E2": 62})
    with pytest.raises(CallError, match=r"board\.xlsx: it has changed since it was read"):
        mark_up(path, cohort, cohort.polars.problems, assessed=False)


def test_a_marksheet_of_a_board_folder_is_marked(call: Call, tmp_path: Path) -> None:
    folder, out = test_marksheet_faults.write(tmp_path / "board"), tmp_path / "marked.xlsx"
    students = folder / "students.csv"
    students.write_text(students.read_text("utf-8") + "00000001,ordinary\n", "utf-8")
    assert call("check", folder, *PACK, "--mark-up", out)[0] == 1
    book, problems = openpyxl.load_workbook(out), bk.assess(bk.read(folder), "qmu-2022").polars.problems
    assert book.sheetnames == ["Problems", "PS4 marks", "Notes"]
    rows = listed(book)[1]
    assert [row["File"] for row in rows] == problems["file"].to_list()
    assert {"students.csv", "board.toml", "marks.xlsx"} <= {row["File"] for row in rows}
    in_sheet = problems.filter(pl.col("cell").is_not_null(), file="marks.xlsx")
    merged = {"F40": "E40", **{f"{letter}3": "F3" for letter in "GHI"}}
    for row in in_sheet.rows(named=True):
        assert f"({row['code']})" in book["PS4 marks"][merged.get(row["cell"], row["cell"])].comment.text
    assert book["PS4 marks"]["A2"].comment is None  # row 2 of another file is not row 2 of this one


def test_a_folder_of_marksheets_that_is_a_sample(call: Call, tmp_path: Path) -> None:
    folder = Path("data/samples/marksheets-2022")
    code, _, error = call("check", folder, "--mark-up", tmp_path / "marked.xlsx")
    assert (code, error) == (0, "")
    assert openpyxl.load_workbook(tmp_path / "marked.xlsx").sheetnames[0] == "Problems"


def test_a_workbook_that_is_read_for_a_folder_is_found_and_others_are_refused(places_of: Path) -> None:
    one = places_of / "one"
    assert book_of(one, bk.read(one)) == one / "marks.xlsx"
    assert book_of(places_of / "board.xlsx", bk.read(one)) == places_of / "board.xlsx"
    with pytest.raises(CallError, match=r"cannot mark up tables: it is a folder of tables"):
        book_of(places_of / "tables", bk.read(places_of / "tables"))
    with pytest.raises(CallError, match=r"cannot mark up board\.ods: it is of another form"):
        book_of(places_of / "board.ods", bk.read(one))


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (["students.csv"], r"cannot mark up one: its board\.toml names no workbook"),
        (["marks.ods"], r"cannot mark up marks\.ods: it is of another form"),
        (["marks.xls"], r"cannot mark up marks\.xls: it is of another form"),
        (["marks.xlsx", "more.ods"], r"names 2 workbooks \(marks\.xlsx, more\.ods\)"),
    ],
)
def test_a_folder_without_one_workbook_of_that_form_is_refused(
    places_of: Path, names: list[str], why: str
) -> None:
    files = SimpleNamespace(files=[SimpleNamespace(name=name) for name in names])
    with pytest.raises(CallError, match=why):
        book_of(places_of / "one", cast("Cohort", files))


def test_a_copy_is_never_written_over_the_regulations(call: Call, places_of: Path) -> None:
    pack = places_of / "mine.toml"
    shutil.copy(next(Path("boardkit").rglob("qmu-2022.toml")), pack)
    out = places_of / "mine.xlsx"
    out.hardlink_to(pack)
    code, _, error = call(
        "check", places_of / "board.xlsx", "--regulations", pack, "--mark-up", out, "--force"
    )
    assert code == 2
    assert "it is a file that was read" in error
    assert out.read_bytes() == pack.read_bytes()
