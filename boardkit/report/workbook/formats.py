"""Formats: type, numbers and colours of the workbook; a colour never stands without a letter."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

FONT, SIZE = "Calibri", 9
PLACES = 4
"""The most places that a number in the trace has."""

_TEXT = "@"
"""What is typed stays as it was typed: a minute such as 2023/5 is no date, and 4.10 not 4.1."""

_APART = '"  "'
"""Keeps a number from the text in the column to its right."""

RED, YELLOW, BLUE = "#F4B6B0", "#F6EBA6", "#CFE0F3"
HEAD, RULE, LINK = "#E2E7EE", "#9AA3AD", "#1F4E99"
"""What is filled, and what heads, lines and links are drawn in."""

_NUMBERS = {"count": "0", "mark": "0.0", "credits": "General", "share": "0.0%"}
_OUTCOMES: dict[str, dict[str, Any]] = {
    "pass": {},
    "fail": {"bg_color": RED, "bold": True},
    "qualifying-fail": {"bg_color": "#F8D0A8", "bold": True},
    "condoned": {"bg_color": YELLOW},
    "deferred": {"bg_color": BLUE, "italic": True},
    "incomplete": {"bg_color": "#DAD2EA", "bold": True, "italic": True},
    "withdrawn": {"bg_color": "#E4E4E4", "italic": True},
}
_NEAR = {"B up": "#D3ECD3", "B stays": YELLOW, "up": "#E6F4E6"}


OWN = {"font_name": FONT, "font_size": SIZE, "valign": "top", "text_wrap": True}
"""The workbook's own format, which is that of text: most cells are text, and one that names no format is written faster."""


class Formats:
    """The formats of one workbook, each made once; text has none, since the workbook's own is its format.

    Args:
        book: the workbook.
    """

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self.title = self._new(bold=True, font_size=14)
        self.status = self._new(bold=True)
        self.banner = self._new(bold=True, bg_color=RED, border=1, text_wrap=True)
        self.note = self._new(italic=True)
        self.head = self._new(bold=True, bg_color=HEAD, border=1, text_wrap=True)
        self.head_number = self._new(bold=True, bg_color=HEAD, border=1, text_wrap=True, align="center")
        self.head_bar = self._new(bold=True, bg_color=HEAD, border=1, align="center")
        self.section = self._new(bold=True, font_size=11, bottom=1, valign="bottom")
        self.to_fill = self._new(text_wrap=True, bg_color="#FFF9DB", num_format=_TEXT)
        self.bold = self._new(text_wrap=True, bold=True)
        self.number = self._new(num_format=f"#,##0{_APART}", align="right", bold=True)
        self.lines = book.add_format({"border": 1, "border_color": RULE})
        self.link = self._new(text_wrap=True, underline=1, font_color=LINK)
        self._outcome = cache(self._make_outcome)
        self._near = {
            sign: self._new(text_wrap=True, bold=True, bg_color=colour) for sign, colour in _NEAR.items()
        }
        self._kinds = {
            kind: self._new(num_format=f"{shown}{_APART}", align="right") for kind, shown in _NUMBERS.items()
        }
        self._kinds["bar"] = self._new(num_format="0", align="center")
        self._exact = [
            self._new(num_format=f"0.{'0' * places}{_APART}" if places else f"0{_APART}", align="right")
            for places in range(PLACES + 1)
        ]

    def of(self, kind: str) -> Format | None:
        """Give the format of a kind of column."""
        return self._kinds.get(kind)

    def head_of(self, kind: str) -> Format:
        """Give the format of the head of a kind of column."""
        if kind in ("text", "either"):
            return self.head
        return self.head_bar if kind == "bar" else self.head_number

    def exact(self, places: int) -> Format:
        """Give the format of a number that is shown with so many places."""
        return self._exact[places]

    def outcome(self, outcome: str, sign: str) -> Format:
        """Give the format of a module result: its colour, and its sign behind the mark."""
        return self._outcome(outcome, sign)

    def near(self, sign: str) -> Format | None:
        """Give the format of a borderline sign."""
        return self._near.get(sign)

    def _make_outcome(self, outcome: str, sign: str) -> Format:
        shown = f'0.0" {sign}"' if sign else "0.0"
        return self._new(num_format=shown, align="right", **_OUTCOMES[outcome])

    def _new(self, **properties: Any) -> Format:
        return self._book.add_format({"text_wrap": False, **properties})
