"""Merged areas: each covered cell names the first cell of its area, however large the areas are."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boardkit.errors import FileError
from boardkit.read.a1 import a1, a1_text, area
from boardkit.read.limits import Guard, Limits
from boardkit.read.merges import merged_into

GUARD = Guard(Path("marks.xlsx"), Limits())


def over(places: list[tuple[int, int]], *areas: tuple[int, int, int, int]) -> list[str | None]:
    rows, cols = zip(*places, strict=True) if places else ((), ())
    return merged_into(
        pl.Series(rows, dtype=pl.UInt32), pl.Series(cols, dtype=pl.UInt16), list(areas), GUARD
    ).to_list()


LAST = (1_048_576, 16_384)


@pytest.mark.parametrize("areas", [[(1, 1, *LAST)], [(1, 1, 1_048_576, 1)], [(1, 1, 1, 16_384)]])
def test_areas_to_the_end_of_the_sheet(areas: list[tuple[int, int, int, int]]) -> None:
    places = [(1, 1), (1, 2), (2, 1), (7, 7), (1, 16_384), (1_048_576, 1), LAST]
    _, _, bottom, right = areas[0]
    expected = [None, *("A1" if row <= bottom and col <= right else None for row, col in places[1:])]
    assert over(places, *areas) == expected


def test_many_areas_are_cut_up_in_parts() -> None:
    places = [(row, col) for row in range(1, 601) for col in (1, 2)]
    areas = [(row, 1, row, 16_384) for row in range(1, 601)]
    assert over(places, *areas) == [None if col == 1 else f"A{row}" for row, col in places]


def test_no_areas_and_no_cells() -> None:
    assert over([(1, 1)]) == [None]
    assert over([], (1, 1, 2, 2)) == []


sides = st.tuples(st.integers(1, 6), st.integers(1, 6), st.integers(0, 3), st.integers(0, 3))


@given(
    st.lists(st.tuples(st.integers(1, 8), st.integers(1, 8)), unique=True),
    st.lists(sides.map(lambda side: (side[0], side[1], side[0] + side[2], side[1] + side[3])), max_size=6),
)
def test_as_if_looked_at_one_by_one(
    places: list[tuple[int, int]], areas: list[tuple[int, int, int, int]]
) -> None:
    covering = [
        [(top, left) for top, left, bottom, right in areas if top <= row <= bottom and left <= col <= right]
        for row, col in places
    ]
    if any(len(found) > 1 for found in covering):
        with pytest.raises(FileError, match="two merged areas"):
            over(places, *areas)
        return
    expected = [
        a1(*found[0]) if found and found[0] != place else None
        for place, found in zip(places, covering, strict=True)
    ]
    assert over(places, *areas) == expected


@given(st.integers(1, LAST[0]), st.integers(1, LAST[1]))
def test_a1_text_there_and_back(row: int, col: int) -> None:
    text = pl.DataFrame({"row": [row, None], "col": [col, 1]}).select(a1_text())
    assert text.to_series().to_list() == [a1(row, col), None]
    assert area(a1(row, col)) == (row, col, row, col)
