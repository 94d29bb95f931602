"""How rows fit together: what names something that is not there, and what a fault takes with it."""

from __future__ import annotations

import polars as pl

from boardkit import tables
from boardkit.check.table import empty
from boardkit.exact import WEIGHT_UNITS, print_number
from boardkit.problems import found, found_at, shown

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
    ("decisions", ("module",), "modules", "module-unknown"),
    ("decisions", ("student_id", "module"), "enrolments", "not-enrolled"),
    ("misconduct", ("student_id",), "students", "student-unknown"),
)
"""Which table's rows name rows of which other; the first that fails is the one reported."""


_MARKS_NAME = ("marks", "components", "enrolments")
"""Tables whose rows name what is made from them, where a table is not given."""


def link(
    typed: Tables, targets: frozenset[str], *, derived: bool = False
) -> tuple[Tables, list[pl.DataFrame]]:
    """Leave out, and report, rows that name what a table does not hold.

    Args:
        typed: the tables.
        targets: the tables that may be named.
        derived: whether these were made from the marks, and not given.

    Returns:
        The tables without such rows, and the problems.
    """
    result = dict(typed)
    problems: list[pl.DataFrame] = []
    place = ["_src", "_row"]
    for name, columns, target, code in _LINKS:
        frame = result[name]
        if target not in targets or frame.is_empty() or (derived and name in _MARKS_NAME):
            continue
        on = list(columns)
        held = result[target].select(on)
        if name == "decisions" and "module" in on:
            # A decision may be about a module that an earlier board has confirmed.
            held = pl.concat([held, result["results"].select(on)])
        naming = frame.drop_nulls(on) if any(frame[key].null_count() for key in on) else frame
        missing = naming.join(held, on=on, how="anti", maintain_order="left")
        if missing.is_empty():
            continue
        named = shown(pl.concat_str(on, separator=" "))
        where = "is named in no mark" if derived else f"is not in the {target} table"
        zeros = _zeros_lost(missing, held, on)
        other = missing.join(zeros.select(place), on=place, how="anti", maintain_order="left")
        hint = pl.concat_str(pl.lit(", which has "), shown(pl.col("_known")))
        for told, what, rest in (
            (zeros, "id-zeros-lost", hint),
            (_spelt_otherwise(other, held, on), code, hint.fill_null("")),
        ):
            sentence = pl.concat_str(
                pl.lit('"'), named, pl.lit(f'" {where}'), rest, pl.lit("; the row was not used.")
            )
            problems.append(found(what, told, column=on[-1], value=pl.col(on[-1]), message=sentence))
        result[name] = frame.join(missing.select(place), on=place, how="anti", maintain_order="left")
    return result, problems


def _zeros_lost(missing: pl.DataFrame, held: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    """Give the rows whose identifier is one that is held, but for the zeros at its front; that as ``_known``."""
    bare = pl.col(on[0]).str.strip_chars_start("0")
    known = held.select(_bare=bare, _known=on[0]).unique("_bare", keep="first", maintain_order=True)
    if len(on) > 1:
        known = known.clear()
    return missing.with_columns(_bare=bare).join(known, on="_bare", how="inner", maintain_order="left")


def _spelt_otherwise(missing: pl.DataFrame, held: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    """Add as ``_known`` the identifier that is held and differs in case or spaces alone; null where none does."""
    folded = pl.col(on[0]).str.to_lowercase().str.replace_all(r"\s", "")
    known = held.select(_folded=folded, _known=on[0]).unique("_folded", keep="first", maintain_order=True)
    if len(on) > 1:
        known = known.clear()
    return missing.with_columns(_folded=folded).join(known, on="_folded", how="left", maintain_order="left")


DERIVED = frozenset({"modules", "components", "enrolments"})
"""Tables that are made from the marks where they are not given."""


def derive(typed: Tables, lost: Tables, given: frozenset[str]) -> tuple[Tables, list[pl.DataFrame]]:
    """Make from the marks the tables that were not given, and say so.

    No enrolments: everyone with a mark is enrolled, core. No components: a module with one component gives
    it the whole weight, one with several has no weights. No modules: they are named, and nothing is known
    of them but the study that is asked for. A mark whose key could not be read in full still says who is on
    which module.
    """
    result = dict(typed)
    problems: list[pl.DataFrame] = []
    marks = result["marks"]
    places = ["student_id", "module", "_src", "_row"]
    named = lost["marks"].select(places)
    for target, column in (("students", "student_id"), ("modules", "module")):
        if target in given:
            named = named.join(result[target], on=column, how="semi", maintain_order="left")
    named = pl.concat([marks.select(places), named])
    for name, sentence in ABSENT.items():
        if name not in given:
            problems.append(
                found_at("table-absent", 0, None, sentence).with_columns(_src=pl.lit(None, dtype=pl.UInt16))
            )
    first = [pl.col("_src").first(), pl.col("_row").first(), pl.lit(value=False).alias("_bad")]
    if "modules" not in given:
        frames = (named, result["components"], result["enrolments"])
        known = pl.concat([frame.select("module", "_src", "_row") for frame in frames]).drop_nulls("module")
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
        about = _about(
            "several components and no weights; the module is incomplete. Weights are never guessed."
        )
        problems.append(found("weights-not-given", several, column="component", message=about))
    if "enrolments" not in given:
        mine = ["student_id", "module"]
        pairs = named.drop_nulls(mine).group_by(mine, maintain_order=True).agg(first)
        for name, key in (("students", "student_id"), ("modules", "module")):
            if name in given:
                pairs = pairs.join(result[name], on=key, how="semi", maintain_order="left")
        result["enrolments"] = _fill("enrolments", pairs.sort(mine))
    return result, problems


def left_out(entered: pl.DataFrame, used: pl.DataFrame) -> pl.DataFrame:
    """Give the rows that were entered and are not used: they still say who is on which module."""
    if entered.height == used.height:
        return entered.clear()
    return entered.join(used, on=["_src", "_row"], how="anti", maintain_order="left")


ABSENT = {
    "students": "No students table: nobody is classified.",
    "enrolments": "No enrolments table: enrolments are taken from the marks, all core.",
    "modules": "No modules table: levels and credits are unknown, and the study is the one stated.",
    "components": "No components table: a module with one component gives it the whole weight.",
}
"""What is done where a table is not given, and said."""


def _fill(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Give a derived table the columns it lacks, with their defaults."""
    filled = pl.concat([empty(tables.INPUT[name]), frame], how="diagonal")
    defaults = [
        pl.col(column.name).fill_null(column.default == "Y" if column.kind == "yes-no" else column.default)
        for column in tables.INPUT[name].columns
        if column.default is not None
    ]
    return filled.with_columns(defaults)


def _about(sentence: str) -> pl.Expr:
    """Put a sentence behind the module's name."""
    return shown(pl.col("module")) + pl.lit(f": {sentence}")


def weigh(typed: Tables, given: frozenset[str]) -> list[pl.DataFrame]:
    """Tell of weights that add up to nothing, or to neither 1 nor 100, and of modules with no components."""
    components = typed["components"]
    if "components" not in given:
        return []
    sums = (
        components.group_by("module", maintain_order=True)
        .agg(pl.col("weight").sum(), pl.col("_src").first(), pl.col("_row").first(), pl.col("_bad").any())
        .filter(~pl.col("_bad"))
    )
    nothing = sums.filter(pl.col("weight") == 0)
    odd = sums.filter(~pl.col("weight").is_in([0, WEIGHT_UNITS, _PERCENT]))
    total = print_number(pl.col("weight"), units=WEIGHT_UNITS)
    adds = pl.concat_str(_about("the weights add up to "), total)
    problems = [
        found(
            "weights-zero",
            nothing,
            column="weight",
            message=_about("the weights add up to nothing; the module is incomplete."),
        ),
        found(
            "weights-sum",
            odd,
            column="weight",
            value=total,
            message=adds + pl.lit(", neither 1 nor 100; they are used in proportion."),
        ),
    ]
    if "modules" in given:
        bare = (
            typed["modules"]
            .join(components, on="module", how="anti", maintain_order="left")
            .join(typed["enrolments"], on="module", how="semi", maintain_order="left")
        )
        sentence = _about("the components table has no row for it; the module is incomplete.")
        problems.append(
            found("no-components", bare, column="module", value=pl.col("module"), message=sentence)
        )
    return problems


def choose_scaling(typed: Tables) -> tuple[Tables, list[pl.DataFrame]]:
    """Tell of scalings that give both points and a factor, or neither: which is meant is not guessed."""
    scaling = typed["scaling"]
    both_or_none = pl.col("add").is_null() == pl.col("multiply").is_null()
    unclear = scaling.filter(both_or_none & ~pl.col("_bad"))
    if unclear.is_empty():
        return typed, []
    sentence = pl.concat_str(
        shown(pl.concat_str("module", "component", separator=" ")),
        pl.when(pl.col("add").is_null())
        .then(pl.lit(": a scaling with neither points nor a factor"))
        .otherwise(pl.lit(": a scaling with both points and a factor")),
        pl.lit("; the marks are incomplete."),
    )
    problems = [found("scaling-unclear", unclear, column="add", message=sentence)]
    return {**typed, "scaling": scaling.with_columns(_bad=pl.col("_bad") | both_or_none)}, problems


def spread(typed: Tables, lost: Tables) -> Tables:
    """Let a row that could not be read take with it what depends on it.

    A bad module or component makes its students' modules incomplete; a bad deadline or scaling the marks it
    is for; bad circumstances, or a bad result of an earlier board, the student's module. Bad rows of the latter kinds are then left out. A row
    whose key could not be read in full takes with it all that the rest of its key names.

    Args:
        typed: the tables.
        lost: rows whose key could not be read, by table.

    Returns:
        The tables, with ``_bad`` where something cannot be computed.
    """
    result = dict(typed)
    bad = {
        name: frame.filter("_bad") if frame["_bad"].any() else frame.clear() for name, frame in typed.items()
    }
    enrolments, marks = result["enrolments"], result["marks"]
    module, work, mine = ["module"], ["module", "component"], ["student_id", "module"]
    for rows in (bad["modules"], bad["components"], lost["components"]):
        enrolments = _mark_bad(enrolments, rows, module)
    for rows in (bad["circumstances"], bad["results"], lost["circumstances"], lost["marks"]):
        enrolments = _mark_bad(enrolments, rows, mine)
    marks = _mark_bad(marks, bad["deadlines"], [*work, "attempt"])
    for rows in (bad["scaling"], lost["deadlines"], lost["scaling"]):
        marks = _mark_bad(marks, rows, work)
    for rows in (lost["deadlines"], lost["scaling"]):
        if rows.height:
            marks = _mark_bad(marks, rows.filter(pl.col("component").is_null()), module)
    result["enrolments"], result["marks"] = enrolments, marks
    for name in ("deadlines", "scaling", "circumstances", "decisions"):
        if bad[name].height:
            result[name] = result[name].filter(~pl.col("_bad"))
    return result


def _mark_bad(frame: pl.DataFrame, bad: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    if bad.is_empty():
        return frame
    hit = bad.select(on).drop_nulls().unique().with_columns(_hit=pl.lit(value=True))
    if hit.is_empty():
        return frame
    joined = frame.join(hit, on=on, how="left", maintain_order="left")
    return joined.with_columns(_bad=pl.col("_bad") | pl.col("_hit").fill_null(value=False)).drop("_hit")
