"""Pieces: a text taken apart into runs of letters and digits, that know where they stand and what is between them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from boardkit.folded import fold

if TYPE_CHECKING:
    from boardkit.folded import Folded

_WORD = re.compile(r"[^\W_]+(?:[-'\u2019.@_][^\W_]+)*")
_PIECE = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"\s*(?:[^\w\s]|_){0,2}\s*")
"""What may stand between the words of a name."""
_PUT_IN = re.compile(r"(?:[^\w.,:;%()]|_){1,3}")
"""What may have been put into an identifier; numbers that follow each other are none."""


class Piece(NamedTuple):
    """A run of letters and digits.

    Args:
        text: what it is, folded.
        first: where it begins in the folded text.
        last: where it ends.
        word: where the word stands that it is of, which may have signs in it: a name with 's, an e-mail.
    """

    text: str
    first: int
    last: int
    word: tuple[int, int]


class Run(NamedTuple):
    """Pieces that follow each other: the first, the last, and what they are together."""

    first: int
    last: int
    text: str


@dataclass(frozen=True)
class Pieces:
    """A text taken apart.

    Args:
        written: the text, with every accent upon its letter.
        folded: the text without case and accents.
        each: its pieces.
        follows: of each piece, whether nothing but signs of a name stands between it and the one before.
    """

    written: str
    folded: Folded
    each: tuple[Piece, ...]
    follows: tuple[bool, ...]

    @classmethod
    def of(cls, text: str) -> Pieces:
        """Take a text apart.

        Examples:
            >>> [piece.text for piece in Pieces.of("Zo\u00eb  O'Dea, 12_a").each]
            ['zoe', 'o', 'dea', '12', 'a']
        """
        written = unicodedata.normalize("NFC", text)
        folded = fold(written)
        each = tuple(
            Piece(piece[0], piece.start(), piece.end(), word.span())
            for word in _WORD.finditer(folded.text)
            for piece in _PIECE.finditer(folded.text, *word.span())
        )
        gaps = (folded.text[one.last : other.first] for one, other in pairwise(each))
        follows = (False, *(_BETWEEN.fullmatch(gap) is not None for gap in gaps))
        return cls(written, folded, each, follows)

    @property
    def joined(self) -> str:
        """The whole text without anything between its pieces."""
        return "".join(piece.text for piece in self.each)

    def runs(self, most: int) -> list[Run]:
        """Give every run of pieces that follow each other and have ``most`` signs at most, by their first piece.

        Examples:
            >>> [run.text for run in Pieces.of("wei ng: -- 7").runs(5)]
            ['wei', 'weing', 'ng', '7']
        """
        found = []
        for first, piece in enumerate(self.each):
            last, joined = first, piece.text
            while len(joined) <= most:
                found.append(Run(first, last, joined))
                last += 1
                if last == len(self.each) or not self.follows[last]:
                    break
                joined += self.each[last].text
        return found

    def put_in(self, run: Run) -> bool:
        """Tell whether what stands between the pieces of a run may have been put into one identifier."""
        between = pairwise(self.each[run.first : run.last + 1])
        return all(_PUT_IN.fullmatch(self.folded.text[one.last : other.first]) for one, other in between)

    def place(self, first: int, last: int) -> tuple[int, int]:
        """Give where some pieces are written; within an e-mail that is the whole of it."""
        start, end = self.each[first].first, self.each[last].last
        for begins, ends in (self.each[first].word, self.each[last].word):
            if "@" in self.folded.text[begins:ends]:
                start, end = min(start, begins), max(end, ends)
        return self.folded.span(start, end)


def joined(text: str) -> str:
    """Give a folded text without what stands between its pieces."""
    return "".join(_PIECE.findall(text))


def divided(text: str) -> bool:
    """Tell whether a folded text has several pieces."""
    return len(_PIECE.findall(text)) > 1


def parts(text: str) -> set[str]:
    """Give the words of a folded text, and the pieces of those that have signs in them.

    Examples:
        >>> sorted(parts("zoe o'dea"))
        ['dea', 'o', 'odea', 'zoe']
    """
    words = _WORD.findall(text)
    return {joined(word) for word in words} | {piece for word in words for piece in _PIECE.findall(word)}
