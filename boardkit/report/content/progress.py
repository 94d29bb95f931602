"""Progress on paper: what is recommended for each student, and columns for what the board decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.based_on import board_digest, progress_digests, recorded_digest
from boardkit.report.content.listing import Column, Listing, named

if TYPE_CHECKING:
    from boardkit.board import BoardResult

NAME = "Progress"
RUN = "These papers are of the board"
"""What stands before the digest of the board on the sheet, by which papers are known again."""
DECISION, REASON, MINUTE, BASED_ON = "Decision", "Reason", "Minute", "Based on"
"""The heads of the columns that the board fills in, and of the one that says what a recommendation rests on."""
BESIDE = "/"
"""What stands between the digest of what a recommendation rests on, and that of the decision that was recorded then."""
STUDENT, OF_NAME, RECOMMENDED = "Student", "Name", "Recommended"
"""The heads of the columns that tell whose row it is."""


@dataclass(frozen=True)
class Progress:
    """The sheet on which a board decides about progress.

    Args:
        listing: the students with their recommendations; what was decided before stands in the columns to fill in.
        choices: what may be decided.
    """

    listing: Listing
    choices: tuple[str, ...]


def progress(board: BoardResult) -> Progress:
    """List what is recommended for each student, with columns for the board's own decision.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> progress(board).listing.rows.height, progress(board).choices[0]
        (120, 'continue')
    """
    made = board.progressed.students
    students = board.ground.students["student_id"]
    told = board.table("progression").select("student_id", "credits_attempted", "credits_passed")
    reasons = board.table("trace").filter(pl.col("rule") == "recommendation").select("student_id", why="note")
    digests = progress_digests(board)
    rows = (
        made.select(
            students.gather(made["s"]).alias("student_id"),
            pl.col("recommended").cast(pl.String),
            pl.col("decided").cast(pl.String),
            "decided_said",
            "decided_minute",
        )
        .join(told, on="student_id", how="left", maintain_order="left")
        .join(reasons, on="student_id", how="left", maintain_order="left")
        .join(digests, on="student_id", how="left", maintain_order="left")
        .with_columns(pl.col("credits_attempted", "credits_passed").cast(pl.Float64))
        .with_columns(
            based_on=pl.concat_str("based_on", _recorded(made), separator=BESIDE, ignore_nulls=True)
        )
    )
    rules = board.pack.rules.progression
    source = f" ({rules.decisions.source})" if rules is not None else ""
    return Progress(
        Listing(
            name=NAME,
            columns=(
                Column("student_id", STUDENT, 9.5),
                Column("name", OF_NAME, 14),
                Column("credits_passed", "Credits passed", 7.5, "credits"),
                Column("credits_attempted", "of", 5, "credits"),
                Column("recommended", RECOMMENDED, 15),
                Column("why", "Why", 37.5),
                Column("decided", DECISION, 18),
                Column("decided_said", REASON, 21),
                Column("decided_minute", MINUTE, 8),
                Column("based_on", BASED_ON, 14),
            ),
            rows=named(board, rows),
            notes=(
                f"For the board: choose a decision{source}, and give a reason where it is not the one recommended.",
                "A row with no decision stays open. boardkit decisions import reads this sheet back.",
                f"{RUN} {board_digest(digests)}; leave the column {BASED_ON} as it is.",
            ),
            empty="Nothing is recommended: there is no students table.",
        ),
        tables.PROGRESSION,
    )


def _recorded(made: pl.DataFrame) -> pl.Series:
    """Give the digest of each decision that is recorded already, by which a row that nobody touched is known again."""
    told = made.select(pl.col("decided").cast(pl.String), "decided_said", "decided_minute")
    digests = [None if row[0] is None else recorded_digest(*row) for row in told.iter_rows()]
    return pl.Series("recorded", digests, dtype=pl.String)
