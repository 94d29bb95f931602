"""What is refused: each attack and each fault has a code and one or two sentences, and never a traceback."""

from __future__ import annotations

import dataclasses
import os
import re
import struct
import zipfile
from pathlib import Path

import pytest

from boardkit.errors import FileError
from boardkit.read.limits import Guard, Limits
from boardkit.read.package import Package
from boardkit.read.refusals import REFUSALS, refuse
from boardkit.read.workbook import read_workbook

from .workbook_made import (
    LINKED,
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

PLAIN = row(number("A1", "1"))
DOCTYPE = '<!DOCTYPE a [<!ENTITY b "c">]>'


def refused(path: Path, limits: Limits | None = None) -> str:
    """Read a workbook that must be refused and give the code, the sentences having been looked at."""
    with pytest.raises(FileError) as caught:
        read_workbook(path, limits)
    error = caught.value
    assert error.path == path
    assert error.code in REFUSALS
    assert str(error) == f"cannot use {path.name}: {error.why}"
    assert error.why.endswith(".")
    assert error.why[0].islower()
    assert "SECRET" not in str(error)
    return error.code


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "marks.xlsx"


SHEETS = {
    "duplicate cell": (PLAIN + row(number("A1", "2")), "duplicate-cell"),
    "duplicate cell in a row": (row(number("A1", "1"), number("A1", "1")), "duplicate-cell"),
    "duplicate cell, one blank": (row(number("A1", "1"), '<c r="A1"/>'), "duplicate-cell"),
    "duplicate cell by order": (
        row(number("B1", "1"), number("A1", "1"), "<c><v>2</v></c>"),
        "duplicate-cell",
    ),
    "row disagrees": (row(number("A2", "SECRET")), "row-disagrees"),
    "row disagrees by a digit": (row(number("A11", "1")), "row-disagrees"),
    "row 0": (row(at=0), "bad-reference"),
    "row beyond the last": (row(number("A1048577", "1"), at=1_048_577), "bad-reference"),
    "row of words": (row(extra=' x="1"').replace('r="1"', 'r="one"'), "bad-reference"),
    "row of other digits": (row().replace('r="1"', 'r="\u0661"'), "bad-reference"),
    "row of a million digits": (row().replace('r="1"', f'r="{"1" * 100_000}"'), "bad-reference"),
    "column beyond the last": (row(number("XFE1", "1")), "bad-reference"),
    "column beyond the last by order": (row(number("XFD1", "1"), "<c><v>1</v></c>"), "bad-reference"),
    "row 0 in a cell": (row(number("A0", "1")), "bad-reference"),
    "small letters": (row(number("a1", "1")), "bad-reference"),
    "dollars": (row(number("$A$1", "1")), "bad-reference"),
    "no letters": (row(number("1", "1")), "bad-reference"),
    "unknown kind": (row('<c r="A1" t="x"><v>SECRET</v></c>'), "bad-cell"),
    "style of words": (row('<c r="A1" s="-1"><v>1</v></c>'), "bad-cell"),
    "style beyond any": (row(number("A1", "1", 99_999_999)), "bad-cell"),
    "two values": (row('<c r="A1"><v>1</v><v>2</v></c>'), "bad-cell"),
    "value and inline text": (row('<c r="A1" t="inlineStr"><v>1</v><is><t>a</t></is></c>'), "bad-cell"),
    "cell in a cell": (row(f'<c r="A1">{number("B1", "1")}</c>'), "bad-cell"),
    "cell beside a row": (number("A1", "1"), "bad-cell"),
    "row in a row": (row(PLAIN), "bad-cell"),
    "cell in something strange": (row(f'<x xmlns="urn:x"><y/></x><z>{number("A1", "1")}</z>'), "bad-cell"),
    "text that is not there": (row(shared("A1", 0)), "bad-string"),
    "text before the first": (row(shared("A1", -1)), "bad-string"),
    "text by its name": (row(shared("A1", "SECRET")), "bad-string"),
    "text not closed": ('<row r="1"><c r="A1"><v>SECRET', "bad-xml"),
    "lone ampersand": (row(number("A1", "SECRET & more")), "bad-xml"),
    "unknown entity": (row(number("A1", "&secret;")), "bad-xml"),
    "character that XML has not": (row(number("A1", "\x01")), "bad-xml"),
    "character number that XML has not": (row(number("A1", "&#0;")), "bad-xml"),
    "attribute twice": (row('<c r="A1" r="A1"><v>1</v></c>'), "bad-xml"),
    "prefix that nobody bound": (row(number("A1", "1"), extra=' x:y="1"'), "bad-xml"),
    "document type inside": (f"{DOCTYPE}{PLAIN}", "bad-xml"),
    "deep": ("<a>" * 70 + "</a>" * 70, "limit-depth"),
    "long text": (row(inline("A1", "x" * 32_768)), "limit-text"),
}


@pytest.mark.parametrize("name", SHEETS)
def test_faults_of_a_sheet(path: Path, name: str) -> None:
    data, code = SHEETS[name]
    assert refused(workbook(path, sheet(data))) == code


AROUND = {
    "merge of words": ('<mergeCells><mergeCell ref="A1:"/></mergeCells>', "bad-reference"),
    "merge backwards": ('<mergeCells><mergeCell ref="B2:A1"/></mergeCells>', "bad-reference"),
    "merge beyond the last": ('<mergeCells><mergeCell ref="A1:XFE1"/></mergeCells>', "bad-reference"),
    "merges over one cell": (
        '<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="A1:A2"/></mergeCells>',
        "merges-overlap",
    ),
    "the same merge twice": (
        '<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="A1:A2"/></mergeCells>',
        "merges-overlap",
    ),
    "merges of full columns": (
        "<mergeCells>" + '<mergeCell ref="A1:XFD16384"/>' * 150 + "</mergeCells>",
        "limit-merge-strips",
    ),
    "columns backwards": ('<cols><col min="3" max="2"/></cols>', "bad-reference"),
    "more columns than a sheet has": (
        "<cols>" + '<col min="1" max="1"/>' * 16_385 + "</cols>",
        "bad-reference",
    ),
    "columns without an end": ('<cols><col min="1"/></cols>', "bad-reference"),
}


@pytest.mark.parametrize("name", AROUND)
def test_faults_around_the_cells(path: Path, name: str) -> None:
    after, code = AROUND[name]
    assert refused(workbook(path, sheet(PLAIN, after=after))) == code


@pytest.mark.parametrize(
    "part",
    [
        "[Content_Types].xml",
        "_rels/.rels",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "docProps/core.xml",
        "xl/drawings/vmlDrawing1.vml",
    ],
)
def test_document_type_in_any_part(path: Path, part: str) -> None:
    content = parts(sheet(PLAIN), shared_strings=strings("<t>a</t>"), formats=styles("14"))
    text = str(content.get(part, "<?xml version='1.0'?><a/>"))
    content[part] = text.replace("?>", f"?>{DOCTYPE}", 1)
    assert refused(write(path, content)) == "doctype"


def test_document_type_in_other_encodings_and_behind_a_comment(path: Path) -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        content = parts(sheet(PLAIN))
        content["docProps/core.xml"] = ("\ufeff" + DOCTYPE + "<a/>").encode(encoding)
        assert refused(write(path, content)) == "doctype"
    content["docProps/core.xml"] = f"<!--{'x' * 100_000}-->{DOCTYPE}<a/>"
    assert refused(write(path, content)) == "doctype"


def test_document_type_of_a_sheet_under_another_ending(path: Path) -> None:
    content = parts(sheet(PLAIN))
    content["xl/data.bin"] = str(content.pop("xl/worksheets/sheet1.xml")).replace("?>", f"?>{DOCTYPE}", 1)
    content["xl/_rels/workbook.xml.rels"] = relationships(
        f'<Relationship Id="rId1" Type="{LINKED}/worksheet" Target="data.bin"/>'
    )
    assert refused(write(path, content)) == "doctype"


@pytest.mark.parametrize(
    "twin", ["xl/worksheets/SHEET1.xml", "xl\\worksheets\\sheet1.xml", "/xl/worksheets/sheet1.xml"]
)
def test_parts_whose_names_differ_only_in_case(path: Path, twin: str) -> None:
    assert refused(write(path, {**parts(sheet(PLAIN)), twin: sheet()})) == "duplicate-part"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_parts_of_the_same_name(path: Path) -> None:
    write(path, parts(sheet(PLAIN)))
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/workbook.xml", "<a/>")
    assert refused(path) == "duplicate-part"


def test_zip_bomb_is_refused_long_before_it_is_unpacked(path: Path) -> None:
    content = parts(sheet(PLAIN), shared_strings=strings("<t>a</t>"))
    content["xl/sharedStrings.xml"] = strings("<t>a</t>") + " " * (64 << 20)
    write(path, content)
    assert path.stat().st_size < 100_000
    assert refused(path) == "limit-expansion"
    guard = Guard(path, Limits())
    package = Package(path.read_bytes(), guard)
    with pytest.raises(FileError):
        package.read("xl/sharedStrings.xml")
    assert package._unpacked < 12 << 20


def test_many_small_bombs_together(path: Path) -> None:
    sheets = [sheet(PLAIN + " " * 900_000) for _ in range(30)]
    assert refused(workbook(path, *sheets)) == "limit-expansion"


@pytest.mark.parametrize("stated", [100, 0xFFFFFFF0])
def test_directory_that_lies_about_a_size(path: Path, stated: int) -> None:
    content = parts(sheet(PLAIN + " " * 10_000))
    data = bytearray(write(path, content).read_bytes())
    # The size stands 24 bytes into the directory's entry, the name 46 bytes into it.
    entry = data.rindex(b"xl/worksheets/sheet1.xml") - 46
    data[entry + 24 : entry + 28] = struct.pack("<I", stated)
    path.write_bytes(data)
    if stated == 100:
        assert refused(path) == "damaged-part"
    else:
        assert read_workbook(path).cells.height == 1


@pytest.mark.parametrize("cut", [10, 100, 0.5, 0.9, -1, -10])
def test_package_cut_off(path: Path, cut: float) -> None:
    data = workbook(path, sheet(PLAIN)).read_bytes()
    path.write_bytes(data[: int(len(data) * cut) if isinstance(cut, float) else cut])
    assert refused(path) == "damaged-zip"


def test_part_that_is_damaged(path: Path) -> None:
    data = bytearray(workbook(path, sheet(PLAIN)).read_bytes())
    at = data.index(b"xl/worksheets/sheet1.xml") + 40
    data[at : at + 8] = b"\xff" * 8
    path.write_bytes(data)
    assert refused(path) == "damaged-part"


def test_part_under_a_password_and_part_packed_otherwise(path: Path) -> None:
    data = bytearray(workbook(path, sheet(PLAIN)).read_bytes())
    data[data.rindex(b"xl/workbook.xml") - 46 + 8] |= 1
    path.write_bytes(data)
    assert refused(path) == "encrypted"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as package:
        for name, part in parts(sheet(PLAIN)).items():
            package.writestr(name, part)
    assert refused(path) == "unknown-compression"


def test_parts_outside_the_file(path: Path) -> None:
    for kind, name in (("worksheet", "rId1"), ("sharedStrings", "rId2"), ("styles", "rId3")):
        content = parts(sheet(PLAIN))
        content["xl/_rels/workbook.xml.rels"] = relationships(
            f'<Relationship Id="{name}" Type="{LINKED}/{kind}" Target="http://a.example/b.xml" TargetMode="External"/>'
        )
        assert refused(write(path, content)) == "external-part"


def test_missing_parts(path: Path) -> None:
    content = parts(sheet(PLAIN), formats=styles("14"))
    for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"):
        assert (
            refused(write(path, {name: text for name, text in content.items() if name != part}))
            == "missing-part"
        )


def test_links_that_contradict_each_other(path: Path) -> None:
    content = parts(sheet(PLAIN), sheet(PLAIN))
    links = "".join(
        f'<Relationship Id="rId1" Type="{LINKED}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in (1, 2)
    )
    content["xl/_rels/workbook.xml.rels"] = relationships(links)
    assert refused(write(path, content)) == "duplicate-link"


def test_part_of_another_kind_or_language(path: Path) -> None:
    assert refused(workbook(path, strings("<t>a</t>"))) == "wrong-part"
    assert (
        refused(workbook(path, sheet(PLAIN, main="http://schemas.microsoft.com/office/excel/2006/2")))
        == "unknown-namespace"
    )
    assert refused(workbook(path, sheet(PLAIN).replace("UTF-8", "shift_jis"))) == "bad-encoding"
    assert refused(workbook(path, sheet(PLAIN).replace("UTF-8", "nonsense"))) == "bad-encoding"
    assert refused(workbook(path, b"")) == "bad-xml"
    assert refused(workbook(path, b"\x00\xff" * 100)) == "bad-xml"


def test_loop_of_links_ends(path: Path) -> None:
    content = parts(sheet(PLAIN))
    content["_rels/.rels"] = relationships(
        f'<Relationship Id="rId1" Type="{LINKED}/officeDocument" Target="_rels/.rels"/>'
    )
    assert refused(write(path, content)) == "unknown-namespace"


LIMITS = {
    "file_bytes": 1_000,
    "parts": 3,
    "part_bytes": 200,
    "total_bytes": 1_500,
    "tags": 5,
    "depth": 3,
    "sheets": 1,
    "cells": 3,
    "strings": 1,
    "styles": 2,
    "text": 3,
    "merges": 1,
    "merge_strips": 1,
}


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("quick", [True, False])
def test_each_limit_holds_and_can_be_raised_by_name(path: Path, name: str, *, quick: bool) -> None:
    data = row(number("A1", "1"), number("B1", "2"), shared("C1", 0))
    if not quick:
        data = f"<!-- -->{data}"
    merges = '<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="A2:B3"/></mergeCells>'
    made = workbook(
        path,
        sheet(data, after=merges),
        sheet(row(number("A1", "1"))),
        shared_strings=strings("<t>long</t>", "<r><t>b</t></r>"),
        formats=styles("14", "0.0"),
    )
    with pytest.raises(FileError, match=f"raise the limit {name}") as caught:
        read_workbook(made, Limits(**{name: LIMITS[name]}))
    assert caught.value.code == f"limit-{name.replace('_', '-')}"
    assert read_workbook(made).cells.height == 4


def test_expansion_can_be_raised(path: Path) -> None:
    made = workbook(path, sheet(PLAIN + " " * (2 << 20)))
    assert refused(made) == "limit-expansion"
    assert read_workbook(made, Limits(expansion=2_000)).cells.height == 1


def test_every_limit_has_a_refusal() -> None:
    for limit in dataclasses.fields(Limits):
        if limit.name not in {"seconds", "memory_bytes"}:
            assert f"limit-{limit.name.replace('_', '-')}" in REFUSALS


def test_default_limits_admit_250_000_rows_of_10_columns() -> None:
    limits = Limits()
    assert limits.cells >= 2_500_000
    assert limits.part_bytes >= 100_000_000
    assert limits.tags >= 2_500_000 * 6


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<html><body><table>", "a web page"),
        (b"\xef\xbb\xbf<!DOCTYPE html>", "a web page"),
        (b"<?xml version='1.0'?><Workbook/>", "an XML file"),
        ("\ufeffName\tMark\r\n".encode("utf-16-le"), "it is text"),
        ("Name;Prüfung".encode("latin-1"), "it is text"),
        (b"%PDF-1.7", "a PDF document"),
        (b"\x89PNG\r\n", "a picture"),
        (b"\x00\x01\x02", "a file of an unknown kind"),
        (b"PK\x05\x06" + b"\0" * 18, "an empty zip archive"),
    ],
)
@pytest.mark.parametrize("ending", ["xls", "xlsx"])
def test_files_that_are_no_workbooks_say_what_they_are(
    tmp_path: Path, ending: str, content: bytes, says: str
) -> None:
    made = tmp_path / f"marks.{ending}"
    made.write_bytes(content)
    assert refused(made) == "not-a-workbook"
    with pytest.raises(FileError, match=says):
        read_workbook(made)


def test_other_packages(path: Path) -> None:
    assert refused(write(path, {"readme.txt": "hello"})) == "not-a-workbook"
    word = relationships(
        f'<Relationship Id="rId1" Type="{LINKED}/officeDocument" Target="word/document.xml"/>'
    )
    assert refused(write(path, {"_rels/.rels": word, "word/document.xml": "<a/>"})) == "not-a-workbook"
    assert refused(write(path, {"mimetype": "application/vnd.oasis.opendocument.text"})) == "not-a-workbook"


@pytest.mark.parametrize("name", ["marks.xls", "marks.xlsb", "marks.ods", "marks.csv", "marks.zip", "marks"])
def test_xlsx_under_another_ending(tmp_path: Path, name: str) -> None:
    made = workbook(tmp_path / name, sheet(PLAIN))
    assert refused(made) == "wrong-ending"
    with pytest.raises(
        FileError, match=r"it is an \.xlsx workbook, though its name .*\. Rename it to \.xlsx\."
    ):
        read_workbook(made)


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.xlsx") == "missing"
    (tmp_path / "folder.xlsx").mkdir()
    assert refused(tmp_path / "folder.xlsx") == "not-a-file"
    (tmp_path / "empty.xlsx").write_bytes(b"")
    assert refused(tmp_path / "empty.xlsx") == "empty"
    assert refused(Path("a\0b.xlsx")) == "not-readable"
    assert refused(workbook(tmp_path / "~$marks.xlsx", sheet(PLAIN))) == "lock-file"
    os.mkfifo(tmp_path / "pipe.xlsx")
    assert refused(tmp_path / "pipe.xlsx") == "not-a-file"


def test_locked_workbook(path: Path) -> None:
    name = "EncryptedPackage".encode("utf-16-le")
    entry = name.ljust(64, b"\0") + struct.pack("<HB", len(name) + 2, 2)
    path.write_bytes((b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + entry).ljust(1024, b"\0"))
    assert refused(path) == "encrypted"
    with pytest.raises(
        FileError, match=r"^cannot use marks.xlsx: it is an encrypted workbook. Save a copy without"
    ):
        read_workbook(path)


def test_strange_names_of_parts_and_sheets_are_not_shown(path: Path) -> None:
    content = parts(("SECRET\u202e" + "x" * 300, sheet(PLAIN)), ("a", sheet()))
    name = "xl/SECRET\nname.xml"
    content[name] = "<a/>"
    content["xl/_rels/workbook.xml.rels"] = relationships(
        f'<Relationship Id="rId1" Type="{LINKED}/worksheet" Target="SECRET&#10;name.xml"/>'
    )
    assert refused(write(path, content)) == "unknown-namespace"


def test_code_outside_the_registry_is_a_programming_error(path: Path) -> None:
    with pytest.raises(KeyError, match="no-such-code"):
        refuse(path, "no-such-code", "it is odd.")


def test_every_code_in_the_source_is_registered_and_every_registered_one_used() -> None:
    folder = Path(refuse.__code__.co_filename).parents[1]
    source = "".join(one.read_text("utf-8") for one in folder.rglob("*.py") if one.name != "refusals.py")
    assert set(re.findall(r'[.]refuse\(\s*"([a-z-]+)"', source)) <= REFUSALS.keys()
    for code in REFUSALS:
        assert f'"{code}"' in source or code.startswith("limit-")
