"""Samples: their size, what is always in them, that nothing but marks, seed and regulations decides them."""

from __future__ import annotations

import hashlib
import math
from decimal import Decimal

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import boardkit as bk
from boardkit.errors import CallError
from boardkit.moderation.chance import chances
from tests.moderation.cohorts import BANDS, MODULES, band, cohort, cohorts, drawn, moderate, usual

SIZES = {1: 1, 5: 5, 6: 6, 7: 6, 12: 6, 13: 6, 36: 6, 37: 6, 42: 6, 43: 7, 1_000: 32}
"""max(6, the nearest root), at most n: by hand. 6 x 7 = 42 still rounds down to 6, 43 rounds up."""


@pytest.mark.parametrize(("n", "size"), SIZES.items())
def test_size_without_borderline_fails(n: int, size: int) -> None:
    found = drawn([5_500 + at % 40 for at in range(n)])
    assert found.height == size
    assert set(found["reason"]) == ({"whole-cohort"} if n <= 6 else {"lowest", "highest", "range"})


@pytest.mark.parametrize(
    ("n", "fails", "size"),
    [(7, 1, 6), (7, 7, 7), (13, 3, 7), (36, 1, 7), (43, 2, 9), (100, 9, 19), (100, 95, 100), (1_000, 40, 72)],
)
def test_borderline_fails_come_on_top_of_the_root(n: int, fails: int, size: int) -> None:
    found = drawn([3_850] * fails + [5_500] * (n - fails))
    assert found.height == size
    assert (found["reason"] == "borderline-fail").sum() == fails


def test_fails_alone_can_be_more_than_six() -> None:
    found = drawn([3_900] * 8 + [7_000])
    assert found.height == 9
    assert found["reason"].value_counts().sort("reason").rows() == [("borderline-fail", 8), ("highest", 1)]


def test_borderline_is_two_points_below_the_pass_mark_and_not_the_pass_mark() -> None:
    marks = [3_799, 3_800, 3_999, 4_000, *usual(60, mean=6_500, spread=300)]
    found = drawn(marks)
    fails = found.filter(reason="borderline-fail")
    assert fails["student_id"].to_list() == ["00000002", "00000003"]
    assert fails["mark"].to_list() == [Decimal("38.00"), Decimal("39.99")]


def test_postgraduate_modules_have_their_own_pass_mark_and_stated_ones_theirs() -> None:
    marks = [3_900, 4_900, 5_400, *[6_500] * 57]
    for modules, fail in (
        (MODULES.with_columns(scqf_level=pl.lit("11")), "00000002"),
        (MODULES.with_columns(pass_mark=pl.lit("55")), "00000003"),
        (MODULES, "00000001"),
    ):
        found = moderate(cohort(marks, modules=modules), seed=4).polars.sample
        assert found.filter(reason="borderline-fail")["student_id"].to_list() == [fail]


def test_marks_that_are_all_equal() -> None:
    found = drawn([5_000] * 100)
    assert found.height == 10
    counted = dict(found.group_by("reason").len().iter_rows())
    assert counted == {"lowest": 1, "highest": 1, "range": 8}
    assert found["student_id"].n_unique() == 10


@settings(max_examples=60, deadline=None)
@given(cohorts(), st.integers(0, 2**40))
def test_what_every_sample_holds(given_: tuple[list[int], list[str]], seed: int) -> None:
    marks, markers = given_
    n = len(marks)
    found = drawn(marks, markers, seed)
    borderline = [at for at, mark in enumerate(marks) if 3_800 <= mark < 4_000]
    root = math.floor(math.sqrt(n) + 0.5)
    assert found.height == min(n, max(6, root + len(borderline)))
    places = [int(student) - 1 for student in found["student_id"]]
    assert len(set(places)) == len(places)
    assert set(borderline) <= set(places)
    taken = [marks[at] for at in places]
    assert (min(taken), max(taken)) == (min(marks), max(marks))
    assert [int(mark * 100) for mark in found["mark"]] == taken == sorted(taken)
    assert found["band"].to_list() == [band(mark) for mark in taken]
    bands, who = {band(mark) for mark in marks}, set(markers)
    if found.height - len(borderline) >= len(bands) + len(who):
        assert set(found["band"]) == bands
        assert set(found["marker"]) == who
    reasons = dict(zip(places, found["reason"], strict=True))
    if n > 6:
        assert {at for at, why in reasons.items() if why == "borderline-fail"} == set(borderline)
        for why, end in (("lowest", min), ("highest", max)):
            named = [at for at, reason in reasons.items() if reason == why]
            assert len(named) <= 1
            assert all(marks[at] == end(marks) for at in named)
            assert named or end(marks) in {marks[at] for at in borderline}
    else:
        assert set(reasons.values()) == {"whole-cohort"}
    assert found["order"].to_list() == list(range(1, found.height + 1))


@settings(max_examples=25, deadline=None)
@given(cohorts(most=600), st.randoms())
def test_order_of_rows_does_not_matter(given_: tuple[list[int], list[str]], rng: object) -> None:
    marks, markers = given_
    rows = pl.DataFrame(
        {
            "student_id": [f"{at:08d}" for at in range(len(marks))],
            "module": "A",
            "component": "Essay",
            "mark": [mark / 100 for mark in marks],
            "marker": markers,
        }
    )
    order = list(range(len(marks)))
    rng.shuffle(order)  # type: ignore[attr-defined]
    one, other = (
        moderate({"marks": frame, "modules": MODULES}, seed=3).polars.sample for frame in (rows, rows[order])
    )
    assert one.equals(other)


def test_chance_is_what_it_is_said_to_be() -> None:
    """By hand, from what the module says of itself: SHA-256 of seed, purpose, assessment and student."""
    rows = pl.DataFrame({"student_id": ["00123", "Zoë"]})
    groups = pl.DataFrame({"module": ["A"], "component": ["Essay"], "attempt": [1], "n": [2]})
    found = chances(rows, groups, 7, "internal").to_list()
    for student, number in zip(rows["student_id"], found, strict=True):
        said = b"1:78:internal1:A5:Essay1:1" + student.encode()
        assert number == int.from_bytes(hashlib.sha256(said).digest()[:8], "big")


def test_a_sample_stays_what_it_was() -> None:
    """Written down once: another version, machine or library may not change what a seed draws."""
    marks = usual(400, 5)
    found = drawn(marks, [f"M{at % 3}" for at in range(400)], seed=2022)
    kept = hashlib.sha256(",".join(found["student_id"]).encode()).hexdigest()
    assert kept[:16] == "17f6275c42cc2afe"


def test_seed_purpose_and_assessment_each_draw_their_own() -> None:
    marks = usual(400, 1)
    one = set(drawn(marks, seed=1)["student_id"])
    assert set(drawn(marks, seed=2)["student_id"]) != one
    made = cohort(marks)
    key = b"k" * 32
    external = moderate(made, seed=1, purpose="external", key=key)
    assert set(external.drawn["student_id"]) != one
    two = pl.concat([made.polars.marks, made.polars.marks.with_columns(component=pl.lit("Exam"))])
    both = moderate(
        {"marks": two.select("student_id", "module", "component", "mark"), "modules": MODULES}, seed=1
    )
    each = [set(both.polars.sample.filter(component=name)["student_id"]) for name in ("Essay", "Exam")]
    assert each[0] == one
    assert len(each[0] & each[1]) < 8


def test_one_module_draws_what_all_together_draw() -> None:
    board = bk.read("data/samples/psychology-2022")
    every = moderate(board, seed=9).polars.sample
    one = moderate(board, "PS4031", "Exam", seed=9).polars.sample
    assert one.height
    assert one.equals(every.filter(module="PS4031", component="Exam"))


def test_who_is_not_in_the_number() -> None:
    """Not submitted, absent, deferred and blank: none was marked (MS1)."""
    rows = pl.DataFrame(
        {
            "student_id": [str(at) for at in range(13)],
            "module": "A",
            "component": "Essay",
            "mark": ["55"] * 7 + [None, None, None, "0", None, "6O"],
            "state": [None] * 7 + ["not-submitted", "absent", "deferred", "absent", None, None],
        }
    )
    circumstances = pl.DataFrame(
        {
            "student_id": ["0"],
            "module": ["A"],
            "component": ["Essay"],
            "attempt": ["1"],
            "accepted": ["Y"],
            "effect": ["deferred"],
        }
    )
    made = moderate({"marks": rows, "modules": MODULES}, seed=1)
    assert made.groups["n"].to_list() == [7]
    assert made.polars.notes["note"].to_list() == [
        "2 with no mark that can be used: not counted. boardkit check names the cells; correct them, and draw again"
    ]
    made = moderate({"marks": rows, "modules": MODULES, "circumstances": circumstances}, seed=1)
    assert made.groups["n"].to_list() == [6]


def test_the_markers_mark_is_looked_at_before_caps_and_what_was_agreed() -> None:
    rows = pl.DataFrame(
        {
            "student_id": [str(at) for at in range(8)],
            "module": "A",
            "component": "Essay",
            "mark": ["39"] + ["65"] * 7,
            "agreed_mark": ["45"] + [None] * 7,
            "submitted_at": ["2023-01-09 12:00"] * 8,
        }
    )
    components = pl.DataFrame(
        {"module": ["A"], "component": ["Essay"], "weight": ["100"], "due_at": ["2023-01-06 12:00"]}
    )
    found = moderate({"marks": rows, "modules": MODULES, "components": components}, seed=1).polars.sample
    assert found["reason"][0] == "borderline-fail"
    assert set(found["mark"][1:]) == {Decimal("65.00")}


def test_grades_stand_for_their_marks() -> None:
    rows = pl.DataFrame(
        {
            "student_id": [str(at) for at in range(9)],
            "module": "A",
            "component": "Essay",
            "grade": ["A*", "A", "B", "C", "D", "E", "F", "G", "X"],
        }
    )
    modules = MODULES.with_columns(grade_only=pl.lit("Y"))
    made = moderate({"marks": rows, "modules": modules}, seed=1)
    assert made.groups["n"].to_list() == [8]
    assert set(made.polars.sample["band"]) >= {"A*", "F"}


# ---- double marked as a whole (5.6.1, MS6) -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "level", "sampled"),
    [
        ("dissertation", "11", False),
        ("dissertation", "12", False),
        ("project", "9", False),
        ("project", "10", False),
        ("project", "8", True),
        ("taught", "10", True),
        ("placement", "10", True),
    ],
)
def test_projects_and_dissertations_are_double_marked(kind: str, level: str, *, sampled: bool) -> None:
    modules = pl.DataFrame({"module": ["A"], "scqf_level": [level], "credits": ["20"], "kind": [kind]})
    made = moderate(
        {"marks": cohort([5_500] * 30).polars.marks, "modules": modules},
        regulations="qmu-2022",
        seed=1,
        study="postgraduate",
    )
    assert bool(made.polars.sample.height) == sampled
    told = made.polars.notes["note"].to_list()
    assert (
        any(
            "marked by two markers as a whole: no sample is drawn (5.6.1; reading MS6)" in note
            for note in told
        )
        != sampled
    )


def test_components_that_are_stated_to_be_double_marked() -> None:
    components = pl.DataFrame(
        {"module": ["A"], "component": ["Essay"], "weight": ["100"], "double_marked": ["Y"]}
    )
    made = moderate(
        {"marks": cohort([5_500] * 30).polars.marks, "modules": MODULES, "components": components}, seed=1
    )
    assert made.polars.sample.is_empty()
    assert made.polars.notes["note"].to_list() == [
        "marked by two markers as a whole: no sample is drawn (stated in the components table)"
    ]


# ---- what a coordinator adds ---------------------------------------------------------------------------------------


@settings(max_examples=20, deadline=None)
@given(cohorts(most=400), st.data())
def test_added_scripts_come_on_top_and_nothing_is_cut(
    given_: tuple[list[int], list[str]], data: st.DataObject
) -> None:
    marks, markers = given_
    plain = drawn(marks, markers, 5)
    wanted = data.draw(st.lists(st.integers(1, len(marks)), max_size=10, unique=True))
    names = [f"{at:08d}" for at in wanted]
    made = drawn(marks, markers, 5, add=names, add_bands=["A*"])
    kept = made.filter(pl.col("reason") != "added")
    assert kept.drop("order").equals(plain.drop("order"))
    firsts = {f"{at:08d}" for at, mark in enumerate(marks, start=1) if mark >= 8_000}
    assert set(made["student_id"]) == set(plain["student_id"]) | set(names) | firsts


def test_who_cannot_be_added_is_told() -> None:
    with pytest.raises(
        CallError, match=r"1 of the students to add has no script among these, the first at place 2"
    ):
        drawn([5_000] * 9, add=["00000001", "1"])
    with pytest.raises(CallError, match=r'there is no grade "Z"'):
        drawn([5_000] * 9, add_bands=["Z"])


# ---- frames and calls ----------------------------------------------------------------------------------------------


def test_one_frame_of_marks_is_enough() -> None:
    frame = pd.DataFrame({"student_id": [f"S{at}" for at in range(30)], "mark": range(40, 70)})
    made = moderate(frame, "PS4021", "Essay", study="undergraduate", seed=1)
    assert isinstance(made.rows, pd.DataFrame)
    assert made.rows["module"].unique().tolist() == ["PS4021"]
    assert len(made.rows) == 6
    own = moderate(pl.from_pandas(frame), "PS4021", "Essay", study="undergraduate", seed=1)
    assert isinstance(own.rows, pl.DataFrame)
    assert own.rows.equals(made.polars.sample)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: moderate(pl.DataFrame({"student_id": ["1"], "mark": [50]}), study="undergraduate"), "does not say whose marks they are. Give it a column module"),
        (lambda: moderate(pl.DataFrame({"student_id": ["1"], "mark": [50]}), "A", "E"), "the study has to be stated"),
        (lambda: moderate(7), "cannot sample a int"),
        (lambda: moderate(cohort([50]), "B"), r'there is no module "B". There are: A'),
        (lambda: moderate(cohort([50]), "A", "Exam"), r'there is no component "Exam" in A. There are: Essay'),
        (lambda: moderate(cohort([50]), purpose="me"), "a sample is for internal or external"),
    ],
)  # fmt: skip
def test_what_cannot_be_sampled_is_told(call: object, told: str) -> None:
    with pytest.raises(CallError, match=told):
        call()  # type: ignore[operator]


def test_a_seed_is_drawn_and_kept_where_none_is_stated() -> None:
    made = cohort(usual(100))
    first = moderate(made)
    assert moderate(made, seed=first.asked.seed).polars.sample.equals(first.polars.sample)
    assert f"seed {first.asked.seed}" in repr(first)


def test_no_study_no_band_and_it_is_told() -> None:
    modules = pl.DataFrame({"module": ["A"], "scqf_level": ["6"], "credits": ["20"]})
    made = moderate(cohort([3_900] * 30, modules=modules), regulations="qmu-2022", seed=1)
    assert made.polars.sample["band"].null_count() == made.polars.sample.height == 6
    assert made.polars.notes["note"].to_list() == [
        "the module's study is not known: borderline fails and grade bands were not looked at"
    ]


def test_bands_here_are_the_packs() -> None:
    grades = bk.pack("qmu-2022").studies.undergraduate.grades.bands
    assert [(name, int(lowest * 100)) for name, lowest in grades] == list(BANDS)
