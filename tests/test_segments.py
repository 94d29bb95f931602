"""Sums along runs against sums one by one, with numbers whose total passes 64 bits."""

from __future__ import annotations

from itertools import groupby

import polars as pl
import pytest

from boardkit.segments import Segments, add_up

KEYS = [0, 0, 0, 3, 4, 4, 9]
LARGE = [2**61, 2**61, 2**61, 2**62, 2**61, 2**62, 2**62 - 1]


@pytest.mark.parametrize("values", [[1, 2, 3, 4, 5, 6, 7], [-5, 5, 0, -1, 7, -7, 1], LARGE])
def test_sums_are_those_of_each_run(values: list[int]) -> None:
    runs = Segments(pl.Series("e", KEYS, dtype=pl.UInt32))
    expected = [
        sum(value for _, value in run)
        for _, run in groupby(zip(KEYS, values, strict=True), lambda pair: pair[0])
    ]
    assert runs.sums(pl.DataFrame({"v": values}))["v"].to_list() == expected


def test_runs_have_a_start_a_size_and_a_value_for_every_row() -> None:
    runs = Segments(pl.Series("e", KEYS, dtype=pl.UInt32))
    assert (runs.starts.to_list(), runs.sizes.to_list()) == ([0, 3, 4, 6], [3, 1, 2, 1])
    assert runs.spread(runs.keys).to_list() == KEYS
    assert runs.first(pl.Series(LARGE)).to_list() == [LARGE[0], LARGE[3], LARGE[4], LARGE[6]]


def test_no_rows_have_no_runs() -> None:
    none = pl.DataFrame(schema={"e": pl.UInt32, "v": pl.Int64})
    assert add_up(none, "e", [pl.col("v")]).shape == (0, 2)
    assert Segments(none["e"]).spread(none["v"]).is_empty()


def test_nothing_is_added_up_where_nothing_is_asked_for() -> None:
    assert add_up(pl.DataFrame({"e": KEYS}), "e", []).to_dict(as_series=False) == {"e": [0, 3, 4, 9]}
