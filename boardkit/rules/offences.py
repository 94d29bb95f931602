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
from boardkit.exact import hundredths
from boardkit.rules.holds import HOLDS, MODULE, find_holds
from boardkit.rules.tariff import DECIDED, JUDGED, REFUSED, STATE, judge_offences
from boardkit.years import begun, year_begun

if TYPE_CHECKING:
    from polars._typing import PolarsDataType

    from boardkit.cohort import Cohort
    from boardkit.regulations.misconduct import Misconduct, Penalty
    from boardkit.regulations.model import Regulations
    from boardkit.rules.ground import Ground

_PLACE: dict[str, PolarsDataType] = {"_src": pl.UInt16, "_row": pl.UInt32}
ROWS: dict[str, PolarsDataType] = {
    "s": pl.UInt32,
    **schema(tables.INPUT["misconduct"]),
    **_PLACE,
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
    **_PLACE,
}
CEILINGS: dict[str, PolarsDataType] = {
    "s": pl.UInt32,
    "e": pl.UInt32,
    "attempt": pl.Int16,
    "penalty": pl.String,
    "most": pl.Int32,
    **_PLACE,
}
_TO_LOWER = "lowered"
"""The column with the number of marks that a penalty is given on."""


@dataclass(frozen=True)
class Offences:
    """Established offences, and what the penalties that stand do.

    Args:
        rows: every offence, in the shape of ``ROWS``: what the tariff says of it, and how many marks it is given on.
        hits: marks that a penalty lowers, at most to ``most``; those of a later attempt are a ``retake``.
        ceilings: the most that a module's attempt is given.
        holds: what students are kept from, until a day or for good.
    """

    rows: pl.DataFrame
    hits: pl.DataFrame
    ceilings: pl.DataFrame
    holds: pl.DataFrame

    def codes(self) -> list[str]:
        """Name the penalties that lower marks of this board."""
        return sorted(self.hits["penalty"].unique())


def no_offences() -> Offences:
    """Give what there is where nobody has offended, or the pack says nothing of it."""
    return Offences(*(pl.DataFrame(schema=shape) for shape in (ROWS, HITS, CEILINGS, HOLDS)))


def find_offences(marks: pl.DataFrame, cohort: Cohort, ground: Ground, pack: Regulations) -> Offences:
    """Hold the offences of a cohort against the pack, and find what their penalties do.

    Args:
        marks: rows numbered by ``number_marks``.
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
    works = _works(marks, cohort, ground)
    found = _meant(judged, works, rules, cohort)
    rows = _with_refusals(judged, found)
    sound = found.filter(pl.col("ill").is_null()).join(
        rows.filter(pl.col("state") == DECIDED).select(*_PLACE),
        on=list(_PLACE),
        how="semi",
        maintain_order="left",
    )
    hits = sound.filter(pl.col("of") != MODULE).with_columns(retake=pl.lit(value=False)).select(*HITS)
    ceilings = sound.filter(pl.col("of") == MODULE).unique(["e", "attempt", *_PLACE], maintain_order=True)
    counted = sound.group_by(*_PLACE).agg(pl.col("sat").sum().alias(_TO_LOWER))
    rows = rows.join(counted, on=list(_PLACE), how="left", maintain_order="left").with_columns(
        doubt=_with_nothing_lowered(rules)
    )
    rows = rows.select(pl.col(name).cast(dtype) for name, dtype in ROWS.items())
    return Offences(
        rows,
        pl.concat([hits, _retakes(hits, marks, ground, rules)]).cast(HITS),  # type: ignore[arg-type]
        ceilings.select(*CEILINGS).cast(CEILINGS),  # type: ignore[arg-type]
        find_holds(rows, rules, cohort.facts.board_date),
    )


def _works(marks: pl.DataFrame, cohort: Cohort, ground: Ground) -> pl.DataFrame:
    """Give offenders' work with its module, its component's kind, its academic year, and whether it was sat."""
    offenders = cohort.typed["misconduct"]["student_id"].unique()
    known = ground.students.filter(pl.col("student_id").is_in(offenders.implode()))["s"]
    entered = pl.any_horizontal(pl.col("mark", "agreed_mark", "grade").is_not_null())
    keyed = marks.select("s", "e", "k", "attempt", sat=entered & pl.col("state").is_null())
    mine = keyed.with_row_index("at").filter(pl.col("s").is_in(known.implode()))
    names = ground.components.select("k", "module", "component", kind=pl.col("kind").str.to_lowercase())
    years = cohort.typed["enrolments"]["academic_year"].gather(mine["e"])
    stated = cohort.facts.values.get("academic_year")
    return mine.with_columns(
        begun=pl.select(
            year_begun(pl.lit(years)).fill_null(pl.lit(begun(stated), dtype=pl.String))
        ).to_series()
    ).join(names, on="k", how="left", maintain_order="left")


def _meant(judged: pl.DataFrame, works: pl.DataFrame, rules: Misconduct, cohort: Cohort) -> pl.DataFrame:
    """Find the work that each decided penalty is about, or why it cannot be told (``ill``)."""
    parts = [_SHAPE]
    for penalty in rules.penalties:
        if penalty.marks is None:
            continue
        mine = judged.filter((pl.col("state") == DECIDED) & (pl.col("penalty") == penalty.id))
        if mine.is_empty():
            continue
        parts.append(_meant_by(penalty, mine, works, cohort))
    return pl.concat(parts)


_SHAPE = pl.DataFrame(
    schema={
        **{name: dtype for name, dtype in HITS.items() if name != "retake"},
        "sat": pl.Boolean,
        "of": pl.String,
        "ill": pl.String,
    }
)


def _meant_by(penalty: Penalty, rows: pl.DataFrame, works: pl.DataFrame, cohort: Cohort) -> pl.DataFrame:
    rule = penalty.marks
    if rule is None:
        raise TypeError("a penalty that lowers no marks is about none")
    own = pl.lit(None if rule.value is None else hundredths(rule.value), dtype=pl.Int32)
    named = rows.select(
        "s",
        "penalty",
        *_PLACE,
        most=pl.coalesce(pl.col("mark").cast(pl.Int32), own) if rule.stated else own,
        on_module="module",
        on_component="component",
        on_attempt="attempt",
        in_year=year_begun(pl.col("academic_year")).fill_null(
            pl.lit(begun(cohort.facts.values.get("academic_year")), dtype=pl.String)
        ),
    )
    if rule.of == "year":
        kinds = (
            pl.col("kind").is_in([kind.lower() for kind in rule.kinds]) if rule.kinds else pl.lit(value=True)
        )
        theirs = works.filter(kinds.fill_null(value=False) & pl.col("sat"))
        meant = named.join(theirs, on="s", maintain_order="left").filter(
            pl.col("begun").eq_missing(pl.col("in_year"))
        )
        return meant.with_columns(of=pl.lit(rule.of), ill=pl.lit(None, dtype=pl.String)).select(
            _SHAPE.columns
        )
    asked = {"module": "on_module", "attempt": "on_attempt"}
    if rule.of == "assessment":
        asked["component"] = "on_component"
    fits = [(pl.col(there) == pl.col(here)).fill_null(value=True) for there, here in asked.items()]
    meant = named.join(works, on="s", how="left", maintain_order="left").filter(
        pl.col("at").is_null() | pl.all_horizontal(fits)
    )
    several = pl.concat_str(
        [
            pl.when(pl.col(here).is_null() & (pl.col(there).n_unique().over(*_PLACE) > 1)).then(pl.lit(there))
            for there, here in asked.items()
        ],
        separator=", ",
        ignore_nulls=True,
    )
    told = meant.with_columns(of=pl.lit(rule.of), ill=pl.when(several != "").then(several))
    nowhere = named.join(told.filter(pl.col("at").is_not_null()), on=list(_PLACE), how="anti").with_columns(
        of=pl.lit(rule.of), ill=pl.lit("")
    )
    found = told.filter(pl.col("at").is_not_null()).select(_SHAPE.columns)
    return pl.concat([found, nowhere], how="diagonal").select(_SHAPE.columns).cast(_SHAPE.schema)


def _with_refusals(judged: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Refuse penalties whose work cannot be told, and doubt those for a year in which nothing was sat."""
    ill = found.filter(pl.col("ill").is_not_null()).group_by(*_PLACE).agg(pl.col("ill").first())
    sentence = (
        pl.when(pl.col("ill") == "")
        .then(pl.lit("No mark of the student's is for the work that it names."))
        .otherwise(pl.format("Which work is meant is not stated: {}.", "ill"))
    )
    refused = pl.col("ill").is_not_null()
    return judged.join(ill, on=list(_PLACE), how="left", maintain_order="left").with_columns(
        refusal=pl.when(refused).then(sentence).otherwise("refusal"),
        state=pl.when(refused).then(pl.lit(REFUSED, dtype=STATE)).otherwise("state"),
    )


def _with_nothing_lowered(rules: Misconduct) -> pl.Expr:
    """Add that a penalty for a year lowers nothing, and that this is lighter than not submitting (64)."""
    yearly = [one.id for one in rules.penalties if one.marks is not None and one.marks.of == "year"]
    lighter = rules.not_submitting
    told = f"No mark that it lowers was found in that year ({rules.academic_year.source})."
    if lighter is not None:
        told += f" As it stands the student is better off than not submitting ({lighter.source})."
    idle = (pl.col("state") == DECIDED) & pl.col("penalty").is_in(yearly) & pl.col(_TO_LOWER).is_null()
    said = pl.when(idle.fill_null(value=False)).then(pl.lit(told))
    both = pl.concat_str("doubt", said, separator=" ", ignore_nulls=True)
    return pl.when(both != "").then(both)


def _retakes(hits: pl.DataFrame, marks: pl.DataFrame, ground: Ground, rules: Misconduct) -> pl.DataFrame:
    """Cap later attempts at an assessment that was set to zero, at the pass mark of the module."""
    capped = [one.id for one in rules.penalties if one.retake_at_pass_mark]
    begun_at = hits.filter(pl.col("penalty").is_in(capped)).select(
        "e", "k", "penalty", *_PLACE, since="attempt"
    )
    if begun_at.is_empty():
        return hits.clear()
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
