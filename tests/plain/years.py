"""Students part way: one year's modules, failed, deferred and taken again, so that going on is in question."""

from collections.abc import Callable
from fractions import Fraction
from random import Random

from .engine import assess
from .grades import POSTGRADUATE
from .offer import Offered, tables_of
from .pen import HUNDREDTH, Pen, at_floor, edge, shares
from .rows import Row
from .stories import Marks, befall, defer, failing, passing, some, withdrawal, write

YEAR, OTHERS = "2022/23", ["2020/21", "2021/22"]

# stage: how often, the awards aimed at, and the credit taken by SCQF level
STAGES: dict[str, tuple[int, list[str], dict[int, list[int]]]] = {
    "1": (
        24,
        ["honours", "honours", "ordinary", "certhe", "diphe", "none"],
        {7: [120, 120, 80], 8: [0, 0, 20]},
    ),
    "2": (
        24,
        ["honours", "honours", "ordinary", "diphe", "diphe"],
        {7: [0, 20, 40], 8: [120, 100, 80], 9: [0, 0, 20]},
    ),
    "3": (
        24,
        ["honours", "honours", "honours", "ordinary", "integrated-masters"],
        {8: [0, 0, 20], 9: [120, 120, 100, 80, 60]},
    ),
    "4": (6, ["honours", "honours", "integrated-masters"], {9: [0, 20], 10: [120, 100, 80]}),
    "pg": (
        28,
        ["masters", "masters", "masters", "pgdip", "pgcert", "none"],
        {11: [45, 60, 60, 90, 120, 180]},
    ),
}

# how many of a student's modules go wrong
TROUBLES = [0, 0.1, 0.1, 0.25, 0.4, 0.6, 0.8]
THIRDS = [0.15, 0.35, 0.5, 0.65, 0.75]

# R7: at a third, or by a credit or a module beyond it: credits that go wrong, so many times, and those that do not
TIGHT = [
    (1, [20, 20], [20]),
    (1, [20, 20, 20, 20], [20, 20]),
    (1, [20, 20, 20], [30]),
    (1, [20, 20, 20], [29]),
    (1, [20, 20, 20], [31]),
    (1, [20, 20], [16]),
    (2, [20], [20, 20]),
    (2, [15, 15], [20, 20, 20]),
    (2, [15, 15], [20, 20, 16]),
    (2, [31], [30, 31]),
]


def board(rng: Random) -> list[Row]:
    """The facts that progress turns on, some of them left out."""
    facts = {
        "diet": rng.choices(["main", "resit", ""], [3, 6, 1])[0],
        "academic_year": rng.choice([YEAR, YEAR, YEAR, YEAR, ""]),
    }
    return [{"key": key, "value": value} for key, value in facts.items() if value]


def year_of(pen: Pen) -> str:
    return pen.rng.choice(["", "", YEAR, YEAR, YEAR, pen.rng.choice(OTHERS)])


def person(pen: Pen, stage: str) -> Row:
    row = {}
    if not pen.chance(0.04):
        row["stage"] = stage
    if pen.chance(0.3):
        row["mode"] = pen.rng.choice(["part-time", "part-time", "full-time"])
    if pen.chance(0.1):
        row["tuition_debt"] = pen.rng.choice(["Y", "N"])
    return row


def part_way(pen: Pen, offered: dict[str, Offered], *, enrolled: bool) -> Row:
    """Write a student's rows, and give the student's own."""
    rng = pen.rng
    stage = rng.choices(list(STAGES), [often for often, _, _ in STAGES.values()])[0]
    _, awards, levels = STAGES[stage]
    row = {"student_id": pen.student, "award": rng.choice(awards), **person(pen, stage)}
    if stage == "pg" and pen.chance(0.25):
        _at_a_third(pen, offered, enrolled=enrolled)
        row["prior_credits"] = rng.choice(["", "0", "120"])
        return row
    modules = _modules(pen, offered, levels)
    if row["award"] in {"masters", "none"} and stage == "pg" and pen.chance(0.6):
        modules.append(offered[rng.choice(["D11A", "D11B", "D11C"])])
    if pen.chance(0.01):
        modules = []
    carried = pen.chance(0.05)
    _year(pen, stage, modules, enrolled=enrolled and not carried, carried=carried)
    if stage != "pg" and pen.chance(0.5):
        _earlier(pen, stage)
    row["prior_credits"] = _prior(pen, row, modules, stage)
    return row


def _modules(pen: Pen, offered: dict[str, Offered], levels: dict[int, list[int]]) -> list[Offered]:
    chosen = []
    for level, credit in levels.items():
        pool = [one for one in offered.values() if one.level == level and one.code[0] != "D"]
        if pen.chance(0.3):
            pool = [one for one in pool if one.credits == 20]
        pen.rng.shuffle(pool)
        rest = pen.rng.choice(credit)
        for one in pool:
            # what is odd makes modules incomplete, and then nothing is recommended
            if one.credits <= rest and (one.code[0] == "M" or pen.chance(0.15)):
                chosen.append(one)
                rest -= one.credits
    return chosen


def _year(pen: Pen, stage: str, modules: list[Offered], *, enrolled: bool, carried: bool) -> None:
    trouble = pen.rng.choice(THIRDS if stage == "pg" else TROUBLES)
    only = None
    if modules and stage in {"1", "2"} and pen.chance(0.5):
        twenties = [module for module in modules if module.credits == 20]
        only = pen.rng.choice(twenties if twenties and pen.chance(0.8) else modules)
    options = pen.rng.choice([0, 0.3, 0.7])
    for module in modules:
        wrong = module is only if only else pen.chance(trouble)
        status = "option" if pen.chance(options) else pen.rng.choice(["core", ""])
        if enrolled:
            pen.enrol(module, status=status, academic_year=year_of(pen), **_seldom(pen))
        if carried:
            _result(pen, module, pen.rng.choice(["fail", "deferred", "qualifying-fail"]) if wrong else "pass")
        elif wrong and only:
            pen.rng.choice([near, near, near, near, near_again, near_again, once, confirmed])(pen, module)
        elif wrong:
            _go_wrong(pen, module)
        else:
            write(pen, module, 1, passing(pen, module))


def _at_a_third(pen: Pen, offered: dict[str, Offered], *, enrolled: bool) -> None:
    times, wrong, right = pen.rng.choice(TIGHT)
    pool = [one for one in offered.values() if one.level == 11 and one.code[0] == "M"]
    for place, size in enumerate([*wrong, *right]):
        module = pen.rng.choice([one for one in pool if one.credits == size] or pool)
        pool.remove(module)
        if enrolled:
            pen.enrol(module, status="option", academic_year=year_of(pen))
        if place >= len(wrong):
            write(pen, module, 1, passing(pen, module))
            continue
        for attempt in range(1, times + 1):
            write(pen, module, attempt, failing(pen, module))
        if pen.chance(0.2):
            write(pen, module, times + 1, passing(pen, module))


def _seldom(pen: Pen) -> Row:
    facts = {}
    if pen.chance(0.02):
        facts["exchange"] = "Y"
    if pen.chance(0.02):
        facts["prior_learning"] = "Y"
    return facts


def _earlier(pen: Pen, stage: str) -> None:
    """Write results of the levels before, and of this one: passed, condoned, or failed and left."""
    for place in range(pen.rng.choice([1, 1, 2, 3])):
        level = pen.rng.randint(7, min(6 + int(stage), 9))
        outcome = pen.rng.choices(["pass", "condoned", "fail", "deferred"], [80, 12, 7, 1])[0]
        tenths = {"pass": pen.rng.randint(400, 700), "deferred": 0}.get(outcome, pen.rng.randint(370, 399))
        pen.confirm(
            f"OLD{level}{place}",
            level,
            pen.rng.choice([20, 20, 20, 40, 10]),
            outcome=outcome,
            mark="" if outcome == "deferred" else _tenths(tenths),
            status=pen.rng.choice(["core", "option", ""]),
            attempt=pen.rng.choice(["", "1", "2", "3"]),
            academic_year=year_of(pen),
        )
        if outcome == "fail" and pen.chance(0.2):
            pen.decide(f"OLD{level}{place}", pen.rng.choice(["condone", "extra-attempt", "bar-reassessment"]))


def _tenths(tenths: int) -> str:
    return f"{tenths // 10}.{tenths % 10}"


def _prior(pen: Pen, student: Row, modules: list[Offered], stage: str) -> str:
    """Credit from elsewhere that brings the total to the award's line, or to level four's (17.10)."""
    if pen.chance(0.15):
        return ""
    line = {"certhe": 120, "diphe": 240, "pgcert": 60, "pgdip": 120, "masters": 180}.get(student["award"])
    if stage == "3":
        line = 360
    elif stage == "4":
        line = 480
    if line is None:
        return pen.rng.choice(["0", "120", "240"])
    tables = tables_of(modules) | pen.tables | {"students": [student]}
    held = sum(int(row["credits_awarded"]) for row in assess(tables)["modules"])
    return str(max(line - held + pen.rng.choice([0, 0, 20, -1, -19, -20, -20, -20, -21, -21, -40]), 0))


def _around(pen: Pen, module: Offered) -> Marks:
    """Make marks for 37.0, or just not, a component at its floor or just under it now and then (17.4)."""
    overall = edge(pen.rng, pen.rng.choice([370, 370, 370, 369, 371, 385, 399, 360]))
    parts = list(module.module.components.values())
    low = pen.rng.choice(parts)
    rest = sum(part.weight for part in parts) - low.weight
    if rest and low.floor is not None and pen.chance(0.4):
        mark = max(low.floor + HUNDREDTH * pen.rng.choice([-1, 0, 0]), Fraction(0))
        other = -(-((rest + low.weight) * overall - low.weight * mark) / rest // HUNDREDTH) * HUNDREDTH
        if other <= 100:
            return {part.name: mark if part is low else other for part in parts}
    return shares(pen.rng, module, overall)


def _aftermath(pen: Pen, module: Offered) -> None:
    """Decide what a board may decide of a failed module."""
    if pen.chance(0.12):
        pen.decide(module.code, "condone")
    if pen.chance(0.05):
        pen.decide(module.code, "extra-attempt")
    if pen.chance(0.05):
        pen.decide(module.code, "bar-reassessment")


def near(pen: Pen, module: Offered) -> None:
    write(pen, module, 1, _around(pen, module))
    _aftermath(pen, module)


def near_again(pen: Pen, module: Offered) -> None:
    """Fail nearly at a reassessment, of all components or of some."""
    write(pen, module, 1, at_floor(pen.rng, module) if pen.chance(0.3) else failing(pen, module))
    last = pen.rng.choice([2, 2, 3])
    if last > 2:
        write(pen, module, 2, some(pen, failing(pen, module)))
    write(pen, module, last, some(pen, _around(pen, module)))
    _aftermath(pen, module)


def once(pen: Pen, module: Offered) -> None:
    write(pen, module, 1, failing(pen, module))
    _aftermath(pen, module)


def twice(pen: Pen, module: Offered) -> None:
    write(pen, module, 1, failing(pen, module))
    write(pen, module, 2, some(pen, failing(pen, module)))
    _aftermath(pen, module)


def thrice(pen: Pen, module: Offered) -> None:
    twice(pen, module)
    write(pen, module, 3, failing(pen, module))
    if pen.chance(0.3):
        pen.decide(module.code, "extra-attempt")


def passed_again(pen: Pen, module: Offered) -> None:
    write(pen, module, 1, failing(pen, module))
    last = pen.rng.choice([2, 2, 3])
    if last > 2:
        write(pen, module, 2, failing(pen, module))
    write(pen, module, last, passing(pen, module))


def deferred(pen: Pen, module: Offered) -> None:
    """Defer a first attempt or a reassessment, seldom with what became of it."""
    attempt = pen.rng.choice([1, 1, 2, 3])
    for number in range(1, attempt):
        write(pen, module, number, failing(pen, module))
    defer(pen, module, attempt, passing(pen, module))
    if pen.chance(0.25):
        write(pen, module, attempt + 1, pen.rng.choice([passing, failing])(pen, module))


def confirmed(pen: Pen, module: Offered) -> None:
    """Carry a fail from an earlier board, its marks at hand or not, and taken again or not."""
    _result(pen, module, pen.rng.choice(["fail", "fail", "fail", "qualifying-fail", "deferred", "condoned"]))
    last = max(int(row["attempt"] or 1) for row in pen.tables["results"] if row["module"] == module.code)
    if pen.chance(0.3):
        write(pen, module, last, _around(pen, module))
    if pen.chance(0.5):
        write(pen, module, last + 1, pen.rng.choice([_around, failing, passing])(pen, module))
    _aftermath(pen, module)


def _result(pen: Pen, module: Offered, outcome: str) -> None:
    pass_mark = int((module.module.pass_mark or 40) * 10)
    tenths = {
        "fail": pen.rng.choice([370, 370, 369, 385, 200]),
        "condoned": 380,
        "pass": pass_mark + pen.rng.randint(0, 200),
        "qualifying-fail": pass_mark + pen.rng.randint(0, 50),
    }.get(outcome)
    attempts = pen.rng.choice([[1], [1], [1], [2], [1, 2], [3], [1, 2, 3]])
    for attempt in attempts:
        last = attempt == attempts[-1]
        earlier = pen.rng.choice(["fail", "fail", "deferred"])
        pen.confirm(
            module.code,
            module.level,
            module.credits,
            outcome=outcome if last else earlier,
            mark=_tenths(tenths) if last and tenths is not None else "" if earlier == "deferred" else "21.0",
            status=pen.rng.choice(["core", "option", ""]),
            attempt=str(attempt) if attempt > 1 or pen.chance(0.5) else "",
            academic_year=year_of(pen),
        )


def withdrawn(pen: Pen, module: Offered) -> None:
    if any(row["module"] == module.code for row in pen.tables["enrolments"]):
        withdrawal(pen, module)
    else:
        once(pen, module)


Fate = Callable[[Pen, Offered], None]

FATES: list[tuple[int, Fate]] = [
    (22, near),
    (12, near_again),
    (20, once),
    (10, twice),
    (5, thrice),
    (8, passed_again),
    (6, deferred),
    (8, confirmed),
    (3, withdrawn),
    (2, befall),
]

AT_ELEVEN: list[tuple[int, Fate]] = [
    (30, once),
    (20, twice),
    (4, thrice),
    (34, passed_again),
    (3, deferred),
    (3, confirmed),
    (2, withdrawn),
    (1, befall),
]


def _go_wrong(pen: Pen, module: Offered) -> None:
    fates = AT_ELEVEN if module.module.study == POSTGRADUATE else FATES
    pen.rng.choices([fate for _, fate in fates], [often for often, _ in fates])[0](pen, module)
