"""Moments are those of the calendar, day first where the year stands last, and never with an offset."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from boardkit.check.moments import moments

SPELLINGS = {
    "%Y-%m-%d": "days",
    "%Y-%m-%d %H:%M": "minutes",
    "%Y-%m-%dT%H:%M:%S": "seconds",
    "%Y-%m-%d %H:%M:%S": "seconds",
    "%Y-%m-%d %H:%M:%S.%f": "microseconds",
    "%d/%m/%Y": "days",
    "%d.%m.%Y %H:%M": "minutes",
    "%d/%m/%Y, %H:%M:%S": "seconds",
}
KEPT = {
    "days": {"hour": 0, "minute": 0, "second": 0, "microsecond": 0},
    "minutes": {"second": 0, "microsecond": 0},
    "seconds": {"microsecond": 0},
    "microseconds": {},
}
FIRST = (dt.datetime(1, 1, 1), "%Y-%m-%d")  # noqa: DTZ001 - wall time
LAST = (dt.datetime(9999, 12, 31, 23, 59, 59, 999999), "%Y-%m-%d %H:%M:%S.%f")  # noqa: DTZ001


def spell(moment: dt.datetime, how: str) -> str:
    # The C library writes the year 22 without its zeros.
    return moment.strftime(how.replace("%Y", f"{moment.year:04}"))


@settings(max_examples=60, deadline=None)
@example([FIRST, LAST])
@given(st.lists(st.tuples(st.datetimes(), st.sampled_from(list(SPELLINGS))), min_size=1))
def test_a_moment_comes_back(written: list[tuple[dt.datetime, str]]) -> None:
    read = moments(pl.Series([spell(*pair) for pair in written]))
    assert read["moment"].to_list() == [moment.replace(**KEPT[SPELLINGS[how]]) for moment, how in written]
    assert read["day_first"].to_list() == [how.startswith("%d") for _, how in written]
    assert not read["offset"].any()


@settings(max_examples=100, deadline=None)
@example(2023, 2, 29, 0, 0)
@example(2024, 2, 29, 0, 0)
@example(0, 1, 1, 0, 0)
@example(2023, 12, 31, 24, 0)
@example(2023, 12, 31, 23, 60)
@given(st.integers(0, 9999), st.integers(0, 13), st.integers(0, 32), st.integers(0, 25), st.integers(0, 61))
def test_only_moments_of_the_calendar_are_read(
    year: int, month: int, day: int, hour: int, second: int
) -> None:
    try:
        expected = dt.datetime(year, month, day, hour, 30, second)  # noqa: DTZ001
    except ValueError:
        expected = None
    time = f"{hour:02}:30:{second:02}"
    written = [f"{year:04}-{month:02}-{day:02} {time}", f"{day}/{month}/{year:04} {time}"]
    assert moments(pl.Series(written))["moment"].to_list() == [expected] * 2
    assert moments(pl.Series(written[:1]))["moment"].to_list() == [expected]


@pytest.mark.parametrize("offset", ["Z", "+00:00", "+0100", "-05:30"])
def test_an_offset_is_no_wall_time(offset: str) -> None:
    read = moments(pl.Series([f"2022-11-04T16:00{offset}", f"2022-11-04 16:00:00{offset}"]))
    assert read.rows() == [(None, False, True)] * 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "11/25/2022",
        "2022-11",
        "22-11-04",
        "4/11/22",
        "2022-11-04 4pm",
        "44869.6",
        "1e5",
        "2022-11-04 16:00 BST",
    ],
)
def test_what_is_no_moment_is_none(text: str) -> None:
    assert moments(pl.Series([text]))["moment"].to_list() == [None]
