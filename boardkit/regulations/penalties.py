"""What a pack says of marks that rules lower or set: late and long work, scaling, absence, leaving a module."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self, get_args

from pydantic import Field, ValidationInfo, field_validator, model_validator

from boardkit.regulations.part import Cited, Fault, OneOf, Part
from boardkit.regulations.single import PercentRule, ShareRule, SwitchRule
from boardkit.regulations.terms import AttemptKind, Study
from boardkit.regulations.values import Days, Flag, Hours, Percent, RuleId, refuse, twice

if TYPE_CHECKING:
    from decimal import Decimal


class ByStudy(Part):
    """A percentage for each kind of programme."""

    undergraduate: Percent | None = None
    postgraduate: Percent | None = None

    @classmethod
    def faults(cls, values: dict[str, Any]) -> list[Fault]:
        """Find a percentage for no study."""
        return (
            [] if values else [Fault((), "it is for no study. Give undergraduate = 40, or postgraduate = 50")]
        )

    def each(self) -> tuple[tuple[Study, Decimal], ...]:
        """Give the percentages that are stated, with their studies."""
        both: tuple[tuple[Study, Decimal | None], ...] = (
            ("undergraduate", self.undergraduate),
            ("postgraduate", self.postgraduate),
        )
        return tuple((study, value) for study, value in both if value is not None)


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
    word_limit: WordLimit | None = None

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
    def _own_id(cls, word_limit: WordLimit | None, info: ValidationInfo) -> WordLimit | None:
        if word_limit is not None and word_limit.id in {step.id for step in info.data.get("late", [])}:
            refuse(f'"{word_limit.id}" names two penalties. Each needs its own id')
        return word_limit


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
