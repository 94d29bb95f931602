"""What several tests of moderation work with: a small board."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from tests.moderation.cohorts import usual

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def board(tmp_path: Path) -> Path:
    """A clean board of one module's work and its reassessment."""
    folder = tmp_path / "board"
    folder.mkdir()
    marks = [(f"{at:08d}", 1, mark / 100) for at, mark in enumerate(usual(80, 2))]
    marks += [(f"{at:08d}", 2, 45.0) for at in range(9)]
    rows = pl.DataFrame(marks, schema=["student_id", "attempt", "mark"], orient="row")
    rows.with_columns(module=pl.lit("PS1"), component=pl.lit("Essay"), marker=pl.lit("Dr A")).write_csv(
        folder / "marks.csv"
    )
    pl.DataFrame({"module": ["PS1"], "scqf_level": [8], "credits": [20]}).write_csv(folder / "modules.csv")
    return folder
