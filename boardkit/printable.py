"""Printable: text as a terminal may show it."""

from __future__ import annotations

import unicodedata

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
