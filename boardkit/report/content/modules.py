"""Module results in numbers, and how the marks are spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from boardkit.analysis.bands import EDGES, STEP, bands
from boardkit.analysis.statistics import DEFINITIONS, module_statistics
from boardkit.exact import say_number
from boardkit.report.content.listing import Column, Listing, number
from boardkit.report.names import CLASSES

if TYPE_CHECKING:
    from boardkit.board import BoardResult


def modules(board: BoardResult) -> Listing:
    """List every module's statistics.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> modules(board).rows["pass_mark"].unique().to_list()
        [40.0]
    """
    rows = module_statistics(board).with_columns(
        number("credits"),
        number("pass_mark"),
        failed=pl.col("fail") + pl.col("qualifying_fail"),
        open=pl.col("deferred") + pl.col("incomplete"),
        flag=pl.when("small").then(pl.lit("small")),
    )
    return Listing(
        name="Modules",
        columns=(
            Column("module", "Module", 9.5),
            Column("title", "Title", 22),
            Column("level", "Level", 5.5, "count"),
            Column("credits", "Credits", 7, "credits"),
            Column("pass_mark", "Pass mark", 5.5, "mark"),
            Column("n", "n", 5.5, "count"),
            Column("mean", "Mean", 6, "mark"),
            Column("sd", "SD", 5.5, "mark"),
            Column("minimum", "Lowest", 6.7, "mark"),
            Column("lower_quartile", "Lower quartile", 8, "mark"),
            Column("median", "Median", 7, "mark"),
            Column("upper_quartile", "Upper quartile", 8, "mark"),
            Column("maximum", "Highest", 7.2, "mark"),
            Column("pass_rate", "Pass rate", 7.5, "share"),
            Column("failed", "Fails", 5.5, "count"),
            Column("condoned", "Con- doned", 6, "count"),
            Column("open", "Deferred, incom- plete", 8, "count"),
            Column("withdrawn", "With- drawn", 6.5, "count"),
            Column("flag", "Group", 6),
        ),
        rows=rows,
        notes=DEFINITIONS,
        empty="There are no modules.",
    )


@dataclass(frozen=True)
class Spread:
    """One module's part of the distribution.

    Args:
        module: its code.
        title: its title; empty where it has none.
        bands: the rows of the listing that are its bands, from the lowest.
        highest: how many students stand in its highest bar.
    """

    module: str
    title: str
    bands: range
    highest: int


@dataclass(frozen=True)
class Distribution:
    """Module marks by band, to be listed and drawn.

    Args:
        listing: a row a module and band, with a count a bar.
        edges: the names of the columns with the bars, each the mark at which it begins.
        spreads: every module's part.
    """

    listing: Listing
    edges: tuple[str, ...]
    spreads: tuple[Spread, ...]


def distribution(board: BoardResult) -> Distribution:
    """Lay out how many marks of each module stand in every bar, band by band.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> laid = distribution(board)
        >>> laid.spreads[0].title, laid.spreads[0].bands, laid.listing.rows["said"][0]
        ('Research Methods', range(0, 5), 'Fail, below 40')
    """
    blank = (pl.when(pl.col(str(edge)) > 0).then(str(edge)).alias(str(edge)) for edge in EDGES)
    rows = _said(bands(board)).with_columns(blank)
    edges = tuple(str(edge) for edge in EDGES)
    titles = dict(board.ground.modules.select("module", "title").iter_rows())
    by_module = rows.group_by("module", maintain_order=True)
    sizes = by_module.agg(pl.len(), pl.max_horizontal(pl.col(edges).sum()).alias("highest"))
    spreads, start = [], 0
    for module, height, highest in sizes.iter_rows():
        spreads.append(Spread(module, titles.get(module) or "", range(start, start + height), highest))
        start += height
    listing = Listing(
        name="Distribution",
        columns=(
            Column("module", "Module", 9.5),
            Column("said", "Band", 19),
            Column("n", "n", 5.5, "count"),
            *(Column(name, name, 4.6, "bar") for name in edges),
        ),
        rows=rows,
        notes=(
            f"How many recorded module marks lie in the {STEP} points that begin at the head, for each band.",
            "Nothing stands for 0. Bands begin at the pass mark and at the boundaries of the award that most students of the study aim at.",
        ),
        empty="There are no modules.",
    )
    return Distribution(listing, edges, tuple(spreads))


def _said(rows: pl.DataFrame) -> pl.DataFrame:
    """Name every band with its ends."""
    names = CLASSES | {"pass": "Pass"}
    ends = rows["at"].shift(-1).to_list()
    said = []
    for band, at, end in zip(rows["band"], rows["at"], ends, strict=True):
        if not at:
            said.append(f"{names[band]}, below {say_number(end)}" if end else names[band])
        else:
            said.append(f"{names[band]}, {say_number(at)}+")
    return rows.with_columns(said=pl.Series(said, dtype=pl.String))
