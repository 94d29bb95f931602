"""What may be condoned (14.3, 17.4), and how a student goes on (17.5 to 17.12, 18.2)."""

from dataclasses import dataclass, replace
from fractions import Fraction

from .award import Taken
from .credit import eligible, held
from .grades import POSTGRADUATE, UNDERGRADUATE

FAILED = {"fail", "qualifying-fail"}
COUNTED_APART = {"dissertation", "project"}  # R7


@dataclass
class Standing:
    """A module of a student's as it stands after this board."""

    taken: Taken
    study: str
    kind: str
    limit: int  # how many attempts there are
    counted: int = 1  # which attempt the result is of (M4)
    first_sit: bool = True
    floors_met: bool = False  # every component's mark is known, and at or over its floor
    judged_floors_met: bool = False  # the same of those alone that this board judged
    carried: bool = False  # an earlier board's result without an enrolment
    late_prior_learning: bool = False  # withdrawn late from, and recognised as prior learning
    exempt: bool = False  # 17.4: by the programme's own regulations
    barred: bool = False
    unlimited: bool = False
    this_year: bool = True

    @property
    def failed(self) -> bool:
        return self.taken.outcome in FAILED

    @property
    def again(self) -> bool:
        """Whether it is failed and may still be taken (14.2, 18.4)."""
        return self.failed and not self.barred and (self.unlimited or self.counted < self.limit)

    @property
    def reached(self) -> int:
        """Which attempt it comes to; the next one of a failed module is as good as taken (R7)."""
        return self.counted + 1 if self.again else self.counted


@dataclass
class Person:
    award: str
    stage: str = ""
    mode: str = "full-time"
    diet: str = "main"
    prior: Fraction | None = None


def condonable(one: Standing, profile: list[Standing], stage: str) -> bool:
    """17.4, C2: in either diet, no other fail may stand beside it."""
    here = one.taken
    alone = not any(other.failed for other in profile if other is not one)
    first_at_level = not any(
        other.taken.outcome == "condoned" and other.taken.level == here.level for other in profile
    )
    return (
        here.outcome == "fail"
        and stage in {"1", "2"}
        and here.level in {7, 8}
        and here.credits == 20
        and not one.exempt
        and here.mark is not None
        and here.mark >= 37
        and one.floors_met
        and alone
        and first_at_level
    )


def disputed(profile: list[Standing], stage: str) -> list[str]:
    """What the readings leave open here: each has a test of its own, expected to fail, beside the agreement's."""
    kinds = []
    for one in profile:
        if one.late_prior_learning:
            kinds.append("withdrawn-prior-learning")
        if one.carried and one.failed and (one.barred or one.unlimited):
            kinds.append("decision-on-carried-fail")
        other = replace(one, floors_met=one.judged_floors_met)
        rest = [two for two in profile if two is not one]
        if condonable(one, [one, *rest], stage) != condonable(other, [other, *rest], stage):
            kinds.append("confirmed-floors" if one.floors_met else "partial-floors")
    return sorted(set(kinds))


def credits_of_the_year(profile: list[Standing]) -> tuple[Fraction, Fraction]:
    """17.6: attempted, the withdrawn aside (M5), and passed, the condoned among them (C3)."""
    own = [one.taken for one in profile if one.this_year and one.taken.outcome != "withdrawn"]
    passed = [one.credits for one in own if one.outcome in {"pass", "condoned"}]
    return sum((one.credits for one in own), Fraction(0)), sum(passed, Fraction(0))


def recommended(person: Person, profile: list[Standing], programme: str) -> str:
    """PR4: the first that fits, or nothing."""
    outcomes = {one.taken.outcome for one in profile}
    if not profile or "incomplete" in outcomes:
        return ""
    lost = [one for one in profile if one.failed and not one.again]
    if any(one.taken.core and not condonable(one, profile, person.stage) for one in lost):
        return "withdraw"
    if "deferred" in outcomes:
        first = any(one.taken.outcome == "deferred" and one.first_sit for one in profile)
        return "deferred-first-attempt" if first else "deferred-reassessment"
    if any(one.again for one in profile):
        return _with_fails(person, profile, _study(programme, profile))
    if eligible(person.award, [one.taken for one in profile], person.prior or Fraction(0)):
        return "award"
    part_time = person.mode == "part-time"
    return _to_level_four(person, profile, "continue-part-time" if part_time else "continue")


def _with_fails(person: Person, profile: list[Standing], study: str) -> str:
    if person.diet == "main":
        return "reassess"
    if study == POSTGRADUATE:
        return "withdraw" if beyond_thirds(profile) else "reassess"
    if person.mode == "part-time":
        return "continue-part-time"
    return _to_level_four(person, profile, _by_credits(credits_of_the_year(profile)[1]))


def _study(programme: str, profile: list[Standing]) -> str:
    if programme:
        return programme
    return POSTGRADUATE if all(one.study == POSTGRADUATE for one in profile) else UNDERGRADUATE


def _by_credits(passed: Fraction) -> str:
    """17.6, PR1."""
    if passed >= 80:
        return "continue-and-reassess-next-year"
    return "reassess-next-year-part-time" if passed > 50 else "withdraw"


def _to_level_four(person: Person, profile: list[Standing], going_on: str) -> str:
    """17.10, PR3: full-time entry needs the credit of an Ordinary degree, or all but 20 of it."""
    tested = person.stage == "3" and person.mode != "part-time" and person.prior is not None
    if tested and going_on in {"continue", "continue-and-reassess-next-year"}:
        ordinary = held("ordinary", [one.taken for one in profile], person.prior or Fraction(0))
        if ordinary is not None and ordinary.short > 20:
            return "reassess-next-year-part-time"
    return going_on


def beyond_thirds(profile: list[Standing]) -> bool:
    """17.12, 18.2, R7: by modules and by credits, both beyond two thirds again, or one third a third time."""
    taught = [one for one in profile if one.kind not in COUNTED_APART and one.taken.outcome != "withdrawn"]
    for attempt, share in ((2, Fraction(2, 3)), (3, Fraction(1, 3))):
        again = [one for one in taught if one.reached >= attempt]
        credit = sum(one.taken.credits for one in again)
        of_all = sum(one.taken.credits for one in taught)
        if len(again) > share * len(taught) and credit > share * of_all:
            return True
    return False
