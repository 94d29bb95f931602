"""The penalties table: every established offence, what the tariff has for it, what was decided, and what that does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.exact import decimal, print_hundredths
from boardkit.results import yes_no
from boardkit.rules.tariff import DECIDED, NOTHING, PENDING, REFUSED, not_stated

if TYPE_CHECKING:
    from boardkit.regulations.misconduct import Misconduct, Penalty

_LAST = ("_src", "_row")


def penalty_table(
    offences: pl.DataFrame, rules: Misconduct | None, *, as_given: bool = False
) -> pl.DataFrame:
    """Make the ``penalties`` table.

    Args:
        offences: the rows that were held against the tariff.
        rules: the pack's section of misconduct; none gives no rows.
        as_given: keep the rows in the order they were given in; else in the order of their key.

    Returns:
        One row for every offence, in the columns of the output.
    """
    columns = tables.OUTPUT["penalties"]
    order = _LAST if as_given else (*tables.OUTPUT_KEYS["penalties"], *_LAST)
    ordered = offences.sort(order, nulls_last=True)
    choices = [column.name for column in tables.INPUT["misconduct"].columns if column.kind == "choice"]
    flags = [column.name for column in tables.INPUT["misconduct"].columns if column.kind == "yes-no"]
    refusal = pl.concat_str(pl.lit("Not applied: "), "refusal")
    again = pl.col("refusal").str.contains(pl.col("says"), literal=True).fill_null(value=False)
    why = pl.when(~again).then(pl.format("No default penalty: {} ({}).", "says", "source"))
    lacks = pl.concat_str(pl.lit("N"), not_stated().str.slice(1))
    warning = pl.concat_str("fault", why, lacks, "doubt", refusal, separator=" ", ignore_nulls=True)
    return ordered.with_columns(
        pl.col(choices).cast(pl.String),
        *(yes_no(pl.col(name)).alias(name) for name in flags),
        decimal(pl.col("mark"), places=2).alias("mark"),
        effect=pl.lit(None, dtype=pl.String) if rules is None else effect(rules),
        warning=pl.when(warning != "").then(warning),
    ).select(columns)


def effect(rules: Misconduct) -> pl.Expr:
    """Say what becomes of a penalty: what it is and does, that it waits, or that it is not applied."""
    by = {
        name: f"Pending: for {listed.decided_by.value} to decide ({listed.decided_by.source}). Nothing is applied."
        for name, listed in rules.lists.items()
    }
    waits = pl.col("list").replace_strict(by, default="Pending. Nothing is applied.", return_dtype=pl.String)
    state = pl.col("state").cast(pl.String)
    return (
        pl.when(state == DECIDED)
        .then(_applied(rules))
        .when(state == PENDING)
        .then(waits)
        .when(state == REFUSED)
        .then(pl.lit("Not applied."))
        .when(state == NOTHING)
        .then(pl.lit("No penalty."))
    )


def _applied(rules: Misconduct) -> pl.Expr:
    """Say what a penalty that stands is, how many marks it is given on, until when it lasts, and where it is recorded."""
    said = {one.id: f"{one.says[:1].upper()}{one.says[1:]} ({one.source})." for one in rules.penalties}
    penalty = pl.col("penalty")
    parts = [penalty.replace_strict(said, default=None, return_dtype=pl.String)]
    parts += [pl.when(penalty == one.id).then(words) for one in rules.penalties for words in _does(one)]
    parts.append(pl.format("Recorded in {} ({}).", "recorded", "recorded_source"))
    return pl.concat_str(parts, separator=" ", ignore_nulls=True)


def _does(penalty: Penalty) -> list[pl.Expr]:
    """Say what of a penalty stands in its row: the stated mark, the day, and how many marks it is given on."""
    found = []
    if penalty.marks is not None and penalty.marks.stated:
        mark = print_hundredths(pl.col("mark"), places=2)
        found.append(pl.concat_str(pl.lit("To "), mark, pl.lit(".")))
    if penalty.marks is not None:
        lowered = pl.col("lowered")
        what = pl.when(lowered == 1).then(pl.lit(" mark.")).otherwise(pl.lit(" marks."))
        found.append(pl.concat_str(pl.lit("Given on "), lowered.cast(pl.String), what))
    if penalty.bar is not None:
        day = pl.concat_str(pl.lit("Until "), pl.col("bar_until").dt.to_string("%Y-%m-%d"), pl.lit("."))
        found.append(day if penalty.bar.required else day.fill_null("For good."))
    return found
