"""Parameters: values that regulations leave to the board, put in their places before a pack is checked.

A pack writes ``value = { parameter = "pass_mark" }`` where the regulations name a value and do not give it, and
says under ``[parameters]`` what it asks for. Nothing is assumed: a rule is only used with the board's own value.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from pydantic import PlainValidator, WithJsonSchema

from boardkit.regulations.across import readings_cited
from boardkit.regulations.part import Cited
from boardkit.regulations.values import Flag, Text, not_allowed
from boardkit.tables import match

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KEY = "parameter"
SECTION = "parameters"
_NUMBER = re.compile(r"\d{1,9}(\.\d{1,9})?")
_BAND = re.compile(r"(?P<name>\S+)\s+(?P<from>\d{1,9}(\.\d{1,9})?)")
_STATED = 'a number, a text, or grades, each with its lowest mark, such as [["A", 70], ["F", 0]]'
"""What a board can state of a parameter."""
_ABSENT = object()
"""What stands where an optional parameter was not given; the rule around it is left out."""

Where = tuple[int | str, ...]


def _name(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z][a-z0-9_]*", value):
        raise not_allowed("small letters, digits and _, a letter first")
    return value


def _example(value: Any) -> Any:
    """Let in what a board could state: what is written out and read again is the same."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str | list):
        raise not_allowed(_STATED)
    if _read(written(value), value) != value:
        raise not_allowed(_STATED)
    return value


ParameterName = Annotated[str, PlainValidator(_name), WithJsonSchema({"type": "string"})]


class Parameter(Cited):
    """A value that the board states: what it is, one that could be, and whether the rule can be left out."""

    asks: Text
    example: Annotated[Any, PlainValidator(_example), WithJsonSchema({})]
    optional: Flag = False


class Filled(NamedTuple):
    """A pack's values with parameters in their places.

    Args:
        values: the values.
        places: the parameter that each filled place came from.
        missing: the parameters that have to be given and are not.
        unread: the parameters whose text is not of their example's form.
    """

    values: dict[str, Any]
    places: dict[Where, str]
    missing: list[str]
    unread: list[str]


def fill(values: dict[str, Any], given: Mapping[str, str] | None) -> Filled:
    """Put parameters in their places.

    Args:
        values: the values of a pack, as they are written.
        given: what the board states, as text; None puts every parameter's example in its place.

    Returns:
        The values, without the rules whose optional parameters are not given.

    Examples:
        >>> asked = {"asks": "the pass mark, in percent", "example": 50, "clause": "7"}
        >>> pack = {"parameters": {"pass_mark": asked}, "pass_mark": {"value": {"parameter": "pass_mark"}}}
        >>> fill(pack, {"Pass mark": "40"}).values["pass_mark"]
        {'value': 40}
        >>> fill(pack, {}).missing
        ['pass_mark']
    """
    asked = values.get(SECTION)
    if not isinstance(asked, dict):
        return Filled(values, {}, [], [])
    stated = None if given is None else {match(name): text for name, text in given.items()}
    used: dict[str, Any] = {}
    missing, unread = [], []
    for name, rule in asked.items():
        if not isinstance(rule, dict) or "example" not in rule:
            continue
        if stated is None:
            used[name] = rule["example"]
        elif match(name) not in stated and rule.get("optional"):
            used[name] = _ABSENT
        else:
            # With the example in place of what is wrong, the others are still checked.
            used[name] = rule["example"]
            if match(name) not in stated:
                missing.append(name)
            elif (read := _read(stated[match(name)], rule["example"])) is None:
                unread.append(name)
            else:
                used[name] = read
    places: dict[Where, str] = {}
    made = {key: part if key == SECTION else _put(part, (key,), used, places) for key, part in values.items()}
    kept = {key: part for key, part in made.items() if part is not _ABSENT}
    return Filled(_with_their_readings(kept, values), places, missing, unread)


def _with_their_readings(kept: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """Leave out the readings that only rules cited which are left out."""
    idle = readings_cited(values) - readings_cited(kept)
    readings = kept.get("readings")
    if not idle or not isinstance(readings, dict):
        return kept
    return {**kept, "readings": {name: text for name, text in readings.items() if name not in idle}}


def _put(value: Any, where: Where, used: dict[str, Any], places: dict[Where, str]) -> Any:
    """Give a value with parameters in their places; a cited rule that lacks one is absent as a whole."""
    if isinstance(value, dict):
        if value.keys() == {KEY} and isinstance(value[KEY], str) and value[KEY] in used:
            places[where] = value[KEY]
            return used[value[KEY]]
        made = {key: _put(part, (*where, key), used, places) for key, part in value.items()}
        kept = {key: part for key, part in made.items() if part is not _ABSENT}
        lost, cited = len(kept) < len(made), not value.keys().isdisjoint(("clause", "local"))
        return _ABSENT if lost and (cited or not kept) else kept
    if isinstance(value, list):
        parts = [_put(part, (*where, at), used, places) for at, part in enumerate(value)]
        return [part for part in parts if part is not _ABSENT]
    return value


def _read(text: str, example: Any) -> Any:
    """Read what the board states in the form of the example; None where it is not of that form."""
    text = text.strip()
    if isinstance(example, list):
        parts = [_BAND.fullmatch(part.strip()) for part in text.split(",")]
        return [[part["name"], _number(part["from"])] for part in parts if part] if all(parts) else None
    if isinstance(example, str):
        return text
    number = _number(text) if _NUMBER.fullmatch(text) else None
    # A percentage that a spreadsheet holds as a share of one would be taken for less than one percent.
    share = number is not None and 0 < number < 1 <= example
    return None if share else number


def _number(text: str) -> int | Decimal:
    return Decimal(text) if "." in text else int(text)


def written(example: Any) -> str:
    """Write an example as the board would state it.

    Examples:
        >>> written([["A", 70], ["F", 0]]), written(50)
        ('A 70, F 0', '50')
    """
    if isinstance(example, list):
        return ", ".join(
            " ".join(map(str, band)) if isinstance(band, list) else str(band) for band in example
        )
    return str(example)


def unmet(values: dict[str, Any]) -> list[tuple[Where, str]]:
    """Find places that name a parameter which is not asked for, parameters that no place names, and two of one name."""
    asked = values.get(SECTION, {})
    if not isinstance(asked, dict):
        return []
    named = list(_named({key: part for key, part in values.items() if key != SECTION}, ()))
    known = {name for _, name in named if isinstance(name, str)}
    listed = ", ".join(asked) or "none"
    first = {match(name): name for name in reversed(asked)}
    return [
        *(
            (where, f'"{name}" is no parameter. Those under [{SECTION}]: {listed}')
            for where, name in named
            if not isinstance(name, str) or name not in asked
        ),
        *(
            ((SECTION, name), "no rule uses it. Use it, or take it out")
            for name in asked
            if name not in known
        ),
        *(
            (
                (SECTION, name),
                f'boards state it as they state "{first[match(name)]}". Give one of them another name',
            )
            for name in asked
            if first[match(name)] != name
        ),
    ]


def _named(value: Any, where: Where) -> Iterator[tuple[Where, Any]]:
    if isinstance(value, dict) and value.keys() == {KEY}:
        yield where, value[KEY]
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _named(part, (*where, key))
    elif isinstance(value, list):
        for at, part in enumerate(value):
            yield from _named(part, (*where, at))
