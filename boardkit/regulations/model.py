"""What a regulation pack may say: every value with the clause that gives it.

The shape follows what universities publish: studies with levels, pass marks, grades and limits; penalties
tried in order; averages built from ordered buckets of credit; classes, zones and criteria. A pack is
data: it holds no code and no loops.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from boardkit.exact import MARK_PLACES, Mode

Study = Literal["undergraduate", "postgraduate"]
AttemptKind = Literal["first-sit", "reassessment"]


def _exact(value: Any) -> Any:
    """Let whole numbers and decimals in as decimals; a truth value is neither."""
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _two_places(value: Decimal) -> Decimal:
    if value != value.quantize(Decimal(1).scaleb(-MARK_PLACES)):
        raise ValueError("at most two decimal places are allowed")
    return value


Exact = Annotated[Decimal, BeforeValidator(_exact)]
Percent = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, le=100)]
Points = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, le=100)]
Credits = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0)]
Level = Annotated[int, Field(ge=1, le=12)]


class Part(BaseModel):
    """A part of a pack: unknown keys are refused, nothing is converted, nothing changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Cited(Part):
    """A rule with where it comes from: a clause, or who decides it where no regulation does."""

    clause: str | None = Field(default=None, min_length=1)
    local: str | None = Field(default=None, min_length=1)
    reading: str | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _has_a_source(self) -> Self:
        if (self.clause is None) == (self.local is None):
            raise ValueError('give either clause = "..." or local = "who decides it", and one of them only')
        return self

    @property
    def source(self) -> str:
        """The clause, or ``local: who decides``."""
        return self.clause if self.clause is not None else f"local: {self.local}"

    @property
    def citation(self) -> str:
        """The source, and the reading where there is one."""
        return f"{self.source}; reading {self.reading}" if self.reading else self.source


class PercentRule(Cited):
    """A percentage."""

    value: Percent


class ShareRule(Cited):
    """A share from 0 to 1."""

    value: Annotated[Exact, Field(ge=0, le=1)]


class CountRule(Cited):
    """A whole number from 1."""

    value: Annotated[int, Field(ge=1)]


class LevelsRule(Cited):
    """A list of levels."""

    value: Annotated[list[Level], Field(min_length=1)]


class SwitchRule(Cited):
    """A choice between yes and no."""

    value: bool


class TextRule(Cited):
    """A word that is printed."""

    value: Annotated[str, Field(min_length=1)]


class RoundingRule(Cited):
    """One rounding: to how many places, and how."""

    places: Annotated[int, Field(ge=0, le=MARK_PLACES)]
    mode: Mode


class CapRule(Cited):
    """The most that a reassessed module can be given: the pass mark, or no limit."""

    value: Literal["pass-mark", "none"]


class GradesRule(Cited):
    """Grades with the lowest mark of each, highest first; the last begins at 0."""

    bands: Annotated[list[tuple[str, Percent]], Field(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _pairs(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("bands"), list):
            pairs = [tuple(band) if isinstance(band, list) else band for band in value["bands"]]
            return {**value, "bands": pairs}
        return value

    @model_validator(mode="after")
    def _fall_to_zero(self) -> Self:
        for (upper, above), (lower, below) in pairwise(self.bands):
            if below >= above:
                raise ValueError(
                    f'bands: "{lower}" begins at {below}, and "{upper}" above it at {above}. Bands must fall'
                )
        if len({grade for grade, _ in self.bands}) != len(self.bands):
            raise ValueError("bands: a grade stands twice")
        if self.bands[-1][1] != 0:
            raise ValueError(f"bands: the last begins at {self.bands[-1][1]}. It must begin at 0")
        return self


class ConversionRule(Cited):
    """Marks for grades where a module has grades only, and other spellings of a grade."""

    marks: Annotated[dict[str, Percent], Field(min_length=1)]
    also: dict[str, str] = {}

    @model_validator(mode="after")
    def _known_grades(self) -> Self:
        for other, grade in self.also.items():
            if grade not in self.marks:
                raise ValueError(f'also: "{other}" stands for "{grade}", which has no mark')
            if other in self.marks:
                raise ValueError(f'also: "{other}" has a mark of its own')
        return self


class AttemptsException(CountRule):
    """Another number of attempts for modules of some kinds at some levels."""

    kinds: Annotated[list[Literal["taught", "project", "dissertation", "placement"]], Field(min_length=1)]
    levels: Annotated[list[Level], Field(min_length=1)]


class StudyRules(Part):
    """How a module of one kind of study is passed, graded and taken again."""

    levels: LevelsRule
    pass_mark: PercentRule
    component_floor: PercentRule
    reassessment_cap: CapRule
    attempts: CountRule
    attempts_exceptions: list[AttemptsException] = []
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
        if both:
            raise ValueError(f"levels: {sorted(both)} stand under both studies. A level belongs to one")
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

    days: Annotated[int, Field(ge=0)] = 0
    hours: Annotated[int, Field(ge=0)] = 0

    @property
    def in_hours(self) -> int:
        """The whole span in hours."""
        return self.days * 24 + self.hours  # a day by the clock on the wall

    @model_validator(mode="after")
    def _not_nothing(self) -> Self:
        if not self.in_hours:
            raise ValueError("a span of no time. Give days or hours, or leave up_to out")
        return self


class LateStep(Cited):
    """What late work gets, up to some lateness; the steps of one kind of attempt are tried in order."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    attempts: AttemptKind
    up_to: Span | None = None
    cap: ByStudy | None = None
    mark: Percent | None = None

    @model_validator(mode="after")
    def _one_effect(self) -> Self:
        if (self.cap is None) == (self.mark is None):
            raise ValueError("give either cap or mark")
        return self


class WordLimit(Cited):
    """What work over its word limit gets."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    over: Percent
    inclusive: bool
    cap: ByStudy


class Penalties(Part):
    """What lowers a component's mark."""

    midnight_is_a_date: SwitchRule
    late: Annotated[list[LateStep], Field(min_length=1)]
    word_limit: WordLimit

    @model_validator(mode="after")
    def _steps_rise(self) -> Self:
        ids = [step.id for step in self.late] + [self.word_limit.id]
        for twice in {name for name in ids if ids.count(name) > 1}:
            raise ValueError(f'"{twice}" names two penalties. Each needs its own id')
        for kind in ("first-sit", "reassessment"):
            steps = [step for step in self.late if step.attempts == kind]
            hours = [step.up_to.in_hours if step.up_to else None for step in steps]
            for before, after in pairwise(hours):
                if before is None or (after is not None and after <= before):
                    raise ValueError(
                        f"late: a {kind} step can never be reached. Order the steps by up_to, the open one last"
                    )
        return self


class Practice(Part):
    """Rules that have no number: where each is written, so that what they decide can be cited."""

    agreed_mark: Cited
    first_sit: Cited
    blank: Cited
    pass_stands: Cited
    reassessed_components: Cited
    confirmed: Cited
    other_study: Cited


class ScalingRule(Cited):
    """How scaling is shown to the board."""

    needs_endorsement: bool


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

    levels: Annotated[list[Level], Field(min_length=1)]
    credits: Credits


class CreditRule(Cited):
    """The credit that an award needs."""

    total: Credits
    counts_from_level: Level | None = None
    minima: list[CreditMinimum] = []

    @model_validator(mode="after")
    def _minima_fit(self) -> Self:
        for minimum in self.minima:
            if minimum.credits > self.total:
                raise ValueError(
                    f"minima: {minimum.credits} credits at {minimum.levels} "
                    f"are more than the total of {self.total}"
                )
        return self


class Bucket(Cited):
    """A share of an average: the credit at some levels, up to a capacity; what is left moves on.

    With a capacity, modules of the status ``whole`` are taken first and always, then the others, highest
    mark first, until the capacity is full; the module that straddles it is split by credit. What is left
    goes to the next bucket.
    """

    levels: Annotated[list[Level], Field(min_length=1)]
    weight: Annotated[int, Field(ge=1, le=100)]
    capacity: Credits | None = None
    whole: Literal["core", "option"] | None = None

    @model_validator(mode="after")
    def _whole_of_a_capacity(self) -> Self:
        if (self.capacity is None) != (self.whole is None):
            raise ValueError("capacity and whole go together")
        return self


class AloneRule(Cited):
    """When the first bucket alone makes the average: entry at a stage, or nothing in the later ones."""

    entry_stage: Annotated[int, Field(ge=1, le=5)]
    when_others_empty: bool


class AverageRule(Cited):
    """How an average is made from buckets, the first filled first."""

    buckets: Annotated[list[Bucket], Field(min_length=1, max_length=2)]
    alone: AloneRule | None = None

    @model_validator(mode="after")
    def _sound(self) -> Self:
        total = sum(bucket.weight for bucket in self.buckets)
        if total != 100:  # noqa: PLR2004 - percent
            raise ValueError(f"buckets: the weights add up to {total}. They must add up to 100")
        seen: set[int] = set()
        for bucket in self.buckets:
            if seen & set(bucket.levels):
                raise ValueError(f"buckets: level {min(seen & set(bucket.levels))} stands in two buckets")
            seen |= set(bucket.levels)
        if self.buckets[-1].capacity is not None:
            raise ValueError("buckets: the last one has a capacity, and there is none after it")
        if self.alone is not None and len(self.buckets) == 1:
            raise ValueError("alone: there is only one bucket")
        return self


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
            raise ValueError(f"nearest {self.nearest} is farther than farthest {self.farthest}")
        return self


class CriterionRule(Cited):
    """How a borderline case goes up: enough credits at some levels at or above the boundary.

    The first criterion whose ``programme_credits`` fits (or that names none) is the one used. ``credits``
    is a number, ``share`` a share of the credits studied at those levels.
    """

    levels: Annotated[list[Level], Field(min_length=1)]
    programme_credits: Credits | None = None
    credits: Credits | None = None
    share: Annotated[Exact, Field(gt=0, le=1)] | None = None

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        if (self.credits is None) == (self.share is None):
            raise ValueError("give either credits or share")
        return self


class BorderlineRules(Part):
    """What happens just below a boundary."""

    uplift: UpliftRule
    zone: ZoneRule
    criteria: Annotated[list[CriterionRule], Field(min_length=1)]

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if self.uplift.within >= self.zone.nearest:
            raise ValueError(
                f"uplift reaches {self.uplift.within} below a boundary and the zone begins at "
                f"{self.zone.nearest}. They must not overlap"
            )
        if any(criterion.programme_credits is None for criterion in self.criteria[:-1]):
            raise ValueError("criteria: one that names no programme_credits must stand last")
        return self


class AwardRules(Part):
    """One award: the study it belongs to, its credit, and how it is classified if it is."""

    study: Study
    credits: CreditRule
    average: AverageRule | None = None
    classes: list[ClassRule] = []
    otherwise: OtherwiseRule | None = None
    borderline: BorderlineRules | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.average is None) != (self.otherwise is None):
            raise ValueError("average and otherwise go together: an average needs a class for every mark")
        if self.average is None and (self.classes or self.borderline):
            raise ValueError("classes and borderline need an average")
        for upper, lower in pairwise(self.classes):
            if lower.at >= upper.at:
                same = "the same as" if lower.at == upper.at else "above"
                raise ValueError(
                    f'classes: "{lower.name}" is at {lower.at}, {same} "{upper.name}". Boundaries must fall'
                )
        return self


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

    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError(f"the session ends on {self.last}, before it begins on {self.first}")
        return self


class Identity(Part):
    """Which university's regulations these are, and for when."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")]
    institution: Annotated[str, Field(min_length=1)]
    title: Annotated[str, Field(min_length=1)]
    source: Annotated[str, Field(min_length=1)]
    session: Session


class Codes(Cited):
    """Codes typed in mark cells, and the state each stands for."""

    states: dict[str, Literal["not-submitted", "absent", "deferred"]]


OVERLAY_KEYS = ("pass_mark", "component_floor", "attempts")


class OverlayScope(Cited):
    """What a programme's own regulations may change."""

    allowed: list[Literal["pass_mark", "component_floor", "attempts"]]


class Programme(Part):
    """What one programme's own regulations change, and the document that says so."""

    programme: Annotated[str, Field(min_length=1)]
    reference: Annotated[str, Field(min_length=1)]
    modules: list[str] = []
    pass_mark: Percent | None = None
    component_floor: Percent | None = None
    attempts: Annotated[int, Field(ge=1)] | None = None

    @property
    def changes(self) -> dict[str, Any]:
        """The values it sets, by key."""
        values = {key: getattr(self, key) for key in OVERLAY_KEYS}
        return {key: value for key, value in values.items() if value is not None}


class Regulations(Part):
    """A whole pack, checked.

    Examples:
        >>> import boardkit as bk
        >>> pack = bk.regulations("qmu-2022")
        >>> pack.studies.undergraduate.pass_mark.value, pack.studies.undergraduate.pass_mark.clause
        (Decimal('40'), '16.1, 18.8')
    """

    pack: Identity
    readings: dict[str, str] = {}
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
    overlays: OverlayScope
    programmes: list[Programme] = []

    @model_validator(mode="after")
    def _readings_meet(self) -> Self:
        used = {name for rule in cited(self) if rule.reading for name in _names(rule.reading)}
        for missing in sorted(used - self.readings.keys()):
            raise ValueError(f'readings: "{missing}" is cited and not written out')
        for unused in sorted(self.readings.keys() - used):
            raise ValueError(f'readings: "{unused}" is written out and no rule cites it')
        return self

    @model_validator(mode="after")
    def _programmes_keep_to_scope(self) -> Self:
        for programme in self.programmes:
            for key in programme.changes:
                if key not in self.overlays.allowed:
                    raise ValueError(
                        f'programmes: "{programme.programme}" changes {key}. '
                        f"{self.overlays.source} allows: {', '.join(self.overlays.allowed)}"
                    )
            if not programme.changes:
                raise ValueError(f'programmes: "{programme.programme}" changes nothing')
        return self


class Rounding(Part):
    """The one rounding of each kind of mark."""

    component: RoundingRule
    module: RoundingRule
    award: RoundingRule


def _names(reading: str) -> list[str]:
    return [name.strip() for name in reading.split(",")]


def cited(part: object) -> list[Cited]:
    """Find every cited rule in a part of a pack, in the order it is written."""
    found: list[Cited] = []
    if isinstance(part, Cited):
        found.append(part)
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            found += cited(getattr(part, name))
    elif isinstance(part, dict):
        for value in part.values():
            found += cited(value)
    elif isinstance(part, list | tuple):
        for value in part:
            found += cited(value)
    return found


Regulations.model_rebuild()
