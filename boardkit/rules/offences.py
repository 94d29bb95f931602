"""Offences: what decided penalties for misconduct do on this board, to marks, modules, attempts and awards.

A penalty that is pending or refused does nothing. What one lowers is lowered with the caps for words and lateness: the
lowest stands (A4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.check.table import schema
from boardkit.rules.holds import HOLDS, MODULE, find_holds
from boardkit.rules.meant import MEANT, OWN, find_meant, find_own
from boardkit.rules.tariff import DECIDED, JUDGED, PLACE, REFUSED, STATE, judge_offences
from boardkit.rules.works import find_works

if TYPE_CHECKING:
    from polars._typing import PolarsDataType

    from boardkit.cohort import Cohort
    from boardkit.regulations.misconduct import Misconduct
    from boardkit.regulations.model import Regulations
    from boardkit.rules.ground import Ground
    from boardkit.rules.marks import Excuses

ROWS: dict[str, PolarsDataType] = {
    "s": pl.UInt32,
    **schema(tables.INPUT["misconduct"]),
    **PLACE,
    "_bad": pl.Boolean,
    **JUDGED,
    "lowered": pl.UInt32,
}
HITS: dict[str, PolarsDataType] = {
    "at": pl.UInt32,
    "s": pl.UInt32,
    "e": pl.UInt32,
    "k": pl.UInt32,
    "attempt": pl.Int16,
    "penalty": pl.String,
    "most": pl.Int32,
    "retake": pl.Boolean,
    **PLACE,
}
CEILINGS: dict[str, PolarsDataType] = {
    "s": pl.UInt32,
    "e": pl.UInt32,
    "attempt": pl.Int16,
    "penalty": pl.String,
    "most": pl.Int32,
    **PLACE,
}


@dataclass(frozen=True)
class Offences:
    """Established offences, and what the penalties that stand do.

    Args:
        rows: every offence, in the shape of ``ROWS``: what the tariff says of it, and how many marks it is given on.
        hits: marks that a penalty lowers, at most to ``most``; those of a later attempt are a ``retake``.
        ceilings: the most that a module's attempt is given.
        holds: what students are kept from, until a day or for good.
        meant: the work that the penalties are about, in the shape of ``MEANT``; some of it stands as it is.
        own: the work that each offence's row names, as far as it names any: ``s``, ``at``.
    """

    rows: pl.DataFrame
    hits: pl.DataFrame
    ceilings: pl.DataFrame
    holds: pl.DataFrame
    meant: pl.DataFrame
    own: pl.DataFrame

    def carried(self) -> pl.DataFrame:
        """Take, of the work that penalties are about, what results of earlier boards hold and something is left to lower of."""
        held = pl.col("at").is_null() & pl.col("sat").is_not_null() & pl.col("left").is_null()
        return self.meant.filter(held & (pl.col("result") > pl.col("most")).fill_null(value=True))

    def codes(self) -> list[str]:
        """Name the penalties that lower marks of this board."""
        return sorted(self.hits["penalty"].unique())


def no_offences() -> Offences:
    """Give what there is where nobody has offended, or the pack says nothing of it."""
    return Offences(*(pl.DataFrame(schema=shape) for shape in (ROWS, HITS, CEILINGS, HOLDS, MEANT, OWN)))


def find_offences(
    marks: pl.DataFrame, excuses: Excuses, cohort: Cohort, ground: Ground, pack: Regulations
) -> Offences:
    """Hold the offences of a cohort against the pack, and find what their penalties do.

    Args:
        marks: rows numbered by ``number_marks``.
        excuses: what accepted circumstances do.
        cohort: the offences, and the board's facts.
        ground: students, modules, components, enrolments.
        pack: the regulations.

    Returns:
        The offences; none where the pack says nothing of misconduct.
    """
    offences, rules = cohort.typed["misconduct"], pack.misconduct
    if offences.is_empty() or rules is None:
        return no_offences()
    judged = judge_offences(offences, rules, cohort.facts.board_date, cohort.found).join(
        ground.students.select("student_id", "s"), on="student_id", how="inner", maintain_order="left"
    )
    works = find_works(marks, excuses, cohort, ground, pack)
    found = find_meant(judged, works, rules, cohort)
    rows = _with_refusals(judged, found)
    sound = found.filter(pl.col("ill").is_null()).join(
        rows.filter(pl.col("state") == DECIDED).select(*PLACE),
        on=list(PLACE),
        how="semi",
        maintain_order="left",
    )
    of_module = pl.col("of") == MODULE
    lowers = pl.col("at").is_not_null() & pl.col("left").is_null()
    hits = sound.filter(~of_module & lowers).with_columns(retake=pl.lit(value=False))
    ceilings = sound.filter(of_module & pl.col("e").is_not_null()).unique(
        ["e", "attempt", *PLACE], maintain_order=True
    )
    rows = rows.with_columns(lowered=pl.lit(None)).select(
        pl.col(name).cast(dtype) for name, dtype in ROWS.items()
    )
    return Offences(
        rows,
        pl.concat([hits.select(*HITS), _retakes(sound, marks, ground, rules)]).cast(HITS),  # type: ignore[arg-type]
        ceilings.select(*CEILINGS).cast(CEILINGS),  # type: ignore[arg-type]
        find_holds(rows, rules, cohort.facts.board_date),
        sound,
        find_own(rows, works),
    )


def _with_refusals(judged: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Refuse penalties whose work cannot be told."""
    ill = found.filter(pl.col("ill").is_not_null()).group_by(*PLACE).agg(pl.col("ill").first())
    sentence = (
        pl.when(pl.col("ill") == "")
        .then(pl.lit("No mark of the student's is for the work that it names."))
        .otherwise(pl.format("Which work is meant is not stated: {}.", "ill"))
    )
    refused = pl.col("ill").is_not_null()
    return judged.join(ill, on=list(PLACE), how="left", maintain_order="left").with_columns(
        refusal=pl.when(refused).then(sentence).otherwise("refusal"),
        state=pl.when(refused).then(pl.lit(REFUSED, dtype=STATE)).otherwise("state"),
    )


def _retakes(meant: pl.DataFrame, marks: pl.DataFrame, ground: Ground, rules: Misconduct) -> pl.DataFrame:
    """Cap later attempts at an assessment that was set to zero, at the pass mark; one after deferred work is no retake."""
    capped = [one.id for one in rules.penalties if one.retake_at_pass_mark]
    begun_at = meant.filter(
        pl.col("penalty").is_in(capped) & pl.col("k").is_not_null() & ~pl.col("deferred")
    ).select("e", "k", "penalty", *PLACE, since="attempt")
    if begun_at.is_empty():
        return pl.DataFrame(schema=HITS)
    later = marks.select("s", "e", "k", "attempt").with_row_index("at").join(begun_at, on=["e", "k"])
    return (
        later.filter(pl.col("attempt") > pl.col("since"))
        .with_columns(
            most=pl.lit(ground.enrolments["pass_mark"]).gather("e").cast(pl.Int32), retake=pl.lit(value=True)
        )
        .filter(pl.col("most").is_not_null())
        .select(*HITS)
    )


def with_offences(details: pl.DataFrame, hits: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """Lower marks to what penalties leave of them; work that is deferred or has no mark has nothing to lower.

    Args:
        details: marks worked out in full, with ``at``, ``scaled``, ``marked``, and the columns to lower.
        hits: what penalties leave, by ``at``.
        columns: the columns to lower.

    Returns:
        The details with ``offences``, the codes of the penalties each of which alone would lower the mark.
    """
    if hits.is_empty():
        return details.drop("marked").with_columns(offences=pl.lit(None, dtype=pl.List(pl.String)))
    near = hits.select("at", "penalty", "most").join(
        details.filter("marked").select("at", "scaled"), on="at", maintain_order="left"
    )
    told = (
        near.filter(pl.col("most") < pl.col("scaled"))
        .group_by("at")
        .agg(pl.col("most").min(), offences=pl.col("penalty").unique().sort())
    )
    joined = details.join(told, on="at", how="left", maintain_order="left")
    return joined.with_columns(
        pl.when("marked").then(pl.min_horizontal(name, "most")).otherwise(name).cast(pl.Int32).alias(name)
        for name in columns
    ).drop("most", "marked")
