"""A marksheet alone: one sheet, a row a student, whose column the coordinator names; nothing about it is guessed."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.check import check
from boardkit.cohort import InputFile
from boardkit.errors import FileError
from boardkit.problems import show
from boardkit.read import read
from boardkit.read.csv import from_csv
from boardkit.read.limits import raised
from boardkit.read.marksheet.plan import Marksheet
from boardkit.read.marksheet.wide import read_marksheet
from boardkit.read.raw import Raw
from boardkit.read.workbook import read_workbook
from boardkit.regulations import load

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from boardkit.cohort import Cohort, Study
    from boardkit.problems import Source
    from boardkit.read.workbook import Sheet, Workbook

_NO_BOARD = ("no-table", "column-missing")
"""Why a workbook is no board: it may be a marksheet."""


def read_board_or_sheet(  # noqa: PLR0913 - what a source is read with
    source: Path,
    *,
    module: str | None,
    component: str | None,
    student: str | None = None,
    kind: str | None = None,
    presentation: str | None = None,
    regulations: str,
    study: Study | None = None,
    limits: Mapping[str, int] | None = None,
) -> Cohort:
    """Read a board; or, of a workbook that is none, the one column of marks that is named.

    Args:
        source: a workbook, a folder or a marksheet.
        module: whose marks a marksheet holds.
        component: what the column of marks is headed.
        student: what the column of students is headed, where it is not called student_id.
        kind: as for ``bk.read``, as are the others.
        presentation: one presentation of a known export.
        regulations: the pack whose codes may stand in mark cells.
        study: the study of the module.
        limits: the guards of the workbook reader.

    Returns:
        The cohort.

    Raises:
        FileError: the file is neither.
    """
    if source.suffix.lower() == ".csv" and source.is_file() and module is not None and component is not None:
        return _of_text(source, module, component, student, regulations=regulations, study=study)
    try:
        return read(
            source, kind=kind, presentation=presentation, regulations=regulations, study=study, limits=limits
        )
    except FileError as error:
        if error.code not in _NO_BOARD or source.is_dir():
            raise
        if module is None or component is None:
            raise FileError(
                source,
                error.code,
                f"{error.why.rstrip('.')}. If it is one marksheet, say whose it is and what its column of marks is "
                "headed: --module CODE --component HEADER.",
            ) from error
    book = read_workbook(source, raised(limits or {}))
    sheet, entry = _where(book, module, component, student)
    long = read_marksheet(book, sheet, entry, 0)
    raw = Raw("marks", 0, long.rows.with_columns(attempt=pl.lit("1")), long.kinds)
    return _checked(source, raw, long.sources, long.problems, regulations, study)


def _checked(  # noqa: PLR0913, PLR0917 - a cohort is made of these
    source: Path,
    raw: Raw,
    sources: list[Source],
    problems: list[pl.DataFrame],
    regulations: str,
    study: Study | None,
) -> Cohort:
    content = source.read_bytes()
    return check(
        [raw],
        sources,
        codes_for=lambda _: load(regulations).rules.codes.states,
        found=problems,
        files=[InputFile(source.name, hashlib.sha256(content).hexdigest(), len(content))],
        study=study,
    )


def _of_text(  # noqa: PLR0913 - whose marks they are, and how they are read
    source: Path, module: str, component: str, student: str | None, *, regulations: str, study: Study | None
) -> Cohort:
    """Read one column of a marksheet in CSV, its headers in the first row."""
    raw, place, problems = from_csv(source, source.read_bytes(), "marks", 0)
    wanted = {tables.match(student or "student_id"): "student_id", tables.match(component): "mark"}
    names = {name: wanted[tables.match(name)] for name in place.columns if tables.match(name) in wanted}
    if sorted(names.values()) != sorted(wanted.values()):
        raise FileError(
            source, "column-missing", _no_heads("its first row has not", student, component, source)
        )
    kept = [name for name in ("marker", *names) if name in raw.rows.columns]
    rows = (
        raw.rows.select("_row", *dict.fromkeys(kept))
        .rename(names)
        .with_columns(module=pl.lit(module), component=pl.lit(component), attempt=pl.lit("1"))
    )
    columns = {names.get(name, name): at for name, at in place.columns.items()}
    told = [part.filter(~pl.col("column").is_in(list(names)).fill_null(value=False)) for part in problems]
    return _checked(
        source, Raw("marks", 0, rows), [replace(place, columns=columns)], told, regulations, study
    )


def _no_heads(found: str, student: str | None, component: str, path: Path) -> str:
    layout = "" if path.suffix.lower() == ".csv" else f", or map it: boardkit layout {path.name}"
    return (
        f'{found} the headers "{show(student or "student_id")}" and "{show(component)}". Name the columns with '
        f"--student HEADER and --component HEADER{layout}."
    )


def _where(book: Workbook, module: str, component: str, student: str | None) -> tuple[Sheet, Marksheet]:
    """Find the one row of one sheet that holds both headers."""
    wanted = {tables.match(student or "student_id"), tables.match(component)}
    texts = book.cells.select("sheet", "row", "text").filter(pl.col("text").is_not_null())
    folded = texts.with_columns(
        name=pl.col("text").str.to_lowercase().str.replace_all(r"[\s_\-\x{a0}\x{200b}\x{feff}]", "")
    )
    rows = folded.filter(pl.col("name").is_in(list(wanted))).group_by("sheet", "row", maintain_order=True)
    heads = rows.agg(pl.col("name").n_unique()).filter(pl.col("name") == len(wanted))
    if heads.height != 1:
        found = "no row has" if heads.is_empty() else f"{heads.height} rows have"
        raise FileError(
            book.path,
            "column-missing",
            _no_heads(found, student, component, book.path),
        )
    index, row = heads.select("sheet", "row").row(0)
    sheet = next(sheet for sheet in book.sheets if sheet.index == index)
    beside = folded.filter(sheet=index, row=row)
    named = {name: text for name, text in beside.select("name", "text").iter_rows() if name == "marker"}
    columns = {"mark": component, **({"marker": named["marker"]} if named else {})}
    return sheet, Marksheet(
        file=book.path.name,
        sheet=(sheet.name,),
        module=module,
        header=(row,),
        id=student or "student_id",
        marks={component: columns},
    )
