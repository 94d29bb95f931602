"""Exact numbers: read from text, rounded half up, printed with fixed places (A1, A2)."""

from decimal import Decimal
from fractions import Fraction
from functools import cache


@cache
def number(text: str) -> Fraction:
    return Fraction(Decimal(text))


def units(value: Fraction, places: int) -> int:
    """How many hundredths (or tenths) the value is, rounded half up."""
    scale = int(10**places)
    return (2 * value.numerator * scale + value.denominator) // (2 * value.denominator)


def half_up(value: Fraction, places: int) -> Fraction:
    return Fraction(units(value, places), 10**places)


def printed(value: Fraction | None, places: int) -> str:
    if value is None:
        return ""
    return str(Decimal(units(value, places)).scaleb(-places))


def mean(weighed: list[tuple[Fraction, Fraction]]) -> Fraction | None:
    """Weighted mean of (weight, value) pairs; none where the weights sum to nothing."""
    total = sum((weight for weight, _ in weighed), Fraction(0))
    if total == 0:
        return None
    return sum((weight * value for weight, value in weighed), Fraction(0)) / total
