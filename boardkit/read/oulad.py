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
from boardkit.problems import Source, found, found_at, shown
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
    courses = _courses(folder, tables["courses"])
    chosen = _chosen(courses, module, presentation)
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
        *_strays(tables, courses),
    ]
    return raws, sources, problems, [item for _, item in read.values()]


def _file(path: Path) -> tuple[pl.DataFrame, InputFile]:
    try:
        content = path.read_bytes()
        header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    except (OSError, UnicodeDecodeError, csv.Error, ValueError) as error:
        raise FileError(path, "not-oulad", "it is not a file of the dataset. Fetch it again.") from error
    if any(len(row) != len(header) for row in rows):
        raise FileError(path, "not-oulad", "a row has more or fewer fields than the header. Fetch it again.")
    words, numbers = _COLUMNS[path.stem]
    missing = [name for name in (*words, *numbers) if header.count(name) != 1]
    if missing:
        raise FileError(
            path, "not-oulad", f"it has to have one column each called {', '.join(missing)}. Fetch it again."
        )
    columns = zip(*rows, strict=True) if rows else [()] * len(header)
    frame = pl.DataFrame(
        [
            pl.Series(name, values, dtype=pl.String)
            for name, values in zip(header, columns, strict=True)
            if name in words or name in numbers
        ]
    )
    frame = frame.with_columns(pl.all().replace({NONE: None, "": None})).with_row_index("_row", offset=2)
    for name in numbers:
        wrong = frame.filter(~pl.col(name).str.contains(r"^-?[0-9]{1,5}$"))["_row"]
        if len(wrong):
            raise FileError(
                path, "not-oulad", f"row {wrong[0]} has no whole number in the column {name}. Fetch it again."
            )
    return frame, InputFile(path.name, hashlib.sha256(content).hexdigest(), len(content))


_PRESENTATION = ("code_module", "code_presentation")
_COLUMNS = {
    "assessments": ((*_PRESENTATION, "id_assessment", "assessment_type", "weight"), ("date",)),
    "courses": (_PRESENTATION, ("module_presentation_length",)),
    "studentAssessment": (("id_assessment", "id_student", "is_banked", "score"), ("date_submitted",)),
    "studentInfo": ((*_PRESENTATION, "id_student"), ()),
    "studentRegistration": ((*_PRESENTATION, "id_student"), ("date_unregistration",)),
}
"""The columns that are used of each file: words, and whole numbers."""


def _name() -> pl.Expr:
    return pl.concat_str("code_module", pl.lit("-"), "code_presentation").alias("module")


def _courses(folder: Path, courses: pl.DataFrame) -> pl.DataFrame:
    """Name the presentations and say when each began."""
    presentation = pl.col("code_presentation")
    usable = (
        pl.col("code_module").is_not_null()
        & presentation.str.contains(r"^[1-9][0-9]{3}[BJ]$").fill_null(value=False)
        & (pl.col("module_presentation_length").cast(pl.Int64) > 0).fill_null(value=False)
    )
    wrong = courses.filter(~usable)["_row"]
    if len(wrong):
        raise FileError(
            folder / "courses.csv",
            "not-oulad",
            f"row {wrong[0]} is no presentation such as AAA, 2013J with its length in days. Fetch it again.",
        )
    year = presentation.str.slice(0, 4).cast(pl.Int32)
    month = presentation.str.slice(4).replace_strict(_START_MONTH, return_dtype=pl.Int8)
    return courses.with_columns(
        _name(), start=pl.datetime(year, month, 1), length=pl.col("module_presentation_length").cast(pl.Int64)
    )


def _chosen(courses: pl.DataFrame, module: str | None, presentation: str | None) -> pl.DataFrame:
    wanted = {"code_module": module, "code_presentation": presentation}
    chosen = courses.filter(**{name: value for name, value in wanted.items() if value is not None})
    if chosen.is_empty():
        known = ", ".join(sorted(courses["module"]))
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


def _strays(tables: dict[str, pl.DataFrame], courses: pl.DataFrame) -> list[pl.DataFrame]:
    """Rows that name a presentation or an assessment which the dataset does not list."""
    problems = []
    for source, name in ((1, "assessments"), (2, "studentInfo")):
        lone = tables[name].with_columns(_name(), _src=pl.lit(source)).join(courses, on="module", how="anti")
        told = pl.concat_str(
            pl.lit('"'),
            shown(pl.col("module").fill_null("")),
            pl.lit('" is not in courses.csv; the row was not used.'),
        )
        problems.append(found("module-unknown", lone, column="module", value=pl.col("module"), message=told))
    listed = tables["assessments"].with_columns(_name()).join(courses, on="module", how="semi")
    stray = (
        tables["studentAssessment"].join(listed, on="id_assessment", how="anti").with_columns(_src=pl.lit(3))
    )
    text = pl.concat_str(
        pl.lit('"'),
        shown(pl.col("id_assessment").fill_null("")),
        pl.lit('" is not in assessments.csv; the row was not used.'),
    )
    return [
        *problems,
        found("component-unknown", stray, column="component", value=pl.col("id_assessment"), message=text),
    ]
