"""The board workbook on paper: through LibreOffice to A4, nothing clipped to ###, a head on every page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import boardkit as bk
from boardkit.report.content import papers
from boardkit.report.workbook import write_workbook
from tests.printed import pages_of

if TYPE_CHECKING:
    from pathlib import Path

HEADS = {
    "Board": "BSc (Hons) Psychology, level four: Board",
    "To settle": "What +Student",
    "Profiles": "Student +Name +Award",
    "Borderlines": "Student +Name +Award",
    "Progress": "Student +Name",
    "Decisions": "Student",
    "Reassessment": "Module +Component +Student",
    "Credit": "Student +Name +Award",
    "Modules": "Module +Title",
    "Distribution": "Module +Band",
    "Histograms": "Students by recorded module mark",
    "Dates": "Day +What +Module",
    "Registration": "Student +Name +What",
    "Transcript": "Student +Name +Module",
    "Problems": "Severity +Code",
    "Trace": "Student +Module +Component",
    "Sources": "What +Name +Value",
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder: Path = tmp_path_factory.mktemp("printed")
    board = bk.assess(bk.read("data/samples/psychology-2022.xlsx"), "qmu-2022")
    write_workbook(papers(board), folder / "board.xlsx")
    return pages_of(folder / "board.xlsx")


def test_no_number_is_too_wide_for_its_cell(pages: list[str]) -> None:
    assert len(pages) > len(HEADS)
    assert not [number for number, page in enumerate(pages, 1) if "##" in page]


def test_every_page_has_its_head(pages: list[str]) -> None:
    seen = set()
    for number, page in enumerate(pages, 1):
        first = page.strip().splitlines()[0]
        sheet = re.search(r"PROVISIONAL +(.+?)$", first)
        assert sheet, (number, first)
        assert "BSc (Hons) Psychology, level four" in first
        assert "6 errors in the data" in first
        name = sheet[1].strip()
        seen.add(name)
        assert re.search(re.escape(HEADS[name]).replace(r"\ \+", " +").replace(r"\+", "+"), page), (
            number,
            name,
        )
        assert re.search(rf"Page {number} of {len(pages)}\b", page)
    assert seen == HEADS.keys()


def test_no_mark_is_lost_on_paper(pages: list[str]) -> None:
    """Every student's line is there, and every mark with its sign is on one line with it."""
    profiles = [page for page in pages if re.search(r"PROVISIONAL +Profiles", page)]
    board = bk.assess(bk.read("data/samples/psychology-2022.xlsx"), "qmu-2022")
    lines = {
        line.split()[0]: line
        for page in profiles
        for line in page.splitlines()
        if re.match(r" *\d{8} ", line)
    }
    assert lines.keys() == set(board.polars.awards["student_id"])
    marks = board.polars.modules.drop_nulls("mark")
    for student, line in lines.items():
        printed = re.findall(r"\b\d{1,3}\.\d\b", line)
        for mark in marks.filter(student_id=student)["mark"]:
            assert str(mark) in printed, (student, mark)
