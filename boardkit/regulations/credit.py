"""What a pack may say of prior learning, and of an award in the absence of complete information."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from boardkit.regulations.part import Cited, Part
from boardkit.regulations.values import Count, Credits, Level, SomeShare, refuse


class OwnShare(Cited):
    """The share of the level that a student enters at that has to be taken here."""

    value: SomeShare


class LeastCredits(Cited):
    """The least credit that prior learning is given, for each kind of study."""

    undergraduate: Credits
    postgraduate: Credits


class StageLevels(Cited):
    """The level that each stage of a programme is studied at."""

    stages: Annotated[list[Level], Field(min_length=1)]
    pg: Level


class PriorLearning(Part):
    """What a board looks at where a student brings credit along."""

    own_share: OwnShare
    least: LeastCredits
    levels: StageLevels
    listed: Cited
    contracts: Cited


class Fraction(Cited):
    """So many parts of a whole: a share that no decimal gives exactly."""

    parts: Count
    of: Count

    @model_validator(mode="after")
    def _at_most_all(self) -> Self:
        if self.parts > self.of:
            refuse(f"{self.parts} parts of {self.of} are more than all. Give parts from 1 to {self.of}")
        return self


class Evidence(Fraction):
    """The share of the assessable work at a level that is evidence enough for an award."""
