"""Which attempt a row of a marksheet is, where board.toml says that each sheet is the student's next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

_KEY = ["student_id", "module", "component"]


def count_attempts(sheets: Sequence[tuple[bool, pl.DataFrame]]) -> pl.DataFrame:
    """Put the rows of marksheets together, each with its attempt.

    Args:
        sheets: for each, in the order of board.toml, whether its attempts are to be counted, and its rows.

    Returns:
        All rows. Where attempts are counted, one more than the student's highest on the sheets before; 1 for
        a student on none of them.

    Examples:
        >>> row = {"student_id": ["7"], "module": ["M"], "component": ["Exam"]}
        >>> first = pl.DataFrame({**row, "attempt": [1]})
        >>> counted = pl.DataFrame({**row, "attempt": [None]}, schema_overrides={"attempt": pl.Int64})
        >>> count_attempts([(False, first), (True, counted), (True, counted)])["attempt"].to_list()
        [1, 2, 3]
    """
    done: list[pl.DataFrame] = []
    for counted, rows in sheets:
        if not counted or not done:
            done.append(rows.with_columns(attempt=pl.lit(1, pl.Int64)) if counted else rows)
            continue
        same = [pl.col(name).str.strip_chars() for name in _KEY]
        before = pl.concat([one.select(*same, "attempt") for one in done])
        highest = before.group_by(_KEY).agg(_before=pl.col("attempt").max())
        joined = rows.with_columns(_student=pl.col("student_id").str.strip_chars()).join(
            highest,
            left_on=["_student", "module", "component"],
            right_on=_KEY,
            how="left",
            maintain_order="left",
        )
        attempt = pl.col("_before").fill_null(0) + 1
        done.append(joined.with_columns(attempt=attempt).select(rows.columns))
    return pl.concat(done)
