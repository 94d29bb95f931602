"""Decided: what boards have recorded, which of it stands, and what cannot be applied (17.2, 17.3, 17.8).

The decisions table is only added to. Of the rows about one student, module and kind of decision the last one
stands; ``N`` takes an earlier one back. A row that cannot be applied is as if it were not there, and is told of.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.check.amounts import units
from boardkit.exact import MARK_PLACES, MARK_UNITS

if TYPE_CHECKING:
    from boardkit.cohort import Cohort
    from boardkit.regulations.awards import AwardRules
    from boardkit.regulations.decisions import ReasonRule
    from boardkit.regulations.model import Regulations

OF_MODULES = ("extra-attempt", "count-prior-learning", "condone", "bar-reassessment")
"""Decisions about a module that are taken or not: their value is yes or no, and yes where it is empty."""
MODULE_MARK, CLASSIFICATION, PROGRESSION = "module-mark", "classification", "progression"
OF_STUDENTS = (CLASSIFICATION, PROGRESSION)
"""Decisions about a student as a whole."""

PROGRESS = pl.Enum(tables.PROGRESSION)

WHYS = (
    "module-missing",
    "module-named",
    "not-yes-no",
    "not-a-mark",
    "not-a-class",
    "not-a-decision",
    "no-award",
    "no-recommendation",
    "module-board",
    "withdrawn",
    "unreadable",
    "no-pass-mark",
    "viva",
    "mitigation",
)
"""Why a recorded decision is not applied."""
WHY = pl.Enum(WHYS)

SCHEMA = {
    "s": pl.UInt32(),
    "student_id": pl.String(),
    "module": pl.String(),
    "decision": pl.Enum(tables.DECISIONS),
    "value": pl.String(),
    "award": pl.String(),
    "yes": pl.Boolean(),
    "mark": pl.Int64(),
    "reason": pl.String(),
    "minute": pl.String(),
    "decided_by": pl.String(),
    "decided_on": pl.Date(),
    "board": pl.String(),
    "based_on": pl.String(),
    "_src": pl.UInt16(),
    "_row": pl.UInt32(),
    "why": WHY,
    "stands": pl.Boolean(),
}
"""What is known of a recorded decision; ``mark`` in hundredths, ``why`` null where it can be applied."""

_PUNCTUATION = r"[\s_-]+"
_CLAUSE_ENDS = r" *(?:$|[.,;:)])"
"""What has to follow words that deny something, so that they are not the beginning of something else."""


def record(cohort: Cohort, students: pl.DataFrame, pack: Regulations) -> pl.DataFrame:
    """Read the recorded decisions, in the order of their rows.

    Args:
        cohort: the decisions, as they were checked: a row that cannot be read is not among them.
        students: ``s``, ``student_id`` and ``award``.
        pack: the regulations.

    Returns:
        Every decision, in the shape of ``SCHEMA``.
    """
    made = cohort.typed["decisions"]
    if made.is_empty():
        return pl.DataFrame(schema=SCHEMA)
    rows = made.sort("_src", "_row").join(
        students.select("student_id", "s", "award"), on="student_id", maintain_order="left"
    )
    folded = pl.col("value").str.strip_chars().str.to_lowercase()
    yes = folded.is_in(tables.YES) | pl.col("value").is_null()
    known = "students" in cohort.given
    read = rows.with_columns(
        value=_folded(pl.col("decision"), folded),
        yes=pl.when(yes | folded.is_in(tables.NO)).then(yes),
        mark=_marks(rows["value"]),
    ).with_columns(why=_why(pack, progression_known=known))
    return _standing(read.with_columns(stands=pl.lit(value=False)).select(*SCHEMA).cast(pl.Schema(SCHEMA)))


def _folded(decision: pl.Expr, value: pl.Expr) -> pl.Expr:
    """Write the name of a class or of a decision as boardkit writes it, however it was typed."""
    name = value.str.replace_all(_PUNCTUATION, "-")
    return pl.when(decision.is_in(OF_STUDENTS)).then(name).otherwise("value")


def _marks(value: pl.Series) -> pl.Series:
    """Read marks from 0 to 100 of at most two places, in hundredths; null where a value is none."""
    read = units(value.str.strip_chars(), places=MARK_PLACES)
    sound = ~pl.col("longer") & pl.col("units").is_between(0, 100 * MARK_UNITS)
    return read.select(pl.when(sound).then("units").alias("mark")).to_series()


def _why(pack: Regulations, *, progression_known: bool) -> pl.Expr:
    """Why a decision cannot be applied, as far as its own row and the student's award say."""
    kind, value = pl.col("decision"), pl.col("value")
    classed, progressed, marked = kind == CLASSIFICATION, kind == PROGRESSION, kind == MODULE_MARK
    against = {
        "module-missing": ~kind.is_in(OF_STUDENTS) & pl.col("module").is_null(),
        "module-named": kind.is_in(OF_STUDENTS) & pl.col("module").is_not_null(),
        "not-yes-no": kind.is_in(OF_MODULES) & pl.col("yes").is_null(),
        "module-board": marked & (pl.col("board").cast(pl.String) == "module"),
        "not-a-mark": marked & pl.col("mark").is_null() & ~_taken_back(),
        "mitigation": marked & _rests_on(pack.decisions.no_amendment) & ~_taken_back(),
        "no-award": classed & ~pl.col("award").is_in([name for name, _ in _classed(pack)]),
        "not-a-class": classed & ~_a_class(pack) & ~_taken_back(),
        "no-recommendation": progressed & ~pl.lit(progression_known),
        "not-a-decision": progressed & ~value.is_in(tables.PROGRESSION) & ~_taken_back(),
    }
    found = pl.lit(None, dtype=WHY)
    for name, applies in reversed(against.items()):
        hindered = applies.fill_null(value=name not in ("module-board", "mitigation"))
        found = pl.when(hindered).then(pl.lit(name, dtype=WHY)).otherwise(found)
    return found


def _rests_on(rule: ReasonRule | None) -> pl.Expr:
    """Tell whether the reason or the minute of a decision names what may not be one, mentions that deny it apart."""
    if rule is None:
        return pl.lit(value=False)

    def spaced(phrase: str) -> str:
        return re.escape(phrase).replace(r"\ ", _PUNCTUATION)

    said = pl.concat_str("reason", "minute", separator=". ", ignore_nulls=True)
    words = rf"(?:{'|'.join(spaced(word) for word in rule.words)})"
    if rule.unless:
        denials = "|".join(words.join(spaced(part) for part in phrase.split("*")) for phrase in rule.unless)
        said = said.str.replace_all(rf"(?i)\b(?:{denials}){_CLAUSE_ENDS}", ".")
    return said.str.contains(rf"(?i)\b{words}\b")


def _taken_back() -> pl.Expr:
    """Tell a ``N`` that takes an earlier class, way on or mark back; 0 is a mark."""
    valued = pl.col("decision").is_in([*OF_STUDENTS, MODULE_MARK])
    return valued & (~pl.col("yes")).fill_null(value=False) & pl.col("mark").is_null()


def classes_of(rules: AwardRules) -> list[str]:
    """Name the classes that an award has, the highest first.

    Examples:
        >>> import boardkit as bk
        >>> classes_of(bk.pack("qmu-2022").awards.masters)
        ['distinction', 'merit', 'pass']
    """
    lowest = [rules.otherwise.value] if rules.otherwise is not None else []
    return [*(rule.name for rule in rules.classes), *lowest]


def _classed(pack: Regulations) -> list[tuple[str, list[str]]]:
    """Name the awards that can be classed, each with its classes; with any where no rule is stated for the award."""
    ruled = dict(pack.awards.each())
    stated = [(name, classes_of(rules)) for name, rules in ruled.items()]
    others = [(name, list(tables.CLASSES)) for name in tables.AWARDS if name not in (*ruled, tables.NO_AWARD)]
    return [(name, classes) for name, classes in (*stated, *others) if classes]


def _a_class(pack: Regulations) -> pl.Expr:
    fits = pl.lit(value=False)
    for name, classes in _classed(pack):
        fits = fits | ((pl.col("award") == name) & pl.col("value").is_in(classes))
    return fits


def _standing(decisions: pl.DataFrame) -> pl.DataFrame:
    """Mark the last row that can be applied about each student, module and kind."""
    place = pl.when(pl.col("why").is_null()).then("_place")
    last = place.max().over("s", "module", "decision")
    placed = decisions.with_row_index("_place")
    return placed.with_columns(stands=(place == last).fill_null(value=False)).drop("_place")


def standing(decisions: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Give the rows of one kind of decision that stand."""
    return decisions.filter(pl.col("stands") & (pl.col("decision") == kind) & ~_taken_back())


def named(decisions: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Give ``s`` and ``module`` of what a decision that is taken or not is taken about."""
    return standing(decisions, kind).filter("yes").select("s", "module")


def settle(
    decisions: pl.DataFrame,
    results: pl.DataFrame,
    overturned: pl.DataFrame,
    classified: pl.DataFrame,
    pack: Regulations,
) -> pl.DataFrame:
    """Find the decisions that what was worked out does not let stand (9.5, 10.6).

    A mark is not decided for a module that the student has withdrawn from, nor where a row that the module depends
    on cannot be read or no pass mark is known. An examination by word of mouth decides no borderline case.

    Args:
        decisions: the recorded decisions.
        results: module results, with the decided marks.
        overturned: the results that a decided mark stands over, as they were.
        classified: averages and classes as they were worked out.
        pack: the regulations.

    Returns:
        The decisions, with why each is not applied, and which stand.
    """
    if decisions.is_empty():
        return decisions
    texts = pl.col("module").cast(pl.String)
    done = overturned.select("s", texts, done=pl.lit(value=True))
    outcomes = results.select("s", texts, "bad", outcome=pl.col("outcome").cast(pl.String))
    near = classified.select("s", near=pl.col("borderline").fill_null(value=False))
    viva = _rests_on(pack.decisions.no_viva)
    here = pl.col("why").is_null()
    marks = (pl.col("decision") == MODULE_MARK) & ~_taken_back()
    # Where the mark was taken back nothing was decided, and no row about it is refused for that.
    asked = (marks & pl.col("stands")).any().over("s", "module")
    undone = here & marks & asked & pl.col("done").is_null()
    joined = (
        decisions.join(done, on=["s", "module"], how="left", maintain_order="left")
        .join(outcomes, on=["s", "module"], how="left", maintain_order="left")
        .join(near, on="s", how="left", maintain_order="left")
        .with_columns(
            why=pl.when(undone & (pl.col("outcome") == "withdrawn").fill_null(value=False))
            .then(pl.lit("withdrawn", dtype=WHY))
            .when(undone & pl.col("bad").fill_null(value=True))
            .then(pl.lit("unreadable", dtype=WHY))
            .when(undone)
            .then(pl.lit("no-pass-mark", dtype=WHY))
            .when(here & (pl.col("decision") == CLASSIFICATION) & pl.col("near") & viva)
            .then(pl.lit("viva", dtype=WHY))
            .otherwise("why")
        )
    )
    return _standing(joined.select(*SCHEMA))


_ABOUT = {"said": "reason", "minute": "minute", "by": "decided_by", "on": "decided_on"}


def _told(decisions: pl.DataFrame, kind: str, value: pl.DataType) -> pl.DataFrame:
    """Give what stands of one kind about each student, with what is said of it."""
    about = [pl.col(name).alias(f"decided_{part}") for part, name in _ABOUT.items()]
    return standing(decisions, kind).select("s", pl.col("value").cast(value).alias("decided"), *about)


def with_classes(classified: pl.DataFrame, decisions: pl.DataFrame) -> pl.DataFrame:
    """Let a class that the board has decided stand over the one worked out, which is kept as ``computed``.

    Args:
        classified: averages and classes as they were worked out.
        decisions: the recorded decisions.

    Returns:
        The rows with ``computed``, ``decided`` (null where nothing is), and what is said of the decision:
        ``decided_said``, ``decided_minute``, ``decided_by``, ``decided_on``. Average and basis stay.
    """
    joined = classified.with_columns(computed="classification").join(
        _told(decisions, CLASSIFICATION, pl.String()), on="s", how="left", maintain_order="left"
    )
    return joined.with_columns(classification=pl.coalesce("decided", "classification"))


def with_progress(students: pl.DataFrame, decisions: pl.DataFrame) -> pl.DataFrame:
    """Let what the board has decided of a student's progress stand over the recommendation (17.8, PR2).

    Args:
        students: the recommendations, one row a student.
        decisions: the recorded decisions.

    Returns:
        The rows with ``decision``, which stands, ``decided`` (null where nothing is), and what is said of it.
    """
    joined = students.join(_told(decisions, PROGRESSION, PROGRESS), on="s", how="left", maintain_order="left")
    return joined.with_columns(decision=pl.coalesce("decided", "recommended"))
