"""What a decision was based on: its digest fits until what lies beneath it changes, on every machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import boardkit as bk
from boardkit.based_on import board_digest, progress_digests
from boardkit.deciding.make import Asked, make
from boardkit.regulations import Pack, parse
from boardkit.regulations.identity import identity
from boardkit.report.content.settle import STALE, settle
from tests.deciding.boards import TABLES, board, frames
from tests.regulations.leaves import TEXT, as_toml, changed

if TYPE_CHECKING:
    from boardkit.board import BoardResult

DECIDED = {
    "condone": Asked("00000002", "condone", "the profile", module="A"),
    "module-mark": Asked("00000002", "module-mark", "the profile", module="A", value="45"),
    "bar-reassessment": Asked("00000002", "bar-reassessment", "the profile", module="A"),
    "count-prior-learning": Asked("00000002", "count-prior-learning", "the profile", module="A"),
    "extra-attempt": Asked("00000004", "extra-attempt", "the profile", module="A"),
    "classification": Asked("00000001", "classification", "the profile", value="first"),
    "progression": Asked("00000002", "progression", "the profile", value="withdraw"),
}


def with_rows(rows: tuple[dict[str, str | None], ...], pack: Any = "qmu-2022", **tables: str) -> BoardResult:
    """Assess the tables with decisions as they were recorded."""
    table = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String))
    return bk.assess(bk.read({**frames(**tables), "decisions": table}), pack)


def stale(assessed: BoardResult) -> list[str]:
    found = assessed.polars.problems.filter(pl.col("code") == "decision-stale")
    assert set(found["severity"]) <= {"warning"}
    return found["message"].to_list()


@pytest.mark.parametrize("asked", DECIDED.values(), ids=DECIDED)
def test_a_decision_fits_what_it_was_made_on(asked: Asked) -> None:
    made = make(board(), [asked])
    assert stale(made.after) == []
    assert stale(with_rows(made.rows)) == []
    assert (made.rows[0]["based_on"] or "").startswith("bk1-")


SPOILT = {
    "condone": ("00000002,A,Work,1,38.00", "00000002,A,Work,1,37.90"),
    "module-mark": ("00000002,A,Work,1,38.00", "00000002,A,Work,1,37.90"),
    "bar-reassessment": ("00000002,A,Work,1,38.00", "00000002,A,Work,1,38.00\n00000002,A,Work,2,38.00"),
    "count-prior-learning": ("00000002,A,Work,1,38.00", "00000002,A,Work,1,40.00"),
    "extra-attempt": ("00000004,A,Work,3,30.00", "00000004,A,Work,3,31.00"),
    "classification": ("00000001,H,Work,1,69.00", "00000001,H,Work,1,69.20"),
    "progression": ("00000002,B,Work,1,60.00", "00000002,B,Work,1,20.00"),
}


@pytest.mark.parametrize("kind", DECIDED)
def test_a_decision_is_flagged_when_what_lies_beneath_has_changed_and_stands(kind: str) -> None:
    made = make(board(), [DECIDED[kind]])
    later = with_rows(made.rows, marks=TABLES["marks"].replace(*SPOILT[kind]))
    (told,) = stale(later)
    assert "stands, and what it was based on has changed since" in told
    assert later.decisions["stands"].all()
    listed = settle(later).rows
    assert listed["kind"][0] == STALE
    assert listed.filter(kind=STALE).height == 1


@pytest.mark.parametrize("kind", DECIDED)
def test_what_lies_elsewhere_does_not_matter(kind: str) -> None:
    made = make(board(), [DECIDED[kind]])
    elsewhere = TABLES["marks"].replace("00000003,B,Work,1,60.00", "00000003,B,Work,1,20.00")
    assert stale(with_rows(made.rows, marks=elsewhere)) == []


def test_a_further_attempt_that_was_allowed_is_no_change_beneath_its_decision() -> None:
    made = make(board(), [DECIDED["extra-attempt"]])
    later = with_rows(made.rows, marks=TABLES["marks"] + "00000004,A,Work,4,55.00\n")
    assert later.polars.modules.filter(student_id="00000004")["outcome"].item() == "pass"
    assert stale(later) == []


def test_a_decision_beneath_another_one_counts_as_a_change() -> None:
    first = make(board(), [DECIDED["classification"]])
    marked = first.after.decide("00000001", "module-mark", module="H", value="75", reason="the profile")
    assert len(stale(marked)) == 1


def test_a_row_copied_to_another_student_is_flagged() -> None:
    made = make(board(), [DECIDED["progression"]])
    moved = {**made.rows[0], "student_id": "00000003"}
    assert len(stale(with_rows((moved,)))) == 1


def test_decisions_without_a_digest_are_told_of_once() -> None:
    made = make(board(), [DECIDED["condone"], DECIDED["classification"]])
    bare = tuple({**row, "based_on": None} for row in made.rows)
    found = with_rows(bare).polars.problems.filter(pl.col("code") == "decision-undated")
    assert found["message"].to_list() == [
        (
            "2 recorded decisions that stand do not say what they were based on; a later change is not seen. "
            "Record decisions with boardkit decide, which writes it."
        )
    ]


def test_other_rules_are_another_ground_and_comments_are_not() -> None:
    made = make(board(), [DECIDED["condone"]])
    commented = Pack(parse("qmu-2022.toml", f"# another comment\n{TEXT}"), "qmu-2022.toml", "")
    assert stale(with_rows(made.rows, commented)) == []
    for change in ({("condonement", "mark", "value"): 36}, {("condonement", "mark", "clause"): "17.5"}):
        other = Pack(parse("changed.toml", as_toml(changed(change))), "changed.toml", "")
        assert len(stale(with_rows(made.rows, other))) == 1


ELSEWHERE = {
    "a cause for concern": {("concern", "fails", "value"): 2},
    "a day for feedback": {("dates", "appeals", "within", "value"): 20},
    "a registration period": {("registration", "most", "value"): 9},
    "how a transcript is written": {("transcript", "language", "value"): "Scots"},
    "what debt holds up": {("progression", "debt", "blocks"): ["award"]},
    "the title": {("pack", "title"): "Other words"},
    "a reading's words": {("readings", "A1"): "Other words."},
    "another award's boundary": {("awards", "masters", "classes", 0, "at"): 71},
    "another programme's pass mark": {
        ("programmes",): [{"programme": "Other", "reference": "its specification", "pass_mark": 45}]
    },
}


@pytest.mark.parametrize("kind", DECIDED)
@pytest.mark.parametrize("change", ELSEWHERE.values(), ids=ELSEWHERE)
def test_rules_that_did_not_decide_it_do_not_matter(kind: str, change: dict) -> None:
    made = make(board(), [DECIDED[kind]])
    other = Pack(parse("changed.toml", as_toml(changed(change))), "changed.toml", "")
    assert stale(with_rows(made.rows, other)) == []


RULES = {
    "classification": {("awards", "honours", "classes", 0, "at"): 71},
    "progression": {("progression", "steps", 8, "credits_from"): 81},
    "condone": {("condonement", "failed_credits", "value"): 21},
    "module-mark": {("studies", "undergraduate", "pass_mark", "value"): 41},
    "bar-reassessment": {("rounding", "module", "places"): 2},
    "count-prior-learning": {("averages", "exchange_counts", "value"): True},
    "extra-attempt": {("studies", "undergraduate", "attempts", "value"): 2},
}


@pytest.mark.parametrize("kind", DECIDED)
def test_rules_that_decided_it_matter(kind: str) -> None:
    made = make(board(), [DECIDED[kind]])
    other = Pack(parse("changed.toml", as_toml(changed(RULES[kind]))), "changed.toml", "")
    assert len(stale(with_rows(made.rows, other))) == 1


def test_a_rule_of_the_students_own_programme_matters() -> None:
    head, *rows = TABLES["students"].strip().split("\n")
    students = "\n".join([f"{head},programme", *(f"{row},Mine" for row in rows)]) + "\n"
    made = make(board(students=students), [DECIDED["bar-reassessment"]])
    mine = {("programmes",): [{"programme": "Mine", "reference": "its specification", "attempts": 4}]}
    other = Pack(parse("changed.toml", as_toml(changed(mine))), "changed.toml", "")
    assert len(stale(with_rows(made.rows, other, students=students))) == 1
    assert stale(with_rows(made.rows, students=students)) == []


def test_a_debt_is_no_ground_of_a_decision() -> None:
    made = make(board(), list(DECIDED.values()))
    head, *rows = TABLES["students"].strip().split("\n")
    owing = "\n".join([f"{head},tuition_debt", *(f"{row},Y" for row in rows)]) + "\n"
    alone = [make(board(), [asked]).rows[0] for asked in DECIDED.values()]
    assert len(made.rows) == len(alone)
    for row in alone:
        assert stale(with_rows((row,), students=owing)) == []


@pytest.mark.parametrize(
    ("marks", "flags"),
    [
        (("00000002,A,Work,1,38.00", "00000002,A,Work,1,38.01"), 0),  # recorded 38.0, as before
        (("00000002,A,Work,1,38.00", "00000002,A,Work,1,38.10"), 1),
        (("00000002,B,Work,1,60.00", "00000002,B,Work,1,61.00"), 0),  # passed before and after
        (("00000002,A,Work,1,38.00", "00000002,A,Work,1,60.00"), 1),
    ],
)
def test_progress_rests_on_the_recommendation_and_on_what_is_not_passed(
    marks: tuple[str, str], flags: int
) -> None:
    made = make(board(), [DECIDED["progression"]])
    assert len(stale(with_rows(made.rows, marks=TABLES["marks"].replace(*marks)))) == flags


MISCONDUCT = "student_id,module,component,offence,penalty,bar_until\n"


@pytest.mark.parametrize("kind", ["classification", "progression"])
def test_what_a_penalty_keeps_a_student_from_matters_with_its_day(kind: str) -> None:
    asked = DECIDED[kind]

    def barred(until: str) -> str:
        return f"{MISCONDUCT}{asked.student_id},A,Work,plagiarism,qmu-d,{until}\n"

    made = make(board(), [asked])
    assert len(stale(with_rows(made.rows, misconduct=barred("2099-01-01")))) == 1
    rows = make(board(misconduct=barred("2099-01-01")), [asked]).rows
    assert stale(with_rows(rows, misconduct=barred("2099-01-01"))) == []
    assert len(stale(with_rows(rows, misconduct=barred("2099-01-02")))) == 1


def test_a_class_decided_before_a_lower_one_was_to_be_given_is_decided_again() -> None:
    asked = DECIDED["classification"]
    made = make(board(), [asked])
    lower = f"{MISCONDUCT}{asked.student_id},H,Work,plagiarism,qmu-c,\n"
    assert len(stale(with_rows(made.rows, misconduct=lower))) == 1


def test_digests_are_the_same_on_every_machine() -> None:
    """Written down once: another processor, another order of the rows and another day give the same."""
    assert (
        make(board(), [DECIDED["module-mark"]]).rows[0]["based_on"]
        == make(board(marks=_reversed(TABLES["marks"])), [DECIDED["module-mark"]]).rows[0]["based_on"]
    )
    boards = (board(), board(marks=_reversed(TABLES["marks"])))
    one, other = (board_digest(progress_digests(each)) for each in boards)
    assert one == other


def _reversed(text: str) -> str:
    head, *rows = text.strip().split("\n")
    return "\n".join([head, *reversed(rows)]) + "\n"


def test_a_number_is_one_value_however_it_is_written() -> None:
    plain = parse("a.toml", as_toml(changed()))
    longer = parse(
        "b.toml", as_toml(changed({("condonement", "mark", "value"): "37.00"})).replace('"37.00"', "37.00")
    )
    assert identity(plain) == identity(longer)
