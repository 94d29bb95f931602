"""Severity: whether one marker's marks lie below or above the others', with what that is measured against.

Where work was allocated to markers at random, their means can be held against one another. Where it was not, one marker
may have had the weaker students: then each mark is first held against the mean of the same student's other work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit import tables
from boardkit.exact import nearest
from boardkit.moderation.agreement import PLACES, interval
from boardkit.moderation.scripts import GROUP

if TYPE_CHECKING:
    from collections.abc import Sequence

_FEWEST = 2
"""So many scripts of each side are needed to say how they spread."""

_SCHEMA = {
    "module": pl.String,
    "component": pl.String,
    "attempt": pl.Int64,
    "marker": pl.String,
    "scripts": pl.Int64,
    **dict.fromkeys(("mean", "severity", "low", "high"), pl.Float64),
    "basis": pl.String,
}


def severity(work: pl.DataFrame, *, random_allocation: bool) -> pl.DataFrame:
    """Hold every marker of an assessment against its others.

    Args:
        work: marked work, with ``mark`` in hundredths and ``marker``.
        random_allocation: whether work was allocated to markers at random.

    Returns:
        A row a marker of every assessment that has several: ``scripts``, their ``mean``, and ``severity``: by how many
        points the marks lie above those of the other markers (below, where it is negative), with Welch's 95% interval;
        ``basis`` says against what. There is none where a marker, or the others, have fewer than two scripts to hold; and
        no interval where all marks of each are the same.
    """
    basis = tables.SEVERITY_BASES[0 if random_allocation else 1]
    marks = work.with_columns(points=nearest(pl.col("mark")), attempt=pl.col("attempt").cast(pl.Int64))
    held = marks.with_columns(held=pl.col("points") if random_allocation else _against_other_work())
    rows: list[dict[str, Any]] = []
    for key, group in (
        held.filter(pl.col("marker") != "").sort(*GROUP, "marker").group_by(GROUP, maintain_order=True)
    ):
        if group["marker"].n_unique() > 1:
            rows += [
                {**dict(zip(GROUP, key, strict=True)), **_of(group, str(who)), "basis": basis}
                for who in group["marker"].unique(maintain_order=True)
            ]
    return pl.DataFrame(rows, schema=_SCHEMA).with_columns(pl.col(pl.Float64).round(2))


def _against_other_work() -> pl.Expr:
    """A mark less the mean of the same student's other marked work; null where there is none."""
    count, total = pl.len().over("student_id"), pl.col("points").sum().over("student_id")
    return pl.when(count > 1).then(pl.col("points") - (total - pl.col("points")) / (count - 1))


def _of(group: pl.DataFrame, who: str) -> dict[str, Any]:
    """Hold one marker's work against the others'."""
    own = group.filter(pl.col("marker") == who)
    others = group.filter(pl.col("marker") != who)
    found = welch(own["held"].drop_nulls().to_list(), others["held"].drop_nulls().to_list())
    return {
        "marker": who,
        "scripts": own.height,
        "mean": own["points"].mean(),
        **dict(zip(("severity", "low", "high"), found or (None, None, None), strict=True)),
    }


def welch(own: Sequence[float], others: Sequence[float]) -> tuple[float, float | None, float | None] | None:
    """Give the difference of two means with Welch's 95% interval; none where either has fewer than two.

    The interval is made of how the marks spread: there is none where all on either side are the same.

    Examples:
        >>> [round(each, 2) for each in welch([50, 52, 54], [60, 61, 65, 66])]
        [-11.0, -15.81, -6.19]
    """
    if min(len(own), len(others)) < _FEWEST:
        return None
    one, other = (pl.Series(side, dtype=pl.Float64).round(PLACES) for side in (own, others))
    apart = float(one.mean()) - float(other.mean())  # type: ignore[arg-type]
    parts = [float(side.var()) / len(side) for side in (one, other)]  # type: ignore[arg-type]
    if sum(parts) == 0:
        return apart, None, None
    freedom = sum(parts) ** 2 / sum(
        part**2 / (len(side) - 1) for part, side in zip(parts, (one, other), strict=True)
    )
    return (apart, *interval(apart, sum(parts) ** 0.5, freedom))
