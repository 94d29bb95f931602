"""How an award's average is made: buckets of credit, filled in order."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from boardkit.regulations.part import Cited, Part
from boardkit.regulations.single import SwitchRule
from boardkit.regulations.terms import Levels
from boardkit.regulations.values import Credits, Flag, Stage, Weight, refuse, twice


class Averages(Part):
    """What the averages of every award leave out."""

    exchange_counts: SwitchRule
    prior_learning_counts_by_decision: SwitchRule


class Bucket(Cited):
    """A share of an average: the credit at some levels, up to a capacity; what is left moves on.

    With a capacity, modules of the status ``whole`` are taken first and always, then the others, highest
    mark first, until the capacity is full; the module that straddles it is split by credit. What is left
    goes to the next bucket.
    """

    together: ClassVar[tuple[tuple[str, str], ...]] = (("capacity", "whole"),)

    levels: Levels
    weight: Weight = 100  # one bucket alone has the whole weight
    capacity: Credits | None = None
    whole: Literal["core", "option"] | None = None


class AloneRule(Cited):
    """When the first bucket alone makes the average: entry at a stage, or nothing in the later ones."""

    entry_stage: Stage
    when_others_empty: Flag


class AverageRule(Cited):
    """How an average is made from buckets, the first filled first."""

    buckets: Annotated[list[Bucket], Field(min_length=1, max_length=2)]
    alone: AloneRule | None = None

    @field_validator("buckets")
    @classmethod
    def _add_up(cls, buckets: list[Bucket]) -> list[Bucket]:
        total, levels = (
            sum(bucket.weight for bucket in buckets),
            [x for bucket in buckets for x in bucket.levels],
        )
        refuse(
            *([f"the weights add up to {total}. They must add up to 100"] if total != 100 else []),  # noqa: PLR2004 - percent
            *(f"level {level} stands in two buckets. A level fills one" for level in twice(levels)),
        )
        if buckets[-1].capacity is not None:
            refuse(
                "the last bucket has a capacity, and none after it takes what is left. Take capacity and whole out"
            )
        return buckets

    @field_validator("alone")
    @classmethod
    def _of_several(cls, alone: AloneRule | None, info: ValidationInfo) -> AloneRule | None:
        if alone is not None and len(info.data.get("buckets", [])) == 1:
            refuse("there is one bucket, and it is always alone. Take alone out")
        return alone
