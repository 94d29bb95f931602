"""Samples stand up: a mark that changes moves hardly anything, and within a stratum each script has the same chance."""

from __future__ import annotations

import random

import numpy as np
import polars as pl
import pytest

from boardkit.moderation.chance import cell_chances, chances
from boardkit.moderation.draw import draw, take
from boardkit.regulations import load
from tests.moderation.cohorts import band, usual

RULES = load("qmu-2022").rules.moderation
CHANGES, SEEDS = 1_000, 10_000
GRADES = ["F", "E", "D", "C", "B", "A", "A*"]


def taken(marks: list[int], markers: list[str], seed: int) -> set[str]:
    """What is drawn of one assessment, without reading it from tables first."""
    drawn, _ = draw(*scripts(marks, markers, 1), RULES, seed=seed, purpose="internal")
    return set(drawn["student_id"])


def counts(marks: list[int], markers: list[str], seeds: int) -> dict[str, int]:
    """How often each script is drawn by so many seeds: each seed's chances, and all of them taken at once."""
    cast, groups = by_seeds(marks, markers, seeds)
    counted = dict(take(cast, groups, RULES)[0].group_by("student_id").len().iter_rows())
    return {student: counted.get(student, 0) for student in cast["student_id"].unique()}


def by_seeds(marks: list[int], markers: list[str], seeds: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One assessment as every seed casts its chances, a group a seed."""
    rows, groups = scripts(marks, markers, 1)
    cells = {}
    for name, by in (("of_cell", ["band", "marker"]), ("of_band", ["band"])):
        each = rows.select("module", "component", "attempt", *by).unique(maintain_order=True)
        at = rows.join(each.with_row_index("at"), on=by, how="left", maintain_order="left")["at"]
        cells[name] = each, at.to_numpy()
    cast: dict[str, list[np.ndarray]] = {"chance": [], **{name: [] for name in cells}}
    for seed in range(seeds):
        cast["chance"].append(chances(rows, groups, seed, "internal").to_numpy())
        for name, (each, at) in cells.items():
            cast[name].append(cell_chances(each, seed, "internal").to_numpy()[at])
    numbers = pl.DataFrame({"g": range(seeds)}, schema={"g": pl.UInt32})
    made = numbers.join(rows.drop("g"), how="cross", maintain_order="left_right")
    of_all = {name: np.concatenate(parts) for name, parts in cast.items()}
    return made.with_columns(**of_all), groups.drop("g").join(numbers, how="cross")


def scripts(marks: list[int], markers: list[str], alike: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    one = pl.DataFrame(
        {
            "student_id": [f"{at:05d}" for at in range(len(marks))],
            "mark": marks,
            "marker": markers,
            "band": [band(mark) for mark in marks],
            "b": [GRADES.index(band(mark)) for mark in marks],
            "fail": [3_800 <= mark < 4_000 for mark in marks],
        }
    )
    groups = pl.DataFrame({"g": range(alike)}, schema={"g": pl.UInt32}).with_columns(
        module=pl.lit("A"),
        component=pl.col("g").cast(pl.String).str.zfill(3),
        attempt=pl.lit(1),
        n=pl.lit(len(marks), dtype=pl.Int64),
    )
    return groups.drop("n").join(one, how="cross"), groups


def changed_within_its_band(marks: list[int], rng: random.Random) -> list[int]:
    at = rng.randrange(len(marks))
    where = GRADES.index(band(marks[at]))
    lowest = [0, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000, 10_001]
    changed = list(marks)
    changed[at] = rng.randrange(lowest[where], lowest[where + 1])
    return changed


@pytest.mark.parametrize(("markers", "centre"), [(1, 5_800), (4, 5_800), (3, 4_400)])
def test_a_mark_that_changes_within_its_band_leaves_the_sample_nearly_as_it_was(
    markers: int, centre: int
) -> None:
    rng = random.Random(17)
    overlaps = []
    for at in range(CHANGES):
        if at % 50 == 0:
            marks = usual(100, at, mean=centre)
            who = [f"M{rng.randrange(markers)}" for _ in marks]
            before = taken(marks, who, at)
        after = taken(changed_within_its_band(marks, rng), who, at // 50 * 50)
        overlaps.append(len(before & after) / len(before | after))
    mean = sum(overlaps) / CHANGES
    assert mean >= 0.98, mean


def test_within_a_stratum_each_script_has_the_same_chance() -> None:
    """Chi-square over 10,000 seeds: a value beyond 99.99% of what chance alone gives would be unfair."""
    marks = usual(60, 3)
    who = ["M0" if at % 3 else "M1" for at in range(60)]
    counted = counts(marks, who, SEEDS)
    certain = {f"{marks.index(end(marks)):05d}" for end in (min, max)}
    certain |= {f"{at:05d}" for at, mark in enumerate(marks) if 3_800 <= mark < 4_000}
    assert all(counted[one] == SEEDS for one in certain)
    strata: dict[tuple[str, str], list[int]] = {}
    for at, mark in enumerate(marks):
        if f"{at:05d}" not in certain:
            strata.setdefault((band(mark), who[at]), []).append(counted[f"{at:05d}"])
    tested = 0
    for got in strata.values():
        mean = sum(got) / len(got)
        assert mean, "a stratum that is never seen"
        share = mean / SEEDS
        square = sum((count - mean) ** 2 for count in got) / (mean * (1 - share)) if share < 1 else 0.0
        free = len(got) - 1
        # Wilson and Hilferty: the cube root of a chi-square over its freedom is close to normal.
        if free:
            z = ((square / free) ** (1 / 3) - (1 - 2 / (9 * free))) / (2 / (9 * free)) ** 0.5
            assert z < 3.72, got
            tested += 1
    assert tested > 4


def test_the_seeds_taken_at_once_are_those_drawn_one_by_one() -> None:
    marks, who = usual(60, 3), ["M0" if at % 3 else "" for at in range(60)]
    cast, groups = by_seeds(marks, who, 20)
    drawn, _ = take(cast, groups, RULES)
    each = {seed: set(drawn.filter(g=seed)["student_id"]) for seed in range(20)}
    assert each == {seed: taken(marks, who, seed) for seed in range(20)}


def test_markers_who_are_not_named_are_not_seen_more_than_others() -> None:
    """Of a band that is rarely seen, half its scripts are of no named marker: each half is seen as often."""
    marks = [8_500] * 6 + [2_000, 9_900] + [5_500] * 150
    who = ["", "A"] * (len(marks) // 2)
    counted = counts(marks, who, SEEDS // 5)
    top = [counted[f"{at:05d}"] for at in range(6)]
    unnamed, named = sum(top[::2]), sum(top[1::2])
    assert abs(unnamed - named) < 4 * (unnamed + named) ** 0.5, top


def test_over_many_seeds_every_script_can_be_seen() -> None:
    """However small a marker's part of a band is, nobody can reckon that it is never looked at."""
    marks = usual(80, 4)
    who = [f"M{at % 7}" for at in range(80)]
    assert all(counts(marks, who, 3_000).values())


def test_bands_have_their_share() -> None:
    """Of 32 drawn of 1,000, each band has its share, give or take one script."""
    marks = usual(1_000, 8)
    drawn = taken(marks, ["M"] * 1_000, 3)
    fails = {f"{at:05d}" for at, mark in enumerate(marks) if 3_800 <= mark < 4_000}
    others = len(marks) - len(fails)
    for grade in GRADES:
        there = [at for at, mark in enumerate(marks) if band(mark) == grade and f"{at:05d}" not in fails]
        got = sum(f"{at:05d}" in drawn for at in there)
        assert abs(got - 32 * len(there) / others) < 1.5
