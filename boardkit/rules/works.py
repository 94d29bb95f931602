"""Works: offenders' pieces of work, those with a row of marks here and those that earlier boards' results alone hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.queries import work_out
from boardkit.rules.marks import DEFERRED, MARKED, detail_marks, settle_marks
from boardkit.years import begun, year_begun

if TYPE_CHECKING:
    from polars._typing import PolarsDataType

    from boardkit.cohort import Cohort
    from boardkit.regulations.model import Regulations
    from boardkit.rules.ground import Ground
    from boardkit.rules.marks import Excuses

WORKS: dict[str, PolarsDataType] = {
    "s": pl.UInt32,
    "e": pl.UInt32,
    "k": pl.UInt32,
    "at": pl.UInt32,
    "attempt": pl.Int16,
    "module": pl.String,
    "component": pl.String,
    "kind": pl.String,
    "begun": pl.String,
    "undated": pl.Boolean,
    "sat": pl.Boolean,
    "deferred": pl.Boolean,
    "apart": pl.String,
    "result": pl.Int32,
}
"""What is known of a piece of work.

``at`` is its place among the marks, null where a result alone holds its attempt; ``begun`` the year its academic year
begins in, ``undated`` where no year is stated and the student is not enrolled; ``sat`` that there is a mark to lower;
``apart`` why it is no work of the year's own: prior learning, or exchange; ``result`` the mark of the result.
"""

_UNSAT = ("not-submitted", "absent")
_PRIOR, _EXCHANGE = "prior learning", "exchange"


def find_works(
    marks: pl.DataFrame, excuses: Excuses, cohort: Cohort, ground: Ground, pack: Regulations
) -> pl.DataFrame:
    """Give offenders' work, in the shape of ``WORKS``.

    Args:
        marks: rows numbered by ``number_marks``.
        excuses: what accepted circumstances do.
        cohort: the offences, the results of earlier boards, and the board's facts.
        ground: students, modules, components, enrolments.
        pack: the regulations.
    """
    offenders = cohort.typed["misconduct"]["student_id"].unique()
    known = ground.students.filter(pl.col("student_id").is_in(offenders.implode()))["s"]
    here = _here(marks, known, excuses, ground, pack)
    held = _held(cohort, ground, known).join(
        here.select("e", "attempt").unique(), on=["e", "attempt"], how="anti", maintain_order="left"
    )
    of_modules = ground.enrolments.select("e", own_exchange="exchange", own_prior="prior_learning")
    stated = cohort.typed["enrolments"]["academic_year"].alias("enrolled_in").to_frame().with_row_index("e")
    works = (
        pl.concat([here, held], how="diagonal")
        .join(of_modules, on="e", how="left", maintain_order="left")
        .join(stated, on="e", how="left", maintain_order="left")
    )
    of_board = pl.lit(begun(cohort.facts.values.get("academic_year")), dtype=pl.String)
    dated = pl.coalesce(year_begun(pl.col("academic_year")), year_begun(pl.col("enrolled_in")))
    return works.with_columns(
        kind=pl.col("kind").str.to_lowercase(),
        begun=dated.fill_null(of_board),
        undated=dated.is_null() & pl.col("e").is_null(),
        apart=pl.when(pl.col("own_prior") | pl.col("prior_learning"))
        .then(pl.lit(_PRIOR))
        .when(pl.col("own_exchange") | pl.col("exchange"))
        .then(pl.lit(_EXCHANGE)),
    ).select(pl.col(name).cast(dtype) for name, dtype in WORKS.items())


def _here(
    marks: pl.DataFrame, known: pl.Series, excuses: Excuses, ground: Ground, pack: Regulations
) -> pl.DataFrame:
    """The work with a row of marks, settled as every mark is."""
    mine = marks.with_row_index("at").filter(pl.col("s").is_in(known.implode()))
    placed = mine.select("at", "e", "k", "attempt").join(
        excuses.works, on=["e", "k", "attempt"], maintain_order="left"
    )
    settled = settle_marks(
        detail_marks(mine, ground), placed.lazy().select("at", "deferred", "late_accepted"), ground, pack
    )
    unsat = pl.col("why").cast(pl.String).is_in(_UNSAT).fill_null(value=False)
    return (
        settled.select(
            "s",
            "e",
            "k",
            "at",
            "attempt",
            sat=(pl.col("status") == MARKED) & ~unsat,
            deferred=pl.col("status") == DEFERRED,
        )
        .pipe(work_out)
        .join(
            ground.components.select("k", "module", "component", "kind"),
            on="k",
            how="left",
            maintain_order="left",
        )
    )


def _held(cohort: Cohort, ground: Ground, known: pl.Series) -> pl.DataFrame:
    """The attempts that earlier boards have concluded, with every component of their modules that is known."""
    numbers, typed = cohort.numbers.results, cohort.typed["results"]
    given = typed.select(
        "module", "attempt", "academic_year", "exchange", "prior_learning", "outcome", result="mark"
    ).with_columns(numbers["s"], numbers["m"], ground.enrolled(numbers).alias("e"))
    parts = ground.components.select("m", "k", "component", "kind")
    return (
        given.filter(pl.col("s").is_in(known.implode()) & pl.col("attempt").is_not_null())
        .join(parts, on="m", how="left", maintain_order="left")
        .with_columns(
            sat=pl.lit(value=False),
            deferred=(pl.col("outcome").cast(pl.String) == "deferred").fill_null(value=False),
        )
        .drop("m", "outcome")
    )
