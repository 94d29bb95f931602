"""What a pack may say of condonement, reassessment, progression and lower awards."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from boardkit.regulations.credit import Fraction
from boardkit.regulations.part import Cited, Part
from boardkit.regulations.values import Count, Credits, Day, Flag, Level, Once, Percent, Stage, Text

Levels = Annotated[list[Level], Field(min_length=1), Once]
Study = Literal["undergraduate", "postgraduate"]
Mode = Literal["full-time", "part-time"]
Diet = Literal["main", "resit"]
Kind = Literal["taught", "project", "dissertation", "placement"]
Decision = Literal[
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
Situation = Literal["core-lost", "first-sit-deferred", "reassessment-deferred", "nothing-open", "failed"]
"""What a student's modules come to: a core module failed for good, work deferred, nothing or something open."""
RuleName = Literal["attempts", "condonement", "credits_a_year", "shares"]


class StagesRule(Cited):
    """Stages of a programme."""

    value: Annotated[list[Stage], Field(min_length=1), Once]


class LevelsAt(Cited):
    """Levels of modules."""

    value: Levels


class CreditsRule(Cited):
    """An amount of credit."""

    value: Credits


class MarkRule(Cited):
    """A mark."""

    value: Percent


class TimesRule(Cited):
    """How often something may happen."""

    value: Count


class Switch(Cited):
    """A choice between yes and no."""

    value: Flag


class Condonement(Part):
    """Which failed modules a board may condone."""

    stages: StagesRule
    levels: LevelsAt
    credits: CreditsRule
    mark: MarkRule
    components_reach_floor: Switch
    modules_a_level: TimesRule
    failed_credits: CreditsRule
    alone_at_resit: Switch


class YearlyCredits(Cited):
    """How much credit a student may be reassessed in within a year."""

    study: Study
    value: Credits


class ReassessedShare(Fraction):
    """The share of a programme's modules that a student may take again at some attempt."""

    study: Study
    attempt: Count
    apart: Annotated[list[Kind], Once] = Field(default_factory=list)


class Reassessment(Part):
    """What a student may be reassessed in, besides the number of attempts."""

    credits_a_year: YearlyCredits
    shares: list[ReassessedShare] = Field(default_factory=list)
    form: Cited
    no_longer_offered: Cited


class Step(Cited):
    """A recommendation, and when it is made; the steps are tried in order."""

    when: Situation
    decision: Decision
    diet: Diet | None = None
    study: Study | None = None
    mode: Mode | None = None
    eligible: Flag | None = None
    credits_from: Credits | None = None
    credits_above: Credits | None = None
    beyond_shares: Flag | None = None
    next_year_credits: Credits | None = None


class EntryRule(Cited):
    """The award whose credit a student needs before the stage after this one."""

    stage: Stage
    mode: Mode
    award: Text
    short_by: Credits
    instead_of: Annotated[list[Decision], Field(min_length=1), Once]
    decision: Decision


class Debt(Cited):
    """What an outstanding tuition fee holds up."""

    blocks: Annotated[list[Decision], Field(min_length=1), Once]


class Progression(Part):
    """What a board recommends for each student."""

    decisions: Cited
    steps: Annotated[list[Step], Field(min_length=1)]
    entry: EntryRule
    debt: Debt


class Arrangement(Cited):
    """Students of some programmes, begun before a day, to whom some rules do not apply."""

    programmes: Annotated[list[Text], Field(min_length=1), Once]
    started_before: Day
    without: Annotated[list[RuleName], Field(min_length=1), Once]


class LowerAwards(Cited):
    """Awards that a student who aims at this one may be given in its place, the highest first."""

    value: Annotated[list[Text], Field(min_length=1), Once]
