"""Faults of a pack in plain words: the file, the key, what was found, what is allowed."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, get_args, get_origin

from boardkit.regulations.part import FAULT, Part
from boardkit.regulations.values import NOT_ALLOWED

if TYPE_CHECKING:
    import tomllib
    from collections.abc import Mapping, Sequence

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    Where = tuple[int | str, ...]

_LONG = 60
"""From how many characters on a list or table is named and not shown."""

_KEY = "[key]"
"""What ends the place of a fault in a key itself."""

_TOML = {
    "Cannot overwrite a value": "a key stands there a second time",
    "Duplicate inline table key": "a key stands there a second time",
    "Cannot declare": "a table stands there a second time",
    "Cannot mutate immutable namespace": "a table is added to that was closed before",
    "Expected '=' after a key": "a key stands there without a value",
    "Invalid value": "a value is neither a number, text in quotes, a date, true or false, a list nor a table",
    "Illegal character": "text does not end where its line ends",
    "Unterminated string": "text does not end",
    "Expected newline or end of document": "something stands behind the value",
    "Unclosed array": "a list is not closed",
    "Unclosed inline table": "a table in braces is not closed",
    "Expected ']": "the name of a table is not closed",
    "Invalid statement": "a line is neither a key with its value, a table's name nor a comment",
    "Invalid initial character for a key": "a key is missing",
    "Unescaped": "a backslash stands in text. Put the text in single quotes",
    "Invalid hex value": "a backslash stands in text. Put the text in single quotes",
    "Invalid date": "a date is not in the calendar",
}
"""What the TOML reader finds, in plain words, by how its own message begins."""


def sentences(
    file: str,
    error: ValidationError,
    model: type[Part],
    *,
    places: Mapping[Where, str] | None = None,
    apart: Sequence[Where] = (),
) -> list[str]:
    """Say every fault of a pack, a line each.

    Args:
        file: the name of its file.
        error: what the model found.
        model: the model.
        places: the parameter that each place was filled from; a fault there is the parameter's.
        apart: places that have been told of.

    Returns:
        Sentences, in the order of the model.
    """
    faults = [fault for fault in error.errors(include_url=False) if fault["loc"] not in set(apart)]
    told = [
        sentence
        for fault in faults
        for sentence in _say(file, fault, model, _stated(fault["loc"], places or {}))
    ]
    return list(dict.fromkeys(told))


def toml_sentence(file: str, error: tomllib.TOMLDecodeError) -> str:
    """Say why a file cannot be read as TOML, and on which line."""
    text = str(error)
    place = re.search(r"\(at line (\d+), column (\d+)\)", text)
    where = f"line {place[1]}, column {place[2]}" if place else "at its end"
    why = next((words for begin, words in _TOML.items() if text.startswith(begin)), "it is not TOML there")
    return f"{file}, {where}: {why}."


def _stated(where: Where, places: Mapping[Where, str]) -> str | None:
    """Name the parameter that fills a place, or the first that fills one within it."""
    return next((name for place, name in places.items() if place[: len(where)] == where), None)


def _say(file: str, fault: ErrorDetails, model: type[Part], parameter: str | None) -> list[str]:
    where, kind, context = fault["loc"], fault["type"], fault.get("ctx", {})
    at = f"parameter.{parameter}" if parameter else ", ".join(part for part in (file, path(where)) if part)
    if kind == "missing":
        return [f"{at}: it is missing. It has to be given."]
    if kind == "extra_forbidden":
        return [f"{at}: there is no such key. Allowed here: {', '.join(_keys_at(where[:-1], model))}."]
    if kind == FAULT:
        return [f"{at}: {context['sentence']}."]
    if kind == "value_error":
        return [f"{at}: {line}." for line in str(context["error"]).split("\n")]
    return [f"{at}: found {shown(fault['input'])}. Allowed: {_allowed(fault, model)}."]


def _allowed(fault: ErrorDetails, model: type[Part]) -> str:
    """Say what may stand where something else was found."""
    kind, context, where = fault["type"], fault.get("ctx", {}), fault["loc"]
    if kind == NOT_ALLOWED:
        return str(context["allowed"])
    if kind == "literal_error":
        return str(context["expected"]).replace("'", '"')
    if kind == "too_short":
        return "at least one item" if isinstance(fault["input"], list) else "at least one key with its value"
    if kind.startswith("model"):
        return f"a table with {', '.join(_keys_at(where, model))}"
    return {"list_type": "a list in square brackets", "dict_type": "a table"}.get(
        kind, "what a shipped pack has there"
    )


def path(where: tuple[int | str, ...]) -> str:
    """Name a place in a pack.

    Examples:
        >>> path(("penalties", "late", 0, "up_to"))
        'penalties.late[1].up_to'
    """
    steps = where[:-1] if where and where[-1] == _KEY else where
    return "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(
        "."
    )


def shown(value: Any) -> str:
    """Show a value as it is written in a pack.

    Examples:
        >>> shown("40%"), shown(True), shown([10, 11]), shown({"days": 6})
        ('"40%"', 'true', '[10, 11]', '{ days = 6 }')
    """
    if isinstance(value, dict):
        inside = ", ".join(f"{key} = {shown(item)}" for key, item in value.items())
        return f"{{ {inside} }}" if 0 < len(inside) <= _LONG else "a table" if inside else "{}"
    if isinstance(value, list | tuple):
        text = f"[{', '.join(shown(item) for item in value)}]"
        return text if len(text) <= _LONG else "a list"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    return (
        f'"{value}"'
        if isinstance(value, str)
        else str(value).replace("NaN", "nan").replace("Infinity", "inf")
    )


def _keys_at(where: tuple[int | str, ...], model: type[Part]) -> list[str]:
    """List the keys that may stand at a place, by walking the model to it."""
    held: Any = model
    for step in where:
        if isinstance(step, str):
            named = _values_of(held)
            part = _part_in(held)
            fields = {field.alias or name: field for name, field in part.model_fields.items()}
            held = named if named is not None else fields[step].annotation
    return [field.alias or name for name, field in _part_in(held).model_fields.items()]


def _values_of(annotation: Any) -> Any:
    """Give what stands under the names of a table that names its parts itself; none for another annotation."""
    return get_args(annotation)[1] if get_origin(annotation) is dict else None


def _part_in(annotation: Any) -> type[Part]:
    """Find the part that an annotation holds, bare, optional or in a list."""
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return annotation
    return next(part for inner in get_args(annotation) if (part := _part_in_or_none(inner)) is not None)


def _part_in_or_none(annotation: Any) -> type[Part] | None:
    try:
        return _part_in(annotation)
    except StopIteration:
        return None
