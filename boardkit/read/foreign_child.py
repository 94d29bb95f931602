"""The process that reads one .xls, .xlsb or .ods file, with limits on itself, and writes it out as JSON lines.

It runs as a script of its own and imports nothing of boardkit: the less is in its memory, the smaller the
limit on it can be. What goes wrong is told as a code, never with the file's own words.
"""

from __future__ import annotations

import json
import math
import sys
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any

_BATCH = 20_000
_DAY = 86_400
_WHOLE = 10**15

Value = int | float | str | bool | date | time | timedelta
Cell = tuple[str, str]


def limit_process(memory_bytes: int, seconds: int) -> None:
    """Limit this process, where the system knows how to."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - Windows has no such module

    for kind, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        # A system that does not know one of them still has the others, and the parent's clock.
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def cell(value: Value) -> Cell | None:
    """Give a value's kind and text; None for a blank.

    Examples:
        >>> cell(69.49999999999999), cell(70.0), cell(True), cell("")
        (('number', '69.49999999999999'), ('number', '70'), ('boolean', 'TRUE'), None)
        >>> cell(datetime(2022, 11, 1, 15, 59, 59, 999_000)), cell(time(12))
        (('date', '2022-11-01T16:00:00'), ('number', '0.5'))
    """
    if isinstance(value, str):
        return ("text", value) if value else None
    if isinstance(value, bool):
        return "boolean", "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        with suppress(OverflowError):
            value += timedelta(milliseconds=500)
        return "date", value.replace(microsecond=0).isoformat()
    if isinstance(value, date):
        return "date", f"{value.isoformat()}T00:00:00"
    if isinstance(value, time):
        day = date.min
        value = datetime.combine(day, value) - datetime.combine(day, time.min)
    return _number(value / timedelta(seconds=_DAY))


def _number(value: float) -> Cell:
    if not math.isfinite(value):
        return "text", str(value)
    whole = value == int(value) and abs(value) < _WHOLE
    return "number", str(int(value)) if whole else repr(value)


def write_out(path: str, cells: int, total_bytes: int) -> None:
    """Write every sheet and its cells, then ``end``; or the name of the limit that was passed."""
    import python_calamine as calamine  # noqa: PLC0415 - after the limits are set

    book = calamine.CalamineWorkbook.from_path(path)
    written = count = 0
    for index, about in enumerate(book.sheets_metadata):
        hidden = about.visible != calamine.SheetVisibleEnum.Visible
        if about.typ != calamine.SheetTypeEnum.WorkSheet:
            say({"left_out": about.name})
            continue
        sheet = book.get_sheet_by_index(index)
        say({"sheet": about.name, "hidden": hidden, "merges": sheet.merged_cell_ranges})
        batch: list[tuple[int, int, str, str]] = []
        for row, values in enumerate(sheet.iter_rows(), start=1):
            batch += [
                (row, col, *found) for col, value in enumerate(values, start=1) if (found := cell(value))
            ]
            if len(batch) >= _BATCH:
                count += len(batch)
                written += say({"cells": batch})
                batch = []
            for limit, most, found_ in (("cells", cells, count), ("total_bytes", total_bytes, written)):
                if found_ > most:
                    say({"limit": limit, "found": found_})
                    return
        count += len(batch)
        written += say({"cells": batch})
    say({"end": count})


def say(line: dict[str, Any]) -> int:
    """Write one line and give its length."""
    return sys.stdout.write(json.dumps(line) + "\n")


def main() -> None:
    """Read the file that the arguments name, and tell what went wrong as a code."""
    path, seconds, memory_bytes, cells, total_bytes = sys.argv[1:]
    limit_process(int(memory_bytes), int(seconds))
    try:
        write_out(path, int(cells), int(total_bytes))
    except MemoryError:
        say({"failed": "too-much-memory"})
    except BaseException as error:  # noqa: BLE001 - the library panics with what is no Exception
        say({"failed": "encrypted" if type(error).__name__ == "PasswordError" else "unreadable"})


if __name__ == "__main__":
    main()
