"""A student's attempts at a module, in order: first sits, reassessments, and which of them are used (M4, R1-R5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from .catalogue import Module
from .grades import grade
from .modules import CREDITED, Result, result, weightless
from .penalties import Terms, Work, judged
from .rows import Row, attempt_of, cell, yes

Note = tuple[str, int, str]  # component, attempt, kind


@dataclass
class Case:
    """One student on one module: the rows that speak of it."""

    module: Module
    programme: str  # P4
    marks: list[Row]
    circumstances: list[Row]
    confirmed: dict[int, Result] = field(default_factory=dict)  # by earlier boards, by attempt
    withdrawal: str = ""  # free or late (M5)
    prior_learning: bool = False
    unlimited: bool = False  # the board allowed an extra attempt

    def needs_marks(self) -> bool:
        return self.withdrawal != "free" and not self.prior_learning

    def settled(self, attempt: int) -> bool:
        """Whether an earlier board's result stands for this attempt, or for a later one."""
        return attempt <= max(self.confirmed, default=0)


@dataclass
class Attempt:
    number: int
    first_sit: bool
    counted: int
    own: dict[str, Work]
    works: dict[str, Work | None]  # all that belong to it, None where a row is needed and there is none
    deferred: bool = False


@dataclass
class History:
    result: Result | None = None
    counted: int = 1  # which attempt the result is of
    first_sit: bool = True
    judged: dict[str, Work | None] = field(default_factory=dict)  # what the result rests on
    works: list[Work] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    latest: dict[str, Work] = field(default_factory=dict)  # of each component, from the attempts used


def history(case: Case) -> History:
    past, before = History(), None
    start, deferred = 1, 0  # M4: numbers from the last first sit, deferred attempts left out
    for number in _recorded(case):
        first_sit = _first_sit(case, number, before)
        if first_sit:
            start, deferred = number, 0
        own = _own(case, number, past, first_sit=first_sit)
        works = _belonging(case, own, past, before, first_sit=first_sit)
        here = Attempt(number, first_sit, number - start + 1 - deferred, own, works)
        outcome = _outcome(case, here)
        refusal = _refusal(case, past, here)
        if refusal:
            past.notes += [("", number, refusal)] if _complains(case, here, refusal) else []
        else:
            past.notes += _notes(case, past, here)
            past.result, past.counted, past.first_sit = outcome, here.counted, first_sit
            past.judged = {} if number in case.confirmed else works
            past.latest.update(own)
        here.deferred = outcome.outcome == "deferred"
        deferred += here.deferred
        before = here
    if past.result is None and case.needs_marks():
        past.notes += [(name, 1, "mark-missing") for name in case.module.components or [""]]
    return past


def confirmed_alone(outcomes: dict[int, str], named: set[int]) -> tuple[int, bool]:
    """Which attempt the last of an earlier board's results is of, and whether it was a first sit (M4)."""
    start, deferred, counted = 1, 0, 1
    first_sit, before = False, ""
    for number in sorted(outcomes):
        first_sit = number == 1 or number in named or (first_sit and before == "deferred")
        if first_sit:
            start, deferred = number, 0
        counted = number - start + 1 - deferred
        before = outcomes[number]
        deferred += before == "deferred"
    return counted, first_sit


def floors_met(module: Module, works: Mapping[str, Work | None]) -> bool:
    """Whether the mark of each of these works is known, and at or over its component's floor."""
    for name, work in works.items():
        floor = module.components[name].floor
        if work is None or work.mark is None or floor is None or work.mark < floor:
            return False
    return bool(works)


def _recorded(case: Case) -> list[int]:
    attempts = {attempt_of(row) for row in case.marks}
    attempts |= {attempt_of(row) for row in case.circumstances if _effect(row) == "deferred"}
    attempts |= case.confirmed.keys()
    if case.withdrawal == "late":
        attempts.add(1)
    return sorted(attempts)


def _effect(row: Row) -> str:
    return cell(row, "effect") if yes(row, "accepted") else ""


def _first_sit(case: Case, number: int, before: Attempt | None) -> bool:
    named = any(_effect(row) == "first-sit" and attempt_of(row) == number for row in case.circumstances)
    follows = before is not None and before.first_sit and before.deferred
    return number == 1 or named or follows


def _granted(case: Case, effect: str, number: int, component: str) -> bool:
    """Whether the effect was accepted for this component, by its name or for the whole module."""
    return any(
        _effect(row) == effect and attempt_of(row) == number and cell(row, "component") in {"", component}
        for row in case.circumstances
    )


def _own(case: Case, number: int, past: History, *, first_sit: bool) -> dict[str, Work]:
    """Read the attempt's own rows, and the deferred works that circumstances alone make."""
    own = {}
    rows = {cell(row, "component"): row for row in case.marks if attempt_of(row) == number}
    for name in case.module.components:
        deferred = _granted(case, "deferred", number, name)
        if name in rows:
            late_accepted = _granted(case, "late-accepted", number, name)
            terms = Terms(case.programme, first_sit, deferred, late_accepted)
            own[name] = judged(rows[name], case.module, terms)
            past.works.append(own[name])
            past.notes += _faults(case, own[name])
        elif deferred:
            own[name] = Work(name, number, "deferred")
    return own


def _faults(case: Case, work: Work) -> list[Note]:
    kinds = []
    needless = not case.needs_marks() or (case.withdrawal == "late" and work.attempt == 1)
    if work.fault and not (work.fault == "mark-missing" and needless):
        kinds.append(work.fault)
    if work.undated:
        kinds.append("no-deadline")
    return [(work.component, work.attempt, kind) for kind in kinds]


def _belonging(
    case: Case, own: dict[str, Work], past: History, before: Attempt | None, *, first_sit: bool
) -> dict[str, Work | None]:
    if first_sit:
        # M4: all components, those not sat again keeping their latest work
        return {name: own.get(name) or past.latest.get(name) for name in case.module.components}
    works: dict[str, Work | None] = {}
    if before is not None and before.deferred and not before.first_sit:
        # R1: it completes the deferred reassessment
        works = {name: work for name, work in before.works.items() if work and work.state != "deferred"}
    return works | own


def _outcome(case: Case, here: Attempt) -> Result:
    if here.number in case.confirmed:
        return case.confirmed[here.number]
    if case.withdrawal == "late" and here.number == 1:
        # 12.2, M5
        return Result(1, "fail", Fraction(0), grade(Fraction(0), case.module.study))
    return result(case.module, here.number, here.works, first_sit=here.first_sit)


def _refusal(case: Case, past: History, here: Attempt) -> str:
    if here.first_sit or case.settled(here.number):
        return ""
    if past.result is not None and past.result.outcome in CREDITED:
        return "mark-after-pass"  # R5: a pass stands
    if here.counted > case.module.attempts and not case.unlimited:
        return "attempt-beyond-limit"  # R4: deferred or not
    return ""


def _complains(case: Case, here: Attempt, refusal: str) -> bool:
    """A deferral alone, after a pass, has no marks to complain of; beyond the limit it has no place either."""
    if case.withdrawal == "free":
        return False
    marked = any(attempt_of(row) == here.number for row in case.marks)
    return marked or refusal == "attempt-beyond-limit"


def _notes(case: Case, past: History, here: Attempt) -> list[Note]:
    late = case.withdrawal == "late" and here.number == 1
    if case.withdrawal == "free" or late or case.settled(here.number):
        return []
    notes = []
    if case.needs_marks():
        notes += [(name, here.number, "mark-missing") for name, work in here.works.items() if work is None]
    if weightless(case.module, here.works):
        notes.append(("", here.number, "no-weights"))
    if here.first_sit or any(work and work.state == "deferred" for work in here.works.values()):
        return notes
    for name, component in case.module.components.items():
        # R1: it was under its floor, and was not set again
        work = past.latest.get(name)
        if name in here.works or work is None or work.mark is None or component.floor is None:
            continue
        if work.mark < component.floor:
            notes.append((name, here.number, "floor-not-reassessed"))
    return notes
