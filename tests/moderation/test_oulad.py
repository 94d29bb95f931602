"""Every assessment of the Open University's dataset is sampled in one run, each with the size that is counted apart."""

from __future__ import annotations

import math
import os
from pathlib import Path

import polars as pl
import pytest

import boardkit as bk
from tests.moderation.cohorts import moderate

DATA = Path(os.environ.get("BOARDKIT_TEST_DATA", "")) / "oulad"
real = pytest.mark.skipif(
    not os.environ.get("BOARDKIT_TEST_DATA"),
    reason="BOARDKIT_TEST_DATA does not name the folder with the test files",
)


@real
def test_every_assessment_of_all_presentations() -> None:
    """Nothing but the files: marks that are there, those from 38 to below 40, the root rounded by floats."""
    given = pl.read_csv(DATA / "studentAssessment.csv", null_values="?").drop_nulls("score")
    borderline = given["score"].is_between(38, 40, closed="left")
    counted = (
        given.with_columns(borderline=borderline)
        .group_by(pl.col("id_assessment").cast(pl.String).alias("component"))
        .agg(
            n=pl.len(),
            fails=pl.col("borderline").sum(),
            lowest=pl.col("score").min(),
            highest=pl.col("score").max(),
        )
    )
    made = moderate(bk.read(DATA, kind="oulad"), regulations="qmu-2022", seed=2022)
    found = made.polars.sample
    assert made.groups.height == counted.height == 188
    assert made.scripts.rows.height == given.height
    drawn = found.group_by("component").agg(
        size=pl.len(),
        low=pl.col("mark").min().cast(pl.Float64),
        high=pl.col("mark").max().cast(pl.Float64),
        fails_in=(pl.col("reason") == "borderline-fail").sum(),
    )
    both = counted.join(drawn, on="component")
    assert both.height == 188
    for row in both.to_dicts():
        root = math.floor(math.sqrt(row["n"]) + 0.5)
        assert row["size"] == min(row["n"], max(6, root + row["fails"])), row
        assert (row["low"], row["high"]) == (row["lowest"], row["highest"]), row
        assert row["fails_in"] == row["fails"] or row["n"] <= 6, row
