"""The quick passes give what the plain readers give, on every file, or nothing at all."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from unittest.mock import patch

import openpyxl
import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from boardkit.errors import FileError
from boardkit.read.limits import Guard, Limits
from boardkit.read.package import Package
from boardkit.read.quick_sheet import quick_sheet
from boardkit.read.quick_strings import quick_strings
from boardkit.read.sheet import read_sheet
from boardkit.read.strings import read_strings
from boardkit.read.workbook import Workbook, read_workbook

from .workbook_made import sheet, strings, workbook

CORPUS = os.environ.get("BOARDKIT_TEST_DATA")
NO_CORPUS = "BOARDKIT_TEST_DATA does not name the folder with the test files"
FILE = Path("marks.xlsx")
FREELY = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def outcome(path: Path, *, quick: bool) -> Workbook | str:
    module = sys.modules["boardkit.read.workbook"]
    passes = {} if quick else {"quick_sheet": lambda *_: None, "quick_strings": lambda *_: None}
    try:
        with patch.multiple(module, **passes) if passes else patch.object(module, "FILE", FILE, create=True):
            return read_workbook(path)
    except FileError as error:
        return str(error)


def assert_same(path: Path) -> None:
    plain, quick = outcome(path, quick=False), outcome(path, quick=True)
    if isinstance(plain, str) or isinstance(quick, str):
        assert quick == plain
        return
    assert (quick.sheets, quick.notes) == (plain.sheets, plain.notes)
    assert quick.cells.equals(plain.cells)
    assert quick.cells.schema == plain.cells.schema


def sheets_read(path: Path) -> list[bool]:
    """For each sheet's part, whether the quick pass takes it."""
    guard = Guard(path, Limits())
    package = Package(path.read_bytes(), guard)
    names = [name for name in package._parts if name.startswith("xl/worksheets/sheet")]
    return [quick_sheet(package.read(name), name, guard) is not None for name in names]


@pytest.mark.skipif(not CORPUS, reason=NO_CORPUS)
def test_every_file_there_is():
    for path in sorted(Path(str(CORPUS)).glob("*/*.xls[xm]")):
        assert_same(path)


ROWS = [(f"4001{at:04}", "A & B <c>", at, at / 7, at % 2 == 0, None, "") for at in range(300)]


def test_the_pass_takes_what_xlsxwriter_writes(tmp_path):
    for memory in (True, False):
        path = tmp_path / f"{memory}.xlsx"
        book = xlsxwriter.Workbook(path, {"constant_memory": memory})
        page = book.add_worksheet()
        percent = book.add_format({"num_format": "0.0%"})
        for at, values in enumerate(ROWS):
            page.write_row(at, 0, values)
            page.write_formula(at, 8, f"=C{at + 1}&D{at + 1}", percent, "x_x000D_")
            page.write_blank(at, 9, None, percent)
            page.write_array_formula(at, 10, at, 10, "=1+1", None, 2)
        page.merge_range("M1:N9", "merged")
        page.autofilter("A1:B300")
        book.close()
        assert sheets_read(path) == [True]
        assert_same(path)


def test_the_pass_takes_what_openpyxl_writes(tmp_path):
    path = tmp_path / "marks.xlsx"
    book = openpyxl.Workbook()
    for values in ROWS:
        book.active.append(values)
    book.active["H1"] = "=A1"
    book.save(path)
    assert sheets_read(path) == [True]
    assert_same(path)


def test_the_pass_goes_over_the_border_of_a_block(tmp_path):
    with patch.object(sys.modules["boardkit.read.bulk"], "_BLOCK", 50):
        test_the_pass_takes_what_xlsxwriter_writes(tmp_path)


ATTRIBUTES = st.sampled_from(
    [
        "",
        ' s="1"',
        ' t="s"',
        ' s="1" t="str"',
        ' t="b"',
        ' t="e" s="2"',
        ' t="n"',
        ' t="d"',
        ' t="inlineStr"',
        ' cm="1"',
    ]
    + [
        ' t="x"',
        ' s="a"',
        ' s="1" s="1"',
        ' S="1"',
        ' s = "1"',
        " s='1'",
        ' xml:space="preserve"',
        ' y:z="1"',
    ]
)
TEXTS = st.sampled_from(
    [
        "0",
        "1",
        "69.49999999999999",
        " 1 ",
        "",
        "a &amp; b",
        "&#65;&#x42;",
        "&lt;c r=",
        "_x000D_",
        "2022-11-01",
        "é\U0001f600",
        "\n",
    ]
    + [
        "&b;",
        "&",
        "&#0;",
        "&#xD800;",
        "]]>",
        "\x01",
        "\ufffe",
        "<![CDATA[<c r=]]>",
        "<!-- <c r= -->",
        "<?a <c ?>",
        ">",
        "\r\n",
    ]
)
FORMULAS = st.sampled_from(
    [
        "",
        "<f>A1&amp;B1</f>",
        "<f/>",
        '<f t="shared" ref="A1:A2" si="0">A1</f>',
        '<f t="shared" si="0"/>',
        '<f ca="1">NOW()</f>',
    ]
    + ['<f si="0" t="shared"/>', '<f x="1"/>', "<f>&</f>", '<f ca="1" ca="1"/>', "<f>a</F>"]
)


@st.composite
def cells(draw: st.DrawFn, row: int) -> str:
    letters = draw(st.sampled_from(["A", "B", "C", "D", "AA", "XFD", "XFE", "a"]))
    place = draw(
        st.sampled_from(
            [f' r="{letters}{row}"'] * 12 + ["", f' r="{letters}{row + 1}"', f' r="{letters}0{row}"']
        )
    )
    text, formula = draw(TEXTS), draw(FORMULAS)
    value = draw(
        st.sampled_from(
            [f"<v>{text}</v>"] * 6
            + [
                f"<is><t>{text}</t></is>",
                f'<is><t xml:space="preserve">{text}</t></is>',
                "<v/>",
                "",
                "<is><r><t>a</t></r></is>",
            ]
            + [
                f"<v>{text}</v><v>1</v>",
                "<extLst><x><c r='A1'/></x></extLst>",
                "<v><v>1</v></v>",
                "<is/>",
                "<is><t/></is>",
            ]
        )
    )
    inner = formula + value
    written = f"<c{place}{draw(ATTRIBUTES)}>{inner}</c>" if inner or draw(st.booleans()) else f"<c{place}/>"
    return written + draw(
        st.sampled_from([""] * 12 + [" ", "\n", "a", "<x/>", "<c><v>1</v></c>", "</c>", "<c\n/>"])
    )


@st.composite
def rows(draw: st.DrawFn) -> str:
    at = draw(st.integers(1, 6))
    row = draw(
        st.sampled_from(
            [f'<row r="{at}">'] * 8
            + [
                f'<row r="{at}" spans="1:2" hidden="1">',
                "<row>",
                f'<row xmlns="urn:x" r="{at}">',
                f'<row r="{at}" x=">">',
                f'<row r="{at}"/><row r="{at}">',
            ]
        )
    )
    inner = "".join(draw(st.lists(cells(at), max_size=4)))
    return f"{row}{inner}</row>" + draw(st.sampled_from([""] * 8 + ["\n", "<row/>", "<x>", "<!-- -->"]))


AROUND = st.sampled_from(
    [""] * 6
    + [
        '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>',
        '<cols><col min="1" max="2" hidden="1"/></cols>',
        "<!-- <c r= -->",
    ]
    + [
        '<x:c xmlns:x="urn:x" r="A1"><x:v>1</x:v></x:c>',
        '<extLst><c r="A1"><v>1</v></c></extLst>',
        "<sheetData/>",
        "\r\n",
    ]
    + [
        '<sheetData><row r="9"><c r="A9"><v>1</v></c></row></sheetData>',
        '<extLst><row r="9"><c r="A9"><v>1</v></c></row></extLst>',
    ]
)


@FREELY
@given(data=st.lists(rows(), max_size=5).map("".join), before=AROUND, after=AROUND)
@example(data='<row r="1"><c r="A1"><v>1</v></c><c><v>2</v></c></row>', before="", after="")
@example(data='<row r="1"><c r="A1"><v>1</v><x><c r="B1"><v>2</v></c></x></c></row>', before="", after="")
@example(data='<row r="1"><!-- <c r="A1"><v>1</v></c> --></row>', before="", after="")
def test_any_sheet(data, before, after):
    part = sheet(data, before=before, after=after).encode()
    quick = settled(quick_sheet, part)
    if quick is None:
        return
    plain = settled(read_sheet, part)
    assert type(quick) is type(plain)
    if isinstance(quick, str):
        assert quick == plain
        return
    assert quick.cells.equals(plain.cells)
    for name in ("rows", "hidden_rows", "hidden_columns", "merges", "filtered"):
        assert getattr(quick, name) == getattr(plain, name)


def settled(read, part: bytes):
    try:
        return read(part, "xl/worksheets/sheet1.xml", Guard(FILE, Limits()))
    except FileError as error:
        return str(error)


STRINGS = st.sampled_from(
    [
        "<t>a</t>",
        "<t/>",
        '<t xml:space="preserve"> a </t>',
        "<t>t>a&amp;b</t>",
        "<t>_x000D_</t>",
        "<t>a&#10;b</t>",
        "",
    ]
    + [
        "<r><t>a</t></r><r><t>b</t></r>",
        "<t>a</t><rPh><t>b</t></rPh>",
        '<t>t xml:space="preserve"></t>',
        "<t>a</t>\n",
    ]
    + [
        "<t>&</t>",
        "<t>]]></t>",
        "</si><x><si><t>a</t>",
        "<x><si><t>a</t></si></x>",
        "<t>a</t></si></x><si>",
        "<t>\r</t>",
    ]
    + ["</si><!-- <si> --><si>", "<t>\x02</t>", "</si><si/><si>", "</si></sst><si>"]
)


@FREELY
@given(items=st.lists(STRINGS, max_size=6))
@example(items=["<x><si><t>a</t></si><si><t>b</t></si></x>"])
def test_any_shared_texts(items):
    part = strings(*items).encode()
    quick = settled(quick_strings, part)
    if quick is None:
        return
    plain = settled(read_strings, part)
    if isinstance(quick, str) or isinstance(plain, str):
        assert quick == plain
        return
    assert quick.dtype == pl.String
    assert quick.to_list() == plain.to_list()


@settings(FREELY, max_examples=40)
@given(
    table=st.lists(
        st.lists(
            st.one_of(
                st.none(),
                st.booleans(),
                st.floats(allow_nan=False, allow_infinity=False),
                st.integers(-(10**15), 10**15),
                st.text(max_size=8),
            ),
            max_size=6,
        ),
        max_size=8,
    )
)
def test_any_table_written_and_read_again(tmp_path, table):
    path = tmp_path / "marks.xlsx"
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet()
    kept = []
    for row, values in enumerate(table, start=1):
        for col, value in enumerate(values, start=1):
            # What XlsxWriter cannot write is not here to be read.
            if isinstance(value, str) and (not value or any(char < " " or char > "\ud7ff" for char in value)):
                continue
            if value is None:
                continue
            page.write(row - 1, col - 1, value)
            kept.append((row, col, value))
    book.close()
    assert_same(path)
    read = read_workbook(path).cells
    assert read.select("row", "col").rows() == [(row, col) for row, col, _ in kept]
    for (kind, text), (_, _, value) in zip(read.select("kind", "text").rows(), kept, strict=True):
        if isinstance(value, bool):
            assert (kind, text) == ("boolean", str(value).upper())
        elif isinstance(value, str):
            assert (kind, text) == ("text", value)
        else:
            assert kind == "number"
            assert float(text) == pytest.approx(value, rel=1e-15)


def test_faults_are_refused_in_the_same_words(tmp_path):
    for data in (
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>7</v></c></row>',
        '<row r="1"><c r="A1"><v>&x;</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row',
    ):
        path = workbook(tmp_path / "marks.xlsx", sheet(data))
        assert isinstance(outcome(path, quick=True), str)
        assert_same(path)
