"""Results of earlier boards that cannot be read or contradict others, and what an outcome is said to rest on."""

from __future__ import annotations

from decimal import Decimal
from importlib import resources
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import boardkit as bk
from boardkit import assessing
from tests.test_cases import frames

if TYPE_CHECKING:
    from pathlib import Path

GIVEN = {
    "modules": "module,scqf_level,credits,student_id\nM1,10,20,\nM2,10,20,S1",
    "components": "module,component,weight\nM1,Exam,1\nM2,Exam,1",
    "students": "student_id,award,programme\nS1,honours,Law\nS2,none,",
    "marks": "student_id,module,component,attempt,mark\nS2,M1,Exam,1,60",
}
ENROLLED = "student_id,module,prior_learning,withdrawn_at,status\nS2,M1,,,\n"
RESULTS = "student_id,module,scqf_level,credits,mark,outcome,attempt,prior_learning\n"


def board(regulations: str | Path = "qmu-2022", without: str = "", **tables: str) -> bk.BoardResult:
    given = {**GIVEN, "enrolments": f"{ENROLLED}S1,M1,,,", **tables}
    given.pop(without, None)
    return bk.assess(bk.read(frames({"tables": given})), regulations)


def of_s1(made: bk.BoardResult, table: str, **where: str) -> dict[str, Any]:
    rows = made.polars[table].filter(student_id="S1", **where)
    assert rows.height == 1, rows
    return rows.row(0, named=True)


UNREADABLE = {
    "an attempt": "S1,M1,10,20,30,fail,x,",
    "an attempt beside a pass": "S1,M1,10,20,50,pass,1,\nS1,M1,10,20,30,fail,x,",
    "an outcome": "S1,M1,10,20,30,defered,1,",
    "two that differ": "S1,M1,10,20,50,pass,1,\nS1,M1,10,20,30,fail,1,",
}


@pytest.mark.parametrize("rows", UNREADABLE.values(), ids=list(UNREADABLE))
@pytest.mark.parametrize("later", ["", "\nS1,M1,Exam,2,60"], ids=["alone", "with a later mark"])
def test_a_result_that_cannot_be_read_leaves_the_module_incomplete(rows: str, later: str) -> None:
    made = board(marks=GIVEN["marks"] + later, results=RESULTS + rows)
    module = of_s1(made, "modules")
    assert (module["outcome"], module["mark"]) == ("incomplete", None)
    assert of_s1(made, "awards")["classification"] is None
    assert made.severities["error"]


RESTS = {
    "prior learning that an earlier board failed": (
        "S1,M1,Y,,",
        "S1,M1,10,20,30,fail,1,",
        "pass",
        "prior-learning",
    ),
    "prior learning that is carried": ("", "S1,M1,10,20,30,fail,1,Y", "pass", "prior-learning"),
    "a confirmed fail": ("S1,M1,,,", "S1,M1,10,20,30,fail,1,", "fail", "confirmed"),
    "withdrawn, and cannot be read": ("S1,M1,,0.1,zzz", "", "incomplete", "unreadable"),
    "prior learning, and cannot be read": ("S1,M1,Y,,zzz", "", "incomplete", "unreadable"),
}


@pytest.mark.parametrize(("enrolled", "result", "outcome", "rule"), RESTS.values(), ids=list(RESTS))
def test_the_trace_names_what_made_the_outcome(enrolled: str, result: str, outcome: str, rule: str) -> None:
    made = board(enrolments=ENROLLED + enrolled, results=RESULTS + result)
    assert of_s1(made, "modules")["outcome"] == outcome
    assert of_s1(made, "trace", stage="module")["rule"] == rule


@pytest.mark.parametrize("enrolled", ["S1,M1,,,", ""], ids=["enrolled", "carried"])
@pytest.mark.parametrize(("own", "outcome"), [("pass_mark = 50", "fail"), ("attempts = 2", "pass")])
def test_a_result_with_no_outcome_is_judged_by_the_programmes_pass_mark(
    enrolled: str, own: str, outcome: str, tmp_path: Path
) -> None:
    shipped = resources.files("boardkit.regulations") / "packs" / "qmu-2022.toml"
    entry = f'\n[[programmes]]\nprogramme = "Law"\nreference = "Law handbook"\n{own}\n'
    (tmp_path / "law.toml").write_text(shipped.read_text("utf-8") + entry, "utf-8")
    made = board(
        tmp_path / "law.toml", enrolments=ENROLLED + enrolled, results=f"{RESULTS}S1,M1,10,20,45,,1,"
    )
    assert of_s1(made, "modules")["outcome"] == outcome


def test_an_unknown_column_called_student_id_is_only_carried(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = board(results=f"{RESULTS}S1,M2,10,20,45,pass,1,")
    monkeypatch.setattr(assessing, "PART", 1)
    apart = board(results=f"{RESULTS}S1,M2,10,20,45,pass,1,")
    for table in ("components", "modules", "awards"):
        assert apart.polars[table].equals(whole.polars[table])


def test_choices_are_handed_back_as_text() -> None:
    made = board(
        marks="student_id,module,component,attempt,mark,state\nS2,M1,Exam,1,AB,\nS1,M1,Exam,1,,absent"
    )
    marks = made.cohort.polars.marks
    assert marks.schema["state"] == pl.String
    assert marks["state"].to_list() == ["absent", "absent"]
    assert list(made.cohort.pandas.students.groupby("award", observed=False).size().index) == [
        "honours",
        "none",
    ]


NO_LEVEL = {
    "a module's level": {"modules": "module,scqf_level,credits\nM1,SCQF 10,20\nM2,10,20"},
    "a result's level": {"results": f"{RESULTS}S1,OLD,ten,20,45,pass,1,"},
    "two results that differ": {"results": f"{RESULTS}S1,OLD,10,20,45,pass,1,\nS1,OLD,10,20,55,pass,1,"},
    "a module's credits": {"modules": "module,scqf_level,credits\nM1,10,2O\nM2,10,20"},
}


@pytest.mark.parametrize("tables", NO_LEVEL.values(), ids=list(NO_LEVEL))
def test_no_average_without_what_cannot_be_read(tables: dict[str, str]) -> None:
    """A module whose level or credit is unknown may be one that counts (W3): nothing is averaged, and it is told."""
    marks = GIVEN["marks"] + "\nS1,M1,Exam,1,62\nS1,M2,Exam,1,62"
    sound = board(marks=marks, enrolments=f"{ENROLLED}S1,M1,,,\nS1,M2,,,")
    assert of_s1(sound, "awards")["classification"] == "upper-second"
    made = board(marks=marks, enrolments=f"{ENROLLED}S1,M1,,,\nS1,M2,,,", **tables)
    award = of_s1(made, "awards")
    assert (award["average"], award["classification"], award["basis"]) == (None, None, "none")
    module = "OLD" if "results" in tables else "M1"
    assert award["reason"].startswith(f"Waits for {module} incomplete.")
    page = str(made.explain("S1"))
    assert f"{module} is incomplete" in page
    assert "Not known" in page


@pytest.mark.parametrize("enrolled", ["S1,M1,,,", ""], ids=["enrolled", "carried"])
def test_a_result_against_its_own_mark_stands_and_is_told_of(enrolled: str) -> None:
    made = board(enrolments=f"{ENROLLED}{enrolled}", results=f"{RESULTS}S1,M1,10,20,35,pass,1,")
    found = of_s1(made, "modules", module="M1")
    assert (found["outcome"], str(found["mark"]), found["credits_awarded"]) == ("pass", "35.0", 20)
    assert "result-doubtful" in made.polars.problems["code"].to_list()


DROPPED = {
    "enrolled": ({"enrolments": f"{ENROLLED}S1,M1,,,\nS1,m 9,,,"}, "m 9"),
    "enrolled, and held before": (
        {"enrolments": f"{ENROLLED}S1,M1,,,\nS1,M9,,,", "results": f"{RESULTS}S1,M9,10,20,55,pass,1,"},
        "M9",
    ),
    "marked, with no enrolments": (
        {"without": "enrolments", "marks": GIVEN["marks"] + "\nS1,M9,Exam,1,62"},
        "M9",
    ),
    "enrolled on a blank": ({"enrolments": f"{ENROLLED}S1,M1,,,\nS1,,,,"}, "?"),
    "a result of a blank": ({"results": f"{RESULTS}S1,,10,20,55,pass,1,"}, "?"),
}


@pytest.mark.parametrize(("tables", "module"), DROPPED.values(), ids=list(DROPPED))
@pytest.mark.parametrize("award", ["honours", "integrated-masters"])
def test_an_enrolment_on_an_unknown_module_is_not_forgotten(
    tables: dict[str, str], module: str, award: str
) -> None:
    students = GIVEN["students"].replace("honours", award)
    marks = tables.get("marks", GIVEN["marks"]) + "\nS1,M1,Exam,1,62"
    made = board(**{**tables, "students": students, "marks": marks})
    row = of_s1(made, "awards")
    assert (row["average"], row["classification"], row["basis"]) == (None, None, "none")
    told = f"Waits for {module} incomplete." if award == "honours" else f"Nothing is known of {module}."
    assert told in row["reason"]
    assert of_s1(made, "modules", module=module)["outcome"] == "incomplete"
    page = " ".join(str(made.explain("S1")).split())
    assert "is not in the modules table" in page or "module is blank" in page
    if module == "M9" and "results" in tables:
        assert made.cohort.polars.results["mark"].to_list() == [Decimal(55)]


def test_why_a_mark_cannot_be_decided() -> None:
    """A row that cannot be read, and a level with no pass mark, are two things, and each is said by itself."""
    made = bk.assess(
        bk.read(
            frames(
                {
                    "tables": {
                        "students": "student_id,award\nS1,none\nS2,none",
                        "modules": "module,scqf_level,credits\nA,10,20",
                        "marks": "student_id,module,component,mark\nS1,A,Exam,60\nS2,A,Exam,60",
                        "results": (
                            "student_id,module,scqf_level,credits,mark,outcome\nS1,X,6,20,50,pass\nS2,Y,zz,20,50,pass"
                        ),
                        "decisions": (
                            "student_id,module,decision,value,reason\nS1,X,module-mark,50,x\nS2,Y,module-mark,50,x"
                        ),
                    }
                }
            )
        ),
        "qmu-2022",
    )
    refused = made.polars.problems.filter(pl.col("code") == "decision-refused")["message"]
    assert [message.partition("; it was")[0] for message in refused] == [
        "X, S1: the decision module-mark is about a module that no pass mark is known for",
        "Y, S2: the decision module-mark is about a module of which a row cannot be read",
    ]
