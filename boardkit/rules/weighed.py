"""Weighed: how many marks penalties really lower, and what of their work stands as it is, for the board to see (64)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import hundredths
from boardkit.problems import shown
from boardkit.rules.holds import MODULE
from boardkit.rules.marks import DEFERRED, MARKED
from boardkit.rules.meant import KINDLESS, RETAKE, UNDATED
from boardkit.rules.tariff import DECIDED, PLACE

if TYPE_CHECKING:
    from boardkit.regulations.misconduct import Misconduct
    from boardkit.regulations.model import Regulations
    from boardkit.rules.offences import Offences
    from boardkit.rules.penalties import Penalised

_COUNTS = ("lowered", "for_marks", "no_higher", "deferred", "held")


def weigh(offences: Offences, penalised: Penalised, pack: Regulations) -> Offences:
    """Count the marks that each penalty lowers, and add to what is doubtful of it what stands as it is.

    Args:
        offences: the offences, and the work that their penalties are about.
        penalised: component marks after penalties.
        pack: the regulations.

    Returns:
        The offences, their rows with ``lowered``: null where a penalty lowers no mark, which ``doubt`` then says.
    """
    rules = pack.misconduct
    if offences.rows.is_empty() or rules is None:
        return offences
    rows = offences.rows.drop("lowered")
    for found in (_counted(offences, penalised), _left(offences, rules), _kept(offences, penalised, rules)):
        rows = rows.join(found, on=list(PLACE), how="left", maintain_order="left")
    rows = rows.with_columns(pl.col(_COUNTS).fill_null(0))
    doubt = pl.concat_str(["doubt", *_said(rules), "left", _lighter(rules)], separator=" ", ignore_nulls=True)
    weighed = rows.with_columns(
        doubt=pl.when(doubt != "").then(doubt), lowered=pl.when(pl.col("lowered") > 0).then("lowered")
    )
    return replace(offences, rows=weighed.select(offences.rows.columns).cast(offences.rows.schema))


def _counted(offences: Offences, penalised: Penalised) -> pl.DataFrame:
    """Count the work of each penalty: with a mark that is lowered, with one no higher already, deferred, held elsewhere."""
    worked = penalised.details.select("at", "scaled", "status")
    meant = offences.meant.filter(pl.col("left").is_null()).join(
        worked, on="at", how="left", maintain_order="left"
    )
    marked = (pl.col("status") == MARKED).fill_null(value=False)
    # A module is lowered as a whole: what counts is whether it has work with a mark.
    lowered = (
        pl.when(pl.col("of") == MODULE).then("sat").otherwise(marked & (pl.col("most") < pl.col("scaled")))
    )
    here = pl.col("at").is_not_null()
    return meant.group_by(*PLACE).agg(
        lowered=lowered.fill_null(value=False).sum(),
        for_marks=here.sum(),
        no_higher=(marked & (pl.col("most") >= pl.col("scaled"))).fill_null(value=False).sum(),
        deferred=(pl.col("deferred") | (pl.col("status") == DEFERRED)).fill_null(value=False).sum(),
        held=(~here).sum(),
    )


def _said(rules: Misconduct) -> list[pl.Expr]:
    """Say why a penalty that lowers marks lowers none."""
    by = {one.id: one.marks.of for one in rules.penalties if one.marks is not None}
    of = pl.col("penalty").replace_strict(by, default=None, return_dtype=pl.String)
    idle = (pl.col("state") == DECIDED) & of.is_not_null() & (pl.col("lowered") == 0)
    nothing = f"No mark that it lowers was found in that year ({rules.academic_year.source})."
    if rules.not_submitting is not None:
        nothing += (
            f" As it stands the student is better off than not submitting ({rules.not_submitting.source})."
        )
    why = (
        pl.when((of == "year") & (pl.col("for_marks") == 0))
        .then(pl.lit(nothing))
        .when(pl.col("no_higher") > 0)
        .then(pl.lit("It lowers no mark: none is higher."))
        .when(pl.col("deferred") > 0)
        .then(pl.lit("It lowers no mark: the work is deferred."))
        .when(pl.col("for_marks") > 0)
        .then(pl.lit("It lowers no mark: the work has none that can be used."))
        .when(pl.col("held") > 0)
        .then(pl.lit("It lowers no mark: none of that attempt is among the marks."))
    )
    return [pl.when(idle.fill_null(value=False)).then(why)]


def _left(offences: Offences, rules: Misconduct) -> pl.DataFrame:
    """Name the work of a year that its penalty leaves as it is, and why."""
    named = pl.concat_str(
        [shown(pl.col("module")), shown(pl.col("component"))], separator=" ", ignore_nulls=True
    )
    again = pl.concat_str(named, pl.lit(" attempt "), pl.col("attempt").cast(pl.String))
    apart = pl.concat_str(shown(pl.col("module")), pl.lit(" ("), "left", pl.lit(")"))
    why = pl.col("left")
    kinds = {
        RETAKE: ("Sat again in that year, and not lowered", again),
        KINDLESS: ("No kind is stated, and it is not lowered", named),
        UNDATED: ("No year is stated, and it stands as an earlier board has it", named),
        "apart": ("Not assessed here, and not lowered", apart),
    }
    citations = {one.id: one.citation for one in rules.penalties}
    cited = pl.col("penalty").first().replace_strict(citations, default=None, return_dtype=pl.String)
    sentences = []
    for kind, (words, label) in kinds.items():
        mine = ~why.is_in([RETAKE, KINDLESS, UNDATED]) if kind == "apart" else why == kind
        listed = label.filter(mine).unique(maintain_order=True).str.join(", ")
        sentences.append(
            pl.when(mine.any()).then(
                pl.concat_str(pl.lit(f"{words}: "), listed, pl.lit(" ("), cited, pl.lit(")."))
            )
        )
    told = offences.meant.filter(why.is_not_null()).group_by(*PLACE, maintain_order=True)
    return told.agg(left=pl.concat_str(sentences, separator=" ", ignore_nulls=True))


def _kept(offences: Offences, penalised: Penalised, rules: Misconduct) -> pl.DataFrame:
    """Tell which offences' own work keeps a mark over the one that not submitting gives."""
    lighter = rules.not_submitting
    least = pl.lit(None if lighter is None else hundredths(lighter.value), dtype=pl.Int32)
    marks = pl.lit(penalised.rows["value"]).gather("at")
    again = offences.meant.filter(pl.col("left") == RETAKE)
    own = offences.own.join(again, on=["at", *PLACE], how="anti")
    return own.group_by(*PLACE).agg(keeps=(marks > least).any())


def _lighter(rules: Misconduct) -> pl.Expr:
    """Say that the work keeps its mark, under a penalty that leaves it or is for other work as well (64)."""
    if rules.not_submitting is None:
        return pl.lit(None, dtype=pl.String)
    excluding = [one.id for one in rules.penalties if one.excludes is not None]
    yearly = [one.id for one in rules.penalties if one.marks is not None and one.marks.of == "year"]
    told = (
        f"The work keeps its mark, which is more than not submitting gives ({rules.not_submitting.source})."
    )
    penalty = pl.col("penalty")
    stands = (pl.col("state") == DECIDED) & pl.col("keeps")
    of_year = penalty.is_in(yearly) & pl.col("module").is_not_null() & (pl.col("for_marks") > 0)
    return pl.when((stands & (penalty.is_in(excluding) | of_year)).fill_null(value=False)).then(pl.lit(told))
