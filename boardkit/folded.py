"""Folded: a text without case, accents and what is not seen, that knows where each of its signs stands in the text."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

_UNSEEN = ("Mn", "Me", "Cf")
"""Kinds of sign that change no name: marks upon letters, and all signs of no width. `boardkit.printable` lists of these only
what is told of where it stands in a cell, and no marks, which belong to what is written there."""

_LETTERS = str.maketrans(
    {
        "\u00f8": "o",
        "\u0142": "l",
        "\u0111": "d",
        "\u00f0": "d",
        "\u00fe": "th",
        "\u00e6": "ae",
        "\u0153": "oe",
        "\u0131": "i",
        "\u0127": "h",
    }
)
"""Letters with something in them that Unicode takes for letters of their own, and people type as these."""

_WRITTEN_OUT = str.maketrans({"\u00e4": "ae", "\u00f6": "oe", "\u00fc": "ue", "\u00e5": "aa", "\u00f8": "oe"})


@dataclass(frozen=True)
class Folded:
    """A folded text.

    Args:
        text: what is left.
        starts: where each sign of it begins in the text that was folded, and where that text ends.
    """

    text: str
    starts: tuple[int, ...]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Give the place in the text of what stands from ``first`` up to ``last`` here, with the accents upon it."""
        return self.starts[first], self.starts[last]


def fold(text: str) -> Folded:
    r"""Fold a text, so that what was typed in capitals, without accents or with unseen signs in it can be compared.

    Args:
        text: with every accent upon its letter, where there is such a letter (NFC).

    Examples:
        >>> fold("M\u00dcLLER, Zo\u00eb").text, fold("Str\u00f8m\u200b\u00adberg").text
        ('muller, zoe', 'stromberg')
        >>> fold("an \u00c9").span(3, 4)
        (3, 4)
    """
    if text.isascii():
        return Folded(text.lower(), tuple(range(len(text) + 1)))
    each = [_plain(sign) for sign in text]
    starts = [at for at, plain in enumerate(each) for _ in plain]
    return Folded("".join(each), (*starts, len(text)))


def spellings(name: str) -> set[str]:
    r"""Give the ways a name is typed, folded: an umlaut is left out, or written as two letters.

    Examples:
        >>> sorted(spellings("M\u00fcller"))
        ['mueller', 'muller']
    """
    composed = unicodedata.normalize("NFC", name)
    return {fold(composed).text, fold(composed.casefold().translate(_WRITTEN_OUT)).text}


@cache
def _plain(sign: str) -> str:
    """Fold one sign: a wide letter is a letter, and an accented one is the letter beneath."""
    wide = unicodedata.normalize("NFKC", sign).casefold()
    return "".join(_beneath(one) for one in wide).translate(_LETTERS)


def _beneath(sign: str) -> str:
    if unicodedata.category(sign) in _UNSEEN:
        return ""
    apart = unicodedata.normalize("NFD", sign)
    return apart[0] if all(unicodedata.category(mark) in _UNSEEN for mark in apart[1:]) else sign
