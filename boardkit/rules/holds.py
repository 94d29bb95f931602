"""Holds: what penalties for misconduct keep students from - assessment, an award, the class worked out, a reassessment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.rules.decided import classes_of
from boardkit.rules.tariff import DECIDED, PLACE

if TYPE_CHECKING:
    from datetime import date

    from polars._typing import PolarsDataType

    from boardkit.regulations.misconduct import Misconduct
    from boardkit.regulations.model import Regulations

HOLDS: dict[str, PolarsDataType] = {
    "s": pl.UInt32,
    "kind": pl.String,
    "module": pl.String,
    "penalty": pl.String,
    "until": pl.Date,
    "_src": pl.UInt16,
    "_row": pl.UInt32,
}
ASSESSMENT, AWARD, CLASS, MODULE = "assessment", "award", "class", "module"
"""What a student is kept from: being assessed, an award, the class worked out, a reassessment in a module."""


def find_holds(rows: pl.DataFrame, rules: Misconduct, on: date | None) -> pl.DataFrame:
    """Find what students are kept from by penalties that stand, and have not run out by the day of the board."""
    today = pl.lit(on, dtype=pl.Date)
    standing = rows.filter(pl.col("state") == DECIDED)
    kept = standing.filter((pl.col("bar_until") > today).fill_null(value=True))
    parts = [pl.DataFrame(schema=HOLDS)]
    for penalty in rules.penalties:
        given = pl.col("penalty") == penalty.id
        forever = pl.lit(None, dtype=pl.Date)
        if penalty.bar is not None:
            parts.append(_hold(kept.filter(given), penalty.bar.of, pl.col("bar_until")))
        if penalty.excludes is not None:
            parts.append(_hold(standing.filter(given), penalty.excludes, forever))
        if penalty.lower_class:
            parts.append(_hold(standing.filter(given), CLASS, forever))
        if penalty.no_reassessment:
            parts.append(_hold(standing.filter(given), MODULE, forever))
    return pl.concat(parts).sort("s", "kind", "penalty", *PLACE)


def _hold(rows: pl.DataFrame, kind: str, until: pl.Expr) -> pl.DataFrame:
    return rows.select("s", pl.lit(kind).alias("kind"), "module", "penalty", until.alias("until"), *PLACE)


def hold_sentences(holds: pl.DataFrame, rules: Misconduct) -> pl.DataFrame:
    """Say of every hold what it is, with its clause.

    Args:
        holds: what students are kept from.
        rules: the pack's section of misconduct.

    Returns:
        The rows with ``source`` and ``said``.
    """
    sources = {one.id: one.source for one in rules.penalties}
    day = pl.concat_str(pl.lit(" before "), pl.col("until").dt.to_string("%Y-%m-%d"))
    kind, until = pl.col("kind"), pl.col("until").is_not_null()
    said = (
        pl.when((kind == AWARD) & until)
        .then(pl.concat_str(pl.lit("No award"), day))
        .when(kind == AWARD)
        .then(pl.lit("Excluded from the award"))
        .when((kind == ASSESSMENT) & until)
        .then(pl.concat_str(pl.lit("Not to be assessed again"), day))
        .when(kind == ASSESSMENT)
        .then(pl.lit("Excluded from any further assessment"))
        .when(kind == CLASS)
        .then(pl.lit("A lower class is to be given, and the board decides which"))
        .otherwise(pl.concat_str(pl.lit("No reassessment in "), pl.col("module").fill_null("the module")))
    )
    source = pl.col("penalty").replace_strict(sources, default=None, return_dtype=pl.String)
    return holds.with_columns(source=source).with_columns(
        said=pl.concat_str(said, pl.lit(" ("), "source", pl.lit(")."))
    )


def decided_lower(pack: Regulations) -> pl.Expr:
    """Tell whether the class that a board has decided is lower than the one worked out; null where either is none."""
    ranks = {
        f"{award} {name}": at
        for award, award_rules in pack.awards.each()
        for at, name in enumerate(classes_of(award_rules))
    }

    def rank(column: str) -> pl.Expr:
        named = pl.concat_str(pl.col("award").cast(pl.String), pl.lit(" "), pl.col(column).cast(pl.String))
        return named.replace_strict(ranks, default=None, return_dtype=pl.Int32)

    return rank("decided") > rank("computed")


def with_holds(classified: pl.DataFrame, holds: pl.DataFrame, pack: Regulations) -> pl.DataFrame:
    """Add to every student's award what penalties keep it from.

    Args:
        classified: averages and classes, with those that a board has decided.
        holds: what penalties keep students from.
        pack: the regulations.

    Returns:
        The rows with ``kept``, what is said of it, and ``beside``, a word or two to stand beside the class. A lower class that is still to be given is said until the class
        decided is lower than the one worked out.
    """
    rules = pack.misconduct
    holds = holds.filter(pl.col("kind") != MODULE)
    if holds.is_empty() or rules is None:
        nothing = pl.lit(None, dtype=pl.String)
        return classified.with_columns(kept=nothing, beside=nothing)
    told = hold_sentences(holds, rules).group_by("s", maintain_order=True)
    lower = pl.col("kind") == CLASS
    barred = pl.col("kind").is_in([ASSESSMENT, AWARD])
    summed = told.agg(
        excluded=(barred & pl.col("until").is_null()).any(),
        barred=barred.any(),
        kept=pl.col("said").unique(maintain_order=True).str.join(" "),
        but_class=pl.col("said").filter(~lower).unique(maintain_order=True).str.join(" "),
    )
    joined = classified.join(summed, on="s", how="left", maintain_order="left")
    kept = (
        pl.when(decided_lower(pack).fill_null(value=False))
        .then("but_class")
        .otherwise("kept")
        .replace("", None)
    )
    beside = (
        pl.when("excluded")
        .then(pl.lit("excluded"))
        .when("barred")
        .then(pl.lit("barred"))
        .when(pl.col("kept").is_not_null())
        .then(pl.lit("lower class due"))
    )
    return joined.with_columns(kept=kept).with_columns(beside=beside).drop("but_class", "excluded", "barred")
