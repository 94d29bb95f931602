"""The statistics agree with published worked examples, to the places they print, and with scikit-learn."""

from __future__ import annotations

import random

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from boardkit.moderation.agreement import differences, icc, interval, weighted_kappa

WRIGHT = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
MINI = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]
"""Bland and Altman 1986, Lancet i, 307-310, table 1: peak expiratory flow, the first reading with each meter."""

JUDGES = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
"""Shrout and Fleiss 1979, Psychological Bulletin 86, 420-428, table 2: four judges of six targets."""


def test_limits_of_agreement_are_those_of_bland_and_altman() -> None:
    """Mean -2.1, SD 38.8, and from these as printed -79.7 to 75.5 with 2 SD; the interval of the mean -22.0 to 17.8."""
    found = differences(MINI, WRIGHT)
    assert round(found.mean, 1) == -2.1
    assert found.spread is not None
    assert round(found.spread, 1) == 38.8
    mean, spread = round(found.mean, 1), round(found.spread, 1)
    assert (round(mean - 2 * spread, 1), round(mean + 2 * spread, 1)) == (-79.7, 75.5)
    assert (round(found.low or 0, 1), round(found.high or 0, 1)) == (-22.0, 17.8)
    assert found.limits == pytest.approx((-78.1, 73.9), abs=0.05)


def test_intraclass_correlations_are_those_of_shrout_and_fleiss() -> None:
    """Table 4: ICC(1,1) .17, ICC(2,1) .29, ICC(3,1) .71."""
    found = icc(JUDGES)
    assert found is not None
    assert [round(each, 2) for each in (found.one_way, found.agreement, found.consistency)] == [
        0.17,
        0.29,
        0.71,
    ]


@pytest.mark.parametrize("weights", ["linear", "quadratic"])
@pytest.mark.parametrize("seed", range(20))
def test_kappa_is_scikit_learns(seed: int, weights: str) -> None:
    rng = random.Random(seed)
    n, bands = rng.randint(2, 200), rng.randint(2, 8)
    first = [rng.randrange(bands) for _ in range(n)]
    second = [min(bands - 1, max(0, one + rng.choice([-1, 0, 0, 0, 1]))) for one in first]
    theirs = cohen_kappa_score(first, second, labels=list(range(bands)), weights=weights)
    ours = weighted_kappa(first, second, bands, weights)  # type: ignore[arg-type]
    assert ours == pytest.approx(theirs)


def test_where_nothing_can_be_said_nothing_is() -> None:
    assert weighted_kappa([2, 2], [2, 2], 7) is None
    assert icc([[50, 50], [50, 50]]) is None
    assert icc([[50, 60]]) is None
    one = differences([50], [54])
    assert (one.mean, one.low, one.spread, one.limits) == (4.0, None, None, None)


def test_a_constant_difference_counts_for_agreement_and_not_for_consistency() -> None:
    marks = np.array([40.0, 50, 60, 70])
    found = icc(np.column_stack([marks, marks + 5]))
    assert found is not None
    assert found.consistency == pytest.approx(1)
    assert found.agreement < 0.95


def test_interval_by_hand() -> None:
    """t(0.975, 9) = 2.262, from any table."""
    low, high = interval(0, 1, 9)
    assert (round(low, 3), round(high, 3)) == (-2.262, 2.262)
