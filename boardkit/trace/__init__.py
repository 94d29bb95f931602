"""The trace: every mark changed and every outcome, with its rule, clause and reading.

Rows are made from what the stages left behind; asking for no trace costs nothing.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.apart import apart
from boardkit.parts import PART
from boardkit.trace.awards import trace_awards
from boardkit.trace.components import trace_components
from boardkit.trace.decided import trace_decided
from boardkit.trace.modules import trace_modules
from boardkit.trace.names import RULES
from boardkit.trace.offences import trace_offences
from boardkit.trace.progress import trace_progress
from boardkit.trace.rows import TEXTS

if TYPE_CHECKING:
    from boardkit.board import BoardResult

__all__ = ["RULES", "trace", "trace_of"]

_ATTEMPTS = 128
"""More than any attempt's number; one short of it stands for none, which comes last."""
_ORDERS = 16
"""More than the rows about one thing."""


def trace(board: BoardResult) -> pl.DataFrame:
    """Make the ``trace`` table, in the order of its key: student, module, component, attempt, stage."""
    count = board.ground.students.height
    firsts = [*range(0, count, PART), count]
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        return pl.concat([_nothing(), *pool.map(_ordered, apart(board, firsts))])


def trace_of(board: BoardResult, student: int) -> pl.DataFrame:
    """Make the trace of one student, by the student's number."""
    return pl.concat([_nothing(), *map(_ordered, apart(board, [student, student + 1]))])


def _nothing() -> pl.DataFrame:
    kinds: dict[str, type[pl.DataType]] = dict.fromkeys(tables.OUTPUT["trace"], pl.String)
    return pl.DataFrame(schema={**kinds, "attempt": pl.Int16})


def _ordered(board: BoardResult) -> pl.DataFrame:
    """Make the trace of a board, in order, and write the texts of its keys."""
    ground, names = board.ground, board.cohort.numbers.modules
    parts = [
        *trace_components(board),
        *trace_modules(board),
        *trace_awards(board),
        *trace_progress(board),
        *trace_decided(board),
        *trace_offences(board),
    ]
    made = pl.concat(pl.collect_all(parts), rechunk=True)
    counts = (len(names), ground.components.height, _ATTEMPTS - 1)
    order = (pl.col("s") - pl.col("s").min()).cast(pl.UInt64)
    for key, count in zip(("n", "k", "attempt"), counts, strict=True):
        order = order * (count + 1) + pl.col(key).cast(pl.UInt64).fill_null(count)
    at = made.select((order * _ORDERS + pl.col("order")).arg_sort()).to_series()
    keys = {
        "student_id": (ground.students["student_id"], "s"),
        "module": (names, "n"),
        "component": (ground.components["component"], "k"),
    }
    named = [texts.gather(made[number].gather(at)).alias(name) for name, (texts, number) in keys.items()]
    rest = [made[name].gather(at) for name in ("attempt", "stage", *TEXTS)]
    return pl.DataFrame([*named, *rest]).select(tables.OUTPUT["trace"])
