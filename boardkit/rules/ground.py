"""What every stage stands on: students, modules, components and enrolments with what the pack says of each.

Keys are whole numbers here, each the place of its row: a student is ``s``, a module ``m``, a component
``k``, an enrolment ``e``. They follow the order of the texts they stand for, so that what is sorted by them
is sorted by key.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.exact import hundredths
from boardkit.queries import work_out
from boardkit.rules.arrangements import outside
from boardkit.rules.decided import OF_MODULES, named, record
from boardkit.segments import find, pair

if TYPE_CHECKING:
    from polars._typing import PolarsDataType

    from boardkit.cohort import Cohort
    from boardkit.regulations.model import Regulations

POSTGRADUATE = "postgraduate"
OUTCOME = pl.Enum(tables.OUTCOMES)
CREDITED = ("pass", "condoned")
"""Outcomes that give the module's credit."""
STUDY = pl.Enum(tables.STUDY)

BASIS = pl.Enum(
    [
        "attempts",
        "confirmed",
        "withdrawn",
        "withdrawn-late",
        "prior-learning",
        "condoned",
        "unreadable",
        "nothing",
        "decided",
    ]
)
"""What a module's result rests on."""

CEILINGS: dict[str, PolarsDataType] = {"e": pl.UInt32, "attempt": pl.Int16, "most": pl.Int32}
"""What is known of a module's attempt that a penalty leaves at most so many hundredths of."""

OVERLAID: dict[str, tuple[str, type[pl.DataType]]] = {
    "pass_mark": ("pass_mark", pl.Int32),
    "component_floor": ("own_floor", pl.Int32),
    "attempts": ("limit", pl.Int16),
    "condonable": ("condonable", pl.Boolean),
}
"""What a programme's own regulations may change, and the column of the enrolments it stands in."""


@dataclass(frozen=True)
class Ground:
    """The people and things of a cohort, joined with the pack.

    Args:
        students: ``s``, ``student_id``, ``award``, ``study`` of the award, ``entry_stage``,
            ``prior_credits``; everyone enrolled or with a result where there is no students table.
        modules: ``m``, ``module``, ``level``, ``credits``, ``study``, ``pass_mark``, ``floor``, ``limit``
            of attempts, ``components`` (how many).
        components: ``k``, ``m``, ``component``, ``weight``, ``floor``, ``own_floor`` (stated with it),
            ``due_at``, ``word_limit``.
        enrolments: ``e``, ``s``, ``m``, what was recorded of the enrolment, and the module's rules after
            the programme's own.
        decisions: the recorded decisions, each with whether it stands by what its own row says.
        ceilings: the most that penalties for misconduct leave of modules: ``e``, ``attempt``, ``most``.
    """

    students: pl.DataFrame
    modules: pl.DataFrame
    components: pl.DataFrame
    enrolments: pl.DataFrame
    decisions: pl.DataFrame
    ceilings: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CEILINGS))

    def enrol(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Add ``e`` to rows with ``s`` and ``m``; rows of nobody enrolled are left out."""
        return frame.with_columns(self.enrolled(frame).alias("e")).filter(pl.col("e").is_not_null())

    def enrolled(self, frame: pl.DataFrame) -> pl.Series:
        """Give the enrolment of rows with ``s`` and ``m``; null where there is none."""
        return find(_both(self.enrolments), _both(frame))


def _both(frame: pl.DataFrame) -> pl.Series:
    return frame.select(pair(pl.col("s"), pl.col("m"))).to_series()


def lay_ground(cohort: Cohort, pack: Regulations) -> Ground:
    """Number the students, modules and components of a cohort and join what the pack says of each."""
    typed = cohort.typed
    students = _students(cohort, pack)
    modules = _modules(cohort, pack)
    components = (
        typed["components"]
        .select("module", "component", "weight", "kind", "due_at", "word_limit", "floor", "_bad")
        .join(
            modules.select("module", "m", module_floor="floor"),
            on="module",
            how="inner",
            maintain_order="left",
        )
        .with_columns(
            own_floor="floor",
            floor=pl.coalesce("floor", "module_floor"),
            k=pl.int_range(pl.len(), dtype=pl.UInt32),
        )
        .drop("module_floor")
    )
    decisions = record(cohort, students, pack)
    enrolments = _enrolments(cohort, pack, decisions, students, modules)
    return Ground(students, modules, components, enrolments, decisions)


def _students(cohort: Cohort, pack: Regulations) -> pl.DataFrame:
    awards = {name: rules.study for name, rules in pack.awards.each()}
    given = cohort.typed["students"]
    if "students" not in cohort.given:
        given = pl.concat([given, cohort.numbers.students.to_frame("student_id")], how="diagonal")
    return given.select(
        "student_id",
        pl.when(_sound()).then("award").alias("award"),
        "programme",
        pl.col("entry_stage").cast(pl.String).cast(pl.Int8, strict=False),
        pl.col("prior_credits"),
        pl.when(_sound()).then("stage").alias("stage"),
        pl.when(_sound()).then("mode").alias("mode"),
        "registered_from",
        "tuition_debt",
        pl.when(_sound())
        .then(pl.col("award").replace_strict(awards, default=None, return_dtype=pl.String))
        .alias("study"),
        "_src",
        "_row",
    ).with_columns(s=pl.int_range(pl.len(), dtype=pl.UInt32))


def _sound() -> pl.Expr:
    return ~pl.col("_bad").fill_null(value=False)


def _modules(cohort: Cohort, pack: Regulations) -> pl.DataFrame:
    given = cohort.typed["modules"]
    study = pl.coalesce("study", study_of_level(pack), pl.lit(cohort.study, dtype=STUDY))
    ruled = [name for name, _ in pack.studies.each()]
    framed = given.with_columns(study=study).with_columns(
        level="scqf_level",
        # A study that the regulations have no rules for is not judged by a module's own pass mark alone.
        pass_mark=pl.when(pl.col("study").cast(pl.String).is_in(ruled)).then(
            pl.coalesce("pass_mark", by_study(pack, "pass_mark"))
        ),
        floor=by_study(pack, "component_floor"),
        limit=_limit(pack),
        m=pl.int_range(pl.len(), dtype=pl.UInt32),
    )
    counted = cohort.typed["components"].group_by("module").agg(components=pl.len())
    return framed.join(counted, on="module", how="left", maintain_order="left").with_columns(
        pl.col("components").fill_null(0)
    )


def study_of_level(pack: Regulations) -> pl.Expr:
    """Tell a row's study by its ``scqf_level`` (16.1, M1)."""
    by_level = {level: study for study, rules in pack.studies.each() for level in rules.levels.value}
    level = pl.col("scqf_level").cast(pl.Int64)
    return level.replace_strict(by_level, default=None, return_dtype=STUDY)


def by_study(pack: Regulations, name: str) -> pl.Expr:
    """Give a mark of the regulations by a row's ``study``, in hundredths."""
    values = {study: hundredths(getattr(rules, name).value) for study, rules in pack.studies.each()}
    return pl.col("study").cast(pl.String).replace_strict(values, default=None, return_dtype=pl.Int32)


def _limit(pack: Regulations) -> pl.Expr:
    """How many counted attempts a module allows (14.2, 18.4, 17.12)."""
    stated = [(study, rules, rules.attempts) for study, rules in pack.studies.each()]
    every = [attempts.value for _, _, attempts in stated if attempts is not None]
    limit = pl.lit(min(every, default=None) if len(every) == len(stated) else None, dtype=pl.Int16)
    for study, rules, attempts in stated:
        ofstudy = pl.lit(attempts.value if attempts else None, dtype=pl.Int16)
        for other in reversed(rules.attempts_exceptions):
            fits = pl.col("kind").is_in(other.kinds) & pl.col("scqf_level").is_in(other.levels)
            ofstudy = pl.when(fits).then(pl.lit(other.value, dtype=pl.Int16)).otherwise(ofstudy)
        limit = pl.when(pl.col("study") == study).then(ofstudy).otherwise(limit)
    return limit


def _enrolments(
    cohort: Cohort,
    pack: Regulations,
    decisions: pl.DataFrame,
    students: pl.DataFrame,
    modules: pl.DataFrame,
) -> pl.DataFrame:
    left = pl.col("withdrawn_at").is_not_null()
    lightly = left_early(pack, pl.col("withdrawn_at")) | pl.col("withdrawal_accepted").fill_null(value=False)
    numbers = cohort.numbers.enrolments
    frame = (
        pl.concat([numbers, cohort.typed["enrolments"]], how="horizontal")
        .lazy()
        .select(
            "s",
            "m",
            pl.lit(modules["pass_mark"]).gather("m").alias("pass_mark"),
            pl.lit(modules["limit"]).gather("m").alias("limit"),
            pl.lit(modules["condonable"]).gather("m").alias("condonable"),
            pl.lit(None, dtype=pl.Int32).alias("own_floor"),
            *(pl.lit(None, dtype=pl.UInt32).alias(f"{key}_by") for key in OVERLAID),
            "status",
            pl.col("exchange").fill_null(value=False),
            pl.col("prior_learning").fill_null(value=False),
            withdrawn=left & lightly,
            withdrawn_late=left & ~lightly,
            bad="_bad",
            src="_src",
            row="_row",
        )
        .with_row_index("e")
    )
    frame = overlay(frame, pack, students, pl.lit(modules["module"]).gather("m"))
    unlimited = students.select(outside(pack, "attempts")).to_series()
    if unlimited.any():
        covered = ~pl.lit(unlimited).gather("s")
        frame = frame.with_columns(limit=pl.when(covered).then("limit"))
    enrolled = frame.pipe(work_out)
    return enrolled.with_columns(_decided(decisions, kind, enrolled, modules) for kind in OF_MODULES)


def left_early(pack: Regulations, withdrawn_at: pl.Expr) -> pl.Expr:
    """Tell whether a module was left while that is no fail (12.1, M5); always where no rule makes it one."""
    if pack.withdrawal is None:
        return withdrawn_at.is_not_null()
    return withdrawn_at <= pack.withdrawal.free_until.in_millionths


def _decided(
    decisions: pl.DataFrame, kind: str, enrolments: pl.DataFrame, modules: pl.DataFrame
) -> pl.Series:
    """Tell which enrolments a recorded decision of one kind names."""
    numbered = named(decisions, kind).join(modules.select("module", "m"), on="module")
    at = find(_both(enrolments), _both(numbered)).drop_nulls()
    return marked(at, enrolments.height).alias(kind.replace("-", "_"))


def marked(at: pl.Series, height: int) -> pl.Series:
    """Mark some places among so many rows."""
    return pl.repeat(False, height, dtype=pl.Boolean, eager=True).scatter(at, values=True)


def overlay(frame: pl.LazyFrame, pack: Regulations, students: pl.DataFrame, module: pl.Expr) -> pl.LazyFrame:
    """Apply what programmes' own regulations change (15.0): the later entry stands, and its number is kept.

    Args:
        frame: ``s`` and the columns that may be changed.
        pack: the regulations.
        students: the students, with their programmes.
        module: the name of each row's module.

    Returns:
        The frame with the programmes' values.
    """
    for number, programme in enumerate(pack.programmes):
        named = pl.Series(students["programme"] == programme.programme).fill_null(value=False)
        theirs = pl.lit(named).gather("s")
        if programme.modules:
            theirs = theirs & module.is_in(programme.modules)
        for key, value in programme.changes.items():
            column, dtype = OVERLAID[key]
            units = hundredths(value) if isinstance(value, Decimal) else value
            frame = frame.with_columns(
                pl.when(theirs).then(pl.lit(units, dtype=dtype)).otherwise(pl.col(column)).alias(column),
                pl.when(theirs)
                .then(pl.lit(number, dtype=pl.UInt32))
                .otherwise(f"{key}_by")
                .alias(f"{key}_by"),
            )
    return frame
