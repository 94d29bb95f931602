"""Misconduct in a pack: penalties and what each does, the tables that choose among them, who decides, what is reported.

An offence is held against ``routes`` first, in order, and then against the cells of ``tables``; the first that fits
answers. A university that states no tariff has routes alone.
"""

from __future__ import annotations

from itertools import combinations
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_validator

from boardkit.regulations.misconduct_names import faults_of_names
from boardkit.regulations.part import Cited, Fault, Part
from boardkit.regulations.values import Count, Flag, Once, Percent, RuleId, Text, refuse

Offence = Literal["plagiarism", "contract-cheating", "cheating", "impersonation"]
Year = Literal["1", "2", "3", "4", "5", "pgt", "research"]
Offences = Annotated[list[Offence], Field(min_length=1), Once]
Years = Annotated[list[Year], Field(min_length=1), Once]

NO_PENALTY = "none"
"""The code of an offence that is not proven: no penalty, in every list."""


class Said(Cited):
    """Who decides, where something is recorded, or for whom it is."""

    value: Text


class Returned(Cited):
    """What is said of a penalty of a list where an offence is referred back to it, and where that is recorded."""

    says: Text
    recorded: Said


class PenaltyList(Part):
    """A list of penalties: who chooses among them, where they are recorded, and how an offence comes back to it."""

    decided_by: Said
    recorded: Said | None = None
    returned: Returned | None = None


class MarksSet(Part):
    """Which marks a penalty lowers, and to what: a mark of its own, the one that the offence's row states, or either."""

    of: Literal["assessment", "module", "year"]
    kinds: Annotated[list[Text], Once] = Field(default_factory=list)
    value: Percent | None = None
    stated: Flag = False

    @classmethod
    def faults(cls, values: dict[str, Any]) -> list[Fault]:
        """Find marks that are lowered to nothing that is known."""
        if "value" in values or values.get("stated") is True:
            return []
        return [Fault((), "neither value nor stated is given. Give value = 0, or stated = true")]


class Bar(Part):
    """What a student is kept from until a stated day, and how long that may be."""

    of: Literal["assessment", "award"]
    required: Flag
    years: Count | None = None
    counted_from: Literal["decision", "completion"] = "decision"


class Penalty(Cited):
    """One penalty: what it is, and what it does."""

    id: RuleId
    among: RuleId = Field(alias="list")
    says: Text
    nothing_found: Flag = False
    not_recorded: Flag = False
    marks: MarksSet | None = None
    retake_at_pass_mark: Flag = False
    bar: Bar | None = None
    excludes: Literal["assessment"] | None = None
    lower_class: Flag = False
    no_reassessment: Flag = False
    finalist: Flag | None = None

    @field_validator("id")
    @classmethod
    def _not_the_word_for_nothing(cls, name: str) -> str:
        if name == NO_PENALTY:
            refuse(f'"{NO_PENALTY}" says that there is no penalty. Give another name')
        return name


class Route(Cited):
    """What is done with some offences before any table is looked at: a list is open to choose from; none, no penalty.

    ``may_return_to`` names a list whose penalties may stand all the same. ``recorded`` stands before the list's own.
    What is named under ``when_stated`` is not missing where it is not stated; the route is then not taken.
    """

    offences: Offences
    years: Years | None = None
    major: Flag | None = None
    admitted: Flag | None = None
    repeated: Flag | None = None
    when_stated: Annotated[list[Literal["year", "major", "admitted", "repeated"]], Once] = Field(
        default_factory=list
    )
    among: RuleId | None = Field(default=None, alias="list")
    may_return_to: RuleId | None = None
    recorded: Said | None = None
    says: Text


class Cell(Part):
    """One column of a table: the default penalty and the moderated one; ``says`` why where there is none."""

    intent: Flag
    repeated: Flag | None = None
    default: RuleId | None = None
    moderated: RuleId | None = None
    says: Text | None = None

    @classmethod
    def faults(cls, values: dict[str, Any]) -> list[Fault]:
        """Find a cell that says nothing, or both a penalty and why there is none."""
        if ("default" in values) == ("says" in values):
            return [Fault((), "a cell has a default penalty, or says why it has none. Give default, or says")]
        if "moderated" in values and "default" not in values:
            return [Fault(("moderated",), "there is no default that it could moderate. Take it out")]
        return []


class Star(Cited):
    """How a penalty of a table is read for some students."""

    finalist: Flag
    penalty: RuleId
    read_as: RuleId


class TariffTable(Cited):
    """A table of the tariff: whom it is for, its cells, and a list whose penalties may stand all the same."""

    id: Text
    among: RuleId = Field(alias="list")
    may_return_to: RuleId | None = None
    offences: Offences
    years: Years
    cells: Annotated[list[Cell], Field(min_length=1)]
    star: Star | None = None

    @field_validator("cells")
    @classmethod
    def _apart(cls, cells: list[Cell]) -> list[Cell]:
        refuse(
            *(
                f"two cells are for intent {_word(one.intent)}, repeated {_word(one.repeated)}. A case has one cell"
                for one, other in combinations(cells, 2)
                if one.intent == other.intent
                and (one.repeated == other.repeated or None in (one.repeated, other.repeated))
            )
        )
        return cells

    @field_validator("star")
    @classmethod
    def _stands_in_a_cell(cls, star: Star | None, info: ValidationInfo) -> Star | None:
        cells = info.data.get("cells")
        if star is not None and cells is not None:
            used = {name for cell in cells for name in (cell.default, cell.moderated)}
            if star.penalty not in used:
                refuse(f'"{star.penalty}" stands in no cell, and is never read otherwise. Take the star out')
        return star


class Moderation(Cited):
    """What a moderated penalty needs."""

    needs_reason: Flag


class NotSubmitting(Cited):
    """The mark that not submitting gives, which a penalty is held against."""

    value: Percent


class TimeLimit(Cited):
    """A time that the procedure allows, for the lists of penalties that it belongs to."""

    what: Text
    value: Count
    unit: Literal["working days", "months", "years"]
    lists: Annotated[list[RuleId], Field(min_length=1), Once]


class Minimum(Cited):
    """The fewest cases that a report shows."""

    value: Count


class Reports(Part):
    """What is reported and to whom, nobody named: action taken, minor offences by department, and counts of all."""

    minor: RuleId = Field(alias="list")
    offences: Offences
    action: Said
    summary: Said
    monitoring: Said
    minimum: Minimum


class Misconduct(Part):
    """What follows from established offences."""

    lists: Annotated[dict[RuleId, PenaltyList], Field(min_length=1)]
    penalties: Annotated[list[Penalty], Field(min_length=1)]
    routes: list[Route] = Field(default_factory=list)
    tables: list[TariffTable] = Field(default_factory=list)
    moderation: Moderation | None = None
    not_submitting: NotSubmitting | None = None
    academic_year: Cited
    limits: list[TimeLimit] = Field(default_factory=list)
    reports: Reports | None = None

    @classmethod
    def faults(cls, values: dict[str, Any]) -> list[Fault]:
        """Find names that nothing bears, cells of one list that name another's penalty, and tables that overlap."""
        return faults_of_names(values)


def _word(value: Any) -> str:
    return "any" if value is None else str(value).lower()
