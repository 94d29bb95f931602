"""Moderated: the board's marks with the second and agreed marks of a form; nothing that stands is overwritten or lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.codes import CODES
from boardkit.errors import CallError
from boardkit.moderation.form_read import KEY
from boardkit.report.names import plural

if TYPE_CHECKING:
    from boardkit.cohort import Cohort
    from boardkit.moderation.form_read import Filled


def with_moderated(cohort: Cohort, filled: Filled) -> pl.DataFrame:
    """Give the board's marks table with the second and agreed marks of a form, to be used in its place.

    Raises:
        CallError: the form is an external examiner's, who changes no single mark (5.7.5); or rows of the board's marks
            cannot be used, and would be lost.
    """
    if filled.purpose != "internal":
        raise CallError(
            f"the form is an external examiner's, and an external changes no single mark ({filled.whole})."
        )
    unused = _unused(cohort)
    if unused:
        raise CallError(
            f"{plural(unused, 'row')} of the board's marks cannot be used, and would be lost. Correct them first: boardkit check "
            "names their cells."
        )
    names = ("second_marker", "second_mark", "agreed_mark")
    marked = filled.table().filter(pl.col("second_mark").is_not_null())
    new = marked.select(*KEY, **{f"_{name}": pl.col(name) for name in names})
    marks: pl.DataFrame = cohort.polars.marks
    joined = marks.with_columns(pl.col("attempt").cast(pl.Int64)).join(
        new, on=KEY, how="left", maintain_order="left"
    )
    return joined.with_columns(pl.coalesce(name, f"_{name}").alias(name) for name in names).select(
        marks.columns
    )


def _unused(cohort: Cohort) -> int:
    """Count the rows of marks that are wrong: those that cannot be read, and those that name what no table holds."""
    place = ["_src", "_row"]
    errors = [code for code, about in CODES.items() if about.severity == "error"]
    own = [at for at, source in enumerate(cohort.sources) if source.table == "marks"]
    wrong = cohort.found.filter(
        pl.col("code").is_in(errors) & pl.col("_src").is_in(own) & pl.col("_row").is_not_null()
    )
    bad = cohort.typed["marks"].filter("_bad")
    return pl.concat([wrong.select(place), bad.select(place)], how="vertical_relaxed").unique().height
