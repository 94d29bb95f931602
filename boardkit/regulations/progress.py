"""What a pack may say of condonement, reassessment and progression."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from boardkit.regulations.credit import Fraction
from boardkit.regulations.part import Cited, Part
from boardkit.regulations.single import (
    CountRule,
    CreditsRule,
    LevelsRule,
    PercentRule,
    StagesRule,
    SwitchRule,
)
from boardkit.regulations.terms import Diet, Kind, Mode, Study
from boardkit.regulations.values import Count, Credits, Day, Flag, Once, Stage, Text
from boardkit.tables import Progress as Decision

Situation = Literal["core-lost", "first-sit-deferred", "reassessment-deferred", "nothing-open", "failed"]
"""What a student's modules come to: a core module failed for good, work deferred, nothing or something open."""
RuleName = Literal["attempts", "condonement", "credits_a_year", "shares"]


class Condonement(Part):
    """Which failed modules a board may condone."""

    stages: StagesRule
    levels: LevelsRule
    credits: CreditsRule
    mark: PercentRule
    components_reach_floor: SwitchRule
    modules_a_level: CountRule
    failed_credits: CreditsRule
    alone_at_resit: SwitchRule


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
