"""Based on: the digest of what lies beneath a recorded decision, by which a later change beneath it is seen."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import polars as pl

from boardkit.beneath import facts_beneath, rules_beneath
from boardkit.rules.decided import PROGRESSION

if TYPE_CHECKING:
    from boardkit.board import BoardResult

MARK = "bk1-"
"""What a digest begins with, so that no spreadsheet takes it for a number."""
_LENGTH = 12
_OF_RECORDED = 8


def digests(board: BoardResult, decisions: pl.DataFrame) -> pl.Series:
    """Give the digest of what lies beneath each decision on a board as it stands.

    It is made of what the decision rests on (``beneath``): what was worked out, and the rules that decided that. Tuition
    debt, other sections of a pack and the wording of reasons are no part of it.

    Args:
        board: the assessed board.
        decisions: ``s``, ``student_id``, ``module`` and ``decision``.

    Returns:
        A text such as ``bk1-0f3a...`` for each, the same on every machine; null where the board has nothing
        beneath it.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> made = pl.DataFrame({"s": [0], "student_id": ["00132536"], "module": [None], "decision": ["progression"]})
        >>> digests(board, made.cast({"s": pl.UInt32, "module": pl.String}))[0][:4]
        'bk1-'
    """
    rows = decisions.select("s", "student_id", "module", pl.col("decision").cast(pl.String))
    key = pl.concat_str(
        pl.col("student_id", "module", "decision").fill_null(""),
        pl.lit(rules_beneath(board, rows)),
        pl.lit(facts_beneath(board, rows)),
        separator="\n",
    )
    texts = rows.select(key).to_series()
    return pl.Series(
        "based_on",
        [
            None if text is None else MARK + hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]
            for text in texts
        ],
        dtype=pl.String,
    )


def recorded_digest(*told: str | None) -> str:
    """Give the digest of a decision's value, reason and minute as papers show them, whatever their spaces.

    Examples:
        >>> recorded_digest("withdraw", "left  the course", None) == recorded_digest("withdraw", "left the course ", "")
        True
    """
    texts = [" ".join((text or "").split()) for text in told]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:_OF_RECORDED]


def board_digest(each: pl.DataFrame) -> str:
    """Give the digest of what a board's progress is decided on: every student's recommendation, and what it rests on.

    It changes with any of them, and not with the decisions about progress themselves.

    Args:
        each: the digest of every student, from ``progress_digests``.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> digest = board_digest(progress_digests(board))
        >>> digest[:4], len(digest)
        ('bk1-', 16)
    """
    texts = each["based_on"].fill_null("")
    return MARK + hashlib.sha256("\n".join(texts).encode()).hexdigest()[:_LENGTH]


def progress_digests(board: BoardResult) -> pl.DataFrame:
    """Give ``student_id`` and ``based_on`` of every student of whose progress something is recommended."""
    students = board.ground.students["student_id"]
    s = board.progressed.students["s"]
    rows = pl.DataFrame({"s": s, "student_id": students.gather(s)}).with_columns(
        module=pl.lit(None, dtype=pl.String), decision=pl.lit(PROGRESSION)
    )
    return rows.select("student_id", digests(board, rows))
