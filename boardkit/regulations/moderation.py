"""What a pack may say of moderation: how large a sample is, what must be in it, what is double marked, when to review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, field_validator

from boardkit.regulations.part import Cited, OneOf, Part
from boardkit.regulations.values import (
    Count,
    Flag,
    Level,
    Once,
    Percent,
    Points,
    SomeShare,
    Text,
    refuse,
    twice,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

Levels = Annotated[list[Level], Field(min_length=1), Once]
Kinds = Annotated[list[Literal["taught", "project", "dissertation", "placement"]], Field(min_length=1), Once]


class SizeRule(Cited):
    """How many pieces of work are drawn, by the number that were marked.

    ``of = "square-root"`` is its square root, rounded to the nearest whole number; ``share`` a part of it,
    rounded up.
    """

    one_of: ClassVar[tuple[OneOf, ...]] = (
        *Cited.one_of,
        OneOf("of", "share", 'of = "square-root", or share = 0.1'),
    )

    of: Literal["square-root"] | None = None
    share: SomeShare | None = None


class LeastRule(Cited):
    """The fewest pieces of work of a sample; a smaller cohort is taken whole."""

    value: Count


class FailsRule(Cited):
    """Fails that are all in the sample: those within so many points below the pass mark; 100 is every fail.

    ``on_top`` says whether they come on top of the pieces that are drawn, or among them.
    """

    within: Points
    on_top: Flag


class RangeRule(Cited):
    """What of the range the sample shows: the lowest and highest mark always, every grade band and marker where it can."""

    ends: Flag
    bands: Flag
    markers: Flag


class QuotaRule(Cited):
    """At least so many pieces of work of one grade band."""

    band: Text
    least: Count


class DoubleRule(Cited):
    """Which modules are double marked as a whole: of some kinds at some levels."""

    kinds: Kinds
    levels: Levels


class ToleranceRule(Cited):
    """By how many points two markers may differ with nothing to settle, and whether a grade boundary between counts."""

    points: Points
    boundaries: Flag


class ThirdRule(Cited):
    """More than how many points apart a third marker is asked for at once; without it, where two cannot agree."""

    above: Points | None = None


class ExternalRule(Cited):
    """What an external examiner's sample is drawn from."""

    named_award_only: Flag
    reassessments: Flag


class ReviewRule(Cited):
    """From which mean difference on, in points, the marks of the whole cohort are looked at again."""

    mean: Percent


class Moderation(Part):
    """How marking is moderated."""

    size: SizeRule
    minimum: LeastRule
    fails: FailsRule
    range: RangeRule
    quotas: list[QuotaRule] = Field(default_factory=list)
    double_marked: DoubleRule
    tolerance: ToleranceRule
    third: ThirdRule
    external: ExternalRule
    whole_cohort: Cited
    review: ReviewRule

    @field_validator("quotas")
    @classmethod
    def _one_each(cls, quotas: list[QuotaRule]) -> list[QuotaRule]:
        refuse(*(f'"{band}" has two quotas. A band has one' for band in twice([x.band for x in quotas])))
        return quotas


def rules_of(moderation: Moderation) -> Sequence[tuple[str, Cited]]:
    """Name the rules that decide a sample, with where each comes from."""
    named: list[tuple[str, Cited]] = [
        ("size", moderation.size),
        ("minimum", moderation.minimum),
        ("fails", moderation.fails),
        ("range", moderation.range),
    ]
    return [*named, *((f"quota {quota.band}", quota) for quota in moderation.quotas)]
