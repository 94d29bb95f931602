"""The board workbook: every sheet says what the tables say, numbers are numbers, and text stays text."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import polars as pl
import pytest
import xlsxwriter

import boardkit as bk
from boardkit.demo import demo
from boardkit.report.content import papers
from boardkit.report.content.settle import settle
from boardkit.report.names import CLASSES
from boardkit.report.workbook import OPTIONS, write_workbook
from boardkit.report.workbook.formats import FONT, SIZE, Formats
from boardkit.report.workbook.listing import add_listing, write_texts
from boardkit.report.workbook.page import PAGE, Book, across, set_width
from boardkit.report.workbook.profiles import MODULE
from tests.report.sheets import lines, listed, opened
from tests.test_cases import frames

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

    from boardkit.board import BoardResult

SAMPLE = "data/samples/psychology-2022.xlsx"
SHEETS = [
    *("Board", "To settle", "Profiles", "Borderlines", "Progress", "Decisions", "Reassessment", "Credit"),
    *("Modules", "Distribution", "Histograms", "Dates", "Registration", "Transcript"),
    *("Problems", "Trace", "Sources"),
]
BESIDE = {"Dates", "Registration", "Transcript"}
"""Sheets that are left out where there is nothing to put in them."""


@pytest.fixture(scope="module")
def board() -> BoardResult:
    return bk.assess(bk.read(SAMPLE), "qmu-2022")


@pytest.fixture(scope="module")
def book(board: BoardResult, tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    return opened(board, tmp_path_factory.mktemp("book"))


def test_sheets(book: Workbook) -> None:
    assert book.sheetnames == SHEETS
    assert {sheet.sheet_state for sheet in book} == {"visible"}


def test_text_has_the_workbooks_own_type_and_columns_are_as_wide_as_their_digits_of_seven_pixels(
    tmp_path: Path,
) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx", OPTIONS) as made:
        sheet = made.add_worksheet()
        set_width(sheet, 0, 0, 20)
        write_texts(sheet, ["=1+1"], 0, 0)
    leaf = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    cell = leaf["A1"]
    assert (cell.font.name, cell.font.sz, cell.alignment.vertical, cell.alignment.wrap_text) == (
        *(FONT, SIZE, "top"),
        True,
    )
    assert cell.value == "=1+1"
    assert cell.data_type == "s"
    # A digit of the workbook's own type is six pixels wide, and a column has five more.
    assert leaf.column_dimensions["A"].width == pytest.approx((across([20]) - 5) / 6 + 5 / 6, abs=0.02)


# ---- what the sheets say -----------------------------------------------------------------------------


def test_the_front_sheet_counts_what_the_tables_hold(book: Workbook, board: BoardResult) -> None:
    told, awards, modules = lines(book["Board"]), board.polars.awards, board.polars.modules
    near = awards.filter(pl.col("reason").str.contains("a borderline case"))
    assert told["Borderline cases"][0] == near.height
    assert told["Borderline cases"][1].startswith(f"{near.filter(basis='borderline').height} up, ")
    assert told["Just below a boundary"][0] == awards.filter(basis="uplift").height
    for outcome in ("incomplete", "deferred"):
        assert told[f"{outcome.capitalize()} module results"][0] == modules.filter(outcome=outcome).height
    classed = awards.drop_nulls("classification")
    assert told["Short of credit"][0] == classed.filter(eligible="N").height
    for name, number in classed["classification"].value_counts().rows():
        assert told[CLASSES[name]][0] == number
        short = classed.filter(classification=name, eligible="N").height
        assert told[CLASSES[name]][1] == (f"{short} short of credit" if short else "")
    assert told["Errors"][0] == board.severities["error"]
    assert told["With tuition debt"][0] == board.cohort.polars.students["tuition_debt"].sum()
    assert told["Scalings to endorse"][0] == 1
    assert "NOT ENDORSED" in told["PS4022 Test"][1]
    assert "NOT ENDORSED" not in told["PS4021 Exam"][1]
    cited = board.polars.trace.filter(pl.col("clause").str.contains(r"reading.*\bW7\b")).height
    assert told["W7"] == (cited, board.pack.rules.readings["W7"])
    assert "D2" not in told


def test_every_sheet_says_that_it_is_provisional_and_that_there_are_errors(
    book: Workbook, tmp_path: Path
) -> None:
    for sheet in book:
        assert sheet["A2"].value == "PROVISIONAL: not confirmed by the board."
        assert sheet["A3"].value.startswith("! 6 errors in the data")
        assert "PROVISIONAL" in sheet.oddHeader.right.text
        assert "6 errors" in sheet.oddHeader.center.text
    tables = demo(12)
    facts = tables["board"].filter(pl.col("key") != "status")
    confirmed = pl.concat([facts, pl.DataFrame({"key": ["status"], "value": ["confirmed"]})])
    clean = opened(bk.assess(bk.read({**tables, "board": confirmed}), "qmu-2022"), tmp_path)
    for sheet in clean:
        assert sheet["A2"].value == "Confirmed by the board."
        assert not (sheet["A3"].value or "").startswith("!")


SIGNED = {"fail": "F", "qualifying-fail": "Q", "condoned": "C"}
ALONE = {"deferred": "def", "incomplete": "inc", "withdrawn": "wd", "pass": "cr"}


def test_profiles_hold_every_result(book: Workbook, board: BoardResult) -> None:
    rows = listed(book["Profiles"], "Student")
    heads = {head.split("\n")[0]: head for head in rows[0]}
    by_student = {row["Student"]: row for row in rows}
    modules = board.polars.modules
    shown = 0
    for student, row in by_student.items():
        mine = modules.filter(student_id=student)
        for result in mine.rows(named=True):
            value = row[heads[result["module"]]]
            shown += 1
            if result["mark"] is None:
                assert value.startswith(ALONE[result["outcome"]])
            else:
                assert isinstance(value, float | int)
                assert value == float(result["mark"])
        others = [row[heads[code]] for code in set(modules["module"]) - set(mine["module"])]
        assert others == [None] * len(others)
    assert shown == modules.height
    for award in board.polars.awards.rows(named=True):
        row = by_student[award["student_id"]]
        assert row["Average"] == (None if award["average"] is None else float(award["average"]))
        assert row["Class"] == CLASSES.get(award["classification"])
        classed_short = award["classification"] is not None and award["eligible"] == "N"
        assert ("credit short" in (row["Note"] or "")) == classed_short
        near = {"uplift": "up", "borderline": "B up"}.get(
            award["basis"], "B stays" if "a borderline case" in award["reason"] else None
        )
        assert row["Near"] == near


def test_a_colour_never_stands_without_a_sign(book: Workbook, board: BoardResult) -> None:
    sheet = book["Profiles"]
    at = next(cell.row for cell in sheet["A"] if cell.value == "Student")
    outcomes = {
        (student, module): (outcome, capped)
        for student, module, outcome, capped in board.polars.modules.select(
            "student_id", "module", "outcome", "capped"
        ).iter_rows()
    }
    coloured = 0
    for row in sheet.iter_rows(min_row=at + 1):
        for cell in row:
            code = str(sheet.cell(at, cell.column).value).split("\n")[0]
            known = outcomes.get((row[0].value, code))
            if known is None or not isinstance(cell.value, float | int):
                continue
            outcome, capped = known
            sign = SIGNED.get(outcome, "") + ("*" if capped == "Y" else "")
            assert sign in cell.number_format
            filled = cell.fill.fgColor.rgb not in ("00000000", None)
            assert filled == (outcome in SIGNED)
            coloured += filled
    assert coloured > 10


def test_borderlines_with_their_evidence(book: Workbook, board: BoardResult) -> None:
    rows = {row["Student"]: row for row in listed(book["Borderlines"], "Student")}
    reason = pl.col("reason")
    near = board.polars.awards.filter(
        reason.str.contains("a borderline case") | (pl.col("basis") == "uplift")
    )
    assert rows.keys() == set(near["student_id"])
    clauses = dict(
        board.polars.trace.filter(rule="classification").select("student_id", "clause").iter_rows()
    )
    marks = board.polars.modules
    for award in near.rows(named=True):
        row = rows[award["student_id"]]
        assert row["Average"] == float(award["average"])
        assert row["Boundary"] - row["Average"] == pytest.approx(row["Below by"])
        assert re.search(rf"{row['Below by']:.1f} below {row['Boundary']:.0f}\b", award["reason"])
        assert row["Class"] == CLASSES[award["classification"]]
        assert row["Result"] == ("stays" if award["basis"] == "average" else "goes up")
        assert row["Clause"] == clauses[award["student_id"]]
        modules = row["Modules at or above the boundary (credits)"]
        if award["basis"] == "uplift":
            assert (row["Credits needed"], modules) == (None, None)
            continue
        held = re.search(r"([\d.]+) credits at SCQF", award["reason"])[1]
        assert row["Credits at or above"] == float(held)
        assert f"{row['Credits needed']:.0f} needed" in award["reason"]
        found = re.findall(r"(\S+) ([\d.]+) \(([\d.]+)\)", modules)
        assert sum(float(credit) for _, _, credit in found) == float(held)
        for module, mark, _ in found:
            recorded = marks.filter(student_id=award["student_id"], module=module)["mark"].item()
            assert float(recorded) == float(mark) >= row["Boundary"]
        assert (row["Credits at or above"] >= row["Credits needed"]) == (row["Result"] == "goes up")


def test_what_is_to_be_settled_is_listed(book: Workbook, board: BoardResult) -> None:
    rows = listed(book["To settle"], "What")
    kinds = {kind: [row for row in rows if row["What"] == kind] for kind in {row["What"] for row in rows}}
    for outcome in ("incomplete", "deferred"):
        there = {(row["Student"], row["Module"]) for row in kinds[outcome]}
        assert there == set(
            board.polars.modules.filter(outcome=outcome).select("student_id", "module").iter_rows()
        )
        assert all(re.search(r"attempt \d+: .* \(\S+", row["What there is"]) for row in kinds[outcome])
    short = board.polars.awards.filter(pl.col("classification").is_not_null(), eligible="N")
    assert [row["Student"] for row in kinds["short of credit"]] == short["student_id"].to_list()
    assert all(row["What there is"].startswith("Credit ") for row in kinds["short of credit"])
    assert len(kinds["tuition debt"]) == 3
    assert any("not yet endorsed" in row["What there is"] for row in kinds["to put to the board"])


def test_what_a_recommendation_leaves_open_is_listed_to_settle() -> None:
    path = Path(__file__).parent.parent / "cases" / "rules" / "clause-17-4-condonement.toml"
    case = tomllib.loads(path.read_text("utf-8"))["case"][-1]
    told = settle(bk.assess(bk.read(frames(case)), "qmu-2022")).rows
    put = told.filter(kind="to put to the board")["told"].to_list()
    assert [text.split(":")[0] for text in put] == ["X, S1", "X, S3", "Y, S3"]


def test_modules_trace_problems_and_sources(book: Workbook, board: BoardResult) -> None:
    stats = {row["Module"]: row for row in listed(book["Modules"], "Module")}
    assert stats.keys() == set(board.ground.modules["module"])
    marks = board.polars.modules.filter(module="PS4090").drop_nulls("mark")["mark"].cast(pl.Float64)
    assert stats["PS4090"]["n"] == len(marks)
    assert stats["PS4090"]["Mean"] == pytest.approx(marks.mean())
    problems = listed(book["Problems"], "Severity")
    told = board.polars.problems
    assert [row["Cell"] for row in problems] == told["cell"].to_list()
    assert [row["What is wrong, and what to do"] for row in problems] == told["message"].to_list()
    rows = listed(book["Trace"], "Student")
    trace = board.polars.trace
    assert len(rows) == trace.height
    for row, want in zip(rows, trace.rows(named=True), strict=True):
        assert (row["Student"], row["Module"], row["Clause"]) == (
            want["student_id"],
            want["module"],
            want["clause"],
        )
        assert row["Attempt"] == want["attempt"]
        for side in ("Before", "After"):
            number = re.fullmatch(r"\d+(\.\d{1,4})?", want[side.lower()] or "")
            assert row[side] == (float(want[side.lower()]) if number else want[side.lower()])
    sources = {row["Name"]: row["Value"] for row in listed(book["Sources"], "What")}
    assert board.cohort.files[0].sha256 in sources["psychology-2022.xlsx"]
    assert any(board.pack.digest in value for value in sources.values())


def test_no_number_is_kept_as_text(book: Workbook) -> None:
    identifiers = {"Student", "Value", "Module", "Clause"}
    for name in SHEETS:
        for row in book[name].iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and re.fullmatch(r"-?\d+(\.\d+)?", cell.value):
                    heads = [c.value for c in book[name][cell.column_letter][: cell.row]]
                    assert identifiers & {head for head in heads if isinstance(head, str)} or name in (
                        "Distribution",
                        "Sources",
                    ), (name, cell.coordinate)


def test_the_bands_add_up_and_are_drawn(book: Workbook, board: BoardResult) -> None:
    rows = listed(book["Distribution"], "Module")
    counted = board.polars.modules.drop_nulls("mark")["module"].value_counts()
    for module, number in counted.filter(pl.col("module").is_in(board.ground.modules["module"])).iter_rows():
        mine = [row for row in rows if row["Module"] == module]
        assert sum(row["n"] for row in mine) == number
        assert all(row["n"] == sum(row[str(edge)] or 0 for edge in range(0, 100, 5)) for row in mine)
    assert len(book["Histograms"]._charts) == board.ground.modules.height


# ---- how it is printed -------------------------------------------------------------------------------


def test_every_sheet_is_set_up_for_print(book: Workbook) -> None:
    for sheet in book:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9), sheet.title
        assert sheet.print_title_rows, sheet.title
        assert "&P" in sheet.oddFooter.right.text
        assert sheet.freeze_panes, sheet.title
        if sheet.title not in ("Board", "Histograms"):
            assert sheet.auto_filter.ref, sheet.title
            head = int(sheet.print_title_rows.split("$")[-1])
            assert sheet.freeze_panes.endswith(str(head + 1))
            assert sheet.auto_filter.ref.startswith(f"A{head}:")


def test_twelve_modules_are_printed_at_full_size(board: BoardResult) -> None:
    laid = papers(board).profiles
    around = [column.width for column in (*laid.before, *laid.after)]
    assert across([*around, *[MODULE] * 12]) <= PAGE


def test_many_modules_run_on_over_pages(tmp_path: Path) -> None:
    tables = demo(6)
    first = tables["modules"]["module"][0]
    codes = [f"PSYC{number:05d}" for number in range(30)]
    more = pl.concat([tables["modules"].head(1).with_columns(module=pl.lit(code)) for code in codes])
    taken = tables["enrolments"].filter(module=first)
    enrolled = pl.concat([taken.with_columns(module=pl.lit(code)) for code in codes])
    board = bk.assess(
        bk.read(
            {
                **tables,
                "modules": pl.concat([tables["modules"], more]),
                "enrolments": pl.concat([tables["enrolments"], enrolled]),
            }
        ),
        "qmu-2022",
    )
    sheet = opened(board, tmp_path)["Profiles"]
    assert sheet.print_title_cols == "$A:$B"
    assert not sheet.sheet_properties.pageSetUpPr or not sheet.sheet_properties.pageSetUpPr.fitToPage


# ---- odd boards --------------------------------------------------------------------------------------

NOBODY = {
    "marks": pl.DataFrame(schema=dict.fromkeys(("student_id", "module", "component", "mark"), pl.String)),
    "students": pl.DataFrame(schema=dict.fromkeys(("student_id", "award"), pl.String)),
    "modules": pl.DataFrame({"module": ["A"], "scqf_level": [10], "credits": [20]}),
}


def test_a_board_with_nobody(tmp_path: Path) -> None:
    book = opened(bk.assess(bk.read(NOBODY), "qmu-2022"), tmp_path)
    assert book.sheetnames == [name for name in SHEETS if name not in BESIDE]
    assert [row[0].value for row in book["Profiles"]].count("There are no students.") == 1
    assert lines(book["Board"])["Nobody is classified"][1] == "There is no students table, or nobody in it."
    empty = bk.assess(bk.read({**NOBODY, "modules": NOBODY["modules"].clear()}), "qmu-2022")
    assert opened(empty, tmp_path).sheetnames == [name for name in SHEETS if name not in BESIDE]


def test_a_board_with_one(tmp_path: Path) -> None:
    book = opened(bk.assess(bk.read(demo(1)), "qmu-2022"), tmp_path)
    assert len(listed(book["Profiles"], "Student")) == 1
    assert {row["Group"] for row in listed(book["Modules"], "Module")} == {"small"}


def test_a_board_of_marks_alone(tmp_path: Path) -> None:
    board = bk.assess(bk.read({"marks": demo(20)["marks"]}), "qmu-2022", study="undergraduate")
    rows = listed(opened(board, tmp_path)["Profiles"], "Student")
    assert {row["Student"] for row in rows} == set(board.polars.modules["student_id"])
    assert all(row["Class"] is None for row in rows)
    assert "Name" not in rows[0]


ODD = [
    *(
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-x",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "\x00x",
        "{=A1}",
        "https://example.org/x",
    ),
    *(
        '=HYPERLINK("http://x","y")',
        "mailto:a@example.org",
        "internal:Board!A1",
        "x" * 400,
        "Ana María " * 60,
    ),
]


def test_text_stays_text(tmp_path: Path) -> None:
    """Names, titles and the board's own words that begin like formulas, or never end."""
    tables = demo(len(ODD))
    board = bk.assess(
        bk.read(
            {
                **tables,
                "students": tables["students"].with_columns(name=pl.Series(ODD)),
                "modules": tables["modules"].with_columns(title=pl.lit("=A1&" * 40)),
                "board": pl.DataFrame({"key": ["title", "institution"], "value": ["=1+1&Co" * 60, "@x"]}),
            }
        ),
        "qmu-2022",
    )
    book = opened(board, tmp_path)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
                if cell.hyperlink is not None:
                    assert sheet.title == "Board"
                    assert cell.hyperlink.target is None
                    assert cell.value in SHEETS
    names = {row["Student"]: row["Name"] for row in listed(book["Profiles"], "Student")}
    typed = board.cohort.typed["students"]
    for student, name in typed.select("student_id", "name").iter_rows():
        shown = openpyxl.utils.escape.unescape(names[student] or "")
        assert shown == name or (shown.endswith("...") and name.startswith(shown[:-3])), student
        assert len(shown) >= min(len(name), 100)


def test_a_trace_past_a_sheets_rows_says_where_the_rest_is(board: BoardResult, tmp_path: Path) -> None:
    told = papers(board)
    with xlsxwriter.Workbook(str(tmp_path / "cut.xlsx"), OPTIONS) as file:
        add_listing(Book(file, Formats(file), told), told.trace, rest="trace.csv", most=100)
    sheet = openpyxl.load_workbook(tmp_path / "cut.xlsx")["Trace"]
    assert sheet.max_row == 100
    rows = listed(sheet, "Student")
    note = next(row[0].value for row in sheet if str(row[0].value).startswith("The first"))
    assert note == (
        f"The first {len(rows)} of {told.trace.rows.height:,} rows. All of them are in trace.csv; "
        f"the rest begins at its row {len(rows) + 2}."
    )
    assert rows[-1]["Student"] == told.trace.rows["student_id"][len(rows) - 1]


def test_the_same_bytes(tmp_path: Path) -> None:
    digests = set()
    for name in ("one.xlsx", "two.xlsx"):
        write_workbook(papers(bk.assess(bk.read(SAMPLE), "qmu-2022")), tmp_path / name)
        digests.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(digests) == 1


def test_a_disk_that_is_full_is_told_of(
    board: BoardResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("zipfile.ZipFile.writestr", full)
    with pytest.raises(bk.BoardkitError, match="cannot write to out: No space left on device"):
        board.write(tmp_path / "out")
    assert not (tmp_path / "out").exists()
