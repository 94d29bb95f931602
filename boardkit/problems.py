"""Problems: the frame they are kept in, how each is made, and where it is found in file, sheet and cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.codes import CODES
from boardkit.queries import work_out

if TYPE_CHECKING:
    from collections.abc import Sequence

_UNSEEN = r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+"
_SHOWN = 60
_OF_WORKS = ("row-twice", "rows-differ")
"""What stands at a student's cell and is about some of the pieces of work in the row."""
_WORKS_SHOWN = 3

SCHEMA = {
    "code": pl.String,
    "_src": pl.UInt16,
    "_row": pl.UInt32,
    "column": pl.String,
    "value": pl.String,
    "message": pl.String,
}


@dataclass(frozen=True)
class Source:
    """Where a table came from: which file and sheet, and which column each name stands in.

    Args:
        table: the canonical name of the table.
        file: the file's name; empty for a frame handed in.
        sheet: the sheet's name; empty where there is none.
        columns: the position, from 1, of each column by its canonical name.
        lettered: whether places are written as cells (``F52``); else as ``row 52``.
        whole: for one piece of work on a marksheet, the number of the source that stands for the whole sheet.
        work: that piece of work's module and component.
    """

    table: str
    file: str = ""
    sheet: str = ""
    columns: dict[str, int] = field(default_factory=dict)
    lettered: bool = True
    whole: int | None = None
    work: str = ""


def found(  # noqa: PLR0913 - what a problem is made of
    code: str,
    rows: pl.DataFrame,
    *,
    column: str | None = None,
    value: pl.Expr | None = None,
    message: pl.Expr | str,
    action: str | None = None,
) -> pl.DataFrame:
    """Make problem rows out of table rows.

    Args:
        code: a code of the registry.
        rows: rows with ``_src`` and ``_row``; one problem each.
        column: the canonical name of the column it is about.
        value: what was found there, as text.
        message: what is wrong, in a sentence, fixed or made from the row.
        action: what to do about it, where the registry's advice is not the best there is.

    Returns:
        A frame in the shape of ``SCHEMA``; every message ends with what to do.
    """
    if code not in CODES:
        raise KeyError(code)
    if rows.is_empty():
        return pl.DataFrame(schema=SCHEMA)
    sentence = pl.lit(message) if isinstance(message, str) else message
    advice = action or CODES[code].action
    told = pl.when(sentence.str.ends_with(advice)).then(sentence).otherwise(sentence + pl.lit(f" {advice}"))
    return rows.select(
        pl.lit(code).alias("code"),
        pl.col("_src").cast(pl.UInt16),
        pl.col("_row").cast(pl.UInt32),
        pl.lit(column, dtype=pl.String).alias("column"),
        (pl.lit(None, dtype=pl.String) if value is None else value.cast(pl.String)).alias("value"),
        told.alias("message"),
    )


def found_at(  # noqa: PLR0913 - as above
    code: str,
    source: int,
    row: int | None,
    message: str,
    *,
    column: str | None = None,
    action: str | None = None,
) -> pl.DataFrame:
    """Make one problem row about a whole source, or one of its rows."""
    place = pl.DataFrame({"_src": [source], "_row": [row]}, schema={"_src": pl.UInt16, "_row": pl.UInt32})
    return found(code, place, column=column, message=message, action=action)


def shown(text: pl.Expr) -> pl.Expr:
    r"""Give text as a sentence may show it: on one line, nothing unseen in it, cut where it is long.

    Examples:
        >>> frame = pl.DataFrame({"value": ["6O", "two\nlines", "7" * 10_000]})
        >>> frame.select(shown(pl.col("value")).str.len_chars())["value"].to_list()
        [2, 9, 63]
    """
    plain = text.str.replace_all(_UNSEEN, " ")
    return pl.when(plain.str.len_chars() > _SHOWN).then(plain.str.slice(0, _SHOWN) + "...").otherwise(plain)


def show(text: str) -> str:
    """Give one text as a sentence may show it; `shown` does the same for columns."""
    return str(pl.select(shown(pl.lit(text))).item())


def gather(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Put problem rows together."""
    return pl.concat([pl.DataFrame(schema=SCHEMA), *parts])


def locate(problems: pl.DataFrame, sources: Sequence[Source]) -> pl.DataFrame:
    """Give problems their file, sheet and cell, in the columns and the order that a run writes.

    Errors come first, then warnings, then notes; within them by file, sheet, row and column.
    """
    places = pl.DataFrame(
        {
            "_src": range(len(sources)),
            "file": [source.file or None for source in sources],
            "sheet": [source.sheet or None for source in sources],
            "lettered": [source.lettered for source in sources],
        },
        schema={"_src": pl.UInt16, "file": pl.String, "sheet": pl.String, "lettered": pl.Boolean},
    )
    columns = pl.DataFrame(
        [
            (number, name, letters(at), at)
            for number, source in enumerate(sources)
            for name, at in source.columns.items()
        ],
        schema={"_src": pl.UInt16, "column": pl.String, "letter": pl.String, "at": pl.UInt32},
        orient="row",
    )
    grades = pl.DataFrame(
        {"code": list(CODES), "severity": [code.severity for code in CODES.values()]},
        schema={"code": pl.String, "severity": pl.Enum(tables.SEVERITIES)},
    )
    row = pl.col("_row").cast(pl.String)
    return (
        _each_student_once(problems, sources)
        .lazy()
        .join(places.lazy(), on="_src", how="left", nulls_equal=True)
        .join(columns.lazy(), on=["_src", "column"], how="left")
        .join(grades.lazy(), on="code", how="left")
        .with_columns(
            pl.when(pl.col("_row").is_null())
            .then(pl.lit(None, dtype=pl.String))
            .when(pl.col("lettered"))
            .then(pl.coalesce("letter", pl.lit("A")) + row)
            .otherwise(pl.lit("row ") + row)
            .alias("cell")
        )
        .sort("severity", "_src", "_row", "at", "code", "message", "value", nulls_last=False)
        .select(pl.col(name).cast(pl.String) for name in tables.OUTPUT["problems"])
        .pipe(work_out)
    )


def _each_student_once(problems: pl.DataFrame, sources: Sequence[Source]) -> pl.DataFrame:
    """Tell what is wrong with a student's cell once, not for every piece of work in the row."""
    parts = [(at, source.whole, source.work) for at, source in enumerate(sources) if source.whole is not None]
    if not parts:
        return problems
    schema = {"_src": pl.UInt16, "_whole": pl.UInt16, "_work": pl.String}
    joined = problems.join(
        pl.DataFrame(parts, schema=schema, orient="row"), on="_src", how="left", maintain_order="left"
    )
    shared = joined["_whole"].is_not_null() & (joined["column"] == "student_id").fill_null(value=False)
    bare = pl.col("message").str.strip_prefix(pl.col("_work")).str.replace(r"^[,:] ", "")
    alone = bare.str.slice(0, 1).str.to_uppercase() + bare.str.slice(1)
    works = pl.col("_works").list
    more = (
        pl.when(works.len() > _WORKS_SHOWN)
        .then(pl.format(" and {} more", works.len() - _WORKS_SHOWN))
        .otherwise(pl.lit(""))
    )
    named = pl.concat_str(works.head(_WORKS_SHOWN).list.join(", "), more, pl.lit(", "), bare)
    once = (
        joined.filter(shared)
        .with_columns(_src="_whole")
        .group_by("code", "_src", "_row", maintain_order=True)
        .agg(pl.all().first(), _works=pl.col("_work").unique(maintain_order=True))
        .with_columns(message=pl.when(pl.col("code").is_in(_OF_WORKS)).then(named).otherwise(alone))
    )
    return pl.concat([rows.select(problems.columns) for rows in (joined.filter(~shared), once)])


def letters(column: int) -> str:
    """Name a column by its position from 1, as spreadsheets do.

    Examples:
        >>> letters(1), letters(26), letters(27), letters(16384)
        ('A', 'Z', 'AA', 'XFD')
    """
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
