"""Printable: which characters of a text cannot be seen, and text as a terminal may show it."""

from __future__ import annotations

import unicodedata

SPACE = " \t\r\n\v\f"
WIDTHLESS = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff"
"""Characters of no width: joiners, and marks of the writing's direction."""
UNSEEN = f"\u00a0\u202f\u2028\u2029{WIDTHLESS}"
"""Hard spaces, breaks that no program shows, and characters of no width."""

_UNREAD = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Kinds of character that say nothing by themselves: controls, marks of direction and of no width, breaks."""


def plain(text: str) -> str:
    r"""Write out what would move the cursor of a terminal, or turn its writing round, rather than be read.

    Examples:
        >>> print(plain("69\u202e96"), plain("a\tb"), plain("\x1b[2J"))
        69\u202e96 a b \x1b[2J
    """
    return "".join(_written_out(char) if unicodedata.category(char) in _UNREAD else char for char in text)


def _written_out(char: str) -> str:
    return " " if char.isspace() else char.encode("unicode_escape").decode("ascii")
