"""The awards of a pack: the study each belongs to, its credit, its average and its classes."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, ClassVar

from pydantic import Field, ValidationInfo, field_validator

from boardkit.regulations.averages import AverageRule
from boardkit.regulations.classes import BorderlineRules, ClassRule, OtherwiseRule
from boardkit.regulations.part import Cited, Fault, Part
from boardkit.regulations.terms import Levels, Study
from boardkit.regulations.values import Credits, Level, Once, Text, beside, refuse, twice


class LowerAwards(Cited):
    """Awards that a student who aims at this one may be given in its place, the highest first."""

    value: Annotated[list[Text], Field(min_length=1), Once]


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
                f'"{lower.name}" is at {lower.at}, {beside(upper.name, upper.at, lower.at)}. Boundaries must fall'
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


def _listed(items: list[int]) -> str:
    return ", ".join(str(item) for item in items)
