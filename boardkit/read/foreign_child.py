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
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_BATCH = 20_000
_DAY = 86_400
_WHOLE = 10**15

Value = int | float | str | bool | date | time | timedelta
Cell = tuple[str, str]
Placed = tuple[int, int, str, str]


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
    """Give a value's kind and text; None for a blank. A time of day, or of some length, is a share of a day.

    Examples:
        >>> cell(69.49999999999999), cell(70.0), cell(True), cell("")
        (('number', '69.49999999999999'), ('number', '70'), ('boolean', 'TRUE'), None)
        >>> cell(datetime(2022, 11, 1, 15, 59, 59, 999_000)), cell(time(12))
        (('date', '2022-11-01T16:00:00'), ('time', '0.5'))
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
    return "time", _number(value / timedelta(seconds=_DAY))[1]


def _number(value: float) -> Cell:
    if not math.isfinite(value):
        return "text", str(value)
    whole = value == int(value) and abs(value) < _WHOLE
    return "number", str(int(value)) if whole else repr(value)


def write_out(path: str, cells: int, total_bytes: int) -> None:
    """Write every sheet and its cells, then ``end``; or the name of the limit that was passed."""
    import python_calamine as calamine  # noqa: PLC0415 - after the limits are set

    book = calamine.CalamineWorkbook.from_path(path)
    names = [about.name for about in book.sheets_metadata]
    if len(set(names)) < len(names):
        # The library keeps sheets by name and would give one of them twice.
        say({"failed": "sheets-alike"})
        return
    room = {"cells": cells, "total_bytes": total_bytes}
    for index, about in enumerate(book.sheets_metadata):
        if about.typ != calamine.SheetTypeEnum.WorkSheet:
            say({"left_out": about.name})
            continue
        sheet = book.get_sheet_by_index(index)
        hidden = about.visible != calamine.SheetVisibleEnum.Visible
        say({"sheet": about.name, "hidden": hidden, "merges": sheet.merged_cell_ranges})
        top, left = sheet.start or (0, 0)
        # Rows come from the first that holds anything on, and so do their cells.
        for batch in batches(sheet.to_python(skip_empty_area=True), top + 1, left + 1):
            room["cells"] -= len(batch)
            room["total_bytes"] -= say({"cells": batch})
            passed = next((name for name, left_over in room.items() if left_over < 0), None)
            if passed:
                say({"limit": passed})
                return
    say({"end": True})


def batches(rows: list[list[Value]], top: int, left: int) -> Iterator[list[Placed]]:
    """Give the cells that hold anything with their places, some thousands at a time.

    Examples:
        >>> list(batches([["", 1.0], ["x", ""]], 5, 3))
        [[(5, 4, 'number', '1'), (6, 3, 'text', 'x')]]
    """
    batch: list[Placed] = []
    for row, values in enumerate(rows, start=top):
        for col, value in enumerate(values, start=left):
            found = cell(value)
            if found is not None:
                batch.append((row, col, *found))
        if len(batch) >= _BATCH:
            yield batch
            batch = []
    yield batch


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
