"""Tariff sheets: the reports on misconduct that name nobody, each as one sheet that says for whom it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from boardkit.regulations.misconduct import NO_PENALTY
from boardkit.report.content.listing import Column, Listing
from boardkit.rules.tariff import PENDING, REFUSED
from boardkit.tariffs.reports import ALL

if TYPE_CHECKING:
    from boardkit.regulations.misconduct import Misconduct
    from boardkit.regulations.model import Named


@dataclass(frozen=True)
class Head:
    """What stands at the head of a report."""

    title: str
    status: str
    banner: str = ""


def head(named: Named, sheet: Listing) -> Head:
    """Give the head of a report: whose offences, what is reported, under which regulations."""
    title = f"Misconduct, {sheet.name.lower()}: {named.institution}"
    return Head(title, f"Under {named.title} ({named.id}). No student is named.")


def listings(frames: dict[str, pl.DataFrame], rules: Misconduct) -> dict[str, Listing]:
    """Make the sheet of each report, by its name.

    Args:
        frames: the reports as tables, by name.
        rules: the pack's section of misconduct.

    Returns:
        A sheet for each report; none where the pack reports nothing.
    """
    reports = rules.reports
    if reports is None:
        return {}
    year, department = Column("academic_year", "Year", 12), Column("department", "Department", 28)
    return {
        "action-taken": Listing(
            name="Action taken",
            columns=(
                year,
                department,
                Column("penalty", "Action", 12),
                Column("action", "What was done", 52),
                Column("offences", "Offences", 10, "count"),
            ),
            rows=frames["action-taken"].with_columns(_worded("penalty", penalties(rules))),
            notes=(f"For {reports.action.value} ({reports.action.source}).",),
            empty="No action was taken.",
        ),
        "minor-offences": Listing(
            name="Minor offences",
            columns=(
                year,
                department,
                Column("offences", "Offences", 10, "count"),
                Column("undecided", "Not decided", 12, "count"),
            ),
            rows=frames["minor-offences"],
            notes=(
                f"For {reports.summary.value} ({reports.summary.source}).",
                "Minor offences dealt with by each department in the year.",
            ),
            empty="There was none.",
        ),
        "monitoring": Listing(
            name="Monitoring",
            columns=(
                year,
                Column("breakdown", "By", 18),
                Column("value", "What", 26),
                Column("offences", "Offences", 12, "either"),
            ),
            rows=in_words(frames["monitoring"], rules),
            notes=(
                f"For {reports.monitoring.value} ({reports.monitoring.source}).",
                f"Counts below {reports.minimum.value}, and others that would give them away, are not shown.",
                f"The minimum is {reports.minimum.source}.",
            ),
            empty="There was no offence.",
        ),
    }


def penalties(rules: Misconduct) -> dict[str, str]:
    """Write the code of each penalty as it is spoken of: its list, with its number or letter there, as plagiarism (4).

    Examples:
        >>> from boardkit.regulations import load_tariff
        >>> penalties(load_tariff("qmu-2022").rules)["none"]
        'not proven'
    """
    spoken = {one.id: (one.among, one.id.removeprefix(f"{one.among}-")) for one in rules.penalties}
    return {
        code: f"{_spaced(among)} ({last})" if last != code else _spaced(code)
        for code, (among, last) in spoken.items()
    } | {NO_PENALTY: "not proven"}


_BREAKDOWNS = {ALL: "all offences", "intent": "intent to deceive", "repeated": "repeated offence"}
_YEARS = {"pgt": "taught postgraduate", "research": "research degree"}
_FLAGS = {"Y": "yes", "N": "no"}


def in_words(monitoring: pl.DataFrame, rules: Misconduct) -> pl.DataFrame:
    """Write the codes of the report of counts as words."""
    by, value = pl.col("breakdown"), pl.col("value")
    outcomes = {**penalties(rules), PENDING: "not decided", REFUSED: "decided, and not applied"}
    said = (
        pl.when(by == "outcome")
        .then(_worded("value", outcomes))
        .when(by == "year")
        .then(_worded("value", {**_YEARS, **{str(number): f"year {number}" for number in range(1, 10)}}))
        .when(by.is_in(["intent", "repeated"]))
        .then(_worded("value", _FLAGS))
        .otherwise(value.str.replace_all("-", " ", literal=True))
    )
    return monitoring.with_columns(value=said, breakdown=_worded("breakdown", _BREAKDOWNS))


def _worded(name: str, words: dict[str, str]) -> pl.Expr:
    return pl.col(name).replace(words)


def _spaced(code: str) -> str:
    return code.replace("-", " ")
