"""Masking: texts that leave the university, with no student's name, identifier or e-mail in them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from boardkit.report.anonymous import MASK

if TYPE_CHECKING:
    from boardkit.cohort import Cohort

_WORD = re.compile(r"[^\W_]+(?:[-'\u2019.@_][^\W_]+)*")
_PIECE = re.compile(r"[^\W_]+")
_SHORT, _LONG = 2, 5
"""A part of a name has so many letters at least. An identifier of so many signs is none but a student's, wherever it stands."""

_COMMON = frozenset(
    [
        "an",
        "as",
        "at",
        "be",
        "by",
        "do",
        "go",
        "he",
        "if",
        "in",
        "is",
        "it",
        "me",
        "my",
        "no",
        "of",
        "on",
        "or",
        "so",
        "to",
        "up",
        "us",
        "we",
    ]
)
"""Short words that are more often a word than a name."""


@dataclass(frozen=True)
class Masks:
    """What must not be said of a cohort's students: everything without its accents, as people often leave them out.

    Args:
        whole: names of several words and identifiers with signs in them, with one space between words, in small letters.
        words: identifiers, names of one word, e-mails and what stands before their @, in small letters.
        parts: the parts of names, as they are written, in capitals and with a capital.
        long: identifiers that are looked for within words too, such as names of files.
    """

    whole: frozenset[str]
    words: frozenset[str]
    parts: frozenset[str]
    long: frozenset[str]

    @classmethod
    def of(cls, cohort: Cohort) -> Masks:
        """Take them from a cohort."""
        students = cohort.typed["students"]
        told = pl.concat([students["name"], students["email"]]).drop_nulls().to_list()
        written = [_bare(" ".join(text.split())) for text in told]
        said = {text.lower() for text in written} - {""}
        accounts = {text.split("@")[0] for text in said if "@" in text}
        ids = {_bare(student).lower() for student in cohort.numbers.students.to_list()}
        words = {word for text in written if "@" not in text for word in _WORD.findall(text)}
        parts = words | {piece for word in words for piece in _PIECE.findall(word)}
        several = {text for text in said if " " in text} | {one for one in ids if one and not one.isalnum()}
        return cls(
            whole=frozenset(several),
            words=frozenset((said - several) | ids | {name for name in accounts if len(name) >= _LONG}),
            parts=frozenset(form for part in parts if _names(part) for form in _forms(part)),
            long=frozenset(one for one in ids if len(one) >= _LONG),
        )

    def mask(self, text: str | None, *, parts: bool = True) -> str | None:
        """Give a text without them; ``parts`` of names too, unless it names staff, who may be called alike.

        Examples:
            >>> masks = Masks(
            ...     whole=frozenset({"zoe quill"}),
            ...     words=frozenset({"40012345"}),
            ...     parts=frozenset({"Zoe", "Quill"}),
            ...     long=frozenset({"40012345"}),
            ... )
            >>> masks.mask("Asked by zo\u00eb  QUILL (40012345_essay.pdf), and Quill's friend; a quill is none.")
            "Asked by [name] ([name]_essay.pdf), and [name]'s friend; a quill is none."
        """
        if text is None:
            return None
        one_spaced = unicodedata.normalize("NFC", " ".join(text.split()))
        found = self._without_whole(one_spaced)
        masked = _WORD.sub(lambda word: self._word(word[0], parts=parts), found)
        return text if masked == one_spaced else masked

    def _without_whole(self, text: str) -> str:
        """Take out names of several words, the longest first."""
        low = _bare(text).lower()
        for name in sorted((name for name in self.whole if name in low), key=lambda name: (-len(name), name)):
            spans = [found.span() for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", low)]
            for first, last in reversed(spans):
                text = f"{text[:first]}{MASK}{text[last:]}"
                low = f"{low[:first]}{MASK}{low[last:]}"
        return text

    def _word(self, word: str, *, parts: bool) -> str:
        """Mask a word, or the pieces of it that stand between signs: a name with 's, an identifier in a file's name."""
        bare = _bare(word)
        if bare.lower() in self.words or (parts and bare in self.parts):
            return MASK
        masked = _PIECE.sub(lambda piece: MASK if self._held(piece[0], parts=parts) else piece[0], word)
        return MASK if "@" in word and masked != word else masked

    def _held(self, piece: str, *, parts: bool) -> bool:
        """Tell whether a piece of a word says who it is; a short number is mostly the part of another."""
        bare = _bare(piece)
        low = bare.lower()
        named = low in self.words and (len(low) >= _LONG or not low.isdecimal())
        return named or (parts and bare in self.parts) or self._within(low)

    def _within(self, piece: str) -> bool:
        """Tell whether a long identifier stands within a piece, such as one with a letter before it."""
        ends = range(len(piece) + 1)
        return any(
            piece[first:last] in self.long for last in ends for first in range(max(0, last - _LONG + 1))
        )

    def frame(self, frame: pl.DataFrame, texts: tuple[str, ...], staff: tuple[str, ...] = ()) -> pl.DataFrame:
        """Mask columns of a frame: texts that people wrote, and names of staff."""
        return frame.with_columns(self._column(frame[name], parts=name in texts) for name in (*texts, *staff))

    def _column(self, column: pl.Series, *, parts: bool) -> pl.Series:
        """Mask a column, each text that occurs once."""
        each = column.drop_nulls().unique(maintain_order=True)
        masked = pl.Series([self.mask(text, parts=parts) for text in each.to_list()], dtype=pl.String)
        return column.replace_strict(each, masked, default=None, return_dtype=pl.String)


def _bare(text: str) -> str:
    """Give a text without accents, sign for sign, so that what is found in it is found in the text."""
    if text.isascii():
        return text
    return "".join(unicodedata.normalize("NFD", sign)[0] for sign in unicodedata.normalize("NFC", text))


def _names(part: str) -> bool:
    """Tell whether a part of a name says whose it is; one of two letters where it has a capital and is no common word."""
    return len(part) > _SHORT or (len(part) == _SHORT and part[0].isupper() and part.lower() not in _COMMON)


def _forms(part: str) -> tuple[str, str, str]:
    return part, part.upper(), part.capitalize()
