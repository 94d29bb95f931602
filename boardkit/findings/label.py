"""Labels: which student, and which of the student's work, a finding is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.problems import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boardkit.rules.ground import Ground


def labelled(rows: pl.DataFrame, ground: Ground) -> pl.DataFrame:
    """Add ``_label``, such as ``PS4021 Exam, 40012345: ``, to rows with ``s``, ``m`` and perhaps ``k``."""
    if rows.is_empty():
        return rows.with_columns(_label=pl.lit(""))
    words = [pl.lit(ground.modules["module"]).gather("m")]
    if "k" in rows.columns:
        words.append(pl.lit(ground.components["component"]).gather("k"))
    words.append(pl.lit(ground.students["student_id"]).gather("s"))
    *work, student = (shown(word) for word in words)
    return rows.with_columns(
        _label=pl.concat_str(pl.concat_str(work, separator=" "), pl.lit(", "), student, pl.lit(": "))
    )


def say(text: str) -> pl.Expr:
    """Put a sentence behind the label."""
    return pl.concat_str(pl.col("_label"), pl.lit(text))


def of_student(*said: pl.Expr | str) -> pl.Expr:
    """Say something of a student: ``40012345: ``, and what is said, in texts and expressions."""
    return pl.concat_str(shown(pl.col("student_id")), pl.lit(": "), *_parts(said))


def of_module(*said: pl.Expr | str) -> pl.Expr:
    """Say something of a student on a module: ``PS4021, 40012345: ``, and what is said."""
    return pl.concat_str(shown(pl.col("module").cast(pl.String)), pl.lit(", "), of_student(*said))


def _parts(said: Sequence[pl.Expr | str]) -> list[pl.Expr]:
    return [pl.lit(part) if isinstance(part, str) else part for part in said]
