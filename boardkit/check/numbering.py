"""Numbering: what names a row of another table gets that row's number, once and for all.

The stages join by these numbers instead of by text. A student is ``s``, a module ``m``, a component ``k``,
an enrolment ``e``: each the place of its row in its table, which is sorted by key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from boardkit.segments import Segments, find, pair

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Numbers:
    """The numbers of the rows of a cohort.

    Args:
        students: the students' identifiers in order; everyone named where there is no students table.
        modules: the names of every module that is taught here or was before, in order.
        enrolments: ``s`` and ``m`` of every enrolment.
        marks: ``e``, ``s`` and ``k`` of every mark.
        results: ``s`` and ``m`` of every result; ``m`` is null where the module is not taught here.
    """

    students: pl.Series
    modules: pl.Series
    enrolments: pl.DataFrame
    marks: pl.DataFrame
    results: pl.DataFrame


def number(typed: Mapping[str, pl.DataFrame], given: frozenset[str]) -> Numbers:
    """Number the enrolments and marks of tables whose references are sound and which are sorted by key."""
    students = _students(typed, given)
    modules = _numbered(typed["modules"], "module", "m")
    enrolments, results = (
        typed[name]
        .select("module", _by_run(typed[name]["student_id"], students))
        .join(modules, on="module", how="left", maintain_order="left")
        .select("s", "m")
        for name in ("enrolments", "results")
    )
    components = typed["components"].select("module", "component").with_row_index("k")
    marks = typed["marks"].select("module", "component", _by_run(typed["marks"]["student_id"], students))
    numbered = marks.join(components, on=["module", "component"], how="left", maintain_order="left").select(
        "s", "k"
    )
    of_component = components.join(modules, on="module", how="left", maintain_order="left")["m"]
    both = pair(pl.col("s"), pl.col("m"))
    runs = Segments(numbered.select(s="s", m=of_component.gather(numbered["k"])).select(both).to_series())
    at = find(enrolments.select(both).to_series(), runs.keys).alias("e")
    named = pl.concat([typed["modules"]["module"], typed["results"]["module"].unique()])
    return Numbers(
        students=students,
        modules=named.unique().sort(),
        enrolments=enrolments,
        marks=pl.DataFrame([runs.spread(at), numbered["s"], numbered["k"]]),
        results=results,
    )


def _students(typed: Mapping[str, pl.DataFrame], given: frozenset[str]) -> pl.Series:
    if "students" in given:
        return typed["students"]["student_id"]
    named = [typed[name]["student_id"] for name in ("enrolments", "results")]
    return pl.concat(named).unique().sort()


def _numbered(frame: pl.DataFrame, name: str, number_name: str) -> pl.DataFrame:
    return frame.select(name).with_row_index(number_name)


def _by_run(ids: pl.Series, students: pl.Series) -> pl.Series:
    """Number students in a table sorted by them: one look-up a student."""
    runs = Segments(ids.rle_id())
    each = pl.DataFrame({"student_id": runs.first(ids)})
    numbered = each.join(
        _numbered(students.to_frame("student_id"), "student_id", "s"),
        on="student_id",
        how="left",
        maintain_order="left",
    )
    return runs.spread(numbered["s"])
