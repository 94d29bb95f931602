"""The Open University Learning Analytics Dataset as a board's tables.

Each presentation of a module is a module of its own (``BBB-2013J``), studied as undergraduate. Days are
counted from the presentation's start; a day alone is a date, so a deadline lasts to just before the next
midnight. Banked marks come without their day of submission, since it belongs to an earlier presentation.
What the dataset does not say is assumed, and each assumption stands in ``problems``.
"""

from __future__ import annotations

import csv
import hashlib
import io
from typing import TYPE_CHECKING

import polars as pl

from boardkit.cohort import InputFile
from boardkit.errors import CallError, FileError
from boardkit.problems import Source, found, found_at
from boardkit.read.raw import Raw

if TYPE_CHECKING:
    from pathlib import Path

FILES = ("assessments", "courses", "studentAssessment", "studentInfo", "studentRegistration")
ASSUMED_LEVEL = "7"
ASSUMED_CREDITS = "30"
NONE = "?"
_START_MONTH = {"B": 2, "J": 10}
"""Presentations begin in February (B) or October (J)."""


def is_oulad(folder: Path) -> bool:
    """Tell whether a folder holds the dataset."""
    return all((folder / f"{name}.csv").is_file() for name in FILES)


def from_oulad(
    folder: Path, *, module: str | None = None, presentation: str | None = None
) -> tuple[list[Raw], list[Source], list[pl.DataFrame], list[InputFile]]:
    """Take the tables of a board from the dataset.

    Args:
        folder: the folder with the dataset's files.
        module: one module's code; else all.
        presentation: one presentation, such as ``2013J``; else all.

    Returns:
        The tables as found, their sources, the problems and the files with their digests.

    Raises:
        CallError: a file is missing, or there is no such presentation.
    """
    if not folder.is_dir() or not is_oulad(folder):
        raise CallError(
            f"cannot use {folder.name}: the dataset's files are {', '.join(f'{name}.csv' for name in FILES)}."
        )
    read = {name: _file(folder / f"{name}.csv") for name in FILES}
    tables = {name: frame for name, (frame, _) in read.items()}
    chosen = _chosen(tables["courses"], module, presentation)
    made = [
        _modules(tables, chosen),
        _components(tables, chosen),
        _enrolments(tables, chosen),
        _marks(tables, chosen),
    ]
    raws, sources = [], []
    for at, (table, file, rows, columns) in enumerate(made):
        raws.append(Raw(table, at, rows))
        sources.append(Source(table, file=f"{file}.csv", columns=columns))
    problems = [
        found_at(
            "assumed",
            0,
            None,
            f"SCQF level {ASSUMED_LEVEL} and {ASSUMED_CREDITS} credits for every module, studied as undergraduate: the dataset gives none.",
        ),
        found_at(
            "assumed",
            2,
            None,
            "Every registration is taken as attempt 1 and every module as core; days of leaving are taken as shares of the presentation's length.",
        ),
        *_strays(tables),
    ]
    return raws, sources, problems, [item for _, item in read.values()]


def _file(path: Path) -> tuple[pl.DataFrame, InputFile]:
    content = path.read_bytes()
    try:
        header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    except (UnicodeDecodeError, csv.Error, ValueError) as error:
        raise FileError(path, "not-oulad", "it is not a file of the dataset. Fetch it again.") from error
    if any(len(row) != len(header) for row in rows):
        raise FileError(path, "not-oulad", "a row has more or fewer fields than the header. Fetch it again.")
    columns = zip(*rows, strict=True) if rows else [()] * len(header)
    frame = pl.DataFrame(
        {name: pl.Series(values, dtype=pl.String) for name, values in zip(header, columns, strict=True)}
    )
    frame = frame.with_columns(pl.all().replace({NONE: None, "": None})).with_row_index("_row", offset=2)
    return frame, InputFile(path.name, hashlib.sha256(content).hexdigest(), len(content))


def _name() -> pl.Expr:
    return pl.concat_str("code_module", pl.lit("-"), "code_presentation").alias("module")


def _chosen(courses: pl.DataFrame, module: str | None, presentation: str | None) -> pl.DataFrame:
    year = pl.col("code_presentation").str.slice(0, 4).cast(pl.Int32)
    month = (
        pl.col("code_presentation")
        .str.slice(4)
        .replace_strict(_START_MONTH, default=None, return_dtype=pl.Int8)
    )
    every = courses.with_columns(
        _name(), start=pl.datetime(year, month, 1), length=pl.col("module_presentation_length").cast(pl.Int64)
    )
    wanted = {"code_module": module, "code_presentation": presentation}
    chosen = every.filter(**{name: value for name, value in wanted.items() if value is not None})
    if chosen.is_empty():
        known = ", ".join(sorted(every["module"]))
        raise CallError(f"the dataset has no such presentation. It has: {known}.")
    return chosen


def _modules(
    _: dict[str, pl.DataFrame], chosen: pl.DataFrame
) -> tuple[str, str, pl.DataFrame, dict[str, int]]:
    rows = chosen.select(
        "_row",
        "module",
        pl.lit(ASSUMED_LEVEL).alias("scqf_level"),
        pl.lit(ASSUMED_CREDITS).alias("credits"),
        pl.lit("undergraduate").alias("study"),
    )
    return "modules", "courses", rows, {"module": 1}


def _day(day: str) -> pl.Expr:
    return pl.col("start") + pl.duration(days=pl.col(day).cast(pl.Int64))


def _components(
    tables: dict[str, pl.DataFrame], chosen: pl.DataFrame
) -> tuple[str, str, pl.DataFrame, dict[str, int]]:
    rows = (
        tables["assessments"]
        .with_columns(_name())
        .join(chosen.select("module", "start"), on="module", maintain_order="left")
        .select(
            "_row",
            "module",
            pl.col("id_assessment").alias("component"),
            "weight",
            pl.concat_str("assessment_type", pl.lit(" "), "id_assessment").alias("title"),
            pl.col("assessment_type").str.to_lowercase().alias("kind"),
            _day("date").alias("due_at"),
        )
    )
    return (
        "components",
        "assessments",
        rows,
        {"module": 1, "component": 3, "kind": 4, "due_at": 5, "weight": 6},
    )


def _enrolments(
    tables: dict[str, pl.DataFrame], chosen: pl.DataFrame
) -> tuple[str, str, pl.DataFrame, dict[str, int]]:
    key = ["code_module", "code_presentation", "id_student"]
    left = tables["studentRegistration"].select(*key, day="date_unregistration")
    share = pl.col("day").cast(pl.Int64).clip(lower_bound=0) / pl.col("length")
    rows = (
        tables["studentInfo"]
        .join(left, on=key, how="left", maintain_order="left")
        .with_columns(_name())
        .join(chosen.select("module", "length"), on="module", maintain_order="left")
        .select(
            "_row",
            pl.col("id_student").alias("student_id"),
            "module",
            withdrawn_at=share.clip(upper_bound=1).round(6),
        )
    )
    return "enrolments", "studentInfo", rows, {"module": 1, "student_id": 3}


def _marks(
    tables: dict[str, pl.DataFrame], chosen: pl.DataFrame
) -> tuple[str, str, pl.DataFrame, dict[str, int]]:
    places = tables["assessments"].with_columns(_name()).select("module", "id_assessment")
    rows = (
        tables["studentAssessment"]
        .join(places, on="id_assessment", maintain_order="left")
        .join(chosen.select("module", "start"), on="module", maintain_order="left")
        .select(
            "_row",
            pl.col("id_student").alias("student_id"),
            "module",
            pl.col("id_assessment").alias("component"),
            pl.col("score").alias("mark"),
            pl.when(pl.col("is_banked") != "1").then(_day("date_submitted")).alias("submitted_at"),
            pl.col("is_banked").alias("is_banked"),
        )
    )
    columns = {"component": 1, "student_id": 2, "submitted_at": 3, "mark": 5, "module": 1, "is_banked": 4}
    return "marks", "studentAssessment", rows, columns


def _strays(tables: dict[str, pl.DataFrame]) -> list[pl.DataFrame]:
    """Marks for an assessment that the dataset does not list."""
    stray = tables["studentAssessment"].join(tables["assessments"], on="id_assessment", how="anti")
    stray = stray.with_columns(_src=pl.lit(3))
    text = pl.concat_str(
        pl.lit('"'), "id_assessment", pl.lit('" is not in assessments.csv; the row was not used.')
    )
    return [
        found("component-unknown", stray, column="component", value=pl.col("id_assessment"), message=text)
    ]
