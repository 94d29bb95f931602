"""What a regulation pack may say: every value with the clause that gives it.

The shape follows what universities publish: studies with levels, pass marks, grades and limits; penalties
tried in order; averages built from ordered buckets of credit; classes, zones and criteria. A pack is
data: it holds no code and no loops.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import Field, ValidationInfo, field_validator, model_validator

from boardkit.exact import Mode  # noqa: TC001 - pydantic reads the annotations at run time
from boardkit.regulations.across import awards_unruled, out_of_scope, periods_unmet, readings_unmet
from boardkit.regulations.credit import (  # noqa: TC001 - pydantic reads the annotations at run time
    Evidence,
    PriorLearning,
)
from boardkit.regulations.decisions import Decisions  # noqa: TC001 - pydantic reads the annotations at run time
from boardkit.regulations.feedback import Dates  # noqa: TC001 - as above
from boardkit.regulations.misconduct import Misconduct  # noqa: TC001 - as above
from boardkit.regulations.part import Cited, Fault, OneOf, Part
from boardkit.regulations.progress import (  # noqa: TC001 - pydantic reads the annotations at run time
    Arrangement,
    Condonement,
    LowerAwards,
    Progression,
    Reassessment,
)
from boardkit.regulations.record import Concern, Transcript  # noqa: TC001 - as above
from boardkit.regulations.registration import Registration  # noqa: TC001 - as above
from boardkit.regulations.values import (
    Band,
    Code,
    Count,
    Credits,
    Day,
    Days,
    Flag,
    Hours,
    Level,
    Once,
    PackId,
    Percent,
    Places,
    Points,
    RuleId,
    Share,
    SomeShare,
    Stage,
    Text,
    Weight,
    refuse,
    twice,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

__all__ = ["Cited", "Regulations"]

Study = Literal["undergraduate", "postgraduate"]
AttemptKind = Literal["first-sit", "reassessment"]
OverlayKey = Literal["pass_mark", "component_floor", "attempts", "condonable"]
OVERLAY_KEYS: tuple[OverlayKey, ...] = ("pass_mark", "component_floor", "attempts", "condonable")

Levels = Annotated[list[Level], Field(min_length=1), Once]
Kinds = Annotated[list[Literal["taught", "project", "dissertation", "placement"]], Field(min_length=1), Once]


class PercentRule(Cited):
    """A percentage."""

    value: Percent


class ShareRule(Cited):
    """A share from 0 to 1."""

    value: Share


class CountRule(Cited):
    """A whole number from 1."""

    value: Count


class LevelsRule(Cited):
    """A list of levels."""

    value: Levels


class SwitchRule(Cited):
    """A choice between yes and no."""

    value: Flag


class TextRule(Cited):
    """A word that is printed."""

    value: Text


class RoundingRule(Cited):
    """One rounding: to how many places, and how."""

    places: Places
    mode: Mode

    @property
    def shown(self) -> int:
        """The places that such a mark is printed with: one at least."""
        return max(1, self.places)


class CapRule(Cited):
    """The most that a reassessed module can be given: the pass mark, or no limit."""

    value: Literal["pass-mark", "none"]


class GradesRule(Cited):
    """Grades with the lowest mark of each, highest first; the last begins at 0."""

    bands: Annotated[list[Band], Field(min_length=1)]

    @field_validator("bands")
    @classmethod
    def _fall_to_zero(cls, bands: list[tuple[str, Decimal]]) -> list[tuple[str, Decimal]]:
        names, (last, lowest) = [grade for grade, _ in bands], bands[-1]
        refuse(
            *(
                f'"{lower}" begins at {below}, {_beside(upper, above, below)}. Bands must fall'
                for (upper, above), (lower, below) in pairwise(bands)
                if below >= above
            ),
            *(f'"{grade}" stands twice. A grade has one band' for grade in twice(names)),
            *([f'the last band, "{last}", begins at {lowest}. It must begin at 0'] if lowest else []),
        )
        return bands


class ConversionRule(Cited):
    """Marks for grades where a module has grades only, and other spellings of a grade."""

    marks: Annotated[dict[Text, Percent], Field(min_length=1)]
    also: dict[Text, Text] = Field(default_factory=dict)

    @field_validator("also")
    @classmethod
    def _known_grades(cls, also: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        marks = info.data.get("marks")
        if marks is not None:
            known = ", ".join(marks)
            refuse(
                *(
                    f'"{other}" stands for "{grade}", which has no mark. Those with one: {known}'
                    for other, grade in also.items()
                    if grade not in marks
                ),
                *(
                    f'"{other}" has a mark of its own. Take one of them out'
                    for other in also
                    if other in marks
                ),
            )
        return also


class AttemptsException(CountRule):
    """Another number of attempts for modules of some kinds at some levels."""

    kinds: Kinds
    levels: Levels


class StudyRules(Part):
    """How a module of one kind of study is passed, graded and taken again."""

    levels: LevelsRule
    pass_mark: PercentRule
    component_floor: PercentRule
    reassessment_cap: CapRule
    attempts: CountRule
    attempts_exceptions: list[AttemptsException] = Field(default_factory=list)
    grades: GradesRule
    qualifying_fail: TextRule
    conversion: ConversionRule


class Studies(Part):
    """The two kinds of study."""

    undergraduate: StudyRules
    postgraduate: StudyRules

    @model_validator(mode="after")
    def _levels_apart(self) -> Self:
        both = set(self.undergraduate.levels.value) & set(self.postgraduate.levels.value)
        refuse(
            *(f"level {level} stands under both studies. A level belongs to one" for level in sorted(both))
        )
        return self

    def each(self) -> tuple[tuple[Study, StudyRules], ...]:
        """Give both studies with their names."""
        return ("undergraduate", self.undergraduate), ("postgraduate", self.postgraduate)


class ByStudy(Part):
    """A percentage for each kind of programme."""

    undergraduate: Percent
    postgraduate: Percent

    def each(self) -> tuple[tuple[Study, Decimal], ...]:
        """Give both percentages with their studies."""
        return ("undergraduate", self.undergraduate), ("postgraduate", self.postgraduate)


class Span(Part):
    """A length of time by the clock on the wall."""

    days: Days = 0
    hours: Hours = 0

    @property
    def in_hours(self) -> int:
        """The whole span in hours."""
        return self.days * 24 + self.hours  # a day by the clock on the wall

    @model_validator(mode="after")
    def _not_nothing(self) -> Self:
        if not self.in_hours:
            refuse("it is no time at all. Give days or hours, or leave up_to out")
        return self


class LateStep(Cited):
    """What late work gets, up to some lateness; the steps of one kind of attempt are tried in order."""

    one_of: ClassVar[tuple[OneOf, ...]] = (
        *Cited.one_of,
        OneOf("cap", "mark", "cap = { undergraduate = 40, postgraduate = 50 }, or mark = 0"),
    )

    id: RuleId
    attempts: AttemptKind
    up_to: Span | None = None
    cap: ByStudy | None = None
    mark: Percent | None = None

    def leaves_some_to(self, later: LateStep) -> bool:
        """Whether work can be so late that the later step takes it."""
        if self.up_to is None:
            return False
        return later.up_to is None or later.up_to.in_hours > self.up_to.in_hours

    def reach(self) -> str:
        """Say how far the step reaches."""
        return f'"{self.id}" before it {"has no up_to" if self.up_to is None else "reaches as far"}'


class WordLimit(Cited):
    """What work over its word limit gets."""

    id: RuleId
    over: Percent
    inclusive: Flag
    cap: ByStudy


class Penalties(Part):
    """What lowers a component's mark."""

    midnight_is_a_date: SwitchRule
    late: Annotated[list[LateStep], Field(min_length=1)]
    word_limit: WordLimit

    @field_validator("late")
    @classmethod
    def _steps_can_be_reached(cls, late: list[LateStep]) -> list[LateStep]:
        kinds = [[step for step in late if step.attempts == kind] for kind in get_args(AttemptKind)]
        refuse(
            *(f'"{name}" names two penalties. Each needs its own id' for name in twice([x.id for x in late])),
            *(
                f'"{later.id}" is never reached: {step.reach()}. '
                "Order the steps of a kind of attempt by up_to, the one without it last"
                for steps in kinds
                for step, later in pairwise(steps)
                if not step.leaves_some_to(later)
            ),
        )
        return late

    @field_validator("word_limit")
    @classmethod
    def _own_id(cls, word_limit: WordLimit, info: ValidationInfo) -> WordLimit:
        if word_limit.id in {step.id for step in info.data.get("late", [])}:
            refuse(f'"{word_limit.id}" names two penalties. Each needs its own id')
        return word_limit


class Practice(Part):
    """Rules that have no number: where each is written, so that what they decide can be cited."""

    agreed_mark: Cited
    first_sit: Cited
    blank: Cited
    pass_stands: Cited
    reassessed_components: Cited
    confirmed: Cited
    condonement: Cited
    other_study: Cited


class ScalingRule(Cited):
    """How scaling is shown to the board."""

    needs_endorsement: Flag


class Withdrawal(Part):
    """What leaving a module early or late does."""

    free_until: ShareRule
    mark: PercentRule


class Absence(Part):
    """The mark of work that was not handed in and of an assessment that was not attended."""

    not_submitted: PercentRule
    absent: PercentRule


class Averages(Part):
    """What the averages of every award leave out."""

    exchange_counts: SwitchRule
    prior_learning_counts_by_decision: SwitchRule


class CreditMinimum(Part):
    """At least so many credits at some levels."""

    levels: Levels
    credits: Credits


class CreditRule(Cited):
    """The credit that an award needs."""

    total: Credits
    counts_from_level: Level | None = None
    minima: list[CreditMinimum] = Field(default_factory=list)

    @field_validator("minima")
    @classmethod
    def _within_the_total(cls, minima: list[CreditMinimum], info: ValidationInfo) -> list[CreditMinimum]:
        total = info.data.get("total")
        if total is not None:
            refuse(
                *(
                    f"{minimum.credits} credits at levels {_listed(minimum.levels)} are more than the total of {total}"
                    for minimum in minima
                    if minimum.credits > total
                )
            )
        return minima


class Bucket(Cited):
    """A share of an average: the credit at some levels, up to a capacity; what is left moves on.

    With a capacity, modules of the status ``whole`` are taken first and always, then the others, highest
    mark first, until the capacity is full; the module that straddles it is split by credit. What is left
    goes to the next bucket.
    """

    together: ClassVar[tuple[tuple[str, str], ...]] = (("capacity", "whole"),)

    levels: Levels
    weight: Weight = 100  # one bucket alone has the whole weight
    capacity: Credits | None = None
    whole: Literal["core", "option"] | None = None


class AloneRule(Cited):
    """When the first bucket alone makes the average: entry at a stage, or nothing in the later ones."""

    entry_stage: Stage
    when_others_empty: Flag


class AverageRule(Cited):
    """How an average is made from buckets, the first filled first."""

    buckets: Annotated[list[Bucket], Field(min_length=1, max_length=2)]
    alone: AloneRule | None = None

    @field_validator("buckets")
    @classmethod
    def _add_up(cls, buckets: list[Bucket]) -> list[Bucket]:
        total, levels = (
            sum(bucket.weight for bucket in buckets),
            [x for bucket in buckets for x in bucket.levels],
        )
        refuse(
            *([f"the weights add up to {total}. They must add up to 100"] if total != 100 else []),  # noqa: PLR2004 - percent
            *(f"level {level} stands in two buckets. A level fills one" for level in twice(levels)),
        )
        if buckets[-1].capacity is not None:
            refuse(
                "the last bucket has a capacity, and none after it takes what is left. Take capacity and whole out"
            )
        return buckets

    @field_validator("alone")
    @classmethod
    def _of_several(cls, alone: AloneRule | None, info: ValidationInfo) -> AloneRule | None:
        if alone is not None and len(info.data.get("buckets", [])) == 1:
            refuse("there is one bucket, and it is always alone. Take alone out")
        return alone


class ClassRule(Cited):
    """A class and the average it begins at."""

    name: Literal["first", "upper-second", "lower-second", "third", "distinction", "merit"]
    at: Percent


class OtherwiseRule(Cited):
    """The class of an average under every boundary."""

    value: Literal["pass", "fail"]


class UpliftRule(Cited):
    """An average so close below a boundary goes up by itself."""

    within: Points


class ZoneRule(Cited):
    """An average so far below a boundary is a borderline case, both ends in."""

    farthest: Points
    nearest: Points

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if self.nearest > self.farthest:
            refuse(f"nearest is {self.nearest} and farthest {self.farthest}. The nearest must not be farther")
        return self


class CriterionRule(Cited):
    """How a borderline case goes up: enough credits at some levels at or above the boundary.

    The first criterion whose ``programme_credits`` fits (or that names none) is the one used. ``credits``
    is a number, ``share`` a share of the credits studied at those levels.
    """

    one_of: ClassVar[tuple[OneOf, ...]] = (
        *Cited.one_of,
        OneOf("credits", "share", "credits = 60, or share = 0.5"),
    )

    levels: Levels
    programme_credits: Credits | None = None
    credits: Credits | None = None
    share: SomeShare | None = None


class BorderlineRules(Part):
    """What happens just below a boundary."""

    uplift: UpliftRule
    zone: ZoneRule
    criteria: Annotated[list[CriterionRule], Field(min_length=1)]

    @field_validator("zone")
    @classmethod
    def _apart(cls, zone: ZoneRule, info: ValidationInfo) -> ZoneRule:
        uplift = info.data.get("uplift")
        if uplift is not None and uplift.within >= zone.nearest:
            refuse(
                f"it begins {zone.nearest} below a boundary, and the uplift reaches to {uplift.within} below. "
                "They must not overlap"
            )
        return zone

    @field_validator("criteria")
    @classmethod
    def _each_is_used(cls, criteria: list[CriterionRule]) -> list[CriterionRule]:
        sizes = [rule.programme_credits for rule in criteria]
        refuse(
            *(
                "one that names no programme_credits fits every programme. It must stand last"
                for size in sizes[:-1]
                if size is None
            ),
            *(
                f"two are for programmes of {size} credits. The second is never used"
                for size in twice([size for size in sizes if size is not None])
            ),
        )
        return criteria


class AwardRules(Part):
    """One award: the study it belongs to, its credit, and how it is classified if it is."""

    together: ClassVar[tuple[tuple[str, str], ...]] = (("average", "otherwise"),)

    study: Study
    credits: CreditRule
    lower: LowerAwards | None = None
    average: AverageRule | None = None
    classes: list[ClassRule] = Field(default_factory=list)
    otherwise: OtherwiseRule | None = None
    borderline: BorderlineRules | None = None

    @field_validator("classes")
    @classmethod
    def _fall(cls, classes: list[ClassRule]) -> list[ClassRule]:
        refuse(
            *(
                f'"{name}" stands twice. A class has one boundary'
                for name in twice([x.name for x in classes])
            ),
            *(
                f'"{lower.name}" is at {lower.at}, {_beside(upper.name, upper.at, lower.at)}. Boundaries must fall'
                for upper, lower in pairwise(classes)
                if lower.at >= upper.at
            ),
        )
        return classes

    @classmethod
    def faults(cls, values: dict[str, Any]) -> list[Fault]:
        """Find classes without an average, and zones without classes."""
        found = super().faults(values)
        if "classes" in values and "average" not in values:
            found.append(
                Fault(("classes",), "there is no average to class. Give average, or take classes out")
            )
        if "borderline" in values and not values.get("classes"):
            found.append(
                Fault(
                    ("borderline",), "there are no classes to be below. Give classes, or take borderline out"
                )
            )
        return found


class Awards(Part):
    """The awards, by the names that the students table uses."""

    certhe: AwardRules | None = None
    diphe: AwardRules | None = None
    ordinary: AwardRules | None = None
    honours: AwardRules | None = None
    integrated_masters: AwardRules | None = Field(default=None, alias="integrated-masters")
    graduate_certificate: AwardRules | None = Field(default=None, alias="graduate-certificate")
    pgcert: AwardRules | None = None
    pgdip: AwardRules | None = None
    masters: AwardRules | None = None

    def each(self) -> tuple[tuple[str, AwardRules], ...]:
        """Give every award that the pack has a rule for, with its name."""
        named = ((name.replace("_", "-"), getattr(self, name)) for name in type(self).model_fields)
        return tuple((name, rules) for name, rules in named if rules is not None)


class Session(Cited):
    """The dates between which the pack is in force."""

    first: Day
    last: Day

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            refuse(f"it ends on {self.last}, before it begins on {self.first}")
        return self


class Named(Part):
    """Which university's document a pack holds, and for when, where it says so."""

    id: PackId
    institution: Text
    title: Text
    source: Text
    session: Session | None = None


class Identity(Named):
    """Which university's regulations these are, and for when."""

    session: Session


class Codes(Cited):
    """Codes typed in mark cells, and the state each stands for."""

    states: dict[Code, Literal["not-submitted", "absent", "deferred"]]


class OverlayScope(Cited):
    """What a programme's own regulations may change."""

    allowed: Annotated[list[OverlayKey], Once]


class Programme(Part):
    """What one programme's own regulations change, and the document that says so."""

    programme: Text
    reference: Text
    modules: Annotated[list[Text], Field(min_length=1), Once] = Field(default_factory=list)
    pass_mark: Percent | None = None
    component_floor: Percent | None = None
    attempts: Count | None = None
    condonable: Flag | None = None
    registration: Text | None = None

    @classmethod
    def faults(cls, values: dict[str, Any]) -> list[Fault]:
        """Find an entry that changes nothing."""
        if values.keys().isdisjoint({*OVERLAY_KEYS, "registration"}):
            return [
                Fault(
                    (), f"it changes nothing. Give {_either((*OVERLAY_KEYS, 'registration'))}, or take it out"
                )
            ]
        return []

    @property
    def changes(self) -> dict[str, Any]:
        """The values it sets, by key."""
        values = {key: getattr(self, key) for key in OVERLAY_KEYS}
        return {key: value for key, value in values.items() if value is not None}


class Regulations(Part):
    """A whole pack, checked.

    Examples:
        >>> import boardkit as bk
        >>> pack = bk.pack("qmu-2022")
        >>> pack.studies.undergraduate.pass_mark.value, pack.studies.undergraduate.pass_mark.clause
        (Decimal('40'), '16.1, 18.8')
    """

    pack: Identity
    readings: dict[Text, Text] = Field(default_factory=dict)
    codes: Codes
    rounding: Rounding
    studies: Studies
    practice: Practice
    scaling: ScalingRule
    penalties: Penalties
    absence: Absence
    withdrawal: Withdrawal
    averages: Averages
    awards: Awards
    prior_learning: PriorLearning | None = None
    evidence: Evidence | None = None
    condonement: Condonement | None = None
    reassessment: Reassessment | None = None
    progression: Progression | None = None
    decisions: Decisions
    arrangements: list[Arrangement] = Field(default_factory=list)
    dates: Dates | None = None
    registration: Registration | None = None
    transcript: Transcript | None = None
    concern: Concern | None = None
    misconduct: Misconduct | None = None
    overlays: OverlayScope
    programmes: list[Programme] = Field(default_factory=list)

    @classmethod
    def faults(cls, values: dict[str, Any]) -> list[Fault]:
        """Find readings that do not meet their citations, and programmes that change what they may not."""
        return [
            *readings_unmet(values),
            *awards_unruled(values),
            *out_of_scope(values, OVERLAY_KEYS),
            *periods_unmet(values),
        ]


class TariffRules(Part):
    """A pack that states what follows from misconduct, and no assessment rules."""

    pack: Named
    readings: dict[Text, Text] = Field(default_factory=dict)
    misconduct: Misconduct

    @classmethod
    def faults(cls, values: dict[str, Any]) -> list[Fault]:
        """Find readings that do not meet their citations."""
        return readings_unmet(values)


class Rounding(Part):
    """The one rounding of each kind of mark."""

    component: RoundingRule
    module: RoundingRule
    award: RoundingRule


def _beside(upper: str, above: Decimal, below: Decimal) -> str:
    """Say where a bound that should be under another one stands."""
    return f'the same as "{upper}"' if below == above else f'above "{upper}" at {above}'


def _listed(items: list[int]) -> str:
    return ", ".join(str(item) for item in items)


def _either(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


Regulations.model_rebuild()
TariffRules.model_rebuild()
