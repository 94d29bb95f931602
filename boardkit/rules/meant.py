"""Meant: which pieces of work a decided penalty is about, or why that cannot be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import hundredths
from boardkit.rules.tariff import DECIDED, PLACE
from boardkit.years import begun, year_begun

if TYPE_CHECKING:
    from polars._typing import PolarsDataType

    from boardkit.cohort import Cohort
    from boardkit.regulations.misconduct import Misconduct, Penalty

MEANT: dict[str, PolarsDataType] = {
    "s": pl.UInt32,
    "e": pl.UInt32,
    "k": pl.UInt32,
    "at": pl.UInt32,
    "attempt": pl.Int16,
    "module": pl.String,
    "component": pl.String,
    "penalty": pl.String,
    "most": pl.Int32,
    "sat": pl.Boolean,
    "deferred": pl.Boolean,
    "result": pl.Int32,
    "of": pl.String,
    "left": pl.String,
    "ill": pl.String,
    "_src": pl.UInt16,
    "_row": pl.UInt32,
}
"""A piece of work that a penalty is about.

``left`` is why one of the year is not lowered all the same; ``ill`` names what is not stated where the work cannot be told,
or is empty where it is nowhere.
"""

OWN: dict[str, PolarsDataType] = {"s": pl.UInt32, "at": pl.UInt32, "_src": pl.UInt16, "_row": pl.UInt32}

RETAKE, KINDLESS, UNDATED = "retake", "no kind", "no year"
"""Why a penalty for a year leaves work as it is, besides what sets the work apart."""


def find_meant(judged: pl.DataFrame, works: pl.DataFrame, rules: Misconduct, cohort: Cohort) -> pl.DataFrame:
    """Find the work that each decided penalty is about.

    Args:
        judged: the offences with ``s``, as they were held against the tariff.
        works: offenders' work.
        rules: the pack's section of misconduct.
        cohort: the board's facts.

    Returns:
        Rows in the shape of ``MEANT``. Where what a row leaves out could be several things, or its work is nowhere, ``ill``
        says so.
    """
    parts = [pl.DataFrame(schema=MEANT)]
    for penalty in rules.penalties:
        mine = judged.filter((pl.col("state") == DECIDED) & (pl.col("penalty") == penalty.id))
        if penalty.marks is None or mine.is_empty():
            continue
        named = _named(penalty, mine, cohort)
        found = _of_year if penalty.marks.of == "year" else _of_work
        parts.append(
            found(penalty, named, works)
            .with_columns(of=pl.lit(penalty.marks.of))
            .pipe(_with_left)
            .select(pl.col(name).cast(dtype) for name, dtype in MEANT.items())
        )
    return pl.concat(parts)


def _named(penalty: Penalty, rows: pl.DataFrame, cohort: Cohort) -> pl.DataFrame:
    """Take from offences what they name, and to what they lower marks."""
    rule = penalty.marks
    if rule is None:
        raise TypeError("a penalty that lowers no marks is about none")
    own = pl.lit(None if rule.value is None else hundredths(rule.value), dtype=pl.Int32)
    of_board = pl.lit(begun(cohort.facts.values.get("academic_year")), dtype=pl.String)
    return rows.select(
        "s",
        "penalty",
        *PLACE,
        most=pl.coalesce(pl.col("mark").cast(pl.Int32), own) if rule.stated else own,
        on_module="module",
        on_component="component",
        on_attempt="attempt",
        in_year=year_begun(pl.col("academic_year")).fill_null(of_board),
    )


def _with_left(found: pl.DataFrame) -> pl.DataFrame:
    return found if "left" in found.columns else found.with_columns(left=pl.lit(None, dtype=pl.String))


def _of_year(penalty: Penalty, named: pl.DataFrame, works: pl.DataFrame) -> pl.DataFrame:
    """Find the year's work of the kinds asked for, and what of it is left for the board.

    An attempt at a piece of work that follows another of that year, and comes later in the year than the one that the
    offence is in, is a retake: the student may have been let in again by the penalty itself (T8).
    """
    rule = penalty.marks
    kinds = [kind.lower() for kind in rule.kinds] if rule is not None else []
    blank = pl.col("kind").is_null()
    asked = (pl.col("kind").is_in(kinds) | blank) if kinds else pl.lit(value=True)
    kindless = blank if kinds else pl.lit(value=False)
    held = pl.col("at").is_null()
    theirs = named.join(works.filter(~pl.col("deferred")), on="s", maintain_order="left").filter(
        (held & pl.col("undated")) | pl.col("begun").eq_missing(pl.col("in_year"))
    )
    told = pl.col("sat") | (held & (pl.col("result") > pl.col("most")).fill_null(value=True))
    left = (
        pl.when(pl.col("apart").is_not_null())
        .then("apart")
        .when(held & pl.col("undated"))
        .then(pl.lit(UNDATED))
        .when(~held & kindless)
        .then(pl.lit(KINDLESS))
        .when(~held & (pl.col("place") > pl.col("own_place")))
        .then(pl.lit(RETAKE))
    )
    return _placed(theirs).filter(asked & told).with_columns(left=left, ill=pl.lit(None, dtype=pl.String))


def _placed(theirs: pl.DataFrame) -> pl.DataFrame:
    """Add each attempt's ``place`` among the year's at its piece of work, and that of the attempt the offence is in."""
    placed = theirs.with_columns(place=pl.col("attempt").rank("dense").over(*PLACE, "e", "k"))
    named = ("on_module", "module"), ("on_attempt", "attempt")
    own = pl.all_horizontal((pl.col(here) == pl.col(there)).fill_null(value=False) for here, there in named)
    part = (pl.col("on_component") == pl.col("component")).fill_null(value=True)
    own_place = pl.when(own & part).then("place").max().over(*PLACE)
    return placed.with_columns(own_place=own_place.fill_null(1))


def _of_work(penalty: Penalty, named: pl.DataFrame, works: pl.DataFrame) -> pl.DataFrame:
    """Find the one attempt at one piece of work, or module, that a row can mean, results of earlier boards included."""
    asked = {"module": "on_module", "attempt": "on_attempt"}
    if penalty.marks is not None and penalty.marks.of == "assessment":
        asked["component"] = "on_component"
    near = named.join(works, on="s", maintain_order="left")
    meant = near.filter(_fits(asked))
    several = pl.concat_str(
        [
            pl.when(pl.col(here).is_null() & (pl.col(there).n_unique().over(*PLACE) > 1)).then(pl.lit(there))
            for there, here in asked.items()
        ],
        separator=", ",
        ignore_nulls=True,
    )
    told = meant.with_columns(ill=pl.when(several != "").then(several))
    if penalty.retake_at_pass_mark:
        told = pl.concat([told, _before_a_retake(near, told, asked)])
    nowhere = named.join(told, on=list(PLACE), how="anti", maintain_order="left").with_columns(ill=pl.lit(""))
    return pl.concat([told, nowhere], how="diagonal")


def _fits(asked: dict[str, str]) -> pl.Expr:
    """Tell whether work is what a row names; what the row leaves out fits everything."""
    return pl.all_horizontal(
        (pl.col(there) == pl.col(here)).fill_null(value=True) for there, here in asked.items()
    )


def _before_a_retake(near: pl.DataFrame, told: pl.DataFrame, asked: dict[str, str]) -> pl.DataFrame:
    """Find work at a named attempt that nothing here holds, and of which a later attempt is here: its retake is capped."""
    stated = {there: here for there, here in asked.items() if there != "attempt"}
    later = near.join(told, on=list(PLACE), how="anti", maintain_order="left").filter(
        _fits(stated) & (pl.col("attempt") > pl.col("on_attempt")) & pl.col("k").is_not_null()
    )
    return (
        later.filter(pl.col("k").n_unique().over(*PLACE) == 1)
        .unique(["k", *PLACE], maintain_order=True)
        .with_columns(
            attempt="on_attempt",
            at=pl.lit(None, dtype=pl.UInt32),
            sat=pl.lit(None, dtype=pl.Boolean),
            deferred=pl.lit(value=False),
            result=pl.lit(None, dtype=pl.Int32),
            ill=pl.lit(None, dtype=pl.String),
        )
        .select(told.columns)
    )


def find_own(rows: pl.DataFrame, works: pl.DataFrame) -> pl.DataFrame:
    """Find the work with a mark here that each offence's row may be about, in the shape of ``OWN``.

    Args:
        rows: the offences with ``s``.
        works: offenders' work.
    """
    named = rows.select("s", *PLACE, on_module="module", on_component="component", on_attempt="attempt")
    near = named.join(works.filter(pl.col("sat")), on="s", maintain_order="left")
    asked = {name: f"on_{name}" for name in ("module", "component", "attempt")}
    return near.filter(_fits(asked)).select(pl.col(name).cast(dtype) for name, dtype in OWN.items())
