"""Reasons: why a student's classification is what it is, in one line with its clauses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.decided import class_source, decided_sentence
from boardkit.exact import CREDIT_UNITS, print_hundredths, print_number
from boardkit.regulations.part import UNRULED

if TYPE_CHECKING:
    from boardkit.regulations.awards import AwardRules
    from boardkit.regulations.model import Regulations

READING, LOCAL = "; reading ", "local: "
"""How a citation names its readings, and begins where no regulation gives the rule."""


def with_reasons(classified: pl.DataFrame, pack: Regulations) -> pl.DataFrame:
    """Add to every student's award ``worked_out``, why the class is what it is, and ``reason``.

    The reason says besides what the board has decided, where a recorded decision stands over that class.
    """
    rules = dict(pack.awards.each())
    near = (pl.col("basis") == "uplift") | pl.col("borderline").fill_null(value=False)
    parts = []
    for award in classified["award"].unique():
        aimed = classified.filter(pl.col("award").eq_missing(pl.lit(award, dtype=pl.String)))
        for chosen, boundary in ((near, True), (~near, False)):
            rows = aimed.filter(chosen)
            if rows.is_empty():
                continue
            said = _reason(award, rules.get(award), pack.rounding.average.shown, boundary=boundary)
            parts.append(rows.with_columns(worked_out=said.str.strip_chars()))
    if not parts:
        return classified.with_columns(
            worked_out=pl.lit(None, dtype=pl.String), reason=pl.lit(None, dtype=pl.String)
        )
    made = pl.concat(parts).sort("s")
    if made["decided"].null_count() == made.height:
        return _with_kept(made.with_columns(reason="worked_out"))
    decided = decided_sentence(class_source(pack), pl.col("computed"), "Worked out")
    said = pl.concat_str(decided, "worked_out", separator=" ", ignore_nulls=True)
    return _with_kept(made.with_columns(reason=said))


def _with_kept(made: pl.DataFrame) -> pl.DataFrame:
    """Say besides what penalties for misconduct keep the award from."""
    if made["kept"].null_count() == made.height:
        return made
    return made.with_columns(reason=pl.concat_str("reason", "kept", separator=" ", ignore_nulls=True))


def unclassified(award: str) -> str:
    """Say why nobody is classified who aims at none, or at an award that the regulations have no rule for.

    Examples:
        >>> unclassified("masters")
        'The award masters: no rule stated. The marks are recorded and nothing is classified.'
    """
    why = "No award is aimed at: the" if award == tables.NO_AWARD else f"The award {award}: {UNRULED}. The"
    return f"{why} marks are recorded and nothing is classified."


def _reason(award: str | None, rules: AwardRules | None, places: int, *, boundary: bool) -> pl.Expr:
    if award is None:
        return pl.lit("Nothing is classified: a cell of the student's row cannot be read; see the problems.")
    if rules is None:
        return pl.lit(unclassified(award))
    short = _short(rules)
    if rules.average is None:
        stated = (
            f"No rule states how this award is classified; the credit it needs is in {rules.credits.source}."
        )
        unknown = pl.concat_str(pl.lit(" Nothing is known of "), "waits_for", pl.lit(".")).fill_null("")
        return pl.concat_str(pl.lit(stated), unknown, short)
    average = print_hundredths(pl.col("average"), places=places)
    source = rules.average.clause or ""
    found = (
        pl.when("waits")
        .then(pl.concat_str(pl.lit("Waits for "), pl.col("waits_for"), pl.lit(".")))
        .when(pl.col("average").is_null())
        .then(pl.lit("No module at the levels that the average needs."))
        .otherwise(
            pl.concat_str(
                pl.lit("Average "),
                average,
                pl.lit(f" ({source})."),
                _boundary(rules, places) if boundary else pl.lit(""),
            )
        )
    )
    return pl.concat_str(found, _alone(rules), short)


def _boundary(rules: AwardRules, places: int) -> pl.Expr:
    """Say what was done near the boundary above."""
    if rules.borderline is None:
        return pl.lit("")
    at = {number: f"{rule.at}" for number, rule in enumerate(rules.classes)}
    boundary = pl.col("target").replace_strict(at, default=None, return_dtype=pl.String)
    gap = pl.concat_str(
        pl.lit(" "), print_hundredths(pl.col("below"), places=places), pl.lit(" below "), boundary
    )
    zone, uplift = rules.borderline.zone, rules.borderline.uplift
    held = print_number(pl.col("at_or_above"), units=CREDIT_UNITS)
    needed = print_number(pl.col("needed"), units=CREDIT_UNITS)
    clauses = {number: criterion.source for number, criterion in enumerate(rules.borderline.criteria)}
    levels = {
        number: " or ".join(str(level) for level in criterion.levels)
        for number, criterion in enumerate(rules.borderline.criteria)
    }

    def named(names: dict[int, str]) -> pl.Expr:
        return pl.col("criterion").replace_strict(names, default=None, return_dtype=pl.String)

    test = pl.concat_str(
        gap,
        pl.lit(f": a borderline case ({zone.source}). "),
        held,
        pl.lit(" credits at SCQF "),
        named(levels),
        pl.lit(" at "),
        boundary,
        pl.lit(" or above, "),
        needed,
        pl.lit(" needed ("),
        named(clauses),
        pl.when(pl.col("basis") == "borderline").then(pl.lit("): goes up.")).otherwise(pl.lit("): stays.")),
    )
    return (
        pl.when(pl.col("basis") == "uplift")
        .then(pl.concat_str(gap, pl.lit(f": goes up ({uplift.source}).")))
        .when("borderline")
        .then(test)
        .otherwise(pl.lit(""))
    )


def _alone(rules: AwardRules) -> pl.Expr:
    if rules.average is None or rules.average.alone is None:
        return pl.lit("")
    levels = " and ".join(str(level) for level in rules.average.buckets[0].levels)
    text = f" SCQF {levels} alone ({rules.average.alone.source})."
    return pl.when(pl.col("alone") & pl.col("average").is_not_null()).then(pl.lit(text)).otherwise(pl.lit(""))


def _short(rules: AwardRules) -> pl.Expr:
    """Say how much credit there is where it is not enough."""
    held = print_number(pl.col("credits_held"), units=CREDIT_UNITS)
    wanted = f"{rules.credits.total}"
    detail = "".join(
        f", {minimum.credits} of them at SCQF {levels_said(minimum.levels)}"
        for minimum in rules.credits.minima
    )
    text = pl.concat_str(
        pl.lit(" Credit "), held, pl.lit(f" where {wanted} are needed{detail} ({rules.credits.source}).")
    )
    return pl.when("eligible").then(pl.lit("")).otherwise(text)


def levels_said(levels: list[int]) -> str:
    """Name levels: one, or the lowest with those above it.

    Examples:
        >>> levels_said([10]), levels_said([9, 10, 11, 12])
        ('10', '9 or above')
    """
    return str(levels[0]) if len(levels) == 1 else f"{min(levels)} or above"


def together(*citations: str) -> str:
    """Put citations together, every clause and every reading once.

    Examples:
        >>> together("9.2; reading W6, W8", "9.3; reading W7"), together("8.2, 8.3", "8.2", "local: the School")
        ('9.2, 9.3; reading W6, W8, W7', '8.2, 8.3, local: the School')
    """
    clauses: dict[str, None] = {}
    readings: dict[str, None] = {}
    for citation in citations:
        source, _, named = citation.partition(READING)
        clauses |= dict.fromkeys([source] if source.startswith(LOCAL) else source.split(", "))
        readings |= dict.fromkeys(named.split(", ") if named else [])
    return ", ".join(clauses) + (f"{READING}{', '.join(readings)}" if readings else "")
