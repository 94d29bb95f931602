"""One table as found made into one table as typed: columns read, defaults filled, keys held once.

Rows keep where they came from (``_src``, ``_row``). ``_bad`` marks a row of which something could not be
read: what depends on it is not computed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.check.columns import read_column
from boardkit.problems import CODES, found

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boardkit.read.raw import Raw

PLACE = {"_src": pl.UInt16, "_row": pl.UInt32, "_bad": pl.Boolean}

DTYPES: dict[tables.Kind, pl.DataType] = {
    "id": pl.String(),
    "text": pl.String(),
    "mark": pl.Int32(),
    "points": pl.Int32(),
    "factor": pl.Int64(),
    "share": pl.Int64(),
    "weight": pl.Int64(),
    "credits": pl.Int64(),
    "credit-total": pl.Int64(),
    "count": pl.Int64(),
    "level": pl.Int8(),
    "attempt": pl.Int16(),
    "moment": pl.Datetime("us"),
    "day": pl.Date(),
    "yes-no": pl.Boolean(),
    "choice": pl.String(),
    "grade": pl.String(),
}
"""The type of each kind of column: marks and credits in hundredths, weights in millionths."""


def schema(table: tables.Table) -> dict[str, pl.DataType]:
    """Give the typed columns of a table."""
    return {column.name: DTYPES[column.kind] for column in table.columns}


def empty(table: tables.Table) -> pl.DataFrame:
    """Give a typed table with no rows."""
    return pl.DataFrame(schema={**schema(table), **PLACE})


def type_table(raw: Raw, codes: Mapping[str, str]) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Read every cell of a table.

    Args:
        raw: the table as found.
        codes: codes that may stand in mark cells, and the state each stands for.

    Returns:
        The typed table, and the problems of its cells.
    """
    table = tables.INPUT[raw.table]
    place = raw.rows.select(pl.lit(raw.source, dtype=pl.UInt16).alias("_src"), pl.col("_row").cast(pl.UInt32))
    columns: list[pl.Series] = []
    problems: list[pl.DataFrame] = []
    bad = pl.repeat(False, raw.rows.height, dtype=pl.Boolean, eager=True)
    keyless = bad
    states: pl.Series | None = None
    label = _label(raw, table)
    for column in table.columns:
        if column.name not in raw.rows.columns:
            default = _default(column)
            columns.append(
                pl.repeat(default, raw.rows.height, dtype=DTYPES[column.kind], eager=True).alias(column.name)
            )
            continue
        kinds = None if raw.kinds is None else raw.kinds[column.name]
        cells = read_column(raw.rows[column.name], kinds, column, codes)
        typed = cells.values.cast(DTYPES[column.kind])
        for code, rows, sentence in cells.faults:
            where = place.with_columns(
                _value=cells.text if code != "cell-error" else raw.rows[column.name].cast(pl.String),
                _label=label,
            ).filter(rows)
            message = pl.lit(sentence) if isinstance(sentence, str) else sentence
            problems.append(
                found(
                    code,
                    where,
                    column=column.name,
                    value=pl.col("_value"),
                    message=pl.concat_str(pl.col("_label"), message),
                )
            )
            if CODES[code].severity == "error":
                bad = bad | rows
        blank = cells.values.is_null() & ~_faulted(cells.faults, bad)
        if cells.states is not None and column.name == "mark":
            blank = blank & cells.states.is_null()
            states = cells.states
        if column.required and blank.any():
            where = place.with_columns(_label=label).filter(blank)
            problems.append(
                found(
                    "required-blank",
                    where,
                    column=column.name,
                    message=pl.concat_str(pl.col("_label"), pl.lit(f"{column.name} is blank. Fill it in.")),
                )
            )
            bad = bad | blank
        if column.name in table.key and column.required and column.kind in ("id", "attempt"):
            keyless = keyless | typed.is_null()
        if column.default is not None:
            faulted = _faulted(cells.faults, bad)
            typed = typed.set(typed.is_null() & ~faulted, _default(column))
        columns.append(typed.alias(column.name))
    typed_frame = pl.DataFrame(columns).with_columns(place["_src"], place["_row"], bad.alias("_bad"))
    extra = [name for name in raw.rows.columns if name not in typed_frame.columns]
    typed_frame = typed_frame.with_columns(raw.rows.select(extra))
    if states is not None:
        typed_frame, clash = _join_states(typed_frame, states, label)
        problems += clash
    return typed_frame.filter(~keyless), problems


def _faulted(faults: list[tuple[str, pl.Series, pl.Expr | str]], like: pl.Series) -> pl.Series:
    mask = pl.repeat(False, len(like), dtype=pl.Boolean, eager=True)
    for code, rows, _ in faults:
        if CODES[code].severity == "error":
            mask = mask | rows
    return mask


def _default(column: tables.Column) -> object:
    if column.default is None:
        return None
    if column.kind == "yes-no":
        return column.default == "Y"
    return int(column.default) if column.kind == "attempt" else column.default


def _label(raw: Raw, table: tables.Table) -> pl.Series:
    """Say which row it is: module and component, then the student; nothing where it is neither."""
    have = raw.rows.columns
    words = [
        pl.col(name).cast(pl.String).str.strip_chars().fill_null("")
        for name in ("module", "component")
        if name in have
    ]
    known = [name for name in ("student_id",) if name in have]
    if not (words or known) or table.name == "board":
        return pl.repeat("", raw.rows.height, dtype=pl.String, eager=True)
    what = pl.concat_str(words, separator=" ").str.strip_chars() if words else pl.lit("")
    who = pl.col("student_id").cast(pl.String).str.strip_chars().fill_null("") if known else pl.lit("")
    joined = pl.when((what != "") & (who != "")).then(what + ", " + who).otherwise(what + who)
    return raw.rows.select(pl.when(joined == "").then(pl.lit("")).otherwise(joined + ": ").alias("_label"))[
        "_label"
    ]


def _join_states(
    frame: pl.DataFrame, states: pl.Series, label: pl.Series
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Take the states that codes in mark cells stand for; one that contradicts the state column is an error."""
    both = frame.with_columns(_typed=states, _label=label)
    clash = (
        pl.col("_typed").is_not_null() & pl.col("state").is_not_null() & (pl.col("_typed") != pl.col("state"))
    )
    wrong = both.filter(clash)
    problems = []
    if wrong.height:
        sentence = pl.concat_str(
            pl.col("_label"),
            pl.lit("the code in the mark says "),
            pl.col("_typed"),
            pl.lit(" and the state says "),
            pl.col("state"),
            pl.lit("."),
        )
        problems.append(
            found("state-contradiction", wrong, column="state", value=pl.col("state"), message=sentence)
        )
    joined = both.with_columns(
        state=pl.when(clash).then(None).otherwise(pl.coalesce("state", "_typed")),
        _bad=pl.col("_bad") | clash.fill_null(value=False),
    )
    return joined.drop("_typed", "_label"), problems


def hold_keys_once(frame: pl.DataFrame, table: tables.Table) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Keep one row a key, and sort by it.

    Rows that are equal count once. Of rows that differ nothing is used: one stays, emptied and bad.
    """
    if not table.key:
        order = [column.name for column in table.columns]
        return frame.sort([*order, "_src", "_row"], nulls_last=True), []
    key = list(table.key)
    ordered = frame.sort([*key, "_src", "_row"], nulls_last=True)
    if frame.height < 2:  # noqa: PLR2004 - one row has no twin
        return ordered, []
    same_key = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift(1)) for name in key)
    twin = ordered.select((same_key & (pl.int_range(pl.len()) > 0)).alias("twin"))["twin"]
    if not twin.any():
        return ordered, []
    content = [name for name in frame.columns if name not in ("_src", "_row", *key)]
    group = ordered.with_columns(_group=(~twin).cum_sum())
    differ = group.group_by("_group").agg(
        _rows=pl.len(), _kinds=pl.struct(content).n_unique() if content else pl.lit(1)
    )
    marked = group.join(differ, on="_group", how="left", maintain_order="left").with_columns(_first=~twin)
    name = _key_name(key)
    equal = marked.filter(~pl.col("_first") & (pl.col("_kinds") == 1))
    clash = marked.filter(pl.col("_kinds") > 1)
    problems = [
        found(
            "row-twice",
            equal,
            column=key[0],
            message=pl.concat_str(name, pl.lit("the row stands twice; one was used.")),
        ),
        found(
            "rows-differ",
            clash,
            column=key[0],
            message=pl.concat_str(
                name, pl.lit("two rows have this key and differ; neither was used. Delete the wrong one.")
            ),
        ),
    ]
    keep = marked.filter("_first").with_columns(
        pl.when(pl.col("_kinds") > 1).then(None).otherwise(pl.col(column)).alias(column)
        for column in content
        if column != "_bad"
    )
    keep = keep.with_columns(_bad=pl.col("_bad") | (pl.col("_kinds") > 1))
    return keep.select(frame.columns), problems


def _key_name(key: list[str]) -> pl.Expr:
    parts = [pl.col(name).cast(pl.String).fill_null("") for name in key]
    return pl.concat_str([*parts], separator=" ") + ": "
