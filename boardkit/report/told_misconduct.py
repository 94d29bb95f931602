"""Misconduct: what established offences came to for one student, told aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit.results.penalties import penalty_table
from boardkit.rules.holds import hold_sentences

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.regulations.model import Regulations
    from boardkit.report.page import Page


def penalty_words(pack: Regulations) -> dict[str, str]:
    """Give what each penalty for misconduct is, in words, by its code; nothing where the pack has none."""
    return {one.id: one.says for one in pack.misconduct.penalties} if pack.misconduct is not None else {}


def tell_misconduct(page: Page, board: BoardResult, student: int) -> None:
    """List a student's established offences, by the student's number: the tariff, the penalty, what it does."""
    rules = board.pack.rules.misconduct
    mine = board.offences.rows.filter(pl.col("s") == student)
    if rules is None or mine.is_empty():
        return
    citations = {one.id: one.citation for one in rules.penalties}
    for row in penalty_table(mine, rules).rows(named=True):
        if row["penalty"] in citations:
            page.cite(
                citations[row["penalty"]]
            )  # the effect names the clause; its readings are written out below
        page.entry("Misconduct", " ".join(filter(None, (_what(row), row["effect"], row["warning"]))))
    holds = hold_sentences(board.offences.holds.filter(pl.col("s") == student), rules)
    for said in holds["said"].unique(maintain_order=True):
        page.entry("", said)


def _what(row: dict[str, Any]) -> str:
    """Name the offence, the work, and what the tariff has for it."""
    work = " ".join(filter(None, (row["module"], row["component"])))
    table = f"table {row['table']}" if row["table"] else ""
    offered = [
        f"{name} {row[f'{name}_penalty']}" for name in ("default", "moderated") if row[f"{name}_penalty"]
    ]
    decided = f"decided {row['penalty']}" if row["penalty"] else "not decided"
    parts = [row["offence"].replace("-", " "), work, row["academic_year"], table, *offered, decided]
    text = ", ".join(filter(None, parts))
    return f"{text[:1].upper()}{text[1:]}."
