"""Which workbook problems can be put into, and which of them are its own."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from boardkit.errors import CallError
from boardkit.read.content import BOOKS
from boardkit.read.marksheet import is_board

if TYPE_CHECKING:
    from pathlib import Path

    from boardkit.cohort import Cohort

FORMS = (".xlsx", ".xlsm")


def refuse_unmarkable(source: Path) -> None:
    """Refuse an input that is no workbook of which a marked copy can be made, before it is read.

    Raises:
        CallError: it is a folder of tables, or a file of another form; what to do is said.
    """
    if source.is_dir() and not is_board(source):
        raise _of_form(source.name or source.resolve().name, "it is a folder of tables", "Put them into one")
    if source.is_file() and source.suffix.lower() not in FORMS:
        raise _of_form(source.name, "it is of another form", "Save it as an")


def book_of(source: Path, cohort: Cohort) -> Path:
    """Find the workbook that problems are put into.

    Args:
        source: what was read: a workbook, or a folder with a board.toml.
        cohort: the tables as they were read from it.

    Returns:
        The workbook.

    Raises:
        CallError: the folder holds no workbook, or several, or one of another form.
    """
    refuse_unmarkable(source)
    if source.is_file():
        return source
    books = [file.name for file in cohort.files if PurePath(file.name).suffix.lower() in BOOKS]
    if len(books) > 1:
        raise CallError(
            f"cannot mark up {source.name}: its board.toml names {len(books)} workbooks ({', '.join(books)}), and a copy is "
            "made of one. Put their sheets into one workbook, or leave out --mark-up."
        )
    if not books:
        raise _of_form(source.name, "its board.toml names no workbook", "Put the tables into one")
    if PurePath(books[0]).suffix.lower() not in FORMS:
        raise _of_form(books[0], "it is of another form", "Save it as an")
    return source / books[0]


def _of_form(name: str, why: str, do: str) -> CallError:
    return CallError(
        f"cannot mark up {name}: {why}, and problems are put into .xlsx and .xlsm workbooks alone. "
        f"{do} .xlsx workbook, or leave out --mark-up."
    )


def refusal(path: Path, why: str) -> CallError:
    """Refuse a workbook of which no copy can be made."""
    return CallError(
        f"cannot mark up {path.name}: {why}. Open it in Excel and save it as a new .xlsx workbook, or leave out --mark-up."
    )
