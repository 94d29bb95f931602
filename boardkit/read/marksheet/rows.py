"""Which rows under a marksheet's header are students', and what becomes of the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from boardkit.errors import FileError
from boardkit.problems import found, show, shown
from boardkit.read.marksheet.totals import LABELS, folded, named_as_totals

if TYPE_CHECKING:
    from pathlib import Path

    from boardkit.read.marksheet.plan import Marksheet


@dataclass(frozen=True)
class Rows:
    """The rows of a sheet, sorted out.

    Args:
        texts: the texts of the students' rows.
        kinds: what their cells are.
        totals: rows that board.toml names as totals.
        empty: rows with neither a student nor anything about work.
        idle: students' rows with nothing about work, where a blank is said to be work that was not to be taken.
        like_totals: rows that look like totals, and are not named.
        restored: students' rows whose identifier got zeros back, with what it was.
        called_totals: students' rows with a text that board.toml names as totals.
    """

    texts: pl.DataFrame
    kinds: pl.DataFrame
    totals: pl.DataFrame
    empty: pl.DataFrame
    idle: pl.DataFrame
    like_totals: pl.DataFrame
    restored: pl.DataFrame
    called_totals: pl.DataFrame

    def problems(self, source: int, cells: pl.DataFrame, header: int) -> list[pl.DataFrame]:
        """Tell of every row that is no student's.

        Args:
            source: the number of the sheet's source.
            cells: every cell of the sheet.
            header: the first row of the header.
        """
        above = cells.filter(pl.col("row") < header).select(_row="row").unique().sort("_row")
        place = pl.lit(source, dtype=pl.UInt16)
        number = pl.col("_row").cast(pl.String)
        left_out = [
            found(
                "row-left-out",
                rows.with_columns(_src=place),
                message=pl.concat_str(pl.lit("Row "), number, pl.lit(f" {why}; it was not read.")),
            )
            for rows, why in (
                (above, "is above the header"),
                (self.totals, "holds totals, as board.toml says"),
                (self.empty, "names no student and holds no mark"),
                (self.idle, "holds no mark of its student, and blanks are not taken"),
            )
        ]
        text = shown(pl.col("student_id"))
        like = pl.concat_str(pl.lit('"'), text, pl.lit('" looks like a row of totals; it was not used.'))
        back = pl.concat_str(pl.col("_was"), pl.lit(" was read as "), text, pl.lit("."))
        called = pl.concat_str(
            text,
            pl.lit(": row "),
            number,
            pl.lit(" is called totals in board.toml and holds an identifier; it was read."),
        )
        told = (
            ("not-a-student", self.like_totals, "student_id", like),
            ("id-zeros-restored", self.restored, "_was", back),
            ("student-as-totals", self.called_totals, "student_id", called),
        )
        return [
            *left_out,
            *(
                found(
                    code,
                    rows.with_columns(_src=place),
                    column="student_id",
                    value=pl.col(value),
                    message=sentence,
                )
                for code, rows, value, sentence in told
            ),
        ]


def sort_rows(  # noqa: PLR0913, PLR0917 - a sheet, and what is said of it
    texts: pl.DataFrame,
    kinds: pl.DataFrame,
    body: pl.DataFrame,
    student: int,
    plan: Marksheet,
    path: Path,
    sheet: str,
) -> Rows:
    """Sort out the rows under the header.

    Args:
        texts: ``_row``, ``student_id`` and the columns of every piece of work.
        kinds: what the cells are.
        body: every cell under the header.
        student: the column of the identifiers.
        plan: what board.toml says of the sheet.
        path: the workbook, for messages.
        sheet: the sheet, for messages.

    Raises:
        FileError: a row named as totals by its number has an identifier with digits, as students have.
    """
    rows = texts.select("_row", "student_id")
    by_number = pl.col("_row").is_in([row for row in plan.totals if isinstance(row, int)])
    totals, called = named_as_totals(body, student, plan)
    total = rows["_row"].is_in(totals.implode())
    _refuse_students(rows.filter(by_number), path, sheet)
    work = [name for name in texts.columns if name not in {"_row", "student_id"}]
    no_work = texts.select(pl.all_horizontal(pl.col(work).is_null()).alias("b"))["b"]
    no_work &= ~_any(kinds, "formula-without-value", work)
    no_student = rows["student_id"].is_null() & ~_any(kinds, "formula-without-value", ["student_id"])
    blank = no_work & no_student
    like = rows.select(folded("student_id").is_in(list(LABELS)).fill_null(value=False).alias("l"))["l"]
    idle = no_work & ~no_student & ~total & ~like & (plan.blank == "not-taken")
    students = ~total & ~blank & ~like & ~idle
    kept, of_kind, restored = _identifiers(texts.filter(students), kinds.filter(students), plan)
    return Rows(
        kept,
        of_kind,
        totals=texts.filter(total).select("_row"),
        empty=texts.filter(blank & ~total).select("_row"),
        idle=texts.filter(idle).select("_row"),
        like_totals=texts.filter(like & ~total & ~blank).select("_row", "student_id"),
        restored=restored,
        called_totals=texts.filter(pl.col("_row").is_in(called.implode())).select("_row", "student_id"),
    )


def _any(kinds: pl.DataFrame, kind: str, columns: list[str]) -> pl.Series:
    return kinds.select(pl.any_horizontal((pl.col(columns) == kind).fill_null(value=False)).alias("any"))[
        "any"
    ]


def _refuse_students(rows: pl.DataFrame, path: Path, sheet: str) -> None:
    wrong = rows.filter(pl.col("student_id").str.contains("[0-9]"))["_row"].to_list()
    if wrong:
        listed = ", ".join(map(str, wrong))
        raise FileError(
            path,
            "totals-are-students",
            f'board.toml names row {listed} of the sheet "{show(sheet)}" as totals, and an identifier stands there. '
            "Correct the number under totals, or clear the identifier.",
        )


def _identifiers(
    texts: pl.DataFrame, kinds: pl.DataFrame, plan: Marksheet
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Read identifiers stored as numbers as board.toml says they are."""
    nothing = texts.clear().select("_row", "student_id", _was="student_id")
    if not plan.id_as_number and plan.digits is None:
        return texts, kinds, nothing
    both = texts.with_columns(_kind=kinds["student_id"])
    number = (pl.col("_kind") == "number") & pl.col("student_id").str.contains("^[0-9]+$")
    number = number.fill_null(value=False)
    padded = pl.col("student_id").str.pad_start(plan.digits or 0, "0")
    read = both.with_columns(
        _was="student_id",
        student_id=pl.when(number).then(padded).otherwise("student_id"),
        _kind=pl.when(number).then(pl.lit("text")).otherwise(pl.col("_kind").cast(pl.String)),
    )
    restored = read.filter(pl.col("_was") != pl.col("student_id"))
    kept = read.drop("_kind", "_was")
    return (
        kept,
        kinds.with_columns(student_id=read["_kind"].cast(kinds["student_id"].dtype)),
        restored.select("_row", "student_id", "_was"),
    )
