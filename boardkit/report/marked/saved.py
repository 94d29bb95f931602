"""Saved: a marked copy held against the workbook that it was made of."""

from __future__ import annotations

import sys
from dataclasses import fields
from typing import TYPE_CHECKING

import polars as pl

from boardkit.read.limits import Limits
from boardkit.report.marked.which import refusal
from boardkit.rewritten import comparable, read_again

if TYPE_CHECKING:
    from pathlib import Path

    from boardkit.read.workbook import Workbook


def refuse_changed(path: Path, content: bytes, read: Workbook, own: str) -> None:
    """Read a copy again and refuse it where it does not hold every cell as it was, and every comment.

    Args:
        path: the workbook that was copied, for messages.
        content: the copy's bytes.
        read: the workbook as its copy is to hold it.
        own: the sheet that was added.

    Raises:
        CallError: a cell differs; of formulas, whether one stands there. Or a comment is missing.
    """
    unlimited = Limits(**{limit.name: sys.maxsize for limit in fields(Limits)})
    again = read_again(path, content, unlimited)
    before, after = _compared(read), _compared(again).filter(pl.col("name") != own)
    if not before.equals(after):
        raise refusal(path, "the copy would not hold every cell as it is")
    commented = {sheet.name: set(sheet.comments or ()) for sheet in again.sheets}
    if any(not set(sheet.comments or ()) <= commented.get(sheet.name, set()) for sheet in read.sheets):
        raise refusal(path, "the copy would not hold every comment")


def _compared(book: Workbook) -> pl.DataFrame:
    """Give the cells that hold anything; a formula by its place, since its result is not saved."""
    result = pl.when(~pl.col("formula"))
    return (
        comparable(book)
        .filter(pl.col("formula") | (pl.col("text") != ""))
        .with_columns(result.then(name).alias(name) for name in ("kind", "text", "raw"))
    )
