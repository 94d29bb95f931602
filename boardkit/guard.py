"""Guard: text that a spreadsheet would take for a formula, with an apostrophe before it in a file of text."""

from __future__ import annotations

import re

import polars as pl

_FORMULA = r"^[=+\-@\t\r\x00]"
GUARD = re.compile(r"'[=+\-@\t\r\x00]")
"""What stands somewhere in a file of text in which something is guarded."""
_NUMBER = r"^[+-]?[0-9]+(\.[0-9]+)?$"


def formula(text: pl.Expr) -> pl.Expr:
    """Tell which texts a spreadsheet would run.

    Examples:
        >>> pl.DataFrame({"t": ["=1+1", "-5", "as minuted"]}).select(formula(pl.col("t")))["t"].to_list()
        [True, False, False]
    """
    return text.str.contains(_FORMULA) & ~text.str.contains(_NUMBER)


def to_guard(text: pl.Expr) -> pl.Expr:
    """Tell which texts have to be guarded: those that a spreadsheet would run, and those that look guarded already.

    Examples:
        >>> pl.DataFrame({"t": ["=1+1", "'=1+1", "'s"]}).select(to_guard(pl.col("t")))["t"].to_list()
        [True, True, False]
    """
    return formula(text.str.strip_chars_start("'"))


def guarded(text: pl.Expr) -> pl.Expr:
    """Put an apostrophe before what looks like a formula.

    Examples:
        >>> pl.DataFrame({"t": ["=1+1", "-5"]}).select(guarded(pl.col("t")))["t"].to_list()
        ["'=1+1", '-5']
    """
    return pl.when(~to_guard(text)).then(text).otherwise(pl.concat_str(pl.lit("'"), text))


def unguarded(text: pl.Expr) -> pl.Expr:
    """Take away the apostrophe that was put before what looks like a formula.

    Examples:
        >>> pl.DataFrame({"id": ["'=7", "'a", "7", "''=7"]}).select(unguarded(pl.col("id")))["id"].to_list()
        ['=7', "'a", '7', "'=7"]
    """
    rest = text.str.strip_prefix("'")
    return pl.when(text.str.starts_with("'") & to_guard(rest)).then(rest).otherwise(text)
