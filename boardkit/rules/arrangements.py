"""Arrangements: the students to whom some rules do not apply, by programme and by when they began."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from boardkit.regulations.model import Regulations
    from boardkit.regulations.progress import RuleName


def outside(pack: Regulations, rule: RuleName) -> pl.Expr:
    """Tell the students to whom a rule does not apply.

    Args:
        pack: the regulations.
        rule: one of the rules that an arrangement can take away.

    Returns:
        True or false for a row with ``programme`` and ``registered_from``; a student whose beginning is not
        known is covered.
    """
    found = pl.lit(value=False)
    for arrangement in pack.arrangements:
        if rule in arrangement.without:
            begun = pl.col("registered_from") < pl.lit(arrangement.started_before)
            found = found | (pl.col("programme").is_in(arrangement.programmes) & begun)
    return found.fill_null(value=False)
