"""What a pack may say of a student's record: the lines of a transcript, and when there is cause for concern."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from boardkit.regulations.part import Cited, Part
from boardkit.regulations.single import CountRule, TextRule
from boardkit.regulations.values import Credits, refuse

if TYPE_CHECKING:
    from typing import Self


class EctsRule(Cited):
    """How many European credits so many of one's own are."""

    own: Credits
    ects: Credits

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.own:
            refuse("own is 0, and no credit is worth anything then. Give own = 10, ects = 5")
        return self


class Outcomes(Part):
    """How each outcome of a module is shown."""

    passed: TextRule = Field(alias="pass")
    failed: TextRule = Field(alias="fail")
    qualifying_fail: TextRule = Field(alias="qualifying-fail")
    condoned: TextRule
    deferred: TextRule
    incomplete: TextRule
    withdrawn: TextRule

    def each(self) -> tuple[tuple[str, TextRule], ...]:
        """Give every outcome by its name, with how it is shown."""
        named = type(self).model_fields.items()
        return tuple((field.alias or name, getattr(self, name)) for name, field in named)


class Transcript(Part):
    """What a transcript says beside marks and grades."""

    ects: EctsRule
    language: TextRule
    outcomes: Outcomes


class Concern(Part):
    """From how many of each sign on, or of how many different ones, a tutor is told of a student."""

    fails: CountRule
    not_submitted: CountRule
    late: CountRule
    claims: CountRule
    combined: CountRule
