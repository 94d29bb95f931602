"""Masking: texts that leave the university, with no student's name, identifier or e-mail in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from boardkit.report.anonymous import MASK

if TYPE_CHECKING:
    from boardkit.cohort import Cohort

_WORD = re.compile(r"[^\W_]+(?:[-'\u2019.@_][^\W_]+)*")
_SHORT = 3
"""A part of a name with fewer letters is mostly a word of its own."""


@dataclass(frozen=True)
class Masks:
    """What must not be said of a cohort's students.

    Args:
        whole: names of several words and e-mails, with one space between words, in small letters.
        words: identifiers, names of one word and e-mails, in small letters.
        parts: the parts of names, as they are written.
    """

    whole: frozenset[str]
    words: frozenset[str]
    parts: frozenset[str]

    @classmethod
    def of(cls, cohort: Cohort) -> Masks:
        """Take them from a cohort."""
        students = cohort.typed["students"]
        told = pl.concat([students["name"], students["email"]]).drop_nulls().to_list()
        said = {" ".join(text.split()).lower() for text in told} - {""}
        ids = {student.lower() for student in cohort.numbers.students.to_list()}
        parts = {
            part for text in told if "@" not in text for part in _WORD.findall(text) if len(part) >= _SHORT
        }
        several = {text for text in said if " " in text}
        return cls(frozenset(several), frozenset((said - several) | ids), frozenset(parts))

    def mask(self, text: str | None, *, parts: bool = True) -> str | None:
        """Give a text without them; ``parts`` of names too, unless it names staff, who may be called alike.

        Examples:
            >>> masks = Masks(frozenset({"zoe quill"}), frozenset({"40012345"}), frozenset({"Zoe", "Quill"}))
            >>> masks.mask("Asked by zoe  QUILL (40012345), and Quill again; a quill is none.")
            'Asked by [name] ([name]), and [name] again; a quill is none.'
        """
        if text is None:
            return None
        found = " ".join(text.split())
        for name in self._held(found):
            found = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", MASK, found, flags=re.IGNORECASE)
        masked = _WORD.sub(lambda word: self._word(word[0], parts=parts), found)
        return text if masked == " ".join(text.split()) else masked

    def _held(self, text: str) -> list[str]:
        """Find the names of several words that a text holds, the longest first."""
        low = text.lower()
        return sorted((name for name in self.whole if name in low), key=lambda name: (-len(name), name))

    def _word(self, word: str, *, parts: bool) -> str:
        if word.lower() in self.words or (parts and word in self.parts):
            return MASK
        return word

    def frame(self, frame: pl.DataFrame, texts: tuple[str, ...], staff: tuple[str, ...] = ()) -> pl.DataFrame:
        """Mask columns of a frame: texts that people wrote, and names of staff."""
        return frame.with_columns(self._column(frame[name], parts=name in texts) for name in (*texts, *staff))

    def _column(self, column: pl.Series, *, parts: bool) -> pl.Series:
        """Mask a column, each text that occurs once."""
        each = column.drop_nulls().unique(maintain_order=True)
        masked = pl.Series([self.mask(text, parts=parts) for text in each.to_list()], dtype=pl.String)
        return column.replace_strict(each, masked, default=None, return_dtype=pl.String)
