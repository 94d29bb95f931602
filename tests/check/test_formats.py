"""One cohort gives the same tables whichever way it comes, and in whatever order its rows stand."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

import boardkit as bk
from boardkit.demo import demo, write_folder, write_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import polars as pl

Tables = dict[str, "pl.DataFrame"]
COMPARED = ("components", "modules", "awards", "progression", "penalties", "trace")
CASES = [
    pytest.param(study, faults, id=f"{study}{' with faults' if faults else ''}")
    for study in ("undergraduate", "postgraduate")
    for faults in (False, True)
]


@cache
def made(study: str, faults: bool) -> Tables:  # noqa: FBT001 - the key of a cache
    return demo(120, study=study, faults=faults)


def outcome(source: Path | Mapping[str, pl.DataFrame]) -> tuple[dict[str, str], list[tuple[str, ...]]]:
    """Give the output tables as the bytes of files, and the problems without their places."""
    board = bk.assess(bk.read(source), "qmu-2022")
    problems = board.polars.problems.select("severity", "code", "column", "message").fill_null("")
    return {name: board.polars[name].write_csv() for name in COMPARED}, sorted(problems.rows())


@cache
def plain(study: str, faults: bool) -> tuple[dict[str, str], list[tuple[str, ...]]]:  # noqa: FBT001
    return outcome(made(study, faults))


def as_csv(tables: Tables, folder: Path) -> Path:
    write_folder(tables, folder / "board")
    return folder / "board"


def as_parquet(tables: Tables, folder: Path) -> Path:
    write_folder(tables, folder / "board", parquet=True)
    return folder / "board"


def as_workbook(tables: Tables, folder: Path) -> Path:
    write_workbook(tables, folder / "board.xlsx")
    return folder / "board.xlsx"


def shuffled(tables: Tables) -> Tables:
    return {name: table.sample(fraction=1, shuffle=True, seed=11) for name, table in tables.items()}


@pytest.mark.parametrize(("study", "faults"), CASES)
def test_a_demo_has_problems_only_where_it_has_faults(study: str, *, faults: bool) -> None:
    tables, problems = plain(study, faults)
    assert tables["awards"].count("\n") == 121
    errors = {code for severity, code, *_ in problems if severity == "error"}
    planted = {"not-a-mark", "mark-out-of-range", "mark-missing", "rows-differ", "student-unknown"}
    assert errors == (planted if faults else set())


@pytest.mark.parametrize("write", [as_csv, as_parquet, as_workbook])
@pytest.mark.parametrize(("study", "faults"), CASES)
def test_every_format_gives_the_same(
    study: str, write: Callable[[Tables, Path], Path], tmp_path: Path, *, faults: bool
) -> None:
    assert outcome(write(made(study, faults), tmp_path)) == plain(study, faults)


@pytest.mark.parametrize(("study", "faults"), CASES)
def test_the_order_of_rows_does_not_count(study: str, tmp_path: Path, *, faults: bool) -> None:
    mixed = shuffled(made(study, faults))
    assert not mixed["marks"].equals(made(study, faults)["marks"])
    assert outcome(mixed) == plain(study, faults)
    if faults:
        assert outcome(as_workbook(mixed, tmp_path)) == plain(study, faults)
