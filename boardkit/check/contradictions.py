"""What tables say against each other or to no effect: told, and never put right by guessing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import CREDIT_UNITS, print_number
from boardkit.problems import found, shown

if TYPE_CHECKING:
    from boardkit.check.references import Tables

_MINE = ["student_id", "module"]
_AT = [*_MINE, "attempt"]


def find_contradictions(typed: Tables, given: frozenset[str]) -> list[pl.DataFrame]:
    """Find what stands against another table, or has no effect beside it.

    Args:
        typed: the tables, linked.
        given: the tables that were given.

    Returns:
        The problems.
    """
    return [
        *_other_size(typed, given),
        *_circumstances(typed),
        *_alike(typed, "students" if "students" in given else "enrolments", "student_id"),
        *_alike(typed, "modules", "module"),
    ]


def _other_size(typed: Tables, given: frozenset[str]) -> list[pl.DataFrame]:
    """Results whose level or credit is not the one that the modules table states."""
    if "modules" not in given or typed["results"].is_empty():
        return []
    here = typed["modules"].filter(~pl.col("_bad"))
    enrolled = typed["enrolments"].select(_MINE).unique().with_columns(_enrolled=pl.lit(value=True))
    both = (
        typed["results"]
        .filter(~pl.col("_bad"))
        .join(here.select("module", _level="scqf_level", _credits="credits"), on="module")
        .join(enrolled, on=_MINE, how="left")
        .sort("_src", "_row")
    )
    stands = pl.when("_enrolled").then(pl.lit("the module's")).otherwise(pl.lit("the result's own"))
    credit = [print_number(pl.col(name), units=CREDIT_UNITS) for name in ("credits", "_credits")]
    level = [pl.concat_str(pl.lit("SCQF "), name) for name in ("scqf_level", "_level")]
    problems = []
    for column, other, (mine, its) in (("scqf_level", "_level", level), ("credits", "_credits", credit)):
        unit = " credits" if column == "credits" else ""
        there = pl.lit(f"{unit} in the modules table; ")
        sentence = pl.concat_str(
            label(), mine, pl.lit(f"{unit} here and "), its, there, stands, pl.lit(" stands.")
        )
        differ = both.filter(pl.col(column) != pl.col(other))
        problems.append(found("result-differs-from-module", differ, column=column, message=sentence))
    return problems


def _circumstances(typed: Tables) -> list[pl.DataFrame]:
    """Accepted circumstances for work that there is not, and two for one attempt that say different things."""
    accepted = typed["circumstances"].filter(pl.col("accepted").fill_null(value=False) & ~pl.col("_bad"))
    if accepted.is_empty():
        return []
    effect = pl.col("effect").cast(pl.String)
    first, deferred = accepted.filter(effect == "first-sit"), accepted.filter(effect == "deferred")
    both = first.join(deferred, on=_AT, how="semi", maintain_order="left")
    about = accepted.select(_MINE).unique()
    marks, results = (
        typed[name].join(about, on=_MINE, how="semi", maintain_order="left") for name in ("marks", "results")
    )
    marks = marks.select(*_AT, "component")
    worked = accepted.join(_reached(marks, results, deferred), on=_MINE, how="left", maintain_order="left")
    whole = marks.select(_AT).unique()
    alone = worked.filter(
        (effect == "first-sit") | ((effect == "late-accepted") & pl.col("component").is_null())
    ).join(whole, on=_AT, how="anti", maintain_order="left")
    alone = alone.join(deferred, on=_AT, how="anti", maintain_order="left")
    piece = worked.filter((effect == "late-accepted") & pl.col("component").is_not_null()).join(
        marks, on=[*_AT, "component"], how="anti", maintain_order="left"
    )
    ahead = worked.filter((effect == "deferred") & (pl.col("attempt") > pl.col("_reached").fill_null(0) + 1))
    nothing = pl.concat([alone, piece, ahead]).sort("_src", "_row")
    said = pl.concat_str(
        label(component=True),
        pl.lit("no work at attempt "),
        "attempt",
        pl.when(effect == "deferred")
        .then(pl.lit(" or at the one before it."))
        .otherwise(pl.concat_str(pl.lit(" yet; "), effect, pl.lit(" does nothing until there is."))),
    )
    deferred_wins = pl.concat_str(
        label(),
        pl.lit("attempt "),
        "attempt",
        pl.lit(" is deferred and a first sit at once; the deferral stands."),
    )
    return [
        found("circumstances-without-work", nothing, column="attempt", value=pl.col("attempt"), message=said),
        found("circumstances-contradict", both, column="effect", value=effect, message=deferred_wins),
    ]


def _reached(marks: pl.DataFrame, results: pl.DataFrame, deferred: pl.DataFrame) -> pl.DataFrame:
    """The last attempt of each student at each module that a mark, a result or a deferral before it records."""
    known = pl.concat([marks.select(_AT), results.select(_AT)])
    last = known.group_by(_MINE).agg(_reached=pl.col("attempt").max())
    ordered = deferred.select(_AT).unique().sort(_AT)
    following = (
        ordered.join(last, on=_MINE, how="left", maintain_order="left")
        .with_columns(_reached=pl.col("_reached").fill_null(0))
        .filter(pl.col("attempt") == pl.col("_reached") + pl.int_range(1, pl.len() + 1).over(_MINE))
        .group_by(_MINE)
        .agg(_deferred=pl.col("attempt").max())
    )
    return last.join(following, on=_MINE, how="full", coalesce=True).select(
        *_MINE, _reached=pl.max_horizontal("_reached", "_deferred")
    )


def _alike(typed: Tables, table: str, column: str) -> list[pl.DataFrame]:
    """Identifiers that differ in nothing but case and spaces: two spellings of one, perhaps."""
    place = [column, "_src", "_row"]
    named = pl.concat([typed[table].select(place), typed["results"].select(place)]).drop_nulls(column)
    named = named.unique(column, keep="first", maintain_order=True)
    if not named[column].str.contains(r"[\p{Lu}\p{Ll}\s]").any():
        return []
    folded = pl.col(column).str.to_lowercase().str.replace_all(r"\s", "")
    alike = (
        named.with_columns(_folded=folded)
        .filter(pl.len().over("_folded") > 1)
        .with_columns(_other=pl.col(column).first().over("_folded"))
        .filter(pl.col(column) != pl.col("_other"))
    )
    sentence = pl.concat_str(
        pl.lit('"'),
        shown(pl.col(column)),
        pl.lit('" and "'),
        shown(pl.col("_other")),
        pl.lit('" differ in case or spaces alone and were taken as two.'),
    )
    return [found("ids-alike", alike, column=column, value=pl.col(column), message=sentence)]


def label(*, component: bool = False) -> pl.Expr:
    """Say whose work it is, in front of a sentence."""
    work = shown(pl.col("module"))
    if component:
        piece = pl.concat_str(pl.lit(" "), shown(pl.col("component"))).fill_null("")
        work = pl.concat_str(work, piece)
    return pl.concat_str(work, pl.lit(", "), shown(pl.col("student_id")), pl.lit(": "))
