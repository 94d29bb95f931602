"""Explanations: golden pages, and every number on a page worked out again from the tables."""

from __future__ import annotations

import datetime as dt
import os
import re
import tomllib
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from openpyxl import load_workbook

import boardkit as bk
from boardkit.demo import demo, write_folder, write_workbook
from boardkit.errors import CallError
from boardkit.report.page import exactly, percent, span
from tests.read import marksheets
from tests.test_cases import CASES, frames

if TYPE_CHECKING:
    from collections.abc import Collection

    from openpyxl.worksheet.worksheet import Worksheet

    from boardkit.board import BoardResult

GOLDEN = Path(__file__).parent / "golden"
WRITE = "BOARDKIT_WRITE_GOLDEN" in os.environ
"""Set it to write the golden pages anew, and read them before they are kept."""

UNDERGRADUATES = {
    "borderline-up": "00132536",
    "borderline-stays": "42859970",
    "uplift": "00537777",
    "late-and-word-limit": "76670252",
    "reassessment-capped": "42165049",
    "deferred": "13980147",
    "direct-entrant": "33102557",
    "incomplete": "03541472",
    "withdrawn-late": "57954256",
}
POSTGRADUATES = {"postgraduate-borderline": "98865786", "postgraduate-certificate": "48904485"}
GOLDENS = [
    *(pytest.param("undergraduate", name, student, id=name) for name, student in UNDERGRADUATES.items()),
    *(pytest.param("postgraduate", name, student, id=name) for name, student in POSTGRADUATES.items()),
]

SHARE_OF_A_BOARD = {"undergraduate": 7, "postgraduate": 6}
"""Every how many students a page is worked out again."""

TOLD_CASES = {"13", "15", "16", "17", "20", "27", "28", "29", "34", "38", "39", "40"}
"""The worked students whose pages differ most: overflow, entry, exchange, attempts, penalties, grades."""

WIDTH = 100


# ---- boards ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("boards")
    paths = {"undergraduate": folder / "psychology.xlsx", "postgraduate": folder / "applied-psychology.xlsx"}
    write_workbook(demo(120, faults=True), paths["undergraduate"])
    write_workbook(demo(60, study="postgraduate"), paths["postgraduate"])
    return paths


@pytest.fixture(scope="module")
def boards(books: dict[str, Path]) -> dict[str, BoardResult]:
    return {study: bk.assess(bk.read(path), "qmu-2022") for study, path in books.items()}


def students_of_cases() -> list:
    return [
        pytest.param(case, id=path.stem)
        for path in sorted((CASES / "students").glob("*.toml"))
        if path.stem.split("-")[0] in TOLD_CASES
        for case in tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)["case"]
    ]


# ---- golden pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("study", "name", "student"), GOLDENS)
def test_golden(boards: dict[str, BoardResult], study: str, name: str, student: str) -> None:
    page = f"{boards[study].explain(student)}\n"
    path = GOLDEN / f"{name}.txt"
    if WRITE:
        path.write_text(page, "utf-8")
    assert page == path.read_text("utf-8")


def test_goldens_are_all_asked_for() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == {*UNDERGRADUATES, *POSTGRADUATES}


# ---- a page, read back -------------------------------------------------------------------------------

ITEM = re.compile(r"(\S+) (\d+\.\d|[a-z][a-z -]*?) \((\d[\d.]*)(?: of ([\d.]+))?\)")
PIECE = re.compile(r"(\S[^+]*?) (\d+\.\d\d) x (\d[\d.]*%|\d[\d.]*/[\d.]+)")


class Told:
    """What a page says, its lines put together again."""

    def __init__(self, page: str, codes: Collection[str]) -> None:
        self.page = page
        self.entries: dict[str, list[str]] = {}
        self.modules: dict[str, str] = {}
        code = ""
        for line in page.partition("\n  How open points are read")[0].splitlines():
            if re.match(r"  \S", line) and line.split()[0] in codes:
                code = line.split()[0]
                self.modules[code] = line[2:]
            elif code and line.strip():
                self.modules[code] += f"\n{line}"
            elif named := re.match(
                r"  (Why|Average|Credit|Level \d+|In no average|Next|Decided) +(\S.*)", line
            ):
                name = named[1]
                self.entries.setdefault(name, []).append(named[2])
            elif line.startswith(" " * 16):
                self.entries[name][-1] += f" {line.strip()}"

    def one(self, name: str) -> str:
        (text,) = self.entries[name]
        return text

    def levels(self) -> dict[int, list[tuple[str, str, Fraction, Fraction]]]:
        found = {}
        for name, (text, *_) in self.entries.items():
            if name.startswith("Level "):
                found[int(name.split()[1])] = [
                    (module, mark, Fraction(credit), Fraction(whole or credit))
                    for module, mark, credit, whole in ITEM.findall(text)
                ]
        return found


def agrees(shown: str, exact: Fraction) -> bool:
    """Tell whether a number is written out exactly, or cut with three dots."""
    if not shown.endswith("..."):
        return Fraction(shown) == exact
    text = shown.removesuffix("...")
    unit = Fraction(1, 10 ** len(text.split(".")[1]))
    return Fraction(text) < exact < Fraction(text) + unit


def half_up(value: Fraction, places: int = 1) -> Fraction:
    units = 10**places
    return Fraction((value * units * 2 + 1) // 2, units)


def mean(rows: list[tuple[str, str, Fraction, Fraction]]) -> Fraction:
    return sum(Fraction(mark) * credit for _, mark, credit, _ in rows) / sum(credit for *_, credit, _ in rows)


class Rows:
    """One student's rows of every table, marks as text."""

    def __init__(self, board: BoardResult, student: str) -> None:
        self.board = board
        mine = pl.col("student_id") == student
        marks = pl.col("^(raw_mark|mark|average)$").cast(pl.String)

        def of(table: pl.DataFrame) -> list[dict]:
            return table.lazy().filter(mine).with_columns(marks).collect().rows(named=True)

        self.award = of(board.polars.awards)
        self.modules = {row["module"]: row for row in of(board.polars.modules)}
        self.components = {self.key(row): row for row in of(board.polars.components)}
        self.marks = {self.key(row): row for row in of(board.cohort._named("marks").drop("mark"))}
        self.clauses: dict[tuple[str, str, int], list[str]] = {}
        for row in of(board.polars.trace):
            self.clauses.setdefault(self.key(row), []).append(row["clause"].split(";")[0])

    @staticmethod
    def key(row: dict) -> tuple[str, str, int]:
        return row["module"], row["component"], row["attempt"]


def hold_page(board: BoardResult, student: str) -> Told:
    """Work every number of a page out again, from the output tables and the input."""
    page = str(board.explain(student))
    rows = Rows(board, student)
    told = Told(page, rows.modules)
    hold_layout(board, page)
    assert told.modules.keys() == rows.modules.keys()
    for award in rows.award:
        hold_award(board, told, award, rows.modules)
    for code, text in told.modules.items():
        hold_module(rows, rows.modules[code], text)
    return told


def hold_layout(board: BoardResult, page: str) -> None:
    for line in page.splitlines():
        assert line == line.rstrip()
        assert len(line) <= WIDTH or len(line.split()) <= 3, line
    for brackets in re.findall(r"\(([^()]*?(?:, readings? [^()]*)?)\)", page):
        clauses, _, readings = re.split(r"(, readings? )", brackets + ", reading ", maxsplit=1)
        for listed in (clauses, readings):
            parts = [part for part in listed.split(", ") if re.fullmatch(r"\d+\.\d+|[A-Z]+\d+", part)]
            assert len(parts) == len(set(parts)), brackets
    body, _, written = page.partition("  How open points are read")
    cited = {
        name
        for found in re.findall(r"[Rr]eadings? ((?:[A-Z]+\d+(?:,\s+)?)+)", body)
        for name in re.findall(r"[A-Z]+\d+", found)
    }
    assert cited == set(re.findall(r"^  ([A-Z]+\d+) ", written, re.MULTILINE))
    for name in cited:
        assert " ".join(board.pack.rules.readings[name].split()) in " ".join(written.split())


def hold_award(board: BoardResult, told: Told, award: dict, modules: dict[str, dict]) -> None:
    headline = told.page.split("\n")[3]
    levels = told.levels()
    for level, rows in levels.items():
        for code, mark, credit, whole in rows:
            row = modules[code]
            assert whole == Fraction(row["credits"])
            assert credit <= whole
            assert mark == (row["mark"] or row["outcome"].replace("-", " "))
            assert row["scqf_level"] == level or credit < whole or "count at level" in told.page
    if award["average"] is None:
        assert headline == "  Not classified"
        assert "Average" not in told.entries
        for code, outcome in re.findall(r"(\S+) is (deferred|incomplete)", told.one("Why")):
            assert modules[code]["outcome"] == outcome
    else:
        name = award["classification"].replace("-", " ").capitalize()
        short = "    credit short" if award["eligible"] == "N" else ""
        assert headline == f"  {name}    average {award['average']}{short}"
        hold_average(told, Fraction(award["average"]), levels)
        hold_why(board, told, award, modules)
    if "Credit" in told.entries:
        hold_credit(board, told, award, modules)


def hold_average(told: Told, average: Fraction, levels: dict[int, list]) -> None:
    text = told.one("Average")
    whole, rounded = re.search(r": ([\d.]+), rounded ([\d.]+)", text).groups()
    shares = re.findall(r"(\d+)% of level (\d+), ([\d.]+)(?:,|:)", text)
    if shares:
        assert sum(int(share) for share, *_ in shares) == 100
        for _, level, shown in shares:
            assert agrees(shown, mean(levels[int(level)]))
        exact = sum(Fraction(share) / 100 * mean(levels[int(level)]) for share, level, _ in shares)
    else:
        exact = mean([row for rows in levels.values() for row in rows])
    assert agrees(whole, exact)
    assert half_up(exact) == average == Fraction(rounded)


def hold_why(board: BoardResult, told: Told, award: dict, modules: dict[str, dict]) -> None:
    text, average = told.one("Why"), Fraction(award["average"])
    rules = dict(board.pack.rules.awards.each())[award["award"]]
    boundaries = sorted(Fraction(rule.at) for rule in rules.classes)
    assert text.startswith(f"{award['average']}")
    for below, boundary in re.findall(r"([\d.]+) below (\d[\d.]*)", text):
        assert Fraction(boundary) - average == Fraction(below)
        assert Fraction(boundary) == min(at for at in boundaries if at > average)
    for boundary in re.findall(r"is at or above (\d+)", text):
        assert Fraction(boundary) == max(at for at in boundaries if at <= average)
    case = re.search(
        r"needs ([\d.]+) credits.* at SCQF (\d+),? at (\d+) or above .*there are (none|[\d.]+)(?:: (.*))?\. It (goes up|stays)",
        text,
    )
    assert bool(case) == ("a borderline case" in text)
    assert ("it goes up" in text) == (award["basis"] == "uplift")
    if case:
        needed, level, boundary, there, listed, goes = case.groups()
        counting = {code for rows in told.levels().values() for code, *_ in rows}
        reach = [
            (code, row["mark"])
            for code, row in modules.items()
            if row["scqf_level"] == int(level)
            and row["mark"]
            and Fraction(row["mark"]) >= Fraction(boundary)
            and code in counting
        ]
        assert (listed or "") == ", ".join(f"{code} {mark}" for code, mark in reach)
        held = sum(Fraction(modules[code]["credits"]) for code, _ in reach)
        assert held == (0 if there == "none" else Fraction(there))
        assert (held >= Fraction(needed)) == (goes == "goes up") == (award["basis"] == "borderline")


def hold_credit(board: BoardResult, told: Told, award: dict, modules: dict[str, dict]) -> None:
    text = told.one("Credit")
    held, needed = re.search(r"^([\d.]+) held.*?; ([\d.]+) needed", text).groups()
    elsewhere = re.search(r"([\d.]+) of them from elsewhere", text)
    prior = Fraction(elsewhere[1]) if elsewhere else Fraction(0)
    rule = dict(board.pack.rules.awards.each())[award["award"]].credits
    counted = [row for row in modules.values() if row["scqf_level"] >= (rule.counts_from_level or 0)]
    assert sum(Fraction(row["credits_awarded"]) for row in counted) + prior == Fraction(held)
    assert Fraction(needed) == Fraction(rule.total)
    short = re.search(r"([\d.]+) short", text)
    assert (Fraction(short[1]) if short else 0) == max(0, Fraction(needed) - Fraction(held))
    gaps = re.findall(r"([\d.]+) at SCQF (\d+)(?: or above)?, where ([\d.]+) are needed", text)
    for there, level, least in gaps:
        above = " or above" in text
        have = sum(
            Fraction(row["credits_awarded"])
            for row in modules.values()
            if row["scqf_level"] == int(level) or (above and row["scqf_level"] > int(level))
        )
        assert Fraction(there) == have < Fraction(least)
    assert (award["eligible"] == "N") == bool(short or gaps)


def hold_module(rows: Rows, row: dict, text: str) -> None:
    head, *rest = text.split("\n")
    said = [row["mark"], row["grade"], row["outcome"].replace("-", " ")]
    assert re.sub(r" +", " ", head).startswith(" ".join(part for part in (row["module"], *said) if part))
    joined = " ".join(text.split())
    if row["attempt"] and row["attempt"] > 1:
        assert f"attempt {row['attempt']}" in head
    marks = {key[1:]: found for key, found in rows.components.items() if key[0] == row["module"]}
    hold_sum(joined, row, marks)
    assert ("capped at the pass mark after reassessment" in joined) == (row["capped"] == "Y")
    for mark, needed in re.findall(r"([\d.]+) is below the pass mark of ([\d.]+)", joined):
        assert mark == row["mark"]
        assert Fraction(mark) < Fraction(needed)
    for _, mark, floor in re.findall(r"(\S+) ([\d.]+) is under its floor of ([\d.]+)", joined):
        assert mark in {found["mark"] for found in marks.values()}
        assert Fraction(mark) < Fraction(floor)
    hold_works(rows, row["module"], [line for line in rest if line.startswith("    ")], marks)


def hold_sum(text: str, row: dict, marks: dict[tuple[str, int], dict]) -> None:
    made = re.search(r" = ([\d.]+)", text)
    if not made:
        return
    pieces = PIECE.findall(
        text[: made.start()].rsplit("   ", 1)[-1].split(row["outcome"].replace("-", " "), 1)[-1]
    )
    shares = []
    for name, mark, share in pieces:
        component = re.sub(r"^.*attempt \d+ ", "", name).strip("+ ")
        assert mark in {found["mark"] for (at, _), found in marks.items() if at == component}
        shares.append(Fraction(share.rstrip("%")) / 100 if "%" in share else Fraction(share))
    assert sum(shares) == 1
    exact = sum(share * Fraction(mark) for share, (_, mark, _) in zip(shares, pieces, strict=True))
    assert agrees(made[1], exact)
    assert half_up(exact) == Fraction(row["mark"]) or row["capped"] == "Y"


WORK = re.compile(r"    (\S.*?)(?:, attempt (\d+))? {2,}(?:(\d+\.\d\d)(?: -> (\d+\.\d\d))? {3})?(\S.*)")


def hold_works(rows: Rows, module: str, lines: list[str], marks: dict[tuple[str, int], dict]) -> None:
    works: list[tuple[re.Match, list[str]]] = []
    for line in lines:
        if re.match(r"    \S", line):
            works.append((WORK.fullmatch(line), [WORK.fullmatch(line)[5]]))
        elif works:
            works[-1][1].append(line.strip())
    keys = [(work[1], int(work[2] or 1)) for work, _ in works]
    assert keys == sorted(marks, key=lambda key: (key[1], key[0]))
    for key, (work, texts) in zip(keys, works, strict=True):
        assert (work[3], work[4] or work[3]) == (marks[key]["raw_mark"], marks[key]["mark"])
        text = " ".join(texts)
        assert text.count("read from ") == 1
        for clause in rows.clauses.get((module, *key), []):
            assert clause in text
        given = rows.marks[module, *key]
        hold_penalties(text, given, rows.board, module, key[0])
        hold_origin(rows.board, text, given)


def hold_penalties(text: str, given: dict, board: BoardResult, module: str, component: str) -> None:
    if over := re.search(r"over the word limit: ([\d,]+) words for (\d[\d,]*\d)", text):
        parts = board.cohort.typed["components"].filter(
            (pl.col("module") == module) & (pl.col("component") == component)
        )
        assert over[1] == f"{given['words']:,}"
        assert over[2] == f"{parts['word_limit'].item():,}"
    if late := re.search(LATE, text):
        submitted = dt.datetime.strptime(late[4], "%d %B %Y %H:%M")  # noqa: DTZ007 - no zone
        assert submitted == given["submitted_at"]
        due = dt.datetime.strptime(f"{late[2]} {late[3] or '00:00'}", "%d %B %Y %H:%M")  # noqa: DTZ007
        gap = submitted - due - (dt.timedelta() if late[3] else dt.timedelta(days=1))
        assert late[1] == span(gap)
        assert gap > dt.timedelta()


LATE = r"late by ([^:]*): due (\d+ \w+ \d+)(?: (\d\d:\d\d))?, handed in (\d+ \w+ \d+ \d\d:\d\d)"


def hold_origin(board: BoardResult, text: str, given: dict) -> None:
    source = board.cohort.sources[given["_src"]]
    place = re.search(r"read from ([^;]*)", text)[1]
    assert place.startswith(source.file or f"the {source.table} table")
    assert place.endswith(str(given["_row"]))


# ---- pages of many kinds -----------------------------------------------------------------------------


@pytest.mark.parametrize("study", list(SHARE_OF_A_BOARD))
def test_every_number_of_a_page(boards: dict[str, BoardResult], study: str) -> None:
    board = boards[study]
    for student in board.polars.awards["student_id"].gather_every(SHARE_OF_A_BOARD[study]):
        hold_page(board, student)


@pytest.mark.parametrize("case", students_of_cases())
def test_every_number_of_a_worked_case(case: dict) -> None:
    board = bk.assess(bk.read(frames(case)), case.get("regulations", "qmu-2022"), study=case.get("study"))
    for student in board.ground.students["student_id"]:
        hold_page(board, student)


@cache
def sheet(path: Path, name: str) -> Worksheet:
    return load_workbook(path)[name]


def test_cells_hold_what_was_read(boards: dict[str, BoardResult], books: dict[str, Path]) -> None:
    """The cell that a page names is the cell that holds the mark."""
    checked = 0
    for student in ("76670252", "42165049", "00132536"):
        page = str(boards["undergraduate"].explain(student))
        for mark, place in re.findall(r"(\d+\.\d\d) {3}read from psychology.xlsx, Marks!(\S+)", page):
            assert Decimal(str(sheet(books["undergraduate"], "Marks")[place].value)) == Decimal(mark)
            checked += 1
        for mark, place in re.findall(r"(\d+\.\d) .*read from psychology.xlsx, Results!(\S+)", page):
            assert Decimal(str(sheet(books["undergraduate"], "Results")[place].value)) == Decimal(mark)
            checked += 1
    late = str(boards["undergraduate"].explain("76670252"))
    words, cell = re.search(r"([\d,]+) words for.*?words Marks!(\S+);", late, re.DOTALL).groups()
    assert sheet(books["undergraduate"], "Marks")[cell].value == int(words.replace(",", ""))
    agreed, agreed_at, marker_at = re.search(
        r"(\d+\.\d\d)   agreed;.*?Marks!(\S+); the marker's Marks!(\S+)", late, re.DOTALL
    ).groups()
    marks = sheet(books["undergraduate"], "Marks")
    assert (marks[agreed_at].value, marks[f"{agreed_at[0]}1"].value) == (float(agreed), "agreed_mark")
    assert marks[f"{marker_at[0]}1"].value == "mark"
    assert checked > 30


# ---- what else may be asked --------------------------------------------------------------------------


def test_items_are_never_split(boards: dict[str, BoardResult]) -> None:
    for student in [*UNDERGRADUATES.values()]:
        page = str(boards["undergraduate"].explain(student))
        rows = [line for line in page.splitlines() if re.match(r"  Level \d+ |                PS\d", line)]
        assert sum(len(ITEM.findall(line)) for line in rows) == len(ITEM.findall(" ".join(rows)))
        for line in rows:
            assert (
                ITEM.sub("", line.removeprefix("  ")).split() in ([], ["Level", line.split()[1]])
                or "there are" in page
            )


def test_unknown_student(boards: dict[str, BoardResult]) -> None:
    board = boards["undergraduate"]
    with pytest.raises(
        CallError, match=r'no student "99999999" on this board\. Check the number and its leading'
    ):
        board.explain("99999999")
    with pytest.raises(CallError, match=r'no student "132536" on this board\. There is 00132536\.'):
        board.explain("132536")


SMALL = {
    "modules": "module,scqf_level,credits\nA1,10,20\nB1,10,20",
    "components": "module,component,weight,word_limit,due_at\nA1,Essay,1,2000,2022-11-04\nA1,Exam,2,,\nB1,Exam,100,,",
    "marks": (
        "student_id,module,component,mark,words,submitted_at\n"
        "007,A1,Essay,58,2210,2022-11-05 09:30\n007,A1,Exam,84.10,,\n007,B1,Exam,70,,\n008,A1,Essay,41,,\n"
    ),
}


def small(**changes: str) -> dict[str, pl.DataFrame]:
    return frames({"tables": {**SMALL, **changes}})


def test_no_students_table() -> None:
    page = str(bk.assess(bk.read(small()), "qmu-2022").explain("007"))
    assert "  Not classified: there is no students table." in page
    assert "Essay 40.00 x 1/3 + Exam 84.10 x 2/3 = 69.40" in page
    assert "over the word limit: 2,210 words for 2,000" in page
    assert "late by 9 hours 30 minutes: due 4 November 2022, handed in 5 November 2022 09:30" in " ".join(
        page.split()
    )
    assert "read from the marks table, row 1" in page


@pytest.mark.parametrize(
    ("award", "why"),
    [
        ("none", "No award is aimed at: the marks are recorded and nothing is classified."),
        ("integrated-masters", "No rule states how this award is classified (8.1, reading W2)."),
        ("honours", "There is no average yet: A1 is incomplete (8.2, reading W3)."),
        ("certhe", "No rule states how this award is classified (8.1, reading W1)."),
        ("masters", "There is no average: no module counts in it (8.4, reading W10)."),
    ],
)
def test_no_class(award: str, why: str) -> None:
    board = bk.assess(bk.read(small(students=f"student_id,award\n007,honours\n008,{award}")), "qmu-2022")
    page = str(board.explain("008"))
    assert "\n  Not classified\n" in page
    assert f"  Why           {why}" in page
    assert "no mark for Exam and no reason (21.2, reading M3)" in page


def test_a_student_with_nothing() -> None:
    board = bk.assess(
        bk.read(small(students="student_id,award\n007,honours\n008,honours\n009,honours")), "qmu-2022"
    )
    assert "no module counts in it (8.2, reading W3)." in str(board.explain("009"))


def test_any_source_gives_the_same_page(tmp_path: Path) -> None:
    """Workbook, CSV, Parquet and frames: the same page but for where it was read."""
    tables = demo(12)
    write_workbook(tables, tmp_path / "board.xlsx")
    write_folder(tables, tmp_path / "csv")
    write_folder(tables, tmp_path / "parquet", parquet=True)
    sources = [tmp_path / "board.xlsx", tmp_path / "csv", tmp_path / "parquet", tables]
    student = tables["students"]["student_id"][3]
    pages = [str(bk.assess(bk.read(source), "qmu-2022").explain(student)) for source in sources]
    origins = [set(re.findall(r"read from (.*?)\d+(?: \(|;|$)", page, re.MULTILINE)) for page in pages]
    assert origins[0] <= {
        "board.xlsx, Marks!E",
        "board.xlsx, Marks!N",
        "board.xlsx, Results!E",
        "board.xlsx, Marks row ",
    }
    assert {"marks.csv, E", "results.csv, E"} <= origins[1]
    assert origins[2] == {"marks.parquet, row ", "results.parquet, row "}
    assert origins[3] == {"the marks table, row ", "the results table, row "}
    bare = [re.sub(r"read from [^()]*", "", page) for page in pages]
    assert len({" ".join(page.split()) for page in bare}) == 1


def test_control_characters_stay_out_of_a_page() -> None:
    scaling = 'module,component,basis,endorsed,add\nB1,Exam,"clear \x1b[2J the screen",Y,1'
    page = str(bk.assess(bk.read(small(scaling=scaling)), "qmu-2022").explain("007"))
    assert "\x1b" not in page
    assert r"clear \x1b[2J the screen" in page


def test_a_page_in_a_notebook_is_escaped() -> None:
    students = "student_id,programme,award\n007,<script>alert(1)</script>,honours\n008,,honours"
    page = bk.assess(bk.read(small(students=students)), "qmu-2022").explain("007")
    assert repr(page) == str(page)
    assert "<script>" not in page._repr_html_()
    assert "&lt;script&gt;" in page._repr_html_()


@pytest.mark.parametrize(
    ("numerator", "denominator", "places", "shown"),
    [
        (694999999, 100000, 1, "69.49..."),
        (6945, 1, 1, "69.45"),
        (69450001, 10000, 1, "69.45..."),
        (20000, 3, 2, "66.666..."),
        (0, 7, 1, "0.00"),
        (664575, 100, 1, "66.4575"),
    ],
)
def test_a_ratio_is_exact_or_cut(numerator: int, denominator: int, places: int, shown: str) -> None:
    assert exactly(numerator, denominator, places=places) == shown
    cut = Fraction(shown.removesuffix("..."))
    assert half_up(Fraction(numerator, denominator * 100), places) == half_up(cut, places)


def test_weights_as_percentages() -> None:
    assert [percent(weight, 3_000_000) for weight in (1_000_000, 1_500_000, 750_000)] == ["1/3", "50%", "25%"]


FIRST_SIT = "student_id,module,attempt,accepted,effect\n007,B1,2,Y,first-sit"
SAID = {
    "the circumstances behind a first sit": (
        {
            "marks": "student_id,module,component,attempt,mark\n007,B1,Exam,1,30\n007,B1,Exam,2,50",
            "circumstances": FIRST_SIT,
        },
        "judged as a first sit by accepted circumstances at the circumstances table, row 1 (18.9,",
    ),
    "the deferral behind a first sit": (
        {"marks": "student_id,module,component,attempt,mark\n007,B1,Exam,1,DEF\n007,B1,Exam,2,50"},
        "judged as a first sit after a deferred one (18.9,",
    ),
    "the clause behind the fact and no advice": (
        {"marks": "student_id,module,component,attempt,mark\n007,B1,Exam,1,6O"},
        '"6O" is not a mark (a letter for a digit?): nothing is computed from it (21.2,',
    ),
    "how a mean is weighted": (
        {"marks": "student_id,module,component,attempt,mark\n007,B1,Exam,1,60"},
        "the mean weighted by credit: 60.00, rounded 60.0",
    ),
    "the cell of a module": (
        {"modules": "module,scqf_level,credits\nB1,10,2O"},
        '"2O" is not a number of credits over 0 and up to 10,000, to two places, read from the modules table, row 1',
    ),
    "the cell of the entry": (
        {"students": "student_id,award,entry_stage,prior_credits\n007,honours,first,360"},
        'Nothing is classified: "first" is not one of: 1, 2, 3, 4, 5, pg, read from the students table, row 1.',
    ),
    "the cell of the credit": (
        {"students": "student_id,award,entry_stage,prior_credits\n007,honours,1,lots"},
        'Nothing is classified: "lots" is not a number of credits from 0 to 10,000',
    ),
}


@pytest.mark.parametrize(("tables", "told"), SAID.values(), ids=list(SAID))
def test_a_page_says(tables: dict[str, str], told: str) -> None:
    given = {
        "students": "student_id,award\n007,honours",
        "modules": "module,scqf_level,credits\nB1,10,20",
        "components": "module,component,weight\nB1,Exam,100",
        "enrolments": "student_id,module\n007,B1",
        "marks": "student_id,module,component,attempt,mark\n007,B1,Exam,1,60",
        **tables,
    }
    page = str(bk.assess(bk.read(frames({"tables": given})), "qmu-2022").explain("007"))
    assert told in " ".join(page.split())


def test_points_are_shown_as_they_were_typed(tmp_path: Path) -> None:
    toml = """
modules.PS4 = { scqf_level = 9, credits = 20, components = { Essay = 40, Exam = 60 } }
[[sheets]]
file = "marks.xlsx"
module = "PS4"
id_as_number = true
id = "ID"
marks = { Essay = { mark = "Essay", out_of = 40 }, Exam = "Exam" }
"""
    folder = marksheets.board(tmp_path / "board", toml, {"PS4": [["ID", "Essay", "Exam"], [7, 33, 61]]})
    page = str(bk.assess(bk.read(folder), "qmu-2022").explain("7"))
    assert "Essay  82.50   33 out of 40; read from marks.xlsx, PS4!B2" in page
    assert "Exam   61.00   read from" in page
