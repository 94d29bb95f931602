"""The kinds of value that a pack holds, each with the words that say what may stand there."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import AfterValidator, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from boardkit.exact import MARK_PLACES, WEIGHT_PLACES

if TYPE_CHECKING:
    from collections.abc import Callable

NOT_ALLOWED = "not-allowed"
"""The type of the error that carries, as ``allowed``, what may stand in a place."""

READINGS = r"[A-Z]+\d+(, [A-Z]+\d+)*"
"""How a rule names its readings."""

_NUMERALS = {MARK_PLACES: "two", WEIGHT_PLACES: "six"}

Item = TypeVar("Item")


def not_allowed(allowed: str) -> PydanticCustomError:
    """Make the error for a value that may not stand in its place."""
    return PydanticCustomError(NOT_ALLOWED, "{allowed}", {"allowed": allowed})


def refuse(*sentences: str) -> None:
    """Refuse a part for all that is wrong with it, a sentence a line; nothing is wrong where there is none.

    Raises:
        ValueError: there are sentences.
    """
    if sentences:
        raise ValueError("\n".join(sentences))


def twice(items: list[Item]) -> list[Item]:
    """Give each item that stands more than once.

    Examples:
        >>> twice([7, 8, 7])
        [7]
    """
    return [item for item in dict.fromkeys(items) if items.count(item) > 1]


def beside(upper: str, above: Decimal, below: Decimal) -> str:
    """Say where a bound that should be under another one stands.

    Examples:
        >>> beside("A", Decimal(70), Decimal(70)), beside("A", Decimal(70), Decimal(75))
        ('the same as "A"', 'above "A" at 70')
    """
    return f'the same as "{upper}"' if below == above else f'above "{upper}" at {above}'


def _number(least: int, most: int, *, places: int, above: bool = False) -> Callable[[Any], Decimal]:
    """Let in whole numbers and decimals of a range; a truth value is neither, nor is text."""
    allowed = f"a number {'above' if above else 'from'} {least} {'and up ' if above else ''}to {most:,}"

    def check(value: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
            raise not_allowed(allowed)
        exact = Decimal(value)
        if not least <= exact <= most or (above and exact == least):
            raise not_allowed(allowed)
        scaled = exact.scaleb(places)
        if scaled != scaled.to_integral_value():
            raise not_allowed(f"{allowed}, with at most {_NUMERALS[places]} decimal places")
        return exact

    return check


def _whole(least: int, most: int) -> Callable[[Any], int]:
    """Let in whole numbers of a range."""

    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise not_allowed(f"a whole number from {least} to {most}")
        return value

    return check


def _text(pattern: str, allowed: str) -> Callable[[Any], str]:
    """Let in text of a form."""
    form = re.compile(pattern)

    def check(value: Any) -> str:
        if not isinstance(value, str) or not form.fullmatch(value):
            raise not_allowed(allowed)
        return value

    return check


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise not_allowed("true or false, without quotes")
    return value


def _day(value: Any) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise not_allowed("a date such as 2022-09-01, without quotes")
    return value


def _each_once(items: list[Item]) -> list[Item]:
    refuse(*(f"{item} stands twice. Take one out" for item in twice(items)))
    return items


def _number_form(least: int, most: int) -> WithJsonSchema:
    return WithJsonSchema({"type": "number", "minimum": least, "maximum": most})


def _whole_form(least: int, most: int) -> WithJsonSchema:
    return WithJsonSchema({"type": "integer", "minimum": least, "maximum": most})


def _text_form(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^({pattern})$"})


PACK_ID = r"[a-z0-9][a-z0-9.-]*"
"""What an id of a pack is made of."""
_RULE_ID = r"[a-z][a-z0-9-]*"

Percent = Annotated[Decimal, PlainValidator(_number(0, 100, places=MARK_PLACES)), _number_form(0, 100)]
Points = Percent
Credits = Annotated[Decimal, PlainValidator(_number(0, 9999, places=MARK_PLACES)), _number_form(0, 9999)]
Share = Annotated[Decimal, PlainValidator(_number(0, 1, places=WEIGHT_PLACES)), _number_form(0, 1)]
SomeShare = Annotated[
    Decimal, PlainValidator(_number(0, 1, places=WEIGHT_PLACES, above=True)), _number_form(0, 1)
]

Count = Annotated[int, PlainValidator(_whole(1, 99)), _whole_form(1, 99)]
Level = Annotated[int, PlainValidator(_whole(1, 12)), _whole_form(1, 12)]
Stage = Annotated[int, PlainValidator(_whole(1, 5)), _whole_form(1, 5)]
Sessions = Annotated[int, PlainValidator(_whole(0, 9)), _whole_form(0, 9)]
Places = Annotated[int, PlainValidator(_whole(0, MARK_PLACES)), _whole_form(0, MARK_PLACES)]
Weight = Annotated[int, PlainValidator(_whole(1, 100)), _whole_form(1, 100)]
Days = Annotated[int, PlainValidator(_whole(0, 366)), _whole_form(0, 366)]
Hours = Annotated[int, PlainValidator(_whole(0, 366 * 24)), _whole_form(0, 366 * 24)]

Flag = Annotated[bool, PlainValidator(_flag), WithJsonSchema({"type": "boolean"})]
Day = Annotated[date, PlainValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Text = Annotated[
    str,
    PlainValidator(_text(r"(?s).*\S.*", "text in quotes, not empty")),
    WithJsonSchema({"type": "string", "minLength": 1}),
]
Readings = Annotated[
    str,
    PlainValidator(_text(READINGS, 'the names of readings, such as "A2" or "A2, A3", in quotes')),
    _text_form(READINGS),
]
RuleId = Annotated[
    str,
    PlainValidator(_text(_RULE_ID, "small letters, digits and hyphens, a letter first, in quotes")),
    _text_form(_RULE_ID),
]
PackId = Annotated[
    str,
    PlainValidator(_text(PACK_ID, "small letters, digits, points and hyphens, such as qmu-2022, in quotes")),
    _text_form(PACK_ID),
]


def _code(value: Any) -> str:
    """Let in what can be told from a mark: cells are read in capitals."""
    if not isinstance(value, str) or value != value.strip().upper() or not any(map(str.isalpha, value)):
        raise not_allowed("a code in capitals, with a letter in it")
    return value


def _band(value: Any) -> tuple[str, Decimal]:
    """Let in a grade and the lowest mark of it."""
    allowed = 'a grade and the lowest mark of it, from 0 to 100, such as ["A", 70]'
    if not isinstance(value, list | tuple) or len(value) != 2 or not isinstance(value[0], str):  # noqa: PLR2004
        raise not_allowed(allowed)
    if not value[0].strip():
        raise not_allowed(allowed)
    try:
        return value[0], _number(0, 100, places=MARK_PLACES)(value[1])
    except PydanticCustomError as error:
        raise not_allowed(allowed) from error


Band = Annotated[
    tuple[str, Decimal],
    PlainValidator(_band),
    WithJsonSchema({"type": "array", "prefixItems": [{"type": "string"}, {"type": "number"}]}),
]
Code = Annotated[str, PlainValidator(_code), WithJsonSchema({"type": "string"})]

Once = AfterValidator(_each_once)
"""For a list: nothing stands twice in it."""
