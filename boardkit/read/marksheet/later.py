"""Columns and sheets whose names say that they may hold later attempts than the first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from boardkit.problems import letters, show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boardkit.read.marksheet.headers import Headers
    from boardkit.read.marksheet.propose import Column

_LATER = re.compile(
    r"\bre[\s-]?(?:sit|assess|take|submi|exam)|\brepeat|\bsupplementary|"
    r"\b(?:2nd|second|3rd|third|next|further|later|last|final)[\s_-]*(?:attempt|sitting|try|diet|time)|"
    r"\b(?:attempt|sitting|try)[\s_#-]*(?:[2-9]|two|three)\b",
    re.IGNORECASE,
)
_ENTRY = 'give it an entry of its own under [[sheets]], with attempt = 2 and blank = "not-taken"'


def look_later(sheet: str, columns: Sequence[Column], heads: Headers) -> list[str]:
    """Say which columns, and whether the sheet, may hold a later attempt.

    Args:
        sheet: the sheet's name.
        columns: its columns as they look.
        heads: its headers.
    """
    said = []
    if _LATER.search(sheet.replace("_", " ")):
        said.append(
            f'The sheet\'s name, "{show(sheet)}", may say a later attempt. If so, correct attempt = 1.'
        )
    for column in columns:
        text = heads.texts.get(column.at, "")
        if column.use == "id" or not _LATER.search(text.replace("_", " ")):
            continue
        taken = "a component of attempt 1" if column.use == "mark" else "no mark"
        said.append(
            f'Column {letters(column.at)}, "{show(text)}", is proposed as {taken}, and may hold a later attempt. '
            f"If so, {_ENTRY}."
        )
    return said
