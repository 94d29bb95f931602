"""Printed: a table as its CSV has it, with nothing in it that a spreadsheet would run."""

from __future__ import annotations

import polars as pl

from boardkit.guard import guarded


def printed(frame: pl.DataFrame) -> pl.DataFrame:
    r"""Give a table as its CSV has it: text in quotation marks, numbers bare, nulls empty.

    Text that a spreadsheet would take for a formula has an apostrophe put before it.

    Examples:
        >>> printed(pl.DataFrame({"module": ["=1+1", "-5"], "credits": [20, None]})).rows()
        [('"\'=1+1"', 20), ('"-5"', None)]
    """
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    return frame.with_columns(_quoted(pl.col(name)).alias(name) for name in texts)


def _quoted(text: pl.Expr) -> pl.Expr:
    return pl.concat_str(pl.lit('"'), guarded(text).str.replace_all('"', '""', literal=True), pl.lit('"'))
