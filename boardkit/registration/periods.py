"""Periods: until when a student may be registered, and whether that is over or near (Registration 4.1-4.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.reasons import together

if TYPE_CHECKING:
    from datetime import date

    from boardkit.board import BoardResult
    from boardkit.regulations.programmes import Programme
    from boardkit.regulations.registration import Modes, Period, Registration

SCHEMA = {
    "s": pl.UInt32,
    "what": pl.String,
    "until": pl.Date,
    "state": pl.String,
    "clause": pl.String,
    "note": pl.String,
}
"""The rows of the ``registration`` table, by the student's number."""

ASSOCIATE = "none"
"""The award of those who aim at none."""


def periods(board: BoardResult, rules: Registration) -> pl.DataFrame:
    """Tell how long each student who aims at an award may be registered.

    Args:
        board: the result of an assessment.
        rules: the periods.

    Returns:
        One row a student whose beginning and whose longest period are known; no row for one who begins after
        the board meets, and none at all where the board's date is not stated.
    """
    known = with_limits(board, rules)
    return standing(known.filter(pl.col("months").is_not_null()), board, rules, "period")


def with_limits(board: BoardResult, rules: Registration) -> pl.DataFrame:
    """Add to the students their longest registration in ``months``, its ``clause`` and ``said``; null for none."""
    students = board.ground.students.select(
        "s", "student_id", "award", "study", "mode", "programme", "registered_from"
    ).join(_planned(board), on="s", how="left", maintain_order="left")
    limits = [_undergraduate(rules), *_postgraduate(board, rules)]
    months, clause, said = (pl.lit(None, dtype=kind) for kind in (pl.Int64, pl.String, pl.String))
    for applies, longest, source, words in reversed(limits):
        months = pl.when(applies).then(longest).otherwise(months)
        clause = pl.when(applies).then(source).otherwise(clause)
        said = pl.when(applies).then(words).otherwise(said)
    made = students.with_columns(months=months, clause=clause, said=said)
    most = rules.most.value * MONTHS
    over = ((pl.col("study") == "postgraduate") & (pl.col("months") > most)).fill_null(value=False)
    return made.with_columns(
        months=pl.when(over).then(pl.lit(most, dtype=pl.Int64)).otherwise("months"),
        clause=pl.when(over).then(pl.lit(rules.most.citation)).otherwise("clause"),
        said=pl.when(over)
        .then(pl.lit(f"{_years(rules.most.value)} at most for any programme"))
        .otherwise("said"),
    )


def standing(rows: pl.DataFrame, board: BoardResult, rules: Registration, what: str) -> pl.DataFrame:
    """Tell until when each registration lasts, and whether that is over, or before the end of the next session.

    Args:
        rows: ``s``, ``registered_from``, ``months``, ``clause`` and ``said``.
        board: the result of an assessment.
        rules: how many sessions ahead it is told, and where it is written that a registration lapses.
        what: what is looked at.

    Returns:
        Rows in the shape of ``SCHEMA``.
    """
    day = board.cohort.facts.board_date
    if day is None:
        return pl.DataFrame(schema=SCHEMA)
    ahead = _session_end(board, day, rules.told_ahead.value)
    until = (
        pl.col("registered_from")
        .dt.offset_by(pl.concat_str(pl.col("months").cast(pl.String), pl.lit("mo")))
        .dt.offset_by("-1d")
    )
    state = (
        pl.when(pl.col("until") < pl.lit(day))
        .then(pl.lit("lapsed"))
        .when(pl.col("until") < pl.lit(ahead))
        .then(pl.lit("last-session"))
        .otherwise(pl.lit("within"))
    )
    lapsed = pl.concat_str("clause", pl.lit(f", {rules.lapse.source}"))
    return (
        rows.filter(pl.col("registered_from") <= pl.lit(day))
        .with_columns(until=until, what=pl.lit(what))
        .with_columns(state=state)
        .select(
            pl.col("s").cast(pl.UInt32),
            "what",
            "until",
            "state",
            pl.when(pl.col("state") == "lapsed").then(lapsed).otherwise("clause").alias("clause"),
            pl.concat_str(
                pl.lit("from "), pl.col("registered_from").cast(pl.String), pl.lit(", "), "said"
            ).alias("note"),
        )
    )


MONTHS = 12
"""How many months a calendar year has."""

_Limit = tuple[pl.Expr, pl.Expr, pl.Expr, pl.Expr]
"""Whom a limit is for, how many months it is, where it is written, and what it is in words."""


def _planned(board: BoardResult) -> pl.DataFrame:
    """How many years each student's programme is planned for; none is no number of years."""
    years = pl.col("planned_years").cast(pl.Int64)
    known = board.cohort.typed["students"].select("student_id", planned_years=pl.when(years > 0).then(years))
    return (
        board.ground.students.select("s", "student_id")
        .join(known, on="student_id", how="left", maintain_order="left")
        .drop("student_id")
    )


def _undergraduate(rules: Registration) -> _Limit:
    """The planned years and some more; other numbers for some plans (4.1)."""
    planned, longer = pl.col("planned_years"), rules.undergraduate.longer_by
    years, clause = planned + longer.value, pl.lit(longer.citation)
    for rule in rules.undergraduate.exceptions:
        here = planned == rule.planned_years
        years = pl.when(here).then(pl.lit(rule.years, dtype=pl.Int64)).otherwise(years)
        clause = pl.when(here).then(pl.lit(rule.citation)).otherwise(clause)
    words = pl.concat_str(
        pl.lit("planned for "), _counted(planned), pl.lit(", "), _counted(years), pl.lit(" at most")
    )
    return pl.col("study") == "undergraduate", years * MONTHS, clause, words


def _postgraduate(board: BoardResult, rules: Registration) -> list[_Limit]:
    """The period of the award and mode; first the one that the programme has chosen of those suggested (4.2)."""
    chosen = [programme for programme in board.pack.rules.programmes if programme.registration]
    limits = []
    for programme in reversed(chosen):
        theirs = pl.col("programme") == programme.programme
        for award, modes in rules.suggested[programme.registration or ""].items():
            limits += _of(award, modes, theirs, programme)
    for award, modes in rules.postgraduate.items():
        limits += _of(award, modes, pl.lit(value=True))
    return limits


def _of(award: str, modes: Modes, theirs: pl.Expr, programme: Programme | None = None) -> list[_Limit]:
    return [
        (
            theirs & (pl.col("award").cast(pl.String) == award) & (pl.col("mode").cast(pl.String) == mode),
            pl.lit(period.in_months, dtype=pl.Int64),
            pl.lit(_source(period, programme)),
            pl.lit(f"{award} {mode}, {period.said} at most"),
        )
        for mode, period in modes.each()
    ]


def _source(period: Period, programme: Programme | None) -> str:
    return together(period.citation, programme.reference) if programme else period.citation


def _session_end(board: BoardResult, day: date, ahead: int) -> date:
    """The last day of the session that a day is in, or of one so many later."""
    last = board.pack.rules.pack.session.last
    years = day.year - last.year
    return _later(last, years + ahead + (day > _later(last, years)))


def _later(day: date, years: int) -> date:
    found: date = pl.select(pl.lit(day).dt.offset_by(f"{years}y")).item()
    return found


def _counted(number: pl.Expr) -> pl.Expr:
    unit = pl.when(number == 1).then(pl.lit(" year")).otherwise(pl.lit(" years"))
    return pl.concat_str(number.cast(pl.String), unit)


def _years(number: int) -> str:
    return f"{number} year{'' if number == 1 else 's'}"
