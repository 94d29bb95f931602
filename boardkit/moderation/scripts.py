"""Scripts: the marked pieces of work that a sample is drawn from, and what is left out, with the reason (5.6, 5.7).

A script stands with its marker's mark, before caps and penalties: moderation looks at marking (MS3).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import polars as pl

from boardkit.errors import CallError
from boardkit.exact import hundredths
from boardkit.moderation.fitted import moderation_of
from boardkit.problems import show
from boardkit.queries import work_out
from boardkit.rules.ground import lay_ground
from boardkit.rules.markers import bands
from boardkit.rules.marks import converted, excuse, number_marks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boardkit.cohort import Cohort
    from boardkit.regulations import Pack
    from boardkit.regulations.model import Regulations
    from boardkit.regulations.moderation import Moderation
    from boardkit.rules.ground import Ground

Purpose = Literal["internal", "external"]
PURPOSES: tuple[Purpose, ...] = ("internal", "external")

GROUP = ("module", "component", "attempt")
"""What a sample is of: one assessment, each attempt by itself."""

STUDENT = "student_id"
"""Whose a script is."""

SECOND = ("second_marker", "second_mark", "third_mark", "agreed_mark")
"""What a script carries of other markers."""

_MARKED_AS_A_WHOLE = "marked by two markers as a whole: no sample is drawn"


@dataclass(frozen=True)
class Asked:
    """What is asked for of a sample, beside the cohort and the regulations.

    Args:
        purpose: for whom it is.
        seed: what it is drawn from.
        module: one module; else all.
        component: one component; else all.
        reassessments: whether an external sees them; where it is not stated, as the pack says (5.7.2).
        add: students whose scripts are in whatever is drawn.
        add_bands: grade bands whose scripts are all in, such as every A*.
        settings: what the pack leaves to the board and is stated here, by name; it stands over the board table.
    """

    purpose: Purpose
    seed: int
    module: str | None = None
    component: str | None = None
    reassessments: bool | None = None
    add: tuple[str, ...] = ()
    add_bands: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Scripts:
    """What may be sampled.

    Args:
        rows: one row a script, by ``module``, ``component``, ``attempt`` and ``student_id``: its ``mark`` in
            hundredths, its grade ``band`` and the band's place ``b`` from the lowest (null where the module's
            study is not known), its ``marker`` (empty where none is named), whether it is a borderline ``fail``,
            and its group ``g``.
        groups: the assessments in order: ``g``, their key, how many scripts ``n`` each has.
        notes: what is not sampled and why: ``module``, ``component``, ``attempt``, ``note``.
    """

    rows: pl.DataFrame
    groups: pl.DataFrame
    notes: pl.DataFrame


def find_scripts(cohort: Cohort, pack: Pack, asked: Asked) -> Scripts:
    """Find the scripts of a cohort, and what is not sampled.

    Args:
        cohort: the checked tables.
        pack: the regulations.
        asked: of which modules, and for whom: an external sees work for a named award alone (5.7.1).

    Raises:
        CallError: there is no such module or component, or the pack has no rule of moderation.
    """
    rules = moderation_of(pack)
    ground = lay_ground(cohort, pack.rules)
    marks = _of_works(cohort, ground, pack.rules, rules, asked.module, asked.component)
    notes = [_double(marks), _unread(marks)]
    rows = marks.filter(pl.col("marked") & (pl.col("double") == ""))
    if asked.purpose == "external":
        again = rules.external.reassessments if asked.reassessments is None else asked.reassessments
        rows, told = _for_external(rows, rules, _repeated(cohort, marks), again=again)
        notes += told
    rows = _placed(rows, pack.rules, rules)
    groups = rows.group_by("g", *GROUP).agg(n=pl.len().cast(pl.Int64)).sort("g")
    unbanded = groups.join(rows.filter(pl.col("b").is_null()), on="g", how="semi", maintain_order="left")
    notes.append(
        _note(
            unbanded, "the module's study is not known: borderline fails and grade bands were not looked at"
        )
    )
    return Scripts(rows, groups, pl.concat(notes).sort(GROUP))


def marked_work(
    cohort: Cohort, pack: Pack, module: str | None = None, component: str | None = None
) -> pl.DataFrame:
    """Give every marked piece of work with the marks of all its markers, and why it is ``double`` marked, if it is."""
    ground, rules = lay_ground(cohort, pack.rules), moderation_of(pack)
    return _of_works(cohort, ground, pack.rules, rules, module, component).filter("marked")


def _of_works(  # noqa: PLR0913, PLR0917 - what marks are looked up in
    cohort: Cohort,
    ground: Ground,
    pack: Regulations,
    rules: Moderation,
    module: str | None,
    component: str | None,
) -> pl.DataFrame:
    chosen = _chosen(_works(cohort, ground, rules), module, component)
    return _marks(cohort, ground, pack).join(chosen, on="k", how="inner", maintain_order="left")


def _works(cohort: Cohort, ground: Ground, rules: Moderation) -> pl.DataFrame:
    """Every component, with what makes it double marked as a whole: the regulations, or what is stated of it."""
    stated = cohort.typed["components"].select("module", "component", "double_marked")
    whole = pl.col("kind").is_in(rules.double_marked.kinds) & pl.col("level").is_in(
        rules.double_marked.levels
    )
    double = (
        pl.when(whole.fill_null(value=False))
        .then(pl.lit(f"{_MARKED_AS_A_WHOLE} ({rules.double_marked.citation})"))
        .when(pl.col("double_marked").fill_null(value=False))
        .then(pl.lit(f"{_MARKED_AS_A_WHOLE} (stated in the components table)"))
        .otherwise(pl.lit(""))
    )
    modules = ground.modules.select(
        "m", "module", "kind", "level", "study", "grade_only", named="named_award"
    )
    return (
        ground.components.select("k", "module", "component")
        .join(modules, on="module", how="left", maintain_order="left")
        .join(stated, on=["module", "component"], how="left", maintain_order="left")
        .with_columns(double=double)
        .drop("double_marked", "level", "kind")
    )


def _chosen(works: pl.DataFrame, module: str | None, component: str | None) -> pl.DataFrame:
    chosen = works
    for name, wanted in (("module", module), ("component", component)):
        if wanted is None:
            continue
        known = chosen[name].unique().sort().to_list()
        chosen = chosen.filter(pl.col(name) == wanted)
        if chosen.is_empty():
            where = f" in {module}" if name == "component" and module is not None else ""
            raise CallError(f'there is no {name} "{show(wanted)}"{where}. There are: {", ".join(known)}.')
    return chosen


def _marks(cohort: Cohort, ground: Ground, pack: Regulations) -> pl.DataFrame:
    """Every row of the marks table with the marker's mark, and whether a piece of work was marked (MS1)."""
    beside = cohort.typed["marks"].select("marker", "second_marker")
    numbered = number_marks(cohort)
    deferred = excuse(cohort, ground).works.filter("deferred").select("e", "k", "attempt", excused=True)
    modules = ground.modules
    of_component = pl.lit(ground.components["m"]).gather("k")
    graded = pl.lit(modules["grade_only"].fill_null(value=False)).gather(of_component)
    rows = pl.concat([numbered, beside], how="horizontal").with_columns(m=of_component, graded=graded)
    if deferred.height:
        rows = rows.join(deferred, on=["e", "k", "attempt"], how="left", maintain_order="left")
    else:
        rows = rows.with_columns(excused=pl.lit(None, dtype=pl.Boolean))
    mark = pl.when("graded").then(converted(ground, pack)).otherwise(pl.coalesce("mark", "agreed_mark"))
    return rows.select(
        "s",
        "e",
        "k",
        "attempt",
        mark.cast(pl.Int32).alias("mark"),
        "graded",
        pl.col("mark").cast(pl.Int32).alias("first_mark"),
        pl.col("marker").fill_null("").str.strip_chars().alias("marker"),
        "second_marker",
        *(pl.col(name).cast(pl.Int32) for name in ("second_mark", "third_mark", "agreed_mark")),
        "_bad",
        taken=pl.col("state").is_null() & pl.col("excused").is_null(),
        pass_mark=pl.lit(ground.enrolments["pass_mark"]).gather("e"),
        student_id=pl.lit(ground.students["student_id"]).gather("s"),
    ).with_columns(marked=pl.col("taken") & ~pl.col("_bad") & pl.col("mark").is_not_null())


def _double(marks: pl.DataFrame) -> pl.DataFrame:
    each = marks.filter((pl.col("double") != "") & pl.col("marked"))
    return each.select(*(pl.col(name) for name in GROUP), note="double").unique().select(_NOTE)


def _unread(marks: pl.DataFrame) -> pl.DataFrame:
    """Tell how many pieces of work a sample leaves out because their mark, or what bears on it, cannot be read."""
    out = marks.filter(pl.col("taken") & ~pl.col("marked") & (pl.col("double") == ""))
    counted = out.group_by(GROUP).agg(pl.len().alias("blank"))
    told = pl.concat_str(
        pl.col("blank").cast(pl.String),
        pl.lit(
            " with no mark that can be used: not counted. boardkit check names the cells; correct them, and draw again"
        ),
    )
    return counted.with_columns(note=told).select(_NOTE)


def _repeated(cohort: Cohort, marks: pl.DataFrame) -> pl.Series:
    """Give the modules of which other students have results of this very academic year: this is a repeat occurrence."""
    year = cohort.facts.values.get("academic_year")
    this_year = pl.col("academic_year") == pl.lit(year, dtype=pl.String)
    results = cohort.typed["results"].filter(this_year & ~pl.col("_bad"))
    mine = marks.select("module", "student_id").unique()
    others = results.join(mine, on=["module", "student_id"], how="anti")
    return others["module"].unique()


def _for_external(
    rows: pl.DataFrame, rules: Moderation, repeated: pl.Series, *, again: bool
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Leave out what an external examiner is not sent: no named award, reassessments, repeats (5.7.1, 5.7.2)."""
    told, clause = [], rules.external.citation
    if rules.external.named_award_only:
        unnamed = ~pl.col("named").fill_null(value=True)
        told.append(
            _note(rows.filter(unnamed), f"leads to no named award: not sent to the external ({clause})")
        )
        rows = rows.filter(~unnamed)
    if not again:
        later = pl.col("attempt") > 1
        told.append(
            _note(rows.filter(later), f"a reassessment: not sent unless the board asks for it ({clause})")
        )
        rows = rows.filter(~later)
        second = pl.col("module").is_in(repeated.implode())
        repeat = f"a repeat occurrence this academic year: not sent unless the board asks for it ({clause})"
        told.append(_note(rows.filter(second), repeat))
        rows = rows.filter(~second)
    return rows, told


_NOTE = (*GROUP, "note")


def _note(rows: pl.DataFrame, sentence: str) -> pl.DataFrame:
    return rows.select(GROUP).unique().with_columns(note=pl.lit(sentence))


def _placed(rows: pl.DataFrame, pack: Regulations, rules: Moderation) -> pl.DataFrame:
    """Give every script its band, whether it is a borderline fail, and its group."""
    within = hundredths(rules.fails.within)
    fail = (pl.col("mark") < pl.col("pass_mark")) & (pl.col("mark") >= pl.col("pass_mark") - within)
    place, band = bands(pl.col("mark"), pl.col("study"), pack)
    return (
        rows.lazy()
        .sort("module", "component", "attempt", "student_id")
        .with_columns(b=place, band=band, fail=fail.fill_null(value=False), g=pl.struct(GROUP).rle_id())
        .select("g", *GROUP, "student_id", "mark", "b", "band", "marker", "fail", "s", "k", *SECOND)
        .pipe(work_out)
    )
