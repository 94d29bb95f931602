"""Forms read back: what was filled in, and every fault named by its cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit.check.amounts import units
from boardkit.errors import CallError
from boardkit.exact import MARK_PLACES, decimal, say
from boardkit.moderation.anonymous import script_ids
from boardkit.moderation.fitted import moderation_of
from boardkit.moderation.form import ABOUT, FILLED, KIND, SAID, SHEET
from boardkit.moderation.scripts import marked_work
from boardkit.problems import letters, show
from boardkit.read.workbook import read_workbook
from boardkit.rules.markers import unsettled

if TYPE_CHECKING:
    from pathlib import Path

    from boardkit.cohort import Cohort
    from boardkit.read.workbook import Workbook
    from boardkit.regulations import Pack

KEY = ["module", "component", "attempt", "student_id"]
"""What a script is found by."""
_LARGEST = 10_000
"""The largest mark, in hundredths."""
_KINDS = ("text", "number", "boolean", "date")
_AGREED = "agreed_mark"


@dataclass(frozen=True)
class Filled:
    """What a moderator has filled in.

    Args:
        rows: a script a row where anything was filled in, a comment alone too: its key, ``mark``, ``marker``, and what
            was filled in; marks in hundredths.
        open: how many scripts of the form were left blank.
        to_agree: how many differ and have no agreed mark (5.3).
        purpose: whose form it is.
        agree: the clause by which two markers agree one mark.
        whole: the clause by which an external's concern is about the whole cohort.
    """

    rows: pl.DataFrame
    open: int
    to_agree: int
    purpose: str
    agree: str
    whole: str

    def table(self) -> pl.DataFrame:
        """Give the rows as they are written."""
        marks = pl.col("mark", "second_mark", _AGREED)
        return self.rows.with_columns(decimal(marks, places=MARK_PLACES)).select(
            *KEY, "mark", "marker", *FILLED
        )


def read_form(path: Path, cohort: Cohort, pack: Pack, *, key: bytes | None = None) -> Filled:
    """Read a form that was filled in, against the board that its sample was drawn of.

    Args:
        path: the workbook.
        cohort: the board.
        pack: the regulations.
        key: the key of anonymous numbers, for a form that has them.

    Returns:
        What was filled in.

    Raises:
        FileError: the file is no workbook that can be read.
        CallError: it is no form; or something in it cannot be taken: a line for every fault, with its cell. An external
            examiner changes no single mark (5.7.5).
    """
    book = read_workbook(path)
    purpose = _purpose(path, book)
    index = next((sheet.index for sheet in book.sheets if sheet.name == SHEET), None)
    if index is None:
        raise CallError(f"cannot use {path.name}: it has no sheet {SHEET}. Give the form that boardkit made.")
    cells = book.cells.filter(pl.col("sheet") == index)
    heads = _heads(path, cells, purpose)
    rows, unread = _typed(cells, heads)
    known = _known(cohort, pack, purpose, key)
    joined = _join(rows, known)
    faults = [*unread, *_faults(joined, heads, purpose, pack)]
    if faults:
        raise CallError("\n".join(text for _, text in sorted(faults)))
    filled = joined.filter(pl.any_horizontal(pl.col(*FILLED).is_not_null()))
    rules = moderation_of(pack)
    open_yet = pl.coalesce(_AGREED, "has_agreed").is_null()
    differ = unsettled(pl.col("mark"), pl.col("second_mark"), pl.col("study"), pack.rules)
    to_agree = filled.filter(differ & open_yet).height
    return Filled(
        filled,
        joined.height - filled.height,
        to_agree,
        purpose,
        rules.tolerance.source,
        rules.whole_cohort.source,
    )


def _purpose(path: Path, book: Workbook) -> str:
    """Read whose form it is."""
    index = next((sheet.index for sheet in book.sheets if sheet.name == ABOUT), None)
    about = book.cells.filter(
        (pl.col("sheet") == (-1 if index is None else index)) & pl.col("text").is_not_null()
    )
    names = about.filter(pl.col("col") == 1).select("row", name="text")
    said = dict(names.join(about.filter(pl.col("col") != 1), on="row").select("name", "text").iter_rows())
    if said.get("kind") != KIND or not set(SAID) <= said.keys():
        raise CallError(f"cannot use {path.name}: it is no moderation form. Give the one that boardkit made.")
    return str(said["for"])


def _heads(path: Path, cells: pl.DataFrame, purpose: str) -> dict[str, int]:
    """Find the columns by the heads of the first row."""
    named = cells.filter((pl.col("row") == 1) & pl.col("text").is_not_null())
    twice = named.filter(pl.col("text").is_duplicated())["text"].unique().sort().to_list()
    if twice:
        raise CallError(
            f"cannot use {path.name}: its sheet {SHEET} has the column {', '.join(twice)} twice. Take out the one that "
            "was put in."
        )
    heads = dict(named.select("text", "col").iter_rows())
    who = "student_id" if purpose == "internal" else "script_id"
    wanted = ("module", "component", "attempt", who, "mark", "second_marker", "second_mark", "comment")
    lacking = [name for name in wanted if name not in heads]
    if lacking:
        raise CallError(
            f"cannot use {path.name}: its sheet {SHEET} has no column {', '.join(lacking)}. Put their heads back."
        )
    return {"who" if name == who else name: at for name, at in heads.items()}


def _cell(heads: dict[str, int], name: str, row: int) -> str:
    return f"{SHEET}!{letters(heads[name])}{row}"


def _typed(cells: pl.DataFrame, heads: dict[str, int]) -> tuple[pl.DataFrame, list[tuple[int, str]]]:
    """Give the rows with text in every column, and the cells that hold none that can be read."""
    by_column = {at: name for name, at in heads.items()}
    body = cells.filter((pl.col("row") > 1) & pl.col("col").is_in(list(by_column)))
    body = body.with_columns(name=pl.col("col").replace_strict(by_column, return_dtype=pl.String))
    odd = body.filter(~pl.col("kind").cast(pl.String).is_in(_KINDS))
    unread = [
        (row, f"{_cell(heads, name, row)}: the cell has no value that can be read. Type it again.")
        for row, name in odd.select("row", "name").iter_rows()
    ]
    texts = body.with_columns(pl.col("text").str.strip_chars().replace("", None))
    wide = texts.pivot(on="name", index="row", values="text", maintain_order=True)
    missing = [name for name in dict.fromkeys((*heads, _AGREED)) if name not in wide.columns]
    wide = wide.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in missing)
    return wide.with_columns(*(_marks(wide, name) for name in ("mark", "second_mark", _AGREED))), unread


def _marks(wide: pl.DataFrame, name: str) -> pl.Series:
    """Read marks as hundredths; null where what stands is none. What a spreadsheet keeps as 58.299999999999997 is 58.3."""
    text = wide[name]
    read = units(text, places=MARK_PLACES)
    exact = units(text.cast(pl.Float64, strict=False).cast(pl.String), places=MARK_PLACES)
    fits = ~(read["longer"] & exact["longer"])
    inside = read["units"].is_between(0, _LARGEST) & fits
    return read.select(pl.when(inside).then("units").alias(f"{name}_read")).to_series().cast(pl.Int32)


def _known(cohort: Cohort, pack: Pack, purpose: str, key: bytes | None) -> pl.DataFrame:
    """Give the marked work of the board, by what a form calls its students."""
    work = marked_work(cohort, pack).select(
        "module",
        "component",
        pl.col("attempt").cast(pl.Int64),
        "student_id",
        "mark",
        "study",
        pl.col("marker").replace("", None),
        has_second="second_mark",
        has_agreed=_AGREED,
        has_marker="second_marker",
    )
    if purpose == "internal":
        return work.with_columns(who="student_id")
    if key is None:
        raise CallError(
            "the form has anonymous numbers. Give the key that was written beside the sample: --key FILE."
        )
    return work.with_columns(script_ids(work["student_id"], key).alias("who"))


def _join(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Put what was typed beside what the board has."""
    typed = rows.select(
        "row",
        "module",
        "component",
        pl.col("attempt").cast(pl.Float64, strict=False).cast(pl.Int64, strict=False),
        "who",
        form_mark="mark_read",
        second_marker="second_marker",
        second_mark="second_mark_read",
        second_text="second_mark",
        agreed_mark="agreed_mark_read",
        agreed_text=_AGREED,
        comment="comment",
    )
    return typed.join(
        known, on=["module", "component", "attempt", "who"], how="left", maintain_order="left"
    ).with_columns(twice=pl.struct("module", "component", "attempt", "who").is_duplicated())


def _faults(joined: pl.DataFrame, heads: dict[str, int], purpose: str, pack: Pack) -> list[tuple[int, str]]:
    """Say what cannot be taken, each with its cell."""
    found: list[tuple[int, str]] = []
    whole = moderation_of(pack).whole_cohort.source
    for row in joined.to_dicts():
        found += [
            (row["row"], f"{_cell(heads, name, row['row'])}: {told}")
            for name, told in _of_row(row, purpose, whole)
            if name in heads
        ]
    return found


def _of_row(row: dict[str, Any], purpose: str, whole: str) -> list[tuple[str, str]]:
    """Say what is wrong with one row: the column, and the sentence."""
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
