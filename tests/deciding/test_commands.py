"""The commands from a board's tables to its papers and back: what each prints, its exit code, what it writes."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

import boardkit as bk
from tests.deciding.boards import PACK, TABLES, folder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call

RULES = ("--regulations", PACK)


def everything(path: Path) -> dict[str, bytes]:
    return {at.name: at.read_bytes() for at in sorted(path.rglob("*")) if at.is_file()}


def test_decide_says_before_and_after_and_records(call: Call, tmp_path: Path) -> None:
    source = folder(tmp_path / "board")
    asked = ("decide", source, "00000002", "module-mark", *RULES, "--module", "A", "--value", "40")
    why = ("--reason", "the whole profile", "--minute", "4.1", "--by", "Convener", "--on", "2023-06-15")
    before = everything(source)
    code, out, err = call(*asked, *why, "--board", "programme", "--dry-run")
    assert (code, err) == (0, "")
    assert "nothing (--dry-run)" in out
    assert "decided_on: 2023-06-15; board: programme; based_on: bk1-" in out
    assert everything(source) == before
    code, out, err = call(*asked, *why, "--board", "programme")
    assert (code, err) == (0, "")
    lines = [line.split(maxsplit=1) for line in out.splitlines()]
    assert lines[:4] == [
        ["Student", "00000002"],
        ["Decision", "module-mark A 40, minute 4.1"],
        ["Before", "A 38.0 E fail"],
        ["Changes", "A module mark: 38.0 -> 40.0"],
    ]
    assert lines[-1] == ["Wrote", "1 row to decisions.csv"]
    board = bk.assess(bk.read(source), PACK)
    assert board.polars.modules.filter(student_id="00000002", module="A")["outcome"].item() == "pass"
    code, out, err = call(*asked, *why)
    assert code == 2
    assert "recorded already" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("00000009", "condone", "--module", "A", "--reason", "x"), "no student"),
        (("00000002", "condone", "--reason", "x"), "Name it: A, B."),
        (("00000002", "condone", "--module", "A"), "Missing option '--reason'"),
        (
            ("00000002", "condone", "--module", "A", "--reason", "x", "--on", "last week"),
            "made on a day such as 2023-06-15",
        ),
        (("00000001", "classification", "--value", "first", "--reason", "a viva"), "(9.5, 10.6)"),
    ],
)
def test_decide_refuses_in_a_line_and_writes_nothing(
    arguments: tuple[str, ...], said: str, call: Call, tmp_path: Path
) -> None:
    source = folder(tmp_path / "board")
    before = everything(source)
    code, _, err = call("decide", source, *arguments, *RULES)
    assert (code, err.count("\n")) == (2, 1)
    assert said in err
    assert everything(source) == before


def test_decide_reads_the_board_as_run_does(call: Call, tmp_path: Path) -> None:
    source = folder(tmp_path / "board")
    (source / "modules.csv").unlink()
    (source / "results.csv").unlink()
    asked = ("decide", source, "00000003", "module-mark", *RULES, "--module", "A", "--value", "40")
    why = ("--reason", "the whole profile", "--dry-run")
    code, _, err = call(*asked, *why)
    assert code == 2
    assert "--study undergraduate" in err
    assert call(*asked, *why, "--study", "undergraduate")[0] == 0
    code, _, err = call(*asked, *why, "--study", "undergraduate", "--limit", "cells")
    assert (code, "--limit takes NAME=NUMBER" in err) == (2, True)
    code, _, err = call(*asked, *why, "--kind", "oulad")
    assert code == 2
    assert "studentAssessment.csv" in err


def test_import_reads_the_board_as_run_does(call: Call, tmp_path: Path) -> None:
    source = folder(tmp_path / "board")
    filled = fill(papers(call, source, tmp_path / "out"), DECIDED)
    (source / "modules.csv").unlink()
    (source / "results.csv").unlink()
    asked = ("decisions", "import", filled, source, *RULES)
    code, _, err = call(*asked)
    assert code == 2
    assert "--study undergraduate" in err
    code, _, err = call(*asked, "--study", "undergraduate")
    assert "these papers are of another run" in err  # it was read and assessed
    code, _, err = call(*asked, "--limit", "cells")
    assert (code, "--limit takes NAME=NUMBER" in err) == (2, True)
    code, _, err = call(*asked, "--kind", "oulad", "--module", "AAA", "--presentation", "2013J")
    assert code == 2
    assert "studentAssessment.csv" in err


# ---- papers ------------------------------------------------------------------------------------------


def papers(call: Call, source: Path, out: Path) -> Path:
    code, _, _ = call("run", source, *RULES, "--out", out)
    assert code == 0
    return out / "board.xlsx"


def fill(path: Path, typed: dict[str, dict[str, Any]]) -> Path:
    """Type into the columns of the progress sheet, by student."""
    book = openpyxl.load_workbook(path)
    sheet = book["Progress"]
    head = next(row for row in sheet.iter_rows() if row[0].value == "Student")
    at = {cell.value: cell.column for cell in head}
    for row in range(head[0].row + 1, sheet.max_row + 1):
        for name, value in typed.get(str(sheet.cell(row, 1).value), {}).items():
            cell = sheet.cell(row, at[name])
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    book.save(path)
    return path


DECIDED = {
    "00000001": {"Decision": "award"},
    "00000002": {"Decision": "withdraw", "Reason": "=left()", "Minute": 7.2},
    "00000003": {"Decision": "continue", "Minute": "7.3"},
}


def test_papers_are_read_back_and_once_only(call: Call, tmp_path: Path) -> None:
    source = folder(tmp_path / "board")
    filled = fill(papers(call, source, tmp_path / "out"), DECIDED)
    validations = openpyxl.load_workbook(filled)["Progress"].data_validations.dataValidation
    assert validations[0].formula1.strip('"').split(",")[:2] == ["continue", "reassess"]
    before = everything(source)
    code, out, _ = call("decisions", "import", filled, source, *RULES, "--dry-run")
    assert (code, everything(source)) == (0, before)
    code, out, err = call("decisions", "import", filled, source, *RULES)
    assert (code, err) == (0, "")
    assert "3 new, 0 recorded already" in out
    assert "2 as recommended, 1 otherwise" in out
    assert "00000002   withdraw (minute 7.2): =left()" in out
    board = bk.assess(bk.read(source), PACK)
    rows = board.decisions.select("student_id", "value", "reason", "minute").rows()
    assert rows == [
        ("00000001", "award", "as recommended", None),
        ("00000002", "withdraw", "=left()", "7.2"),
        ("00000003", "continue", "as recommended", "7.3"),
    ]
    assert "decision-stale" not in board.polars.problems["code"].to_list()
    written = everything(source)
    code, out, _ = call("decisions", "import", filled, source, *RULES)
    assert (code, everything(source)) == (0, written)
    assert "0 new, 3 recorded already" in out
    assert "nothing: there is no decision that is not recorded." in out
    again = papers(call, source, tmp_path / "later")
    code, out, _ = call("decisions", "import", again, source, *RULES)
    assert "0 new, 3 recorded already" in out


def test_every_fault_is_named_by_its_cell(call: Call, tmp_path: Path) -> None:
    source = folder(tmp_path / "board")
    out = papers(call, source, tmp_path / "out")
    sheet = openpyxl.load_workbook(out)["Progress"]
    first = next(row[0].row for row in sheet.iter_rows() if row[0].value == "Student") + 1
    filled = fill(
        out,
        {
            "00000001": {"Decision": "expel"},
            "00000002": {"Decision": "withdraw"},
            "00000003": {"Minute": "3"},
            "00000004": {"Decision": "continue", "Reason": "x", "Student": "00000044"},
        },
    )
    before = everything(source)
    code, _, err = call("decisions", "import", filled, source, *RULES)
    assert (code, everything(source)) == (2, before)
    assert [line.removeprefix("boardkit: ").split(": ")[0] for line in err.splitlines()] == [
        f"Progress!G{first}",
        f"Progress!H{first + 1}",
        f"Progress!G{first + 2}",
        f"Progress!A{first + 3}",
    ]


def test_a_student_in_two_rows_is_told_of(call: Call, tmp_path: Path) -> None:
    source = folder(tmp_path / "board")
    filled = fill(
        papers(call, source, tmp_path / "out"),
        {
            "00000002": {"Decision": "reassess"},
            "00000003": {"Student": "00000002", "Decision": "withdraw", "Reason": "x"},
        },
    )
    code, _, err = call("decisions", "import", filled, source, *RULES)
    assert code == 2
    assert "the student stands in Progress!A" in err


@pytest.mark.parametrize("column", ["Name", "Recommended"])
def test_a_sheet_of_which_a_part_was_sorted_is_refused(column: str, call: Call, tmp_path: Path) -> None:
    head, *rows = TABLES["students"].strip().split("\n")
    named = "\n".join([f"{head},name", *(f"{row},Person {at}" for at, row in enumerate(rows))])
    source = folder(tmp_path / "board", students=named)
    out = papers(call, source, tmp_path / "out")
    moved = {"Name": "Person 3", "Recommended": "continue"}[column]
    filled = fill(out, {"00000002": {column: moved, "Decision": "withdraw", "Reason": "x"}})
    before = everything(source)
    code, _, err = call("decisions", "import", filled, source, *RULES)
    assert (code, everything(source), err.count("\n")) == (2, before, 1)
    cell = {"Name": "B", "Recommended": "E"}[column]
    assert err.startswith(f"boardkit: Progress!{cell}")
    assert "If part of the sheet was sorted, sort it whole" in err
    assert "Person" not in err
    fill(filled, {"00000002": {column: {"Name": "PERSON  1", "Recommended": ""}[column]}})
    assert call("decisions", "import", filled, source, *RULES)[0] == 0


LATER = (
    "00000001",
    "progression",
    "--value",
    "withdraw",
    "--reason",
    "looked at again",
    "--minute",
    "9.9",
    *RULES,
)


def test_papers_do_not_replace_what_was_recorded_after_they_were_made(call: Call, tmp_path: Path) -> None:
    source = folder(tmp_path / "board")
    filled = fill(papers(call, source, tmp_path / "out"), DECIDED)
    assert call("decisions", "import", filled, source, *RULES)[0] == 0
    assert call("decide", source, *LATER)[0] == 0
    before = everything(source)
    code, _, err = call("decisions", "import", filled, source, *RULES)
    assert (code, everything(source), err.count("\n")) == (2, before, 1)
    assert err.startswith("boardkit: Progress!G")
    assert "another decision about the student was recorded after these papers were made" in err
    fill(filled, {"00000001": {"Decision": None}})
    code, out, _ = call("decisions", "import", filled, source, *RULES)
    assert (code, everything(source)) == (0, before)
    assert "0 new, 2 recorded already" in out


def test_a_row_that_nobody_touched_since_it_was_printed_adds_nothing(call: Call, tmp_path: Path) -> None:
    source = folder(tmp_path / "board")
    assert call("decide", source, *LATER)[0] == 0
    out = papers(call, source, tmp_path / "out")
    assert call("decide", source, *LATER[:3], "award", "--reason", "once more", *RULES)[0] == 0
    # Its ground has changed too: the student's, and so the board's.
    (source / "marks.csv").write_text(
        TABLES["marks"].replace("00000001,H,Work,1,69.00", "00000001,H,Work,1,20.00")
    )
    filled = fill(out, {"00000002": {"Decision": "withdraw", "Reason": "left"}})
    code, told, err = call("decisions", "import", filled, source, *RULES)
    assert (code, err) == (0, "")
    assert "1 new, 0 recorded already" in told
    assert re.search(r"as printed, and standing no longer: Progress!G[0-9]+; nothing is recorded", told)
    board = bk.assess(bk.read(source), PACK)
    rows = board.decisions.filter("stands").select("student_id", "value").rows()
    assert rows == [("00000001", "award"), ("00000002", "withdraw")]


def test_a_decision_that_stands_is_not_taken_back_by_clearing_its_cell(call: Call, tmp_path: Path) -> None:
    source = folder(tmp_path / "board")
    assert call("decide", source, *LATER)[0] == 0
    cleared = {"00000001": {"Decision": None, "Reason": None, "Minute": None}}
    filled = fill(papers(call, source, tmp_path / "out"), cleared)
    code, _, err = call("decisions", "import", filled, source, *RULES)
    assert code == 2
    assert "the recorded decision was taken out here, and it still stands" in err
    changed = {"00000001": {"Decision": "repeat-level", "Reason": "of another mind", "Minute": "10"}}
    code, told, _ = call("decisions", "import", fill(filled, changed), source, *RULES)
    assert (code, "1 new" in told) == (0, True)


def test_a_student_in_a_printed_row_and_another_is_told_of(call: Call, tmp_path: Path) -> None:
    source = folder(tmp_path / "board")
    assert call("decide", source, *LATER)[0] == 0
    out = papers(call, source, tmp_path / "out")
    sheet = openpyxl.load_workbook(out)["Progress"]
    row = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "00000001")
    based_on = str(row[9])
    copy = {"Student": "00000001", "Recommended": row[4], "Based on": based_on, "Decision": "repeat-level"}
    filled = fill(out, {"00000003": {**copy, "Reason": "came back"}})
    code, _, err = call("decisions", "import", filled, source, *RULES)
    assert (code, "the student stands in Progress!A" in err) == (2, True)


def test_a_reason_out_of_which_a_name_was_taken_is_not_recorded(call: Call, tmp_path: Path) -> None:
    head, *rows = TABLES["students"].strip().split("\n")
    named = "\n".join([f"{head},name", *(f"{row},Adam Broker{at}" for at, row in enumerate(rows))])
    source = folder(tmp_path / "board", students=named)
    asked = (*LATER[:4], "--reason", "Adam Broker0 left the course", *RULES)
    assert call("decide", source, *asked)[0] == 0
    assert call("run", source, *RULES, "--out", tmp_path / "out", "--anonymous")[0] == 0
    out = tmp_path / "out" / "board.xlsx"
    code, told, _ = call("decisions", "import", out, source, *RULES)
    assert (code, "standing no longer" in told) == (0, False)
    code, _, err = call("decisions", "import", fill(out, {"00000001": {"Minute": "9"}}), source, *RULES)
    assert (code, "a name was taken out of the reason" in err) == (2, True)


def test_papers_of_another_year_are_refused(call: Call, tmp_path: Path) -> None:
    passed = TABLES["marks"].replace("00000002,A,Work,1,38.00", "00000002,A,Work,1,60.00")
    source = folder(tmp_path / "first", marks=passed)
    filled = fill(papers(call, source, tmp_path / "out"), {"00000002": {"Decision": "continue"}})
    change = (("A,", "C,"), ("B,", "D,"))
    later = {name: _changed(TABLES[name], change) for name in ("modules", "components")}
    marks = passed.replace(",A,", ",C,").replace(",B,", ",D,")
    another = folder(tmp_path / "second", marks=marks, **later)
    code, _, err = call("decisions", "import", filled, another, *RULES)
    assert (code, "these papers are of another run" in err) == (2, True)
    staged = TABLES["students"].replace("00000002,honours,1,1,0", "00000002,honours,2,1,0")
    another = folder(tmp_path / "third", marks=passed, students=staged)
    assert call("decisions", "import", filled, another, *RULES)[0] == 2
    # A repeated level has the same stage and the same modules: the board's own year tells.
    another = folder(tmp_path / "fourth", marks=passed, board="key,value\nacademic_year,2023/24\n")
    assert call("decisions", "import", filled, another, *RULES)[0] == 2
    assert call("decisions", "import", filled, source, *RULES)[0] == 0


def _changed(text: str, changes: tuple[tuple[str, str], ...]) -> str:
    for old, new in changes:
        text = text.replace(f"\n{old}", f"\n{new}")
    return text


def test_cells_that_are_merged_twice_headed_copied_or_made_dates_are_told_of(
    call: Call, tmp_path: Path
) -> None:
    source = folder(tmp_path / "board")
    out = papers(call, source, tmp_path / "out")

    def spoilt(name: str, spoil: Any) -> str:
        book = openpyxl.load_workbook(out)
        spoil(
            book,
            book["Progress"],
            next(row for row in book["Progress"].iter_rows() if row[0].value == "Student"),
        )
        book.save(tmp_path / name)
        code, _, err = call("decisions", "import", tmp_path / name, source, *RULES)
        assert code == 2
        return err

    def merge(_: Any, sheet: Any, head: Any) -> None:
        sheet.cell(head[0].row + 1, 7).value = "award"
        sheet.merge_cells(start_row=head[0].row + 1, end_row=head[0].row + 3, start_column=7, end_column=7)

    def twice(_: Any, sheet: Any, head: Any) -> None:
        sheet.cell(head[0].row, 12).value = "Decision"

    def date_typed(_: Any, sheet: Any, head: Any) -> None:
        sheet.cell(head[0].row + 1, 7).value = "award"
        sheet.cell(head[0].row + 1, 9).value = dt.datetime(2023, 5, 1)  # noqa: DTZ001 - a cell's
        sheet.cell(head[0].row + 1, 9).number_format = "yyyy-mm-dd"

    assert "is merged. Take it apart" in spoilt("merged.xlsx", merge)
    assert "are columns of one name. Keep one." in spoilt("twice.xlsx", twice)
    assert "a copy of that sheet: Progress Copy" in spoilt(
        "copy.xlsx", lambda book, sheet, _: book.copy_worksheet(sheet)
    )
    assert "the cell holds a date, which may not be what was typed" in spoilt("date.xlsx", date_typed)


def test_cells_to_fill_in_are_of_text(call: Call, tmp_path: Path) -> None:
    out = papers(call, folder(tmp_path / "board"), tmp_path / "out")
    sheet = openpyxl.load_workbook(out)["Progress"]
    head = next(row for row in sheet.iter_rows() if row[0].value == "Student")
    assert {cell.number_format for cell in sheet[head[0].row + 1][6:9]} == {"@"}


@pytest.mark.parametrize("reason", ["as recommended.", "As\u00a0 Recommended"])
def test_what_only_calls_it_as_recommended_is_no_reason(reason: str, call: Call, tmp_path: Path) -> None:
    source = folder(tmp_path / "board")
    filled = fill(
        papers(call, source, tmp_path / "out"), {"00000002": {"Decision": "withdraw", "Reason": reason}}
    )
    code, _, err = call("decisions", "import", filled, source, *RULES)
    assert (code, "Give the reason." in err) == (2, True)


def test_papers_of_another_run_are_told_where_the_ground_has_changed(call: Call, tmp_path: Path) -> None:
    source = folder(tmp_path / "board")
    filled = fill(papers(call, source, tmp_path / "out"), DECIDED)
    (source / "marks.csv").write_text(
        TABLES["marks"].replace("00000003,A,Work,1,60.00", "00000003,A,Work,1,20.00")
    )
    code, _, err = call("decisions", "import", filled, source, *RULES)
    assert code == 2
    assert "these papers are of another run" in err
    assert err.count("another run") == 1


def test_what_is_no_paper_is_refused(call: Call, tmp_path: Path) -> None:
    source = folder(tmp_path / "board")
    book = openpyxl.Workbook()
    book.active["A1"] = "x"
    book.save(tmp_path / "other.xlsx")
    code, _, err = call("decisions", "import", tmp_path / "other.xlsx", source, *RULES)
    assert (code, err.count("\n")) == (2, 1)
    assert "it has no sheet Progress" in err
    code, _, err = call("decisions", "import", tmp_path / "nothing.xlsx", source, *RULES)
    assert (code, "cannot find nothing.xlsx" in err) == (2, True)
