"""How a marksheet file is understood: as its board.toml says, or as it looks where there is none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from boardkit.errors import CallError, FileError
from boardkit.problems import show
from boardkit.read.grid import holds_something
from boardkit.read.marksheet import NAME, is_board
from boardkit.read.marksheet.again import header_again, look_again
from boardkit.read.marksheet.board import from_board, sheets_of
from boardkit.read.marksheet.headers import read_headers
from boardkit.read.marksheet.load import load_plan
from boardkit.read.marksheet.places import placed
from boardkit.read.marksheet.propose import Column, Layout, propose
from boardkit.read.marksheet.totals import named_as_totals
from boardkit.read.marksheet.write import board_toml, code_in_name
from boardkit.read.names import table_named
from boardkit.read.workbook import read_workbook
from boardkit.regulations import assessing, load
from boardkit.tables import match

if TYPE_CHECKING:
    from pathlib import Path

    from boardkit.read.limits import Limits
    from boardkit.read.marksheet.plan import Marksheet
    from boardkit.read.workbook import Sheet, Workbook

_HUNDREDTHS = 2


@dataclass(frozen=True)
class Understood:
    """What was understood of a file or a board folder.

    Args:
        sheets: each workbook with the layout of one of its sheets.
        toml: what board.toml says, or would say.
        given: whether it stands there already.
    """

    sheets: list[tuple[Workbook, Layout]]
    toml: str
    given: bool


def understand(path: Path, limits: Limits | None = None) -> Understood:
    """Say how a workbook of marksheets, or a board folder, is understood.

    Args:
        path: the workbook, or the folder with its board.toml.
        limits: the guards of the workbook reader, where they are to be raised.

    Returns:
        The layouts and the board.toml. For a workbook it is a proposal, and no more than that.

    Raises:
        FileError: a file cannot be used.
        CallError: it is a folder without a board.toml.
    """
    if not path.exists():
        raise CallError(f"cannot find {path.name}. Check the path.")
    if path.is_dir():
        if not is_board(path):
            raise CallError(f"cannot use {path.name}: there is no {NAME} in it. Name a workbook.")
        return _given(path, limits)
    book = read_workbook(path, limits)
    layouts = propose(book, _components(book))
    layouts = [layout for layout in layouts if not _is_table(layout)]
    if not layouts:
        raise FileError(path, "no-marksheet", "no sheet of it is a marksheet. Name another file.")
    usable = [layout for layout in layouts if layout.of("id") and layout.of("mark")]
    named = code_in_name(path.name, usable)
    if named is not None:
        doubt = f"The module {named} is taken from the name of the file. Correct it, if it is another."
        layouts = [
            replace(layout, doubts=(*layout.doubts, doubt)) if layout in usable else layout
            for layout in layouts
        ]
    states = {code: state for name in assessing() for code, state in load(name).rules.codes.states.items()}
    return Understood(
        [(book, layout) for layout in layouts], board_toml(path.name, layouts, states), given=False
    )


def _components(book: Workbook) -> list[str]:
    """Give the components that a components table in the same workbook names."""
    index = next((sheet.index for sheet in book.sheets if table_named(sheet.name) == "components"), None)
    if index is None:
        return []
    cells = book.cells.filter((pl.col("sheet") == index) & holds_something())
    heads = cells.filter(pl.col("row") == cells["row"].min())
    named = heads.filter(pl.col("text").str.to_lowercase().str.strip_chars() == "component")["col"]
    return (
        cells.filter(pl.col("col").is_in(named.implode()) & (pl.col("row") > pl.col("row").min()))["text"]
        .unique(maintain_order=True)
        .to_list()
    )


def _is_table(layout: Layout) -> bool:
    """Tell whether a sheet is one of boardkit's own tables; one called Marks may be a marksheet all the same."""
    table = table_named(layout.sheet)
    heads = {match(column.name) for column in layout.columns}
    return table is not None and (table != "marks" or {"module", "component"} <= heads)


def _given(folder: Path, limits: Limits | None) -> Understood:
    from_board(folder, limits)  # every fault of board.toml and of what it names, as a run would find it
    content = (folder / NAME).read_bytes()
    plan = load_plan(folder / NAME, content)
    books: dict[str, Workbook] = {}
    sheets = []
    for entry in plan.sheets:
        if entry.file not in books:
            books[entry.file] = read_workbook(folder / entry.file, limits)
        book = books[entry.file]
        sheets += [(book, _as_said(book, sheet, entry)) for sheet in sheets_of(entry, book, plan)]
    return Understood(sheets, content.decode("utf-8-sig"), given=True)


def _as_said(book: Workbook, sheet: Sheet, entry: Marksheet) -> Layout:
    cells = book.cells.filter((pl.col("sheet") == sheet.index) & holds_something())
    heads = read_headers(cells, entry.header, sheet)
    student, works, _ = placed(entry, heads, sheet.name, cells)
    columns = {student: Column(student, heads.name(student), "id")}
    for work in works:
        out_of = (
            None
            if work.out_of is None
            else pl.Series([work.out_of]).cast(pl.Decimal(18, _HUNDREDTHS))[0] / 100
        )
        for name, at in work.columns.items():
            said = work.name if name == "mark" else f"{work.name}, {name}"
            columns[at] = Column(at, heads.name(at), "mark", said, out_of if name == "mark" else None)
        for at in work.parts:
            columns.setdefault(at, Column(at, heads.name(at), "part"))
    rest = {*heads.texts, *cells["col"].unique().to_list()} - columns.keys()
    columns |= {at: Column(at, heads.name(at), "") for at in rest}
    again = header_again(cells, entry.header, heads, student, [work.main for work in works])
    body = cells.filter(pl.col("row") > entry.header[-1])
    body = body if again is None else body.filter(pl.col("row") < again)
    totals = dict.fromkeys(named_as_totals(body, student, entry)[0].to_list(), "")
    ordered = tuple(columns[at] for at in sorted(columns))
    return Layout(
        show(sheet.name), sheet.index, entry.header, ordered, totals, doubts=look_again(again), again=again
    )
