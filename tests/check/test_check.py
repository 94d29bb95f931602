"""A checked table written out and checked again is the same, and no problem comes of it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import boardkit as bk
from boardkit import tables
from boardkit.check.table import schema, type_table
from boardkit.demo import demo
from boardkit.problems import Source, gather
from boardkit.read.csv import from_csv
from boardkit.read.raw import Raw
from boardkit.report.printed import printed
from tests.check.raws import as_text

if TYPE_CHECKING:
    from pathlib import Path

WORDS = st.text("abcXYZ 0189,;\"'-/=+@\u00e9\u4e2d", min_size=1, max_size=8).map(str.strip).filter(bool)
DAYS = st.dates(dt.date(1, 1, 1))
KINDS = {
    "id": WORDS,
    "text": WORDS,
    "mark": st.integers(0, 10_000),
    "points": st.integers(-10_000, 10_000),
    "factor": st.integers(1, 100_000_000),
    "share": st.integers(0, 1_000_000),
    "weight": st.integers(0, 10_000_000_000),
    "credits": st.integers(1, 1_000_000),
    "credit-total": st.integers(0, 1_000_000),
    "count": st.integers(0, 10**9),
    "level": st.integers(1, 12),
    "attempt": st.integers(1, 99),
    "moment": st.datetimes(dt.datetime(1, 1, 1)),  # noqa: DTZ001 - wall time
    "day": DAYS,
    "year": st.sampled_from(["2022/23", "2022-2023", "2022", "AY 2022/23"]),
    "yes-no": st.booleans(),
    "grade": st.sampled_from(["A*", "B", "F", "Q"]),
}


def values(column: tables.Column) -> st.SearchStrategy[object]:
    of_kind = st.sampled_from(column.choices) if column.kind == "choice" else KINDS[column.kind]
    must = column.required or column.default is not None
    return of_kind if must else st.none() | of_kind


def typed_rows(table: tables.Table) -> st.SearchStrategy[pl.DataFrame]:
    row = st.tuples(*(values(column) for column in table.columns))
    typed = schema(table)
    return st.lists(row, min_size=1, max_size=6).map(
        lambda rows: pl.DataFrame(rows, schema=typed, orient="row")
    )


@pytest.mark.parametrize("name", tables.INPUT)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_typed_table_is_read_again_as_it_is(name: str, data: st.DataObject) -> None:
    typed = data.draw(typed_rows(tables.INPUT[name]))
    text = as_text(typed, name)
    read = type_table(Raw(name, 0, text.with_row_index("_row")), {})
    assert read.problems == []
    assert read.lost.is_empty()
    assert read.frame.select(typed.columns).equals(typed)
    assert not read.frame["_bad"].any()


@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_a_typed_table_goes_through_csv(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    typed = data.draw(typed_rows(tables.INPUT["marks"]))
    content = printed(as_text(typed, "marks")).write_csv(quote_style="never").encode()
    raw, source, problems = from_csv(tmp_path_factory.getbasetemp() / "marks.csv", content, "marks", 0)
    assert set(gather(problems)["code"]) <= {"guard-left-out"}
    assert isinstance(source, Source)
    assert type_table(raw, {}).frame.select(typed.columns).equals(typed)


@pytest.mark.parametrize("study", ["undergraduate", "postgraduate"])
def test_a_clean_cohort_written_out_is_the_same_again(study: str, tmp_path: Path) -> None:
    first = bk.read(demo(60, study=study))
    for name in first.given:
        as_text(first._named(name), name).write_csv(tmp_path / f"{name}.csv")
    again = bk.read(tmp_path)
    assert again.given == first.given
    assert again.facts == first.facts
    for name in first.given:
        places = ["_src", "_row"]
        assert again.typed[name].drop(places).equals(first.typed[name].drop(places)), name


def test_what_is_handed_in_is_left_as_it_was() -> None:
    given_tables = demo(20, faults=True)
    before = {name: table.clone() for name, table in given_tables.items()}
    bk.assess(bk.read(given_tables), "qmu-2022").polars.problems  # noqa: B018 - it is made when asked for
    assert all(table.equals(before[name]) for name, table in given_tables.items())
