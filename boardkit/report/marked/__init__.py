"""Marked: a copy of the user's own workbook in which every problem stands at its cell, and a list of all of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from boardkit.errors import CallError, FileError
from boardkit.read.limits import Limits
from boardkit.report.marked.loaded import load
from boardkit.report.marked.lost import losses
from boardkit.report.marked.places import located, mark
from boardkit.report.marked.saved import refuse_changed
from boardkit.report.marked.sheet import Told, add_sheet
from boardkit.report.marked.which import book_of, refusal
from boardkit.rewritten import save

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from boardkit.cohort import Cohort


@dataclass(frozen=True)
class Marked:
    """A marked copy.

    Args:
        path: the workbook that was copied.
        content: the bytes of the copy.
        cells: how many cells are marked in it.
        sheet: the name of the sheet that lists the problems.
    """

    path: Path
    content: bytes
    cells: int
    sheet: str


def mark_up(
    source: Path, cohort: Cohort, problems: pl.DataFrame, *, assessed: bool, limits: Limits | None = None
) -> Marked:
    """Make a marked copy of a workbook; the workbook itself is only read.

    Args:
        source: what was read: a workbook, or a folder whose board.toml names one.
        cohort: the tables as they were read from it.
        problems: what is wrong, as a run writes it.
        assessed: whether what regulations find wrong is among it.
        limits: how much the workbook may ask for; the defaults where not given.

    Returns:
        The copy, the same bytes for the same workbook and problems.

    Raises:
        BoardkitError: no copy can be made of it, or it has changed since it was read.

    Examples:
        >>> import boardkit as bk
        >>> from pathlib import Path
        >>> source = Path("data/samples/psychology-2022.xlsx")
        >>> cohort = bk.read(source)
        >>> marked = mark_up(source, cohort, cohort.polars.problems, assessed=False)
        >>> marked.sheet, marked.cells > 0, marked.content[:2]
        ('Problems', True, b'PK')
    """
    path = book_of(source, cohort)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileError(path, "not-readable", f"it cannot be read ({error.strerror}).") from error
    digests = {file.name: file.sha256 for file in cohort.files}
    if digests.get(path.name) != hashlib.sha256(content).hexdigest():
        raise CallError(f"cannot mark up {path.name}: it has changed since it was read. Try again.")
    loaded = load(path, content, limits or Limits())
    copy, lost = loaded.copy, [*losses(content, loaded.copy), *loaded.lost]
    here = located(problems, path.name, copy.sheetnames)
    cells, left_out = mark(copy, here)
    sheet = add_sheet(copy, here, Told(path.name, assessed, cells, left_out, lost))
    try:
        made = save(copy)
    except Exception as error:  # of every kind on odd files, and they show what is in them
        raise refusal(path, "openpyxl, which makes the copy, cannot write it") from error
    refuse_changed(path, made, loaded.read, sheet)
    return Marked(path, made, cells, sheet)
