"""Pieces: a text taken apart into runs of letters or of digits, that know where they stand and what is between them."""

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
_STRETCH = re.compile(r"[^\W_]+")
_PIECE = re.compile(r"[^\W\d_]+?(?=v\d)|[^\W\d_]+|\d+")
"""A v before a number is that of a version, and no letter of the word before it."""
_BETWEEN = re.compile(r"\s*(?:[^\w\s]|_){0,2}\s*")
"""What may stand between the words of a name."""
_PUT_IN = re.compile(r"(?:[^\w.,:;%()]|_){1,3}")
"""What may have been put into an identifier; numbers that follow each other are none."""


_APOSTROPHES = ("'", "\u2019")
_VERSION = 2
"""So many digits behind a name are its number; more behind capitals are those of a code."""


class Piece(NamedTuple):
    """A run of letters, or of digits.

    Args:
        text: what it is, folded.
        first: where it begins in the folded text.
        last: where it ends.
        stretch: where the letters and digits stand that it is of, with nothing between them: a name with a number, an identifier.
        word: where the word stands that it is of, which may have signs in it: a name with 's, an e-mail.
    """

    text: str
    first: int
    last: int
    stretch: tuple[int, int]
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
        stretches: the pieces that stand together with nothing between them, of whatever length.
    """

    written: str
    folded: Folded
    each: tuple[Piece, ...]
    follows: tuple[bool, ...]
    stretches: tuple[Run, ...]

    @classmethod
    def of(cls, text: str) -> Pieces:
        """Take a text apart.

        Examples:
            >>> [run.text for run in Pieces.of("wei_ng2: s40012345").stretches]
            ['wei', 'ng2', 's40012345']
            >>> [piece.text for piece in Pieces.of("Zo\u00eb  O'Dea, 12_a, dea2 deav3").each]
            ['zoe', 'o', 'dea', '12', 'a', 'dea', '2', 'dea', 'v', '3']
        """
        written = unicodedata.normalize("NFC", text)
        folded = fold(written)
        each: list[Piece] = []
        stretches: list[Run] = []
        for word in _WORD.finditer(folded.text):
            place = word.span()
            for stretch in _STRETCH.finditer(folded.text, *place):
                first, found, span = len(each), stretch[0], stretch.span()
                if found.isalpha():
                    each.append(Piece(found, *span, span, place))
                else:
                    pieces = _PIECE.finditer(folded.text, *span)
                    each += [Piece(one[0], *one.span(), span, place) for one in pieces]
                stretches.append(Run(first, len(each) - 1, found))
        gaps = (folded.text[one.last : other.first] for one, other in pairwise(each))
        follows = (False, *(_BETWEEN.fullmatch(gap) is not None for gap in gaps))
        return cls(written, folded, tuple(each), follows, tuple(stretches))

    @property
    def joined(self) -> str:
        """The whole text without anything between its pieces."""
        return "".join([run.text for run in self.stretches])

    def runs(self, most: int) -> list[Run]:
        """Give every run of pieces that follow each other and have ``most`` signs at most, by their first piece.

        Examples:
            >>> [run.text for run in Pieces.of("wei ng: -- 7").runs(5)]
            ['wei', 'weing', 'ng', '7']
        """
        found, each, follows = [], self.each, (*self.follows, False)
        for first, piece in enumerate(each):
            last, joined = first, piece.text
            while len(joined) <= most:
                found.append(Run(first, last, joined))
                last += 1
                if not follows[last]:
                    break
                joined += each[last].text
        return found

    def unbroken(self, run: Run) -> bool:
        """Tell whether nothing stands between the pieces of a run."""
        return self.each[run.first].stretch == self.each[run.last].stretch

    def whole(self, run: Run) -> bool:
        """Tell whether no letter and no digit stands directly before or behind a run."""
        first, last = self.each[run.first], self.each[run.last]
        return first.first == first.stretch[0] and last.last == last.stretch[1]

    def put_in(self, run: Run) -> bool:
        """Tell whether what stands between the pieces of a run may have been put into one identifier."""
        between = pairwise(self.each[run.first : run.last + 1])
        gaps = (self.folded.text[one.last : other.first] for one, other in between)
        return all(not gap or _PUT_IN.fullmatch(gap) for gap in gaps)

    def owns(self, run: Run) -> bool:
        """Tell whether an 's follows a run."""
        behind = self.each[run.last + 1 : run.last + 2]
        return any(
            piece.text == "s" and self.folded.text[self.each[run.last].last : piece.first] in _APOSTROPHES
            for piece in behind
        )

    def coded(self, run: Run) -> bool:
        """Tell whether a run is the letters of what looks like the code of a module: LAW101."""
        start, end = self.place(run.first, run.last)
        behind = self.each[run.last + 1 : run.last + 2]
        return self.written[start:end].isupper() and any(
            piece.stretch == self.each[run.first].stretch and len(piece.text) > _VERSION for piece in behind
        )

    def place(self, first: int, last: int) -> tuple[int, int]:
        """Give where some pieces are written; within an e-mail that is the whole of it."""
        start, end = self.each[first].first, self.each[last].last
        for begins, ends in (self.each[first].word, self.each[last].word):
            if "@" in self.folded.text[begins:ends]:
                start, end = min(start, begins), max(end, ends)
        return self.folded.span(start, end)


def joined(text: str) -> str:
    """Give a folded text without what stands between its pieces."""
    return "".join(_STRETCH.findall(text))


def divided(text: str) -> bool:
    """Tell whether a folded text has something between its letters and digits."""
    return len(_STRETCH.findall(text)) > 1


def parts(text: str) -> set[str]:
    """Give the words of a folded text, and the pieces of those that have signs in them.

    Examples:
        >>> sorted(parts("zoe o'dea"))
        ['dea', 'o', 'odea', 'zoe']
    """
    words = _WORD.findall(text)
    return {joined(word) for word in words} | {piece for word in words for piece in _PIECE.findall(word)}


def halves(name: str) -> set[str]:
    r"""Give what may be the given name or the surname of a name in writing without blanks, of two signs and more.

    Examples:
        >>> sorted(halves("\u738b\u5c0f\u660e")) == ["\u5c0f\u660e", "\u738b\u5c0f"], halves("wei ng")
        (True, set())
    """
    if any(unicodedata.east_asian_width(sign) != "W" for sign in name):
        return set()
    ends = {half for at in range(1, len(name)) for half in (name[:at], name[at:])}
    return {half for half in ends if len(half) > 1}
