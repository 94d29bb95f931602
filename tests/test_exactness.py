"""Exact to the end: no amount of credit overflows an average, and marks print with the places that a pack records."""

from __future__ import annotations

from fractions import Fraction
from importlib import resources
from typing import TYPE_CHECKING

import polars as pl

import boardkit as bk

if TYPE_CHECKING:
    from pathlib import Path


def taken(marks: dict[int, list[str]], credit: str) -> dict[str, pl.DataFrame]:
    rows = [
        ("S", f"M{level}{at:03}", str(level), credit, mark, "pass")
        for level, listed in marks.items()
        for at, mark in enumerate(listed)
    ]
    columns = ["student_id", "module", "scqf_level", "credits", "mark", "outcome"]
    return {
        "marks": pl.DataFrame(
            {"student_id": ["S"], "module": ["A"], "component": ["C"], "mark": ["50"], "attempt": ["1"]}
        ),
        "modules": pl.DataFrame({"module": ["A"], "scqf_level": ["7"], "credits": ["20"]}),
        "components": pl.DataFrame({"module": ["A"], "component": ["C"], "weight": ["1"]}),
        "students": pl.DataFrame({"student_id": ["S"], "award": ["honours"]}),
        "results": pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row"),
    }


def test_no_amount_of_credit_overflows_an_average() -> None:
    """400 modules of 10,000 credits a level: the average is what it is with 400 of 1 credit."""
    marks = {9: ["68.7", "71.3"] * 200, 10: ["69.1", "69.5"] * 200}
    exact = Fraction(20, 100) * 70 + Fraction(80, 100) * Fraction(693, 10)
    assert round(float(exact), 2) == 69.44
    board = bk.assess(bk.read(taken(marks, "10000")), "qmu-2022")
    assert [str(mark) for mark in board.polars.awards["average"]] == ["69.4"]


def test_marks_print_with_the_places_that_the_pack_records(tmp_path: Path) -> None:
    shipped = resources.files("boardkit.regulations") / "packs" / "qmu-2022.toml"
    text = shipped.read_text("utf-8")
    for name in ("module", "award"):
        text = text.replace(
            f'{name} = {{ places = 1, mode = "half-up"', f'{name} = {{ places = 2, mode = "half-up"'
        )
    (tmp_path / "two.toml").write_text(text, "utf-8")
    given = taken({9: ["60.25"], 10: ["60.25"]}, "120")
    board = bk.assess(bk.read(given), tmp_path / "two.toml")
    assert [str(mark) for mark in board.polars.modules["mark"]] == ["50.00", "60.25", "60.25"]
    assert [str(mark) for mark in board.polars.awards["average"]] == ["60.25"]
    assert "Average 60.25" in board.polars.awards["reason"].item()
    assert set(board.polars.trace.filter(rule="average")["after"]) == {"60.25"}
