"""Faults of a pack in plain words: the file, the key, what was found, what is allowed."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import tomllib
    from collections.abc import Iterable

Where = tuple[int | str, ...]
"""A place in a pack: the keys, and the numbers from 0 in lists, that lead to it."""

_LONG = 60
"""From how many characters on a list or table is named and not shown."""

KEY = "[key]"
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


class Fault(NamedTuple):
    """What is wrong with a part: where in it, and a sentence."""

    where: Where
    sentence: str


def sentences(file: str, faults: Iterable[Fault]) -> list[str]:
    """Say every fault of a pack, a line each.

    Args:
        file: the name of its file; empty where it need not be said.
        faults: what is wrong.

    Returns:
        Sentences, in the order of the faults.
    """
    return [
        f"{', '.join(part for part in (file, path(fault.where)) if part)}: {fault.sentence}."
        for fault in faults
    ]


def toml_sentence(file: str, error: tomllib.TOMLDecodeError) -> str:
    """Say why a file cannot be read as TOML, and on which line."""
    text = str(error)
    place = re.search(r"\(at line (\d+), column (\d+)\)", text)
    where = f"line {place[1]}, column {place[2]}" if place else "at its end"
    why = next((words for begin, words in _TOML.items() if text.startswith(begin)), "it is not TOML there")
    return f"{file}, {where}: {why}."


def path(where: Where) -> str:
    """Name a place in a pack.

    Examples:
        >>> path(("penalties", "late", 0, "up_to"))
        'penalties.late[1].up_to'
    """
    steps = where[:-1] if where and where[-1] == KEY else where
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
