"""The credit that each award asks for (8.1)."""

from dataclasses import dataclass
from fractions import Fraction

from .award import Taken
from .modules import CREDITED

# each award, and those that may be had instead where its credit is not there (17.2)
LOWER = {
    "certhe": [],
    "diphe": ["certhe"],
    "ordinary": ["diphe", "certhe"],
    "honours": ["ordinary", "diphe", "certhe"],
    "integrated-masters": ["honours", "ordinary", "diphe", "certhe"],
    "graduate-certificate": [],
    "pgcert": [],
    "pgdip": ["pgcert"],
    "masters": ["pgdip", "pgcert"],
}


@dataclass
class Held:
    """What a student holds of an award's credit."""

    needed: Fraction
    credits: Fraction
    short: Fraction  # the least credit that would do, were it at the right levels


def held(award: str, taken: list[Taken], prior: Fraction) -> Held | None:
    """Prior credits count in totals only, at no level (W1)."""

    def at(*levels: int) -> Fraction:
        return sum(
            (one.credits for one in taken if one.outcome in CREDITED and one.level in levels), Fraction(0)
        )

    total = sum((one.credits for one in taken if one.outcome in CREDITED), prior)
    # nothing below SCQF 10 counts for a Masters degree or a Postgraduate Certificate
    high = at(*range(10, 13)) + prior
    nine_up = at(*range(9, 13))
    # credits, how many are needed, and what of them at which levels
    lines = {
        "certhe": (total, 120, [(at(*range(7, 13)), 100)]),
        "diphe": (total, 240, [(at(*range(8, 13)), 100)]),
        "ordinary": (total, 360, [(nine_up, 100)]),
        "honours": (total, 480, [(nine_up, 220), (at(10), 100)]),  # W1
        # credit at no level is not at SCQF 9
        "graduate-certificate": (total, 60, [(nine_up, 60)]),
        "pgcert": (high, 60, [(at(11), 40)]),
        "pgdip": (total, 120, []),  # W2
        "masters": (high, 180, [(at(11), 160)]),
        "integrated-masters": (total, 600, [(at(11), 120)]),
    }
    if award not in lines:
        return None
    credit, needed, minima = lines[award]
    missing = [needed - credit, *(minimum - there for there, minimum in minima)]
    return Held(Fraction(needed), credit, max(Fraction(0), *missing))


def eligible(award: str, taken: list[Taken], prior: Fraction) -> bool:
    there = held(award, taken, prior)
    return there is not None and there.short == 0
