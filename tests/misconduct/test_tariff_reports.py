"""The command and its files: penalties and procedure with their students, and reports that name nobody."""

from __future__ import annotations

import re
import stat
import zipfile
from itertools import product
from typing import TYPE_CHECKING

import openpyxl
import polars as pl
import pytest

import boardkit as bk
from boardkit.errors import CallError
from boardkit.report.manifest import written
from boardkit.report.tariff import NAMELESS, TABLES, write_tariff
from boardkit.rules.meant import MEANT
from boardkit.rules.offences import ROWS
from boardkit.rules.works import WORKS
from boardkit.tables import INPUT, OUTPUT
from boardkit.tariffs import hold
from boardkit.tariffs.reports import action_taken, by_department, monitoring, procedure
from boardkit.tariffs.suppress import hidden
from tests.misconduct.cases import TARIFF, WHOLE, frame

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Call

NAMES = ("Aurelia Quillfeather", "Bartholomew Wexcombe-Tarn", "Zoë Ngũgĩ")
IDS = ("40019901", "40019902", "00719903")


def cohort_of(folder: Path) -> Path:
    """A board of three students with names, tutors and e-mails, all of whom have offended often."""
    folder.mkdir()
    students = [
        {
            "student_id": one,
            "name": name,
            "email": f"{name.split()[0].lower()}@example.ac.uk",
            "award": "none",
            "tutor": "Prof. Ilse Underhill",
        }
        for one, name in zip(IDS, NAMES, strict=True)
    ]
    pl.DataFrame(students).write_csv(folder / "students.csv")
    pl.DataFrame({"module": ["A"], "scqf_level": [10], "credits": [20]}).write_csv(folder / "modules.csv")
    pl.DataFrame({"module": ["A"], "component": ["Essay"], "weight": [1]}).write_csv(
        folder / "components.csv"
    )
    marks = [{"student_id": one, "module": "A", "component": "Essay", "mark": 60} for one in IDS]
    pl.DataFrame(marks).write_csv(folder / "marks.csv")
    pl.DataFrame({"key": ["board_date", "academic_year"], "value": ["2023-06-15", "2022/23"]}).write_csv(
        folder / "board.csv"
    )
    offences = [
        {
            **WHOLE,
            "student_id": one,
            "module": "A",
            "penalty": penalty,
            "major": major,
            "reason": f"{name} was ill",
        }
        for one, name in zip(IDS, NAMES, strict=True)
        for major, penalty in (
            ("N", "minor-d"),
            ("N", "minor-b"),
            ("Y", "plagiarism-3"),
            ("Y", None),
            ("N", name),
        )
    ]
    pl.DataFrame(offences, schema=dict.fromkeys(WHOLE, pl.String)).write_csv(folder / "misconduct.csv")
    return folder


def texts_of(path: Path) -> str:
    """Every byte of a file as text; of a workbook, of every part in it."""
    if path.suffix != ".xlsx":
        return path.read_text("utf-8")
    with zipfile.ZipFile(path) as book:
        return "\n".join(f"{name}\n{book.read(name).decode('utf-8')}" for name in book.namelist())


def test_the_reports_name_nobody(tmp_path: Path) -> None:
    book = hold(cohort_of(tmp_path / "board"), TARIFF)
    files = write_tariff(book, tmp_path / "out")
    reports = [name for name in files if name not in {f"{table}.csv" for table in TABLES}]
    made = {f"{name}.{kind}" for name in NAMELESS for kind in ("csv", "xlsx")}
    assert {*made, "manifest.json"} == set(reports)
    private = [
        *IDS,
        *(part for name in NAMES for part in re.split(r"[\s-]", name)),
        "example.ac.uk",
        "Underhill",
    ]
    for name in reports:
        text = texts_of(tmp_path / "out" / name).casefold()
        assert [word for word in private if word.casefold() in text] == [], name
    assert all(one in texts_of(tmp_path / "out" / "penalties.csv") for one in IDS)


def test_each_report_is_a_workbook_of_its_own_that_says_for_whom_it_is(tmp_path: Path) -> None:
    rows = [{"penalty": "plagiarism-4", "repeated": "Y", "bar_until": "2024-01-01"}] * 9
    frame(*rows, {"major": "N", "penalty": "minor-b"}).write_csv(tmp_path / "misconduct.csv")
    write_tariff(hold(tmp_path / "misconduct.csv", TARIFF), tmp_path / "out")
    told = {}
    for name in NAMELESS:
        book = openpyxl.load_workbook(tmp_path / "out" / f"{name}.xlsx")
        assert len(book.sheetnames) == 1
        told[name] = [str(cell.value) for row in book.worksheets[0] for cell in row if cell.value is not None]
    assert (
        "For the Board of Examiners, at the meeting at which results are confirmed (Misconduct 11)."
        in (told["action-taken"])
    )
    registrar = "For the Academic Registrar and the Pro-Rector (Education), at the end of the academic year"
    assert f"{registrar} (Misconduct 11, Misconduct 16)." in told["minor-offences"]
    assert "For Senate, in the Autumn Term (Misconduct annex 1 7)." in told["monitoring"]
    assert not {"minor (b)", "Physics"} & set(told["monitoring"][:5])
    assert {"minor (b)", "Physics"} <= set(told["action-taken"])
    assert {"plagiarism (4)", "intent to deceive", "yes", "year 1"} <= set(told["monitoring"])
    assert not {"plagiarism-4", "Y", "N", "minor-b"} & {text for texts in told.values() for text in texts}


def test_files_are_their_owners_alone_and_vouched_for(tmp_path: Path) -> None:
    write_tariff(hold(cohort_of(tmp_path / "board"), TARIFF), tmp_path / "out")
    for path in (tmp_path / "out").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert set(written(tmp_path / "out")) == {path.name for path in (tmp_path / "out").iterdir()} - {
        "manifest.json"
    }
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    write_tariff(hold(tmp_path / "board", TARIFF), tmp_path / "out")
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_somebody_elses_file_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "monitoring.csv").write_text("mine", "utf-8")
    book = hold(cohort_of(tmp_path / "board"), TARIFF)
    with pytest.raises(CallError, match=r"monitoring\.csv was not written by boardkit"):
        write_tariff(book, tmp_path / "out")
    write_tariff(book, tmp_path / "out", force=True)
    assert "mine" not in (tmp_path / "out" / "monitoring.csv").read_text("utf-8")


def test_a_university_that_reports_nothing_gets_no_reports(tmp_path: Path) -> None:
    files = write_tariff(hold(cohort_of(tmp_path / "board"), "qmu-2022"), tmp_path / "out")
    assert files == ["manifest.json", "penalties.csv", "problems.csv", "procedure.csv"]


def test_what_was_decided_is_reported_though_the_tariff_cannot_be_looked_up(tmp_path: Path) -> None:
    rows = frame({"major": "N", "admitted": None, "penalty": "minor-b"})
    rows.write_csv(tmp_path / "misconduct.csv")
    book = hold(tmp_path / "misconduct.csv", TARIFF)
    assert book.rows["missing"].to_list() == ["admitted"]
    assert action_taken(book.rows, book.tariff.rules)["penalty"].to_list() == ["minor-b"]
    assert by_department(book.rows, book.tariff.rules)["offences"].to_list() == [1]
    assert "decided by" in procedure(book.rows, book.tariff.rules)["step"].to_list()


def test_an_offence_with_no_year_is_reported_in_the_boards(tmp_path: Path) -> None:
    board = cohort_of(tmp_path / "board")
    rows = pl.read_csv(board / "misconduct.csv", infer_schema=False)
    rows.with_columns(academic_year=pl.lit(None, dtype=pl.String)).write_csv(board / "misconduct.csv")
    write_tariff(hold(board, TARIFF), tmp_path / "out")
    for name in NAMELESS:
        made = pl.read_csv(tmp_path / "out" / f"{name}.csv", infer_schema=False)
        assert made["academic_year"].unique().to_list() == ["2022/23"], name


def test_years_and_departments_are_one_however_they_are_written(tmp_path: Path) -> None:
    minor = {"major": "N", "penalty": "minor-b"}
    rows = [
        {"academic_year": year, "department": department, **minor}
        for year in ("2023/24", "2023-24", "2023", " AY 2023-2024")
        for department in ("Physics", "physics", " Physics ", "PHYSICS", "Applied  Maths", "applied maths")
    ]
    frame(*rows, {**minor, "academic_year": " ", "department": None}).write_csv(tmp_path / "misconduct.csv")
    book = hold(tmp_path / "misconduct.csv", TARIFF)
    taken = action_taken(book.rows, book.tariff.rules)
    assert taken.select("academic_year", "department", "offences").rows() == [
        ("2023/24", "Applied Maths", 8),
        ("2023/24", "Physics", 16),
        ("not stated", "not stated", 1),
    ]
    assert by_department(book.rows, book.tariff.rules)["offences"].to_list() == [8, 16, 1]
    whole = monitoring(book.rows, book.tariff.rules).filter(pl.col("breakdown") == "all")
    assert whole["academic_year"].to_list() == ["2023/24", "not stated"]


# ---- suppression -------------------------------------------------------------------------------------


def solutions(counts: list[int], mask: list[bool], minimum: int) -> list[set[int]]:
    """What each hidden count may be, to somebody who knows the total, the other counts and how counts are hidden."""
    kept = [at for at, one in enumerate(mask) if one]
    left = sum(counts[at] for at in kept)
    found: list[set[int]] = [set() for _ in kept]
    for tried in product(range(1, left + 1), repeat=len(kept)):
        whole = list(counts)
        for at, value in zip(kept, tried, strict=True):
            whole[at] = value
        if sum(tried) == left and hidden(whole, minimum) == mask:
            for values, value in zip(found, tried, strict=True):
                values.add(value)
    return found


@pytest.mark.parametrize("minimum", [2, 3, 5])
def test_no_total_gives_a_hidden_count_away(minimum: int) -> None:
    for counts in product(range(8), repeat=3):
        mask = hidden(list(counts), minimum)
        if mask is None or not any(mask):
            assert mask is None or all(not 0 < count < minimum for count in counts)
            continue
        shown = [count for count, kept in zip(counts, mask, strict=True) if not kept]
        assert all(count == 0 or count >= minimum for count in shown)
        small = [at for at, count in enumerate(counts) if 0 < count < minimum]
        kept = [at for at, one in enumerate(mask) if one]
        assert set(small) <= set(kept)
        assert all(len(solutions(list(counts), mask, minimum)[kept.index(at)]) > 1 for at in small), counts


# ---- the command -------------------------------------------------------------------------------------


STAGES = sorted(
    {*ROWS, *MEANT, *WORKS, *OUTPUT["penalties"]} - {one.name for one in INPUT["misconduct"].columns}
)
"""Names of the stages' own that are no columns of the misconduct table."""


def test_columns_beside_offences_may_have_any_name(call: Call, tmp_path: Path) -> None:
    rows = [{"penalty": "plagiarism-3"}, {"year": None}, {"offence": "theft"}, {"penalty": "minor-c"}]
    made = {}
    for name, columns in (("plain", ()), ("beside", STAGES)):
        path = tmp_path / name / "offences.csv"
        path.parent.mkdir()
        frame(*rows).with_columns(pl.lit("mine").alias(column) for column in columns).write_csv(path)
        code, _, error = call("tariff", path, "--regulations", TARIFF, "--out", tmp_path / name / "out")
        assert (code, error) == (1, "")
        made[name] = [
            (tmp_path / name / "out" / f"{table}.csv").read_text("utf-8")
            for table in ("penalties", "procedure", *NAMELESS)
        ]
    assert made["plain"] == made["beside"]


def test_penalties_that_were_written_are_read_again_as_offences(call: Call, tmp_path: Path) -> None:
    frame({"penalty": "plagiarism-3"}, {"year": "2"}).write_csv(tmp_path / "offences.csv")
    for source, out in (("offences.csv", "first"), ("first/penalties.csv", "second")):
        assert call("tariff", tmp_path / source, "--regulations", TARIFF, "--out", tmp_path / out)[0] == 0
    first, second = (tmp_path / out / "penalties.csv" for out in ("first", "second"))
    assert second.read_bytes() == first.read_bytes()


@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx", "folder", "board"])
def test_tariff_of_every_kind_of_file(call: Call, tmp_path: Path, kind: str) -> None:
    rows = frame({}, {"student_id": "00000002", "year": "2", "intent": "N"})
    if kind == "board":
        source = cohort_of(tmp_path / "board")
    else:
        source = tmp_path / ("cases" if kind == "folder" else f"what ever.{kind}")
        if kind == "folder":
            source.mkdir()
            rows.write_csv(source / "misconduct.csv")
        elif kind == "csv":
            rows.write_csv(source)
        elif kind == "parquet":
            rows.write_parquet(source)
        else:
            rows.write_excel(source, worksheet="Misconduct")
    code, printed, error = call("tariff", source, "--regulations", TARIFF, "--out", tmp_path / "out")
    assert error == ""
    assert code == (1 if kind == "board" else 0)
    made = pl.read_csv(tmp_path / "out" / "penalties.csv", infer_schema=False)
    assert made.height == (15 if kind == "board" else 2)
    if kind != "board":
        assert made["default_penalty"].to_list() == ["plagiarism-3", "plagiarism-2"]
    assert "not decided, and nothing is applied to them" in printed
    assert (
        f"to {tmp_path / 'out'}, with student numbers: penalties.csv, problems.csv, procedure.csv" in printed
    )
    assert "naming nobody: action-taken.csv, action-taken.xlsx, minor-offences.csv" in printed


def test_a_lone_sheet_is_the_table_whatever_it_is_called(call: Call, tmp_path: Path) -> None:
    source = tmp_path / "cases.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "Cases 2023-24"
    rows = frame({}, {"student_id": "00000002", "year": "2", "intent": "N"})
    for row in (["Student ID", *rows.columns[1:]], *rows.rows()):
        book.active.append(row)
    book.create_sheet("Sheet2")
    book.save(source)
    code, printed, error = call("tariff", source, "--regulations", TARIFF, "--out", tmp_path / "out")
    assert (code, error) == (0, "")
    assert "2 offences" in printed
    made = pl.read_csv(tmp_path / "out" / "penalties.csv", infer_schema=False)
    assert made["default_penalty"].to_list() == ["plagiarism-3", "plagiarism-2"]


@pytest.mark.parametrize("sheets", [{"Cases": ["who", "what"]}, {"A": ["student_id", "offence"], "B": ["x"]}])
def test_a_workbook_with_no_misconduct_table_is_refused_in_those_words(
    call: Call,
    tmp_path: Path,
    sheets: dict[str, list[str]],
) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, heads in sheets.items():
        book.create_sheet(name).append(heads)
    book.save(tmp_path / "cases.xlsx")
    code, _, error = call(
        "tariff", tmp_path / "cases.xlsx", "--regulations", TARIFF, "--out", tmp_path / "out"
    )
    assert (code, error.count("\n")) == (2, 1)
    assert "there is no misconduct table in it. Call its sheet Misconduct, or" in error
    assert "whose header has student_id and offence." in error


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("marks.csv", "a,b\n1,2\n", "marks.csv has no column student_id, offence"),
        ("empty.csv", "", "cannot use empty.csv"),
    ],
)
def test_a_table_that_is_none_is_refused(call: Call, tmp_path: Path, name: str, text: str, told: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    code, _, error = call("tariff", tmp_path / name, "--regulations", TARIFF, "--out", tmp_path / "out")
    assert (code, error.startswith("boardkit: ")) == (2, True)
    assert told in error
    assert not (tmp_path / "out").exists()


def test_calls_that_cannot_be_done(call: Call, tmp_path: Path) -> None:
    board = cohort_of(tmp_path / "board")
    for arguments, told in (
        (
            ("run", board, "--regulations", TARIFF, "--out", tmp_path / "out"),
            "states a tariff for misconduct and no assessment rules",
        ),
        (("tariff", board, "--regulations", TARIFF, "--out", board / "out"), "it is the input, or inside it"),
        (
            ("tariff", tmp_path / "nowhere.csv", "--regulations", TARIFF, "--out", tmp_path / "out"),
            "cannot find nowhere.csv",
        ),
        (
            ("tariff", board, "--regulations", "oxford", "--out", tmp_path / "out"),
            'no regulations are called "oxford"',
        ),
    ):
        code, _, error = call(*arguments)
        assert (code, error.count("\n")) == (2, 1)
        assert told in error
    (board / "misconduct.csv").unlink()
    code, _, error = call("tariff", board, "--regulations", TARIFF, "--out", tmp_path / "out")
    assert (code, "there is no misconduct table" in error) == (2, True)


def test_what_is_no_year_is_not_in_the_reports(tmp_path: Path) -> None:
    barred = {"penalty": "plagiarism-4", "bar_until": "2024-01-01"}
    rows = [{"academic_year": IDS[0], **more} for more in ({"major": "N", "penalty": "minor-b"}, barred)] * 6
    frame(*rows).write_csv(tmp_path / "misconduct.csv")
    write_tariff(hold(tmp_path / "misconduct.csv", TARIFF), tmp_path / "out")
    for name in NAMELESS:
        assert IDS[0] not in texts_of(tmp_path / "out" / f"{name}.xlsx")
        made = pl.read_csv(tmp_path / "out" / f"{name}.csv", infer_schema=False)
        assert made["academic_year"].unique().to_list() == ["not stated"], name


@pytest.mark.parametrize("force", [(), ("--force",)], ids=["", "forced"])
@pytest.mark.parametrize("through", ["itself", "a link", "a hard link", "the folder's link"])
def test_what_is_read_is_not_written_over(
    call: Call, tmp_path: Path, through: str, force: tuple[str, ...]
) -> None:
    source = tmp_path / "out" / "penalties.csv"
    source.parent.mkdir()
    frame({}).write_csv(source)
    (tmp_path / "link.csv").symlink_to(source)
    (tmp_path / "hard.csv").hardlink_to(source)
    (tmp_path / "other").symlink_to(source.parent)
    read = {"a link": tmp_path / "link.csv", "a hard link": tmp_path / "hard.csv"}.get(through, source)
    out = tmp_path / ("other" if through == "the folder's link" else "out")
    before = source.read_bytes()
    code, _, error = call("tariff", read, "--regulations", TARIFF, "--out", out, *force)
    assert (code, error.count("\n")) == (2, 1)
    assert "penalties.csv in it is the input, and would be written over. Choose another folder." in error
    assert [path.name for path in source.parent.iterdir()] == ["penalties.csv"]
    assert source.read_bytes() == before


def test_penalties_of_the_run_before_are_no_input_of_the_same_folder(call: Call, tmp_path: Path) -> None:
    frame({}).write_csv(tmp_path / "offences.csv")
    out = tmp_path / "out"
    for source, code in (("offences.csv", 0), ("out/penalties.csv", 2), ("offences.csv", 0)):
        assert call("tariff", tmp_path / source, "--regulations", TARIFF, "--out", out)[0] == code


def test_a_board_with_offences_is_the_same_in_any_order(tmp_path: Path) -> None:
    folder = cohort_of(tmp_path / "board")
    one = bk.assess(bk.read(folder), "qmu-2022").polars.penalties
    rows = pl.read_csv(folder / "misconduct.csv", infer_schema=False)
    rows.reverse().write_csv(folder / "misconduct.csv")
    other = bk.assess(bk.read(folder), "qmu-2022").polars.penalties
    assert one.sort(pl.all()).equals(other.sort(pl.all()))


def test_names_are_taken_out_of_what_was_written_of_offences(tmp_path: Path) -> None:
    board = bk.assess(bk.read(cohort_of(tmp_path / "board")), "qmu-2022")
    board.write(tmp_path / "run", anonymous=True)
    for path in (tmp_path / "run").iterdir():
        text = texts_of(path)
        assert [name for name in NAMES if name in text] == [], path.name
