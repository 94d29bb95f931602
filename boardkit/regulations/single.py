"""Rules that hold a single value, each with its clause."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from boardkit.exact import WEIGHT_UNITS
from boardkit.regulations.part import Cited
from boardkit.regulations.terms import Levels
from boardkit.regulations.values import (
    Count,
    Credits,
    Days,
    Flag,
    Once,
    Percent,
    Sessions,
    Share,
    Stage,
    Text,
)


class PercentRule(Cited):
    """A percentage."""

    value: Percent


class ShareRule(Cited):
    """A share from 0 to 1."""

    value: Share

    @property
    def in_millionths(self) -> int:
        """The share as shares stand in tables."""
        return int(self.value * WEIGHT_UNITS)


class CountRule(Cited):
    """A whole number from 1."""

    value: Count


class CreditsRule(Cited):
    """An amount of credit."""

    value: Credits


class DaysRule(Cited):
    """A number of days."""

    value: Days


class SessionsRule(Cited):
    """A number of academic sessions, from 0."""

    value: Sessions


class LevelsRule(Cited):
    """A list of levels."""

    value: Levels


class StagesRule(Cited):
    """Stages of a programme."""

    value: Annotated[list[Stage], Field(min_length=1), Once]


class SwitchRule(Cited):
    """A choice between yes and no."""

    value: Flag


class TextRule(Cited):
    """A word or words."""

    value: Text
