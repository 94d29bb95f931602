"""The draw: which scripts are in a sample, and why (5.6.2; MS3, MS5).

Borderline fails are in. Of the others, a ranking is made of every script, and as many are taken from its top as are
drawn:

1. the lowest mark, then the highest (between equal marks, the smaller chance);
2. the first of every grade band that these are not in, by their turns: fuller bands mostly first; and what a quota
   asks for;
3. the first of every marker who is not there yet;
4. the others, so that every band has its share.

In a band of m scripts, the lowest and highest mark aside, the j-th stands at (j - 1 + u) / m, with a chance u from 0 to 1
of the band's own. Those that stand first are taken, and so each band has its share of any number drawn, rounded up
or down, and over many seeds exactly its share, however small it is. Within a band the cells of its markers take turns in
the same way. Within a cell scripts stand by their chances, and so each has the same chance to be drawn.

A mark that changes within its band leaves every number that this rests on as it was, unless it is, or becomes, the
lowest, the highest or a borderline fail. Whoever is drawn stays so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.moderation.chance import CELL_BITS, cell_chances, chances
from boardkit.moderation.scripts import GROUP
from boardkit.moderation.size import sizes
from boardkit.queries import work_out

if TYPE_CHECKING:
    from boardkit.moderation.scripts import Purpose
    from boardkit.regulations.moderation import Moderation, QuotaRule

REASONS = pl.Enum(tables.SAMPLE_REASONS)
"""Why a script is in a sample."""

_LOWEST, _HIGHEST, _BAND, _MARKER, _OTHER = range(5)
"""What a script is ranked for, the first the first to be taken."""

_FINE_BITS = 16
"""The places, in bits, that a turn is kept to: with 2**24 scripts it fills 60 bits, and is an exact whole number."""

_CELL = ["g", "b", "marker"]


def draw(
    rows: pl.DataFrame, groups: pl.DataFrame, rules: Moderation, *, seed: int, purpose: Purpose
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Draw a sample of every assessment.

    Args:
        rows: the scripts, as `find_scripts` gives them.
        groups: their assessments.
        rules: the rules of the pack.
        seed: what the sample is drawn from; kept with it.
        purpose: for whom: each has a draw of its own (5.7.3).

    Returns:
        The scripts that are in, with ``reason``, in the order of the rows; and the assessments with the numbers that
        their sizes rest on.
    """
    return take(with_chances(rows, groups, seed=seed, purpose=purpose), groups, rules)


def with_chances(rows: pl.DataFrame, groups: pl.DataFrame, *, seed: int, purpose: Purpose) -> pl.DataFrame:
    """Give every script all of chance that decides about it: its own ``chance``, its cell's and its band's."""
    made = rows.with_columns(chances(rows, groups, seed, purpose), b=pl.col("b").fill_null(-1))
    for by, name in ((_CELL, "of_cell"), (_CELL[:2], "of_band")):
        made = made.join(_begun(made, by, name, seed, purpose), on=by, how="left", maintain_order="left")
    return made


def take(rows: pl.DataFrame, groups: pl.DataFrame, rules: Moderation) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Take the samples, as ``draw`` tells, of scripts that have their chances: nothing here is left to chance."""
    counted = rows.group_by("g").agg(fails=pl.col("fail").sum().cast(pl.Int64)).sort("g")
    sized = sizes(groups.join(counted, on="g", maintain_order="left"), rules)
    ranked = _rank(_ends(rows, rules).filter(~pl.col("fail")), rules)
    sized = _at_least(sized, ranked)
    places = ranked.join(sized.select("g", "drawn"), on="g", maintain_order="left")
    taken = places.filter(pl.col("place") <= pl.col("drawn")).select("g", "student_id", "tier")
    drawn = (
        rows.join(taken, on=["g", "student_id"], how="left", maintain_order="left")
        .join(sized.select("g", "whole"), on="g", maintain_order="left")
        .filter(pl.col("fail") | pl.col("tier").is_not_null())
        .with_columns(reason=_reason())
        .drop("tier", "whole", "chance", "of_cell", "of_band")
    )
    return drawn, sized


def _at_least(sized: pl.DataFrame, ranked: pl.DataFrame) -> pl.DataFrame:
    """Draw what a quota asks for, and the ends as far as the size goes, where fails among the size leave no place for them."""
    kept = ranked.group_by("g").agg(
        must=pl.col("must").sum().cast(pl.Int64), ends=(pl.col("tier") < _BAND).sum().cast(pl.Int64)
    )
    made = sized.join(kept, on="g", how="left", maintain_order="left").with_columns(
        pl.col("must", "ends").fill_null(0)
    )
    made = made.with_columns(drawn=pl.max_horizontal("drawn", "must", pl.min_horizontal("ends", "size")))
    return made.with_columns(size=pl.col("drawn") + pl.col("fails")).drop("must", "ends")


def _reason() -> pl.Expr:
    return (
        pl.when("whole")
        .then(pl.lit("whole-cohort"))
        .when("fail")
        .then(pl.lit("borderline-fail"))
        .when(pl.col("tier") == _LOWEST)
        .then(pl.lit("lowest"))
        .when(pl.col("tier") == _HIGHEST)
        .then(pl.lit("highest"))
        .otherwise(pl.lit("range"))
        .cast(REASONS)
    )


def _ends(rows: pl.DataFrame, rules: Moderation) -> pl.DataFrame:
    """Find the lowest and the highest mark of every assessment, borderline fails among them."""
    tier = pl.lit(_OTHER, dtype=pl.Int8)
    if not rules.range.ends:
        return rows.with_columns(tier=tier)
    place = pl.int_range(pl.len()).over("g") == 0
    low = rows.sort("g", "mark", "chance").with_columns(lowest=place)
    high = low.sort("g", "lowest", -pl.col("mark"), "chance").with_columns(highest=place & ~pl.col("lowest"))
    tier = pl.when("lowest").then(_LOWEST).when("highest").then(_HIGHEST).otherwise(tier).cast(pl.Int8)
    return high.with_columns(tier=tier).drop("lowest", "highest")


def _rank(pool: pl.DataFrame, rules: Moderation) -> pl.DataFrame:
    """Rank every script of every assessment; ``must`` are those that a quota asks for, and the ends beside them."""
    end = pl.col("tier") < _BAND
    placed = (
        pool.lazy()
        .sort("g", "b", "marker", "tier", "chance")
        .with_columns(turn=_turn(_CELL, "of_cell"))
        .sort("g", "b", ~end, "turn", "chance")
        .with_columns(share=_turn(_CELL[:2], "of_band"), at=pl.int_range(1, pl.len() + 1).over("g", "b"))
        .with_columns(asked=_quotas(rules.quotas), first=(pl.col("at") == 1) & pl.lit(rules.range.bands))
        .with_columns(
            tier=_at_most(_BAND, pl.col("first") | pl.col("asked")),
            must=pl.col("asked") | (end & pl.col("asked").any().over("g")),
        )
    )
    if rules.range.markers:
        new = pl.int_range(pl.len()).over("g", "marker") == 0
        placed = placed.sort("g", ~pl.col("must"), "tier", "share", "chance").with_columns(
            tier=_at_most(_MARKER, new & (pl.col("marker") != ""))
        )
    return (
        placed.sort("g", ~pl.col("must"), "tier", "share", "chance")
        .with_columns(place=pl.int_range(1, pl.len() + 1).over("g"))
        .select("g", "student_id", "place", "tier", "must")
        .pipe(work_out)
    )


def _begun(rows: pl.DataFrame, by: list[str], name: str, seed: int, purpose: Purpose) -> pl.DataFrame:
    """Give every cell, or every band, the chance at which its turns begin."""
    key = [*GROUP, "band", *by[2:]]
    cells = rows.select(*by[:2], *GROUP, pl.col("band").fill_null(""), *by[2:]).unique(by).sort(by)
    return cells.select(*by, cell_chances(cells.select(key), seed, purpose).alias(name))


def _turn(by: list[str], begun: str) -> pl.Expr:
    """Set the scripts of a cell or band in turn: the j-th of m at (j - 1 + u) / m, in whole numbers; the ends first."""
    ends = (pl.col("tier") < _BAND).sum().over(by).cast(pl.Int64)
    before = pl.int_range(pl.len()).over(by) - ends
    turn = (before * (1 << CELL_BITS) + pl.col(begun)) * (1 << _FINE_BITS)
    return pl.when(before >= 0).then(turn // pl.max_horizontal(pl.len().over(by) - ends, 1)).otherwise(-1)


def _at_most(tier: int, where: pl.Expr) -> pl.Expr:
    """Rank a script for something, unless it is ranked for more."""
    return pl.when(where).then(pl.min_horizontal("tier", pl.lit(tier, dtype=pl.Int8))).otherwise("tier")


def _quotas(quotas: list[QuotaRule]) -> pl.Expr:
    """Tell which scripts a quota of their band asks for."""
    asked = pl.lit(value=False)
    for quota in quotas:
        asked = asked | ((pl.col("band") == quota.band) & (pl.col("at") <= quota.least)).fill_null(
            value=False
        )
    return asked
