"""Agreement of two markers, in numbers: limits of agreement, weighted kappa, intraclass correlation.

These are told and never decide a mark: floats do here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Marks = NDArray[np.float64]

CERTAINTY = 0.95
PLACES = 6
"""Marks have two places: what is beyond so many is what floats make of them, and no spread."""
LIMIT = 1.96
"""How many standard deviations from the mean difference 95 of 100 differences are, where they are normal."""


@dataclass(frozen=True)
class Differences:
    """Second marks less first marks.

    Args:
        n: how many pairs.
        mean: the mean difference; above 0, the second marker is the more generous.
        low: the lower end of its interval; none where there is one pair, or all differ by the same: an interval is made of
            how differences spread, and would have no width.
        high: the upper end.
        spread: the standard deviation of the differences, over n - 1; none where there is one pair.
    """

    n: int
    mean: float
    low: float | None
    high: float | None
    spread: float | None

    @property
    def limits(self) -> tuple[float, float] | None:
        """The limits of agreement: between them are 95 of 100 differences (Bland and Altman 1986, with 1.96).

        None where nothing is known of how differences spread.
        """
        if not self.spread:
            return None
        return self.mean - LIMIT * self.spread, self.mean + LIMIT * self.spread


def interval(mean: float, error: float, freedom: float) -> tuple[float, float]:
    """Give the 95% interval about a mean, by Student's t.

    Examples:
        >>> [round(end, 1) for end in interval(-2.1, 9.4, 16)]
        [-22.0, 17.8]
    """
    from scipy.stats import t  # noqa: PLC0415 - it takes long to load, and here alone it is needed

    reach = float(t.ppf((1 + CERTAINTY) / 2, freedom)) * error
    return mean - reach, mean + reach


def differences(first: Sequence[float] | Marks, second: Sequence[float] | Marks) -> Differences:
    """Tell how far second marks are from first ones, with an interval and the limits of agreement.

    Args:
        first: first marks, in points.
        second: second marks of the same work, in the same order.

    Examples:
        >>> found = differences([50, 60, 70, 40], [52, 61, 70, 45])
        >>> found.mean, [round(end, 2) for end in found.limits]
        (2.0, [-2.23, 6.23])
    """
    apart = np.round(np.asarray(second, dtype=np.float64) - np.asarray(first, dtype=np.float64), PLACES)
    mean = float(apart.mean())
    if len(apart) == 1:
        return Differences(1, mean, None, None, None)
    if apart.min() == apart.max():
        return Differences(len(apart), mean, None, None, 0.0)
    spread = float(apart.std(ddof=1))
    low, high = interval(mean, spread / len(apart) ** 0.5, len(apart) - 1)
    return Differences(len(apart), mean, low, high, spread)


def weighted_kappa(
    first: Sequence[int],
    second: Sequence[int],
    bands: int,
    weights: Literal["linear", "quadratic"] = "linear",
) -> float | None:
    """Give Cohen's weighted kappa of two markers' grade bands: 1 for the same bands, 0 for as often as by chance.

    Args:
        first: the place of each first mark's band, from 0.
        second: that of each second mark's.
        bands: how many bands there are.
        weights: by how many bands they differ, or by its square.

    Returns:
        Kappa; none where every mark of both is in one band, and nothing can be said.

    Examples:
        >>> round(weighted_kappa([0, 1, 2, 2], [0, 1, 1, 2], 3), 3)
        0.714
    """
    counted = np.zeros((bands, bands))
    np.add.at(counted, (np.asarray(first), np.asarray(second)), 1.0)
    apart = np.abs(np.subtract.outer(np.arange(bands), np.arange(bands))).astype(np.float64)
    weight = apart if weights == "linear" else apart**2
    by_chance = np.outer(counted.sum(axis=1), counted.sum(axis=0)) / counted.sum()
    expected = float((weight * by_chance).sum())
    return None if expected == 0 else 1 - float((weight * counted).sum()) / expected


@dataclass(frozen=True)
class Icc:
    """Intraclass correlations of single marks (Shrout and Fleiss 1979).

    Args:
        one_way: ICC(1,1): each piece of work has markers of its own.
        agreement: ICC(2,1): markers are some of many, and a constant difference between them counts.
        consistency: ICC(3,1): these markers alone, and a constant difference does not count.
    """

    one_way: float
    agreement: float
    consistency: float


def icc(marks: Sequence[Sequence[float]] | Marks) -> Icc | None:
    """Give the intraclass correlations of marks, a row a piece of work and a column a marker.

    Returns:
        None where there are fewer than two of either, or every mark is the same.
    """
    table = np.asarray(marks, dtype=np.float64)
    works, markers = table.shape
    if min(works, markers) < 2:  # noqa: PLR2004 - with one there is nothing to compare
        return None
    whole = table.mean()
    between = float(markers * ((table.mean(axis=1) - whole) ** 2).sum() / (works - 1))
    within = float(((table - table.mean(axis=1, keepdims=True)) ** 2).sum() / (works * (markers - 1)))
    judges = float(works * ((table.mean(axis=0) - whole) ** 2).sum() / (markers - 1))
    rest = table - table.mean(axis=1, keepdims=True) - table.mean(axis=0, keepdims=True) + whole
    error = float((rest**2).sum() / ((works - 1) * (markers - 1)))
    bottoms = (
        between + (markers - 1) * within,
        between + (markers - 1) * error + markers * (judges - error) / works,
        between + (markers - 1) * error,
    )
    if min(map(abs, bottoms)) == 0:
        return None
    tops = (between - within, between - error, between - error)
    return Icc(*(top / bottom for top, bottom in zip(tops, bottoms, strict=True)))
