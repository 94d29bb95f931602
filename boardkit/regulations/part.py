"""What every part of a pack is: strict, never changed, cited where it rules, and refused with every fault."""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from boardkit.regulations.values import NOT_ALLOWED, Readings, Text, not_allowed

FAULT = "fault"
"""The type of the error of a part whose keys do not go together."""


class OneOf(NamedTuple):
    """Two keys of which exactly one stands in a part, and how they are written."""

    one: str
    other: str
    written: str


class Fault(NamedTuple):
    """What is wrong with a part: where in it, and a sentence."""

    where: tuple[int | str, ...]
    sentence: str


class Part(BaseModel):
    """A part of a pack: unknown keys are refused, nothing is converted, nothing changes later.

    What can be told from the keys alone is told together with what is wrong with the values.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)

    one_of: ClassVar[tuple[OneOf, ...]] = ()
    together: ClassVar[tuple[tuple[str, str], ...]] = ()

    @model_validator(mode="wrap")
    @classmethod
    def _every_fault(cls, values: Any, check: ModelWrapValidatorHandler[Self]) -> Self:
        faults = cls.faults(values) if isinstance(values, dict) else []
        details = [
            InitErrorDetails(type=_fault(fault.sentence), loc=fault.where, input=values) for fault in faults
        ]
        try:
            made = check(values)
        except ValidationError as error:
            details += [_again(detail) for detail in error.errors(include_url=False)]
        if details:
            raise ValidationError.from_exception_data(cls.__name__, details)
        return made

    @classmethod
    def faults(cls, values: dict[str, Any]) -> list[Fault]:
        """Find what is wrong with the keys of a part, whatever their values are."""
        found = []
        for one, other, written in cls.one_of:
            if one not in values and other not in values:
                found.append(Fault((), f"neither {one} nor {other} is given. Give {written}"))
            elif one in values and other in values:
                found.append(Fault((), f"{one} and {other} are both given. Give one of them"))
        for one, other in cls.together:
            if (one in values) != (other in values):
                here, missing = (one, other) if one in values else (other, one)
                found.append(Fault((), f"{here} is given without {missing}. Give both, or neither"))
        return found


def _fault(sentence: str) -> PydanticCustomError:
    return PydanticCustomError(FAULT, "{sentence}", {"sentence": sentence})


def _again(detail: ErrorDetails) -> InitErrorDetails:
    """Turn a detail of an error back into what an error is made of."""
    kind, context = detail["type"], detail.get("ctx", {})
    own = {FAULT: lambda: _fault(context["sentence"]), NOT_ALLOWED: lambda: not_allowed(context["allowed"])}
    made = own[kind]() if kind in own else kind
    return InitErrorDetails(type=made, loc=detail["loc"], input=detail["input"], ctx=context)


class Cited(Part):
    """A rule with where it comes from: a clause, or who decides it where no regulation does."""

    one_of: ClassVar[tuple[OneOf, ...]] = (
        OneOf("clause", "local", 'clause = "16.1", or local = "who decides it"'),
    )

    clause: Text | None = None
    local: Text | None = None
    reading: Readings | None = None

    @property
    def source(self) -> str:
        """The clause, or ``local: who decides``."""
        return self.clause if self.clause is not None else f"local: {self.local}"

    @property
    def citation(self) -> str:
        """The source, and the reading where there is one."""
        return f"{self.source}; reading {self.reading}" if self.reading else self.source


UNRULED = "no rule stated"
"""What is said in place of a clause where regulations have no rule."""


def source_of(rule: Cited | None) -> str:
    """Give the source of a rule, or say that none is stated.

    Examples:
        >>> source_of(None)
        'no rule stated'
    """
    return UNRULED if rule is None else rule.source


def citation_of(rule: Cited | None) -> str:
    """Give the citation of a rule, or say that none is stated."""
    return UNRULED if rule is None else rule.citation


def cited(part: object) -> list[Cited]:
    """Find every cited rule in a part of a pack, in the order it is written."""
    found: list[Cited] = []
    if isinstance(part, Cited):
        found.append(part)
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            found += cited(getattr(part, name))
    elif isinstance(part, dict):
        for value in part.values():
            found += cited(value)
    elif isinstance(part, list | tuple):
        for value in part:
            found += cited(value)
    return found
