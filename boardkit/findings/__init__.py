"""Findings: what the regulations find wrong, and what they ask to be put before the board."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boardkit.findings.awards import find_awards
from boardkit.findings.board import find_board
from boardkit.findings.credit import find_credit
from boardkit.findings.dates import find_dates
from boardkit.findings.decisions import find_decisions
from boardkit.findings.effects import find_effects
from boardkit.findings.grades import find_grades
from boardkit.findings.marks import find_attempts, find_marks
from boardkit.findings.misconduct import find_misconduct
from boardkit.findings.modules import find_modules
from boardkit.findings.progress import find_progress
from boardkit.findings.registration import find_registration
from boardkit.findings.results import find_results
from boardkit.findings.unruled import find_unruled

if TYPE_CHECKING:
    import polars as pl

    from boardkit.board import BoardResult

__all__ = ["find"]


def find(board: BoardResult) -> list[pl.DataFrame]:
    """Collect every finding of the stages, not yet located."""
    return [
        *find_board(board),
        *find_marks(board),
        *find_attempts(board),
        *find_modules(board),
        *find_results(board),
        *find_misconduct(board),
        *find_effects(board),
        *find_awards(board),
        *find_decisions(board),
        *find_progress(board),
        *find_credit(board),
        *find_grades(board),
        *find_dates(board),
        *find_registration(board),
        *find_unruled(board),
    ]
