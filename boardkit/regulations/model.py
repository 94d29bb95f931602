"""What a regulation pack may say: every value with the clause that gives it.

The shape follows what universities publish: studies with levels, pass marks, grades and limits; penalties
tried in order; averages built from ordered buckets of credit; classes, zones and criteria. A pack is
data: it holds no code and no loops.
"""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from boardkit.regulations.across import (
    averages_unruled,
    awards_unruled,
    caps_unmet,
    out_of_scope,
    periods_unmet,
    quotas_unmet,
    readings_unmet,
    studies_unmet,
)
from boardkit.regulations.averages import Averages
from boardkit.regulations.awards import Awards
from boardkit.regulations.credit import Evidence, PriorLearning
from boardkit.regulations.decisions import Decisions
from boardkit.regulations.feedback import Dates
from boardkit.regulations.misconduct import Misconduct
from boardkit.regulations.moderation import Moderation
from boardkit.regulations.parameters import Parameter, ParameterName
from boardkit.regulations.part import Cited, Fault, Part
from boardkit.regulations.penalties import Absence, Penalties, ScalingRule, Withdrawal
from boardkit.regulations.programmes import OVERLAY_KEYS, OverlayScope, Programme
from boardkit.regulations.progress import Arrangement, Condonement, Progression, Reassessment
from boardkit.regulations.record import Concern, Transcript
from boardkit.regulations.registration import Registration
from boardkit.regulations.studies import Rounding, Studies
from boardkit.regulations.values import Code, Day, PackId, Text, refuse

__all__ = ["Cited", "Regulations"]


class Session(Cited):
    """The dates between which the pack is in force."""

    first: Day
    last: Day

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            refuse(f"it ends on {self.last}, before it begins on {self.first}")
        return self


class Named(Part):
    """Which university's document a pack holds, and for when, where it says so."""

    id: PackId
    institution: Text
    title: Text
    source: Text
    session: Session | None = None


class Identity(Named):
    """Which university's regulations these are, and for when."""

    session: Session


class Codes(Cited):
    """Codes typed in mark cells, and the state each stands for."""

    states: dict[Code, Literal["not-submitted", "absent", "deferred"]]


class Practice(Part):
    """Rules that have no number: where each is written, so that what they decide can be cited."""

    agreed_mark: Cited
    first_sit: Cited
    blank: Cited
    pass_stands: Cited
    reassessed_components: Cited | None = None
    confirmed: Cited
    condonement: Cited
    other_study: Cited


class Regulations(Part):
    """A whole pack, checked.

    Examples:
        >>> import boardkit as bk
        >>> pack = bk.pack("qmu-2022")
        >>> pack.studies.undergraduate.pass_mark.value, pack.studies.undergraduate.pass_mark.clause
        (Decimal('40'), '16.1, 18.8')
    """

    pack: Identity
    parameters: dict[ParameterName, Parameter] = Field(default_factory=dict)
    readings: dict[Text, Text] = Field(default_factory=dict)
    codes: Codes
    rounding: Rounding
    studies: Studies
    practice: Practice
    scaling: ScalingRule | None = None
    penalties: Penalties
    absence: Absence
    withdrawal: Withdrawal | None = None
    averages: Averages | None = None
    awards: Awards = Awards()
    prior_learning: PriorLearning | None = None
    evidence: Evidence | None = None
    condonement: Condonement | None = None
    reassessment: Reassessment | None = None
    progression: Progression | None = None
    decisions: Decisions
    arrangements: list[Arrangement] = Field(default_factory=list)
    dates: Dates | None = None
    registration: Registration | None = None
    transcript: Transcript | None = None
    concern: Concern | None = None
    moderation: Moderation | None = None
    misconduct: Misconduct | None = None
    overlays: OverlayScope | None = None
    programmes: list[Programme] = Field(default_factory=list)

    @classmethod
    def faults(cls, values: dict[str, Any]) -> list[Fault]:
        """Find readings that do not meet their citations, and programmes that change what they may not."""
        return [
            *readings_unmet(values),
            *awards_unruled(values),
            *averages_unruled(values),
            *caps_unmet(values),
            *studies_unmet(values),
            *out_of_scope(values, OVERLAY_KEYS),
            *periods_unmet(values),
            *quotas_unmet(values),
        ]


class TariffRules(Part):
    """A pack that states what follows from misconduct, and no assessment rules."""

    pack: Named
    readings: dict[Text, Text] = Field(default_factory=dict)
    misconduct: Misconduct

    @classmethod
    def faults(cls, values: dict[str, Any]) -> list[Fault]:
        """Find readings that do not meet their citations."""
        return readings_unmet(values)
