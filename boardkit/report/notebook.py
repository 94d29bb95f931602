"""What a board has to settle, for a notebook: counts, classes, and what is open, in tables that can be read."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from boardkit.report.content.front import READINGS, front

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.report.content.front import Line, Section

_STYLE = "text-align:left;vertical-align:top;padding:2px 10px"
_NUMBER = "text-align:right;vertical-align:top;padding:2px 10px;font-weight:bold"


def summary_html(board: BoardResult) -> str:
    """Tell what a board has before it, as HTML; every text in it is escaped.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> "short of credit" in summary_html(board)
        True
    """
    facts, told = board.cohort.facts, front(board)
    title = escape(facts.values.get("title", "Board"))
    status = "" if facts.status == "confirmed" else f" <strong>{escape(facts.status)}</strong>"
    errors = board.severities["error"]
    banner = f"<p><b>&#9888; Errors in the data: {errors:,}. See board.problems.</b></p>" if errors else ""
    known = "".join(
        f"<tr><td style='{_STYLE}'>{escape(name)}</td><td style='{_STYLE}'>{escape(value)}</td></tr>"
        for name, value in told.facts
    )
    sections = "".join(_section(section) for section in told.sections)
    return f"<div><h4>{title}{status}</h4>{banner}<table>{known}</table>{sections}</div>"


def _section(section: Section) -> str:
    """Write one section; the readings are folded, since they are long."""
    rows = "".join(_row(line) for line in section.lines)
    table = f"<table>{rows}</table>"
    if section.title == READINGS:
        return f"<details><summary>{escape(section.title)}</summary>{table}</details>"
    return f"<h5>{escape(section.title)}</h5>{table}"


def _row(line: Line) -> str:
    number = "" if line.number is None else f"{line.number:,}"
    return (
        f"<tr><td style='{_STYLE}'>{escape(line.what)}</td><td style='{_NUMBER}'>{number}</td>"
        f"<td style='{_STYLE}'>{escape(line.told)}</td></tr>"
    )
