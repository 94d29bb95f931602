"""The tariff: every cell of tables 1 to 4 and 6, what goes elsewhere, what is missing, and what may not stand.

The cells stand in cells.csv, written by hand from Annex 1.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

import boardkit as bk
from boardkit.errors import CallError, PackError
from boardkit.tariffs import hold
from boardkit.tariffs.reports import procedure
from tests.misconduct.cases import TARIFF, frame, held

CELLS = list(csv.DictReader((Path(__file__).parent / "cells.csv").read_text("utf-8").splitlines()))
ASKED = ("offence", "year", "intent", "repeated", "finalist")


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: " ".join(cell[name] for name in ("table", *ASKED)))
def test_cell(cell: dict[str, str]) -> None:
    got = held(**{name: cell[name] for name in ASKED})
    names = ("table", "default_penalty", "moderated_penalty")
    assert {name: got[name] for name in names} == {name: cell[name] or None for name in names}


def test_all_cells_at_once_in_the_order_they_were_given() -> None:
    made = bk.tariff(frame(*({name: cell[name] for name in ASKED} for cell in CELLS)), TARIFF)
    assert made["default_penalty"].to_list() == [cell["default_penalty"] or None for cell in CELLS]


def test_impersonation_with_no_intent_has_no_penalty() -> None:
    got = held(offence="impersonation", intent="N")
    assert "no penalty for impersonation with no intent to deceive" in got["warning"]
    decided = held(offence="impersonation", intent="N", penalty="examination-1")
    assert decided["effect"] == "Not applied."
    assert decided["warning"].count("no penalty for impersonation with no intent to deceive") == 1
    assert "Not applied: It has no penalty here: the table has no penalty" in decided["warning"]


def test_minor_offence_has_no_default() -> None:
    got = held(major="N")
    assert (got["table"], got["default_penalty"]) == (None, None)
    assert "(Misconduct 9 a, Misconduct 10)" in got["warning"]
    assert got["effect"].startswith("Pending: for the Board of Examiners")


@pytest.mark.parametrize(
    ("change", "clause", "says"),
    [
        ({"repeated": "Y"}, "Misconduct 9 a, Misconduct 12", "a second occurrence is not minor"),
        ({"admitted": "N"}, "Misconduct 12", "what the student does not admit is not minor"),
    ],
    ids=["repeated", "not admitted"],
)
def test_what_is_not_minor_goes_to_the_academic_registrar(
    change: dict[str, str], clause: str, says: str
) -> None:
    got = held(major="N", **change)
    assert got["default_penalty"] is None
    assert f"investigating officer ({clause})." in got["warning"]
    decided = held(major="N", penalty="plagiarism-2", **change)
    assert decided["effect"] == "Not applied."
    assert f"Not applied: It has no penalty here: {says}" in decided["warning"]


@pytest.mark.parametrize(
    "change",
    [
        {"major": "N", "repeated": "Y"},
        {"major": "N", "admitted": "N"},
        *({"year": year, "finalist": "Y"} for year in ("1", "2", "3", "pgt")),
        {"year": "3", "intent": "N", "repeated": "Y", "finalist": "N"},
        {"year": "3", "intent": "N", "repeated": "Y", "finalist": "Y"},
    ],
    ids=str,
)
def test_what_is_referred_back_as_minor_stands_and_is_told(change: dict[str, str]) -> None:
    assert held(**change)["effect"].startswith("Pending")
    got = held(penalty="minor-d", **change)
    assert got["effect"] == (
        "Informal reprimand, a mark of zero for the assessment (Misconduct 10 d). Recorded in the departmental file, "
        "where an offence was found, and the Registry, where an investigating officer decided "
        "(Misconduct 12, Misconduct 16)."
    )
    assert "minor-d: this stands where the investigating officer has left the offence" in got["warning"]
    assert "(Misconduct 12, Misconduct 15 b)." in got["warning"]
    assert "was decided, where the tariff has" not in got["warning"]


def test_examination_offence_and_research_are_not_referred_back() -> None:
    for change in ({"offence": "cheating"}, {"year": "research"}):
        assert held(penalty="minor-d", **change)["effect"] == "Not applied."


def test_minor_offence_that_stays_one_is_not_said_to_be_referred_back() -> None:
    assert "referred it back" not in held(major="N", penalty="minor-d")["warning"]


@pytest.mark.parametrize(
    ("change", "file"),
    [
        ({"offence": "cheating", "penalty": "minor-b"}, "the Registry, as a report of the decision"),
        ({"offence": "cheating", "penalty": "minor-a"}, "the Registry, as a report of the decision"),
        ({"penalty": "minor-b"}, "the departmental file"),
        ({"penalty": "minor-a"}, None),
    ],
    ids=str,
)
def test_where_a_minor_offence_is_recorded(tmp_path: Path, change: dict[str, str], file: str | None) -> None:
    got = held(major="N", **change)
    assert ("Recorded in" in got["effect"]) == (file is not None)
    frame({"major": "N", **change}).write_csv(tmp_path / "misconduct.csv")
    book = hold(tmp_path / "misconduct.csv", TARIFF)
    steps = dict(procedure(book.rows, book.tariff.rules).select("step", "value").iter_rows())
    assert steps.get("recorded in") == file
    assert file is None or f"Recorded in {file} (Misconduct" in got["effect"]


@pytest.mark.parametrize(
    ("offence", "clause"), [("plagiarism", "Misconduct 17, "), ("cheating", "Misconduct 5, ")]
)
def test_research_degrees_are_not_in_the_tables(offence: str, clause: str) -> None:
    got = held(offence=offence, year="research")
    assert (got["table"], got["default_penalty"]) == (None, None)
    assert f"({clause}" in got["warning"]
    refused = held(offence=offence, year="research", penalty="plagiarism-6")
    assert refused["effect"] == "Not applied."
    assert "No penalty of these" not in refused["warning"]
    assert refused["warning"].count(f"({clause}") == 1


def test_a_research_degree_goes_to_the_panel_in_the_routes_own_words() -> None:
    told = held(year="research", penalty="plagiarism-6")["warning"].split("Not applied: ")[1]
    assert told.startswith("It has no penalty here: plagiarism in a research degree goes to the Panel of ")
    assert "the tariff's penalties are not for it (Misconduct 17, Misconduct 18, Misconduct 19" in told


def test_plagiarism_is_held_against_the_tables_unless_it_is_stated_minor() -> None:
    assert held(major=None)["default_penalty"] == held(major="Y")["default_penalty"]
    assert held(major="N")["default_penalty"] is None


def test_what_was_decided_is_applied_though_the_tariff_cannot_be_looked_up() -> None:
    got = held(penalty="plagiarism-3", intent=None)
    assert got["effect"].startswith("Formal reprimand, zero for all assessments")
    assert got["warning"].startswith(
        "Not stated: intent. The tariff is not guessed at. What was decided could not"
    )


def problems_of(path: Path, *changes: dict[str, str | None]) -> list[tuple[str, str]]:
    frame(*changes).write_csv(path / "misconduct.csv")
    found = hold(path / "misconduct.csv", TARIFF).problems
    return list(found.select("code", "message").iter_rows())


@pytest.mark.parametrize(
    ("penalty", "told"),
    [
        (None, "Nothing is applied until it is stated and decided."),
        ("plagiarism-3", "What was decided could not be held against it, and is applied."),
        ("none", "The tariff is not guessed at."),
        ("examination-3", "The tariff is not guessed at."),
    ],
)
def test_problem_says_what_becomes_of_a_penalty_where_something_is_not_stated(
    tmp_path: Path, penalty: str | None, told: str
) -> None:
    found = dict(problems_of(tmp_path, {"penalty": penalty, "intent": None}))
    assert found["misconduct-not-stated"].startswith("00000001, plagiarism: not stated: intent. ")
    assert found["misconduct-not-stated"].endswith(f"{told} Enter it.")
    assert told in held(penalty=penalty, intent=None)["warning"]


def test_examination_offence_is_held_against_the_table_unless_it_is_stated_minor() -> None:
    assert held(offence="cheating", major=None)["default_penalty"] == "examination-3"
    minor = held(offence="cheating", major="N")
    assert minor["default_penalty"] is None
    assert "(Misconduct 24)" in minor["warning"]


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"intent": None}, "intent"),
        ({"repeated": None, "intent": None, "year": None}, "year, intent, repeated, finalist"),
        ({"year": "3", "finalist": None}, "finalist"),
        ({"major": "N", "admitted": None}, "admitted"),
        ({"major": "N", "repeated": None, "admitted": None}, "admitted, repeated"),
        ({"offence": "cheating", "intent": None, "repeated": None}, "intent, repeated"),
        ({"offence": "impersonation", "repeated": None}, "repeated"),
    ],
    ids=str,
)
def test_what_is_not_stated_is_named_at_once_and_nothing_is_guessed(
    change: dict[str, str | None], missing: str
) -> None:
    full = {"finalist": None, **change} if "year, " in missing else change
    got = held(**full)
    assert got["default_penalty"] is None
    assert f"Not stated: {missing}." in got["warning"]


@pytest.mark.parametrize(
    "change",
    [
        {"year": "3", "finalist": None, "intent": "Y", "repeated": "Y"},
        {"year": "3", "finalist": None, "intent": "N", "repeated": "N"},
        {"year": "1", "finalist": None},
        {"year": "research", "major": None, "intent": None},
        {"offence": "impersonation", "intent": "N", "repeated": None},
        {"admitted": None},
        {"academic_year": None, "department": None, "module": None, "component": None},
        {"major": "N", "year": None, "intent": None, "finalist": None},
    ],
    ids=str,
)
def test_what_nothing_depends_on_is_not_asked_for(change: dict[str, str | None]) -> None:
    assert "Not stated" not in (held(**change)["warning"] or "")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"penalty": "plagiarism-9"}, '"plagiarism-9" is no penalty for this offence'),
        ({"penalty": "examination-2"}, '"examination-2" is no penalty for this offence'),
        ({"offence": "cheating", "penalty": "minor-d"}, '"minor-d" is no penalty for this offence'),
        (
            {"major": "N", "penalty": "plagiarism-2"},
            "Those there are: minor-a, minor-b, minor-c, minor-d, none.",
        ),
        (
            {"penalty": "plagiarism-2"},
            "A moderated penalty needs a reason, and none is stated (Misconduct 15 c).",
        ),
        (
            {"penalty": "plagiarism-2", "moderated": "Y", "reason": " "},
            "A moderated penalty needs a reason",
        ),
        (
            {"year": "2", "penalty": "plagiarism-3", "moderated": "Y"},
            "A moderated penalty needs a reason",
        ),
        ({"repeated": "Y", "penalty": "plagiarism-4"}, "bar_until is blank (Misconduct 15 c (4))."),
        (
            {"repeated": "Y", "penalty": "plagiarism-4", "bar_until": "2026-01-01"},
            "may last 2 years at most, and bar_until is later (Misconduct 15 c (4)).",
        ),
        (
            {"year": "4", "finalist": "Y", "intent": "N", "repeated": "Y", "penalty": "plagiarism-5"},
            "bar_until is blank (Misconduct 15 c (5)).",
        ),
        ({"major": "N", "penalty": "minor-c"}, "mark does not say to what (Misconduct 10 c)."),
        ({"penalty": "examination-3", "intent": None}, '"examination-3" is no penalty for this offence.'),
        (
            {"major": "N", "admitted": None, "penalty": "plagiarism-6"},
            '"plagiarism-6" is no penalty for this offence.',
        ),
        (
            {"penalty": "plagiarism-2", "moderated": "Y", "intent": None},
            "A moderated penalty needs a reason, and none is stated (Misconduct 15 c).",
        ),
        ({"penalty": "plagiarism-3", "mark": "6O"}, "A cell of the row cannot be read."),
    ],
    ids=lambda value: str(value)[:50],
)
def test_decided_penalty_that_may_not_stand(change: dict[str, str | None], told: str) -> None:
    got = held(**change)
    assert got["effect"] == "Not applied."
    assert told in got["warning"].split("Not applied: ")[1]


@pytest.mark.parametrize(
    "change",
    [
        {"penalty": "plagiarism-3"},
        {"penalty": "plagiarism-3", "moderated": "N"},
        {"penalty": "Plagiarism 3 "},
        {"penalty": "plagiarism-2", "moderated": "Y", "reason": "A first draft was handed in by mistake."},
        {"penalty": "plagiarism-2", "reason": "A first draft was handed in by mistake."},
        {"repeated": "Y", "penalty": "plagiarism-4", "bar_until": "2025-12-31"},
        {"major": "N", "penalty": "minor-d"},
        {"major": "N", "penalty": "minor-a"},
        {"offence": "impersonation", "penalty": "examination-3"},
        {"year": "4", "intent": "Y", "penalty": "plagiarism-6"},
    ],
    ids=str,
)
def test_decided_penalty_that_stands(change: dict[str, str]) -> None:
    got = held(**change)
    assert got["effect"].startswith(("Formal reprimand", "Informal reprimand", "No case to answer"))
    assert ("Recorded in the" in got["effect"]) == (change["penalty"] != "minor-a")
    assert [part for part in (got["warning"] or "").split(". ") if "No default" not in part and part] == []


def test_penalty_that_is_written_otherwise_is_given_as_the_pack_writes_it() -> None:
    assert held(penalty=" Plagiarism_3")["penalty"] == "plagiarism-3"


def test_offence_that_is_not_proven_has_no_penalty() -> None:
    assert held(penalty="none")["effect"] == "No penalty."
    assert held(penalty="none", intent=None)["effect"] == "No penalty."


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"penalty": "plagiarism-6"},
            "plagiarism-6 was decided, where the tariff has plagiarism-3 or plagiarism-2",
        ),
        (
            {"year": "3", "intent": "N", "repeated": "Y", "penalty": "plagiarism-1"},
            "plagiarism-1 was decided, where the tariff has plagiarism-4 (Misconduct annex 1 table 3).",
        ),
        (
            {"penalty": "plagiarism-3", "moderated": "Y"},
            "moderated says Y, and the default penalty was decided.",
        ),
        (
            {"penalty": "plagiarism-2", "moderated": "N", "reason": "youth"},
            "moderated says N, and the moderated penalty was decided.",
        ),
        (
            {"offence": "impersonation", "penalty": "examination-3", "moderated": "Y"},
            "moderated says Y, and the tariff has no moderated penalty here",
        ),
        (
            {"year": "pgt", "intent": "N", "repeated": "Y", "finalist": "N"},
            "plagiarism-5 is for finalists, and this student is no finalist (Misconduct 15 c (5)).",
        ),
        (
            {"year": "pgt", "intent": "N", "repeated": "Y", "finalist": None},
            "plagiarism-5 is for finalists, and finalist is not stated",
        ),
        (
            {"repeated": "Y", "finalist": "Y"},
            "plagiarism-4 is for students who are no finalists, and this student is one",
        ),
        (
            {"offence": "cheating", "intent": "N", "penalty": "examination-1"},
            "examination-1 leaves the student better off than not submitting (Misconduct 64).",
        ),
        ({"major": "N", "penalty": "minor-b"}, "minor-b leaves the student better off than not submitting"),
        (
            {"major": "N", "penalty": "minor-c", "mark": "35"},
            "minor-c leaves the student better off than not submitting",
        ),
        (
            {"repeated": "Y", "penalty": "plagiarism-4", "bar_until": "2025-01-01", "academic_year": None},
            "the 2 years of plagiarism-4 are counted is not known",
        ),
        (
            {
                "year": "pgt",
                "intent": "N",
                "repeated": "Y",
                "finalist": "Y",
                "penalty": "plagiarism-5",
                "bar_until": "2027-01-01",
            },
            "may be 2 years after completion at most",
        ),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_hardly_fits_is_warned_of(change: dict[str, str | None], told: str) -> None:
    assert told in held(**change)["warning"]


FIRST = "repeated says N, and so does another offence of the student's in the table."


@pytest.mark.parametrize(
    ("changes", "doubted"),
    [
        (({}, {"module": "PS2"}), [True, True]),
        (({}, {"module": "PS2", "repeated": "Y"}), [False, False]),
        (({}, {"module": "PS2", "repeated": None}), [False, False]),
        (({}, {"module": "PS2", "student_id": "00000002"}), [False, False]),
        (({}, {"module": "PS2", "penalty": "none"}), [False, False]),
        (({"intent": None}, {"module": "PS2"}, {"module": "PS3", "repeated": "Y"}), [True, True, False]),
        (({}, {}), [False, False]),
        (({}, {}, {"module": "PS2"}), [True, True, True]),
        (({"student_id": None}, {"student_id": None, "module": "PS2"}), [False, False]),
    ],
    ids=str,
)
def test_several_first_offences_of_a_student_are_doubted(
    tmp_path: Path, changes: tuple[dict[str, str | None], ...], doubted: list[bool]
) -> None:
    warnings = bk.tariff(frame(*changes), TARIFF)["warning"]
    assert [FIRST in (warning or "") for warning in warnings] == doubted
    codes = [code for code, _ in problems_of(tmp_path, *changes)]
    assert codes.count("misconduct-doubtful") == sum(doubted)


def test_an_offence_that_stands_twice_is_told_of_and_used(tmp_path: Path) -> None:
    told = problems_of(tmp_path, {}, {}, {"module": "PS2", "repeated": "Y"})
    assert [message for code, message in told if code == "misconduct-twice"] == [
        "00000001, plagiarism: the row stands twice, and each is taken for an offence. Delete one where it is one offence."
    ]
    assert bk.tariff(frame({}, {}), TARIFF).height == 2


def test_penalty_that_reduces_a_mark_to_nothing_is_no_lighter_than_not_submitting() -> None:
    for change in ({"penalty": "minor-c", "mark": "0"}, {"penalty": "minor-d"}, {"penalty": "minor-a"}):
        assert "better off" not in held(major="N", **change)["warning"]


def test_pandas_comes_back_as_pandas() -> None:
    made = bk.tariff(frame({"mark": "35"}).to_pandas(), TARIFF)
    assert isinstance(made, pd.DataFrame)
    assert made.loc[0, "default_penalty"] == "plagiarism-3"
    assert isinstance(bk.tariff(frame({}), TARIFF), pl.DataFrame)


def test_no_row_is_lost() -> None:
    made = bk.tariff(frame({"student_id": None}, {"offence": "arson"}, {"student_id": "1E+5"}, {}), TARIFF)
    assert made.height == 4
    assert "student_id is blank" in made["warning"][0]
    assert "arson" in made["warning"][1]
    assert "1E+5" in made["warning"][2]
    assert made["warning"][3] is None


def test_calls_that_cannot_be_answered_are_refused() -> None:
    with pytest.raises(CallError, match="has no column offence"):
        bk.tariff(frame({}).drop("offence"), TARIFF)
    with pytest.raises(CallError, match="not a frame but int"):
        bk.tariff(5, TARIFF)
    with pytest.raises(PackError, match="no regulations are called"):
        bk.tariff(frame({}), "oxford-2022")


def test_a_university_with_no_tariff_has_penalties_to_choose_from() -> None:
    made = bk.tariff(frame({}, {"penalty": "qmu-a"}, {"penalty": "plagiarism-3"}), "qmu-2022")
    assert made["default_penalty"].null_count() == 3
    assert made["warning"][0] == (
        "No default penalty: no tariff is stated: the panel recommends a penalty, and the board decides "
        "(21.4, Discipline 7.4)."
    )
    assert made["effect"][1].startswith("Lower marks or none for the assessment (Discipline 7.4 a).")
    assert made["effect"][2] == "Not applied."
