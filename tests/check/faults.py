"""For every problem code, inputs that have it and nothing else."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from openpyxl.comments import Comment

from tests.check.boards import SOUND, Fault, Percent

if TYPE_CHECKING:
    from openpyxl import Workbook

LATE = dt.datetime(2023, 6, 30, 12)  # noqa: DTZ001 - wall time
MARKS = SOUND["Marks"]
DEADLINES = ["module", "component", "attempt", "due_at"]
RESULTS = ["student_id", "module", "scqf_level", "credits", "mark", "outcome", "attempt"]
CIRCUMSTANCES = ["student_id", "module", "component", "attempt", "accepted", "effect"]
SCALING = ["module", "component", "basis", "endorsed", "add", "multiply"]
DECISIONS = ["student_id", "module", "decision", "reason", "decided_on"]
OTHER = ["00000009", "PS3", "Exam", 1, 50]


def fault(code: str, place: str, value: object, *found: str) -> Fault:
    """One cell spoilt; besides the code there, what else is to be found."""
    return Fault(code, at={place: value}, found=(f"{code} {place}", *found) if found else ())


def comment(book: Workbook) -> None:
    """Say something beside a mark."""
    book["Marks"]["E3"].comment = Comment("Not agreed yet.", "A marker")


def hide_row(book: Workbook) -> None:
    book["Marks"].row_dimensions[3].hidden = True


def hide_every_row(book: Workbook) -> None:
    for row in range(2, 10):
        book["Marks"].row_dimensions[row].hidden = True


def hide_column(book: Workbook) -> None:
    book["Marks"].column_dimensions["I"].hidden = True


def hide_sheet(book: Workbook) -> None:
    book["Students"].sheet_state = "hidden"


def one_piece_of_work(book: Workbook) -> None:
    sheet = book["Marks"]
    for row in range(2, 10):
        for column, value in (("A", f"{row:08}"), ("B", "PS3"), ("C", "Exam"), ("F", None)):
            sheet[f"{column}{row}"] = value


def merge(book: Workbook) -> None:
    book["Marks"].merged_cells.add("E6:E7")


CELLS = (
    Fault("table-unknown", more={"Notes": [["anything"]]}, found=("table-unknown Notes!",)),
    Fault("table-absent", without=("Students",), found=("table-absent !",)),
    Fault(
        "table-absent",
        without=("Enrolments", "Modules", "Components"),
        found=("table-absent !",) * 3 + ("weights-not-given Marks!C3",),
    ),
    Fault(
        "table-empty",
        without=("Students", "Enrolments", "Modules", "Components", "Marks"),
        more={"Marks": [MARKS[0]], "Circumstances": [CIRCUMSTANCES]},
        found=("table-empty Marks!", *("table-absent !",) * 4),
    ),
    fault("column-unknown", "Marks!N1", "room"),
    fault("column-unknown", "Modules!H1", "_bad"),
    Fault("column-twice", at={"Modules!H1": "Title", "Modules!H2": "x"}),
    Fault("column-unnamed", at={"Marks!O2": "a remark"}, found=("column-unnamed Marks!O1",)),
    fault("required-blank", "Students!C2", None),
    fault("required-blank", "Board!B4", None),
    fault("required-blank", "Modules!D3", "  "),
    fault("cell-error", "Marks!E2", "#N/A"),
    fault("cell-error", "Components!C3", "#DIV/0!"),
    fault("formula-without-value", "Marks!E2", "=50+11"),
    fault("not-a-mark", "Marks!E2", "6O"),
    fault("not-a-mark", "Marks!E2", "inf"),
    fault("not-a-mark", "Marks!E2", "1e400"),
    fault("not-a-mark", "Marks!E2", "69%"),
    fault("not-a-mark", "Marks!E2", "\uff16\uff11"),
    fault("not-a-mark", "Marks!E2", True),
    fault("not-a-mark", "Marks!M4", "64/100"),
    fault("mark-out-of-range", "Marks!E2", 100.01),
    fault("mark-out-of-range", "Marks!E2", -1),
    fault("mark-out-of-range", "Marks!E2", "107"),
    fault("mark-as-date", "Marks!E2", dt.date(2022, 5, 12)),
    fault("mark-as-date", "Marks!E2", dt.timedelta(hours=60, minutes=30)),
    fault("mark-as-date", "Marks!E2", dt.time(6, 30)),
    fault("mark-rounded", "Marks!E2", 61.005),
    fault("mark-as-percent", "Marks!E2", Percent(0.615)),
    fault("comma-decimal", "Marks!E2", "61,5"),
    fault("comma-decimal", "Components!C3", "0,4"),
    fault("number-as-text", "Marks!E2", "61.0"),
    fault("not-a-number", "Components!C3", "forty"),
    fault("not-a-number", "Marks!I3", "about 2000"),
    fault("number-rounded", "Enrolments!D2", 0.3333333),
    fault("number-out-of-range", "Marks!I3", -5),
    fault("number-out-of-range", "Modules!C3", 99),
    fault("number-out-of-range", "Modules!D3", 0),
    fault("number-out-of-range", "Components!C3", 1e9),
    fault("number-out-of-range", "Marks!D2", 0),
    fault("number-out-of-range", "Marks!D2", 1.5),
    fault("number-out-of-range", "Students!G2", 1e9),
    fault("not-a-date", "Components!E3", "31/02/2023"),
    fault("not-a-date", "Board!B3", "14 June"),
    fault("not-a-date", "Marks!G3", 44869.5),
    fault("date-day-first", "Components!E3", "04/11/2022 16:00"),
    fault("date-day-first", "Board!B3", "14/06/2023"),
    fault("date-offset", "Components!E3", "2022-11-04T16:00:00+01:00"),
    fault("not-yes-no", "Students!H2", "perhaps"),
    fault("not-allowed", "Students!C2", "bachelor"),
    fault("not-allowed", "Board!B4", "summer"),
    fault("not-allowed", "Marks!J2", "ill"),
    fault("not-allowed", "Students!D2", -4),
    fault("not-allowed", "Students!D2", "4-"),
    Fault(
        "year-unclear",
        at={"Enrolments!F1": "academic_year", "Enrolments!F2": -2022, "Enrolments!F3": "2022-23"},
        found=("year-unclear Enrolments!F2",),
    ),
    Fault("year-unclear", more={"Board": [["academic_year", "last year"]]}, found=("year-unclear Board!B5",)),
    fault("id-as-number", "Enrolments!B2", 3, "module-unknown Enrolments!B2", "not-enrolled Marks!B2"),
    fault("id-scientific", "Enrolments!A2", 4.0012e10 + 0.5, "not-enrolled Marks!B2"),
    fault("invisible-characters", "Marks!A2", "\u200b00000001"),
    fault("invisible-characters", "Marks!A2", "0000\u200f0001"),
    fault("invisible-characters", "Marks!E2", "\u00a061", "number-as-text Marks!E2"),
    Fault("hidden-cells", shape=hide_row, found=("hidden-cells Marks!A3",)),
    Fault("hidden-cells", shape=hide_column, found=("hidden-cells Marks!I1",)),
    Fault("hidden-cells", shape=hide_sheet, found=("hidden-cells Students!",)),
    Fault(
        "hidden-cells",
        shape=hide_every_row,
        found=tuple(f"hidden-cells Marks!A{row}" for row in range(2, 10)),
    ),
    Fault("comments-not-read", shape=comment, found=("comments-not-read Marks!",)),
    Fault(
        "sheet-full",
        at={"Enrolments!A65536": "00000003", "Enrolments!B65536": "PS4", "Marks!A10": "00000003"},
        more={"Marks": [["00000003", "PS4", "Exam", 1, 55]]},
        found=("sheet-full Enrolments!A65536",),
    ),
    Fault("merged-cells", shape=merge, found=("merged-cells Marks!E7",)),
    Fault("row-twice", more={"Marks": [MARKS[1]]}, found=("row-twice Marks!A10",)),
    Fault("row-twice", more={"Board": [["Diet", "MAIN"]]}, found=("row-twice Board!A5",)),
    Fault(
        "rows-differ",
        more={"Marks": [[*MARKS[1][:4], 62]]},
        found=("rows-differ Marks!A2", "rows-differ Marks!A10"),
    ),
    Fault(
        "rows-differ",
        more={"Board": [["diet", "resit"]]},
        found=("rows-differ Board!A4", "rows-differ Board!A5"),
    ),
    Fault("student-unknown", more={"Marks": [OTHER]}, found=("student-unknown Marks!A10",)),
    Fault(
        "id-zeros-lost",
        more={"Marks": [["3", "PS3", "Exam", 2, 50]]},
        found=("id-zeros-lost Marks!A10",),
    ),
    Fault(
        "id-zeros-lost",
        more={"Results": [RESULTS, [1, "PS1", 7, 20, 55, "pass", 1]]},
        found=("id-as-number Results!A2", "id-zeros-lost Results!A2"),
    ),
    Fault(
        "marks-like-ranks",
        at={f"Marks!E{row}": rank for row, rank in enumerate((3, 1, 2, 4, 4, 6, 7, 8), start=2)},
        shape=one_piece_of_work,
        without=("Students", "Components", "Enrolments", "Modules"),
        study="undergraduate",
        found=("marks-like-ranks Marks!E2", *("table-absent !",) * 4),
    ),
    Fault(
        "marks-like-shares",
        at={
            f"Marks!E{row}": share
            for row, share in enumerate((0.5, 0.65, 0, 1, 0.7, 0.4, 0.55, 0.6), start=2)
        },
        shape=one_piece_of_work,
        without=("Students", "Components", "Enrolments", "Modules"),
        study="undergraduate",
        found=("marks-like-shares Marks!E2", *("table-absent !",) * 4),
    ),
    fault("mark-under-one", "Marks!E2", 0.62),
    fault("mark-under-one", "Marks!E2", 0.01),
    fault("id-scientific", "Marks!A2", "4.0012E+07"),
    fault("mark-as-date", "Marks!E2", "05-Dec"),
    fault("mark-as-date", "Marks!E2", "2022-12-05"),
    fault("not-a-mark", "Marks!E2", "WD"),
    Fault(
        "module-unknown",
        more={"Marks": [["00000001", "PS9", "Exam", 1, 50]]},
        found=("module-unknown Marks!B10",),
    ),
    Fault(
        "module-unknown",
        more={"Decisions": [DECISIONS, ["00000001", "PS9", "extra-attempt", "ill"]]},
        found=("module-unknown Decisions!B2",),
    ),
    Fault(
        "component-unknown",
        more={"Marks": [["00000001", "PS4", "Viva", 1, 50]]},
        found=("component-unknown Marks!C10",),
    ),
    Fault(
        "not-enrolled",
        more={"Marks": [["00000003", "PS4", "Exam", 1, 50]]},
        found=("not-enrolled Marks!B10",),
    ),
    Fault(
        "not-enrolled",
        without=("Enrolments",),
        more={"Circumstances": [CIRCUMSTANCES, ["00000003", "PS4", "Exam", 1, "Y", "deferred"]]},
        found=("not-enrolled Circumstances!B2", "table-absent !"),
    ),
    fault("weights-sum", "Components!C3", 39),
    Fault("weights-zero", at={"Components!C3": 0, "Components!C4": 0}),
    Fault(
        "weights-not-given", without=("Components",), found=("table-absent !", "weights-not-given Marks!C3")
    ),
    Fault(
        "no-components",
        more={"Modules": [["PS6", "More", 10, 20]], "Enrolments": [["00000003", "PS6"]]},
        found=("no-components Modules!A5",),
    ),
    Fault(
        "scaling-unclear",
        more={"Scaling": [SCALING, ["PS4", "Exam", "hard", "Y", 2, 1.1]]},
        found=("scaling-unclear Scaling!E2",),
    ),
    Fault(
        "scaling-unclear",
        more={"Scaling": [SCALING, ["PS4", "Exam", "hard", "Y"]]},
        found=("scaling-unclear Scaling!E2",),
    ),
    Fault("board-fact-unknown", more={"Board": [["colour", "blue"]]}, found=("board-fact-unknown Board!A5",)),
    Fault("code-is-a-number", more={"Board": [["code.60", "absent"]]}, found=("code-is-a-number Board!A5",)),
    Fault("code-changed", more={"Board": [["code.AB", "deferred"]]}, found=("code-changed Board!B5",)),
    Fault(
        "ids-alike",
        more={"Students": [["ab 1", "Dee", "honours"], ["AB1", "Dee", "honours"]]},
        found=("ids-alike Students!A5",),
    ),
    Fault(
        "ids-alike",
        more={"Results": [RESULTS, ["00000003", "ps 4", 10, 20, 55, "pass", 1]]},
        found=("ids-alike Results!B2",),
    ),
    Fault(
        "result-differs-from-module",
        more={"Results": [RESULTS, ["00000003", "PS4", 9, 30, 55, "pass", 1]]},
        found=("result-differs-from-module Results!C2", "result-differs-from-module Results!D2"),
    ),
    Fault(
        "circumstances-without-work",
        more={
            "Circumstances": [
                CIRCUMSTANCES,
                ["00000003", "PS3", None, 2, "Y", "first-sit"],
                ["00000003", "PS3", "Exam", 2, "Y", "late-accepted"],
                ["00000003", "PS3", None, 4, "Y", "deferred"],
                ["00000003", "PS3", None, 5, "N", "deferred"],
                ["00000002", "PS3", None, 2, "Y", "deferred"],
                ["00000002", "PS3", None, 3, "Y", "deferred"],
            ]
        },
        found=tuple(f"circumstances-without-work Circumstances!D{row}" for row in (2, 3, 4)),
    ),
    Fault(
        "circumstances-contradict",
        more={
            "Circumstances": [
                CIRCUMSTANCES,
                ["00000003", "PS3", "Exam", 2, "Y", "deferred"],
                ["00000003", "PS3", None, 2, "Y", "first-sit"],
            ]
        },
        found=("circumstances-contradict Circumstances!F3",),
    ),
    Fault("code-unknown", more={"Board": [["code.XX", "ill"]]}, found=("code-unknown Board!B5",)),
    Fault(
        "state-contradiction",
        at={"Marks!E2": "AB", "Marks!J2": "not-submitted"},
    ),
)
"""What reading and checking find."""

BOARD = (
    fault("level-uncovered", "Modules!C3", 12, "no-feedback-period Modules!C3"),
    fault("out-of-session", "Board!B3", dt.date(2024, 6, 14)),
    fault("mark-missing", "Marks!E2", None),
    Fault(
        "mark-missing",
        at={f"Marks!{letter}9": None for letter in "ABCDE"},
        found=("mark-missing Enrolments!B7",),
    ),
    Fault("state-contradiction", at={"Marks!J2": "absent"}, found=("state-contradiction Marks!E2",)),
    Fault("mark-set-aside", at={"Marks!J2": "deferred"}, found=("mark-set-aside Marks!E2",)),
    Fault("markers-differ", at={"Marks!L2": 62}, found=("markers-differ Marks!M2",)),
    fault("mark-beside-grade", "Marks!E5", 65),
    Fault("mark-for-grade", at={"Marks!E5": 65, "Marks!F5": None}),
    fault("grade-beside-mark", "Marks!F2", "B"),
    Fault(
        "date-before-board",
        more={"Board": [["published_on", dt.date(2023, 6, 13)]]},
        found=("date-before-board Board!B5",),
    ),
    fault("registered-after-board", "Students!F2", dt.date(2023, 6, 15)),
    Fault(
        "no-feedback-period",
        at={"Modules!C3": 12},
        found=("level-uncovered Modules!C3", "no-feedback-period Modules!C3"),
    ),
    fault("not-a-grade", "Marks!F5", "Z"),
    Fault(
        "attempt-beyond-limit",
        at={"Marks!E9": 30},
        more={"Marks": [["00000003", "PS3", "Exam", attempt, 30] for attempt in (2, 3, 4)]},
        found=("attempt-beyond-limit Marks!D12",),
    ),
    Fault(
        "mark-after-pass",
        more={"Marks": [["00000003", "PS3", "Exam", 2, 60]]},
        found=("mark-after-pass Marks!D10",),
    ),
    Fault(
        "floor-not-reassessed",
        at={"Marks!E3": 20, "Marks!E4": 35},
        more={"Marks": [["00000001", "PS4", "Exam", 2, 50]]},
        found=("floor-not-reassessed Marks!C10",),
    ),
    Fault(
        "no-deadline",
        at={"Marks!E9": 30},
        more={"Marks": [["00000003", "PS3", "Exam", 2, 45, None, LATE]]},
        found=("no-deadline Marks!G10",),
    ),
    Fault(
        "scaling-not-endorsed",
        more={"Scaling": [SCALING, ["PS4", "Exam", "hard", "N", 2]]},
        found=("scaling-not-endorsed Scaling!D2",),
    ),
    Fault(
        "scaling-used",
        more={"Scaling": [SCALING, ["PS4", "Exam", "hard", "Y", None, 1.1]]},
        found=("scaling-used Scaling!C2",),
    ),
    Fault(
        "other-study",
        at={"Students!C4": "masters"},
        found=("other-study Enrolments!B7",),
    ),
    Fault(
        "outcome-not-stated",
        more={"Results": [RESULTS, ["00000003", "PS1", 7, 20, 55]]},
        found=("outcome-not-stated Results!F2",),
    ),
    Fault(
        "result-doubtful",
        more={
            "Results": [
                RESULTS,
                ["00000003", "PS4", 10, 20, 39.9, "pass", 1],
                ["00000003", "PS5", 10, 20, 39.9, "qualifying-fail", 1],
                ["00000002", "PS5", 10, 20, 45, "fail", 1],
                ["00000003", "PS6", 7, 20, 40, "pass", 1],
            ],
            "Modules": [["PS6", "Old", 7, 20]],
            "Components": [["PS6", "Exam", 100]],
        },
        found=tuple(f"result-doubtful Results!F{row}" for row in (2, 3, 4)),
    ),
    Fault(
        "result-doubtful",
        more={
            "Results": [
                RESULTS,
                ["00000003", "PS1", 7, 20, 40, "fail", 1],
                ["00000003", "PS2", 7, 20, 41, "condoned", 1],
                ["00000003", "PS0", 7, 20, 41, "qualifying-fail", 1],
                ["00000002", "PS0", 7, 20, 38, "condoned", 1],
                ["00000002", "PS2", 11, 20, 49.9, "pass", 1],
                ["00000002", "PS1", 7, 20, 39.95, "pass", 1],
            ]
        },
        found=(
            "condonement-floor-unknown Results!E2",
            *(f"result-doubtful Results!F{row}" for row in (2, 3, 6)),
        ),
    ),
    Fault(
        "result-mark-not-used",
        more={
            "Results": [
                RESULTS,
                ["00000003", "PS1", 7, 20, 55, "deferred", 1],
                ["00000003", "PS2", 7, 20, 55, "withdrawn", 1],
                ["00000002", "PS2", 7, 20, 0, "withdrawn", 1],
            ]
        },
        found=("result-mark-not-used Results!E2", "result-mark-not-used Results!E3"),
    ),
    Fault(
        "already-confirmed",
        more={"Results": [RESULTS, ["00000003", "PS3", 9, 20, 44, "pass", 1]]},
        found=("already-confirmed Marks!D9",),
    ),
    Fault(
        "confirmed-after-pass",
        more={
            "Results": [
                RESULTS,
                ["00000003", "PS1", 7, 20, 55, "pass", 1],
                ["00000003", "PS1", 7, 20, 30, "fail", 2],
            ]
        },
        found=("confirmed-after-pass Results!G3",),
    ),
    Fault(
        "first-level-alone",
        at={
            "Students!E2": "4",
            "Enrolments!B2": "PS5",
            "Enrolments!B4": None,
            "Enrolments!A4": None,
            "Enrolments!C4": None,
            "Marks!B2": "PS5",
            "Marks!C2": "Report",
            "Marks!F2": "B",
            "Marks!E2": None,
            **{f"Marks!{letter}5": None for letter in "ABCDF"},
        },
        found=("first-level-alone Students!E2",),
    ),
    Fault(
        "other-levels-left-out",
        at={"Students!E2": "4"},
        found=("first-level-alone Students!E2", "other-levels-left-out Students!E2"),
    ),
    Fault(
        "core-over-capacity",
        at={"Modules!D3": 140},
        found=("core-over-capacity Students!A2", "core-over-capacity Students!A3"),
    ),
    Fault(
        "decision-refused",
        more={
            "Decisions": [
                ["student_id", "module", "decision", "value", "reason"],
                ["00000003", "PS3", "module-mark", "101", "the whole profile"],
            ]
        },
        found=("decision-refused Decisions!D2",),
    ),
    Fault(
        "decision-stale",
        more={
            "Decisions": [
                ["student_id", "module", "decision", "value", "reason", "based_on"],
                ["00000003", "PS3", "module-mark", "60", "the whole profile", "bk1-000000000000"],
            ]
        },
        found=("decision-stale Decisions!F2",),
    ),
    Fault(
        "decision-undated",
        more={
            "Decisions": [
                ["student_id", "module", "decision", "value", "reason", "based_on"],
                ["00000003", "PS3", "module-mark", "60", "the whole profile", None],
            ]
        },
        found=("decision-undated Decisions!F2",),
    ),
    Fault(
        "decision-without-effect",
        at={"Marks!E6": 30, "Marks!J9": "deferred", "Marks!E9": None},
        more={
            "Decisions": [
                DECISIONS,
                ["00000001", "PS3", "condone", "the board said so"],
                ["00000003", "PS3", "condone", "the board said so"],
                ["00000002", "PS3", "condone", "the board said so"],
                ["00000001", "PS3", "extra-attempt", "ill"],
                ["00000002", "PS1", "extra-attempt", "ill"],
                ["00000001", "PS4", "count-prior-learning", "minute 5"],
                ["00000003", "PS1", "extra-attempt", "ill"],
            ],
            "Results": [
                RESULTS,
                ["00000002", "PS1", 7, 20, 35, "fail", 3],
                ["00000003", "PS1", 7, 20, 55, "pass", 1],
            ],
        },
        found=(
            "condoned-against-rule Enrolments!B5",
            "decision-undated Decisions!A2",
            *(f"decision-without-effect Decisions!C{row}" for row in (2, 3, 5, 7, 8)),
        ),
    ),
    Fault(
        "decision-without-effect",
        at={"Marks!E9": 30},
        more={
            "Decisions": [DECISIONS, ["00000003", "PS3", "extra-attempt", "ill"]],
            "Marks": [["00000003", "PS3", "Exam", 2, 30]],
        },
        found=("decision-undated Decisions!A2", "decision-without-effect Decisions!C2"),
    ),
    Fault(
        "decision-without-module",
        more={"Decisions": [DECISIONS, ["00000003", None, "condone", "the board said so"]]},
        found=("decision-without-module Decisions!B2",),
    ),
    Fault(
        "misconduct-pending",
        more={
            "Misconduct": [
                ["student_id", "module", "component", "offence"],
                ["00000003", "PS3", "Exam", "plagiarism"],
            ]
        },
        found=("misconduct-pending Misconduct!A2",),
    ),
    Fault(
        "misconduct-refused",
        more={
            "Misconduct": [
                ["student_id", "module", "component", "offence", "penalty"],
                ["00000003", "PS3", "Exam", "plagiarism", "plagiarism-3"],
            ]
        },
        found=("misconduct-refused Misconduct!E2",),
    ),
    Fault(
        "misconduct-class",
        more={
            "Misconduct": [
                ["student_id", "module", "component", "offence", "penalty"],
                ["00000003", "PS3", "Exam", "plagiarism", "qmu-c"],
            ]
        },
        found=("misconduct-class Misconduct!E2",),
    ),
    Fault(
        "recommendation-not-used",
        more={"Recommendations": [["module", "recommendation"], ["PS3", "more essays"]]},
        found=("recommendation-not-used Recommendations!B2",),
    ),
    Fault(
        "other-regulations",
        more={"Board": [["regulations", "other-2020"]]},
        found=("other-regulations Board!B5",),
    ),
)
"""What the regulations say of it."""
