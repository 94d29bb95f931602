"""A folder of tables: one file each, told of or refused where it cannot be used."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import polars as pl
import pytest

import boardkit as bk
from boardkit.errors import BoardkitError, CallError, FileError
from boardkit.read import read
from boardkit.read.folder import from_folder

if TYPE_CHECKING:
    from pathlib import Path

MARKS = "student_id,module,component,mark\n00000001,PS1,Exam,61\n"
FRAME = pl.DataFrame({"student_id": ["1"], "module": ["PS1"], "component": ["Exam"], "mark": [61.5]})


def folder(at: Path, **files: str | bytes) -> Path:
    for name, content in files.items():
        path = at / name.replace("__", ".")
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return at


def refusal(path: Path) -> str:
    with pytest.raises(BoardkitError) as refused:
        read(path)
    sentence = str(refused.value)
    assert sentence.startswith("cannot ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert str(path.parent) not in sentence
    return sentence


def test_files_are_tables_by_their_names(tmp_path: Path) -> None:
    folder(
        tmp_path,
        Marks__CSV=MARKS,
        notes__txt="see me",
        marks_2__csv="a\n",
        **{"~$x.csv": "a", ".hidden": "b"},
    )
    FRAME.select("student_id").with_columns(award=pl.lit("honours")).write_parquet(
        tmp_path / "STUDENTS.parquet"
    )
    (tmp_path / "old").mkdir()
    raws, sources, problems, files = from_folder(tmp_path)
    assert {raw.table for raw in raws} == {"marks", "students"}
    assert {sources[raw.source].file for raw in raws} == {"Marks.CSV", "STUDENTS.parquet"}
    assert {file.name for file in files} == {"Marks.CSV", "STUDENTS.parquet"}
    said = pl.concat(problems)["message"].to_list()
    assert [sentence.split()[2] for sentence in said] == ["marks_2.csv", "notes.txt", "old"]


def test_a_table_in_two_files_is_refused(tmp_path: Path) -> None:
    folder(tmp_path, marks__csv=MARKS)
    FRAME.write_parquet(tmp_path / "marks.parquet")
    assert refusal(tmp_path) == (
        f"cannot use {tmp_path.name}: marks.csv and marks.parquet both hold the marks table. Keep one."
    )


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    assert "no file in it is named after a table" in refusal(folder(tmp_path, notes__txt="x"))


def test_a_folder_without_marks_is_refused(tmp_path: Path) -> None:
    assert "there is no marks table" in refusal(
        folder(tmp_path, students__csv="student_id,award\n1,honours\n")
    )


RESULTS = "student_id,module,scqf_level,credits,mark,outcome\n1,X,8,20,50,pass\n"


def test_earlier_results_without_marks_are_refused_with_the_way_out(tmp_path: Path) -> None:
    said = refusal(folder(tmp_path, students__csv="student_id,award\n1,honours\n", results__csv=RESULTS))
    assert said == (
        f"cannot use {tmp_path.name}: there is no marks table. Add a sheet or file called marks. Where earlier boards' "
        "results are all there is, it holds its column names and no rows: student_id, module, component."
    )


def test_earlier_results_and_a_marks_table_of_column_names_are_a_board(tmp_path: Path) -> None:
    folder(
        tmp_path,
        students__csv="student_id,award\n1,honours\n",
        results__csv=RESULTS,
        marks__csv="student_id,module,component\n",
    )
    board = bk.assess(bk.read(tmp_path), "qmu-2022", study="undergraduate")
    assert board.polars.modules["outcome"].to_list() == ["pass"]
    assert board.polars.progression["decision"].to_list() == ["continue"]
    empty = board.polars.problems.filter(pl.col("code") == "table-empty")["message"].to_list()
    assert empty == [
        "The marks table has a header and no rows. Fill it in, or leave it so where earlier results are all there is."
    ]


def test_columns_that_are_missing_are_named_all_at_once(tmp_path: Path) -> None:
    folder(
        tmp_path,
        marks__csv="student_id,mark\n1,60\n",
        students__csv="name\nSecret\n",
        modules__csv="module,Credits,credits\nA,1,2\n",
    )
    pl.DataFrame({"module": ["A"]}).write_parquet(tmp_path / "components.parquet")
    sentence = refusal(tmp_path)
    assert sentence == (
        f"cannot use {tmp_path.name}: components.parquet has no column component, weight; "
        "marks.csv has no column module, component; modules.csv has no column scqf_level; "
        "modules.csv has more than one column credits; students.csv has no column student_id, award. "
        "Give each of them one column, named in the header."
    )


def test_a_parquet_file_that_is_none_is_refused(tmp_path: Path) -> None:
    assert "it is not a Parquet file" in refusal(folder(tmp_path, marks__parquet="Secret"))


@pytest.mark.parametrize("cut", [0, 4, 40, -1, -8])
def test_a_parquet_file_cut_off_is_refused(tmp_path: Path, cut: int) -> None:
    FRAME.write_parquet(tmp_path / "marks.parquet")
    whole = (tmp_path / "marks.parquet").read_bytes()
    (tmp_path / "marks.parquet").write_bytes(whole[:cut])
    assert "it is not a Parquet file" in refusal(tmp_path)


def test_an_empty_file_is_refused_by_its_name(tmp_path: Path) -> None:
    assert refusal(folder(tmp_path, marks__csv=MARKS, students__csv="")) == (
        "cannot use students.csv: it is empty. Export it again."
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    folder(tmp_path, marks__csv=MARKS)
    (tmp_path / "marks.csv").chmod(0)
    with pytest.raises(FileError, match="it cannot be read"):
        read(tmp_path)


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CallError, match=r"cannot find nothing\. Check the path\."):
        read(tmp_path / "nothing")


@pytest.mark.parametrize("kind", ["a folder", "a link to nowhere"])
def test_a_table_that_is_no_file_is_refused(tmp_path: Path, kind: str) -> None:
    (tmp_path / "marks.csv").write_text("student_id,module,component\n1,M,C\n", "utf-8")
    if kind == "a folder":
        (tmp_path / "results.csv").mkdir()
    else:
        (tmp_path / "results.csv").symlink_to(tmp_path / "nowhere.csv")
    with pytest.raises(FileError, match=r"results\.csv: it is a folder, or leads nowhere"):
        read(tmp_path)
