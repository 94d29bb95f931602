"""A mark that cannot be used still says that its student is on its module."""

from __future__ import annotations

import polars as pl

import boardkit as bk


def test_a_typo_in_a_component_leaves_the_module_incomplete_and_not_gone() -> None:
    frames = {
        "students": pl.DataFrame({"student_id": ["1", "2"], "award": ["honours", "honours"]}),
        "modules": pl.DataFrame({"module": ["M", "N"], "scqf_level": [10, 10], "credits": [60, 60]}),
        "components": pl.DataFrame({"module": ["M", "N"], "component": ["Essay", "Essay"], "weight": [1, 1]}),
        "marks": pl.DataFrame(
            {
                "student_id": ["1", "1", "2", "2"],
                "module": ["M", "N", "M", "N"],
                "component": ["Essay", "Esay", "Essay", "Essay"],
                "mark": [72, 45, 65, 66],
            }
        ),
    }
    board = bk.assess(bk.read(frames), "qmu-2022")
    outcomes = {(row["student_id"], row["module"]): row["outcome"] for row in board.modules.to_dicts()}
    assert outcomes == {("1", "M"): "pass", ("1", "N"): "incomplete", ("2", "M"): "pass", ("2", "N"): "pass"}
    assert board.awards["classification"].to_list() == [None, "upper-second"]
