"""How rows fit together: what names something that is not there, and what a fault takes with it."""

from __future__ import annotations

import polars as pl

from boardkit import tables
from boardkit.check.table import empty
from boardkit.exact import WEIGHT_UNITS
from boardkit.problems import found, found_at

Tables = dict[str, pl.DataFrame]

_PERCENT = 100 * WEIGHT_UNITS

_LINKS: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    ("components", ("module",), "modules", "module-unknown"),
    ("deadlines", ("module", "component"), "components", "component-unknown"),
    ("scaling", ("module", "component"), "components", "component-unknown"),
    ("enrolments", ("student_id",), "students", "student-unknown"),
    ("enrolments", ("module",), "modules", "module-unknown"),
    ("marks", ("student_id",), "students", "student-unknown"),
    ("marks", ("module",), "modules", "module-unknown"),
    ("marks", ("module", "component"), "components", "component-unknown"),
    ("marks", ("student_id", "module"), "enrolments", "not-enrolled"),
    ("results", ("student_id",), "students", "student-unknown"),
    ("circumstances", ("student_id",), "students", "student-unknown"),
    ("circumstances", ("student_id", "module"), "enrolments", "not-enrolled"),
    ("circumstances", ("module", "component"), "components", "component-unknown"),
    ("decisions", ("student_id",), "students", "student-unknown"),
    ("misconduct", ("student_id",), "students", "student-unknown"),
)
"""Which table's rows name rows of which other; the first that fails is the one reported."""


def link(typed: Tables, given: frozenset[str]) -> tuple[Tables, list[pl.DataFrame]]:
    """Leave out, and report, rows that name what a given table does not hold."""
    result = dict(typed)
    problems: list[pl.DataFrame] = []
    for name, columns, target, code in _LINKS:
        frame = result[name]
        if target not in given or frame.is_empty():
            continue
        on = list(columns)
        named = (
            frame
            if name != "circumstances" or "component" not in on
            else frame.filter(pl.col("component").is_not_null())
        )
        missing = named.join(result[target], on=on, how="anti")
        if missing.is_empty():
            continue
        what = pl.concat_str([pl.col(column) for column in on], separator=" ")
        sentence = pl.concat_str(
            pl.lit('"'), what, pl.lit(f'" is not in the {target} table; the row was not used.')
        )
        problems.append(found(code, missing, column=on[-1], value=pl.col(on[-1]), message=sentence))
        result[name] = frame.join(
            missing.select("_src", "_row"), on=["_src", "_row"], how="anti", maintain_order="left"
        )
    return result, problems


def derive(typed: Tables, given: frozenset[str]) -> tuple[Tables, list[pl.DataFrame]]:
    """Make from the marks the tables that were not given, and say so.

    No enrolments: everyone with a mark is enrolled, core. No components: a module with one component gives
    it the whole weight, one with several has no weights. No modules: they are named, and nothing is known
    of them but the study that is asked for.
    """
    result = dict(typed)
    problems: list[pl.DataFrame] = []
    marks = result["marks"]
    for name, sentence in _ABSENT.items():
        if name not in given:
            problems.append(
                found_at("table-absent", 0, None, sentence).with_columns(_src=pl.lit(None, dtype=pl.UInt16))
            )
    first = [pl.col("_src").first(), pl.col("_row").first(), pl.lit(value=False).alias("_bad")]
    if "modules" not in given:
        known = pl.concat(
            [result[name].select("module", "_src", "_row") for name in ("marks", "components", "enrolments")]
        )
        result["modules"] = _fill(
            "modules", known.group_by("module", maintain_order=True).agg(first).sort("module")
        )
    if "components" not in given:
        pairs = (
            marks.group_by("module", "component", maintain_order=True).agg(first).sort("module", "component")
        )
        lonely = pl.when(pl.len().over("module") == 1).then(WEIGHT_UNITS).otherwise(None)
        result["components"] = _fill("components", pairs.with_columns(weight=lonely.cast(pl.Int64)))
        several = (
            result["components"]
            .filter(pl.col("weight").is_null())
            .unique("module", keep="first", maintain_order=True)
        )
        sentence = pl.concat_str(
            pl.col("module"),
            pl.lit(
                ": several components and no components table. Weights are never guessed; the module is incomplete."
            ),
        )
        problems.append(found("weights-not-given", several, column="component", message=sentence))
    if "enrolments" not in given:
        pairs = marks.group_by("student_id", "module", maintain_order=True).agg(first)
        result["enrolments"] = _fill("enrolments", pairs.sort("student_id", "module"))
    return result, problems


_ABSENT = {
    "students": "No students table: nobody is classified.",
    "enrolments": "No enrolments table: enrolments are taken from the marks, all core.",
    "modules": "No modules table: levels and credits are unknown, and the study is the one stated.",
    "components": "No components table: a module with one component gives it the whole weight.",
}


def _fill(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Give a derived table the columns it lacks, with their defaults."""
    filled = pl.concat([empty(tables.INPUT[name]), frame], how="diagonal")
    defaults = [
        pl.col(column.name).fill_null(column.default == "Y" if column.kind == "yes-no" else column.default)
        for column in tables.INPUT[name].columns
        if column.default is not None
    ]
    return filled.with_columns(defaults)


def weigh(typed: Tables, given: frozenset[str]) -> list[pl.DataFrame]:
    """Tell of weights that add up to nothing, or to neither 1 nor 100, and of modules with no components."""
    components = typed["components"]
    if "components" not in given or components.is_empty():
        return []
    sums = (
        components.group_by("module", maintain_order=True)
        .agg(pl.col("weight").sum(), pl.col("_src").first(), pl.col("_row").first(), pl.col("_bad").any())
        .filter(~pl.col("_bad"))
    )
    nothing = sums.filter(pl.col("weight") == 0)
    odd = sums.filter(~pl.col("weight").is_in([0, WEIGHT_UNITS, _PERCENT]))
    total = (pl.col("weight") / WEIGHT_UNITS).cast(pl.String).str.strip_suffix(".0")
    problems = [
        found(
            "weights-zero",
            nothing,
            column="weight",
            message=pl.concat_str(
                pl.col("module"),
                pl.lit(": the weights add up to nothing; the module is incomplete. Give the weights."),
            ),
        ),
        found(
            "weights-sum",
            odd,
            column="weight",
            value=total,
            message=pl.concat_str(
                pl.col("module"),
                pl.lit(": the weights add up to "),
                total,
                pl.lit(", neither 1 nor 100; they are used in proportion."),
            ),
        ),
    ]
    if "modules" in given:
        bare = (
            typed["modules"]
            .join(components, on="module", how="anti")
            .join(typed["enrolments"], on="module", how="semi")
        )
        problems.append(
            found(
                "no-components",
                bare,
                column="module",
                value=pl.col("module"),
                message=pl.concat_str(
                    pl.col("module"),
                    pl.lit(": the components table has no row for it; the module is incomplete."),
                ),
            )
        )
    return problems


def spread(typed: Tables) -> Tables:
    """Let a row that could not be read take with it what depends on it.

    A bad module or component makes its students' modules incomplete; a bad deadline or scaling the marks it
    is for; bad circumstances the student's module. Bad rows of the latter kinds are then left out.
    """
    result = dict(typed)
    bad = {name: frame.filter("_bad") for name, frame in typed.items() if "_bad" in frame.columns}
    enrolments, marks = result["enrolments"], result["marks"]
    for name in ("modules", "components"):
        enrolments = _mark_bad(enrolments, bad[name], ["module"])
    enrolments = _mark_bad(enrolments, bad["circumstances"], ["student_id", "module"])
    marks = _mark_bad(marks, bad["deadlines"], ["module", "component", "attempt"])
    marks = _mark_bad(marks, bad["scaling"], ["module", "component"])
    result["enrolments"], result["marks"] = enrolments, marks
    for name in ("deadlines", "scaling", "circumstances", "decisions"):
        result[name] = result[name].filter(~pl.col("_bad"))
    return result


def _mark_bad(frame: pl.DataFrame, bad: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    if bad.is_empty():
        return frame
    hit = bad.select(on).unique().with_columns(_hit=pl.lit(value=True))
    joined = frame.join(hit, on=on, how="left", maintain_order="left")
    return joined.with_columns(_bad=pl.col("_bad") | pl.col("_hit").fill_null(value=False)).drop("_hit")
