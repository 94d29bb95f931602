"""Every case of moderation: tables in, and what must be in the samples, whatever they are drawn from."""

from __future__ import annotations

import tomllib
from pathlib import Path

import polars as pl
import pytest

import boardkit as bk
from boardkit.moderation.double import double_marking
from boardkit.moderation.showed import showed
from boardkit.regulations import load
from tests.moderation.cohorts import moderate
from tests.test_cases import frames, rows

CASES = Path(__file__).parent / "cases"
SEEDS = (1, 2, 3)


def every(kind: str) -> list:
    return [
        pytest.param(case, id=f"{path.stem}: {case['name']}")
        for path in sorted(CASES.glob("*.toml"))
        for case in tomllib.loads(path.read_text("utf-8"))["case"]
        if kind in case
    ]


def key() -> pl.Expr:
    return pl.concat_str("module", "component", pl.col("attempt").cast(pl.String), separator=" ").alias(
        "what"
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("case", every("sizes"))
def test_sample(case: dict, seed: int) -> None:
    made = moderate(
        bk.read(frames(case)), regulations="qmu-2022", purpose=case.get("for", "internal"), seed=seed
    )
    assert dict(made.polars.assessments.select(key(), "size").iter_rows()) == case["sizes"]
    drawn = made.drawn.with_columns(key())
    assert dict(drawn.group_by("what").len().iter_rows()) == case["sizes"]
    for what, scripts in case["in"].items():
        reasons = dict(drawn.filter(what=what).select("student_id", "reason").iter_rows())
        assert {student: reasons.get(student) for student in scripts} == scripts
    assert dict(made.polars.notes.select(key(), "note").iter_rows()) == case.get("noted", {})


@pytest.mark.parametrize("case", every("expect"))
def test_double_marking(case: dict) -> None:
    made = double_marking(bk.read(frames(case)), load("qmu-2022")).select(
        pl.all().cast(pl.String).fill_null("")
    )
    wanted = rows(case["expect"]["double"])
    assert made.select(wanted[0].keys()).to_dicts() == wanted


@pytest.mark.parametrize("case", every("agreement"))
def test_what_moderation_showed(case: dict) -> None:
    made = showed(bk.read(frames(case)), load("qmu-2022")).tables["agreement"]
    wanted = rows(case["agreement"]["table"])
    assert made.select(wanted[0].keys()).select(pl.all().cast(pl.String).fill_null("")).to_dicts() == wanted
