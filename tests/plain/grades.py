"""Bands of marks (7.2, 7.3) and the marks that stand for grades (7.7)."""

from fractions import Fraction

UNDERGRADUATE = "undergraduate"
POSTGRADUATE = "postgraduate"

BANDS = {
    # 7.2; G1: Q is the eighth grade and comes from 16.2, not from a band
    UNDERGRADUATE: [(80, "A*"), (70, "A"), (60, "B"), (50, "C"), (40, "D"), (30, "E"), (0, "F")],
    # 7.3; G2: E goes down to 0, there is no F
    POSTGRADUATE: [(80, "A*"), (70, "A"), (60, "B"), (50, "C"), (40, "D"), (0, "E")],
}

CONVERSION = {
    # 7.7; G3: the clause's G is F
    UNDERGRADUATE: {"A*": 85, "A": 75, "B": 65, "C": 55, "D": 45, "E": 35, "F": 15, "G": 15},
    POSTGRADUATE: {"A*": 85, "A": 75, "B": 65, "C": 55, "D": 45, "E": 20},
}

PASS_MARK = {UNDERGRADUATE: Fraction(40), POSTGRADUATE: Fraction(50)}  # 16.1
COMPONENT_FLOOR = {UNDERGRADUATE: Fraction(30), POSTGRADUATE: Fraction(40)}  # 16.1
PENALTY_CAP = {UNDERGRADUATE: Fraction(40), POSTGRADUATE: Fraction(50)}  # 20.2, 20.3


def study_by_level(level: str) -> str:
    """1.3, M1: SCQF 7 to 10 undergraduate, 11 postgraduate, any other level unknown."""
    if level in {"7", "8", "9", "10"}:
        return UNDERGRADUATE
    return POSTGRADUATE if level == "11" else ""


def grade(mark: Fraction | None, study: str) -> str:
    if mark is None or not study:
        return ""
    return next(name for lowest, name in BANDS[study] if mark >= lowest)


def converted(name: str, study: str) -> Fraction | None:
    mark = CONVERSION.get(study, {}).get(name)
    return None if mark is None else Fraction(mark)
