"""Keys are held once: equal rows count once, and of rows that differ nothing is used."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

import boardkit as bk
from boardkit import tables
from boardkit.check.table import hold_keys_once, type_table
from boardkit.problems import gather
from boardkit.read.raw import Raw
from tests.check.raws import raw

MARKS = ["student_id", "module", "component", "attempt", "mark", "marker", "room"]
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["1", "2"]),
        st.sampled_from(["PS1", "PS2"]),
        st.just("Exam"),
        st.sampled_from(["1", "2", None]),
        st.sampled_from(["50", "50.0", "60", "6O", None]),
        st.sampled_from(["Ann", None]),
        st.sampled_from(["12", None]),
    ),
    min_size=1,
    max_size=8,
)


def held(rows: list[tuple[str | None, ...]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    read = type_table(raw("marks", MARKS, *rows), {})
    frame, problems = hold_keys_once(read.frame, tables.INPUT["marks"])
    return frame, gather(problems)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_one_row_a_key_whatever_the_order(rows: list[tuple[str | None, ...]], random: object) -> None:
    frame, problems = held(rows)
    key = list(tables.INPUT["marks"].key)
    assert frame.select(key).is_duplicated().sum() == 0
    typed = type_table(raw("marks", MARKS, *rows), {}).frame
    assert frame.select(key).sort(key).equals(typed.select(key).unique().sort(key))
    content = [name for name in typed.columns if name not in (*key, "_src", "_row")]
    kinds = typed.group_by(key).agg(kinds=pl.struct(content).n_unique(), rows=pl.len())
    different = kinds.filter(pl.col("kinds") > 1)
    kept = frame.join(different, on=key, how="semi")
    assert kept["_bad"].all() or kept.is_empty()
    assert kept.select(pl.col(content).exclude("_bad").is_null().all()).to_numpy().all()
    alike = kinds.filter(pl.col("kinds") == 1)
    counted = problems.group_by("code").len().rows_by_key("code", named=True, unique=True)
    assert counted.get("rows-differ", {"len": 0})["len"] == different["rows"].sum()
    assert counted.get("row-twice", {"len": 0})["len"] == alike["rows"].sum() - alike.height
    mixed = list(rows)
    random.shuffle(mixed)
    again, problems_again = held(mixed)
    assert again.drop("_row").equals(frame.drop("_row"))
    assert sorted(problems_again["code"]) == sorted(problems["code"])


def test_rows_that_differ_are_emptied_and_the_module_is_incomplete() -> None:
    marks = pl.DataFrame(
        [
            ("1", "PS1", "Exam", "60", "2023-05-01", "AB1"),
            ("1", "PS1", "Exam", "70", "2023-05-02", "AB1"),
            ("2", "PS1", "Exam", "65", "2023-05-02", "AB1"),
        ],
        schema=["student_id", "module", "component", "mark", "submitted_at", "marker"],
        orient="row",
    )
    for rows in (marks, marks.reverse(), marks.sample(fraction=1, shuffle=True, seed=3)):
        cohort = bk.read({"marks": rows})
        kept = cohort.polars.marks.filter(pl.col("student_id") == "1")
        key = tables.INPUT["marks"].key
        assert kept.select(key).rows() == [("1", "PS1", "Exam", 1)]
        assert kept.drop(key).null_count().sum_horizontal().item() == len(kept.columns) - len(key)
        board = bk.assess(cohort, "qmu-2022", study="undergraduate")
        assert board.polars.modules.select("student_id", "mark", "outcome").cast(pl.String).rows() == [
            ("1", None, "incomplete"),
            ("2", "65.0", "pass"),
        ]


def test_a_students_row_given_twice_with_a_difference_gives_no_class() -> None:
    students = pl.DataFrame({"student_id": ["1", "1"], "award": ["honours", "ordinary"]})
    marks = pl.DataFrame({"student_id": ["1"], "module": ["PS1"], "component": ["Exam"], "mark": ["60"]})
    board = bk.assess(bk.read({"marks": marks, "students": students}), "qmu-2022", study="undergraduate")
    assert board.polars.awards.select("student_id", "award", "classification").rows() == [("1", None, None)]
    assert board.polars.problems["code"].to_list().count("rows-differ") == 2


def test_what_is_no_column_of_the_table_is_kept() -> None:
    frame = pl.DataFrame({"_row": [1], "student_id": ["1"], "award": ["honours"], "Room": ["B12"]})
    typed = type_table(Raw("students", 0, frame), {}).frame
    assert typed["Room"].to_list() == ["B12"]
    assert set(typed.columns) > {column.name for column in tables.INPUT["students"].columns}


def test_a_blank_takes_the_default_and_a_fault_does_not() -> None:
    read = type_table(
        raw("enrolments", ["student_id", "module", "status"], ["1", "A", None], ["1", "B", "maybe"]), {}
    )
    assert read.frame["status"].to_list() == ["core", None]
    assert read.frame["_bad"].to_list() == [False, True]


def test_codes_in_any_mark_cell_become_the_state() -> None:
    columns = ["student_id", "module", "component", "mark", "second_mark", "agreed_mark", "state"]
    read = type_table(
        raw(
            "marks",
            columns,
            ["1", "A", "Exam", "ab", None, None, None],
            ["2", "A", "Exam", "55", None, "NS", None],
            ["3", "A", "Exam", "AB", "AB", "AB", "absent"],
            ["4", "A", "Exam", "AB", "NS", None, None],
        ),
        {"AB": "absent", "NS": "not-submitted"},
    )
    assert read.frame["state"].to_list() == ["absent", "not-submitted", "absent", None]
    assert read.frame["_bad"].to_list() == [False, False, False, True]
    assert read.frame["mark"].to_list() == [None, 5500, None, None]
    assert gather(read.problems).select("code", "_row", "column").rows() == [
        ("state-contradiction", 5, "second_mark")
    ]
