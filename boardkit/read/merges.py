"""Which cells lie under a merged area, and under which cell's value there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from boardkit.read.a1 import a1

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from boardkit.read.limits import Guard

Area = tuple[int, int, int, int]

_SHIFT = 21  # the last row has this many binary digits
_STRIPS_AT_ONCE = 200_000


def merged_into(rows: pl.Series, cols: pl.Series, merges: list[Area], guard: Guard) -> pl.Series:
    """Give for each cell the first cell of the merged area that covers it.

    An area is cut into strips along its shorter side, and each strip is found among the sorted places, so
    that an area over a whole sheet costs no more than the cells that are there.

    Args:
        rows: the rows of the cells.
        cols: their columns.
        merges: the merged areas: first row and column, last row and column.
        guard: holds the file to its limits.

    Returns:
        The A1 place of the area's first cell; null for that cell itself and for cells under no area.

    Raises:
        FileError: two areas cover one cell, or the areas are larger than any table's.
    """
    sides = np.array(merges, dtype=np.int64).reshape(-1, 4)
    heights, widths = sides[:, 2] - sides[:, 0] + 1, sides[:, 3] - sides[:, 1] + 1
    guard.hold("merge_strips", int(np.minimum(heights, widths).sum()))
    row, col = rows.cast(pl.Int64).to_numpy(), cols.cast(pl.Int64).to_numpy()
    over = np.full(len(rows), -1, dtype=np.int64)
    wide = widths >= heights
    for chosen, major, minor, first in (
        (np.flatnonzero(wide), row, col, (0, 1, 2, 3)),
        (np.flatnonzero(~wide), col, row, (1, 0, 3, 2)),
    ):
        _cover(over, chosen, sides[:, first], (major, minor), guard)
    corners = pl.Series([a1(top, left) for top, left, _, _ in merges], dtype=pl.String)
    found = pl.Series(over)
    covered = found >= 0
    names = corners.gather(pl.select(pl.when(covered).then(found)).to_series())
    at_corner = np.zeros(len(rows), dtype=np.bool_)
    under = np.flatnonzero(over >= 0)
    at_corner[under] = (row[under] == sides[over[under], 0]) & (col[under] == sides[over[under], 1])
    return pl.select(pl.when(~pl.Series(at_corner)).then(names)).to_series()


def _cover(
    over: NDArray[np.int64],
    chosen: NDArray[np.int64],
    sides: NDArray[np.int64],
    places: tuple[NDArray[np.int64], NDArray[np.int64]],
    guard: Guard,
) -> None:
    """Write the number of each chosen area on the cells that it covers, strip by strip."""
    if not len(chosen):
        return
    keys = (places[0] << _SHIFT) | places[1]
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    for some in _in_parts(chosen, sides):
        lengths = sides[some, 2] - sides[some, 0] + 1
        areas = np.repeat(some, lengths)
        offsets = np.arange(len(areas)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        strips = (sides[areas, 0] + offsets) << _SHIFT
        start = np.searchsorted(keys, strips | sides[areas, 1], "left")
        counts = np.searchsorted(keys, strips | sides[areas, 3], "right") - start
        if counts.sum() > len(keys):
            raise _overlap(guard)
        steps = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        cells = order[np.repeat(start, counts) + steps]
        if len(np.unique(cells)) < len(cells) or (over[cells] >= 0).any():
            raise _overlap(guard)
        over[cells] = np.repeat(areas, counts)


def _in_parts(chosen: NDArray[np.int64], sides: NDArray[np.int64]) -> Iterable[NDArray[np.int64]]:
    lengths = np.cumsum(sides[chosen, 2] - sides[chosen, 0] + 1)
    return np.split(chosen, np.flatnonzero(np.diff(lengths // _STRIPS_AT_ONCE)) + 1)


def _overlap(guard: Guard) -> Exception:
    return guard.refuse(
        "merges-overlap",
        "two merged areas in it cover one cell. Take the merges apart in Excel and save it again.",
    )
