"""What a pack says of modules: how they are rounded, passed, graded and taken again, for each kind of study."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, get_args

from pydantic import Field, ValidationInfo, field_validator, model_validator

from boardkit.exact import Mode
from boardkit.regulations.part import Cited, Fault, Part
from boardkit.regulations.single import CountRule, LevelsRule, PercentRule, TextRule
from boardkit.regulations.terms import Kinds, Levels, Study
from boardkit.regulations.values import Band, Percent, Places, Text, beside, refuse, twice

if TYPE_CHECKING:
    from decimal import Decimal


class RoundingRule(Cited):
    """One rounding: to how many places, and how."""

    places: Places
    mode: Mode

    @property
    def shown(self) -> int:
        """The places that such a mark is printed with: one at least."""
        return max(1, self.places)


class Rounding(Part):
    """The one rounding of each kind of mark."""

    component: RoundingRule
    module: RoundingRule
    award: RoundingRule | None = None

    @property
    def average(self) -> RoundingRule:
        """The rounding of averages; that of modules where the regulations make none."""
        return self.award or self.module


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
                f'"{lower}" begins at {below}, {beside(upper, above, below)}. Bands must fall'
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
    reassessment_cap: CapRule | None = None
    attempts: CountRule | None = None
    attempts_exceptions: list[AttemptsException] = Field(default_factory=list)
    grades: GradesRule | None = None
    qualifying_fail: TextRule | None = None
    conversion: ConversionRule | None = None

    @classmethod
    def faults(cls, values: dict[str, Any]) -> list[Fault]:
        """Find what is stated of a rule that is not there."""
        needs = (("attempts_exceptions", "attempts"), ("qualifying_fail", "grades"))
        return [
            *super().faults(values),
            *(
                Fault((key,), f"there is no {rule} it could belong to. Give {rule}, or take {key} out")
                for key, rule in needs
                if values.get(key) and rule not in values
            ),
        ]


class Studies(Part):
    """The kinds of study that the regulations are for: one, or both."""

    undergraduate: StudyRules | None = None
    postgraduate: StudyRules | None = None

    @classmethod
    def faults(cls, values: dict[str, Any]) -> list[Fault]:
        """Find regulations for no study."""
        if values.keys() & set(get_args(Study)):
            return []
        return [Fault((), f"there is no study. Give {' or '.join(get_args(Study))}, or both")]

    @model_validator(mode="after")
    def _levels_apart(self) -> Self:
        levels = [level for _, rules in self.each() for level in rules.levels.value]
        refuse(
            *(f"level {level} stands under both studies. A level belongs to one" for level in twice(levels))
        )
        return self

    @property
    def first(self) -> StudyRules:
        """The study whose clause stands for both, where a rule is of modules of either."""
        return self.each()[0][1]

    def each(self) -> tuple[tuple[Study, StudyRules], ...]:
        """Give the studies that there are, with their names."""
        both: tuple[tuple[Study, StudyRules | None], ...] = (
            ("undergraduate", self.undergraduate),
            ("postgraduate", self.postgraduate),
        )
        return tuple((name, rules) for name, rules in both if rules is not None)
