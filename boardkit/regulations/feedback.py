"""What a pack may say of days: when feedback is due, when an extension is told, when an appeal closes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from boardkit.regulations.part import Cited, Part
from boardkit.regulations.single import DaysRule
from boardkit.regulations.terms import Kinds, Levels, Study
from boardkit.regulations.values import Count, Once, refuse

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEK: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class WeekdaysRule(Cited):
    """Days of the week."""

    value: Annotated[list[Weekday], Field(min_length=1), Once]


class FeedbackPeriod(Cited):
    """How many working days feedback on some work may take; the periods are tried in order."""

    days: Count
    kinds: Kinds | None = None
    study: Study | None = None
    levels: Levels | None = None

    @property
    def fits_all(self) -> bool:
        """Whether it names no kind, no study and no level."""
        return self.kinds is None and self.study is None and self.levels is None


class Feedback(Part):
    """When feedback is due."""

    notice: DaysRule
    periods: Annotated[list[FeedbackPeriod], Field(min_length=1)]

    @field_validator("periods")
    @classmethod
    def _each_is_reached(cls, periods: list[FeedbackPeriod]) -> list[FeedbackPeriod]:
        refuse(
            *(
                "a period that names no kinds, no study and no levels fits all work. It must stand last"
                for period in periods[:-1]
                if period.fits_all
            )
        )
        return periods


class Appeals(Part):
    """When a student's appeal has to be in."""

    within: DaysRule


class Dates(Part):
    """The days that follow from a deadline and from a board.

    ``claims`` is for mitigating circumstances, in working days from the deadline of the work; ``marks_check``
    for a check of one's marks, in working days from their publication.
    """

    working_days: WeekdaysRule
    feedback: Feedback | None = None
    appeals: Appeals | None = None
    claims: DaysRule | None = None
    marks_check: DaysRule | None = None
