"""A run's folder: private, whole or not at all, over nobody else's work, and the same bytes everywhere."""

from __future__ import annotations

import csv
import errno
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

import boardkit as bk
from boardkit import tables
from boardkit.demo import demo, write_folder
from boardkit.errors import CallError
from boardkit.report.changes import CHANGES
from boardkit.report.manifest import MANIFEST, written
from boardkit.report.printed import printed
from boardkit.report.run import BOOK, CALENDAR
from tests.test_cases import frames

if TYPE_CHECKING:
    from boardkit.board import BoardResult

CSVS = {f"{name}.csv" for name in tables.OUTPUT}
RUN_FILES = CSVS | {MANIFEST, BOOK, CALENDAR}
AGAIN_FILES = RUN_FILES | {CHANGES}
"""What a run writes over another one."""
PARQUETS = {f"{name}.parquet" for name in tables.OUTPUT}
FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture(scope="module")
def board() -> BoardResult:
    return bk.assess(bk.read(demo(15)), "qmu-2022")


@pytest.fixture(scope="module")
def other() -> BoardResult:
    return bk.assess(bk.read(demo(16, seed=5)), "qmu-2022")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


# ---- what is written ---------------------------------------------------------------------------------


@pytest.mark.parametrize("parquet", [False, True])
def test_files_are_private(tmp_path: Path, board: BoardResult, *, parquet: bool) -> None:
    before = os.umask(0)
    try:
        out = board.write(tmp_path / "out", parquet=parquet)
    finally:
        os.umask(before)
    assert names(out) == RUN_FILES | (PARQUETS if parquet else set())
    assert mode(out) == 0o700
    assert {mode(path) for path in out.iterdir()} == {0o600}
    assert names(tmp_path) == {"out"}


def test_manifest(tmp_path: Path, board: BoardResult) -> None:
    write_folder(demo(15), tmp_path / "in")
    read = bk.assess(bk.read(tmp_path / "in"), "qmu-2022")
    out = read.write(tmp_path / "out", parquet=True)
    manifest = json.loads((out / MANIFEST).read_text("utf-8"))
    assert manifest["counts"] == {name: board.polars[name].height for name in tables.OUTPUT}
    assert manifest["regulations"]["sha256"] == board.pack.digest
    assert manifest["outputs"].keys() == CSVS | PARQUETS | {BOOK, CALENDAR}
    for folder, listed in ((out, manifest["outputs"]), (tmp_path / "in", manifest["inputs"])):
        for name, told in listed.items():
            content = (folder / name).read_bytes()
            assert told == {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    assert manifest["inputs"].keys() == names(tmp_path / "in")
    assert str(tmp_path) not in (out / MANIFEST).read_text("utf-8")


def test_parquet_holds_the_tables(tmp_path: Path, board: BoardResult) -> None:
    out = board.write(tmp_path / "out", parquet=True)
    for name in tables.OUTPUT:
        assert pl.read_parquet(out / f"{name}.parquet").equals(board.polars[name]), name


# ---- where it is written -----------------------------------------------------------------------------


def test_a_folder_deep_down_that_is_not_there_yet(tmp_path: Path, board: BoardResult) -> None:
    assert names(board.write(tmp_path / "a" / "b" / "out")) == RUN_FILES


def test_twice_into_the_same_folder(tmp_path: Path, board: BoardResult, other: BoardResult) -> None:
    out = board.write(tmp_path / "out")
    first = contents(out)
    board.write(out)
    assert contents(out) == first
    other.write(out)
    assert names(out) == AGAIN_FILES
    assert contents(out)["awards.csv"] != first["awards.csv"]
    assert names(tmp_path) == {"out"}


def test_parquet_of_an_earlier_run_goes(tmp_path: Path, board: BoardResult, other: BoardResult) -> None:
    out = board.write(tmp_path / "out", parquet=True)
    other.write(out)
    assert names(out) == AGAIN_FILES


def test_other_files_stay(tmp_path: Path, board: BoardResult, other: BoardResult) -> None:
    out = tmp_path / "out"
    (out / "minutes" / "2023").mkdir(parents=True)
    (out / "minutes" / "2023" / "june.txt").write_text("agreed")
    (out / "notes.csv").write_text("mine")
    (out / "link.csv").symlink_to("notes.csv")
    inode = (out / "notes.csv").stat().st_ino
    board.write(out)
    other.write(out)
    assert names(out) == AGAIN_FILES | {"minutes", "notes.csv", "link.csv"}
    assert (out / "minutes" / "2023" / "june.txt").read_text() == "agreed"
    assert (out / "link.csv").readlink() == Path("notes.csv")
    assert (out / "notes.csv").stat().st_ino == inode


@pytest.mark.parametrize("there", [True, False])
def test_through_a_symbolic_link(
    tmp_path: Path, board: BoardResult, other: BoardResult, *, there: bool
) -> None:
    if there:
        (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to("real", target_is_directory=True)
    board.write(tmp_path / "out")
    other.write(tmp_path / "out")
    assert (tmp_path / "out").is_symlink()
    assert names(tmp_path / "real") == AGAIN_FILES
    assert names(tmp_path) == {"real", "out"}


def test_the_folder_one_stands_in_stays_that_folder(
    tmp_path: Path, board: BoardResult, other: BoardResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shell that stands in the folder sees the new files, not a folder that is gone."""
    out = tmp_path / "out"
    (out / "below").mkdir(parents=True)
    monkeypatch.chdir(out / "below")
    inode = out.stat().st_ino
    board.write("..", parquet=True)
    other.write("..")
    assert out.stat().st_ino == inode
    assert names(out) == AGAIN_FILES | {"below"}
    assert written(out).keys() == CSVS | {BOOK, CALENDAR, CHANGES}


# ---- over nobody else's work -------------------------------------------------------------------------


def refused(board: BoardResult, out: Path, match: str, **how: bool) -> None:
    before = contents(out.parent)
    with pytest.raises(CallError, match=match):
        board.write(out, **how)
    assert contents(out.parent) == before


def test_a_file_that_boardkit_did_not_write(tmp_path: Path, board: BoardResult) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "awards.csv").write_text("mine")
    refused(board, out, r"cannot write to out: awards.csv was not written by boardkit.* add --force")
    board.write(out, force=True)
    assert names(out) == RUN_FILES


def test_a_file_changed_since(tmp_path: Path, board: BoardResult) -> None:
    out = board.write(tmp_path / "out")
    for name in ("awards.csv", "modules.csv"):
        with (out / name).open("a") as file:
            file.write("a note\n")
    refused(board, out, r"awards\.csv, modules\.csv were not written by boardkit, or changed since")
    board.write(out, force=True)
    assert b"a note" not in contents(out)["awards.csv"]


def test_a_parquet_file_changed_since_is_not_swept_away(tmp_path: Path, board: BoardResult) -> None:
    """The next run would write no Parquet, and so would only remove it."""
    out = board.write(tmp_path / "out", parquet=True)
    (out / "awards.parquet").write_bytes(b"mine now")
    refused(board, out, r"awards\.parquet was not written by boardkit, or changed since")


@pytest.mark.parametrize(
    "text", ["{}", "not json", '{"outputs": []}', '{"outputs": {}}', "[1]", '{"outputs": {"a": 1}}']
)
def test_somebody_elses_manifest(tmp_path: Path, board: BoardResult, text: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / MANIFEST).write_text(text)
    refused(board, out, r"manifest\.json was not written by boardkit")


def test_a_manifest_vouches_for_its_own_folder_alone(tmp_path: Path, board: BoardResult) -> None:
    out = board.write(tmp_path / "out")
    (tmp_path / "private.txt").write_text("mine")
    manifest = json.loads((out / MANIFEST).read_text())
    digest = hashlib.sha256(b"mine").hexdigest()
    manifest["outputs"] |= {"../private.txt": {"sha256": digest}, "": {"sha256": digest}}
    (out / MANIFEST).write_text(json.dumps(manifest))
    board.write(out)
    assert (tmp_path / "private.txt").read_text() == "mine"
    assert names(out) == RUN_FILES


@pytest.mark.parametrize("force", [False, True])
def test_a_folder_named_like_a_table_is_never_removed(
    tmp_path: Path, board: BoardResult, *, force: bool
) -> None:
    out = tmp_path / "out"
    (out / "awards.csv").mkdir(parents=True)
    (out / "awards.csv" / "kept.txt").write_text("mine")
    refused(board, out, r"awards\.csv in it is a folder", force=force)


def test_out_is_a_file(tmp_path: Path, board: BoardResult) -> None:
    (tmp_path / "out").write_text("mine")
    refused(board, tmp_path / "out", r"cannot write to out: it is a file\. Name a folder")
    with pytest.raises(CallError, match="cannot write to below: out is not a folder"):
        board.write(tmp_path / "out" / "below")
    assert contents(tmp_path) == {"out": b"mine"}


# ---- whole or not at all -----------------------------------------------------------------------------


@pytest.mark.parametrize("parquet", [False, True])
def test_a_full_disk_leaves_the_old_run(
    tmp_path: Path, board: BoardResult, other: BoardResult, monkeypatch: pytest.MonkeyPatch, *, parquet: bool
) -> None:
    out = board.write(tmp_path / "out", parquet=parquet)
    (out / "notes.txt").write_text("mine")
    before = contents(tmp_path)
    polars_full = pl.exceptions.ComputeError("parquet: IO error: No space left on device (os error 28)")
    method, error = ("write_parquet", polars_full) if parquet else ("write_csv", FULL)
    whole = getattr(pl.DataFrame, method)
    calls = []

    def fill(frame: pl.DataFrame, path: Path, **options: object) -> None:
        calls.append(path)
        if len(calls) == 3:
            path.write_bytes(b"half a tab")
            raise error
        whole(frame, path, **options)

    monkeypatch.setattr(pl.DataFrame, method, fill)
    for folder in (out, tmp_path / "new" / "out"):
        calls.clear()
        with pytest.raises(
            CallError, match=r"cannot write to out: No space left on device\. Nothing was written"
        ):
            other.write(folder, parquet=parquet)
        assert len(calls) >= 3  # two tables are written at a time
        assert contents(tmp_path) == before
        assert names(tmp_path) == {"out"}


def test_another_fault_is_not_called_a_full_disk(
    tmp_path: Path, board: BoardResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise pl.exceptions.ComputeError("something else")

    monkeypatch.setattr(pl.DataFrame, "write_csv", fail)
    with pytest.raises(pl.exceptions.ComputeError, match="something else"):
        board.write(tmp_path / "out")
    assert names(tmp_path) == set()


@pytest.mark.parametrize(
    ("error", "stood_in"), [(FULL, False), (KeyboardInterrupt(), True)], ids=["full", "stopped-stood-in"]
)
def test_every_move_into_place_is_undone(  # noqa: PLR0913 - what is needed
    tmp_path: Path,
    board: BoardResult,
    other: BoardResult,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    *,
    stood_in: bool,
) -> None:
    """Whichever rename fails, the old run is there as it was."""
    out = board.write(tmp_path / "out", parquet=True)
    (out / "minutes").mkdir()
    (out / "minutes" / "june.txt").write_text("agreed")
    if stood_in:
        monkeypatch.chdir(out)
    before = contents(tmp_path)
    rename, renamed = Path.rename, 0
    for at in range(1, 200):
        count = 0

        def stop(path: Path, target: Path, at: int = at) -> Path:
            nonlocal count
            count += 1
            if count == at:
                raise error
            return rename(path, target)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "rename", stop)
            try:
                other.write(out)
            except (CallError, KeyboardInterrupt):
                renamed = at
            else:
                break
        assert contents(tmp_path) == before
        assert names(tmp_path) == {"out"}
    assert renamed == count >= 3
    assert names(out) == AGAIN_FILES | {"minutes"}


@pytest.mark.parametrize("stood_in", [False, True])
def test_ctrl_c_as_a_file_has_just_been_moved_loses_nothing(
    tmp_path: Path, board: BoardResult, other: BoardResult, monkeypatch: pytest.MonkeyPatch, *, stood_in: bool
) -> None:
    """The moves are ended first: the new run stands there whole, and what else was there."""
    rename = Path.rename
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    for at in range(1, 200):
        out = board.write(tmp_path / f"out{at}")
        (out / "minutes.txt").write_text("agreed")
        monkeypatch.chdir(out if stood_in else tmp_path)
        count = 0

        def stop(path: Path, target: Path, at: int = at) -> Path:
            nonlocal count
            moved = rename(path, target)
            count += 1
            if count == at:
                signal.raise_signal(signal.SIGINT)
            return moved

        with monkeypatch.context() as patch:
            patch.setattr(Path, "rename", stop)
            try:
                other.write(out)
            except KeyboardInterrupt:
                assert at <= count
            else:
                break
        assert (out / "minutes.txt").read_text() == "agreed"
        assert names(out) == AGAIN_FILES | {"minutes.txt"}
        assert names(tmp_path) == {f"out{number}" for number in range(1, at + 1)}
    signal.signal(signal.SIGINT, usual)
    assert at > 3


# ---- the printed forms -------------------------------------------------------------------------------


FORMULAS = ["=1+1", "+cmd", "-x", "@SUM(A1)", "\tx", "\rx", "\x00x", '=HYPERLINK("http://x","y")']


@pytest.mark.parametrize("text", FORMULAS, ids=repr)
def test_no_text_is_taken_for_a_formula(text: str, tmp_path: Path) -> None:
    frame = pl.DataFrame({"message": [text]})
    printed(frame).write_csv(tmp_path / "x.csv", quote_style="never")
    line = (tmp_path / "x.csv").read_bytes().decode().removeprefix("message\n").removesuffix("\n")
    assert line.startswith("\"'")
    assert line.endswith('"')
    assert line[1:-1].replace('""', '"') == f"'{text}"


def test_other_text_is_as_it_was() -> None:
    texts = ["-5", "+3.50", "a=b", "", " =1", 'say "no"', "a,b\nc", "é"]
    quoted = printed(pl.DataFrame({"value": texts}))["value"].to_list()
    assert next(csv.reader(["".join(quoted[:1])])) == ["-5"]
    rows = list(csv.reader("\n".join(quoted).splitlines(keepends=True)))
    assert [row[0] if row else "" for row in rows] == texts


PRINTED = {
    "students": "student_id,award\n=7,honours",
    "modules": "module,scqf_level,credits\n-A,10,12.5\nB,10,20",
    "components": "module,component,weight\n-A,@x,100\nB,Exam,100",
    "marks": "student_id,module,component,mark\n=7,-A,@x,7\n=7,B,Exam,",
}


def test_every_printed_form(tmp_path: Path) -> None:
    """Numbers bare, marks with one place or two, credits with what some need, nulls empty, text quoted."""
    out = bk.assess(bk.read(frames({"tables": PRINTED})), "qmu-2022").write(tmp_path / "out")
    assert (out / "components.csv").read_text("utf-8").splitlines() == [
        "student_id,module,component,attempt,raw_mark,mark,rules",
        '"\'=7","\'-A","\'@x",1,7.00,7.00,',
        '"\'=7","B","Exam",1,,,',
    ]
    assert (out / "modules.csv").read_text("utf-8").splitlines() == [
        "student_id,module,scqf_level,credits,attempt,mark,grade,outcome,capped,condonable,credits_awarded",
        '"\'=7","\'-A",10,12.5,1,7.0,"F","fail","N","N",0',
        '"\'=7","B",10,20.0,1,,,"incomplete","N","N",0',
    ]
    assert (
        (out / "awards.csv").read_text("utf-8").splitlines()[1].startswith('"\'=7","honours",,,"none","N",')
    )
    empty = {name: (out / f"{name}.csv").read_text("utf-8").splitlines() for name in ("penalties", "concern")}
    assert empty == {name: [",".join(tables.OUTPUT[name])] for name in empty}
    assert (out / "progression.csv").read_text("utf-8").splitlines()[1] == (
        '"\'=7",32.5,0,,"Incomplete: B. Nothing is recommended until the marks are there (21.2)."'
    )


NUMBERS = {
    "components": {"attempt": r"\d+", "raw_mark": r"\d+\.\d\d", "mark": r"\d+\.\d\d"},
    "modules": {
        "scqf_level": r"\d+",
        "credits": r"[1-9]\d*(\.\d*[1-9])?",
        "attempt": r"\d+",
        "mark": r"\d+\.\d",
        "credits_awarded": r"0|[1-9]\d*(\.\d*[1-9])?",
    },
    "awards": {"average": r"\d+\.\d"},
    "trace": {"attempt": r"\d+"},
    "progression": dict.fromkeys(("credits_attempted", "credits_passed"), r"\d+(\.\d*[1-9])?"),
    "reassessment": {"attempt": r"\d+", "mark": r"\d+\.\d\d", "cap": r"\d+\.\d"},
    "credit": dict.fromkeys(("credits", "needed", "short"), r"\d+(\.\d*[1-9])?"),
    "dates": {"attempt": r"\d+", "date": r"\d{4}-\d\d-\d\d"},
    "registration": {"until": r"\d{4}-\d\d-\d\d"},
    "transcript": {
        "credits": r"[1-9]\d*(\.\d*[1-9])?",
        "scqf_level": r"\d+",
        "ects": r"[1-9]\d*(\.\d*[1-9])?",
        "mark": r"\d+\.\d",
    },
    "concern": dict.fromkeys(("fails", "not_submitted", "late", "claims"), r"\d+"),
}


def test_numbers_are_bare_and_text_is_quoted(tmp_path: Path, board: BoardResult) -> None:
    out = board.write(tmp_path / "out")
    for name, columns in tables.OUTPUT.items():
        header, *lines = (out / f"{name}.csv").read_text("utf-8").splitlines()
        assert header == ",".join(columns)
        for line in lines:
            cells = re.findall(r'("(?:[^"]|"")*"|[^,"]*)(?:,|$)', line)[: len(columns)]
            for column, cell in zip(columns, cells, strict=True):
                number = NUMBERS.get(name, {}).get(column)
                assert re.fullmatch(f"({number})?" if number else r'("([^"]|"")+")?', cell), (
                    name,
                    column,
                    cell,
                )


# ---- the same bytes everywhere -----------------------------------------------------------------------


RUN = """
import sys
import boardkit as bk
bk.assess(bk.read(sys.argv[1]), "qmu-2022").write("out", parquet=True)
"""

SURROUNDINGS = {
    "usual": {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1", "POLARS_MAX_THREADS": "2"},
    "elsewhere": {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "2", "POLARS_MAX_THREADS": "1"},
    "another-day": {
        "TZ": "America/St_Johns",
        "LC_ALL": "POSIX",
        "PYTHONHASHSEED": "77",
        "POLARS_MAX_THREADS": "2",
    },
    "four-threads": {
        "TZ": "Asia/Kathmandu",
        "LC_ALL": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "POLARS_MAX_THREADS": "4",
    },
}


def test_the_same_bytes_everywhere(tmp_path: Path) -> None:
    write_folder(demo(120, faults=True), tmp_path / "board")
    found = {}
    for name, surroundings in SURROUNDINGS.items():
        where = tmp_path / name
        where.mkdir()
        subprocess.run(
            [sys.executable, "-c", RUN, tmp_path / "board"],
            cwd=where,
            env={**os.environ, **surroundings},
            check=True,
            timeout=300,
        )
        found[name] = contents(where / "out")
    usual = found.pop("usual")
    assert len(usual) == 2 * len(tables.OUTPUT) + len({BOOK, CALENDAR, MANIFEST})
    for name, files in found.items():
        assert files.keys() == usual.keys()
        assert [file for file in usual if files[file] != usual[file]] == [], name
