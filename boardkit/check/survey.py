"""A look at all columns of a table at once, so that what stands in none of a column's cells is not looked for in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boardkit.read.raw import Raw


@dataclass(frozen=True)
class Seen:
    """What a look at a column has shown.

    Args:
        matched: whether any cell's text matches the pattern that was looked for; true where it is not known.
        kinds: for workbooks, what the cells are.
    """

    matched: bool = True
    kinds: frozenset[str] = frozenset()


def survey(raw: Raw, patterns: Mapping[str, str]) -> dict[str, Seen]:
    """Look at the columns of a table.

    Args:
        raw: the table as found.
        patterns: what to look for in the text of each column.

    Returns:
        What was seen of each column that is there.

    Examples:
        >>> from boardkit.read.raw import Raw
        >>> rows = pl.DataFrame({"student_id": ["4001", " 4002"], "mark": [55.0, 60.0]})
        >>> survey(Raw("marks", 0, rows), {"student_id": "^ ", "mark": "^ ", "state": "^ "})
        {'student_id': Seen(matched=True, kinds=frozenset()), 'mark': Seen(matched=True, kinds=frozenset())}
    """
    here = [name for name in patterns if name in raw.rows.columns]
    texts = [name for name in here if raw.rows.schema[name] == pl.String]
    matched = raw.rows.select(pl.col(name).str.contains(patterns[name]).any() for name in texts)
    kinds = {} if raw.kinds is None else raw.kinds.select(pl.col(here).unique().implode()).row(0, named=True)
    found = dict(zip(texts, matched.row(0), strict=True)) if texts else {}
    return {name: Seen(found.get(name, True), frozenset(kinds.get(name, ()))) for name in here}
