"""The board table's facts are each read once, and none is guessed."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from boardkit.check.facts import read_facts
from boardkit.cohort import Facts
from boardkit.problems import gather


def facts(*rows: tuple[str, str]) -> tuple[Facts, dict[str, str], list[tuple[str, int, str]]]:
    board = pl.DataFrame(list(rows), schema=["key", "value"], orient="row").with_row_index("_row", offset=2)
    read, codes, problems = read_facts(board.with_columns(_src=pl.lit(0)))
    return read, codes, sorted(gather(problems).select("code", "_row", "column").rows())


def test_facts_are_read_by_their_names() -> None:
    read, codes, problems = facts(
        ("Title", "Psychology"),
        ("Board Date", "2023-06-14T00:00:00"),
        ("diet", "RESIT"),
        ("closure_day", "2022-12-27"),
        ("closure-day", "2022-12-26"),
        ("closure day", "2022-12-26"),
        ("parameter.passMark", "40"),
        ("code.x", "Not submitted"),
        ("Code.ZZ", "ABSENT"),
    )
    assert read.values == {"title": "Psychology", "board_date": "2023-06-14", "diet": "resit"}
    assert (read.diet, read.status, read.board_date) == ("resit", "provisional", dt.date(2023, 6, 14))
    assert read.closure_days == (dt.date(2022, 12, 26), dt.date(2022, 12, 27))
    assert read.parameters == {"passmark": "40"}
    assert codes == {"X": "not-submitted", "ZZ": "absent"}
    assert problems == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("diet", "main"), ("Diet", "resit")),
        (("board_date", "2023-06-14"), ("board date", "2023-06-15")),
        (("parameter.cap", "40"), ("PARAMETER.cap", "50")),
        (("code.AB", "absent"), ("code.ab", "deferred")),
    ],
)
def test_of_facts_that_differ_none_is_used(first: tuple[str, str], second: tuple[str, str]) -> None:
    for rows in ((first, second), (second, first)):
        read, codes, problems = facts(*rows)
        assert (read, codes) == (Facts(), {})
        assert problems == [("rows-differ", 2, "key"), ("rows-differ", 3, "key")]


def test_facts_that_agree_are_noted() -> None:
    read, _, problems = facts(("board_date", "2023-06-14"), ("board_date", "14/06/2023"))
    assert read.board_date == dt.date(2023, 6, 14)
    assert problems == [("date-day-first", 3, "value"), ("row-twice", 3, "key")]


@pytest.mark.parametrize(
    ("key", "value", "code", "column"),
    [
        ("board_date", "0000-01-01", "not-a-date", "value"),
        ("closure_day", "2023-02-29", "not-a-date", "value"),
        ("published_on", "2023-06-14T10:00:00Z", "not-a-date", "value"),
        ("status", "final", "not-allowed", "value"),
        ("code.AB", "ill", "code-unknown", "value"),
        ("code.", "absent", "board-fact-unknown", "key"),
        ("parameter.", "1", "board-fact-unknown", "key"),
        ("\u200bcolour", "blue", "board-fact-unknown", "key"),
    ],
)
def test_what_is_no_fact_is_told_of(key: str, value: str, code: str, column: str) -> None:
    read, codes, problems = facts((key, value))
    assert (read, codes, problems) == (Facts(), {}, [(code, 2, column)])
