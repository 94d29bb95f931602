"""Tariff: which penalty follows from an offence, whether a decided one may stand, and what hardly fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.exact import hundredths
from boardkit.regulations.misconduct import NO_PENALTY
from boardkit.rules.cases import cases, find_case
from boardkit.rules.recorded import with_files
from boardkit.rules.refusals import last_day, list_of, refusals, returned

if TYPE_CHECKING:
    from datetime import date

    from polars._typing import PolarsDataType

    from boardkit.regulations.misconduct import Misconduct, Penalty

DECIDED, PENDING, REFUSED, NOTHING = "decided", "pending", "refused", "nothing"
PLACE: dict[str, PolarsDataType] = {"_src": pl.UInt16, "_row": pl.UInt32}
"""Where an offence stands in the input, which tells it from the others."""
ROW = tuple(column.name for column in tables.INPUT["misconduct"].columns)
"""What is stated of an offence."""
STATE = pl.Enum([DECIDED, PENDING, REFUSED, NOTHING])
"""A penalty that stands, one that is still to be decided, one that may not stand, and that there is none."""

JUDGED = {
    "case": pl.Int16(),
    "table": pl.String(),
    "list": pl.String(),
    "default_penalty": pl.String(),
    "moderated_penalty": pl.String(),
    "says": pl.String(),
    "source": pl.String(),
    "back_to": pl.String(),
    "recorded": pl.String(),
    "recorded_source": pl.String(),
    "missing": pl.String(),
    "refusal": pl.String(),
    "doubt": pl.String(),
    "fault": pl.String(),
    "state": STATE,
}
"""What is found of an offence: the case it is, what is missing, why a penalty may not stand, what is doubtful.

``says`` is why the tariff has no penalty, ``back_to`` a list whose penalties may stand all the same, ``recorded`` the file, ``fault`` which of the row's cells cannot be read.
"""


def judge_offences(
    offences: pl.DataFrame, rules: Misconduct, on: date | None, found: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Hold offences against a pack's routes and tables, and decided penalties against what is found.

    Args:
        offences: the rows of the ``misconduct`` table, typed.
        rules: the pack's section of misconduct.
        on: the day of the board, from which a bar is counted; none where it is not known.
        found: what is wrong with the input, of which that of bad rows is kept.

    Returns:
        The rows in their order with ``penalty`` as the pack writes it, and the columns of ``JUDGED``.
    """
    placed = find_case(offences, cases(rules)).with_columns(penalty=_written(rules))
    against = refusals(rules, on)
    flawed = pl.concat_str(
        [pl.when(applies).then(said) for applies, said in against], separator=" ", ignore_nulls=True
    )
    refused = pl.any_horizontal(*(applies for applies, _ in against))
    told = placed.with_columns(refusal=pl.when(refused).then(flawed))
    decided = pl.col("penalty").is_not_null()
    state = (
        pl.when(decided & pl.col("refusal").is_not_null())
        .then(pl.lit(REFUSED))
        .when((pl.col("penalty") == NO_PENALTY).fill_null(value=False))
        .then(pl.lit(NOTHING))
        .when(decided)
        .then(pl.lit(DECIDED))
        .otherwise(pl.lit(PENDING))
        .cast(STATE)
    )
    doubts = pl.concat_str(_doubts(rules, on), separator=" ", ignore_nulls=True)
    known = pl.when(pl.col("state") == DECIDED).then(list_of(rules))
    judged = told.with_columns(state=state).with_columns(
        doubt=pl.when(doubts != "").then(doubts), list=pl.coalesce(known, "list")
    )
    judged = with_files(judged, rules)
    judged = _with_faults(judged, found)
    return judged.select(*offences.columns, *JUDGED).cast(JUDGED)  # type: ignore[arg-type]


def not_stated() -> pl.Expr:
    """Say what is not stated of an offence, and what becomes of its penalty; null where nothing is missing."""
    state = pl.col("state").cast(pl.String)
    becomes = (
        pl.when(state == PENDING)
        .then(pl.lit(" Nothing is applied until it is stated and decided."))
        .when(state == DECIDED)
        .then(pl.lit(" What was decided could not be held against it, and is applied."))
        .otherwise(pl.lit(""))
    )
    return pl.format("not stated: {}. The tariff is not guessed at.{}", "missing", becomes)


def _with_faults(rows: pl.DataFrame, found: pl.DataFrame | None) -> pl.DataFrame:
    """Add to bad rows what is wrong with their cells."""
    if found is None or not rows["_bad"].any():
        return rows.with_columns(fault=pl.lit(None, dtype=pl.String))
    place = list(PLACE)
    told = found.join(rows.filter("_bad").select(place), on=place, how="semi", maintain_order="left")
    messages = pl.col("message").unique(maintain_order=True).str.join(" ")
    summed = told.group_by(place, maintain_order=True).agg(fault=messages)
    return rows.join(summed, on=place, how="left", maintain_order="left")


def _written(rules: Misconduct) -> pl.Expr:
    """Write a decided penalty as the pack does, however it was typed; what is none of its codes stays as it is."""
    folded = pl.col("penalty").str.strip_chars().str.to_lowercase().str.replace_all(r"[\s_-]+", "-")
    known = folded.is_in([*(one.id for one in rules.penalties), NO_PENALTY])
    return pl.when(known).then(folded).otherwise("penalty")


def _doubts(rules: Misconduct, on: date | None) -> list[pl.Expr]:
    """Say what a board has to see besides: no penalty in the tariff, contradictions, and penalties that hardly fit."""
    default, moderated, penalty = (
        pl.col(name) for name in ("default_penalty", "moderated_penalty", "penalty")
    )
    other = pl.when(moderated != default).then(moderated)
    both = pl.concat_str(default, other, separator=" or ", ignore_nulls=True)
    standing = pl.col("state") == DECIDED
    back = returned(rules)
    offered = standing & default.is_not_null() & ~back
    apart = default != moderated
    says = [
        (
            pl.col("case").is_null() & pl.col("missing").is_null(),
            pl.lit("These regulations have no case for this offence."),
        ),
        (
            offered & (penalty != default) & penalty.ne_missing(moderated),
            pl.format("{} was decided, where the tariff has {} ({}).", penalty, both, "source"),
        ),
        (
            offered & pl.col("moderated") & apart & (penalty == default),
            pl.lit("moderated says Y, and the default penalty was decided."),
        ),
        (
            offered & ~pl.col("moderated") & apart & (penalty == moderated),
            pl.lit("moderated says N, and the moderated penalty was decided."),
        ),
        (
            pl.col("moderated") & default.is_not_null() & moderated.is_null(),
            pl.format("moderated says Y, and the tariff has no moderated penalty here ({}).", "source"),
        ),
    ]
    says.append(
        (
            _one_of_several_first(rules),
            pl.lit(
                "repeated says N, and so does another offence of the student's in the table. Check which is the first."
            ),
        )
    )
    for name, listed in rules.lists.items():
        if listed.returned is not None:
            told = pl.format(
                "{}: {} ({}).", penalty, pl.lit(listed.returned.says), pl.lit(listed.returned.source)
            )
            says.append((standing & back & (pl.col("back_to") == name), told))
    for one in rules.penalties:
        says += [(_concerns(one) & applies, told) for applies, told in _unfit(one, rules, on)]
    return [pl.when(applies.fill_null(value=False)).then(told) for applies, told in says]


def _one_of_several_first(rules: Misconduct) -> pl.Expr:
    """Tell whether an offence is said to be the first, and another one of the student's is, too; equal rows are one."""
    nothing = [NO_PENALTY, *(one.id for one in rules.penalties if one.nothing_found)]
    asked = any("repeated" in case.asks for case in cases(rules))
    first = pl.lit(asked) & ~pl.col("repeated") & ~pl.col("_bad") & pl.col("student_id").is_not_null()
    found = first.fill_null(value=False) & ~pl.col("penalty").is_in(nothing).fill_null(value=False)
    different = pl.when(found).then(pl.struct(ROW)).n_unique().over("student_id")
    unlike = pl.when(found).then(pl.lit(value=False)).otherwise(pl.lit(value=True)).any().over("student_id")
    return found & (different - unlike.cast(pl.UInt32) > 1)


def _concerns(penalty: Penalty) -> pl.Expr:
    """Tell whether an offence is given a penalty: as it was decided, or else as the tariff has it."""
    offered = (pl.col("default_penalty") == penalty.id).fill_null(value=False) | (
        pl.col("moderated_penalty") == penalty.id
    ).fill_null(value=False)
    pending = pl.col("state") == PENDING
    return (
        pl.when(pending)
        .then(offered)
        .otherwise((pl.col("state") == DECIDED) & (pl.col("penalty") == penalty.id))
    )


def _unfit(penalty: Penalty, rules: Misconduct, on: date | None) -> list[tuple[pl.Expr, pl.Expr]]:
    """Say where a penalty does not fit the student, lasts long, or is lighter than not submitting."""
    found: list[tuple[pl.Expr, pl.Expr]] = []
    if penalty.finalist is not None:
        who, others = (
            ("finalists", "no finalist") if penalty.finalist else ("students who are no finalists", "one")
        )
        told = f"{penalty.id} is for {who}, and this student is {others} ({penalty.source})."
        found.append((pl.col("finalist") != penalty.finalist, pl.lit(told)))
        told = f"{penalty.id} is for {who}, and finalist is not stated ({penalty.source})."
        found.append((pl.col("finalist").is_null(), pl.lit(told)))
    bar = penalty.bar
    if bar is not None and bar.years is not None:
        last = last_day(bar.years, on)
        if bar.counted_from == "completion":
            told = f"bar_until is more than {bar.years} years away, and may be {bar.years} years after completion at most"
            found.append((pl.col("bar_until") > last, pl.lit(f"{told} ({penalty.source}).")))
        told = f"From when the {bar.years} years of {penalty.id} are counted is not known, and they were not tested"
        unknown = pl.col("bar_until").is_not_null() & last.is_null()
        found.append((unknown, pl.lit(f"{told} ({penalty.source}).")))
    lighter = rules.not_submitting
    if lighter is not None and penalty.excludes is None and not penalty.nothing_found:
        told = f"{penalty.id} leaves the student better off than not submitting ({lighter.source})."
        least = hundredths(lighter.value)
        marks = penalty.marks
        if marks is None:
            found.append((pl.lit(value=True), pl.lit(told)))
        elif marks.of == "assessment":
            own = pl.lit(None if marks.value is None else hundredths(marks.value), dtype=pl.Int32)
            to = pl.coalesce(pl.col("mark"), own) if marks.stated else own
            found.append((to > least, pl.lit(told)))
    return found
