"""Names in a pack's section of misconduct: those that nothing bears, or two bear, and tables that overlap."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from boardkit.regulations.part import Fault
from boardkit.regulations.values import twice

if TYPE_CHECKING:
    from collections.abc import Iterator


def faults_of_names(values: dict[str, Any]) -> list[Fault]:
    """Find names that nothing bears, cells of one list that name another's penalty, and tables that overlap.

    Args:
        values: the section as it is written.

    Returns:
        The faults, each with its place in the section.
    """
    return [*_lists_unknown(values), *_penalties_unknown(values), *_tables_over_each_other(values)]


def _tables(values: dict[str, Any], name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Give the tables of a list as they are written, with their places."""
    listed = values.get(name, [])
    for at, part in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(part, dict):
            yield at, part


def _lists_unknown(values: dict[str, Any]) -> list[Fault]:
    lists = values.get("lists")
    if not isinstance(lists, dict):
        return []
    named: list[tuple[tuple[int | str, ...], Any]] = [
        ((name, at, "list"), part.get("list"))
        for name in ("penalties", "routes", "tables")
        for at, part in _tables(values, name)
    ]
    back = [
        ((name, at, "may_return_to"), part.get("may_return_to"))
        for name in ("routes", "tables")
        for at, part in _tables(values, name)
    ]
    named += back
    for at, part in _tables(values, "limits"):
        allowed = part.get("lists")
        if isinstance(allowed, list):
            named += [(("limits", at, "lists", place), one) for place, one in enumerate(allowed)]
    reports = values.get("reports")
    if isinstance(reports, dict):
        named.append((("reports", "list"), reports.get("list")))
    silent = [
        Fault(where, f'"{name}" does not say how an offence comes back to it. Give lists.{name}.returned')
        for where, name in back
        if isinstance(name, str) and isinstance(lists.get(name), dict) and "returned" not in lists[name]
    ]
    return silent + [
        Fault(where, f'"{name}" is no list of penalties. Those under lists: {", ".join(lists)}')
        for where, name in named
        if isinstance(name, str) and name not in lists
    ]


def _penalties_unknown(values: dict[str, Any]) -> list[Fault]:
    ids = [(part.get("id"), part.get("list")) for _, part in _tables(values, "penalties")]
    names = [name for name, _ in ids if isinstance(name, str)]
    found = [
        Fault(("penalties",), f'"{name}" names two penalties. Each needs its own id') for name in twice(names)
    ]
    for at, table in _tables(values, "tables"):
        mine = [name for name, of in ids if of == table.get("list") and isinstance(name, str)]
        named: list[tuple[tuple[int | str, ...], Any]] = [
            (("tables", at, "cells", place, key), cell.get(key))
            for place, cell in _tables(table, "cells")
            for key in ("default", "moderated")
        ]
        star = table.get("star")
        if isinstance(star, dict):
            named += [(("tables", at, "star", key), star.get(key)) for key in ("penalty", "read_as")]
        found += [
            Fault(where, f'"{name}" is no penalty of the table\'s list. Those of it: {", ".join(mine)}')
            for where, name in named
            if isinstance(name, str) and name not in mine
        ]
    return found


def _tables_over_each_other(values: dict[str, Any]) -> list[Fault]:
    found = []
    for (_, one), (at, other) in combinations(_tables(values, "tables"), 2):
        both = [sorted(_texts(one, key) & _texts(other, key)) for key in ("offences", "years")]
        if all(both):
            what = f"{both[0][0]} in year {both[1][0]}"
            found.append(
                Fault(("tables", at), f'table "{one.get("id")}" is for {what}, too. A case has one table')
            )
    return found


def _texts(part: dict[str, Any], key: str) -> set[str]:
    """Give the texts of a list as it is written."""
    listed = part.get(key)
    return {text for text in listed if isinstance(text, str)} if isinstance(listed, list) else set()
