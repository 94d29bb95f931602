"""The engine and the plain second implementation give the same tables for random cohorts."""

from __future__ import annotations

import os

import polars as pl
import pytest

import boardkit as bk
from boardkit import tables
from tests.plain import cohorts, engine

STUDENTS = int(os.environ.get("BOARDKIT_AGREEMENT_STUDENTS", "20000"))
SIZE = 500
COMPARED = {
    "components": tables.OUTPUT["components"],
    "modules": tuple(name for name in tables.OUTPUT["modules"] if name != "condonable"),
    "awards": tuple(name for name in tables.OUTPUT["awards"] if name != "reason"),
}


def frames(given: dict[str, list[dict[str, str]]]) -> dict[str, pl.DataFrame]:
    made = {}
    for name, rows in given.items():
        columns = list(dict.fromkeys(column for row in rows for column in row)) or list(
            tables.INPUT[name].required
        )
        made[name] = pl.DataFrame(
            [[row.get(column, "") for column in columns] for row in rows],
            schema=dict.fromkeys(columns, pl.String),
            orient="row",
        )
    return made


@pytest.mark.parametrize("seed", range(STUDENTS // SIZE))
def test_engine_agrees_with_the_plain_implementation(seed: int) -> None:
    cohort = cohorts.cohort(seed, SIZE)
    expected = engine.assess(cohort)
    board = bk.assess(bk.read(frames(cohort)), "qmu-2022")
    for table, columns in COMPARED.items():
        got = board.polars[table].select(pl.col(columns).cast(pl.String).fill_null("")).rows(named=True)
        key = tables.OUTPUT_KEYS[table]
        mine = {tuple(row[name] for name in key): row for row in got}
        theirs = {
            tuple(row[name] for name in key): {name: row[name] for name in columns} for row in expected[table]
        }
        assert mine.keys() == theirs.keys()
        differ = [(theirs[at], mine[at]) for at in theirs if theirs[at] != mine[at]]
        assert not differ, f"{table}: {len(differ)} differ, first: {differ[0]}"
