"""Faults of a form: what in it cannot be taken, each named by its cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from boardkit.exact import say
from boardkit.moderation.fitted import moderation_of
from boardkit.moderation.form import SHEET
from boardkit.problems import letters, show

if TYPE_CHECKING:
    import polars as pl

    from boardkit.regulations import Pack

_AGREED = "agreed_mark"


def cell_of(heads: dict[str, int], name: str, row: int) -> str:
    """Name a cell of a form by the head of its column."""
    return f"{SHEET}!{letters(heads[name])}{row}"


def faults_of(joined: pl.DataFrame, heads: dict[str, int], purpose: str, pack: Pack) -> list[tuple[int, str]]:
    """Say what cannot be taken: the row, and the sentence with its cell."""
    found: list[tuple[int, str]] = []
    whole = moderation_of(pack).whole_cohort.source
    for row in joined.to_dicts():
        found += [
            (row["row"], f"{cell_of(heads, name, row['row'])}: {told}")
            for name, told in _of_row(row, purpose, whole)
            if name in heads
        ]
    return found


def _of_row(row: dict[str, Any], purpose: str, whole: str) -> list[tuple[str, str]]:
    """Say what is wrong with one row: the column, and the sentence."""
    if not row["drawn"]:
        other = (
            f'"{show(row["who"] or "")}" is not in the sample that the form was made of. Put back what stood in the row, or '
            "take the row out; boardkit sample --add draws a script besides."
        )
        return [("who", other)]
    if row["student_id"] is None:
        return [
            (
                "who",
                f'"{show(row["who"] or "")}" has no such marked work on this board. Do not change this column.',
            )
        ]
    told = []
    if row["twice"]:
        told.append(("who", "the script stands twice on the form. Keep one row."))
    if row["form_mark"] != row["mark"]:
        now = f"the board has {say(row['mark'], places=2)} now. Draw the sample again, or put the mark back."
        told.append(("mark", now))
    for name, text in (("second_mark", row["second_text"]), (_AGREED, row["agreed_text"])):
        if text is not None and row[name] is None:
            odd = f'"{show(text)}" is not a mark from 0 to 100 with two places at most. Type it again.'
            told.append((name, odd))
    if row["second_mark"] is not None and row["second_marker"] is None:
        told.append(("second_marker", "a second mark and no second marker. Type who gave it."))
    return told + (_of_external(row, whole) if purpose == "external" else _of_internal(row))


def _of_external(row: dict[str, Any], whole: str) -> list[tuple[str, str]]:
    """An external examiner's concern is about the whole cohort (5.7.5)."""
    if row["agreed_text"] is None:
        return []
    told = f"an external examiner may not change one mark ({whole}). Take it out, and recommend for the whole cohort."
    return [(_AGREED, told)]


def _of_internal(row: dict[str, Any]) -> list[tuple[str, str]]:
    told = []
    if row["second_text"] is None and row["agreed_text"] is not None:
        told.append((_AGREED, "an agreed mark and no second mark. Type the second mark too."))
    for name, has in (("second_mark", row["has_second"]), (_AGREED, row["has_agreed"])):
        if row[name] is not None and has is not None and has != row[name]:
            stands = f"the board has {say(has, places=2)} already, and nothing is overwritten. Settle which stands."
            told.append((name, stands))
    stated, has = row["second_marker"], row["has_marker"]
    if stated is not None and has is not None and stated != has.strip():
        stands = f'the board has "{show(has)}" already, and nothing is overwritten. Settle who it was.'
        told.append(("second_marker", stands))
    return told
