"""A board folder: board.toml, and beside it the files that it names."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.cohort import InputFile
from boardkit.errors import CallError, FileError
from boardkit.problems import Source, found, found_at, show
from boardkit.read.csv import from_csv
from boardkit.read.marksheet import NAME
from boardkit.read.marksheet.attempts import count_attempts
from boardkit.read.marksheet.declared import declared
from boardkit.read.marksheet.load import load_plan
from boardkit.read.marksheet.places import works_of
from boardkit.read.marksheet.plan import EVERY
from boardkit.read.marksheet.wide import read_marksheet
from boardkit.read.names import lacking, table_named
from boardkit.read.raw import Raw
from boardkit.read.sheets import from_workbook
from boardkit.read.workbook import read_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from boardkit.read.limits import Limits
    from boardkit.read.marksheet.plan import Marksheet, Plan
    from boardkit.read.marksheet.wide import Long
    from boardkit.read.sheets import Found
    from boardkit.read.workbook import Sheet, Workbook


def from_board(folder: Path, limits: Limits | None = None) -> Found:
    """Take every table of a board folder.

    Args:
        folder: the folder.
        limits: the guards of the workbook reader, where they are to be raised.

    Returns:
        The tables as found, their sources, the problems, and the files with their digests.

    Raises:
        FileError: board.toml or a file that it names cannot be used.
        CallError: a table is given twice.
    """
    return _Board(folder, limits).read()


@dataclass
class _Board:
    """A board folder being read."""

    folder: Path
    limits: Limits | None
    raws: list[Raw] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    problems: list[pl.DataFrame] = field(default_factory=list)
    files: dict[str, InputFile] = field(default_factory=dict)
    books: dict[str, Workbook] = field(default_factory=dict)

    def read(self) -> Found:
        path = self.folder / NAME
        content = self._bytes(NAME)
        plan = load_plan(path, content)
        raws, sources = declared(plan, content.decode("utf-8-sig"), NAME, 0)
        self.raws += raws
        self.sources += sources
        for name in plan.tables:
            self._tables(name, plan)
        self._known_work(plan)
        if plan.sheets:
            self._marks(plan)
        self._told_once_each()
        self._not_named(plan)
        if missing := lacking(self.raws, self.sources):
            raise FileError(self.folder, "column-missing", missing)
        return self.raws, self.sources, self.problems, list(self.files.values())

    def _path(self, name: str) -> Path:
        path = self.folder / name
        if path.parent.resolve() != self.folder.resolve():
            raise FileError(
                self.folder / NAME, "not-beside", f'"{show(name)}" is not beside board.toml. Put it there.'
            )
        if not path.is_file():
            raise FileError(
                self.folder / NAME,
                "missing",
                f'it names "{show(name)}", and there is no such file beside it. Correct the name.',
            )
        return path

    def _bytes(self, name: str) -> bytes:
        path = self._path(name)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise FileError(path, "not-readable", f"it cannot be read ({error.strerror}).") from error
        self.files[name] = InputFile(name, hashlib.sha256(content).hexdigest(), len(content))
        return content

    def _tables(self, name: str, plan: Plan) -> None:
        """Take the tables of a file that holds them as boardkit has them."""
        path, first = self._path(name), len(self.sources)
        if path.suffix.lower() == ".csv":
            table = table_named(path.stem)
            if table is None:
                raise FileError(
                    path, "no-table", f"it is not named after a table ({', '.join(tables.INPUT)}). Rename it."
                )
            raw, source, faults = from_csv(path, self._bytes(name), table, first)
            found_: Found = ([raw], [source], faults, [self.files[name]])
        else:
            apart = {sheet for one in plan.sheets if one.file == name for sheet in one.sheet or ()}
            raws, sources, problems, files = from_workbook(path, self.limits, apart=apart)
            shift = pl.lit(first, dtype=pl.UInt16)
            found_ = (
                [replace(raw, source=raw.source + first) for raw in raws],
                sources,
                [one.with_columns(pl.col("_src") + shift) for one in problems],
                files,
            )
        self.raws += found_[0]
        self.sources += found_[1]
        self.problems += found_[2]
        self.files |= {file.name: file for file in found_[3]}

    def _known_work(self, plan: Plan) -> None:
        """Refuse marksheets of modules and components that a given table does not hold."""
        held = {raw.table: raw.rows for raw in self.raws}
        for table, keys in (("modules", ["module"]), ("components", ["module", "component"])):
            if table not in held or not set(keys) <= set(held[table].columns):
                continue
            known = set(held[table].select(pl.col(keys).cast(pl.String).str.strip_chars()).iter_rows())
            for at, sheet in enumerate(plan.sheets, start=1):
                for name in sheet.sheet or ("",):
                    for module, component, _ in works_of(sheet, name):
                        if sheet.module_from and name in ("", EVERY):
                            continue
                        if (module, component)[: len(keys)] not in known:
                            what = " ".join((module, component)[: len(keys)])
                            raise FileError(
                                self.folder / NAME,
                                "board-toml",
                                f'sheets[{at}]: "{show(what)}" is not in the {table} table. Correct it, or add it.',
                            )

    def _book(self, name: str) -> Workbook:
        if name not in self.books:
            path = self._path(name)
            self.books[name] = read_workbook(path, self.limits)
            self._bytes(name)
        return self.books[name]

    def _marks(self, plan: Plan) -> None:
        if any(raw.table == "marks" for raw in self.raws):
            raise CallError(
                f"cannot use {self.folder.name}: board.toml names marksheets, and a marks table is given. Keep one."
            )
        first = len(self.sources)
        longs: list[tuple[Marksheet, Long]] = []
        for entry in plan.sheets:
            book = self._book(entry.file)
            for sheet in sheets_of(entry, book, plan):
                long = read_marksheet(book, sheet, entry, len(self.sources))
                self.sources += long.sources
                self.problems += long.problems
                longs.append((entry, long))
        rows = count_attempts([(entry.attempt == "next", long.rows) for entry, long in longs])
        for entry, long in longs:
            if entry.attempt == "next":
                sentence = "The attempts were counted from the sheets before this one, as board.toml says."
                whole = self.sources.index(long.sources[0])
                self.problems.append(found_at("attempts-counted", whole, None, sentence))
        kinds = pl.concat([long.kinds for _, long in longs])
        self.raws.append(Raw("marks", first, rows, kinds))

    def _told_once_each(self) -> None:
        """Refuse a table that is given twice; tell what the marksheets' workbooks say of themselves."""
        counted: dict[str, int] = {}
        for raw in self.raws:
            counted[raw.table] = counted.get(raw.table, 0) + 1
        if twice := [name for name, count in counted.items() if count > 1]:
            raise CallError(
                f"cannot use {self.folder.name}: the {twice[0]} table is given twice, in board.toml or its tables. "
                "Keep one."
            )
        for name, book in self.books.items():
            for note in book.notes:
                self.sources.append(Source("", file=name))
                self.problems.append(
                    found_at("not-checked", len(self.sources) - 1, None, note[:1].upper() + note[1:])
                )

    def _not_named(self, plan: Plan) -> None:
        """Tell of sheets with cells, and of files, that board.toml does not name."""
        read = {(source.file, source.sheet) for source in self.sources}
        for name, book in self.books.items():
            filled = set(book.cells["sheet"].unique().to_list())
            for sheet in book.sheets:
                if sheet.index in filled and (name, sheet.name) not in read:
                    self._told(f'The sheet "{show(sheet.name)}"', name, sheet.name)
        named = {NAME, *plan.tables, *(sheet.file for sheet in plan.sheets)}
        for path in sorted(self.folder.iterdir()):
            if path.is_file() and path.name not in named and not path.name.startswith((".", "~$")):
                self._told(f"The file {show(path.name)}", path.name, "")

    def _told(self, what: str, file: str, sheet: str) -> None:
        self.sources.append(Source("", file=file, sheet=sheet))
        row = pl.DataFrame(
            {"_src": [len(self.sources) - 1], "_row": [None]}, schema={"_src": pl.UInt16, "_row": pl.UInt32}
        )
        sentence = f"{what} is not named in board.toml and was not read."
        action = "Name it there, if it is wanted."
        self.problems.append(found("table-unknown", row, message=sentence, action=action))


def sheets_of(entry: Marksheet, book: Workbook, plan: Plan) -> list[Sheet]:
    """Give the sheets that an entry of board.toml names.

    Args:
        entry: the entry.
        book: the workbook that it names.
        plan: the whole of board.toml: a sheet that another entry names is not taken by ``*``.

    Raises:
        FileError: no sheet, or more than one, is so called.
    """
    listed = [show(sheet.name) for sheet in book.sheets]
    filled = set(book.cells["sheet"].unique().to_list())
    named_elsewhere = {
        name for one in plan.sheets if one.file == entry.file and one is not entry for name in one.sheet or ()
    }
    held = [sheet for sheet in book.sheets if sheet.index in filled and sheet.name not in named_elsewhere]
    if entry.sheet == (EVERY,):
        return held
    if entry.sheet is None:
        if len(held) == 1:
            return held
        why = f"it has {len(held)} sheets with cells. Say which in board.toml, sheet = one of: {', '.join(listed)}."
        raise FileError(book.path, "which-sheet", why)
    chosen = []
    for name in entry.sheet:
        fits = [sheet for sheet in book.sheets if sheet.name.strip() == name.strip()]
        if len(fits) != 1:
            how = "two sheets are" if fits else "no sheet is"
            why = f'{how} called "{show(name)}", which board.toml names. Its sheets: {", ".join(listed)}.'
            raise FileError(book.path, "which-sheet", why)
        chosen.append(fits[0])
    return chosen
