"""The credit that each award asks for (8.1)."""

from fractions import Fraction

from .award import Taken
from .modules import CREDITED


def eligible(award: str, taken: list[Taken], prior: Fraction) -> bool:
    """Prior credits count in totals only, at no level (W1)."""

    def at(*levels: int) -> Fraction:
        return sum(
            (one.credits for one in taken if one.outcome in CREDITED and one.level in levels), Fraction(0)
        )

    total = sum((one.credits for one in taken if one.outcome in CREDITED), prior)
    # nothing below SCQF 10 counts for a Masters degree or a Postgraduate Certificate
    high = at(*range(10, 13)) + prior
    nine_up = at(*range(9, 13))
    lines = {
        "certhe": total >= 120 and at(*range(7, 13)) >= 100,
        "diphe": total >= 240 and at(*range(8, 13)) >= 100,
        "ordinary": total >= 360 and nine_up >= 100,
        "honours": total >= 480 and nine_up >= 220 and at(10) >= 100,  # W1
        "graduate-certificate": nine_up >= 60,  # credit at no level is not at SCQF 9
        "pgcert": high >= 60 and at(11) >= 40,
        "pgdip": total >= 120,  # W2
        "masters": high >= 180 and at(11) >= 160,
        "integrated-masters": total >= 600 and at(11) >= 120,
    }
    return lines.get(award, False)
