"""Recorded: in which file an offence and its penalty are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.regulations.misconduct import NO_PENALTY

if TYPE_CHECKING:
    from boardkit.regulations.misconduct import Misconduct


def with_files(offences: pl.DataFrame, rules: Misconduct) -> pl.DataFrame:
    """Add in which file an offence is recorded.

    What the route of a case says stands first, then what is said of an offence that was referred back, then the file of
    the list; but a penalty that is not recorded, and an offence that is not proven, are in no list's file.

    Args:
        offences: rows whose case was found, with ``list`` and ``back_to``.
        rules: the pack's section of misconduct.

    Returns:
        The rows with ``recorded`` and ``recorded_source``.
    """
    none = [NO_PENALTY, *(one.id for one in rules.penalties if one.not_recorded)]
    kept = ~pl.col("penalty").is_in(none).fill_null(value=False)
    back = (pl.col("list") == pl.col("back_to")).fill_null(value=False)
    of_list = {
        name: (listed.recorded.value, listed.recorded.source)
        for name, listed in rules.lists.items()
        if listed.recorded is not None
    }
    of_return = {
        name: (listed.returned.recorded.value, listed.returned.recorded.source)
        for name, listed in rules.lists.items()
        if listed.returned is not None
    }

    def told(files: dict[str, tuple[str, str]], at: int) -> pl.Expr:
        words = {name: said[at] for name, said in files.items()}
        return pl.col("list").replace_strict(words, default=None, return_dtype=pl.String)

    return offences.with_columns(
        pl.coalesce(
            route, pl.when(back).then(told(of_return, at)), pl.when(kept).then(told(of_list, at))
        ).alias(name)
        for at, (name, route) in enumerate((("recorded", "report_in"), ("recorded_source", "report_source")))
    )
