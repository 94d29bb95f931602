"""Rows added where a board was read from: nothing else is touched, and nothing is written where it cannot be."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import zipfile
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import openpyxl
import polars as pl
import pytest
import xlsxwriter

import boardkit as bk
from boardkit.deciding import record
from boardkit.deciding.make import Asked, make
from boardkit.deciding.record import target, write
from boardkit.errors import CallError, FileError
from boardkit.read.limits import raised
from tests.check.boards import retouched
from tests.deciding.boards import PACK, TABLES, folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from boardkit.board import BoardResult

CONDONE = Asked(
    "00000002", "condone", "=1+1; the whole profile, Zoë", module="A", minute="4.1", decided_by="@chair"
)
PROFILE = Asked("00000002", "condone", "the profile", module="A")
HEAD = "student_id,module,decision,value,reason,minute,decided_by,decided_on,board,based_on"


def decide(source: Path, *asked: Asked) -> tuple[BoardResult, Path | None]:
    """Decide and write, and give the board as it is read again."""
    cohort = bk.read(source)
    made = make(bk.assess(cohort, PACK), asked or [CONDONE])
    kept = write(target(source, cohort), made.rows)
    again = bk.assess(bk.read(source), PACK)
    assert again.polars.modules.equals(made.after.polars.modules)
    assert again.decisions["based_on"].to_list()[-len(made.rows) :] == [row["based_on"] for row in made.rows]
    return again, kept


def everything(path: Path) -> dict[str, bytes]:
    return {at.name: at.read_bytes() for at in sorted(path.iterdir()) if at.is_file()}


# ---- folders -----------------------------------------------------------------------------------------


def test_a_folder_without_decisions_gets_the_table_and_nothing_else(tmp_path: Path) -> None:
    source = folder(tmp_path / "board")
    before = everything(source)
    again, kept = decide(source)
    assert kept is None
    after = everything(source)
    new = after.pop("decisions.csv").decode()
    assert after == before
    assert new.split("\n")[0] == HEAD
    assert new.split("\n")[1].startswith(
        "00000002,A,condone,,\"'=1+1; the whole profile, Zoë\",4.1,'@chair,,,bk1-"
    )
    assert (source / "decisions.csv").stat().st_mode & 0o777 == 0o600
    row = again.decisions.row(0, named=True)
    assert (row["reason"], row["decided_by"]) == ("=1+1; the whole profile, Zoë", "@chair")


def test_the_users_own_file_keeps_its_mode(tmp_path: Path) -> None:
    source = folder(tmp_path / "board")
    (source / "decisions.csv").write_text(f"{HEAD}\n")
    (source / "decisions.csv").chmod(0o664)
    decide(source)
    assert (source / "decisions.csv").stat().st_mode & 0o777 == 0o664


KEPT = {
    "no line end at the end": f"{HEAD}\n00000003,A,condone,N,not needed,,,,,".encode(),
    "carriage returns": f"{HEAD}\r\n00000003,A,condone,N,not needed,,,,,\r\n".encode(),
    "semicolons, other columns, another order": (
        b"Reason;Decision;Student ID;mine;Module;Value;Minute;Decided by;Decided on;Board;Based on\r\n"
        b"not needed;condone;00000003;x;A;N;;;;;\r\n"
    ),
    "a byte order mark": b"\xef\xbb\xbf" + f"{HEAD}\n00000003,A,condone,N,not needed,,,,,\n".encode(),
    "utf-16": f"{HEAD}\n00000003,A,condone,N,not needed,,,,,\n".encode("utf-16"),
    "windows-1252": f"{HEAD}\n00000003,A,condone,N,Zoë does not need it,,,,,\n".encode("cp1252"),
    "quotes": f'{HEAD}\n00000003,A,condone,N,"not needed, he said ""so""",,,,,\n'.encode(),
}


@pytest.mark.parametrize("content", KEPT.values(), ids=KEPT)
def test_what_is_there_stays_byte_for_byte(content: bytes, tmp_path: Path) -> None:
    source = folder(tmp_path / "board")
    (source / "decisions.csv").write_bytes(content)
    again, _ = decide(source)
    after = (source / "decisions.csv").read_bytes()
    assert after.startswith(content)
    assert (
        after[len(content) :].count(
            b"bk1-".decode().encode("utf-16-le" if content[:2] == b"\xff\xfe" else "utf-8")
        )
        == 1
    )
    assert again.decisions.height == 2
    assert again.polars.modules.filter(student_id="00000002", module="A")["outcome"].item() == "condoned"


def test_a_column_that_is_lacking_is_added_at_the_end_of_the_first_line(tmp_path: Path) -> None:
    source = folder(tmp_path / "board")
    (source / "decisions.csv").write_text("student_id,module,decision,reason\n00000003,A,condone,slip\n")
    decide(source, Asked("00000002", "condone", "the profile", module="A"))
    head, old, new = (source / "decisions.csv").read_text().splitlines()
    assert head == "student_id,module,decision,reason,based_on"
    assert old == "00000003,A,condone,slip"
    assert new.startswith("00000002,A,condone,the profile,bk1-")


def refused(source: Path, said: str, *asked: Asked) -> None:
    before = everything(source if source.is_dir() else source.parent)
    with pytest.raises(CallError) as error:
        decide(source, *asked)
    assert said in str(error.value)
    assert "\n" not in str(error.value)
    assert everything(source if source.is_dir() else source.parent) == before


def test_a_letter_that_the_file_cannot_hold(tmp_path: Path) -> None:
    source = folder(tmp_path / "board")
    (source / "decisions.csv").write_bytes(KEPT["windows-1252"])
    refused(source, "Save it as UTF-8 CSV", Asked("00000002", "condone", "Łódź", module="A"))


def test_parquet_is_not_added_to(tmp_path: Path) -> None:
    source = folder(tmp_path / "board")
    row = {"student_id": ["00000003"], "module": ["A"], "decision": ["condone"], "reason": ["x"]}
    pl.DataFrame(row).write_parquet(source / "decisions.parquet")
    refused(source, "rows are added to .csv files and .xlsx workbooks alone")


def test_a_row_that_is_longer_than_the_first_line_is_not_brought_under_a_new_column(tmp_path: Path) -> None:
    source = folder(tmp_path / "board")
    head = "student_id,module,decision,reason"
    (source / "decisions.csv").write_text(
        f"{head}\n00000003,A,condone,slip\n00000004,A,condone,x,bk1-000000000000\n"
    )
    refused(source, "rows with more fields than the first line: 3. Put them right", PROFILE)
    (source / "decisions.csv").write_text(f"{head},based_on\n00000004,A,condone,x,,bk1-000000000000\n")
    again, _ = decide(source, PROFILE)  # no column is added; the row stays as unread as it was
    assert again.decisions["student_id"].to_list() == ["00000002"]
    assert "row-length" in again.polars.problems["code"].to_list()


def test_other_breaks_of_unicode_end_no_line(tmp_path: Path) -> None:
    source = folder(tmp_path / "board")
    (source / "decisions.csv").write_text("student_id,module,decision,reason,mi\u2028ne\n", "utf-8")
    decide(source, PROFILE)
    head = (source / "decisions.csv").read_text("utf-8").split("\n")[0]
    assert head == "student_id,module,decision,reason,mi\u2028ne,based_on"


def test_numbers_and_codes_that_look_like_formulas_stay_text(tmp_path: Path) -> None:
    tables = {name: text.replace("00000002", "=2").replace(",A,", ",@A,") for name, text in TABLES.items()}
    tables["modules"] = TABLES["modules"].replace("A,7", "@A,7")
    tables["components"] = TABLES["components"].replace("A,Work", "@A,Work")
    source = folder(tmp_path / "board", **tables)
    again, _ = decide(source, Asked("=2", "condone", "the profile", module="@A"))
    assert (source / "decisions.csv").read_text().split("\n")[1].startswith("'=2,'@A,condone,,the profile")
    assert again.decisions.select("student_id", "module", "stands").row(0) == ("=2", "@A", True)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_read_only_file_is_left_alone(kind: str, tmp_path: Path) -> None:
    if kind == "csv":
        source = folder(tmp_path / "board", decisions=f"{HEAD}\n")
        file = source / "decisions.csv"
    else:
        file = source = book(tmp_path / "board.xlsx")
    file.chmod(0o444)
    refused(source, f"cannot write to {file.name}: it is read-only. Make it writable", PROFILE)


@pytest.mark.parametrize("lock", [".~lock.decisions.csv#", "~$decisions.csv"])
def test_a_file_that_someone_has_open(lock: str, tmp_path: Path) -> None:
    source = folder(tmp_path / "board")
    (source / "decisions.csv").write_text(HEAD + "\n00000003,A,condone,N,x,,,,,\n")
    (source / lock).write_text("")
    refused(source, "it is open elsewhere. Close it, and try again.")


def test_a_file_that_changed_since_it_was_read(tmp_path: Path) -> None:
    source = folder(tmp_path / "board")
    (source / "decisions.csv").write_text(HEAD + "\n00000003,A,condone,N,x,,,,,\n")
    cohort = bk.read(source)
    made = make(bk.assess(cohort, PACK), [CONDONE])
    where = target(source, cohort)
    (source / "decisions.csv").write_text(HEAD + "\n00000003,B,condone,N,x,,,,,\n")
    with pytest.raises(CallError, match="has changed since it was read"):
        write(where, made.rows)


def test_a_table_that_appeared_since_it_was_read(tmp_path: Path) -> None:
    source = folder(tmp_path / "board")
    cohort = bk.read(source)
    made = make(bk.assess(cohort, PACK), [CONDONE])
    where = target(source, cohort)
    (source / "decisions.csv").write_text(HEAD + "\n")
    with pytest.raises(CallError, match="has changed since it was read"):
        write(where, made.rows)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_of_two_who_record_at_once_one_is_refused_and_nothing_is_lost(kind: str, tmp_path: Path) -> None:
    source = folder(tmp_path / "board") if kind == "csv" else book(tmp_path / "board.xlsx")
    students = ["00000002", "00000003", "00000004"]
    code = (
        "import sys; from boardkit.cli import main; sys.argv = ['boardkit', 'decide', sys.argv[1], sys.argv[2], "
        "'progression', '--value', 'repeat-level', '--reason', 'x', '--regulations', 'qmu-2022']; main()"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(source), student], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for student in students
    ]
    ended = [process.communicate()[1].decode() for process in running]
    wrote = [student for student, error in zip(students, ended, strict=True) if not error]
    assert all("has changed since it was read" in error for error in ended if error)
    again = bk.assess(bk.read(source), PACK)
    assert sorted(again.decisions["student_id"]) == wrote


@pytest.mark.skipif(os.name == "nt", reason="the system knows no such lock")
def test_who_records_waits_for_another_who_does(tmp_path: Path) -> None:
    source = folder(tmp_path / "board")
    with record._alone(source):
        other = threading.Thread(target=decide, args=(source, PROFILE))
        other.start()
        other.join(1)
        assert other.is_alive()
        assert not (source / "decisions.csv").exists()
    other.join(60)
    assert (source / "decisions.csv").read_text().count("\n") == 2


@pytest.mark.parametrize("kind", ["new", "csv", "xlsx"])
def test_without_a_lock_the_file_is_looked_at_again_before_it_is_replaced(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = book(tmp_path / "board.xlsx") if kind == "xlsx" else folder(tmp_path / "board")
    if kind == "csv":
        (source / "decisions.csv").write_text(f"{HEAD}\n")
    cohort = bk.read(source)
    made = make(bk.assess(cohort, PACK), [PROFILE])
    where = target(source, cohort)
    other = b"what another wrote"
    whole = {name: getattr(record, name) for name in ("started", "appended", "with_rows")}

    def meanwhile(name: str) -> Callable[..., bytes]:
        def work(*arguments: Any) -> bytes:
            result: bytes = whole[name](*arguments)
            where.path.write_bytes(other)
            return result

        return work

    monkeypatch.setattr(record, "_alone", lambda _: nullcontext())
    for name in whole:
        monkeypatch.setattr(record, name, meanwhile(name))
    with pytest.raises(CallError, match="has changed since it was read"):
        write(where, made.rows)
    assert where.path.read_bytes() == other


def test_a_file_keeps_its_group_or_loses_what_the_group_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = folder(tmp_path / "board")
    file = source / "decisions.csv"
    file.write_text(f"{HEAD}\n")
    file.chmod(0o664)
    if os.name == "nt" or os.geteuid() != 0:
        pytest.skip("only the superuser gives a file to any group")
    os.chown(file, -1, 12345)
    decide(source, PROFILE)
    assert (file.stat().st_gid, file.stat().st_mode & 0o777) == (12345, 0o664)

    def refuse(*_: Any) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(record.os, "chown", refuse)
    decide(source, Asked("00000003", "condone", "the profile", module="A"))
    assert (file.stat().st_gid == 12345, file.stat().st_mode & 0o777) == (False, 0o604)


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid"), reason="folders are locked in another way")
def test_a_folder_that_may_not_be_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = folder(tmp_path / "board")
    if os.geteuid() == 0:  # whom no folder is locked to

        def locked(*_: Any, **__: Any) -> Any:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(record.tempfile, "mkstemp", locked)
    else:
        source.chmod(0o500)
    try:
        refused(source, "cannot write to decisions.csv: Permission denied. Nothing was written.")
    finally:
        source.chmod(0o700)


def test_a_disk_that_is_full_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = folder(tmp_path / "board")
    (source / "decisions.csv").write_text(HEAD + "\n00000003,A,condone,N,x,,,,,\n")

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(record.os, "fsync", full)
    refused(source, "No space left on device. Nothing was written.")


def test_a_board_folder_has_to_name_its_decisions(tmp_path: Path) -> None:
    source = folder(tmp_path / "board")
    listed = ", ".join(f'"{name}.csv"' for name in TABLES)
    (source / "board.toml").write_text(f"tables = [{listed}]\n")
    refused(source, "its board.toml names no file with decisions")
    (source / "decisions.csv").write_text(HEAD + "\n00000003,A,condone,N,x,,,,,\n")
    (source / "board.toml").write_text(f'tables = [{listed}, "decisions.csv"]\n')
    again, _ = decide(source)
    assert again.decisions.height == 2


# ---- workbooks ---------------------------------------------------------------------------------------


def book(path: Path, spoil: Callable[[Any, dict[str, Any]], None] | None = None, **more: str) -> Path:
    """Write the tables as a workbook, and something besides."""
    file = xlsxwriter.Workbook(str(path))
    sheets = {}
    for name, text in {**TABLES, **more}.items():
        sheets[name] = file.add_worksheet(name.capitalize())
        for at, line in enumerate(text.strip().split("\n")):
            sheets[name].write_row(at, 0, line.split(","))
    if spoil is not None:
        spoil(file, sheets)
    file.close()
    return path


def test_a_workbook_gets_the_rows_and_the_one_before_stays_beside_it(tmp_path: Path) -> None:
    head = "Student ID,Module,Decision,Value,Reason,Minute"
    source = book(tmp_path / "board.xlsx", decisions=f"{head}\n00000003,A,condone,N,not needed,3")
    before = source.read_bytes()
    source.chmod(0o640)
    again, kept = decide(source)
    assert kept is not None
    assert (kept.name, kept.read_bytes()) == ("board.before-1.xlsx", before)
    assert kept.stat().st_mode & 0o777 == 0o600
    assert source.stat().st_mode & 0o777 == 0o640
    sheet = openpyxl.load_workbook(source)["Decisions"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == [
        "Student ID",
        "Module",
        "Decision",
        "Value",
        "Reason",
        "Minute",
        "decided_by",
        "based_on",
    ]
    assert rows[2][:7] == ["00000002", "A", "condone", None, "=1+1; the whole profile, Zoë", "4.1", "@chair"]
    assert {cell.data_type for cell in sheet[3] if cell.value is not None} == {"s"}
    assert sheet["E3"].quotePrefix
    assert again.decisions.height == 2
    _, second = decide(source, Asked("00000004", "condone", "the profile", module="A"))
    assert second is not None
    assert second.name == "board.before-2.xlsx"


def test_what_stands_beside_the_table_does_not_come_under_a_new_column(tmp_path: Path) -> None:
    head = "student_id,module,decision,reason"
    source = book(tmp_path / "board.xlsx", decisions=f"{head}\n00000003,A,condone,slip,bk1-000000000000")
    again, _ = decide(source, PROFILE)
    sheet = openpyxl.load_workbook(source)["Decisions"]
    assert [cell.value for cell in sheet[1]] == [*head.split(","), None, "based_on"]
    assert again.decisions["based_on"].to_list()[0] is None


def test_text_that_a_workbook_would_take_for_a_letter_stays_as_it_is(tmp_path: Path) -> None:
    source = book(tmp_path / "board.xlsx")
    text = "see _x0041_x0042_ and _x005F_, and _x41_"
    again, _ = decide(source, Asked("00000002", "condone", text, module="A"))
    assert again.decisions["reason"].to_list() == [text]


def test_a_row_that_is_not_read_as_it_was_written_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from boardkit.deciding import book as written  # noqa: PLC0415

    write_ = written._write
    monkeypatch.setattr(
        written, "_write", lambda leaf, row, column, text: write_(leaf, row, column, text[:-1])
    )
    refused(book(tmp_path / "board.xlsx"), "something in it would be changed")


def test_rows_come_under_merged_cells_below_the_table(tmp_path: Path) -> None:
    head = "Student ID,Module,Decision,Value,Reason,Minute"
    source = book(
        tmp_path / "board.xlsx",
        lambda _, sheets: sheets["decisions"].merge_range("A3:F4", None),
        decisions=f"{head}\n00000003,A,condone,N,not needed,3",
    )
    again, _ = decide(source, PROFILE)
    assert openpyxl.load_workbook(source)["Decisions"]["A5"].value == "00000002"
    assert again.decisions.height == 2


def test_times_of_day_are_kept_to_the_digits_that_programs_agree_on(tmp_path: Path) -> None:
    def late(file: Any, sheets: dict[str, Any]) -> None:
        sheets["marks"].write_string("F1", "submitted_at")
        sheets["marks"].write_number(
            "F2", 44617.666666666664, file.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        )

    source = book(tmp_path / "board.xlsx", late)

    def longer(name: str, part: bytes) -> bytes:
        if name != "xl/worksheets/sheet4.xml":
            return part
        part = part.replace(b"44617.66666666666<", b"44617.666666666664<")
        assert part.count(b"44617.666666666664") == 1
        return part

    retouched(source, longer)
    decide(source, PROFILE)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x" * 32_768, "a text is longer than the 32,767 characters of a cell"),
        ("so \uffff", "a text holds a character that no workbook can hold"),
    ],
    ids=["long", "impossible"],
)
def test_what_no_cell_can_hold_is_refused(text: str, why: str, tmp_path: Path) -> None:
    refused(book(tmp_path / "board.xlsx"), why, Asked("00000002", "condone", text, module="A"))


def test_guards_are_raised_when_the_workbook_is_read_again(tmp_path: Path) -> None:
    source = book(tmp_path / "board.xlsx", **{f"other{at}": "x" for at in range(6)})
    cohort = bk.read(source)
    made = make(bk.assess(cohort, PACK), [PROFILE])
    where = target(source, cohort)
    with pytest.raises(FileError, match="raise the limit sheets"):
        write(where, made.rows, raised({"sheets": 11}))
    write(where, made.rows, raised({"sheets": 12}))


def test_a_workbook_without_the_sheet_gets_one(tmp_path: Path) -> None:
    source = book(tmp_path / "board.xlsx")
    names = openpyxl.load_workbook(source).sheetnames
    decide(source)
    assert openpyxl.load_workbook(source).sheetnames == [*names, "Decisions"]


def test_formats_widths_and_validations_stay(tmp_path: Path) -> None:
    def dress(file: Any, sheets: dict[str, Any]) -> None:
        bold = file.add_format({"bold": True, "bg_color": "#FFEE00"})
        sheets["marks"].set_column(0, 0, 31, bold)
        sheets["marks"].freeze_panes(1, 0)
        sheets["marks"].data_validation(
            "E2:E9", {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100}
        )
        sheets["marks"].conditional_format(
            "E2:E9", {"type": "cell", "criteria": "<", "value": 40, "format": bold}
        )
        file.define_name("Marks_all", "=Marks!$E$2:$E$9")

    source = book(tmp_path / "board.xlsx", dress)
    decide(source)
    after = openpyxl.load_workbook(source)
    sheet = after["Marks"]
    assert sheet.column_dimensions["A"].width == pytest.approx(31.7109375)
    assert sheet.freeze_panes == "A2"
    assert sheet.data_validations.dataValidation[0].sqref == "E2:E9"
    assert "Marks_all" in after.defined_names


def _chart(file: Any, sheets: dict[str, Any]) -> None:
    chart = file.add_chart({"type": "column"})
    chart.add_series({"values": "=Marks!$E$2:$E$5"})
    sheets["marks"].insert_chart("H2", chart)


def _sparkline(_: Any, sheets: dict[str, Any]) -> None:
    sheets["marks"].add_sparkline("H2", {"range": "Marks!E2:E5"})


def _rich(file: Any, sheets: dict[str, Any]) -> None:
    sheets["students"].write_rich_string("H1", "plain ", file.add_format({"bold": True}), "bold")


LOST: dict[str, tuple[Callable[[Any, dict[str, Any]], None], str]] = {
    "a chart": (_chart, "it holds charts and drawings"),
    "a formula": (
        lambda _, sheets: sheets["marks"].write_formula("H2", "=1+1", None, 2),
        "formulas, whose results",
    ),
    "a comment": (lambda _, sheets: sheets["marks"].write_comment("A1", "look"), "comments"),
    "a table": (
        lambda _, sheets: sheets["students"].add_table(
            "A1:E5", {"columns": [{"header": h} for h in TABLES["students"].split("\n")[0].split(",")]}
        ),
        "tables with a name of their own",
    ),
    "sparklines": (_sparkline, "settings of a newer Excel"),
    "text in two types": (_rich, "text in more than one type"),
    "a text box": (lambda _, sheets: sheets["marks"].insert_textbox("H2", "look"), "drawings"),
}


@pytest.mark.parametrize(("spoil", "said"), LOST.values(), ids=LOST)
def test_a_workbook_of_which_something_would_be_lost_is_refused(
    spoil: Callable[[Any, dict[str, Any]], None], said: str, tmp_path: Path
) -> None:
    source = book(tmp_path / "board.xlsx", spoil)
    refused(source, said)


PARTS = {
    "xl/vbaProject.bin": "macros",
    "xl/pivotTables/pivotTable1.xml": "pivot tables",
    "xl/externalLinks/externalLink1.xml": "links to other files",
    "xl/media/image1.png": "pictures",
    "customXml/item1.xml": "data of another program",
    "xl/persons/person.xml": "parts of its own",
}


@pytest.mark.parametrize(("part", "said"), PARTS.items())
def test_parts_that_openpyxl_drops_are_named(part: str, said: str, tmp_path: Path) -> None:
    source = book(tmp_path / "board.xlsx")
    with zipfile.ZipFile(source, "a") as package:
        package.writestr(part, b"<x/>")
    refused(source, f"it holds {said}. Keep the tables as a folder with decisions.csv, or type the row")


def test_a_change_that_nobody_foresaw_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from boardkit.deciding import book as written  # noqa: PLC0415

    added = written._add

    def spoilt(leaf: Any, rows: Any) -> int:
        leaf.parent["Marks"]["E2"] = "70"
        return int(added(leaf, rows))

    monkeypatch.setattr(written, "_add", spoilt)
    refused(book(tmp_path / "board.xlsx"), "something in it would be changed")


def test_the_copy_goes_where_the_workbook_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = book(tmp_path / "board.xlsx")
    replace_ = record._replace
    done: list[str] = []

    def once(path: Path, content: bytes) -> None:
        if done:
            raise OSError(28, "No space left on device")
        done.append(path.name)
        replace_(path, content)

    monkeypatch.setattr(record, "_replace", once)
    refused(source, "No space left on device")
