"""One attempt at one module: its mark, grade and outcome (16.1, 16.2, 16.3, 18.8)."""

from dataclasses import dataclass
from fractions import Fraction

from .arithmetic import half_up, mean
from .catalogue import Module
from .grades import grade
from .penalties import Work

CREDITED = {"pass", "condoned"}
WAITING = {"deferred", "incomplete"}


@dataclass
class Result:
    attempt: int
    outcome: str
    mark: Fraction | None = None
    grade: str = ""
    capped: bool = False


def result(module: Module, attempt: int, works: dict[str, Work | None], *, first_sit: bool) -> Result:
    """Judge an attempt on the works that belong to it; None stands for a component without any row."""
    if any(work is not None and work.state == "deferred" for work in works.values()):
        return Result(attempt, "deferred")  # M3: deferred beats incomplete
    weighed, under = [], False
    for name, work in works.items():
        if work is None or work.mark is None:
            return Result(attempt, "incomplete")  # M3: nothing is computed from a blank
        component = module.components[name]
        weighed.append((component.weight, work.mark))
        under = under or (component.floor is not None and work.mark < component.floor)
    exact = mean(weighed)  # R1: over these components alone
    if exact is None or module.pass_mark is None or not module.study:
        return Result(attempt, "incomplete")  # M1: weights are never guessed, nor is the study
    overall = half_up(exact, 1)  # A2
    recorded = overall if first_sit else min(overall, module.pass_mark)  # 16.3, 18.7
    letter, outcome = grade(recorded, module.study), "pass"
    if overall < module.pass_mark:  # A3: by the rounded mark
        outcome = "fail"
    elif under:
        letter, outcome = "Q", "qualifying-fail"  # 16.2, R3
    return Result(attempt, outcome, recorded, letter, capped=recorded < overall)


def weightless(module: Module, works: dict[str, Work | None]) -> bool:
    return all(module.components[name].weight == 0 for name in works)
