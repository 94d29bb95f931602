"""One piece of work: what mark it has, then scaling, then the caps and zeros (A4)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from .arithmetic import half_up, number
from .catalogue import Component, Module
from .grades import PENALTY_CAP, converted
from .rows import Row, attempt_of, cell

SIX_DAYS = timedelta(days=6)  # 20.3
ON_TIME, SIX_DAYS_LATE, LATER = "on-time", "six-days", "later"


@dataclass
class Work:
    component: str
    attempt: int
    state: str  # marked, deferred or unusable
    raw: Fraction | None = None
    mark: Fraction | None = None
    rules: tuple[str, ...] = ()
    fault: str = ""  # why it is unusable
    undated: bool = False  # P3: a later attempt whose lateness could not be tested


@dataclass
class Terms:
    """What the row itself does not say: who sits it, as what, and what circumstances were accepted."""

    programme: str  # P4
    first_sit: bool
    deferred: bool
    late_accepted: bool


def judged(row: Row, module: Module, terms: Terms) -> Work:
    component = module.components[cell(row, "component")]
    work = _read(row, module, terms)
    if work.state != "marked" or work.raw is None:
        return work
    if cell(row, "state"):
        work.mark = work.raw  # not submitted or absent: nothing to scale or to cap
        return work
    scaled = _scaled(work.raw, component.scaling)
    limits = _limits(row, component, terms, work)
    # each rule alone, and the lowest stands (A4)
    work.mark = min([scaled, *limits.values()])
    rules = [rule for rule, limit in limits.items() if limit < scaled]
    if scaled < work.raw:
        rules.append("scaling")
    work.rules = tuple(sorted(rules))
    return work


def _read(row: Row, module: Module, terms: Terms) -> Work:
    work = Work(cell(row, "component"), attempt_of(row), "marked")
    state, marks = cell(row, "state"), _marks(row, module)
    agreed = [] if module.grade_only else _cells(row, "agreed_mark")
    if state == "deferred" or terms.deferred:
        work.state = "deferred"  # M3: a mark beside it is set aside
    elif state in {"not-submitted", "absent"}:
        work.raw = Fraction(0)
        work.fault = "state-contradiction" if any(marks + agreed) else ""
    elif agreed:
        work.raw = agreed[0]  # 5.3
    elif not marks or not (module.grade_only or cell(row, "mark")):
        work.fault = "mark-missing"
    else:
        work.raw = marks[0]
        work.fault = "markers-differ" if len(set(marks)) > 1 else ""
    if work.fault:
        work.state, work.raw = "unusable", None
    return work


def _marks(row: Row, module: Module) -> list[Fraction]:
    if module.grade_only:
        mark = converted(cell(row, "grade"), module.study)
        return [] if mark is None else [mark]
    return _cells(row, "mark", "second_mark", "third_mark")


def _cells(row: Row, *columns: str) -> list[Fraction]:
    return [half_up(number(cell(row, column)), 2) for column in columns if cell(row, column)]


def _scaled(mark: Fraction, scaling: Row | None) -> Fraction:
    """5.4, P6: endorsed or not."""
    if scaling is None:
        return mark
    if cell(scaling, "add"):
        mark = mark + number(cell(scaling, "add"))
    elif cell(scaling, "multiply"):
        mark = mark * number(cell(scaling, "multiply"))
    return min(max(half_up(mark, 2), Fraction(0)), Fraction(100))


def _limits(row: Row, component: Component, terms: Terms, work: Work) -> dict[str, Fraction]:
    limits = {}
    cap = PENALTY_CAP.get(terms.programme)
    words, limit = cell(row, "words"), component.word_limit
    if words and limit and cap is not None and number(words) * 10 >= number(limit) * 11:
        limits["word-limit"] = cap  # 20.2, P1
    submitted = cell(row, "submitted_at")
    if not submitted or terms.late_accepted:  # P5
        return limits
    due = cell(row, "due_at") or component.due.get(work.attempt, "")  # P5, P3
    if not due:
        work.undated = work.attempt > 1
        return limits
    late = lateness(submitted, due)
    if late != ON_TIME and not terms.first_sit:
        limits["late-reassessment"] = Fraction(0)  # 20.3, last sentence
    elif late == SIX_DAYS_LATE and cap is not None:
        limits["late"] = cap
    elif late == LATER:
        limits["late-zero"] = Fraction(0)
    return limits


def lateness(submitted: str, due: str) -> str:
    """20.3 by the clock on the wall (P2); a deadline at midnight exactly is a date, open to the end of its day."""
    moment, deadline = datetime.fromisoformat(submitted), datetime.fromisoformat(due)
    if (deadline.hour, deadline.minute, deadline.second, deadline.microsecond) == (0, 0, 0, 0):
        deadline += timedelta(days=1) - timedelta(microseconds=1)
    if moment <= deadline:
        return ON_TIME
    return SIX_DAYS_LATE if moment <= deadline + SIX_DAYS else LATER
