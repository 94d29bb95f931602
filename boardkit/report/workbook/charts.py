"""Charts: how each module's marks are spread, in bars whose bands differ by shade and by pattern."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from boardkit.analysis.bands import STEP
from boardkit.report.workbook.page import set_width, shorten, start

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.chart import Chart

    from boardkit.report.content.modules import Distribution, Spread
    from boardkit.report.workbook.listing import Placed
    from boardkit.report.workbook.page import Book

NAME = "Histograms"
ACROSS, DEEP, HIGH = 3, 2, 16
"""How many charts stand side by side and above each other on a page, and how many rows each takes."""

WIDTH = 9
"""The width of a column in digits."""

SIZE = (338, 254)
"""The width and height of a chart in pixels, a little less than its columns and rows."""

FEW = 5
"""Up to so many students in a bar, every one is a line of the grid, and none stands between."""

_COLUMNS = 5
_TITLE_MOST = 44
_BARS: tuple[dict[str, Any], ...] = (
    {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#8C2D19", "bg_color": "#FFFFFF"}},
    {"fill": {"color": "#C9D3DE"}},
    {"pattern": {"pattern": "percent_50", "fg_color": "#7089A3", "bg_color": "#FFFFFF"}},
    {"fill": {"color": "#6F8FB3"}},
    {"pattern": {"pattern": "horizontal_brick", "fg_color": "#1F3B57", "bg_color": "#9DB2C7"}},
    {"fill": {"color": "#1F3B57"}},
)
"""The looks of the bands, from the lowest; neighbours differ in print without colour."""


def add_charts(book: Book, placed: Placed) -> None:
    """Add the sheet of histograms, drawn from the rows of the distribution.

    Args:
        book: the workbook.
        placed: where the distribution stands.
    """
    leaf, row = start(book, NAME)
    sheet, laid = leaf.sheet, book.papers.distribution
    told = (
        f"Students by recorded module mark, in bars of {STEP} points; each bar is named by where it begins."
    )
    sheet.write_string(row, 0, told, leaf.formats.note)
    row += 1
    sheet.freeze_panes(row, 0)
    sheet.repeat_rows(0, row - 1)
    last = ACROSS * _COLUMNS - 1
    set_width(sheet, 0, last, WIDTH)
    for number, spread in enumerate(laid.spreads):
        down, across = divmod(number, ACROSS)
        chart = _chart(book.file, laid, placed, spread)
        sheet.insert_chart(row + down * HIGH, across * _COLUMNS, chart, {"object_position": 2, "y_offset": 4})
    rows = -(-len(laid.spreads) // ACROSS)
    sheet.set_h_pagebreaks([row + down * HIGH for down in range(DEEP, rows, DEEP)])
    if not laid.spreads:
        sheet.write_string(row, 0, laid.listing.empty, leaf.formats.note)
    sheet.print_area(0, 0, row + max(rows, 1) * HIGH, last)
    sheet.fit_to_pages(1, 0)


def _chart(file: Workbook, laid: Distribution, placed: Placed, spread: Spread) -> Chart:
    """Draw one module: a stacked bar for every few points, a series for every band."""
    sheet, rows = placed.sheet.get_name(), laid.listing.rows
    columns = [column.name for column in laid.listing.columns]
    left, right = columns.index(laid.edges[0]), columns.index(laid.edges[-1])
    chart = file.add_chart({"type": "column", "subtype": "stacked"})
    for at, look in zip(spread.bands, _BARS, strict=False):
        if spread.highest and not rows["n"][at]:
            continue  # nobody in it: nothing to draw, nothing to name
        row = placed.first + at
        chart.add_series(
            {
                "name": rows["said"][at],
                "categories": [sheet, placed.head, left, placed.head, right],
                "values": [sheet, row, left, row, right],
                "gap": 5,
                "border": {"color": "#333333", "width": 0.5},
                **look,
            }
        )
    chart.set_title(
        {
            "name": shorten(f"{spread.module} {spread.title}", _TITLE_MOST),
            "overlay": False,
            "name_font": {"size": 9, "bold": True},
        }
    )
    chart.set_x_axis({"num_font": {"size": 7}})
    chart.set_y_axis(
        {
            "num_font": {"size": 7},
            "num_format": "0",
            "major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}},
            **({"major_unit": 1} if spread.highest <= FEW else {}),
        }
    )
    chart.set_legend({"position": "bottom", "font": {"size": 7}})
    chart.set_size({"width": SIZE[0], "height": SIZE[1]})
    return chart
