"""Forms read back: what was filled in, and every fault named by its cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from boardkit.check.amounts import units
from boardkit.errors import CallError
from boardkit.exact import MARK_PLACES, decimal
from boardkit.moderation.anonymous import script_ids
from boardkit.moderation.fitted import moderation_of
from boardkit.moderation.form import ABOUT, DRAWN, FILLED, KIND, LIST, SAID, SHEET
from boardkit.moderation.form_faults import cell_of, faults_of
from boardkit.moderation.scripts import marked_work
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
_UNSEEN = r"^[\s\p{Cf}]+|[\s\p{Cf}]+$"
"""Blanks and signs of no width about what was typed: all there are, more than `boardkit.printable` lists for
the cells of a board. A comment that cannot be seen is none, whatever it is made of."""
_KINDS = ("text", "number", "boolean", "date")
_AGREED = "agreed_mark"


@dataclass(frozen=True)
class Filled:
    """What a moderator has filled in.

    Args:
        rows: a script a row where anything was filled in, a comment alone too: its key, ``mark``, ``marker``, and what
            was filled in; marks in hundredths.
        open: how many scripts of the sample were left blank, or taken out of the form.
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
    cells = _cells(book, SHEET)
    heads = _heads(path, cells, purpose)
    rows, unread = _typed(cells, heads)
    known = _known(cohort, pack, purpose, key)
    drawn = _drawn(book)
    _refuse_another(path, drawn, known, purpose)
    joined = _join(rows, known, drawn)
    told = {_place(fault) for fault in unread}
    besides = [fault for fault in faults_of(joined, heads, purpose, pack) if _place(fault) not in told]
    if faults := [*_merged(book), *unread, *besides]:
        raise CallError("\n".join(text for _, text in sorted(faults)))
    filled = joined.filter(pl.any_horizontal(pl.col(*FILLED).is_not_null()))
    rules = moderation_of(pack)
    open_yet = pl.coalesce(_AGREED, "has_agreed").is_null()
    differ = unsettled(pl.col("mark"), pl.col("second_mark"), pl.col("study"), pack.rules)
    to_agree = filled.filter(differ & open_yet).height
    return Filled(
        filled,
        drawn.height - filled.height,
        to_agree,
        purpose,
        rules.tolerance.source,
        rules.whole_cohort.source,
    )


def _cells(book: Workbook, name: str) -> pl.DataFrame:
    """Give the cells of a sheet that every form has.

    Raises:
        CallError: it is not there.
    """
    index = next((sheet.index for sheet in book.sheets if sheet.name == name), None)
    if index is None:
        raise CallError(
            f"cannot use {book.path.name}: it has no sheet {name}. Give the form that boardkit made."
        )
    return book.cells.filter(pl.col("sheet") == index)


def _merged(book: Workbook) -> list[tuple[int, str]]:
    """Say which cells are merged: whose the one value is cannot be told."""
    areas = next(sheet.merges for sheet in book.sheets if sheet.name == SHEET)
    told = "these cells are merged. Take them apart, and type what is meant in each row."
    return [(0, f"{SHEET}!{area.replace(':', ' to ')}: {told}") for area in areas]


def _place(fault: tuple[int, str]) -> str:
    return fault[1].split(":", 1)[0]


def _refuse_another(path: Path, drawn: pl.DataFrame, known: pl.DataFrame, purpose: str) -> None:
    """Refuse a form none of whose scripts is on the board, rather than name every row of it.

    Raises:
        CallError: there is none.
    """
    if drawn.is_empty() or drawn.join(known, on=DRAWN, how="semi").height:
        return
    give = "the board that the sample was drawn of"
    if purpose != "internal":
        give += ", and the key that was written beside it"
    raise CallError(f"cannot use {path.name}: no script of it is on this board. Give {give}.")


def _purpose(path: Path, book: Workbook) -> str:
    """Read whose form it is."""
    found = any(sheet.name == ABOUT for sheet in book.sheets)
    about = (_cells(book, ABOUT) if found else book.cells.clear()).filter(pl.col("text").is_not_null())
    names = about.filter(pl.col("col") == 1).select("row", name="text")
    said = dict(names.join(about.filter(pl.col("col") != 1), on="row").select("name", "text").iter_rows())
    if said.get("kind") != KIND or not set(SAID) <= said.keys():
        raise CallError(f"cannot use {path.name}: it is no moderation form. Give the one that boardkit made.")
    return str(said["for"])


def _drawn(book: Workbook) -> pl.DataFrame:
    """Read which scripts were drawn; the form may have lost some and been given others."""
    columns = dict(enumerate(DRAWN, start=1))
    body = _cells(book, LIST).filter(pl.col("col").is_in(list(columns)))
    named = body.with_columns(name=pl.col("col").replace_strict(columns, return_dtype=pl.String))
    wide = named.pivot(on="name", index="row", values="text", maintain_order=True)
    lacking = [pl.lit(None, dtype=pl.String).alias(name) for name in DRAWN if name not in wide.columns]
    return (
        wide.with_columns(lacking)
        .select(*DRAWN[:2], _whole("attempt"), DRAWN[3], drawn=pl.lit(value=True))
        .unique(maintain_order=True)
    )


def _whole(name: str) -> pl.Expr:
    """Read a whole number of a cell; null where it is none."""
    number = pl.col(name).cast(pl.Float64, strict=False)
    return pl.when(number == number.floor()).then(number).cast(pl.Int64, strict=False).alias(name)


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


def _typed(cells: pl.DataFrame, heads: dict[str, int]) -> tuple[pl.DataFrame, list[tuple[int, str]]]:
    """Give the rows with text in every column, and the cells that hold none that can be read."""
    by_column = {at: name for name, at in heads.items()}
    body = cells.filter((pl.col("row") > 1) & pl.col("col").is_in(list(by_column)))
    body = body.with_columns(name=pl.col("col").replace_strict(by_column, return_dtype=pl.String))
    odd = body.filter(~pl.col("kind").cast(pl.String).is_in(_KINDS))
    unread = [
        (row, f"{cell_of(heads, name, row)}: the cell has no value that can be read. Type it again.")
        for row, name in odd.select("row", "name").iter_rows()
    ]
    texts = body.with_columns(pl.col("text").str.replace_all(_UNSEEN, "").replace("", None))
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


def _join(rows: pl.DataFrame, known: pl.DataFrame, drawn: pl.DataFrame) -> pl.DataFrame:
    """Put what was typed beside what the board has, and whether it was drawn."""
    typed = rows.select(
        "row",
        "module",
        "component",
        _whole("attempt"),
        "who",
        form_mark="mark_read",
        second_marker="second_marker",
        second_mark="second_mark_read",
        second_text="second_mark",
        agreed_mark="agreed_mark_read",
        agreed_text=_AGREED,
        comment="comment",
    )
    return (
        typed.join(known, on=DRAWN, how="left", maintain_order="left")
        .join(drawn, on=DRAWN, how="left", maintain_order="left")
        .with_columns(pl.col("drawn").fill_null(value=False), twice=pl.struct(DRAWN).is_duplicated())
    )
