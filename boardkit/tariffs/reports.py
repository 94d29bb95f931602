"""Reports on misconduct that name nobody: action taken, minor offences by department, and counts for Senate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.regulations.misconduct import NO_PENALTY
from boardkit.results import yes_no
from boardkit.rules.tariff import DECIDED, NOTHING, PENDING, REFUSED
from boardkit.tariffs.suppress import NOT_SHOWN, hidden
from boardkit.years import academic_year

if TYPE_CHECKING:
    from boardkit.regulations.misconduct import Misconduct

NOT_STATED = "not stated"
ACTION = ("academic_year", "department", "penalty", "action", "offences")
SUMMARY = ("academic_year", "department", "offences", "undecided")
MONITORING = ("academic_year", "breakdown", "value", "offences")
RECORDED = "recorded in"
PROCEDURE = ("student_id", "module", "component", "offence", "list", "step", "value", "clause")
ALL = "all"
BREAKDOWNS = {
    "offence": "offence",
    "intent": "intent",
    "repeated": "repeated",
    "year": "year",
    "outcome": "outcome",
}
"""What the report to Senate counts by, and the column of each."""


def procedure(offences: pl.DataFrame, rules: Misconduct) -> pl.DataFrame:
    """List for every offence who decides, where it is recorded and which times the procedure allows.

    Args:
        offences: the rows that were held against the tariff.
        rules: the pack's section of misconduct.

    Returns:
        ``PROCEDURE``, a row for every offence and step; none for an offence with no list of penalties.
    """
    steps: list[tuple[str, str, str | None, str | None]] = []
    for name, listed in rules.lists.items():
        steps.append((name, "decided by", listed.decided_by.value, listed.decided_by.source))
        steps.append((name, RECORDED, None, None))
        steps += [
            (name, limit.what, f"{limit.value} {limit.unit}", limit.source)
            for limit in rules.limits
            if name in limit.lists
        ]
    listed_steps = pl.DataFrame(
        steps, schema=dict.fromkeys(("list", "step", "value", "clause"), pl.String), orient="row"
    )
    ordered = offences.sort("student_id", "module", "component", "offence", "_src", "_row", nulls_last=True)
    return (
        ordered.with_columns(pl.col("offence").cast(pl.String))
        .join(listed_steps, on="list", maintain_order="left_right")
        .with_columns(
            pl.when(pl.col("step") == RECORDED).then(own).otherwise(name).alias(name)
            for name, own in (("value", "recorded"), ("clause", "recorded_source"))
        )
        .filter(pl.col("value").is_not_null())
        .select(PROCEDURE)
    )


def action_taken(offences: pl.DataFrame, rules: Misconduct) -> pl.DataFrame:
    """Count the actions that boards have taken on minor offences, nobody named.

    Returns:
        ``ACTION``, by academic year, department and action.
    """
    says = {one.id: one.says for one in rules.penalties} | {NO_PENALTY: "not proven, no penalty"}
    done = _minor(offences, rules).filter(pl.col("state").is_in([DECIDED, NOTHING]))
    return (
        done.group_by("academic_year", "department", "penalty")
        .agg(pl.len().alias("offences"))
        .with_columns(action=pl.col("penalty").replace_strict(says, default=None, return_dtype=pl.String))
        .sort("academic_year", "department", "penalty")
        .select(ACTION)
    )


def by_department(offences: pl.DataFrame, rules: Misconduct) -> pl.DataFrame:
    """Count the minor offences that each department has dealt with in a year, nobody named.

    Those in which nothing was found are none. What is not decided yet is counted beside.

    Returns:
        ``SUMMARY``, by academic year and department.
    """
    nothing = [NO_PENALTY, *(one.id for one in rules.penalties if one.nothing_found)]
    found = (pl.col("state") == DECIDED) & ~pl.col("penalty").is_in(nothing)
    return (
        _minor(offences, rules)
        .group_by("academic_year", "department")
        .agg(
            found.fill_null(value=False).sum().alias("offences"),
            pl.col("state").is_in([PENDING, REFUSED]).sum().alias("undecided"),
        )
        .sort("academic_year", "department")
        .select(SUMMARY)
    )


def monitoring(offences: pl.DataFrame, rules: Misconduct) -> pl.DataFrame:
    """Count all offences of each year by what they were and what came of them, small counts not shown.

    Args:
        offences: the rows that were held against the tariff.
        rules: the pack's section of misconduct.

    Returns:
        ``MONITORING``: for every academic year its total and, breakdown by breakdown, a row a value. Counts below the
        pack's minimum are not shown, nor others that would give them away.
    """
    reports = rules.reports
    if reports is None:
        return pl.DataFrame(schema=dict.fromkeys(MONITORING, pl.String))
    minimum = reports.minimum.value
    stated = _with_places(offences)
    penalty = pl.when(pl.col("state").is_in([DECIDED, NOTHING])).then("penalty")
    outcome = pl.when(pl.col("state") == REFUSED).then(pl.lit(REFUSED)).otherwise(pl.lit(PENDING))
    told = stated.with_columns(
        *(yes_no(pl.col(name)).alias(name) for name in ("intent", "repeated")),
        pl.col("offence", "year").cast(pl.String),
        outcome=pl.coalesce(penalty, outcome),
    ).with_columns(pl.col(list(BREAKDOWNS.values())).fill_null(NOT_STATED))
    rows: list[tuple[str, str, str, str]] = []
    for year in told["academic_year"].unique().sort():
        rows += _of_year(year, told.filter(pl.col("academic_year") == year), minimum)
    return pl.DataFrame(rows, schema=dict.fromkeys(MONITORING, pl.String), orient="row")


def _of_year(year: str, rows: pl.DataFrame, minimum: int) -> list[tuple[str, str, str, str]]:
    """Count one year; where its total would give small counts away, nothing of it is shown, not even what occurred."""
    counted = {name: rows.group_by(column).len().sort(column).rows() for name, column in BREAKDOWNS.items()}
    masks = {name: hidden([count for _, count in values], minimum) for name, values in counted.items()}
    total = rows.height
    closed = total < minimum or any(mask is None for mask in masks.values())
    if closed:
        return [(year, ALL, "", NOT_SHOWN)]
    made = [(year, ALL, "", str(total))]
    for name, values in counted.items():
        mask = masks[name] or []
        made += [
            (year, name, value, NOT_SHOWN if kept else str(count))
            for (value, count), kept in zip(values, mask, strict=True)
        ]
    return made


def _minor(offences: pl.DataFrame, rules: Misconduct) -> pl.DataFrame:
    """Take the offences that boards of examiners deal with; none where the pack reports nothing."""
    reports = rules.reports
    if reports is None:
        return _with_places(offences.clear())
    mine = pl.col("offence").is_in(reports.offences) & (pl.col("list") == reports.minor)
    return _with_places(offences).filter(mine.fill_null(value=False))


def _with_places(offences: pl.DataFrame) -> pl.DataFrame:
    """Write each academic year and each department in one way, however their rows do.

    A year is told by the one that it begins in, and a text that names none is left out of reports, since it may be
    anybody's number; a department's spelling is the one that most of its rows have.
    """
    department = pl.col("department").str.replace_all(r"\s+", " ").str.strip_chars().replace("", None)
    year = academic_year(pl.col("academic_year"))
    written = offences.with_columns(department=department, academic_year=year)
    usual = (
        written.group_by("department")
        .len()
        .sort("len", "department", descending=[True, False], nulls_last=True)
        .unique(pl.col("department").str.to_lowercase(), keep="first", maintain_order=True)
    )
    spellings = {str(name).lower(): str(name) for name in usual["department"].drop_nulls()}
    return written.with_columns(
        pl.col("department")
        .str.to_lowercase()
        .replace_strict(spellings, default=None, return_dtype=pl.String),
    ).with_columns(pl.col("academic_year", "department").fill_null(NOT_STATED))
