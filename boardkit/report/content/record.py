"""The record: problems with their cells, the trace, and the sources with their digests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

import boardkit
from boardkit.findings.unruled import overridden
from boardkit.report.content.listing import Column, Listing

if TYPE_CHECKING:
    from boardkit.board import BoardResult


def problems(board: BoardResult) -> Listing:
    """List what is wrong with the input, errors first."""
    return Listing(
        name="Problems",
        columns=(
            Column("severity", "Severity", 9.5),
            Column("code", "Code", 20),
            Column("file", "File", 19),
            Column("sheet", "Sheet", 12),
            Column("cell", "Cell", 8),
            Column("column", "Column", 12),
            Column("value", "Value", 10),
            Column("message", "What is wrong, and what to do", 52),
        ),
        rows=board.located,
        empty="Nothing was found wrong.",
    )


def trace(board: BoardResult) -> Listing:
    """List every mark changed and every outcome, with its rule and its clause."""
    return Listing(
        name="Trace",
        columns=(
            Column("student_id", "Student", 10),
            Column("module", "Module", 8.5),
            Column("component", "Component", 11),
            Column("attempt", "Attempt", 8.2, "count"),
            Column("stage", "Stage", 10),
            Column("rule", "Rule", 16),
            Column("clause", "Clause", 21),
            Column("before", "Before", 9, "either"),
            Column("after", "After", 13, "either"),
            Column("note", "Note", 41),
        ),
        rows=board.table("trace"),
        empty="No rule changed a mark.",
    )


def sources(board: BoardResult) -> Listing:
    """List the files read, the regulations and the board's facts, with digests."""
    pack, facts = board.pack, board.cohort.facts
    identity, over = pack.rules.pack, overridden(board)
    rows = [
        *(("Input", file.name, f"{file.size:,} bytes, SHA-256 {file.sha256}") for file in board.cohort.files),
        ("Regulations", f"{identity.institution}: {identity.title}", f"{pack.file}, SHA-256 {pack.digest}"),
        ("In force", f"{identity.session.first} to {identity.session.last}", identity.source),
        *(("Board", name.replace("_", " "), value) for name, value in sorted(facts.values.items())),
        *(
            ("Stated", name, f"{value}, set over the board table's" if name in over else value)
            for name, value in (pack.parameters or {}).items()
        ),
        ("Program", "boardkit", boardkit.__version__),
    ]
    if not board.cohort.files:
        rows.insert(0, ("Input", "frames", "Handed in from Python; no file was read."))
    return Listing(
        name="Sources",
        columns=(Column("what", "What", 14), Column("name", "Name", 44), Column("value", "Value", 82)),
        rows=pl.DataFrame(rows, schema=["what", "name", "value"], orient="row"),
    )
