"""Masking: texts with no student's name and e-mail in them, nor identifier where it has to stay away too.

What is looked for are runs of letters or digits one after the other, whatever stands between them: so a name is found in
any case, with other accents, spacing or signs, beside a number, and an identifier with blanks put in.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from boardkit.folded import fold, spellings
from boardkit.ordinary import NEVER_ALONE, ORDINARY, TITLES
from boardkit.pieces import Pieces, divided, halves, joined
from boardkit.pieces import parts as parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from boardkit.cohort import Cohort
    from boardkit.pieces import Run

MASK = "[name]"
"""What stands in a text where a name stood."""

_SHORT, _LONG = 2, 5
"""A part of a name has so many letters at least. An identifier of so many signs is none but a student's, wherever it stands."""


_MOST_PARTS = 4
"""So many parts of a name are looked for in one word."""


class _Part(NamedTuple):
    """A run of pieces that is a part of names, and whose."""

    run: Run
    owners: frozenset[int]


@dataclass(frozen=True)
class Masks:
    """What must not be said of a cohort's students, folded and without whatever stands between letters and digits.

    Args:
        alone: every name and e-mail, looked for where a text holds nothing else.
        several: those of several words, looked for wherever they stand.
        words: identifiers, and what stands before the @ of an e-mail, that are a word.
        parts: the parts of names, each with the number of those that have it.
        spaced: identifiers that are long enough to be looked for with blanks put in.
        within: what is looked for within words too: such identifiers, and names in writing that has no capitals.
        sizes: how many signs these have.
        most: how many signs the longest of all has.
    """

    alone: frozenset[str]
    several: frozenset[str]
    words: frozenset[str]
    parts: Mapping[str, frozenset[int]]
    spaced: frozenset[str]
    within: frozenset[str]
    sizes: frozenset[int]
    most: int

    @classmethod
    def of(cls, cohort: Cohort, *, identifiers: bool = True) -> Masks:
        """Take them from a cohort; without ``identifiers`` they may be said."""
        students = cohort.typed["students"]
        told = pl.concat([students["name"], students["email"]]).drop_nulls().unique(maintain_order=True)
        return cls.made(told, cohort.numbers.students if identifiers else ())

    @classmethod
    def made(cls, told: Iterable[str], identifiers: Iterable[str] = ()) -> Masks:
        """Make them of names and e-mails, and of identifiers."""
        forms = [(at, form) for at, text in enumerate(told) for form in spellings(text)]
        names = {form for _, form in forms if "@" not in form}
        accounts = {form.split("@")[0] for _, form in forms}
        ids = {joined(form): form for form in (fold(one).text for one in identifiers)}
        parts: dict[str, set[int]] = defaultdict(set)
        for at, form in forms:
            for part in parts_of(form) if form in names else ():
                if len(part) >= _SHORT and part.isalpha():
                    parts[part].add(at)
        alone = {joined(form) for _, form in forms} - {""}
        several = {joined(form) for form in (*(form for _, form in forms), *accounts) if divided(form)}
        several |= {key for key, form in ids.items() if key != form} - {""}
        single = {name for name in accounts if not divided(name) and len(name) >= _LONG} - parts.keys()
        spaced = {key for key in ids if len(key) >= _LONG}
        within = spaced | {key for key in (*alone, *parts) if len(key) >= _SHORT and _caseless(key)}
        for at, form in forms:  # not within words: two signs of such writing are often those of another word
            for half in halves(form):
                parts[half].add(at)
        return cls(
            alone=frozenset(alone),
            several=frozenset(several),
            words=frozenset((ids.keys() | single) - {""}),
            parts={part: frozenset(owners) for part, owners in parts.items()},
            spaced=frozenset(spaced),
            within=frozenset(within),
            sizes=frozenset(map(len, within)),
            most=max(map(len, (*alone, *several, *ids)), default=0),
        )

    def mask(self, text: str | None, *, parts: bool = True) -> str | None:
        """Give a text without them.

        Args:
            text: what somebody wrote.
            parts: whether a part of a name is taken out by itself. Where a text names staff, who may be called alike, or
                has sentences of boardkit's own, only whole names are, and two parts of one name beside each other.

        Examples:
            >>> masks = Masks.made(["Zo\u00eb Quiller", "Mary Long"], ["40012345"])
            >>> masks.mask("Asked by ZOE  QUILLER (40012345_essay.pdf), quiller's friend: a long essay of Long's.")
            "Asked by [name] ([name]_essay.pdf), [name]'s friend: a long essay of [name]'s."
            >>> masks.mask("long, mary and 4001 2345 were marked by Dr Long", parts=False)
            '[name], [name] and [name] were marked by Dr Long'
        """
        if text is None or not self.most:
            return text
        pieces = Pieces.of(text)
        if pieces.joined in self.alone:
            return MASK
        runs = pieces.runs(self.most)
        stretches = (run for run in pieces.stretches if self._identifies(run, pieces))
        found = [*stretches, *self._whole(pieces, runs), *self._named(pieces, runs, parts=parts)]
        if not found:
            return text
        return _without(pieces.written, (pieces.place(run.first, run.last) for run in found))

    def frame(self, frame: pl.DataFrame, columns: Iterable[str], *, parts: bool = True) -> pl.DataFrame:
        """Mask columns of a frame, each text that occurs once."""
        return frame.with_columns(self._column(frame[name], parts=parts) for name in columns)

    def _column(self, column: pl.Series, *, parts: bool) -> pl.Series:
        each = column.drop_nulls().unique(maintain_order=True)
        masked = pl.Series([self.mask(text, parts=parts) for text in each.to_list()], dtype=pl.String)
        return column.replace_strict(each, masked, default=None, return_dtype=pl.String)

    def _identifies(self, run: Run, pieces: Pieces) -> bool:
        """Tell whether letters and digits that stand together are an identifier, or hold what is found within words.

        A short number is mostly the part of another.
        """
        text = run.text
        if text in self.words:
            piece = pieces.each[run.first]
            return len(text) >= _LONG or not text.isdecimal() or piece.word == piece.stretch
        return any(
            text[at : at + size] in self.within for size in self.sizes for at in range(len(text) - size + 1)
        )

    def _whole(self, pieces: Pieces, runs: list[Run]) -> Iterator[Run]:
        """Find names of several words, e-mails and identifiers; those with digits where no other digit or letter is theirs."""
        for run in runs:
            first, last, text = run
            found = text in self.several and (text.isalpha() or pieces.whole(run))
            # Most runs are nothing: of letters with nothing between them only a v can be a piece behind another.
            if not found and first != last and text[-1] != "v" and text not in self.spaced:
                continue
            if first == last or pieces.unbroken(run):
                found = len(text) >= _LONG and (found or self._turned(text))
                found = found and not (text in ORDINARY and _small(run, pieces))
            elif text in self.spaced:
                found = found or (pieces.whole(run) and pieces.put_in(run))
            if found:
                yield run

    def _turned(self, text: str, owners: frozenset[int] | None = None, most: int = _MOST_PARTS) -> bool:
        """Tell whether a word is parts of one name in whatever order, as files are named: surname first, without a middle name."""
        if owners is not None and not owners.isdisjoint(self.parts.get(text, ())):
            return True
        for at in range(_SHORT, len(text) - _SHORT + 1 if most > 1 else 0):
            found = self.parts.get(text[:at])
            if found and self._turned(text[at:], found if owners is None else found & owners, most - 1):
                return True
        return False

    def _named(self, pieces: Pieces, runs: list[Run], *, parts: bool) -> Iterator[Run]:
        """Find parts of names that mean a student."""
        found = self._parts_in(pieces, runs)
        for at, part in enumerate(found):
            beside = found[max(0, at - 1) : at] + found[at + 1 : at + 2]
            if any(_of_one(part, other, pieces) for other in beside) or (
                parts and _says_who(part.run, pieces)
            ):
                yield part.run

    def _parts_in(self, pieces: Pieces, runs: list[Run]) -> list[_Part]:
        """Find all parts of names, the longest at each place."""
        found: list[_Part] = []
        for run in runs:
            owners = self.parts.get(run.text)
            if owners is None or pieces.each[run.first].word != pieces.each[run.last].word:
                continue
            if found and found[-1].run.first == run.first:
                found.pop()
            if not found or found[-1].run.last < run.first:
                found.append(_Part(run, owners))
        return found


def _of_one(part: _Part, other: _Part, pieces: Pieces) -> bool:
    """Tell whether two parts are of one name and stand beside each other, with initials between them at most."""
    before, after = sorted((part.run, other.run))
    return (
        part.run.text != other.run.text
        and not part.owners.isdisjoint(other.owners)
        and all(pieces.follows[before.last + 1 : after.first + 1])
        and all(len(initial.text) == 1 for initial in pieces.each[before.last + 1 : after.first])
    )


def _says_who(run: Run, pieces: Pieces) -> bool:
    """Tell whether a part of a name by itself means a student: in small letters only where it is no ordinary word."""
    if run.first and pieces.follows[run.first] and pieces.each[run.first - 1].text in TITLES:
        return True
    if run.text in NEVER_ALONE:
        return False
    short, ordinary = len(run.text) <= _SHORT, run.text in ORDINARY
    if (short or ordinary) and pieces.coded(run):
        return False
    return not _small(run, pieces) or (pieces.owns(run) if short else not ordinary)


def _small(run: Run, pieces: Pieces) -> bool:
    """Tell whether a run is written in small letters."""
    start, end = pieces.place(run.first, run.last)
    return pieces.written[start:end].islower()


def _without(text: str, places: Iterable[tuple[int, int]]) -> str:
    """Put the mask in place of what stands at some places, once where they overlap."""
    made, at = [], 0
    for first, last in sorted(places):
        if first >= at:
            made += [text[at:first], MASK]
        at = max(at, last)
    return "".join([*made, text[at:]])


def _caseless(text: str) -> bool:
    """Tell whether a name is in writing that has no capitals."""
    return text.isalpha() and text.lower() == text.upper()
