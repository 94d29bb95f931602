"""Cell text: what openpyxl writes to a cell as text, whatever it looks like."""

from __future__ import annotations

import re
from typing import Any

IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold."""
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""What a workbook would take for a character written by its number."""
_BY_NUMBER = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
"""What a workbook writes by its number: what XML cannot hold, and a return that XML would make a line feed of."""


def written(text: str) -> str:
    r"""Write a text as the parts of a workbook hold it.

    Examples:
        >>> written("as minuted"), written("_x0041_"), written("a\x01")
        ('as minuted', '_x005F_x0041_', 'a_x0001_')
    """
    escaped = _ESCAPE.sub("_x005F_", text)
    return _BY_NUMBER.sub(lambda found: f"_x{ord(found[0]):04X}_", escaped)


def write_text(cell: Any, text: str, *, like_formula: bool = False) -> None:
    """Write a text to a cell of openpyxl's, so that it stays text.

    Args:
        cell: the cell; what it holds is replaced, its format stays.
        text: the text.
        like_formula: whether a spreadsheet would run it when somebody goes through the cell.

    Examples:
        >>> from openpyxl import Workbook
        >>> cell = Workbook().active["A1"]
        >>> write_text(cell, "=1+1", like_formula=True)
        >>> cell.value, cell.data_type, cell.quotePrefix
        ('=1+1', 's', True)
    """
    cell._value = written(text)  # noqa: SLF001 - its setter would make a formula of it
    cell.data_type = "s"
    if like_formula:
        cell.quotePrefix = True
