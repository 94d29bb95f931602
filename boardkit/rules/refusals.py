"""Refusals: what lets a decided penalty for misconduct not stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.problems import shown
from boardkit.regulations.misconduct import NO_PENALTY
from boardkit.years import year_named

if TYPE_CHECKING:
    from datetime import date

    from boardkit.regulations.misconduct import Misconduct, Penalty


def _blank(name: str) -> pl.Expr:
    return pl.col(name).is_null() | (pl.col(name).str.strip_chars() == "")


def _moderates() -> pl.Expr:
    """Tell whether it is the moderated penalty that was chosen."""
    there = pl.col("moderated_penalty").is_not_null()
    chosen = (pl.col("penalty") == pl.col("moderated_penalty")) & (
        pl.col("penalty") != pl.col("default_penalty")
    )
    said = pl.col("moderated") & there & (pl.col("penalty") == pl.col("moderated_penalty"))
    # Where the tariff cannot be looked up, what is stated to be moderated is taken at its word.
    unknown = pl.col("moderated") & pl.col("missing").is_not_null() & (pl.col("penalty") != NO_PENALTY)
    return chosen.fill_null(value=False) | said.fill_null(value=False) | unknown.fill_null(value=False)


def list_of(rules: Misconduct) -> pl.Expr:
    """Give the list that a decided penalty is of; null where it is of none."""
    lists = {one.id: one.among for one in rules.penalties}
    return pl.col("penalty").replace_strict(lists, default=None, return_dtype=pl.String)


def returned(rules: Misconduct) -> pl.Expr:
    """Tell whether a decided penalty is of the list that its offence may be referred back to."""
    back = pl.col("back_to")
    return (list_of(rules) == back).fill_null(value=False) & back.ne_missing(pl.col("list"))


def refusals(rules: Misconduct, on: date | None) -> list[tuple[pl.Expr, pl.Expr]]:
    """Say what lets a decided penalty not stand: when, and in which words.

    Args:
        rules: the pack's section of misconduct.
        on: the day of the board, from which a bar is counted; none where it is not known.

    Returns:
        Conditions on offences whose case was found, each with what is then said.
    """
    named = shown(pl.col("penalty"))
    listed = {name: [one.id for one in rules.penalties if one.among == name] for name in rules.lists}
    allowed = {name: ", ".join([*ids, NO_PENALTY]) for name, ids in listed.items()}
    belongs = list_of(rules)
    penal = pl.col("penalty").is_not_null()
    proven = penal & (pl.col("penalty") != NO_PENALTY)
    nowhere = pl.col("missing").is_null() & pl.col("list").is_null()
    refused = (
        pl.col("missing").is_null() & pl.col("default_penalty").is_null() & pl.col("table").is_not_null()
    )
    against = [
        (penal & pl.col("_bad"), pl.lit("A cell of the row cannot be read.")),
        (
            proven & (nowhere | refused) & ~returned(rules),
            pl.format("It has no penalty here: {} ({}).", "says", "source").fill_null(
                "No penalty of these regulations is for this offence."
            ),
        ),
        (
            proven & ~refused & ~returned(rules) & ~_open_to(belongs),
            pl.concat_str(
                pl.lit('"'),
                named,
                pl.lit('" is no penalty for this offence'),
                pl.concat_str(
                    pl.lit(". Those there are: "),
                    pl.col("list").replace_strict(allowed, default=None, return_dtype=pl.String),
                ).fill_null(""),
                pl.lit("."),
            ),
        ),
    ]
    if rules.moderation is not None and rules.moderation.needs_reason:
        told = f"A moderated penalty needs a reason, and none is stated ({rules.moderation.source})."
        against.append((_moderates() & _blank("reason"), pl.lit(told)))
    for one in rules.penalties:
        given = pl.col("penalty") == one.id
        against += [(given & applies, told) for applies, told in _lacking(one, on)]
    return [(applies.fill_null(value=False), told) for applies, told in against]


def _open_to(belongs: pl.Expr) -> pl.Expr:
    """Tell whether a penalty is of the list that an offence is open to; while that is not known, of one it may be."""
    may = pl.col("open_lists").list.contains(belongs)
    of_list = belongs.eq_missing(pl.col("list"))
    unknown = pl.col("missing").is_not_null()
    return (
        pl.when(pl.col("list").is_not_null())
        .then(of_list)
        .when(unknown)
        .then(may.fill_null(value=False))
        .otherwise(True)
    )


def _lacking(penalty: Penalty, on: date | None) -> list[tuple[pl.Expr, pl.Expr]]:
    """Say what a penalty needs that its row does not state, and a bar that lasts too long."""
    found: list[tuple[pl.Expr, pl.Expr]] = []
    if penalty.marks is not None and penalty.marks.value is None:
        told = f"{penalty.id} reduces the mark, and mark does not say to what ({penalty.source})."
        found.append((pl.col("mark").is_null(), pl.lit(told)))
    if penalty.no_reassessment:
        told = f"{penalty.id} is about one module, and module is blank ({penalty.source})."
        found.append((pl.col("module").is_null(), pl.lit(told)))
    bar = penalty.bar
    if bar is None:
        return found
    if bar.required:
        told = f"{penalty.id} lasts until a stated day, and bar_until is blank ({penalty.source})."
        found.append((pl.col("bar_until").is_null(), pl.lit(told)))
    if bar.years is not None and bar.counted_from == "decision":
        told = f"{penalty.id} may last {bar.years} years at most, and bar_until is later ({penalty.source})."
        found.append((pl.col("bar_until") > last_day(bar.years, on), pl.lit(told)))
    return found


def last_day(years: int, on: date | None) -> pl.Expr:
    """Give the last day that a bar of so many years may reach; null where it is not known when it began."""
    begins = pl.lit(on, dtype=pl.Date) if on is not None else _end_of_year()
    return begins.dt.offset_by(f"{years}y")


def _end_of_year() -> pl.Expr:
    """The last day of the calendar year that the offence's academic year ends in."""
    begun = year_named(pl.col("academic_year")).cast(pl.Int32)
    return pl.date(begun + 2, 1, 1) - pl.duration(days=1)
