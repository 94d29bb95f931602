"""What a pack may say of registration: the longest periods, the credit of a year, associate students."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field, field_validator, model_validator

from boardkit import tables
from boardkit.regulations.part import Cited, Fault, OneOf, Part
from boardkit.regulations.single import CountRule, SessionsRule
from boardkit.regulations.terms import Mode, Study
from boardkit.regulations.values import Count, Credits, Once, Text, refuse, twice

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

_MONTHS_A_YEAR = 12


class PlannedRule(Cited):
    """The longest registration on a programme planned for a number of years."""

    planned_years: Count
    years: Count


class Planned(Part):
    """Registration on programmes whose planned length is known."""

    longer_by: CountRule
    exceptions: list[PlannedRule] = Field(default_factory=list)

    @field_validator("exceptions")
    @classmethod
    def _one_each(cls, exceptions: list[PlannedRule]) -> list[PlannedRule]:
        refuse(
            *(
                f"two are for programmes planned for {years} year{'' if years == 1 else 's'}. The second is never used"
                for years in twice([rule.planned_years for rule in exceptions])
            )
        )
        return exceptions


class Period(Cited):
    """The longest registration for one award and mode."""

    one_of: ClassVar[tuple[OneOf, ...]] = (
        *Cited.one_of,
        OneOf("years", "months", "years = 4, or months = 18"),
    )

    years: Count | None = None
    months: Count | None = None

    @property
    def in_months(self) -> int:
        """The whole period in months."""
        return self.months if self.months is not None else (self.years or 0) * _MONTHS_A_YEAR

    @property
    def said(self) -> str:
        """The period in words."""
        number, unit = (self.months, "month") if self.months is not None else (self.years, "year")
        return f"{number} {unit}{'' if number == 1 else 's'}"


class Modes(Part):
    """The longest registration for one award, full time and not."""

    full_time: Period | None = Field(default=None, alias="full-time")
    part_time: Period | None = Field(default=None, alias="part-time")

    def each(self) -> Iterator[tuple[Mode, Period]]:
        """Give the periods that are stated, with their modes."""
        if self.full_time is not None:
            yield "full-time", self.full_time
        if self.part_time is not None:
            yield "part-time", self.part_time


Periods = dict[Text, Modes]
"""Periods by award."""


class Load(Cited):
    """The credit of a year that is taken on one footing: amounts, or a stretch of them."""

    one_of: ClassVar[tuple[OneOf, ...]] = (
        *Cited.one_of,
        OneOf("credits", "at_most", "credits = [120], or at_most = 70"),
    )

    credits: Annotated[list[Credits], Field(min_length=1), Once] | None = None
    at_most: Credits | None = None
    above: Credits | None = None

    @classmethod
    def faults(cls, values: dict[str, Any]) -> list[Fault]:
        """Find a stretch that begins and does not end."""
        found = super().faults(values)
        if "above" in values and "at_most" not in values:
            found.append(Fault((), "above is given without at_most. Give both, or take above out"))
        return found

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if self.above is not None and self.at_most is not None and self.above >= self.at_most:
            refuse(f"above is {self.above} and at_most {self.at_most}: no amount is between them")
        return self


class Loads(Part):
    """The credit that students of one kind may take in a year, by whose agreement it needs."""

    study: Study
    mode: Mode
    expected: Load
    programme_leader: Load = Field(alias="programme-leader")
    funding_body: Load = Field(alias="funding-body")
    part_time: Load = Field(alias="part-time")
    board: Load

    def each(self) -> tuple[tuple[str, Load], ...]:
        """Give the footings by name, in the order they are tried."""
        return (
            ("expected", self.expected),
            ("programme-leader", self.programme_leader),
            ("funding-body", self.funding_body),
            ("part-time", self.part_time),
            ("board", self.board),
        )


class Associates(Part):
    """How long, and on how many modules, a student may study who aims at no award."""

    years: CountRule
    modules: CountRule


class Registration(Part):
    """How long a student may be registered, and on how much."""

    undergraduate: Planned
    postgraduate: Periods
    most: CountRule
    suggested: dict[Text, Periods] = Field(default_factory=dict)
    lapse: Cited
    told_ahead: SessionsRule
    loads: Loads
    associates: Associates

    @field_validator("postgraduate", "suggested")
    @classmethod
    def _of_awards(cls, periods: dict[str, Any]) -> dict[str, Any]:
        stated = [name for name, of in periods.items() if isinstance(of, Modes)]
        stated += [name for of in periods.values() if isinstance(of, dict) for name in of]
        refuse(
            *(
                f'"{name}" is no award. Those there are: {", ".join(tables.AWARDS)}'
                for name in stated
                if name not in tables.AWARDS
            )
        )
        return periods
