"""The tables that board.toml itself holds: the board's facts, the modules and their components."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit.problems import Source
from boardkit.read.marksheet.plan import COMPONENTS
from boardkit.read.raw import Raw

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boardkit.read.marksheet.plan import Plan

Row = dict[str, str | int]


def declared(plan: Plan, text: str, file: str, first: int) -> tuple[list[Raw], list[Source]]:
    """Give the tables that board.toml holds.

    Args:
        plan: what it says.
        text: its text, in which the lines are found.
        file: its name.
        first: the number that the first source is to have.

    Returns:
        The tables as found and their sources; places are the file's lines.
    """
    lines = text.splitlines()
    held = {
        "board": _facts(plan, lines),
        "modules": _modules(plan, lines),
        "components": _components(plan, lines),
    }
    given = {name: rows for name, rows in held.items() if rows}
    raws, sources = [], []
    for at, (name, rows) in enumerate(given.items()):
        frame = pl.DataFrame(rows, infer_schema_length=None)
        raws.append(Raw(name, first + at, frame.with_columns(pl.col("_row").cast(pl.UInt32))))
        columns = {column: place for place, column in enumerate(frame.columns) if column != "_row"}
        sources.append(Source(name, file, columns=columns, lettered=False))
    return raws, sources


def said(value: Any) -> str:
    """Give a value of board.toml as the text that a cell would hold.

    Examples:
        >>> from datetime import date
        >>> said(True), said(date(2023, 6, 14)), said(20)
        ('Y', '2023-06-14', '20')
    """
    if isinstance(value, bool):
        return "Y" if value else "N"
    return value.isoformat() if isinstance(value, date) else str(value)


def _facts(plan: Plan, lines: list[str]) -> list[Row]:
    facts: list[tuple[str, Any]] = []
    for key, value in plan.board.items():
        if key == "parameter" and isinstance(value, dict):
            facts += [(f"parameter.{name}", one) for name, one in value.items()]
        else:
            facts += [(key, one) for one in (value if isinstance(value, list) else [value])]
    facts += [(f"code.{code}", state) for code, state in plan.codes.items()]
    return [
        {"_row": _line(lines, key.split(".", 1)[-1]), "key": key, "value": said(value)}
        for key, value in facts
    ]


def _modules(plan: Plan, lines: list[str]) -> list[Row]:
    if not any(key != COMPONENTS for said_of in plan.modules.values() for key in said_of):
        return []
    return _even(
        {"_row": _line(lines, code), "module": code, **_cells(said_of)}
        for code, said_of in plan.modules.items()
    )


def _components(plan: Plan, lines: list[str]) -> list[Row]:
    return _even(
        {
            "_row": _line(lines, name, code),
            "module": code,
            "component": name,
            **_cells(held if isinstance(held, dict) else {"weight": held}),
        }
        for code, said_of in plan.modules.items()
        for name, held in said_of.get(COMPONENTS, {}).items()
    )


def _cells(said_of: Mapping[str, Any]) -> dict[str, str]:
    return {key: said(value) for key, value in said_of.items() if key != COMPONENTS}


def _even(rows: Any) -> list[Row]:
    """Give every row every column, the required ones in any case."""
    listed = list(rows)
    names = dict.fromkeys(name for row in listed for name in row)
    if "component" in names:
        names["weight"] = None
    elif "module" in names:
        names |= {"scqf_level": None, "credits": None}
    return [{name: row.get(name) for name in names} for row in listed]


def _line(lines: list[str], name: str, after: str = "") -> int:
    """Find the line that a name stands in first, from where another does; the first line if it is not found."""
    start = next((at for at, line in enumerate(lines) if after in line), 0)
    return next((at for at, line in enumerate(lines) if at >= start and name in line), start) + 1
