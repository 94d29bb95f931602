"""Figures: how marks and classes are spread, drawn for a notebook or a paper; the same bytes for the same board."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boardkit.errors import CallError
from boardkit.report.figures.drawing import SETTINGS, Drawing, Drawings

if TYPE_CHECKING:
    from boardkit.board import BoardResult

__all__ = ["Drawing", "Drawings", "figures"]


def figures(board: BoardResult) -> Drawings:
    """Draw the classes, the modules beside each other, and how each module's marks are spread.

    Args:
        board: the assessed board.

    Returns:
        ``classes``, ``modules`` and one figure a module by its code.

    Raises:
        CallError: matplotlib is not installed.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> drawings = figures(board)
        >>> list(drawings)[:3], drawings["classes"].draw("png")[1:4]
        (['classes', 'modules', 'PS3011'], b'PNG')
    """
    try:
        import matplotlib as mpl  # noqa: PLC0415 - a run draws nothing, and does not wait for it
    except ImportError as error:
        raise CallError(
            "figures need matplotlib, which is not installed. Run: pip install 'boardkit[notebook]'."
        ) from error
    with mpl.rc_context(SETTINGS):
        from boardkit.report.figures.drawn import draw_classes, draw_modules, draw_spreads  # noqa: PLC0415 - as above

        return Drawings([draw_classes(board), draw_modules(board), *draw_spreads(board)])
