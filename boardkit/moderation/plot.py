"""Plots of differences against means, with their mean and limits of agreement (Bland and Altman)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.errors import CallError
from boardkit.exact import nearest
from boardkit.moderation.agreement import differences
from boardkit.moderation.scripts import GROUP
from boardkit.report.figures.drawing import SETTINGS, Drawing, Drawings

if TYPE_CHECKING:
    from boardkit.moderation.showed import Showed

_SIZE = (6.4, 3.6)
_SIGNS = "os^Dv<>PX*"
"""A sign for each marker, so that no colour stands alone."""


def draw_differences(showed: Showed) -> Drawings:
    """Draw every assessment with second marks.

    Args:
        showed: what moderation showed.

    Returns:
        A figure an assessment, by ``MODULE component attempt``.

    Raises:
        CallError: matplotlib is not installed.
    """
    try:
        import matplotlib as mpl  # noqa: PLC0415 - as for every figure
    except ImportError as error:
        raise CallError(
            "figures need matplotlib, which is not installed. Run: pip install 'boardkit[notebook]'."
        ) from error
    with mpl.rc_context(SETTINGS):
        return Drawings(
            [_draw(key, group) for key, group in showed.pairs.group_by(GROUP, maintain_order=True)]
        )


def _draw(key: tuple[object, ...], group: pl.DataFrame) -> Drawing:
    from boardkit.report.figures.canvas import canvas, settled  # noqa: PLC0415 - they load matplotlib

    marks = group.select(
        "marker", first=nearest(pl.col("mark")), second=nearest(pl.col("second_mark"))
    ).with_columns(mean=(pl.col("first") + pl.col("second")) / 2, apart=pl.col("second") - pl.col("first"))
    found = differences(marks["first"].to_numpy(), marks["second"].to_numpy())
    name = f"{key[0]} {key[1]} {key[2]}"
    figure, axes = canvas(*_SIZE)
    for at, ((who,), own) in enumerate(marks.group_by(["marker"], maintain_order=True)):
        axes.plot(
            own["mean"],
            own["apart"],
            _SIGNS[at % len(_SIGNS)],
            markersize=4,
            label=str(who or "no marker named"),
        )
    axes.axhline(0, color="black", linewidth=0.6)
    axes.axhline(found.mean, color="black", linestyle="--", linewidth=1)
    told = f"{name}: {found.n} pairs, mean difference {found.mean:+.1f}"
    if found.limits is not None:
        for limit in found.limits:
            axes.axhline(limit, color="black", linestyle=":", linewidth=1)
        told += f", limits of agreement {found.limits[0]:+.1f} to {found.limits[1]:+.1f}"
    axes.set_title(f"{name}: second marks less first marks", loc="left")
    axes.set_xlabel("mean of both marks; dashed: mean difference, dotted: limits of agreement")
    axes.set_ylabel("points")
    axes.legend(fontsize=7, frameon=False)
    return Drawing(name, f"{told}.", settled(figure))
