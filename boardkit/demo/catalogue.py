"""What the invented programmes offer, and how their marks fall: every number that is the demo's own.

Nothing here is a regulation. Marks are in hundredths, shares per mille, days are local.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import polars as pl

from boardkit.demo.randomness import PER_MILLE

MARK = pl.Decimal(5, 2)
LAST_YEAR = "2021/22"


class Story(IntEnum):
    """What is out of the ordinary about a student; one story each at most."""

    NONE = 0
    DIRECT_ENTRY = 1
    ORDINARY = 2
    EXCHANGE_YEAR = 3
    EXCHANGE_SEMESTER = 4
    PRIOR_MODULE = 5
    PRIOR_RESULT = 6
    WITHDREW_EARLY = 7
    WITHDREW_LATE = 8
    DEFERRED_COMPONENT = 9
    DEFERRED_MODULE = 10
    DEFERRED_BEFORE = 11  # deferred before this year's board, and sat since
    POOR_BEFORE = 12  # a poor mark with accepted circumstances, sat again since as a first sit
    POOR_NOW = 13  # the same this year: the first sit is still to come
    LATE_ACCEPTED = 14
    REFUSED = 15  # circumstances that the panel did not accept
    DISENGAGED = 16
    FOURTH_ATTEMPT = 17
    DIPLOMA = 18
    CERTIFICATE = 19


@dataclass(frozen=True, slots=True)
class Spread:
    """How marks spread, in hundredths, and the demo's own notion of weak work.

    Work before the board that has been reassessed must be a clear pass or a clear fail under any
    likely pass mark, so that every later attempt is a lawful one: a module passed has no work under
    ``weak``, and one failed is ``clear`` below it.
    """

    mean: int
    ability: int  # a standard deviation, as the next two
    difficulty: int
    noise: int
    weak_below_mean: int
    clear: int = 5_00
    top: int = 95_00  # leaves room for scaling
    slip: int = 18_00  # lost where something went wrong
    disengaged: int = 32_00  # lost by a student who has stopped working
    ordinary: int = 3_00  # lost by those who moved to the ordinary degree
    second_marker: int = 4_00  # a standard deviation
    third_marker_from: int = 10_00  # the least difference that calls for a third
    above_weak: int = 8_00  # where reassessed work has its mean
    reassessed: int = 7_00  # and its standard deviation

    @property
    def weak(self) -> int:
        """The mark under which work counts as weak."""
        return self.mean - self.weak_below_mean


# Per mille.
SLIPS = 22  # modules in which something went wrong
MISSING = 6  # work not handed in, examinations missed
LATE = 32
EXTENDED = 20  # agreed extensions
REASSESSED_PASS = 800
REASSESSED_MISSED = 250  # of those who fail again
ABSENT_BEFORE_DEFERRAL = 500  # recorded as absent before the panel met
TUITION_DEBT = 25
PART_TIME = 33
WORDS_MEAN = 970  # of the word limit
WORDS_DEVIATION = 68

# Hundredths of the taught time.
EARLY_WITHDRAWAL = 8
LATE_WITHDRAWAL = 45
WITHDRAWAL_SPREAD = 15

# Days at most, but for the first.
EXTENSION_DAYS = 7
EARLY_DAYS = 6
LATE_DAYS = 9
LATE_DAYS_BEFORE = 4  # work whose reassessments have been held


@dataclass(frozen=True, slots=True)
class Component:
    """A piece of assessment; a core module's first is handed in, its last is not."""

    name: str
    kind: str
    weight: int
    due: str
    words: int | None = None
    step: int = 1_00
    double: bool = False

    @property
    def handed_in(self) -> bool:
        """Whether there is a moment of submission."""
        return self.kind not in {"exam", "presentation", "test"}

    def moment(self, day: str) -> str:
        """Give the local moment at which the work is due on a day."""
        return f"{day}T{'16:00' if self.handed_in else '09:30'}:00"


@dataclass(frozen=True, slots=True)
class Module:
    """A module; ``later`` holds the days of attempts 2, 3 and 4 where they lie before the board."""

    code: str
    title: str
    level: int
    credits: int
    components: tuple[Component, ...]
    academic_year: str = "2022/23"
    kind: str = "taught"
    popularity: int = 0
    later: tuple[str, ...] = ()
    without: frozenset[Story] = frozenset()

    @property
    def option(self) -> bool:
        """Whether students choose it."""
        return self.popularity > 0


@dataclass(frozen=True, slots=True)
class Programme:
    """One board's programme."""

    study: str
    stage: str
    award: str
    names: tuple[tuple[str, int], ...]
    awards: dict[Story, tuple[str, str]]
    prior_credits: dict[Story, int]
    registered: tuple[str, str, str]  # full time, part time, direct entry
    planned_years: tuple[int, int]
    spread: Spread
    stories: dict[Story, int]
    modules: tuple[Module, ...]
    confirmed: tuple[tuple[str, int, int], ...]
    scaling: tuple[tuple[str, str, str, str, int | None, int | None], ...]
    withdrawn_late: str  # what was decided for those who left a module late
    decided_on: str
    board: tuple[tuple[str, str], ...]

    @property
    def now(self) -> tuple[Module, ...]:
        """The core taught modules that come to this board for the first time."""
        return tuple(m for m in self.modules if not m.later and not m.option and m.kind == "taught")

    @property
    def before(self) -> tuple[Module, ...]:
        """The modules whose reassessments have been held."""
        return tuple(m for m in self.modules if m.later)

    @property
    def options(self) -> tuple[Module, ...]:
        """The modules that students choose two of."""
        return tuple(m for m in self.modules if m.option)


_STEPS = {"Exam": 50, "Test": 2_50}  # a test of forty items; all other work gets whole marks
_DOUBLE = frozenset({"Dissertation"})


def _work(text: str) -> tuple[Component, ...]:
    """Read pieces of work, each as name, weight, day due and, where there is one, word limit."""
    return tuple(
        Component(
            name=name,
            kind=name.lower(),
            weight=int(weight),
            due=due,
            words=int(limit[0]) if limit else None,
            step=_STEPS.get(name, 1_00),
            double=name in _DOUBLE,
        )
        for name, weight, due, *limit in (piece.split() for piece in text.split(","))
    )


def _facts(board_date: str) -> tuple[tuple[str, str], ...]:
    closed = (
        *("2022-12-26", "2022-12-27", "2022-12-28", "2022-12-29", "2022-12-30", "2023-01-02", "2023-01-03"),
        *("2023-04-07", "2023-04-10", "2023-05-01", "2023-05-08", "2023-05-29"),
    )
    return (
        ("institution", "Example University"),
        ("academic_year", "2022/23"),
        ("diet", "main"),
        ("board_date", board_date),
        ("regulations", "qmu-2022"),
        ("status", "provisional"),
        *(("closure_day", day) for day in closed),
    )


_ALWAYS = {
    Story.PRIOR_MODULE: 8,
    Story.WITHDREW_EARLY: 8,
    Story.WITHDREW_LATE: 8,
    Story.DEFERRED_COMPONENT: 33,
    Story.DEFERRED_MODULE: 17,
    Story.DEFERRED_BEFORE: 17,
    Story.POOR_BEFORE: 17,
    Story.POOR_NOW: 17,
    Story.LATE_ACCEPTED: 25,
    Story.REFUSED: 17,
    Story.DISENGAGED: 8,
    Story.FOURTH_ATTEMPT: 8,
}
_RETAKEN = ("2022-08-05", "2023-01-20", "2023-04-28")
_SUMMER = ("2023-06-02", "2023-08-04", "2023-10-06")
_AWAY = frozenset({Story.DIRECT_ENTRY, Story.EXCHANGE_YEAR})
_ORDINARY = frozenset({Story.ORDINARY})
_TAUGHT_ONLY = frozenset({Story.DIPLOMA, Story.CERTIFICATE})


def _third(code: str, title: str, work: str) -> Module:
    return Module(code, title, 9, 20, _work(work), LAST_YEAR, later=_RETAKEN, without=_AWAY)


def _fourth(code: str, title: str, work: str, chosen: int = 0) -> Module:
    without = frozenset[Story]() if chosen else _ORDINARY
    return Module(code, title, 10, 20, _work(work), popularity=chosen, without=without)


def _certificate(code: str, title: str, work: str, later: tuple[str, ...] = ()) -> Module:
    return Module(code, title, 11, 20, _work(work), later=later)


def _masters(code: str, title: str, work: str, chosen: int = 0) -> Module:
    without = frozenset({Story.CERTIFICATE})
    return Module(code, title, 11, 20, _work(work), popularity=chosen, without=without)


def _dissertation(code: str, level: int, size: int, work: str, without: frozenset[Story]) -> Module:
    return Module(code, "Dissertation", level, size, _work(work), kind="dissertation", without=without)


UNDERGRADUATE = Programme(
    study="undergraduate",
    stage="4",
    award="honours",
    names=(("BSc (Hons) Psychology", 800), ("BSc (Hons) Psychology and Sociology", 200)),
    awards={Story.ORDINARY: ("ordinary", "BSc Psychology")},
    prior_credits={Story.NONE: 240, Story.DIRECT_ENTRY: 360, Story.ORDINARY: 200},
    registered=("2019-09-09", "2017-09-11", "2022-09-12"),
    planned_years=(4, 6),
    spread=Spread(mean=61_80, ability=6_50, difficulty=1_20, noise=5_40, weak_below_mean=19_80),
    stories=_ALWAYS
    | {
        Story.DIRECT_ENTRY: 25,
        Story.ORDINARY: 42,
        Story.EXCHANGE_YEAR: 17,
        Story.EXCHANGE_SEMESTER: 25,
        Story.PRIOR_RESULT: 8,
    },
    modules=(
        _third("PS3011", "Research Methods", "Report 50 2022-02-25 2000, Exam 50 2022-05-09"),
        _third("PS3012", "Biological Psychology", "Essay 40 2022-03-18 2000, Exam 60 2022-05-12"),
        _third("PS3013", "Social Psychology", "Essay 60 2022-03-04 2500, Test 40 2022-04-29"),
        _fourth("PS4021", "Conceptual Issues", "Essay 40 2022-11-18 2000, Exam 60 2022-12-12"),
        _fourth("PS4022", "Research Design", "Report 50 2022-12-02 2500, Test 50 2023-03-17"),
        _fourth("PS4031", "Forensic Psychology", "Essay 40 2023-03-03 2000, Exam 60 2023-05-09", 9),
        _fourth(
            "PS4032",
            "Health Psychology",
            "Report 40 2023-03-10 2500, Test 10 2023-03-29, Exam 50 2023-05-11",
            7,
        ),
        _fourth(
            "PS4033", "Neuroscience", "Report 30 2023-02-24 1500, Test 20 2023-03-24, Exam 50 2023-05-15", 5
        ),
        _fourth("PS4034", "Psychology of Music", "Portfolio 100 2023-05-05 4000", 3),
        _fourth("PS4035", "Psychopathology", "Essay 50 2023-03-24 2500, Exam 50 2023-05-17", 6),
        _fourth("PS4036", "Cyberpsychology", "Presentation 30 2023-03-22, Essay 70 2023-04-28 3000", 5),
        _dissertation(
            "PS4090", 10, 40, "Presentation 15 2023-03-15, Dissertation 85 2023-04-21 10000", _ORDINARY
        ),
    ),
    confirmed=(("PS3001", 9, 20), ("PS3002", 9, 20), ("PS3003", 9, 20)),
    scaling=(
        ("PS4021", "Exam", "Question 4 left out a table; the paper ran short of time", "Y", 3_00, None),
        ("PS4022", "Test", "Item 17 had two right answers", "N", None, 1_03),
    ),
    withdrawn_late="repeat-level",
    decided_on="2023-02-08",
    board=(
        ("title", "BSc (Hons) Psychology, level four"),
        *_facts("2023-06-15"),
    ),
)

POSTGRADUATE = Programme(
    study="postgraduate",
    stage="pg",
    award="masters",
    names=(("MSc Applied Psychology", PER_MILLE),),
    awards={
        Story.DIPLOMA: ("pgdip", "PgDip Applied Psychology"),
        Story.CERTIFICATE: ("pgcert", "PgCert Applied Psychology"),
    },
    prior_credits={Story.NONE: 0},
    registered=("2022-09-05", "2021-09-06", "2022-09-05"),
    planned_years=(1, 2),
    spread=Spread(mean=63_50, ability=5_60, difficulty=1_00, noise=4_80, weak_below_mean=11_50),
    stories=_ALWAYS | {Story.DIPLOMA: 100, Story.CERTIFICATE: 33},
    modules=(
        _certificate("PM5011", "Assessment", "Essay 40 2022-12-02 3000, Exam 60 2023-01-18", _SUMMER),
        _certificate("PM5012", "Statistics", "Report 50 2022-11-25 3000, Exam 50 2023-01-16", _SUMMER),
        _certificate("PM5013", "Professional Ethics", "Essay 60 2023-03-24 3500, Test 40 2023-05-03"),
        _masters("PM5014", "Behaviour Change", "Essay 50 2023-03-10 3000, Test 50 2023-04-26"),
        _masters("PM5021", "Psychology at Work", "Essay 40 2023-03-17 3000, Exam 60 2023-05-15", 5),
        _masters("PM5022", "Ageing and Health", "Report 50 2023-04-07 3000, Exam 50 2023-05-17", 4),
        _masters(
            "PM5023",
            "Sport Psychology",
            "Essay 30 2023-03-03 2000, Test 20 2023-03-31, Exam 50 2023-05-19",
            3,
        ),
        _masters("PM5024", "Consumer Psychology", "Portfolio 100 2023-05-12 5000", 3),
        _dissertation(
            "PM5090", 11, 60, "Presentation 10 2023-06-14, Dissertation 90 2023-08-18 15000", _TAUGHT_ONLY
        ),
    ),
    confirmed=(),
    scaling=(
        ("PM5014", "Test", "Item 9 was outside the syllabus", "Y", 2_00, None),
        ("PM5090", "Presentation", "The room was changed on the day", "N", None, 1_02),
    ),
    withdrawn_late="continue-part-time",
    decided_on="2023-09-06",
    board=(
        ("title", "MSc Applied Psychology"),
        *_facts("2023-11-09"),
    ),
)

PROGRAMMES = {programme.study: programme for programme in (UNDERGRADUATE, POSTGRADUATE)}


def moment(text: pl.Expr) -> pl.Expr:
    """Read ISO text as a local moment."""
    return text.str.to_datetime("%Y-%m-%dT%H:%M:%S", time_unit="us")


def points(hundredths: pl.Expr) -> pl.Expr:
    """Write whole hundredths as an exact decimal with two places."""
    return (hundredths.cast(pl.Decimal(10, 2)) / pl.lit(100).cast(pl.Decimal(10, 2))).cast(MARK)
