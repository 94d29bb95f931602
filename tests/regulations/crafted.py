"""Every student of tests/cases in one set of tables, and those of edges.toml, told apart by their case."""

from __future__ import annotations

import csv
import io
import tomllib
from pathlib import Path

import polars as pl

from boardkit.regulations import shipped

HERE = Path(__file__).parent
CASES = HERE.parent / "cases"
EDGES = HERE / "edges.toml"
OTHER_PACKS = set(shipped()) - {"qmu-2022"}
PEOPLE = ("students", "enrolments", "marks", "results", "circumstances", "decisions")
THINGS = ("modules", "components", "deadlines", "scaling")

Row = dict[str, str]
Tables = dict[str, list[Row]]


def everyone() -> Tables:
    """Put the tables of all cases under one another; a case's number stands before its students and modules."""
    return together([*sorted(CASES.rglob("*.toml")), EDGES])


def together(paths: list[Path]) -> Tables:
    """Put the tables of the cases of some files under one another, each case's students and modules its own."""
    laid: Tables = {name: [] for name in (*PEOPLE, *THINGS)}
    found = [case for path in paths for case in tomllib.loads(path.read_text("utf-8"))["case"]]
    cases = [case for case in found if case.get("regulations") not in OTHER_PACKS]
    for number, case in enumerate(cases, start=1):
        tables = _whole({name: rows(text) for name, text in case["tables"].items()})
        for name in laid.keys() & tables.keys():
            listed = tables[name]
            laid[name] += [_apart(row, f"{number:03}") for row in listed]
    return laid


def chosen(tables: Tables, *, award: str, sat_again: bool) -> Tables:
    """Keep the students who aim for one award and sat something again, or nothing, with their modules."""
    again = {row["student_id"] for row in tables["marks"] if row.get("attempt") not in {None, "", "1"}}
    kept = {
        row["student_id"]
        for row in tables["students"]
        if row["award"] == award and (row["student_id"] in again) == sat_again
    }
    theirs = {name: [row for row in tables[name] if row["student_id"] in kept] for name in PEOPLE}
    used = {row.get("module") for listed in theirs.values() for row in listed}
    return theirs | {name: [row for row in tables[name] if row["module"] in used] for name in THINGS}


def frames(tables: Tables) -> dict[str, pl.DataFrame]:
    """Make frames of text; a column that a row does not have is blank there."""
    made = {}
    for name, listed in tables.items():
        if listed:
            columns = list(dict.fromkeys(column for row in listed for column in row))
            made[name] = pl.DataFrame(
                [[row.get(column, "") for column in columns] for row in listed],
                schema=dict.fromkeys(columns, pl.String),
                orient="row",
            )
    return made


def rows(text: str) -> list[Row]:
    """Read rows of text with commas."""
    return list(csv.DictReader(io.StringIO(text.strip())))


def _whole(tables: Tables) -> Tables:
    """Say what a case leaves unsaid: whole weights, enrolments by the marks, students who aim for nothing."""
    marks = tables["marks"]
    works = dict.fromkeys((row["module"], row["component"]) for row in marks)
    sat = dict.fromkeys((row["student_id"], row["module"]) for row in marks)
    tables.setdefault(
        "components",
        [{"module": module, "component": component, "weight": "100"} for module, component in works],
    )
    tables.setdefault("enrolments", [{"student_id": student, "module": module} for student, module in sat])
    people = dict.fromkeys(row["student_id"] for row in [*marks, *tables["enrolments"]])
    tables.setdefault("students", [{"student_id": student, "award": "none"} for student in people])
    return tables


def _apart(row: Row, case: str) -> Row:
    return {
        column: f"{case}-{value}" if column in {"student_id", "module"} and value else value
        for column, value in row.items()
    }
