"""The average and the class of an award (8.2 to 8.7, 9, 10)."""

from dataclasses import dataclass
from fractions import Fraction

from .arithmetic import half_up, mean
from .modules import WAITING

UPLIFT = Fraction(1, 2)  # 9.1, 10.1
BORDERLINE = Fraction(2)  # 9.2, 10.2

HONOURS = [  # 8.2
    (Fraction(70), "first"),
    (Fraction(60), "upper-second"),
    (Fraction(50), "lower-second"),
    (Fraction(40), "third"),
]
ORDINARY = [(Fraction(65), "distinction")]  # 8.3
POSTGRADUATE = [(Fraction(70), "distinction"), (Fraction(60), "merit")]  # 8.4

Share = tuple[Fraction, Fraction]  # credits, mark


@dataclass
class Taken:
    """A module as the award sees it."""

    module: str
    level: int
    credits: Fraction
    mark: Fraction | None
    outcome: str
    core: bool = True
    exchange: bool = False
    prior_learning: bool = False
    counted: bool = False  # prior learning whose mark the board counts (8.7)


@dataclass
class Programme:
    """Who the award is for."""

    award: str
    direct: bool = False  # admitted at level four (8.5)
    prior: Fraction = Fraction(0)


@dataclass
class Award:
    average: Fraction | None = None
    classification: str = ""
    basis: str = "none"
    reason: str = ""


def award(programme: Programme, taken: list[Taken]) -> Award:
    kind = programme.award
    if kind not in {"honours", "ordinary", "masters", "pgdip", "pgcert"}:
        return Award(reason="no classification is stated for this award")
    studied = [one for one in taken if _counts(one)]
    contributing = [one for one in studied if one.level in _levels(programme)]
    waiting = sorted(one.module for one in contributing if one.outcome in WAITING or one.mark is None)
    if waiting:
        return Award(reason="waits for " + ", ".join(waiting))  # W3
    exact = average(programme, contributing)
    if exact is None:
        return Award(reason="no module contributes")
    rounded = half_up(exact, 1)  # 8.2
    if kind == "pgcert":
        return Award(rounded, "pass", "average", "8.4: without distinction or merit")
    name, basis = _class(programme, rounded, contributing, taken)
    return Award(rounded, name, basis, f"{basis} {name}")


def _counts(one: Taken) -> bool:
    """M6: what is withdrawn, on exchange, or prior learning not counted, stands in no average."""
    if one.exchange or one.outcome == "withdrawn":
        return False
    return not one.prior_learning or (one.counted and one.mark is not None)


def _levels(programme: Programme) -> set[int]:
    if programme.award == "honours":
        return {10} if programme.direct else {9, 10}
    return {9, 10, 11, 12} if programme.award == "ordinary" else {11}


def average(programme: Programme, contributing: list[Taken]) -> Fraction | None:
    """The exact average, before its one rounding."""
    if programme.award != "honours":
        return mean([(one.credits, one.mark or Fraction(0)) for one in contributing])
    tens, beyond = split([one for one in contributing if one.level == 10])
    nines = [(one.credits, one.mark or Fraction(0)) for one in contributing if one.level == 9]
    ten = mean(tens)
    if ten is None or not nines:
        return ten  # W5: what is beyond 120 is left out
    nine = mean(nines + beyond) or Fraction(0)
    return nine * Fraction(20, 100) + ten * Fraction(80, 100)  # 8.2


def split(tens: list[Taken]) -> tuple[list[Share], list[Share]]:
    """8.2, W4: what counts at level 10, and what is beyond 120 credits and goes to level 9."""
    inside, beyond = [], []
    room = Fraction(120)
    if sum(one.credits for one in tens) <= room:
        return [(one.credits, one.mark or Fraction(0)) for one in tens], []
    for one in tens:
        if one.core:
            inside.append((one.credits, one.mark or Fraction(0)))
            room -= one.credits
    options = [one for one in tens if not one.core]
    options.sort(key=lambda one: (-(one.mark or Fraction(0)), -one.credits, one.module))
    for one in options:
        fits = min(max(room, Fraction(0)), one.credits)
        room -= fits
        if fits:
            inside.append((fits, one.mark or Fraction(0)))
        if one.credits > fits:
            beyond.append((one.credits - fits, one.mark or Fraction(0)))
    return inside, beyond


def _class(
    programme: Programme, rounded: Fraction, contributing: list[Taken], taken: list[Taken]
) -> tuple[str, str]:
    scales = {"honours": HONOURS, "ordinary": ORDINARY}
    for boundary, name in scales.get(programme.award, POSTGRADUATE):
        below = boundary - rounded  # W6: in points, on the rounded average
        if below <= 0:
            return name, "average"
        if below <= UPLIFT:
            return name, "uplift"
        if below <= BORDERLINE and _enough(programme, boundary, contributing, taken):
            return name, "borderline"
    return ("fail" if programme.award == "honours" else "pass"), "average"


def _enough(programme: Programme, boundary: Fraction, contributing: list[Taken], taken: list[Taken]) -> bool:
    """Whether enough credits stand at or above the boundary (9.3, 9.4, 10.3 to 10.5)."""
    level = {"honours": 10, "ordinary": 9}.get(programme.award, 11)
    own = [one for one in contributing if one.level == level]
    above = sum((one.credits for one in own if one.mark is not None and one.mark >= boundary), Fraction(0))
    if programme.award in {"honours", "ordinary"}:
        return above >= 60
    # W10: every module of the student's, the withdrawn aside
    size = programme.prior + sum(one.credits for one in taken if one.outcome != "withdrawn")
    if programme.award == "masters" and size == 180:
        return above >= 90  # 10.3
    if programme.award == "pgdip" and size == 120:
        return above >= 60  # 10.4
    return above * 2 >= sum(one.credits for one in own)  # 10.5
