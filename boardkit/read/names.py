"""Which column of a sheet is which of a table's, by its header."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from boardkit import tables
from boardkit.problems import found_at, letters, show

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from boardkit.problems import Source
    from boardkit.read.raw import Raw


_MEANINGS = frozenset({"*", "s", "m", "k", "e", "components", "counted", "module_study"})
"""Names under which the stages join numbers and rules to the tables."""


class Named(NamedTuple):
    """What the headers of a table say.

    Args:
        columns: the position, from 1, of each column to be read, by its canonical name, or by its header
            where it is none of the table's own.
        places: the same, and the positions of columns that are told of and not read.
        problems: unknown columns, and headers that stand twice.
    """

    columns: dict[str, int]
    places: dict[str, int]
    problems: list[pl.DataFrame]


def without_marks() -> str:
    """Say what stands in for marks where a board has the results of earlier boards alone.

    Examples:
        >>> without_marks()[-39:]
        'no rows: student_id, module, component.'
    """
    columns = ", ".join(tables.INPUT["marks"].required)
    return (
        f" Where earlier boards' results are all there is, it holds its column names and no rows: {columns}."
    )


def table_named(name: str) -> str | None:
    """Give the table that a sheet or file is named after, if any.

    Examples:
        >>> table_named("Marks"), table_named("Notes")
        ('marks', None)
    """
    return {tables.match(known): known for known in tables.INPUT}.get(tables.match(name))


def name_columns(
    table: str,
    headers: Sequence[str | None],
    source: int,
    *,
    header_row: int | None,
    unnamed: Sequence[int] = (),
) -> Named:
    """Match headers with a table's columns.

    Args:
        table: the canonical name of the table.
        headers: the header texts from the first column on; None where a column has none.
        source: the number of the source.
        header_row: the row the headers stand in, where there is one.
        unnamed: the positions of columns that hold values and have no header.

    Returns:
        The columns, their places and the problems.
    """
    known = {tables.match(column.name): column.name for column in tables.INPUT[table].columns}
    seen: dict[str, list[int]] = {}
    for at, header in enumerate(headers, start=1):
        if header is not None and header.strip():
            seen.setdefault(known.get(tables.match(header), header.strip()), []).append(at)
    named = Named({}, {}, [])

    def tell(code: str, column: str, sentence: str) -> None:
        named.problems.append(found_at(code, source, header_row, sentence, column=column))

    for header, spots in seen.items():
        own = header in known.values() or not _means_something(header)
        name = header if own else _another(f"column {header}", {*seen, *named.places})
        named.places[name] = spots[-1]
        if len(spots) > 1:
            sentence = (
                f'The {table} table has {len(spots)} columns called "{show(header)}"; none of them was used.'
            )
            tell("column-twice", name, sentence)
            continue
        named.columns[name] = spots[0]
        if header not in known.values():
            sentence = f'"{show(header)}" is not a column of the {table} table; it is carried through.'
            tell("column-unknown", name, sentence)
    for at in unnamed:
        name = _another(f"column {letters(at)}", {*seen, *named.places})
        named.places[name] = at
        tell("column-unnamed", name, f"Column {letters(at)} holds values under no header; it was not read.")
    return named


def _means_something(header: str) -> bool:
    """Tell whether a header would stand for something else inside boardkit: a place, a pattern of names."""
    return header.startswith(("_", "^")) or header in _MEANINGS


def _another(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "'"
    return name


def lacking(raws: Sequence[Raw], sources: Sequence[Source]) -> str:
    """Say which required columns tables lack, all at once; empty where none is lacking.

    Args:
        raws: the tables as found.
        sources: where each came from, by their number.

    Returns:
        The end of a sentence and what to do, such as ``marks.csv has no column mark. Add it to the header.``
    """
    parts = []
    for raw in raws:
        source = sources[raw.source]
        where = (
            f'the sheet "{show(source.sheet)}"' if source.sheet else source.file or f"the {raw.table} table"
        )
        gone = [name for name in tables.INPUT[raw.table].required if name not in raw.rows.columns]
        twice = [name for name in gone if name in source.columns]
        none = [name for name in gone if name not in source.columns]
        parts += [f"{where} has no column {', '.join(none)}"] if none else []
        parts += [f"{where} has more than one column {', '.join(twice)}"] if twice else []
    return f"{'; '.join(parts)}. Give each of them one column, named in the header." if parts else ""
