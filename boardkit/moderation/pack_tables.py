"""What the external's pack says beside the sample: modules, distributions, scaling, recommendations, evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.analysis.statistics import SMALL_GROUP
from boardkit.exact import nearest, print_number
from boardkit.moderation.double import double_marking
from boardkit.moderation.fitted import moderation_of
from boardkit.moderation.scripts import marked_work
from boardkit.moderation.showed import shown_on_board
from boardkit.rules.ground import lay_ground
from boardkit.rules.markers import bands

if TYPE_CHECKING:
    from boardkit.cohort import Cohort
    from boardkit.masking import Masks
    from boardkit.moderation.sample import Sample

_NUMBERS = ("mean", "spread", "lower_quartile", "median", "upper_quartile")
_STAFF_OF_MODULES = ("coordinator", "language", "location", "partner")
_CREDITS, _WEIGHTS = 100, 10**6


def pack_tables(sample: Sample, masks: Masks) -> dict[str, pl.DataFrame]:
    """Make the tables of the pack, of the modules whose work the sample was drawn of.

    Args:
        sample: an external's sample.
        masks: what must not be said.

    Returns:
        ``modules``, ``distributions`` (of this board's marks by component, and of earlier results by module and
        year), ``scaling``, ``recommendations`` with their responses, and ``evidence`` that internal moderation took place.
    """
    cohort, pack = sample.cohort, sample.pack
    ground = lay_ground(cohort, pack.rules)
    named = ground.modules.filter(pl.col("module").is_in(_sent(sample).implode()))
    if sample.asked.module is not None:
        named = named.filter(module=sample.asked.module)
    modules = named["module"]
    made = {
        "modules": _masked(masks, _modules(named, cohort), ("title",), _STAFF_OF_MODULES),
        "distributions": pl.concat([_now(sample), _before(sample)]),
        "scaling": _masked(masks, _scaling(cohort, modules), ("basis",)),
        "recommendations": _masked(
            masks,
            _recommendations(cohort, modules),
            ("recommendation", "response", "status"),
            ("examiner",),
        ),
        "evidence": _evidence(sample),
    }
    return {name: frame.select(tables.MODERATION[name]) for name, frame in made.items()}


def _masked(
    masks: Masks, frame: pl.DataFrame, texts: tuple[str, ...], staff: tuple[str, ...] = ()
) -> pl.DataFrame:
    """Mask the columns that people wrote in, and those that name staff, who may be called as a student is."""
    return masks.frame(masks.frame(frame, texts), staff, parts=False)


def _modules(named: pl.DataFrame, cohort: Cohort) -> pl.DataFrame:
    """Describe the modules: what they are, and which work they are assessed by."""
    work = cohort.typed["components"].with_columns(
        share=pl.col("weight") / pl.col("weight").sum().over("module")
    )
    share = (pl.col("share") * 100).round(1).cast(pl.String).str.strip_suffix(".0")
    told = pl.concat_str("component", pl.lit(" "), share, pl.lit("%"))
    components = work.group_by("module", maintain_order=True).agg(
        components=pl.when(pl.col("share").is_nan() | pl.col("share").is_null())
        .then("component")
        .otherwise(told)
        .str.join(", ")
    )
    return (
        named.drop("components")
        .join(components, on="module", how="left", maintain_order="left")
        .with_columns(
            pl.col("kind", "study").cast(pl.String),
            pl.col("scqf_level").cast(pl.Int64),
            print_number(pl.col("credits"), units=_CREDITS),
            print_number(pl.col("pass_mark"), units=_CREDITS),
        )
    )


def _now(sample: Sample) -> pl.DataFrame:
    """Describe this board's marks, as the markers gave them, double marked work among them."""
    asked = sample.asked
    year = sample.cohort.facts.values.get("academic_year")
    work = marked_work(sample.cohort, sample.pack, asked.module, asked.component)
    rows = work.filter(pl.col("module").is_in(_sent(sample).implode()))
    if not again(sample):
        rows = rows.filter(pl.col("attempt") == 1)
    place, band = bands(pl.col("mark"), pl.col("study"), sample.pack.rules)
    rows = rows.with_columns(b=place, band=band, academic_year=pl.lit(year, dtype=pl.String))
    return _described(rows, ["module", "component", "academic_year"])


def again(sample: Sample) -> bool:
    """Tell whether reassessments are sent (5.7.2)."""
    if sample.asked.reassessments is not None:
        return sample.asked.reassessments
    return moderation_of(sample.pack).external.reassessments


def _before(sample: Sample) -> pl.DataFrame:
    """Describe the results of earlier boards, by module and year; of so few that one could be told, their number alone.

    Modules that are not on this board any more are among them, those whose work is not sent are not.
    """
    pack, results = sample.pack.rules, sample.cohort.typed["results"]
    kept = ~pl.col("_bad") & pl.col("mark").is_not_null()
    held = sample.cohort.typed["modules"]["module"]
    not_sent = held.filter(~held.is_in(_sent(sample).implode()))
    kept &= ~pl.col("module").is_in(not_sent.implode())
    if sample.asked.module is not None:
        kept &= pl.col("module") == sample.asked.module
    results = results.filter(kept)
    levels = {level: study for study, rules in pack.studies.each() for level in rules.levels.value}
    study = pl.col("scqf_level").cast(pl.Int64).replace_strict(levels, default=None, return_dtype=pl.String)
    place, band = bands(pl.col("mark"), study, pack)
    rows = results.with_columns(b=place, band=band, component=pl.lit(None, dtype=pl.String))
    made = _described(rows, ["module", "component", "academic_year"])
    few = pl.col("small") == "Y"
    return made.with_columns(pl.when(~few).then(pl.col(*_NUMBERS, "bands")).name.keep())


def _described(rows: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Describe marks by what they are of: how many, their middle and spread, and how many are in each band."""
    mark = nearest(pl.col("mark"))
    parts = {"lower_quartile": 1, "median": 2, "upper_quartile": 3}
    numbers = rows.group_by(by).agg(
        marked=pl.len().cast(pl.Int64),
        mean=mark.mean(),
        spread=mark.std(),
        **{name: mark.quantile(part / 4, interpolation="linear") for name, part in parts.items()},
    )
    counted = (
        rows.group_by(*by, "b", "band").agg(n=pl.len()).sort(*by, "b", descending=[*[False] * len(by), True])
    )
    told = pl.concat_str(pl.col("band").fill_null("?"), pl.lit(" "), pl.col("n").cast(pl.String))
    banded = counted.group_by(by, maintain_order=True).agg(bands=told.str.join(", "))
    return (
        numbers.join(banded, on=by, nulls_equal=True)
        .with_columns(
            pl.col(_NUMBERS).round(1),
            small=pl.when(pl.col("marked") <= SMALL_GROUP).then(pl.lit("Y")).otherwise(pl.lit("N")),
        )
        .select(tables.MODERATION["distributions"])
        .sort(by)
    )


def _scaling(cohort: Cohort, modules: pl.Series) -> pl.DataFrame:
    """List the scaling that the examiners put to the board (5.4)."""
    rows = cohort.typed["scaling"].filter(pl.col("module").is_in(modules.implode()))
    yes = pl.when("endorsed").then(pl.lit("Y")).otherwise(pl.lit("N"))
    add = pl.col("add") / _CREDITS
    multiply = pl.col("multiply") / _WEIGHTS
    return rows.with_columns(add=add, multiply=multiply, endorsed=yes)


def _recommendations(cohort: Cohort, modules: pl.Series) -> pl.DataFrame:
    """List what externals recommended before, and the answers: of these modules, and of none in particular."""
    rows = cohort.typed["recommendations"]
    return rows.filter(pl.col("module").is_null() | pl.col("module").is_in(modules.implode())).sort(
        "module", "academic_year", nulls_last=False
    )


def _evidence(sample: Sample) -> pl.DataFrame:
    """Say of every assessment whether second marks show that it was moderated, or double marked, and what they showed."""
    cohort, pack, asked = sample.cohort, sample.pack, sample.asked
    double = double_marking(cohort, pack, asked.module, asked.component)
    key = ["module", "component", "attempt"]
    double = double.with_columns(pl.col("attempt").cast(pl.Int64))
    counted = double.group_by(key).agg(
        second_marks=pl.col("second_mark").count().cast(pl.Int64),
        agreed=pl.col("agreed_mark").count().cast(pl.Int64),
        to_agree=pl.col("state").is_in(["to-agree", "third-marker"]).sum().cast(pl.Int64),
        needed=(pl.col("state") == "missing").sum(),
    )
    found = shown_on_board(cohort, pack).filter(pl.col("marker").is_null())
    scripts = sample.scripts.groups.select(
        "module", "component", pl.col("attempt").cast(pl.Int64), marked="n"
    )
    whole = double.join(scripts, on=key, how="anti").group_by(key).agg(marked=pl.len().cast(pl.Int64))
    named = whole.filter(
        pl.col("module").is_in(_sent(sample).implode()) & ((pl.col("attempt") == 1) | pl.lit(again(sample)))
    )
    rows = (
        pl.concat([scripts, named])
        .join(counted, on=key, how="left")
        .with_columns(pl.col("second_marks", "agreed", "to_agree", "needed").fill_null(0))
    )
    evidence = (
        pl.when(pl.col("second_marks") == 0)
        .then(pl.lit("none recorded"))
        .when(pl.col("second_marks") >= pl.col("marked"))
        .then(pl.lit("double marked"))
        .when(pl.col("needed") > 0)
        .then(pl.lit("double marked in part"))
        .otherwise(pl.lit("moderated"))
    )
    return (
        rows.join(found.select(*key, "mean_difference", "low", "high"), on=key, how="left")
        .with_columns(evidence=evidence)
        .sort(key)
    )


def _sent(sample: Sample) -> pl.Series:
    """Give the modules whose work is sent: those that lead to a named award, where the pack asks for it (5.7.1)."""
    modules = sample.cohort.typed["modules"]
    if not moderation_of(sample.pack).external.named_award_only:
        return modules["module"]
    return modules.filter(pl.col("named_award").fill_null(value=True))["module"]
