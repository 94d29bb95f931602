"""Marksheets as boards hold them: headers, totals, attempts, codes, points, and where each cell is told of."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import boardkit as bk
from tests.read.marksheets import Styled, board

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

    from boardkit.cohort import Cohort

ONE = """
[modules.PS4]
scqf_level = 10
credits = 20
components = { Essay = 40, Exam = 60 }
[[sheets]]
file = "marks.xlsx"
module = "PS4"
id = "ID"
marks = { Essay = "Essay", Exam = "Exam" }
"""
HEADER = ["ID", "Essay", "Exam"]


def sheet(*rows: list[Any], header: list[Any] | None = None) -> dict[str, list[list[Any]]]:
    return {"Sheet1": [header or HEADER, *rows]}


def marks(cohort: Cohort) -> list[tuple[Any, ...]]:
    typed = cohort._named("marks").select("student_id", "module", "component", "attempt", "mark", "state")
    return [tuple(value for value in row if value is not None) for row in typed.rows()]


def told(cohort: Cohort, *without: str) -> list[tuple[str, str | None]]:
    problems = cohort.polars.problems.filter(~pl.col("code").is_in(["table-absent", *without]))
    return sorted(problems.select("code", "cell").rows(), key=str)


def test_one_row_a_student_one_column_a_component(tmp_path: Path) -> None:
    cohort = bk.read(board(tmp_path / "b", ONE, sheet(["01", 61, 62.5], ["02", 0, 100])))
    assert marks(cohort) == [
        ("01", "PS4", "Essay", 1, 6100),
        ("01", "PS4", "Exam", 1, 6250),
        ("02", "PS4", "Essay", 1, 0),
        ("02", "PS4", "Exam", 1, 10000),
    ]
    assert told(cohort) == []


def test_six_things_stay_six(tmp_path: Path) -> None:
    """A blank, a zero, an absence, work not submitted, a deferral and a withdrawal."""
    rows = [
        ["1", None, 60],
        ["2", 0, 60],
        ["3", "AB", 60],
        ["4", "ns", 60],
        ["5", "DEF", 60],
        ["6", "WD", 60],
    ]
    folder = board(
        tmp_path / "b",
        'tables = ["enrolments.csv"]\n' + ONE,
        sheet(*rows, ["7", 60, 60]),
        enrolments="student_id,module,withdrawn_at\n"
        + "".join(f"{number},PS4,\n" for number in range(1, 7))
        + "7,PS4,0.2\n",
    )
    result = bk.assess(bk.read(folder), "qmu-2022").polars
    found = dict(result.modules.select("student_id", "outcome").iter_rows())
    essays = result.components.filter(pl.col("component") == "Essay")
    assert essays["mark"].cast(pl.String).to_list() == [
        None,
        "0.00",
        "0.00",
        "0.00",
        None,
        None,
        "60.00",
    ]
    assert found == {
        "1": "incomplete",
        "2": "qualifying-fail" if found["2"] == "qualifying-fail" else "fail",
        "3": found["2"],
        "4": found["2"],
        "5": "deferred",
        "6": "incomplete",
        "7": "withdrawn",
    }
    states = bk.read(folder)._named("marks").filter(pl.col("component") == "Essay")["state"].to_list()
    assert states == [None, None, "absent", "not-submitted", "deferred", None, None]
    codes = result.problems.filter(pl.col("severity") == "error").select("code", "cell").rows()
    assert codes == [("mark-missing", "B2"), ("not-a-mark", "B7")]
    withdrawal = result.problems.filter(pl.col("code") == "not-a-mark")["message"].item()
    assert withdrawal.endswith("Say so in the enrolments table, under withdrawn_at.")


def test_titles_two_header_rows_and_totals(tmp_path: Path) -> None:
    def shape(book: Workbook) -> None:
        book["Sheet1"].merge_cells("B4:C4")

    toml = ONE.replace('id = "ID"', 'id = "Student ID"\nheader = [4, 5]\ntotals = ["Average", 9]').replace(
        '{ Essay = "Essay", Exam = "Exam" }', '{ Essay = "Coursework Essay", Exam = "Coursework Exam" }'
    )
    rows = [
        ["PS4 Minds"],
        [None, "June 2023"],
        [],
        ["Student ID", "Coursework"],
        [None, "Essay", "Exam"],
        ["01", 61, 62],
        ["02", 51, 52],
        ["Average:", 56, 57],
        [None, "=MAX(B6:B7)", 62],
    ]
    cohort = bk.read(board(tmp_path / "b", toml, {"Sheet1": rows}, shape))
    assert [mark[-1] for mark in marks(cohort)] == [6100, 6200, 5100, 5200]
    assert told(cohort) == [("row-left-out", f"A{row}") for row in (1, 2, 8, 9)]


def test_totals_by_number_never_take_a_student(tmp_path: Path) -> None:
    toml = ONE.replace('id = "ID"', 'id = "ID"\ntotals = [3]')
    with pytest.raises(bk.BoardkitError, match=r"names row 3 .* as totals, and an identifier stands there"):
        bk.read(board(tmp_path / "b", toml, sheet(["01", 61, 62], ["02", 51, 52])))


def test_a_row_with_an_identifier_is_a_student_s_whatever_its_name_is(tmp_path: Path) -> None:
    toml = ONE.replace('id = "ID"', 'id = "ID"\ntotals = ["Max", "Average"]')
    rows = [
        ["Max", "01", 61, 62],
        ["Max", None, 61, 62],
        ["average:", "jsmith", 51, 52],
        ["Average", "Mean", 56, 57],
    ]
    cohort = bk.read(board(tmp_path / "b", toml, sheet(*rows, header=["Name", *HEADER])))
    assert [(mark[0], mark[-1]) for mark in marks(cohort)] == [
        ("01", 6100),
        ("01", 6200),
        ("jsmith", 5100),
        ("jsmith", 5200),
    ]
    assert told(cohort, "column-not-used") == [
        ("row-left-out", "A3"),
        ("row-left-out", "A5"),
        ("student-as-totals", "B2"),
        ("student-as-totals", "B4"),
    ]
    assert "Max" not in "".join(cohort.polars.problems["message"])


def test_totals_that_nobody_named_are_no_student(tmp_path: Path) -> None:
    cohort = bk.read(board(tmp_path / "b", ONE, sheet(["01", 61, 62], ["Mean", 61, 62], [None, 61, 62])))
    assert told(cohort) == [("not-a-student", "A3"), ("required-blank", "A4")]
    assert [mark[0] for mark in marks(cohort)] == ["01", "01"]


@pytest.mark.parametrize(
    "again",
    [
        ["id:", "Essay", "Exam"],
        ["ID", "Exam", "Essay"],
        ["ID"],
        ["Essay", "ID", "Exam"],
        ["Exam", "Essay"],
    ],
    ids=str,
)
def test_nothing_below_a_second_header_is_read(tmp_path: Path, again: list[Any]) -> None:
    rows = [["01", 61, 62], [], again, ["02", 51, 52], [], ["03", 41, 42]]
    cohort = bk.read(board(tmp_path / "b", ONE, sheet(*rows)))
    assert [mark[0] for mark in marks(cohort)] == ["01", "01"]
    assert told(cohort) == [("header-again", "A4"), ("row-left-out", "A5"), ("row-left-out", "A7")]
    message = cohort.polars.problems.filter(pl.col("code") == "header-again")["message"].item()
    assert "neither were the 2 rows below" in message


def test_a_second_header_of_several_rows_and_right_under_the_first(tmp_path: Path) -> None:
    toml = ONE.replace('id = "ID"', 'id = "ID No."\nheader = [1, 2]').replace('"Exam" }', '"Exam mark" }')
    rows = [["ID", "Essay", "Exam"], ["No.", None, "mark"], ["ID", "Essay", "Exam"], ["01", 61, 62]]
    cohort = bk.read(board(tmp_path / "b", toml, {"Sheet1": rows}))
    assert told(cohort, "table-empty") == [("header-again", "A3"), ("row-left-out", "A4")]
    assert marks(cohort) == []


def test_one_header_s_text_in_a_mark_is_no_second_header(tmp_path: Path) -> None:
    cohort = bk.read(board(tmp_path / "b", ONE, sheet(["01", "Exam", 62], ["02", 51, 52])))
    assert told(cohort) == [("not-a-mark", "B2")]


def test_points_become_percentages_once_and_exactly(tmp_path: Path) -> None:
    toml = ONE.replace('Essay = "Essay"', 'Essay = { mark = "Essay", out_of = 40 }').replace(
        'Exam = "Exam"', 'Exam = { mark = "Exam", out_of = 3 }'
    )
    rows = [["1", 33, 2], ["2", 27.74, 1], ["3", 27.738, 3], ["4", 27.737999999999999, 0], ["5", "AB", 3.001]]
    cohort = bk.read(board(tmp_path / "b", toml, sheet(*rows)))
    essays = cohort._named("marks").filter(pl.col("component") == "Essay")["mark"].to_list()
    exams = cohort._named("marks").filter(pl.col("component") == "Exam")["mark"].to_list()
    assert essays == [8250, 6935, 6935, 6935, None]  # 69.345 is rounded half up
    assert exams == [6667, 3333, 10000, 0, None]
    assert told(cohort) == [
        ("mark-out-of-range", "C6"),
        ("mark-rounded", "B4"),
        ("mark-rounded", "B5"),
        ("mark-rounded", "C2"),
        ("mark-rounded", "C3"),
        ("marks-out-of", "B1"),
        ("marks-out-of", "C1"),
    ]


def test_points_in_the_second_header_row(tmp_path: Path) -> None:
    toml = ONE.replace('id = "ID"', 'id = "ID"\nheader = [1, 2]\nout_of = "header"').replace(
        'Essay = "Essay", Exam = "Exam"', 'Essay = "Essay 40", Exam = "Exam max 80"'
    )
    cohort = bk.read(board(tmp_path / "b", toml, sheet([None, 40, "max 80"], ["1", 20, 20])))
    assert [mark[-1] for mark in marks(cohort)] == [5000, 2500]


@pytest.mark.parametrize(
    ("label", "place"),
    [("Out of:", 0), ("Max mark", 0), ("Maximum", 0), ("out of", 2)],
)
def test_points_in_a_row_under_the_header(tmp_path: Path, label: str, place: int) -> None:
    rows = [["1", 20, 40], ["2", 25, "AB"]]
    rows.insert(place, [label, 50, 80])
    toml = ONE.replace('id = "ID"', f'id = "ID"\ntotals = ["{label}"]')
    for folder, points in (("a", ""), ("b", "\nout_of = 100"), ("c", '\nout_of = "header"')):
        here = board(tmp_path / folder, toml.replace('id = "ID"', f'id = "ID"{points}'), sheet(*rows))
        if not points:
            with pytest.raises(
                bk.BoardkitError, match=rf"row {place + 2} of column C says .* out of 80\. Give"
            ):
                bk.read(here)
            continue
        expected = [2000, 4000, 2500] if points.endswith("100") else [4000, 5000, 5000]
        assert [mark[-1] for mark in marks(bk.read(here))][:3] == expected


@pytest.mark.parametrize(
    "rows",
    [
        [["1", 20, 40], ["Max", 50, 80]],
        [["Max", "=MAX(B3:B4)", "=MAX(C3:C4)"], ["1", 20, 40]],
        [["Mean", 50, 80], ["1", 20, 40]],
        [["Max", Styled(0.5, "0%"), 100], ["1", 20, 40]],
        [["Out of", 100, None], ["1", 20, 40]],
    ],
    ids=str,
)
def test_what_is_no_row_of_points(tmp_path: Path, rows: list[list[Any]]) -> None:
    toml = ONE.replace('id = "ID"', 'id = "ID"\ntotals = ["Max", "Mean", "Out of"]')
    assert [mark[-1] for mark in marks(bk.read(board(tmp_path / "b", toml, sheet(*rows))))] == [2000, 4000]


def test_a_row_of_points_that_nobody_named_is_no_student(tmp_path: Path) -> None:
    toml = ONE.replace('id = "ID"', 'id = "ID"\nout_of = "header"')
    cohort = bk.read(board(tmp_path / "b", toml, sheet(["Max marks", 50, 80], ["1", 25, 40])))
    assert marks(cohort) == [("1", "PS4", "Essay", 1, 5000), ("1", "PS4", "Exam", 1, 5000)]
    assert told(cohort, "marks-out-of") == [("not-a-student", "A2")]


def test_one_sheet_a_module(tmp_path: Path) -> None:
    toml = """
[modules]
PS4 = { scqf_level = 10, credits = 20, components = { Essay = 40, Exam = 60 } }
PS5 = { scqf_level = 10, credits = 20, components = { Essay = 40, Exam = 60 } }
[[sheets]]
file = "marks.xlsx"
sheet = "*"
module_from = "sheet"
id = "ID"
marks = { Essay = "Essay", Exam = "Exam" }
"""
    sheets = {"PS4": [HEADER, ["1", 61, 62]], "PS5": [HEADER, ["1", 71, 72]], "Empty": []}
    cohort = bk.read(board(tmp_path / "b", toml, sheets))
    assert [mark[1:] for mark in marks(cohort)] == [
        ("PS4", "Essay", 1, 6100),
        ("PS4", "Exam", 1, 6200),
        ("PS5", "Essay", 1, 7100),
        ("PS5", "Exam", 1, 7200),
    ]
    assert told(cohort) == []


def test_one_sheet_for_several_modules(tmp_path: Path) -> None:
    toml = """
[modules]
PS4 = { scqf_level = 10, credits = 20, components = { Exam = 1 } }
PS5 = { scqf_level = 10, credits = 20, components = { Exam = 1 } }
[[sheets]]
file = "marks.xlsx"
id = "ID"
blank = "not-taken"
marks.PS4 = { Exam = "PS4 exam" }
marks.PS5 = { Exam = "column C" }
"""
    cohort = bk.read(
        board(tmp_path / "b", toml, {"All": [["ID", "PS4 exam", "x"], ["1", 61, None], ["2", None, 52]]})
    )
    assert marks(cohort) == [("1", "PS4", "Exam", 1, 6100), ("2", "PS5", "Exam", 1, 5200)]
    assert told(cohort) == [("blank-not-taken", "B1"), ("blank-not-taken", "C1")]


ATTEMPTS = """
[[sheets]]
file = "marks.xlsx"
sheet = "August"
module = "PS4"
attempt = ATTEMPT
blank = "not-taken"
id = "ID"
marks = { Essay = "Essay", Exam = "Exam" }
"""


@pytest.mark.parametrize(("attempt", "new"), [("2", 2), ('"next"', 1)])
def test_a_second_sheet_is_a_later_attempt(tmp_path: Path, attempt: str, new: int) -> None:
    toml = ONE.replace('module = "PS4"', 'sheet = "June"\nmodule = "PS4"') + ATTEMPTS.replace(
        "ATTEMPT", attempt
    )
    sheets = {
        "June": [HEADER, ["1", 30, 62], ["2", 55, 20]],
        "August": [HEADER, ["1", 45, None], ["2", None, 41], ["3", 60, 60]],
    }
    cohort = bk.read(board(tmp_path / "b", toml, sheets))
    later = [mark[:1] + mark[2:] for mark in marks(cohort) if mark[0] == "3" or mark[3] > 1]
    assert later == [
        ("1", "Essay", 2, 4500),
        ("2", "Exam", 2, 4100),
        ("3", "Essay", new, 6000),
        ("3", "Exam", new, 6000),
    ]


def test_identifiers_that_lost_their_zeros(tmp_path: Path) -> None:
    rows = [[123, 61, 62], ["00000456", 51, 52], [Styled(789, "00000000"), 41, 42]]
    cohort = bk.read(board(tmp_path / "b", ONE.replace('id = "ID"', 'id = "ID"\ndigits = 8'), sheet(*rows)))
    assert sorted({mark[0] for mark in marks(cohort)}) == ["00000123", "00000456", "00000789"]
    assert told(cohort) == [("id-zeros-restored", "A2")]
    cohort = bk.read(board(tmp_path / "b", ONE, sheet(*rows)))
    assert sorted({mark[0] for mark in marks(cohort)}) == ["00000456", "00000789", "123"]
    assert told(cohort) == [("id-as-number", "A2"), ("id-as-number", "A4")]


def test_a_rank_column_taken_for_the_scores(tmp_path: Path) -> None:
    rows = [[f"{number:02}", 40 + number, rank] for number, rank in enumerate([3, 1, 2, 4, 4, 6, 8, 7])]
    toml = ONE.replace('Exam = "Exam"', 'Exam = "Rank"')
    cohort = bk.read(board(tmp_path / "b", toml, sheet(*rows, header=["ID", "Essay", "Rank"])))
    assert told(cohort) == [("marks-like-ranks", "C2")]


def test_what_else_is_said_of_work(tmp_path: Path) -> None:
    toml = ONE.replace(
        'Exam = "Exam"',
        'Exam = { mark = "Exam", state = "State", marker = "By", agreed_mark = "Agreed", out_of = 50 }',
    )
    header = ["ID", "Essay", "Exam", "State", "By", "Agreed"]
    cohort = bk.read(
        board(
            tmp_path / "b",
            toml,
            sheet(["1", 61, 30, None, "A B", 31], ["2", 1, None, "absent"], header=header),
        )
    )
    exams = cohort._named("marks").filter(pl.col("component") == "Exam")
    assert exams.select("mark", "state", "marker", "agreed_mark").rows() == [
        (6000, None, "A B", 6200),
        (None, "absent", None, None),
    ]


def test_codes_that_the_board_lists(tmp_path: Path) -> None:
    toml = '[codes]\nABS = "absent"\n' + ONE
    cohort = bk.read(board(tmp_path / "b", toml, sheet(["1", "abs", "NS"], ["2", "XX", 50])))
    assert [mark[-1] for mark in marks(cohort)] == ["absent", "not-submitted", 1, 5000]
    assert told(cohort) == [("not-a-mark", "B3")]


def test_facts_and_parameters_of_the_board(tmp_path: Path) -> None:
    toml = """
[board]
title = "Psychology"
diet = "resit"
board_date = 2023-06-14
closure_day = [2022-12-25, 2022-12-26]
parameter.late_hours = 24
"""
    facts = bk.read(board(tmp_path / "b", toml + ONE, sheet(["1", 1, 1]))).facts
    assert (facts.diet, str(facts.board_date), len(facts.closure_days)) == ("resit", "2023-06-14", 2)
    assert facts.parameters == {"latehours": "24"}


def test_a_student_on_two_rows_is_told_of_once_a_row(tmp_path: Path) -> None:
    cohort = bk.read(
        board(tmp_path / "b", ONE, sheet(["1", 61, 62], ["1", 61, 63], ["2", 51, 52], ["2", 51, 52]))
    )
    assert told(cohort) == [
        ("row-twice", "A3"),
        ("row-twice", "A5"),
        ("rows-differ", "A2"),
        ("rows-differ", "A3"),
    ]
    told_of = {(row["code"], row["cell"]): row["message"] for row in cohort.polars.problems.rows(named=True)}
    assert told_of["rows-differ", "A2"].startswith("PS4 Exam, 1: the rows with this key differ")
    assert told_of["row-twice", "A3"].startswith("PS4 Essay, 1: the row stands twice")
    assert told_of["row-twice", "A5"].startswith("PS4 Essay, PS4 Exam, 2: the row stands twice")


def test_of_many_pieces_of_work_in_rows_that_differ_three_are_named(tmp_path: Path) -> None:
    works = [f"W{number}" for number in range(1, 6)]
    toml = ONE.replace("{ Essay = 40, Exam = 60 }", f"{{ {', '.join(f'{work} = 1' for work in works)} }}")
    toml = toml.replace('Essay = "Essay", Exam = "Exam"', ", ".join(f'{work} = "{work}"' for work in works))
    rows = [["1", *range(50, 55)], ["1", *range(60, 65)]]
    cohort = bk.read(board(tmp_path / "b", toml, sheet(*rows, header=["ID", *works])))
    (first, _) = cohort.polars.problems.filter(pl.col("code") == "rows-differ")["message"]
    assert first.startswith("PS4 W1, PS4 W2, PS4 W3 and 2 more, 1: the rows with this key differ;")


def test_files_and_sheets_that_nobody_named(tmp_path: Path) -> None:
    toml = ONE.replace('module = "PS4"', 'sheet = "Sheet1"\nmodule = "PS4"')
    folder = board(tmp_path / "b", toml, {**sheet(["1", 61, 62]), "Old": [["x"]]}, lost="a,b\n")
    problems = bk.read(folder).polars.problems.filter(pl.col("code") == "table-unknown")
    assert problems.select("file", "sheet").rows() == [("marks.xlsx", "Old"), ("lost.csv", None)]


# ---- what is refused, with what to do -----------------------------------------------------------------

REFUSED = [
    ("sheets = 3", "list", "sheets"),
    ('[board]\ncolour = "blue"\n' + ONE, "there is no such key", "board.colour"),
    (ONE.replace("credits = 20", "points = 20"), "there is no such key", "modules.PS4.points"),
    (ONE.replace('file = "marks.xlsx"', 'file = "other.xlsx"'), "there is no such file", "other.xlsx"),
    (ONE.replace('file = "marks.xlsx"', 'file = "../marks.xlsx"'), "is not beside board.toml", "marks.xlsx"),
    (ONE.replace('"ID"', '"Number"'), 'no header of the sheet is "Number"', "id"),
    (ONE.replace('Exam = "Exam"', 'Exam = "Essay"'), "column B is taken both for", "PS4 Essay"),
    (
        ONE.replace('Exam = "Exam"', 'Exam = "column Z", Quiz = "Exam"'),
        '"PS4 Quiz" is not in the components',
        "",
    ),
    (ONE.replace('module = "PS4"', 'module = "PS9"'), '"PS9" is not in the modules table', "sheets[1]"),
    (ONE.replace('module = "PS4"', ""), "it does not say whose marks they are", "sheets[1]"),
    (ONE.replace('module = "PS4"', 'module = "PS4"\nmodule_from = "sheet"'), "are both given", "sheets[1]"),
    (ONE.replace('module = "PS4"', 'module = "PS4"\nsheet = "June"'), 'no sheet is called "June"', "Sheet1"),
    (ONE.replace('module = "PS4"', 'module = "PS4"\nattempt = 0'), "a whole number from 1 to 99", "attempt"),
    (
        ONE.replace('module = "PS4"', 'module = "PS4"\nheader = [1, 3]'),
        "rows that follow each other",
        "header",
    ),
    (ONE.replace('Exam = "Exam"', 'Exam = { marks = "Exam" }'), "there is no such key there", "marks.Exam"),
    (
        ONE.replace('Exam = "Exam"', 'Exam = { mark = "Exam", out_of = 0 }'),
        "under out_of, a number over 0",
        "marks",
    ),
    (
        ONE.replace('Exam = "Exam"', 'Exam = { mark = "Exam", out_of = "header" }'),
        "does not say out of how",
        "C",
    ),
    ('tables = ["marks.csv"]\n' + ONE, "a marks table is given", "Keep one"),
    ('tables = ["board.csv", "board.csv"]\n', "the board table is given twice", "Keep one"),
    ('title = "x"', "there is no such key", "title"),
    ("[board\n", "is not closed", "line 1"),
    ("", "it names no [[sheets]] and no tables", ""),
]


@pytest.mark.parametrize(("toml", "why", "where"), REFUSED, ids=[why for _, why, _ in REFUSED])
def test_refusals(tmp_path: Path, toml: str, why: str, where: str) -> None:
    tables = {"marks": "student_id,module,component,mark\n1,A,E,5\n", "board": "key,value\ntitle,x\n"}
    folder = board(tmp_path / "b", toml, sheet(["1", 61, 62]), **tables)
    with pytest.raises(bk.BoardkitError) as caught:
        bk.read(folder)
    message = str(caught.value)
    assert why in message
    assert where in message
    assert message.endswith("."), message
    assert "cannot use " in message


def test_a_wide_workbook_alone_is_pointed_to_the_layout(tmp_path: Path) -> None:
    for name in ("Marks", "PS4"):
        folder = board(tmp_path / name, ONE, {name: [HEADER, ["1", 61, 62]]})
        with pytest.raises(bk.BoardkitError, match=r"`boardkit layout marks\.xlsx` proposes a board\.toml"):
            bk.read(folder / "marks.xlsx")


# ---- the same cohort, long and wide ------------------------------------------------------------------

CELLS = st.one_of(
    st.integers(0, 100),
    st.decimals(0, 100, places=2).map(float),
    st.sampled_from(["AB", "NS", "DEF", "6O", "65,5", "70", 107, -3, None]),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=12))
def test_wide_is_read_as_long_is(tmp_path: Path, cells: list[tuple[Any, Any]]) -> None:
    """The same marks as a marksheet and as a marks table: the same typed marks and the same faults."""
    students = [f"{number:04}" for number in range(len(cells))]
    wide = board(
        tmp_path / "w", ONE, sheet(*([student, *pair] for student, pair in zip(students, cells, strict=True)))
    )
    long = [
        [student, "PS4", component, value]
        for student, pair in zip(students, cells, strict=True)
        for component, value in zip(("Essay", "Exam"), pair, strict=True)
    ]
    same = [["module", "component", "weight"], ["PS4", "Essay", 40], ["PS4", "Exam", 60]]
    level = [["module", "scqf_level", "credits"], ["PS4", 10, 20]]
    header = ["student_id", "module", "component", "mark"]
    (tmp_path / "l").mkdir(exist_ok=True)
    sheets = {"Marks": [header, *long], "Components": same, "Modules": level}
    board(tmp_path / "l", "", sheets)
    first, second = bk.read(wide), bk.read(tmp_path / "l" / "marks.xlsx")
    inside = ["_src", "_row", "_out_of", "_as_typed"]
    assert (
        first._named("marks")
        .drop(inside, strict=False)
        .equals(second._named("marks").drop(inside, strict=False))
    )
    counted = [
        one.polars.problems.filter(pl.col("code") != "table-absent")
        .group_by("code", "value")
        .len()
        .sort("code", "value")
        for one in (first, second)
    ]
    assert counted[0].equals(counted[1])


ANYTHING = st.one_of(
    st.none(),
    st.integers(-5, 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.datetimes(dt.datetime(1901, 1, 1), dt.datetime(2100, 1, 1)),  # noqa: DTZ001 - wall time
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6),
    st.sampled_from(
        ["Mean", "Total:", "Total", "AB", "1", "1", "2", "=1+1", "#N/A", "\u200b", "1e400", "12,5"]
    ),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(ANYTHING, max_size=5), max_size=8), st.sampled_from(["missing", "not-taken"]))
def test_no_row_is_lost_whatever_stands_in_it(tmp_path: Path, rows: list[list[Any]], blank: str) -> None:
    """Every row that holds anything ends in the marks or is told of, with its row; nothing stops the reading."""
    toml = ONE.replace('id = "ID"', f'id = "ID"\nblank = "{blank}"\ntotals = ["Total"]')
    cohort = bk.read(board(tmp_path / "b", toml, sheet(*rows)))
    filled = {
        at
        for at, row in enumerate(rows, start=2)
        if any(value is not None and (not isinstance(value, str) or value.strip()) for value in row)
    }
    problems = cohort.polars.problems.filter(pl.col("file") == "marks.xlsx")
    told_of = set(problems["cell"].str.extract("([0-9]+)$", 1).drop_nulls().cast(pl.Int64))
    assert filled <= told_of | set(cohort._named("marks")["_row"])
    students = cohort._named("marks")["student_id"]
    assert not students.is_in(["Mean", "Total:", ""]).any()
    assert bk.assess(cohort, "qmu-2022").polars.modules.height >= students.n_unique()


@pytest.mark.parametrize(
    ("parts", "total", "found"),
    [
        ([30, 31], 61, []),
        ([0.1, 0.2], 0.30000000000000004, []),
        ([30, None], 30, ["part-blank E2"]),
        ([None, 30], 30, ["part-blank D2"]),
        ([None, 0], 0, ["part-blank D2"]),
        ([0, 30], 30, []),
        ([30, None], 31, ["total-differs"]),
        ([30, None], None, []),
        ([30, None], "AB", []),
        ([30, 31], 60, ["total-differs"]),
        (["x", 31], 31, ["total-differs"]),
        (["AB", 31], 31, ["total-differs"]),
        ([None, None], 0, ["total-differs"]),
        (["=1+1", 31], 31, ["total-differs"]),
        ([30, 31], "AB", []),
        (["30", 31], 61, []),
    ],
    ids=str,
)
def test_a_mark_that_is_a_sum(tmp_path: Path, parts: list[Any], total: object, found: list[str]) -> None:
    toml = ONE.replace('Exam = "Exam"', 'Exam = { mark = "Exam", sum_of = ["A", "column E"] }')
    rows = [["1", 61, total, *parts], ["2", 50, 60, 30, 30]]
    cohort = bk.read(board(tmp_path / "b", toml, sheet(*rows, header=["ID", "Essay", "Exam", "A", "B"])))
    places = [tuple(code.split()) if " " in code else (code, "C2") for code in found]
    assert told(cohort, "mark-rounded", "mark-under-one") == places


def test_every_blank_part_of_a_sum_is_named(tmp_path: Path) -> None:
    toml = ONE.replace('Exam = "Exam"', 'Exam = { mark = "Exam", sum_of = "columns D:F" }')
    rows = [["1", 61, 30, None, 30, None], ["2", 50, 60, 30, 30, 0]]
    cohort = bk.read(board(tmp_path / "b", toml, sheet(*rows, header=[*HEADER, "A", "B", "C"])))
    (problem,) = cohort.polars.problems.filter(pl.col("code") == "part-blank").rows(named=True)
    assert (problem["severity"], problem["cell"]) == ("warning", "D2")
    assert problem["message"].startswith(
        "PS4 Exam, 1: the mark is 30 and its sum has nothing in column D, F;"
    )
