"""Markers: which grade band a mark is in, and whether markers differ by more than the regulations let stand (5.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import hundredths

if TYPE_CHECKING:
    from boardkit.regulations.model import Regulations
    from boardkit.regulations.studies import StudyRules
    from boardkit.rules.ground import Ground


def band(mark: pl.Expr, rules: StudyRules) -> tuple[pl.Expr, pl.Expr]:
    """Give the place, from the lowest, and the name of the grade band that a mark is in (7.2); null for no mark."""
    place, name = pl.lit(None, dtype=pl.Int8), pl.lit(None, dtype=pl.String)
    bands = [] if rules.grades is None else rules.grades.bands
    for at, (grade, lowest) in enumerate(reversed(bands)):
        reached = mark >= hundredths(lowest)
        place = pl.when(reached).then(pl.lit(at, dtype=pl.Int8)).otherwise(place)
        name = pl.when(reached).then(pl.lit(grade)).otherwise(name)
    return place, name


def bands(mark: pl.Expr, study: pl.Expr, pack: Regulations) -> tuple[pl.Expr, pl.Expr]:
    """Give the place and the name of a mark's band by the bands of its module's study; null where that is not known."""
    place, name = pl.lit(None, dtype=pl.Int8), pl.lit(None, dtype=pl.String)
    for one, rules in pack.studies.each():
        here = study.cast(pl.String) == one
        number, grade = band(mark, rules)
        place = pl.when(here).then(number).otherwise(place)
        name = pl.when(here).then(grade).otherwise(name)
    return place, name


def across(one: pl.Expr, other: pl.Expr, study: pl.Expr, pack: Regulations) -> pl.Expr:
    """Tell whether a grade boundary lies between two marks, and the pack minds it."""
    if pack.moderation is None or not pack.moderation.tolerance.boundaries:
        return pl.lit(value=False)
    return (bands(one, study, pack)[0] != bands(other, study, pack)[0]).fill_null(value=False)


def beyond(one: pl.Expr, other: pl.Expr, pack: Regulations) -> pl.Expr:
    """Tell whether two marks are further apart than the pack lets stand; any difference is, where it says nothing."""
    within = 0 if pack.moderation is None else hundredths(pack.moderation.tolerance.points)
    return ((one - other).abs() > within).fill_null(value=False)


def unsettled(one: pl.Expr, other: pl.Expr, study: pl.Expr, pack: Regulations) -> pl.Expr:
    """Tell whether two marks differ so that one has to be agreed: too far apart, or across a grade boundary (5.3)."""
    return beyond(one, other, pack) | across(one, other, study, pack)


def differ(ground: Ground, pack: Regulations) -> pl.Expr:
    """Tell whether a second or third marker's mark differs from the first's so that one has to be agreed (5.3).

    The rows have ``mark``, ``second_mark``, ``third_mark`` and the number ``m`` of their module.
    """
    mark, others = pl.col("mark"), [pl.col("second_mark"), pl.col("third_mark")]
    apart = [beyond(mark, other, pack) for other in others]
    if pack.moderation is not None and pack.moderation.tolerance.points:
        studies = dict(zip(ground.modules["m"].to_list(), ground.modules["study"].to_list(), strict=True))
        study = pl.col("m").replace_strict(studies, default=None, return_dtype=pl.String)
        apart += [across(mark, other, study, pack) for other in others]
    return pl.any_horizontal(apart)
