"""Every table's columns, kinds, units and allowed values: the one place that says them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal[
    "id",  # text always; a number-typed cell is told of
    "text",
    "mark",  # a percentage, 0 to 100, to two places; hundredths inside
    "points",  # a signed number of percentage points; hundredths inside
    "factor",  # a positive factor; millionths inside
    "share",  # 0 to 1; millionths inside
    "weight",  # zero or more; millionths inside
    "credits",  # more than zero; hundredths inside
    "credit-total",  # zero or more; hundredths inside
    "count",  # a whole number, zero or more
    "level",  # a whole number
    "attempt",  # a whole number from 1
    "moment",  # local wall time
    "day",
    "year",  # an academic year, as it is written
    "yes-no",
    "choice",
    "grade",
]


@dataclass(frozen=True)
class Column:
    """One column of an input table.

    Args:
        name: the canonical name.
        kind: how its cells are read.
        required: the table cannot be used without it, nor a row where it is blank.
        default: the text taken where the cell is blank or the column absent.
        choices: the allowed values of a ``choice``.
    """

    name: str
    kind: Kind
    required: bool = False
    default: str | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One input table: its columns, and the columns that tell one row from another."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    """Columns whose values may stand once; empty where rows may repeat (a log, a list of facts)."""

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the required columns."""
        return tuple(column.name for column in self.columns if column.required)


STUDY = ("undergraduate", "postgraduate")
MODES = ("full-time", "part-time")
STAGES = ("1", "2", "3", "4", "5", "pg")
AWARDS = (
    "certhe",
    "diphe",
    "ordinary",
    "honours",
    "integrated-masters",
    "graduate-certificate",
    "pgcert",
    "pgdip",
    "masters",
    "none",
)
NO_AWARD = "none"
"""What an associate student aims at."""
CLASSES = ("first", "upper-second", "lower-second", "third", "distinction", "merit", "pass", "fail")
STATES = ("not-submitted", "absent", "deferred")
STATUSES = ("core", "option")
OUTCOMES = ("pass", "fail", "qualifying-fail", "condoned", "deferred", "incomplete", "withdrawn")
BASES = ("average", "uplift", "borderline", "none")
CLASSIFICATIONS = (
    "first",
    "upper-second",
    "lower-second",
    "third",
    "distinction",
    "merit",
    "pass",
    "fail",
)
EFFECTS = ("first-sit", "deferred", "late-accepted", "none")
DECISIONS = (
    "condone",
    "extra-attempt",
    "count-prior-learning",
    "classification",
    "progression",
    "bar-reassessment",
    "module-mark",
)
Progress = Literal[
    "continue",
    "reassess",
    "continue-and-reassess-next-year",
    "repeat-level",
    "reassess-next-year-part-time",
    "continue-part-time",
    "withdraw",
    "deferred-first-attempt",
    "deferred-reassessment",
    "placement",
    "award",
]
PROGRESSION: tuple[Progress, ...] = get_args(Progress)
"""What a board may decide about a student's progress (17.8)."""
DATED = ("feedback-due", "extension-notice", "appeal-closes", "claim-closes", "marks-check-closes")
"""What the days of the ``dates`` table are."""
REGISTERED = ("period", "credit-load", "associate-period", "associate-modules")
"""What of a student's registration is looked at."""
REGISTRATION_STATES = (
    "within",
    "last-session",
    "lapsed",
    "expected",
    "programme-leader",
    "funding-body",
    "part-time",
    "board",
    "over",
    "not-listed",
)
"""How a student's registration stands: a period, a year's credit, or a number of modules."""
YES = ("y", "yes", "true", "1", "1.0")
NO = ("n", "no", "false", "0", "0.0")
"""How yes and no may be typed, without regard to case."""
OFFENCES = ("plagiarism", "contract-cheating", "cheating", "impersonation")
SEVERITIES = ("error", "warning", "note")


def _id(name: str, *, required: bool = True) -> Column:
    return Column(name, "id", required=required)


def _yes_no(name: str, default: str | None = None, *, required: bool = False) -> Column:
    return Column(name, "yes-no", required=required, default=default)


INPUT: dict[str, Table] = {
    table.name: table
    for table in (
        Table("board", (Column("key", "text", required=True), Column("value", "text", required=True)), ()),
        Table(
            "students",
            (
                _id("student_id"),
                Column("name", "text"),
                Column("email", "text"),
                Column("programme", "text"),
                Column("award", "choice", required=True, choices=AWARDS),
                Column("mode", "choice", default="full-time", choices=MODES),
                Column("stage", "choice", choices=STAGES),
                Column("entry_stage", "choice", default="1", choices=STAGES),
                Column("registered_from", "day"),
                Column("planned_years", "count"),
                Column("prior_credits", "credit-total"),
                _yes_no("tuition_debt"),
                Column("tutor", "text"),
                Column("department", "text"),
            ),
            ("student_id",),
        ),
        Table(
            "modules",
            (
                _id("module"),
                Column("title", "text"),
                Column("scqf_level", "level", required=True),
                Column("credits", "credits", required=True),
                Column(
                    "kind",
                    "choice",
                    default="taught",
                    choices=("taught", "project", "dissertation", "placement"),
                ),
                Column("study", "choice", choices=STUDY),
                Column("pass_mark", "mark"),
                _yes_no("condonable", "Y"),
                _yes_no("named_award", "Y"),
                _yes_no("grade_only"),
                Column("coordinator", "text"),
                Column("language", "text"),
                Column("location", "text"),
                Column("partner", "text"),
            ),
            ("module",),
        ),
        Table(
            "components",
            (
                _id("module"),
                _id("component"),
                Column("weight", "weight", required=True),
                Column("title", "text"),
                Column("kind", "text"),
                Column("due_at", "moment"),
                Column("word_limit", "count"),
                Column("floor", "mark"),
                _yes_no("double_marked"),
            ),
            ("module", "component"),
        ),
        Table(
            "deadlines",
            (
                _id("module"),
                _id("component"),
                Column("attempt", "attempt", required=True),
                Column("due_at", "moment", required=True),
            ),
            ("module", "component", "attempt"),
        ),
        Table(
            "enrolments",
            (
                _id("student_id"),
                _id("module"),
                Column("status", "choice", default="core", choices=STATUSES),
                Column("academic_year", "year"),
                _yes_no("exchange"),
                _yes_no("prior_learning"),
                _yes_no("learning_contract"),
                Column("withdrawn_at", "share"),
                _yes_no("withdrawal_accepted"),
            ),
            ("student_id", "module"),
        ),
        Table(
            "marks",
            (
                _id("student_id"),
                _id("module"),
                _id("component"),
                Column("attempt", "attempt", default="1"),
                Column("mark", "mark"),
                Column("grade", "grade"),
                Column("submitted_at", "moment"),
                Column("due_at", "moment"),
                Column("words", "count"),
                Column("state", "choice", choices=STATES),
                Column("marker", "text"),
                Column("second_marker", "text"),
                Column("second_mark", "mark"),
                Column("third_mark", "mark"),
                Column("agreed_mark", "mark"),
            ),
            ("student_id", "module", "component", "attempt"),
        ),
        Table(
            "results",
            (
                _id("student_id"),
                _id("module"),
                Column("scqf_level", "level", required=True),
                Column("credits", "credits", required=True),
                Column("mark", "mark"),
                Column("outcome", "choice", choices=OUTCOMES),
                Column("status", "choice", default="core", choices=STATUSES),
                Column("attempt", "attempt", default="1"),
                Column("academic_year", "year"),
                _yes_no("exchange"),
                _yes_no("prior_learning"),
            ),
            ("student_id", "module", "attempt"),
        ),
        Table(
            "circumstances",
            (
                _id("student_id"),
                _id("module"),
                _id("component", required=False),
                Column("attempt", "attempt", required=True),
                _yes_no("accepted", required=True),
                Column("effect", "choice", choices=EFFECTS),
            ),
            ("student_id", "module", "component", "attempt", "effect"),
        ),
        Table(
            "misconduct",
            (
                _id("student_id"),
                _id("module", required=False),
                _id("component", required=False),
                Column("attempt", "attempt"),
                Column("academic_year", "year"),
                Column("department", "text"),
                Column("offence", "choice", required=True, choices=OFFENCES),
                _yes_no("major"),
                _yes_no("admitted"),
                _yes_no("intent"),
                _yes_no("repeated"),
                Column("year", "choice", choices=("1", "2", "3", "4", "5", "pgt", "research")),
                _yes_no("finalist"),
                _yes_no("moderated"),
                Column("penalty", "text"),
                Column("reason", "text"),
                Column("mark", "mark"),
                Column("bar_until", "day"),
            ),
            (),
        ),
        Table(
            "scaling",
            (
                _id("module"),
                _id("component"),
                Column("basis", "text", required=True),
                _yes_no("endorsed"),
                Column("add", "points"),
                Column("multiply", "factor"),
            ),
            ("module", "component"),
        ),
        Table(
            "recommendations",
            (
                _id("module", required=False),
                Column("academic_year", "year"),
                Column("examiner", "text"),
                Column("recommendation", "text", required=True),
                Column("response", "text"),
                Column("status", "text"),
            ),
            (),
        ),
        Table(
            "decisions",
            (
                _id("student_id"),
                _id("module", required=False),
                Column("decision", "choice", required=True, choices=DECISIONS),
                Column("value", "text"),
                Column("reason", "text", required=True),
                Column("minute", "text"),
                Column("decided_by", "text"),
                Column("decided_on", "day"),
                Column("board", "choice", choices=("module", "programme")),
                Column("based_on", "text"),
            ),
            (),
        ),
    )
}

BOARD_FACTS = {
    "title": "text",
    "institution": "text",
    "academic_year": "year",
    "diet": ("main", "resit"),
    "board_date": "day",
    "published_on": "day",
    "transcript_received_on": "day",
    "regulations": "text",
    "status": ("provisional", "confirmed"),
    "closure_day": "day",
    "language": "text",
    "location": "text",
    "partner": "text",
}
"""What the board table may say: text, a day, an academic year, or one of some values. ``closure_day`` may stand often."""

BOARD_PREFIXES = {
    "parameter.": "what the regulations ask the board for, by its name",
    "code.": "a code in mark cells, and the state that it stands for",
}
"""What facts of the board's own begin with."""

SOURCE = "_src"
"""The column with the number of each row's own source, in a table put together from several."""
OUT_OF = "_out_of"
"""The column that says out of how many points a row's marks are, in hundredths of a point; null for 100."""
PERCENTAGE = 10_000
"""The points that a percentage is out of, in hundredths."""
AS_TYPED = "_as_typed"
"""The column that keeps such a mark as it was typed."""
CARRIED = "+"
"""What stands before the name of a column that is carried through unread, so that it can be none of the stages' own."""
UNSOUND = "_unsound"
"""The column that says of which rows a reader has found, and told, that they cannot be used."""

OUTPUT: dict[str, tuple[str, ...]] = {
    "components": ("student_id", "module", "component", "attempt", "raw_mark", "mark", "rules"),
    "modules": (
        "student_id",
        "module",
        "scqf_level",
        "credits",
        "attempt",
        "mark",
        "grade",
        "outcome",
        "capped",
        "condonable",
        "credits_awarded",
    ),
    "awards": ("student_id", "award", "average", "classification", "basis", "eligible", "reason"),
    "progression": ("student_id", "credits_attempted", "credits_passed", "decision", "reason"),
    "reassessment": (
        "student_id",
        "module",
        "component",
        "attempt",
        "kind",
        "mark",
        "below",
        "cap",
        "clause",
        "note",
    ),
    "credit": ("student_id", "award", "aimed_at", "credits", "needed", "at_levels", "short", "eligible"),
    "penalties": (
        *(column.name for column in INPUT["misconduct"].columns),
        "table",
        "default_penalty",
        "moderated_penalty",
        "effect",
        "warning",
    ),
    "trace": (
        "student_id",
        "module",
        "component",
        "attempt",
        "stage",
        "rule",
        "clause",
        "before",
        "after",
        "note",
    ),
    "dates": ("student_id", "module", "component", "attempt", "what", "date", "overdue", "clause"),
    "registration": ("student_id", "what", "until", "state", "clause", "note"),
    "transcript": (
        *("student_id", "module", "title", "credits", "scqf_level", "ects", "academic_year"),
        *("grade", "mark", "outcome", "institution", "partner", "location", "language", "decision"),
    ),
    "concern": ("tutor", "student_id", "fails", "not_submitted", "late", "claims", "reason"),
    "problems": ("severity", "code", "file", "sheet", "cell", "column", "value", "message"),
}
"""The columns of every table that a run writes."""

OUTPUT_SAID: dict[str, str] = {
    "components": "every piece of work: its mark before and after the rules, and the rules that lowered it",
    "modules": "every module of every student: mark, grade, outcome, credit",
    "awards": "every student: average, class, what the class rests on, whether the credit is there, why",
    "progression": "every student: credit, what is decided or recommended, why",
    "reassessment": "what each student may be reassessed in, component by component, and the most it can be given",
    "credit": "every student's credit against the award aimed at and the lower ones",
    "penalties": "established offences, with the penalty of a tariff",
    "trace": "every mark changed and every outcome, with the rule and its clause",
    "dates": "when feedback is due, when an extension has to be told, when appeals close; dates.ics is the same",
    "registration": "the longest registration of each student, the credit of the year, and how each stands",
    "transcript": "a line a module, as a transcript shows it, and what is settled, recommended or waits",
    "concern": "students of whom a tutor is to be told, and the signs",
    "problems": "what is wrong in the input, and what the board has to see, by file, sheet and cell",
}
"""What each table holds."""

OUTPUT_KEYS: dict[str, tuple[str, ...]] = {
    "components": ("student_id", "module", "component", "attempt"),
    "modules": ("student_id", "module"),
    "awards": ("student_id",),
    "progression": ("student_id",),
    "reassessment": ("student_id", "module", "component"),
    "credit": ("student_id", "award"),
    "penalties": ("student_id", "module", "component", "attempt", "offence"),
    "dates": ("student_id", "module", "component", "attempt", "what"),
    "registration": ("student_id", "what"),
    "transcript": ("student_id", "module"),
    "concern": ("tutor", "student_id"),
}
"""What tells one row of an output table from another, and the order they are written in."""


MODERATION: dict[str, tuple[str, ...]] = {
    "sample": ("module", "component", "attempt", "student_id", "mark", "band", "marker", "reason", "order"),
    "double": (
        *("module", "component", "attempt", "student_id", "marker", "second_marker", "mark", "second_mark"),
        *("third_mark", "agreed_mark", "difference", "boundary", "state", "goes_on", "note"),
    ),
    "agreement": (
        *("module", "component", "attempt", "marker", "pairs", "mean_difference", "low", "high", "spread"),
        *("lower_limit", "upper_limit", "kappa", "icc", "review", "why"),
    ),
    "modules": (
        *(
            "module",
            "title",
            "scqf_level",
            "credits",
            "kind",
            "study",
            "pass_mark",
            "coordinator",
            "components",
        ),
        *("language", "location", "partner"),
    ),
    "distributions": (
        *("module", "component", "academic_year", "marked", "mean", "spread", "lower_quartile", "median"),
        *("upper_quartile", "bands", "small"),
    ),
    "scaling": ("module", "component", "basis", "add", "multiply", "endorsed"),
    "recommendations": ("module", "academic_year", "examiner", "recommendation", "response", "status"),
    "evidence": (
        *(
            "module",
            "component",
            "attempt",
            "marked",
            "second_marks",
            "agreed",
            "to_agree",
            "mean_difference",
        ),
        *("low", "high", "evidence"),
    ),
    "severity": (
        "module",
        "component",
        "attempt",
        "marker",
        "scripts",
        "mean",
        "severity",
        "low",
        "high",
        "basis",
    ),
}
"""The columns of what moderation writes; for an external ``script_id`` stands in place of ``student_id``."""
MODERATION_SAID = {
    "sample": "the scripts of a moderation sample, each with its reason",
    "double": "work that two markers mark, and the mark that goes on",
    "modules": "the modules of an external's pack",
    "distributions": "how the marks of an external's pack are spread, this year and before",
    "scaling": "the scaling of an external's pack",
    "recommendations": "earlier recommendations of externals, and the responses",
    "evidence": "whether second marks show that work was moderated",
    "agreement": "how far second marks are from first ones",
    "severity": "how each marker's marks lie to the others'",
}
"""What each of these tables holds."""
SEVERITY_BASES = ("random-allocation", "own-other-work")
"""What a marker's severity is measured against."""
DOUBLE_STATES = ("missing", "same", "within", "agreed", "to-agree", "third-marker", "grade")
"""How a piece of work stands between its markers (5.3)."""
SAMPLE_REASONS = ("borderline-fail", "lowest", "highest", "range", "whole-cohort", "added")
"""Why a script is in a moderation sample."""


def match(name: str) -> str:
    """Fold a sheet or column name for matching: no case, spaces, ``-`` or ``_``.

    Examples:
        >>> match("Student ID") == match("student_id") == match("STUDENT-ID")
        True
    """
    return "".join(char for char in name.casefold() if not (char.isspace() or char in "-_\u00a0\u200b\ufeff"))
