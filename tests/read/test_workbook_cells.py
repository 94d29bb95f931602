"""What is read of a workbook: every cell, its kind, its text as written, and what hides it."""

from __future__ import annotations

import resource
import zipfile
from typing import TYPE_CHECKING

import polars as pl
import pytest
import xlsxwriter

from boardkit.read.cells import CELLS
from boardkit.read.workbook import read_workbook

from .workbook_made import (
    LINKED,
    STRICT_LINKED,
    STRICT_MAIN,
    inline,
    number,
    parts,
    relationships,
    row,
    shared,
    sheet,
    strings,
    styles,
    workbook,
    write,
)

if TYPE_CHECKING:
    from pathlib import Path

    from boardkit.read.workbook import Workbook


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "marks.xlsx"


def values(book: Workbook, *columns: str) -> list[tuple]:
    return book.cells.select(*(columns or ("kind", "text"))).rows()


def test_frame_has_the_columns_it_promises(path: Path) -> None:
    book = read_workbook(workbook(path, sheet(row(number("A1", "1")))))
    assert book.cells.schema == CELLS
    assert book.path == path
    assert "69.5" not in repr(read_workbook(workbook(path, sheet(row(number("A1", "69.5"))))))


def test_number_69_49999999999999_stays_as_written(path: Path) -> None:
    texts = ["69.49999999999999", "69.5", "7E1", "0.1e-3", "70.0", "-0", "1.0E12"]
    cells = [number(f"{chr(65 + at)}1", text) for at, text in enumerate(texts)]
    book = read_workbook(workbook(path, sheet(row(*cells))))
    assert values(book) == [("number", text) for text in texts]


def test_errors_are_kept(path: Path) -> None:
    errors = ["#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!"]
    cells = [f'<c r="{chr(65 + at)}1" t="e"><v>{text}</v></c>' for at, text in enumerate(errors)]
    book = read_workbook(workbook(path, sheet(row(*cells))))
    assert values(book) == [("error", text) for text in errors]


def test_booleans_and_the_words_for_them(path: Path) -> None:
    cells = [
        f'<c r="{place}1" t="b"><v>{text}</v></c>'
        for place, text in zip("ABCD", ("1", "0", "true", "2"), strict=True)
    ]
    book = read_workbook(workbook(path, sheet(row(*cells))))
    assert values(book) == [("boolean", "TRUE"), ("boolean", "FALSE"), ("boolean", "TRUE"), ("text", "2")]


def test_number_cell_without_a_number_is_text(path: Path) -> None:
    cells = [number("A1", "NaN"), number("B1", "1 000"), number("C1", " 12 "), number("D1", "1,5")]
    book = read_workbook(workbook(path, sheet(row(*cells))))
    assert values(book) == [("text", "NaN"), ("text", "1 000"), ("number", "12"), ("text", "1,5")]


def test_wrong_dimension_is_not_believed(path: Path) -> None:
    cells = [row(number(f"A{at}", str(at)), at=at) for at in range(1, 101)]
    for stated in ("A1:A10", "A1:XFD1048576", "nonsense"):
        made = workbook(path, sheet("".join(cells), before=f'<dimension ref="{stated}"/>'))
        assert read_workbook(made).cells.height == 100


def test_strict_form_is_read(path: Path) -> None:
    made = workbook(
        path,
        sheet(row(shared("A1", 0), '<c r="B1" t="d" s="1"><v>2022-11-01T16:00:00</v></c>'), main=STRICT_MAIN),
        shared_strings=strings("<t>Exam</t>", main=STRICT_MAIN),
        formats=styles("14", main=STRICT_MAIN),
        main=STRICT_MAIN,
        linked=STRICT_LINKED,
    )
    assert values(read_workbook(made)) == [("text", "Exam"), ("date", "2022-11-01T16:00:00")]


def test_sheets_of_the_same_name_are_both_kept(path: Path) -> None:
    made = workbook(path, ("Marks", sheet(row(number("A1", "1")))), ("Marks", sheet(row(number("A1", "2")))))
    book = read_workbook(made)
    assert [one.name for one in book.sheets] == ["Marks", "Marks"]
    assert values(book, "sheet", "text") == [(0, "1"), (1, "2")]


def test_a1_and_xfd1048576_alone_ask_for_no_room_between(path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    data = row(number("A1", "1")) + row(number("XFD1048576", "2"), at=1_048_576)
    merge = '<mergeCells><mergeCell ref="A2:XFD1048575"/></mergeCells>'
    book = read_workbook(workbook(path, sheet(data, after=merge)))
    assert values(book, "row", "col", "text") == [(1, 1, "1"), (1_048_576, 16_384, "2")]
    assert (book.sheets[0].rows, book.sheets[0].columns) == (1_048_576, 16_384)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheet_says_so(path: Path, state: str) -> None:
    made = workbook(
        path,
        sheet(row(number("A1", "1"))),
        sheet(row(number("A1", "2"))),
        states={1: f' state="{state}"'},
    )
    book = read_workbook(made)
    assert [one.hidden for one in book.sheets] == [False, True]
    assert values(book, "sheet", "hidden") == [(0, False), (1, True)]


def test_hidden_rows_and_columns(path: Path) -> None:
    columns = (
        '<cols><col min="2" max="3" hidden="1"/><col min="5" max="16384" width="0" customWidth="1"/></cols>'
    )
    data = (
        row(*(number(f"{letter}1", "1") for letter in "ABCDE"))
        + row(number("A2", "2"), at=2, extra=' hidden="true"')
        + row(number("A3", "3"), at=3, extra=' ht="0" customHeight="1"')
        + row(number("A4", "4"), at=4, extra=' ht="10" hidden="0"')
    )
    book = read_workbook(workbook(path, sheet(data, before=columns)))
    assert book.cells["hidden"].to_list() == [False, True, True, False, True, True, True, False]
    assert book.sheets[0].hidden_rows == 2


def test_filtered_rows_are_hidden_and_told(path: Path) -> None:
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet("Marks")
    page.write_column("A1", ["Mark", 40, 70, 41])
    page.autofilter("A1:A4")
    page.filter_column("A", "x < 50")
    page.set_row(2, options={"hidden": True})
    book.close()
    read = read_workbook(path)
    assert read.cells["hidden"].to_list() == [False, False, True, False]
    assert (read.sheets[0].filtered, read.sheets[0].hidden_rows) == (True, 1)


def test_cells_under_a_merged_area_name_its_first_cell(path: Path) -> None:
    data = (
        row(number("A1", "1"), number("B1", "2"), number("C1", "3"))
        + row(number("A2", "4"), number("C2", "5"), at=2)
        + row(number("C9", "6"), at=9)
    )
    after = '<mergeCells count="9"><mergeCell ref="A1:B2"/><mergeCell ref="C2:C9"/></mergeCells>'
    book = read_workbook(workbook(path, sheet(data, after=after)))
    assert book.cells["merged_into"].to_list() == [None, "A1", None, "A1", None, "C2"]
    assert book.cells["text"].to_list() == list("123456")
    assert book.sheets[0].merges == ("A1:B2", "C2:C9")


def test_formula_without_a_value_is_told(path: Path) -> None:
    data = row(
        '<c r="A1"><f>B1+1</f></c>',
        '<c r="B1"><f>C1</f><v></v></c>',
        '<c r="C1"><f>D1</f><v/></c>',
        '<c r="D1" t="str"><f>IF(A1,"x","")</f><v></v></c>',
        '<c r="E1"><f t="shared" ref="E1:E2" si="0">1&amp;2</f><v>12</v></c>',
        '<c r="F1" s="1"/>',
    )
    book = read_workbook(workbook(path, sheet(data), formats=styles("0.0")))
    assert values(book, "kind", "text", "formula") == [
        ("formula-without-value", None, True),
        ("formula-without-value", None, True),
        ("formula-without-value", None, True),
        ("text", "", True),
        ("number", "12", True),
    ]


def test_blank_cells_do_not_appear_but_empty_texts_do(path: Path) -> None:
    data = row(
        '<c r="A1"/>', '<c r="B1"><v></v></c>', inline("C1", ""), shared("D1", 0), '<c r="E1" t="s"><v/></c>'
    )
    book = read_workbook(workbook(path, sheet(data), shared_strings=strings("<t/>")))
    assert values(book, "col", "kind", "text") == [(3, "text", ""), (4, "text", "")]


def test_shared_texts_with_runs_readings_and_escapes(path: Path) -> None:
    items = (
        '<t xml:space="preserve"> kept </t>',
        "<r><t>rich</t></r><r><rPr><b/></rPr><t> text</t></r>",
        '<t>課題</t><rPh sb="0" eb="2"><t>カダイ</t></rPh><phoneticPr fontId="1"/>',
        "<t>a_x000D_b_x005F_x000D__xD83D__xDE00_</t>",
        "<t>A &amp; B &lt;c&gt; &#233;&#x41;</t>",
        "",
    )
    data = row(*(shared(f"{chr(65 + at)}1", at) for at in range(len(items))))
    book = read_workbook(workbook(path, sheet(data), shared_strings=strings(*items)))
    assert book.cells["text"].to_list() == [
        " kept ",
        "rich text",
        "課題",
        "a\rb_x000D_\U0001f600",
        "A & B <c> éA",
        "",
    ]


def test_inline_texts_with_runs(path: Path) -> None:
    rich = '<c r="A1" t="inlineStr"><is><r><t>late_x000A_</t></r><r><t> work</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is></c>'
    untyped = '<c r="B1"><is><t>no type</t></is></c>'
    book = read_workbook(workbook(path, sheet(row(rich, untyped))))
    assert values(book) == [("text", "late\n work"), ("text", "no type")]


def test_cells_and_rows_without_places_stand_in_order(path: Path) -> None:
    data = '<row><c><v>1</v></c><c r="D1"><v>2</v></c><c><v>3</v></c></row><row r="7"><c><v>4</v></c></row><row><c><v>5</v></c></row>'
    book = read_workbook(workbook(path, sheet(data)))
    assert values(book, "row", "col", "text") == [
        (1, 1, "1"),
        (1, 4, "2"),
        (1, 5, "3"),
        (7, 1, "4"),
        (8, 1, "5"),
    ]


def test_cells_out_of_order_are_put_in_order(path: Path) -> None:
    data = row(number("B3", "4"), number("A3", "3"), at=3) + row(number("A1", "1")) + row(number("B1", "2"))
    assert read_workbook(workbook(path, sheet(data))).cells["text"].to_list() == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("serial", "text"),
    [
        ("1", "1900-01-01T00:00:00"),
        ("59", "1900-02-28T00:00:00"),
        ("61", "1900-03-01T00:00:00"),
        ("44866.666666666664", "2022-11-01T16:00:00"),
        ("42488.479166666664", "2016-04-28T11:30:00"),
        ("44866.99999999", "2022-11-02T00:00:00"),
        ("2958465.5", "9999-12-31T12:00:00"),
        ("4.4866E4", "2022-11-01T00:00:00"),
    ],
)
def test_dates_are_moments_to_the_second(path: Path, serial: str, text: str) -> None:
    book = read_workbook(
        workbook(path, sheet(row(number("A1", serial, 1))), formats=styles("dd/mm/yyyy hh:mm"))
    )
    assert values(book, "kind", "text", "raw", "format") == [("date", text, serial, "dd/mm/yyyy hh:mm")]


@pytest.mark.parametrize(
    "serial", ["0.5", "0", "-1.0", "60", "60.25", "59.9999999", "2958466", "2958465.9999999", "1.0E12"]
)
def test_numbers_that_are_no_moment_stay_numbers(path: Path, serial: str) -> None:
    book = read_workbook(workbook(path, sheet(row(number("A1", serial, 1))), formats=styles("14")))
    assert values(book, "kind", "text", "raw", "format") == [("number", serial, None, "mm-dd-yy")]


def test_date_1904(path: Path) -> None:
    cells = [number("A1", "42735", 1), number("B1", "1", 1), number("C1", "0.5", 1), number("D1", "60", 1)]
    made = workbook(
        path, sheet(row(*cells)), formats=styles("d-mmm-yy"), properties='<workbookPr date1904="1"/>'
    )
    assert values(read_workbook(made)) == [
        ("date", "2021-01-01T00:00:00"),
        ("date", "1904-01-02T00:00:00"),
        ("number", "0.5"),
        ("date", "1904-03-01T00:00:00"),
    ]


@pytest.mark.parametrize(
    ("code", "is_date"),
    [
        ("14", True),
        ("22", True),
        ("46", False),
        ("9", False),
        ("49", False),
        ("31", True),
        ("yyyy\\-mm\\-dd;@", True),
        ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", True),
        ("[Red]dd/mm/yyyy", True),
        ('0.0" marks"', False),
        ("0.0\\d", False),
        ("0.00_y", False),
        ("[h]:mm", False),
        ("[mm]:ss", False),
        ("[Yellow]0", False),
        ('"day "0', False),
        ("GENERAL", False),
    ],
)
def test_which_formats_are_dates(path: Path, code: str, *, is_date: bool) -> None:
    book = read_workbook(workbook(path, sheet(row(number("A1", "44866", 1))), formats=styles(code)))
    assert values(book, "kind") == [("date" if is_date else "number",)]


def test_format_is_null_for_general_and_for_styles_that_are_not_there(path: Path) -> None:
    data = row(
        number("A1", "1"),
        number("B1", "2", 0),
        number("C1", "3", 1),
        number("D1", "4", 99),
        number("E1", "5", 2),
    )
    book = read_workbook(workbook(path, sheet(data), formats=styles("0.00%", "General")))
    assert book.cells["format"].to_list() == [None, None, "0.00%", None, None]


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("2022-11-01", "date", "2022-11-01T00:00:00"),
        ("2022-11-01T16:00:00.123Z", "date", "2022-11-01T16:00:00"),
        ("2022-13-01", "text", "2022-13-01"),
        ("T16:00:00", "text", "T16:00:00"),
        ("2022-11-01T16:00:00+01:00", "text", "2022-11-01T16:00:00+01:00"),
    ],
)
def test_dates_written_as_dates(path: Path, text: str, kind: str, shown: str) -> None:
    book = read_workbook(workbook(path, sheet(row(f'<c r="A1" t="d"><v>{text}</v></c>'))))
    assert values(book) == [(kind, shown)]


def test_sheets_are_found_by_their_links(path: Path) -> None:
    content = parts(
        sheet(row(number("A1", "1"))), sheet(row(number("A1", "2"))), sheet(row(number("A1", "3")))
    )
    content["Odd Place/one.bin.xml"] = content.pop("xl/worksheets/sheet1.xml")
    content["xl/Worksheets\\Sheet2.XML"] = content.pop("xl/worksheets/sheet2.xml")
    content["xl/_rels/workbook.xml.rels"] = relationships(
        f'<Relationship Id="rId1" Type="{LINKED}/worksheet" Target="/Odd%20Place/one.bin.xml"/>'
        f'<Relationship Id="rId2" Type="{LINKED}/worksheet" Target="worksheets\\sheet2.xml"/>'
        f'<Relationship Id="rId3" Type="{LINKED}/worksheet" Target="../xl/./worksheets/sheet3.xml"/>'
    )
    assert read_workbook(write(path, content)).cells["text"].to_list() == ["1", "2", "3"]


def test_chart_sheets_and_sheets_without_a_part_are_noted(path: Path) -> None:
    content = parts(sheet(row(number("A1", "1"))), sheet(), sheet())
    content["xl/_rels/workbook.xml.rels"] = relationships(
        f'<Relationship Id="rId1" Type="{LINKED}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{LINKED}/chartsheet" Target="chartsheets/sheet2.xml"/>'
        f'<Relationship Id="rId9" Type="{LINKED}/worksheet" Target="worksheets/sheet3.xml"/>'
    )
    book = read_workbook(write(path, content))
    assert [one.name for one in book.sheets] == ["Sheet1"]
    assert book.notes == (
        'sheet "Sheet2" is a chart and was not read.',
        'sheet "Sheet3" points to nothing in the file and was not read.',
        "sheets in the file that the workbook does not list, and that were not read: 1.",
    )


def test_workbook_without_texts_formats_and_types(path: Path) -> None:
    content = parts(sheet(row(number("A1", "1"), inline("B1", "x"))))
    del content["[Content_Types].xml"], content["_rels/.rels"]
    assert values(read_workbook(write(path, content))) == [("number", "1"), ("text", "x")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "iso-8859-1"])
def test_other_encodings(path: Path, encoding: str) -> None:
    text = sheet(row(inline("A1", "Prüfung"))).replace("UTF-8", encoding.removesuffix("-sig"))
    book = read_workbook(workbook(path, text.encode(encoding)))
    assert values(book) == [("text", "Prüfung")]


def test_prefixed_sheet(path: Path) -> None:
    text = sheet(row(number("A1", "5"))).replace("</", "</x:").replace("xmlns=", "xmlns:x=")
    for name in ("worksheet", "sheetData", "row", "c ", "v"):
        text = text.replace(f"<{name}", f"<x:{name}")
    assert values(read_workbook(workbook(path, text))) == [("number", "5")]


def test_macro_workbook_and_templates_are_read_under_their_endings(tmp_path: Path) -> None:
    for name in ("a.xlsm", "a.xltx", "A.XLSX"):
        assert read_workbook(workbook(tmp_path / name, sheet(row(number("A1", "1"))))).cells.height == 1


def test_string_path_and_stored_parts(tmp_path: Path) -> None:
    made = tmp_path / "marks.xlsx"
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as package:
        for name, part in parts(sheet(row(number("A1", "1")))).items():
            package.writestr(name, part)
    assert read_workbook(str(made)).cells.height == 1


def test_empty_workbook_gives_an_empty_frame_of_the_same_columns(path: Path) -> None:
    book = read_workbook(workbook(path, sheet(), sheet('<row r="1"/>')))
    assert book.cells.schema == CELLS
    assert book.cells.is_empty()
    assert [(one.rows, one.columns) for one in book.sheets] == [(0, 0), (0, 0)]


def test_cells_are_sorted_by_sheet_row_and_column(path: Path) -> None:
    made = workbook(path, *[sheet(row(number("B1", "1"), number("A1", "2"))) for _ in range(3)])
    places = read_workbook(made).cells.select("sheet", "row", "col")
    assert places.equals(places.sort(pl.all()))
