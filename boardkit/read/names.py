"""Which column of a sheet is which of a table's, by its header."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boardkit import tables
from boardkit.problems import found_at

if TYPE_CHECKING:
    import polars as pl


def table_named(name: str) -> str | None:
    """Give the table that a sheet or file is named after, if any.

    Examples:
        >>> table_named("Marks"), table_named("Notes")
        ('marks', None)
    """
    return {tables.match(known): known for known in tables.INPUT}.get(tables.match(name))


def name_columns(
    table: str, headers: list[str | None], source: int, *, header_row: int | None
) -> tuple[dict[str, int], list[pl.DataFrame]]:
    """Match headers with a table's columns.

    Args:
        table: the canonical name of the table.
        headers: the header texts from the first column on; None where a column has none.
        source: the number of the source.
        header_row: the row the headers stand in, where there is one.

    Returns:
        The position, from 1, of each column by its canonical name, or by its header where it is none of
        the table's own; and the problems: unknown columns, and headers that stand twice (left out).
    """
    known = {tables.match(column.name): column.name for column in tables.INPUT[table].columns}
    seen: dict[str, list[int]] = {}
    for at, header in enumerate(headers, start=1):
        if header is not None and header.strip():
            seen.setdefault(known.get(tables.match(header), header.strip()), []).append(at)
    columns: dict[str, int] = {}
    problems: list[pl.DataFrame] = []
    for name, places in seen.items():
        if len(places) > 1:
            problems.append(
                found_at(
                    "column-twice",
                    source,
                    header_row,
                    f'the {table} table has {len(places)} columns called "{name}"; none of them was used.',
                )
            )
            continue
        columns[name if name in known.values() or not name.startswith("_") else f"column {name}"] = places[0]
        if name not in known.values():
            problems.append(
                found_at(
                    "column-unknown",
                    source,
                    header_row,
                    f'"{name}" is not a column of the {table} table; it is carried through.',
                    column=name,
                )
            )
    return columns, problems
