"""The engine and the plain second implementation give the same tables for random cohorts."""

from __future__ import annotations

import os

import polars as pl
import pytest

import boardkit as bk
from boardkit import tables
from tests.plain import cohorts, engine

STUDENTS = int(os.environ.get("BOARDKIT_AGREEMENT_STUDENTS", "20000"))
FIRST = int(os.environ.get("BOARDKIT_AGREEMENT_FIRST", "0"))
SIZE = 500
COMPARED = {
    "components": tables.OUTPUT["components"],
    "modules": tables.OUTPUT["modules"],
    "awards": tuple(name for name in tables.OUTPUT["awards"] if name != "reason"),
    "credit": tuple(name for name in tables.OUTPUT["credit"] if name != "at_levels"),
    "progression": tuple(name for name in tables.OUTPUT["progression"] if name != "reason"),
}
DISPUTED_AT_MOST = 0.03
"""Of the students: those on whom the two are known to differ, each kind of whom has a test below."""

Tables = dict[str, list[dict[str, str]]]
Keyed = dict[tuple[str, ...], dict[str, str]]


def frames(given: Tables) -> dict[str, pl.DataFrame]:
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


def by_the_engine(given: Tables) -> dict[str, Keyed]:
    board = bk.assess(bk.read(frames(given)), "qmu-2022")
    return {
        table: _keyed(
            table, board.polars[table].select(pl.col(columns).cast(pl.String).fill_null("")).rows(named=True)
        )
        for table, columns in COMPARED.items()
    }


def in_plain(given: Tables) -> tuple[dict[str, Keyed], Keyed]:
    """Give what is compared, and who is disputed."""
    lines = engine.assess(given)
    disputed = {(row["student_id"], row["kind"]): row for row in lines["disputed"]}
    return {
        table: _keyed(table, [{name: row[name] for name in columns} for row in lines[table]])
        for table, columns in COMPARED.items()
    }, disputed


def _keyed(table: str, rows: list[dict[str, str]]) -> Keyed:
    return {tuple(row[name] for name in tables.OUTPUT_KEYS[table]): row for row in rows}


@pytest.mark.parametrize("seed", range(FIRST, FIRST + STUDENTS // SIZE))
def test_engine_agrees_with_the_plain_implementation(seed: int) -> None:
    cohort = cohorts.cohort(seed, SIZE)
    mine = by_the_engine(cohort)
    expected, disputed = in_plain(cohort)
    apart = {student for student, _ in disputed}
    assert len(apart) <= DISPUTED_AT_MOST * SIZE
    for table, theirs in expected.items():
        assert mine[table].keys() == theirs.keys()
        differ = [
            (row, mine[table][at])
            for at, row in theirs.items()
            if row != mine[table][at] and at[0] not in apart
        ]
        assert not differ, f"{table}: {len(differ)} differ, first: {differ[0]}"


ON = {"student_id": "1", "module": "A"}
A_MARK = ON | {"component": "X", "mark": "37"}
A_FAIL = ON | {"scqf_level": "8", "credits": "20", "outcome": "fail", "mark": "37"}
BESIDE = {
    "students": [{"student_id": "1", "award": "honours", "stage": "2"}],
    "modules": [
        {"module": "A", "scqf_level": "8", "credits": "20"},
        {"module": "B", "scqf_level": "8", "credits": "20"},
    ],
    "components": [
        {"module": "A", "component": "X", "weight": "1"},
        {"module": "B", "component": "X", "weight": "1"},
    ],
}

# what is open, who shows it, and what the plain implementation takes
DISPUTED: dict[str, tuple[str, Tables, tuple[str, str, str]]] = {
    "partial-floors": (
        "17.4, C2: every component of the module's; Y fell below and was not sat again, and R1 is of passing alone",
        BESIDE
        | {
            "components": [
                {"module": "A", "component": "X", "weight": "1"},
                {"module": "A", "component": "Y", "weight": "1"},
            ],
            "marks": [A_MARK, A_MARK | {"component": "Y", "mark": "20"}, A_MARK | {"attempt": "2"}],
        },
        ("modules", "condonable", "N"),
    ),
    "confirmed-floors": (
        "C2: the marks of a confirmed attempt stand in the tables, at or over their floors",
        BESIDE | {"marks": [A_MARK], "results": [A_FAIL]},
        ("modules", "condonable", "Y"),
    ),
    "decision-on-carried-fail": (
        "R4: a recorded decision lifts the limit, or bars, whether or not the student is enrolled again",
        BESIDE
        | {
            "marks": [A_MARK | {"module": "B", "mark": "50"}],
            "results": [A_FAIL | {"attempt": "3", "mark": "20"}],
            "decisions": [ON | {"decision": "extra-attempt", "reason": "minuted"}],
        },
        ("progression", "decision", "reassess"),
    ),
    "withdrawn-prior-learning": (
        "12.2, M5: recorded as a fail, and not passed with mark 0 and grade F",
        BESIDE
        | {
            "enrolments": [ON | {"prior_learning": "Y", "withdrawn_at": "0.5"}],
            "marks": [A_MARK],
        },
        ("modules", "outcome", "fail"),
    ),
}


@pytest.mark.parametrize("kind", DISPUTED)
def test_what_is_disputed_is_known(kind: str) -> None:
    _, given, (table, column, taken) = DISPUTED[kind]
    expected, disputed = in_plain(given)
    assert [known for _, known in disputed] == [kind]
    assert [row[column] for at, row in expected[table].items() if "B" not in at] == [taken]


@pytest.mark.parametrize("kind", DISPUTED)
def test_engine_agrees_on_what_is_disputed(kind: str) -> None:
    _, given, _ = DISPUTED[kind]
    assert by_the_engine(given) == in_plain(given)[0]
