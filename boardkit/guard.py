"""Guard: text that a spreadsheet would take for a formula, with an apostrophe before it in a file of text."""

from __future__ import annotations

import polars as pl

_FORMULA = r"^[=+\-@\t\r\x00]"
GUARDED = r"^'[=+\-@\t\r\x00]"
"""How text begins that has an apostrophe before what looks like a formula."""
_NUMBER = r"^[+-]?[0-9]+(\.[0-9]+)?$"


def formula(text: pl.Expr) -> pl.Expr:
    """Tell which texts a spreadsheet would run.

    Examples:
        >>> pl.DataFrame({"t": ["=1+1", "-5", "as minuted"]}).select(formula(pl.col("t")))["t"].to_list()
        [True, False, False]
    """
    return text.str.contains(_FORMULA) & ~text.str.contains(_NUMBER)


def guarded(text: pl.Expr) -> pl.Expr:
    """Put an apostrophe before what looks like a formula.

    Examples:
        >>> pl.DataFrame({"t": ["=1+1", "-5"]}).select(guarded(pl.col("t")))["t"].to_list()
        ["'=1+1", '-5']
    """
    return pl.when(~formula(text)).then(text).otherwise(pl.concat_str(pl.lit("'"), text))


def unguarded(text: pl.Expr) -> pl.Expr:
    """Take away the apostrophe that was put before what looks like a formula.

    Examples:
        >>> pl.DataFrame({"id": ["'=7", "'a", "7"]}).select(unguarded(pl.col("id")))["id"].to_list()
        ['=7', "'a", '7']
    """
    rest = text.str.strip_prefix("'")
    return pl.when(text.str.starts_with("'") & formula(rest)).then(rest).otherwise(text)
