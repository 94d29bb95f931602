"""One table as found made into one table as typed: columns read, defaults filled, keys held once.

Rows keep where they came from (``_src``, ``_row``). ``_bad`` marks a row of which something could not be
read: what depends on it is not computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.check.cells import as_text
from boardkit.check.columns import read_column, to_look_for
from boardkit.check.survey import survey
from boardkit.codes import CODES
from boardkit.problems import found, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boardkit.check.cells import Cells, Fault
    from boardkit.check.survey import Seen
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
    "year": pl.String(),
    "yes-no": pl.Boolean(),
    "grade": pl.String(),
}
"""The type of each kind of column: marks and credits in hundredths, weights in millionths.

A choice is an enumeration of what it allows.
"""


@cache
def dtype(column: tables.Column) -> pl.DataType:
    """Give the type of a column's values."""
    return pl.Enum(column.choices) if column.kind == "choice" else DTYPES[column.kind]


def schema(table: tables.Table) -> dict[str, pl.DataType]:
    """Give the typed columns of a table."""
    return {column.name: dtype(column) for column in table.columns}


def empty(table: tables.Table) -> pl.DataFrame:
    """Give a typed table with no rows."""
    return pl.DataFrame(schema={**schema(table), **PLACE})


@dataclass(frozen=True)
class Typed:
    """A table whose cells were read.

    Args:
        frame: its rows.
        lost: rows whose key cannot be read: they are not used, and what the rest of their key names is
            not computed.
        problems: what is wrong with its cells.
    """

    frame: pl.DataFrame
    lost: pl.DataFrame
    problems: list[pl.DataFrame]


def type_table(raw: Raw, codes: Mapping[str, str]) -> Typed:
    """Read every cell of a table.

    Args:
        raw: the table as found.
        codes: codes that may stand in mark cells, and the state each stands for.

    Returns:
        The typed table, and the problems of its cells.
    """
    table = tables.INPUT[raw.table]
    columns: list[pl.Series] = []
    same: dict[str, pl.Expr] = {}
    same[tables.SOURCE] = _source(raw)
    problems: list[pl.DataFrame] = []
    keyless = pl.repeat(False, raw.rows.height, dtype=pl.Boolean, eager=True)
    bad = raw.rows[tables.UNSOUND] if tables.UNSOUND in raw.rows.columns else keyless
    states: dict[str, pl.Series] = {}
    seen = survey(raw, {column.name: to_look_for(column) for column in table.columns})
    for column in table.columns:
        if column.name not in seen:
            same[column.name] = pl.lit(_default(column), dtype=dtype(column))
            continue
        cells, typed, faulted = _read(raw, column, codes, seen[column.name])
        if typed.null_count() == len(typed):
            same[column.name] = pl.lit(None, dtype=dtype(column))
        else:
            columns.append(typed)
        if cells.states is not None:
            states[column.name] = cells.states
        if not cells.faults:
            continue
        problems += [_told(fault, cells, raw, column) for fault in cells.faults]
        bad = bad | faulted
        # A confirmed result whose attempt cannot be read is that module's still.
        if (column.required and column.kind in ("id", "attempt")) or (
            column.name in table.key and table.name != "results"
        ):
            keyless = keyless | (faulted & typed.is_null())
    if bad.any():
        columns.append(bad.alias("_bad"))
    else:
        same["_bad"] = pl.lit(value=False)
    own = (*(column.name for column in table.columns), *PLACE)
    beside = (*own, tables.OUT_OF, tables.UNSOUND)
    others = [name for name in raw.rows.columns if name not in beside]
    besides = [tables.SOURCE] if tables.SOURCE in raw.rows.columns else []
    held = pl.DataFrame(
        [raw.rows["_row"].cast(pl.UInt32), *columns, *(raw.rows[name] for name in (*besides, *others))]
    )
    # A column of one value throughout is kept as that value alone.
    frame = held.select(*(same.get(name, pl.col(name)).alias(name) for name in own), *others, *_as_typed(raw))
    for name, typed_states in states.items():
        frame, clash = _join_states(frame, name, typed_states, raw)
        problems += clash
    lost = frame.filter(keyless) if keyless.any() else frame.clear()
    return Typed(frame.filter(~keyless) if lost.height else frame, lost, problems)


def set_apart(frame: pl.DataFrame, table: tables.Table) -> pl.DataFrame:
    """Name the columns that are carried through unread so that no stage can take one for its own."""
    own = {column.name for column in table.columns}
    others = [name for name in frame.columns if name not in own and not name.startswith("_")]
    return frame.rename({name: f"{tables.CARRIED}{name}" for name in others})


def _read(
    raw: Raw, column: tables.Column, codes: Mapping[str, str], seen: Seen
) -> tuple[Cells, pl.Series, pl.Series]:
    """Read one column: its cells with their faults, their typed values, and which of them are errors."""
    kinds = None if raw.kinds is None else raw.kinds[column.name]
    out_of = raw.rows[tables.OUT_OF] if tables.OUT_OF in raw.rows.columns else None
    cells = read_column(raw.rows[column.name], kinds, column, codes, seen, out_of=out_of)
    typed = cells.values.cast(dtype(column)).alias(column.name)
    if column.required and typed.null_count():
        cells.fault("required-blank", typed.is_null() & ~_faulted(cells), f"{column.name} is blank.")
    faulted = _faulted(cells)
    if column.default is not None and typed.null_count():
        typed = typed.set(typed.is_null() & ~faulted, _default(column))
    return cells, typed, faulted


def _as_typed(raw: Raw) -> list[pl.Series]:
    """Keep marks out of another number than 100 as they were typed, the agreed one where it stands."""
    if tables.OUT_OF not in raw.rows.columns:
        return []
    marks = [as_text(raw.rows[name]) for name in ("agreed_mark", "mark") if name in raw.rows.columns]
    typed = pl.DataFrame(marks).select(pl.coalesce(pl.all()).alias(tables.AS_TYPED)).to_series()
    return [raw.rows[tables.OUT_OF], typed]


def _faulted(cells: Cells) -> pl.Series:
    mask = cells.all(False)
    for fault in cells.faults:
        if CODES[fault.code].severity == "error":
            mask = mask | fault.rows
    return mask


def _place(raw: Raw) -> pl.DataFrame:
    return raw.rows.select(_source(raw).alias("_src"), pl.col("_row").cast(pl.UInt32))


def _source(raw: Raw) -> pl.Expr:
    own = tables.SOURCE in raw.rows.columns
    return pl.col(tables.SOURCE).cast(pl.UInt16) if own else pl.lit(raw.source, dtype=pl.UInt16)


def _told(fault: Fault, cells: Cells, raw: Raw, column: tables.Column) -> pl.DataFrame:
    """Make the problems of one fault, each with the row it is in and what stands there."""
    rows = _place(raw).with_columns(_value=as_text(cells.given)).filter(fault.rows)
    rows = rows.with_columns(_label=_label(raw.rows.filter(fault.rows)))
    return found(
        fault.code,
        rows,
        column=column.name,
        value=pl.col("_value"),
        message=_labelled(_filled_in(fault.sentence)),
        action=fault.action,
    )


def _filled_in(sentence: str) -> pl.Expr:
    """Put the cell's value where ``{}`` stands."""
    before, here, after = sentence.partition("{}")
    value = shown(pl.col("_value").fill_null("")) if here else pl.lit("")
    return pl.concat_str(pl.lit(before), value, pl.lit(after))


def _default(column: tables.Column) -> object:
    if column.default is None:
        return None
    if column.kind == "yes-no":
        return column.default == "Y"
    return int(column.default) if column.kind == "attempt" else column.default


def _label(rows: pl.DataFrame) -> pl.Series:
    """Say which rows they are: module and component, then the student; nothing where it is neither."""
    texts = [
        as_text(rows[name]).fill_null("").alias(name)
        if name in rows.columns
        else pl.repeat("", rows.height, dtype=pl.String, eager=True).alias(name)
        for name in ("module", "component", "student_id")
    ]
    plain = pl.DataFrame(texts).select(shown(pl.all()).str.strip_chars())
    what = pl.concat_str("module", "component", separator=" ").str.strip_chars()
    both = pl.when((what != "") & (pl.col("student_id") != "")).then(pl.lit(", ")).otherwise(pl.lit(""))
    joined = pl.concat_str(what, both, "student_id")
    return plain.select(pl.when(joined != "").then(joined + ": ").otherwise(pl.lit("")).alias("_label"))[
        "_label"
    ]


def _labelled(sentence: pl.Expr) -> pl.Expr:
    """Put a sentence behind the label, or let it begin with a capital where there is none."""
    alone = sentence.str.slice(0, 1).str.to_uppercase() + sentence.str.slice(1)
    return pl.when(pl.col("_label") == "").then(alone).otherwise(pl.col("_label") + sentence)


def _join_states(
    frame: pl.DataFrame, column: str, states: pl.Series, raw: Raw
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Take the states that codes in mark cells stand for; one that contradicts another state is an error."""
    both = frame.with_columns(_typed=states.cast(frame.schema["state"]))
    clash = both.select((pl.col("_typed") != pl.col("state")).fill_null(value=False).alias("clash"))["clash"]
    wrong = both.filter(clash).with_columns(_label=_label(raw.rows.filter(clash)))
    sentence = pl.concat_str(
        pl.lit("the code in the mark says "), "_typed", pl.lit(" and the state says "), "state", pl.lit(".")
    )
    problems = found(
        "state-contradiction", wrong, column=column, value=pl.col("_typed"), message=_labelled(sentence)
    )
    joined = both.with_columns(
        state=pl.when(clash).then(None).otherwise(pl.coalesce("state", "_typed")),
        _bad=pl.col("_bad") | clash,
    )
    return joined.drop("_typed"), [problems]


def hold_keys_once(frame: pl.DataFrame, table: tables.Table) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Keep one row a key, and sort by it.

    Rows that are equal count once. Of rows that differ nothing is used: one stays, emptied and bad.
    """
    if not table.key:
        every = [column.name for column in table.columns]
        return frame.sort([*every, "_src", "_row"], nulls_last=True), []
    key = list(table.key)
    order = [*key, "_src", "_row"]
    ordered = frame.sort(order, nulls_last=True)
    if frame.height < 2:  # noqa: PLR2004 - one row has no twin
        return ordered, []
    same_key = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift(1)) for name in key)
    again = ordered.select((same_key & (pl.int_range(pl.len()) > 0)).alias("again"))["again"]
    if not again.any():
        return ordered, []
    shared = again | again.shift(-1, fill_value=False)
    content = [name for name in frame.columns if name not in ("_src", "_row", *key)]
    first = ~again.filter(shared)
    groups = ordered.filter(shared).with_columns(_first=first, _group=first.cum_sum())
    differ = groups.group_by("_group").agg(_differ=pl.struct(content).n_unique() > 1)
    groups = groups.join(differ, on="_group", how="left", maintain_order="left")
    groups = groups.with_columns(_label=_label(groups))
    problems = [
        found(
            "row-twice",
            groups.filter(~pl.col("_first") & ~pl.col("_differ")),
            column=key[0],
            message=_labelled(pl.lit("the row stands twice; one was used.")),
        ),
        found(
            "rows-differ",
            groups.filter("_differ"),
            column=key[0],
            message=_labelled(pl.lit("the rows with this key differ; none of them was used.")),
        ),
    ]
    kept = groups.filter("_first").with_columns(
        *(pl.when(~pl.col("_differ")).then(pl.col(name)).alias(name) for name in content if name != "_bad"),
        _bad=pl.col("_bad") | pl.col("_differ"),
    )
    return pl.concat([ordered.filter(~shared), kept.select(frame.columns)]).sort(
        order, nulls_last=True
    ), problems
