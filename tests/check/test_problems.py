"""Problems know their places, and say what they show on one line."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from boardkit.codes import CODES
from boardkit.problems import SCHEMA, Source, found, found_at, gather, letters, locate, show
from boardkit.read.a1 import MAX_COLUMN, MAX_ROW, a1, column_letter, place


def test_letters_are_those_of_spreadsheets() -> None:
    every = range(1, MAX_COLUMN + 1)
    assert [letters(column) for column in every] == [get_column_letter(column) for column in every]
    assert [letters(column) for column in every] == [column_letter(column) for column in every]


@given(st.integers(1, MAX_ROW), st.integers(1, MAX_COLUMN))
def test_a_place_comes_back(row: int, column: int) -> None:
    assert place(a1(row, column)) == (row, column)
    assert a1(row, column) == f"{letters(column)}{row}"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_what_is_shown_is_one_short_line(text: str) -> None:
    shown = show(text)
    assert len(shown) <= 63
    assert shown == "" or len(shown.splitlines()) == 1
    assert all(char.isprintable() or char.isspace() for char in shown) or not text.isascii()


def test_a_problem_is_located_by_its_column_and_row() -> None:
    sources = [
        Source("marks", "board.xlsx", "Marks", {"mark": 28}),
        Source("marks", "marks.parquet", columns={"mark": 2}, lettered=False),
    ]
    located = locate(
        gather(
            [
                found_at("cell-error", 0, 117, "Broken.", column="mark"),
                found_at("cell-error", 0, 117, "Broken.", column="unheard of"),
                found_at("cell-error", 0, 9, "Broken."),
                found_at("cell-error", 0, None, "Broken.", column="mark"),
                found_at("cell-error", 1, 52, "Broken.", column="mark"),
            ]
        ),
        sources,
    )
    assert located.select("file", "sheet", "cell").rows() == [
        ("board.xlsx", "Marks", None),
        ("board.xlsx", "Marks", "A9"),
        ("board.xlsx", "Marks", "A117"),
        ("board.xlsx", "Marks", "AB117"),
        ("marks.parquet", None, "row 52"),
    ]


def test_the_gravest_problems_come_first() -> None:
    codes = ["row-twice", "mark-as-percent", "cell-error"]
    located = locate(gather([found_at(code, 0, 1, "So.") for code in codes]), [Source("marks")])
    assert located["severity"].to_list() == ["error", "warning", "note"]


@given(st.permutations(range(6)))
@settings(max_examples=20, deadline=None)
def test_the_order_found_does_not_show(order: list[int]) -> None:
    parts = [
        found(
            "not-a-mark",
            pl.DataFrame({"_src": [at % 2], "_row": [3 - at // 2], "v": [str(at)]}),
            column="mark",
            value=pl.col("v"),
            message="So.",
        )
        for at in range(6)
    ]
    sources = [Source("marks", "a.csv"), Source("marks", "b.csv")]
    assert locate(gather([parts[at] for at in order]), sources).equals(locate(gather(parts), sources))


def test_what_to_do_is_said_once() -> None:
    action = CODES["mark-missing"].action
    rows = pl.DataFrame({"_src": [0], "_row": [1]})
    for sentence in ("No mark.", f"No mark. {action}"):
        assert found("mark-missing", rows, message=sentence)["message"].to_list() == [f"No mark. {action}"]
    assert found("mark-missing", rows, message="No mark.", action="Ask.")["message"].item() == "No mark. Ask."
    assert found("mark-missing", rows, message="No mark.").schema == pl.Schema(SCHEMA)
