"""Canvas: a figure to draw on, with no window and nothing kept between calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """Make a figure of its own, of so many inches, and the axes on it."""
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(y=0.08)
    return figure, axes


def whole(axis: Any) -> None:
    """Count in whole students."""
    axis.set_major_locator(MaxNLocator(integer=True))


def settled(figure: Figure) -> Figure:
    """Give everything its place once and for all, so that drawing again moves nothing."""
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    return figure
