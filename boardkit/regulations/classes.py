"""How an average is classified: boundaries, what happens just below one, and the criteria for going up."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from boardkit.regulations.part import Cited, OneOf, Part
from boardkit.regulations.terms import Levels
from boardkit.regulations.values import Credits, Percent, Points, SomeShare, refuse, twice


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
