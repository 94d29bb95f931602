"""A decision made on a board: what is refused, what it changes, and that nothing else is touched."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

import boardkit as bk
from boardkit.deciding.make import Asked, make
from boardkit.deciding.told import changes, recommended, replaced
from boardkit.errors import CallError
from tests.deciding.boards import board, decided, one

PROFILE = "the whole profile"


def test_a_class_stands_and_the_board_before_does_not_change() -> None:
    before = board()
    after = before.decide("00000001", "classification", value="First", reason=PROFILE, minute="4.1")
    assert one(after.polars.awards, student_id="00000001")["classification"] == "first"
    assert one(before.polars.awards, student_id="00000001")["classification"] == "upper-second"
    assert "Decided       classification first, minute 4.1: the whole profile" in str(
        after.explain("00000001")
    )
    assert before.decisions.is_empty()
    assert after.decisions.height == 1


def test_decisions_follow_each_other() -> None:
    marked = board().decide("00000002", "module-mark", module="A", value=40, reason=PROFILE)
    assert one(marked.polars.modules, student_id="00000002", module="A")["outcome"] == "pass"
    later = marked.decide("00000002", "module-mark", module="A", value="39.5", reason="a slip")
    assert one(later.polars.modules, student_id="00000002", module="A")["outcome"] == "fail"
    assert later.decisions["stands"].to_list() == [False, True]


def test_a_decided_board_is_written_like_any_other(tmp_path: Any) -> None:
    after = board().decide("00000002", "condone", module="A", reason=PROFILE)
    out = after.write(tmp_path / "out")
    modules = pl.read_csv(out / "modules.csv", infer_schema=False)
    assert one(modules, student_id="00000002", module="A")["outcome"] == "condoned"


REFUSED = {
    "no such kind": (("00000001", "promote"), {}, '"promote" is no decision. There are: condone'),
    "no reason": (
        ("00000001", "classification"),
        {"value": "first", "reason": " "},
        "a decision needs a reason",
    ),
    "a reason that cannot be seen": (
        ("00000001", "classification"),
        {"value": "first", "reason": "\u200b \u2060\ufeff\u2063"},
        "a decision needs a reason",
    ),
    "nobody": (("00000009", "classification"), {"value": "first"}, 'no student "00000009"'),
    "zeros lost": (("1", "classification"), {"value": "first"}, "There is 00000001."),
    "no module named": (("00000002", "condone"), {}, "condone is about a module. Name it: A, B."),
    "no such module": (("00000002", "condone"), {"module": "X"}, 'not on the module "X". There are: A, B.'),
    "no class of the award": (
        ("00000001", "classification"),
        {"value": "merit"},
        "no class of the award: first, upper-second, lower-second, third, fail",
    ),
    "no mark": (("00000002", "module-mark"), {"module": "A", "value": "6O"}, "no mark from 0 to 100"),
    "over 100": (("00000002", "module-mark"), {"module": "A", "value": 101}, "no mark from 0 to 100"),
    "the module board": (
        ("00000002", "module-mark"),
        {"module": "A", "value": 40, "board": "module"},
        "the programme board's to make, not a module board's (17.3)",
    ),
    "another board": (
        ("00000002", "condone"),
        {"module": "A", "board": "faculty"},
        '"module" or "programme"',
    ),
    "not in 17.8": (
        ("00000002", "progression"),
        {"value": "expel"},
        "none of the decisions there are (17.8)",
    ),
    "not as recommended": (
        ("00000002", "progression"),
        {"value": "withdraw", "reason": "As recommended"},
        "withdraw differs from the recommendation, reassess. Give the reason.",
    ),
    "a viva": (
        ("00000001", "classification"),
        {"value": "first", "reason": "viva voce with the external"},
        "decides no borderline case (9.5, 10.6)",
    ),
    "a viva in the minute": (
        ("00000001", "classification"),
        {"value": "first", "minute": "4: oral examination"},
        "decides no borderline case (9.5, 10.6)",
    ),
    "a viva beside another that was not held": (
        ("00000001", "classification"),
        {"value": "first", "reason": "no viva was held, an oral examination was"},
        'say by "no viva was held" and a stop that there was none',
    ),
    "neither yes nor no": (("00000002", "condone"), {"module": "A", "value": "maybe"}, "neither Y nor N"),
}


@pytest.mark.parametrize(("named", "given", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_decided_is_refused(named: tuple[str, str], given: dict[str, Any], said: str) -> None:
    with pytest.raises(CallError) as refused:
        board().decide(*named, **{"reason": PROFILE, **given})
    assert said in str(refused.value)
    assert str(refused.value).endswith(".")


def test_every_fault_is_told_at_once() -> None:
    asked = [
        Asked("00000009", "progression", PROFILE, value="continue", place="Progress!G9"),
        Asked("00000001", "classification", "", value="first", place="Progress!G10"),
    ]
    with pytest.raises(CallError) as refused:
        make(board(), asked)
    assert [line.split(":")[0] for line in str(refused.value).split("\n")] == ["Progress!G9", "Progress!G10"]


def test_the_same_decision_is_not_recorded_twice() -> None:
    once = board().decide("00000002", "condone", module="A", reason=PROFILE, minute="3")
    with pytest.raises(CallError, match="recorded already"):
        once.decide("00000002", "condone", module="A", reason=PROFILE, minute="3")
    assert once.decide("00000002", "condone", module="A", reason=PROFILE, minute="4").decisions.height == 2
    back = once.decide("00000002", "condone", module="A", value="N", reason="a slip")
    assert one(back.polars.modules, student_id="00000002", module="A")["outcome"] == "fail"


def test_what_is_told_of_a_decision() -> None:
    made = make(board(), [Asked("00000002", "condone", PROFILE, module="A")])
    assert recommended(made.before, made) == "A 38.0 E fail. Condonement is open (17.4)"
    assert changes(made) == ["A outcome: fail -> condoned", "decision: reassess -> continue"]
    assert replaced(made.before, made) is None
    again = make(made.after, [Asked("00000002", "condone", PROFILE, module="A", value="N")])
    assert replaced(again.before, again) == f"condone A: {PROFILE}"
    lost = make(board(), [Asked("00000004", "condone", PROFILE, module="A")])
    assert "Condonement is not open: the mark (17.4)" in recommended(lost.before, lost)
    made = make(board(), [Asked("00000001", "classification", PROFILE, value="first")])
    assert recommended(made.before, made).startswith("Upper second. Average 69.0 (8.2). 1.0 below 70")
    made = make(board(), [Asked("00000003", "progression", "as recommended", value="continue")])
    assert recommended(made.before, made).startswith("continue. 40 of 40 credits passed")
    assert changes(made) == []


def test_text_that_looks_like_a_formula_stays_text() -> None:
    after = board().decide("00000001", "classification", value="first", reason="=1+1\n@x", minute="+4")
    row = after.decisions.row(0, named=True)
    assert (row["reason"], row["minute"]) == ("=1+1 @x", "+4")


def test_frames_of_pandas_are_decided_on_too() -> None:
    from tests.deciding.boards import frames  # noqa: PLC0415

    pandas = {name: frame.to_pandas() for name, frame in frames().items()}
    after = bk.assess(bk.read(pandas), "qmu-2022").decide("00000002", "condone", module="A", reason=PROFILE)
    assert set(after.modules["outcome"]) == {"pass", "condoned", "fail"}


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(CallError, match=r"^reason holds bytes that are no text\. Type it again\."):
        make(board(), [Asked("S1", "classification", "ill \udcff", value="first")])


def test_a_mark_that_was_taken_back_is_no_error() -> None:
    mark = {"student_id": "00000002", "module": "A", "decision": "module-mark", "reason": "x"}
    back = decided(board(), {**mark, "value": "45"}, {**mark, "value": "N", "minute": "2"})
    assert "decision-refused" not in back.polars.problems["code"].to_list()
    assert one(back.polars.modules, student_id="00000002", module="A")["mark"] == 38
    again = decided(board(), {**mark, "value": "45"}, {**mark, "value": "N"}, {**mark, "value": "46"})
    assert one(again.polars.modules, student_id="00000002", module="A")["mark"] == 46


def test_the_day_of_a_decision_may_be_typed() -> None:
    asked = {"value": "first", "reason": PROFILE}
    dated = board().decide("00000001", "classification", on="2023-06-15", **asked)
    assert str(dated.decisions["decided_on"][0]) == "2023-06-15"
    with pytest.raises(CallError, match='made on a day such as 2023-06-15, and "soon" is none'):
        board().decide("00000001", "classification", on="soon", **asked)
