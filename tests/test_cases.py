"""Every case in tests/cases: tables in, the rows that must come out, and under ``without`` those that must not."""

from __future__ import annotations

import csv
import io
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

import boardkit as bk
from boardkit import tables
from boardkit.results.evidence import evidence
from boardkit.tariffs.reports import action_taken, by_department, monitoring, procedure
from tests.misconduct.cases import with_tariff

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.regulations import Pack

REPORTS = {
    "procedure": procedure,
    "action-taken": action_taken,
    "minor-offences": by_department,
    "monitoring": monitoring,
}


def report(name: str, board: BoardResult) -> pl.DataFrame:
    made = REPORTS[name](board.offences.rows, board.pack.rules.misconduct)
    return made.select(pl.all().cast(pl.String).fill_null(""))


CASES = Path(__file__).parent / "cases"
PACKS = Path(__file__).parent / "packs"


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.strip())))


def every() -> list:
    found = []
    for path in sorted(CASES.rglob("*.toml")):
        cases = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)["case"]
        found += [pytest.param(case, id=f"{path.stem}: {case['name']}") for case in cases]
    return found


def frames(case: dict) -> dict[str, pl.DataFrame]:
    return {
        name: pl.DataFrame(
            rows(text), schema=dict.fromkeys(text.strip().split("\n")[0].split(","), pl.String)
        )
        for name, text in case["tables"].items()
    }


def regulations(case: dict) -> str | Path | Pack:
    """The pack that a case is assessed under: the shipped one, one with another tariff, or one of tests/packs."""
    if "tariff" in case:
        return with_tariff(case["tariff"])
    name = case.get("regulations", "qmu-2022")
    return PACKS / name if name.endswith(".toml") else name


@pytest.mark.parametrize("case", every())
def test_case(case: dict) -> None:
    board = bk.assess(bk.read(frames(case)), regulations(case), study=case.get("study"))
    for table, text in case["expect"].items():
        got = board.polars[table].select(pl.all().cast(pl.String).fill_null("")).to_dicts()
        heads = text.strip().split("\n")[0].split(",")
        key = [name for name in tables.OUTPUT_KEYS.get(table, heads) if name in heads]
        for wanted in rows(text):
            same = [row for row in got if all(row[name] == wanted[name] for name in key)]
            assert len(same) == 1, f"{table}: {len(same)} rows for {wanted}"
            assert {name: same[0][name] for name in wanted} == wanted
    for table, text in case.get("without", {}).items():
        got = board.polars[table].select(pl.all().cast(pl.String).fill_null("")).to_dicts()
        for unwanted in rows(text):
            same = [row for row in got if all(row[name] == unwanted[name] for name in unwanted)]
            assert not same, f"{table}: {len(same)} rows for {unwanted}"
    problems = board.polars.problems
    for code, labels in case.get("found", {}).items():
        messages = problems.filter(pl.col("code") == code)["message"]
        assert sorted(message.split(":")[0] for message in messages) == sorted(labels), code
    for name, text in case.get("reports", {}).items():
        assert report(name, board).to_dicts() == rows(text), name
    for name, text in case.get("steps_of", {}).items():
        told = (
            report("procedure", board).filter(pl.col("student_id") == name).select("step", "value", "clause")
        )
        assert told.to_dicts() == rows(text), name
    if "evidence" in case:
        told = evidence(board).select(pl.format("{}: {}", "student_id", "told")).to_series()
        assert told.to_list() == case["evidence"]["told"]
    for table, students in case.get("absent", {}).items():
        assert not set(students) & set(board.polars[table]["student_id"])
