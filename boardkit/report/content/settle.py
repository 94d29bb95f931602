"""To settle: every case that the board has to do something about, one a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.codes import CODES
from boardkit.findings.decisions import stale
from boardkit.report.content.listing import Column, Listing, name_column, named
from boardkit.results.evidence import evidence

if TYPE_CHECKING:
    from boardkit.board import BoardResult

STALE = "decision to look at again"
SCHEMA = {"kind": pl.String, "student_id": pl.String, "module": pl.String, "told": pl.String}
UNREAD = "row that cannot be read"
KINDS = (
    STALE,
    UNREAD,
    "incomplete",
    "deferred",
    "incomplete evidence",
    "short of credit",
    "condonement",
    "tuition debt",
    "to put to the board",
)
"""What a case is, in the order they are listed."""

_LACKING = ("mark-missing", "unreadable", "not-a-grade", "markers-differ", "state-contradiction", "deferred")
_TO_THE_BOARD = [
    name for name, code in CODES.items() if "the board" in code.action and name != "decision-stale"
]


def settle(board: BoardResult) -> Listing:
    """List the incomplete and deferred modules, missing credit, debts, and what is put to the board.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> settle(board).rows["kind"].unique(maintain_order=True).to_list()[:2]
        ['deferred', 'incomplete evidence']
    """
    parts = [
        _stale(board),
        _unread(board),
        _open(board),
        _evidence(board),
        _short(board),
        _condonable(board),
        _debts(board),
        _put(board),
    ]
    rows = named(board, pl.concat([part.select(*SCHEMA) for part in parts]))
    return Listing(
        name="To settle",
        columns=(
            Column("kind", "What", 17),
            Column("student_id", "Student", 11),
            *name_column(rows, 22),
            Column("module", "Module", 10),
            Column("told", "What there is", 78),
        ),
        rows=rows,
        empty="There is nothing to settle.",
    )


def _stale(board: BoardResult) -> pl.DataFrame:
    """Decisions whose ground has changed since they were recorded."""
    minute = pl.when(pl.col("minute").is_not_null()).then(
        pl.concat_str(pl.lit(" (minute "), pl.col("minute"), pl.lit(")"))
    )
    return stale(board, board.decisions).select(
        "student_id",
        "module",
        kind=pl.lit(STALE),
        told=pl.concat_str(
            pl.col("decision").cast(pl.String).str.replace_all("-", " "),
            pl.when(pl.col("value").is_not_null())
            .then(pl.concat_str(pl.lit(" "), pl.col("value")))
            .fill_null(""),
            minute.fill_null(""),
            pl.lit(": it stands, and what it was based on has changed since. Put it to the board again."),
        ),
    )


def _unread(board: BoardResult) -> pl.DataFrame:
    """Students whose own row has a cell that cannot be read, and of whom nothing is classified."""
    students = board.ground.students
    unread = board.classified.filter(pl.col("award").is_null())
    return unread.select(
        student_id=students["student_id"].gather(unread["s"]),
        kind=pl.lit(UNREAD),
        module=pl.lit(None, dtype=pl.String),
        told=pl.lit("A cell of the student's row cannot be read, and nothing is classified: see Problems."),
    )


def _open(board: BoardResult) -> pl.DataFrame:
    """Modules without a result, with the work that is missing."""
    lacking = (
        board.table("trace")
        .filter((pl.col("stage") == "component") & pl.col("rule").is_in(_LACKING))
        .select(
            "student_id",
            "module",
            told=pl.concat_str(
                pl.col("component"),
                pl.lit(", attempt "),
                pl.col("attempt").cast(pl.String),
                pl.lit(": "),
                pl.col("note").str.strip_suffix("."),
                pl.lit(" ("),
                pl.col("clause"),
                pl.lit(")."),
                ignore_nulls=True,
            ),
        )
        .group_by("student_id", "module", maintain_order=True)
        .agg(pl.col("told").str.join(" "))
    )
    return (
        board.table("modules")
        .filter(pl.col("outcome").is_in(["incomplete", "deferred"]))
        .join(lacking, on=["student_id", "module"], how="left", maintain_order="left")
        .with_columns(
            pl.col("told").fill_null("Nothing can be computed: see Problems."),
            kind=pl.col("outcome").cast(pl.Enum(KINDS)),
        )
        .sort("kind", "student_id", "module")
        .with_columns(pl.col("kind").cast(pl.String))
    )


def _evidence(board: BoardResult) -> pl.DataFrame:
    """How much is marked at the level of what is open: the board may make an award on it."""
    return evidence(board).with_columns(
        kind=pl.lit("incomplete evidence"), module=pl.lit(None, dtype=pl.String)
    )


def _short(board: BoardResult) -> pl.DataFrame:
    """Students with a class and without the credit for the award."""
    short = pl.col("classification").is_not_null() & pl.col("eligible").ne_missing(pl.lit("Y"))
    return (
        board.table("awards")
        .filter(short)
        .select(
            "student_id",
            kind=pl.lit("short of credit"),
            module=pl.lit(None, dtype=pl.String),
            told=pl.col("reason").str.extract(r"(Credit \S+ where [^)]*\)\.)"),
        )
        .filter(pl.col("told").is_not_null())
    )


def _condonable(board: BoardResult) -> pl.DataFrame:
    """Fails that the board may condone."""
    return (
        board.table("modules")
        .filter(pl.col("condonable").eq_missing("Y"))
        .with_columns(
            kind=pl.lit("condonement"),
            told=pl.format("{} {}: the board may condone it.", pl.col("mark").cast(pl.String), "outcome"),
        )
    )


def _debts(board: BoardResult) -> pl.DataFrame:
    return (
        board.cohort.typed["students"]
        .filter("tuition_debt")
        .sort("student_id")
        .with_columns(
            kind=pl.lit("tuition debt"),
            module=pl.lit(None, dtype=pl.String),
            told=pl.lit("Blocks award and progression until it is paid; changes no academic result."),
        )
    )


def _put(board: BoardResult) -> pl.DataFrame:
    """Findings that the board is to see."""
    return board.located.filter(pl.col("code").is_in(_TO_THE_BOARD)).with_columns(
        kind=pl.lit("to put to the board"),
        student_id=pl.lit(None, dtype=pl.String),
        module=pl.lit(None, dtype=pl.String),
        told=pl.col("message"),
    )
