"""Page: lines of one width, citations with their readings, numbers and moments as people say them."""

from __future__ import annotations

import textwrap
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from boardkit.exact import MARK_PLACES, MARK_UNITS, WEIGHT_UNITS, say_number
from boardkit.printable import plain
from boardkit.reasons import READING, together

if TYPE_CHECKING:
    from datetime import date, datetime

WIDTH = 100
COLUMN = 16
"""Where the text of an entry begins."""

_GLUE = "\ue000"
_SHOWN = 4
"""Places to which an exact ratio is written out; one that needs more is cut, and three dots say so."""
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class Page:
    """Lines of a page as they are written, and the readings that they cite."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.readings: list[str] = []

    def cite(self, *citations: str) -> str:
        """Write clauses and readings in brackets, each once, and remember the readings.

        Examples:
            >>> Page().cite("9.2; reading W6", "9.3; reading W7").replace("\ue000", " ")
            '(9.2, 9.3, readings W6, W7)'
        """
        source, _, named = together(*citations).partition(READING)
        readings = named.split(", ") if named else []
        self.readings += [name for name in readings if name not in self.readings]
        read = f", reading{'s' if len(readings) > 1 else ''} {named}" if named else ""
        return glued(f"({source}{read})")

    def blank(self) -> None:
        """Leave a line free."""
        self.lines.append("")

    def line(self, text: str) -> None:
        """Write a line as it is."""
        self.lines.append(plain(text).replace(_GLUE, " ").rstrip())

    def entry(self, name: str, text: str, *, indent: int = 2, column: int = COLUMN) -> None:
        """Write a name, and a text beside it that keeps to its column."""
        head = f"{'':{indent}}{name}"
        first = f"{head:<{column}}" if len(head) < column - 1 else f"{head}  "
        wrapped = textwrap.wrap(
            plain(text),
            WIDTH,
            initial_indent=plain(first).replace(" ", _GLUE),
            subsequent_indent=" " * column,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in wrapped or [first]:
            self.line(line)

    def items(self, name: str, items: list[str], *, indent: int = 2) -> None:
        """Write things side by side, none of them split over two lines."""
        self.entry(name, "   ".join(glued(item) for item in items), indent=indent)


def glued(text: str) -> str:
    """Keep a text on one line."""
    return text.replace(" ", _GLUE)


def exactly(numerator: int, denominator: int, *, places: int = 1) -> str:
    """Write a ratio in hundredths exactly, or cut with three dots where it does not end.

    What is shown, rounded half up to ``places``, gives the same as the ratio itself.

    Examples:
        >>> exactly(20000, 3), exactly(6646, 1), exactly(694450, 100), exactly(6944999, 1000)
        ('66.66...', '66.46', '69.445', '69.44...')
    """
    units = 10**_SHOWN
    whole, rest = divmod(numerator * units, denominator * MARK_UNITS)
    if not rest:
        text = f"{whole // units}.{whole % units:0{_SHOWN}d}"
        return text[:-1].removesuffix("0") if text.endswith("0") else text
    cut = max(MARK_PLACES, places + 1)
    kept = numerator * 10**cut // (denominator * MARK_UNITS)
    return f"{kept // 10**cut}.{kept % 10**cut:0{cut}d}..."


def short(text: str) -> str:
    """Write a printed number without the zeros behind its point.

    Examples:
        >>> short("40.00"), short("37.50"), short("0.00")
        ('40', '37.5', '0')
    """
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(weight: int, total: int) -> str:
    """Write a weight as a percentage, or as a fraction where it has no end.

    Examples:
        >>> percent(400_000, 1_000_000), percent(125, 1000), percent(1_000_000, 3_000_000)
        ('40%', '12.5%', '1/3')
    """
    share = Fraction(weight, total)
    if (share * 10_000).denominator == 1:
        return f"{say_number(int(share * 10_000))}%"
    whole = say_number(weight, units=WEIGHT_UNITS), say_number(total, units=WEIGHT_UNITS)
    return "/".join(whole)


def moment(at: datetime) -> str:
    """Write a moment.

    Examples:
        >>> from datetime import datetime
        >>> moment(datetime(2023, 3, 10, 16, 0)), moment(datetime(2023, 3, 10, 16, 0, 5))
        ('10 March 2023 16:00', '10 March 2023 16:00:05')
    """
    return f"{day(at)} {at:%H:%M:%S}" if at.second else f"{day(at)} {at:%H:%M}"


def day(at: date) -> str:
    """Write a day, or the day of a moment."""
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"


def span(time: timedelta) -> str:
    """Write a length of time.

    Examples:
        >>> from datetime import timedelta
        >>> span(timedelta(days=3, hours=1, minutes=15)), span(timedelta(seconds=1))
        ('3 days 1 hour 15 minutes', '1 second')
    """
    counts = []
    for name in ("day", "hour", "minute", "second"):
        number, time = divmod(time, timedelta(**{f"{name}s": 1}))
        counts.append((number, name))
    return " ".join(f"{number} {name}{'' if number == 1 else 's'}" for number, name in counts if number)
