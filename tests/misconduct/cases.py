"""Offences to hold against a tariff: one that is whole, and what a test changes of it."""

from __future__ import annotations

from typing import Any

import polars as pl

import boardkit as bk
from boardkit.regulations import Pack, parse
from tests.regulations.leaves import PACK, as_toml

TARIFF = "imperial-misconduct"
WHOLE = {
    "student_id": "00000001",
    "module": "PS1",
    "component": "Essay",
    "academic_year": "2022/23",
    "department": "Physics",
    "offence": "plagiarism",
    "major": "Y",
    "admitted": "Y",
    "intent": "Y",
    "repeated": "N",
    "year": "1",
    "finalist": "N",
    "moderated": None,
    "penalty": None,
    "reason": None,
    "mark": None,
    "bar_until": None,
}


def frame(*changes: dict[str, str | None]) -> pl.DataFrame:
    rows = [{**WHOLE, **change} for change in changes]
    return pl.DataFrame(rows, schema=dict.fromkeys(WHOLE, pl.String))


def held(**change: str | None) -> dict[str, Any]:
    """The row that comes out for one offence."""
    return bk.tariff(frame(change), TARIFF).row(0, named=True)


def tariff_toml(tariff: str = TARIFF) -> str:
    """The assessment rules of qmu-2022 with another pack's tariff, as TOML."""
    values = {key: value for key, value in PACK.items() if key != "misconduct"}
    values["readings"] = {name: text for name, text in PACK["readings"].items() if not name.startswith("X")}
    return as_toml({**values, "misconduct": {"from": tariff}})


def with_tariff(tariff: str = TARIFF) -> Pack:
    return Pack(parse("with-tariff.toml", tariff_toml(tariff)), "with-tariff.toml", "")
