"""Module marks that land an award's average within hundredths of where the class changes."""

from dataclasses import dataclass
from fractions import Fraction
from random import Random

from .award import Programme, Taken, average
from .offer import Offered

# below a boundary, in points: both sides of each zone's edge, and of rounding (9.1, 9.2)
OFFSETS = [
    "2.06",
    "2.05",
    "2.04",
    "2.0",
    "1.95",
    "1.3",
    "1.0",
    "0.7",
    "0.66",
    "0.65",
    "0.64",
    "0.6",
    "0.56",
    "0.55",
    "0.54",
    "0.5",
    "0.45",
    "0.1",
    "0.06",
    "0.05",
    "0.04",
    "0.0",
    "-0.05",
    "-0.5",
    "-3",
    "2.5",
    "5",
]

BOUNDARIES = {"honours": [70, 70, 60, 60, 50, 40], "ordinary": [65], "masters": [70, 60], "pgdip": [70, 60]}

# the level whose credits decide a borderline, and how many of them (9.3, 9.4, 10.3 to 10.5)
DECIDING = {"honours": (10, 60), "ordinary": (9, 60), "masters": (11, 90), "pgdip": (11, 60)}


@dataclass
class Plan:
    """A module that a student is to take, and the mark wanted of it, in tenths."""

    module: Offered
    core: bool = True
    exchange: bool = False
    prior_learning: bool = False
    counted: bool = False
    confirmed: bool = False
    wild: bool = False
    tenths: int = 600
    low: int = 0
    high: int = 1000

    def taken(self) -> Taken:
        return Taken(
            self.module.code,
            self.module.level,
            Fraction(self.module.credits),
            Fraction(self.tenths, 10),
            "pass",
            core=self.core,
        )

    def contributes(self) -> bool:
        return not self.wild and not self.exchange and (self.counted or not self.prior_learning)


def aim(rng: Random, programme: Programme, plans: list[Plan], others: list[Taken]) -> None:
    """Set the plans' marks; others are modules whose results stand already."""
    boundary = rng.choice(BOUNDARIES.get(programme.award, [50, 55, 60]))
    target = boundary - Fraction(rng.choice(OFFSETS))
    level, enough = DECIDING.get(programme.award, (0, 0))
    _sides(rng, [plan for plan in plans if plan.module.level == level], boundary, enough)
    for plan in plans:
        if plan.module.level != level or plan.tenths == 600:
            plan.tenths = _near(rng, plan, int(target * 10))
    if programme.award in BOUNDARIES and any(plan.contributes() for plan in plans):
        _settle(rng, programme, plans, others, target)


def _near(rng: Random, plan: Plan, tenths: int) -> int:
    return min(max(tenths + rng.randint(-60, 60), plan.low), plan.high)


def _sides(rng: Random, plans: list[Plan], boundary: int, enough: int) -> None:
    """Put about enough credits at or above the boundary: just enough, or one or a few short."""
    contributing = [plan for plan in plans if plan.contributes()]
    best: list[Plan] = []
    want = enough + rng.choice([-1, -1, 0, 0, 0, 1, -5, 10])
    gap = None
    for _ in range(12):
        rng.shuffle(contributing)
        chosen, total = [], 0
        for plan in contributing:
            if total + plan.module.credits <= want:
                chosen.append(plan)
                total += plan.module.credits
        if gap is None or want - total < gap:
            best, gap = list(chosen), want - total
    tied = rng.random() < 0.25  # W4: equal marks, so that credit and code decide
    for plan in contributing:
        if plan in best:
            plan.low = boundary * 10
            plan.tenths = plan.low + rng.choice([0, 0, 1, rng.randint(0, 60)])
        else:
            plan.high = boundary * 10 - 1
            plan.tenths = plan.high - (30 if tied else rng.choice([0, 0, 1, rng.randint(0, 60)]))


def _settle(
    rng: Random, programme: Programme, plans: list[Plan], others: list[Taken], target: Fraction
) -> None:
    """Move one mark after another until the average is where it should be."""
    moving = [plan for plan in plans if plan.contributes()]
    for _ in range(14):
        here = _average(programme, moving, others)
        if here is None or abs(here - target) < Fraction(1, 250):
            return
        plan = rng.choice(moving)
        tenths = plan.tenths
        plan.tenths = tenths + (10 if tenths < 900 else -10)
        there = _average(programme, moving, others)
        slope = (there - here) / (plan.tenths - tenths) if there is not None else 0
        plan.tenths = tenths
        if slope:
            step = round((target - here) / slope)
            plan.tenths = min(max(tenths + step, plan.low), plan.high)


def _average(programme: Programme, plans: list[Plan], others: list[Taken]) -> Fraction | None:
    levels = {"honours": {9, 10}, "ordinary": {9, 10, 11, 12}}.get(programme.award, {11})
    if programme.direct and programme.award == "honours":
        levels = {10}
    taken = [one for one in [*others, *(plan.taken() for plan in plans)] if one.level in levels]
    return average(programme, taken)
