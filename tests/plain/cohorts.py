"""Random cohorts aimed at the thresholds, the same for the same seed."""

from fractions import Fraction
from random import Random

from .aim import Plan, aim
from .award import Programme, Taken
from .engine import assess
from .offer import Offered, offer, tables_of
from .pen import Pen, edge, shares
from .rows import Row, Tables
from .stories import befall, write
from .years import board, part_way, person, year_of

# award: how often, and the credit aimed at by SCQF level
AWARDS: dict[str, tuple[int, dict[int, list[int]]]] = {
    "honours": (44, {9: [120, 120, 120, 100, 60], 10: [120, 120, 100, 121, 130, 150, 140, 99]}),
    "ordinary": (9, {8: [0, 20], 9: [120, 100, 120, 80], 10: [0, 0, 20]}),
    "masters": (14, {10: [0, 0, 0, 20], 11: [120, 120, 100, 180]}),
    "pgdip": (9, {10: [0, 0, 20], 11: [120, 120, 100, 140]}),
    "pgcert": (4, {10: [0, 0, 20], 11: [60, 60, 40, 39]}),
    "certhe": (4, {6: [0, 20], 7: [120, 100], 8: [0, 20]}),
    "diphe": (4, {7: [120], 8: [120, 100, 80]}),
    "graduate-certificate": (3, {8: [0, 20], 9: [60, 40], 10: [0, 20]}),
    "integrated-masters": (4, {10: [0, 40], 11: [120, 119, 130]}),
    "none": (5, {8: [20], 10: [20, 40], 11: [0, 20]}),
}

PART_WAY = 0.5  # of the students: those whose year is in question, not their award

# where those stand who aim at an award
STAGES = {
    "certhe": ["1"],
    "diphe": ["2"],
    "ordinary": ["3"],
    "honours": ["4", "4", "4", "3"],
    "none": ["1", "3"],
}

TOTALS = {
    "certhe": 120,
    "diphe": 240,
    "ordinary": 360,
    "honours": 480,
    "integrated-masters": 600,
    "graduate-certificate": 60,
    "pgcert": 60,
    "pgdip": 120,
    "masters": 180,
}


def cohort(seed: int, students: int) -> Tables:
    rng = Random(seed)
    offered = offer(rng)
    with_students, with_enrolments = rng.random() > 0.08, rng.random() > 0.08
    tables: Tables = tables_of(list(offered.values())) | {"board": board(rng)}
    for name in ("students", "enrolments", "marks", "results", "circumstances", "decisions"):
        tables[name] = []
    for number in range(1, students + 1):
        own = _student(rng, offered, f"{number:08d}", enrolled=with_enrolments)
        for name, rows in own.items():
            tables[name] += rows
    if not tables["board"] or rng.random() < 0.05:
        del tables["board"]
    if rng.random() < 0.03:
        del tables["components"]
    if not with_students:
        del tables["students"]
    if not with_enrolments:
        del tables["enrolments"]
    for rows in tables.values():
        rng.shuffle(rows)
    return tables


def _student(rng: Random, offered: dict[str, Offered], student: str, *, enrolled: bool) -> Tables:
    pen = Pen(rng, student)
    if pen.chance(PART_WAY):
        return _given(pen, part_way(pen, offered, enrolled=enrolled), enrolled=enrolled)
    kind = rng.choices(list(AWARDS), [share for share, _ in AWARDS.values()])[0]
    row = {"student_id": student, "award": kind, **person(pen, rng.choice(STAGES.get(kind, ["pg"])))}
    if kind == "honours" and pen.chance(0.12):
        row["entry_stage"] = "4"
    plans = _plans(pen, offered, kind, enrolled=enrolled)
    if kind == "honours" and row.get("entry_stage") and pen.chance(0.7):
        plans = [plan for plan in plans if plan.module.level != 9 or pen.chance(0.1)]
    row["prior_credits"] = _prior(pen, kind, plans)
    if enrolled:
        for plan in plans:
            if not plan.confirmed:
                pen.enrol(plan.module, academic_year=year_of(pen), **_facts(pen, plan))
    if pen.chance(0.6):
        _go_wild(pen, plans)
    others = _results(pen, row, [plan for plan in plans if plan.wild])
    prior = Fraction(row["prior_credits"] or 0)
    calm = [plan for plan in plans if not plan.wild]
    aim(rng, Programme(kind, direct="entry_stage" in row, prior=prior), calm, others)
    for plan in calm:
        _write(pen, plan)
    return _given(pen, row, enrolled=enrolled)


def _given(pen: Pen, student: Row, *, enrolled: bool) -> Tables:
    tables = {"students": [student], **pen.tables}
    if not enrolled:
        del tables["enrolments"]
    return tables


def _plans(pen: Pen, offered: dict[str, Offered], kind: str, *, enrolled: bool) -> list[Plan]:
    rng = pen.rng
    modules = []
    for level, credit in AWARDS[kind][1].items():
        modules += _choose(pen, offered, level, rng.choice(credit))
    if kind == "masters":
        modules.append(offered[rng.choice(["D11A", "D11B", "D11C"])])
    if pen.chance(0.12):
        modules.append(offered[rng.choice(sorted(offered))])
    plans = [Plan(module) for module in {module.code: module for module in modules}.values()]
    earlier = pen.chance(0.5)
    all_away = pen.chance(0.04)
    some_away, some_prior = pen.chance(0.12), pen.chance(0.12)
    options = rng.choice([0, 0.5, 0.5, 0.8])
    for plan in plans:
        plan.confirmed = earlier and plan.module.level < 10 and pen.chance(0.9)
        if not enrolled and not plan.confirmed:
            continue
        plan.core = not pen.chance(options)
        plan.exchange = (all_away and plan.module.level == 9) or (some_away and pen.chance(0.3))
        plan.prior_learning = some_prior and not plan.exchange and pen.chance(0.3)
        plan.counted = plan.prior_learning and pen.chance(0.5)
    if enrolled and pen.chance(0.35):
        _fill_core(pen, [plan for plan in plans if plan.module.level == 10 and plan.contributes()])
    return plans


def _fill_core(pen: Pen, plans: list[Plan]) -> None:
    """Make the core 120 credits exactly, or nearly, so that no room is left for the options (W4)."""
    room = pen.rng.choice([120, 120, 120, 119, 121, 110])
    for _ in range(20):
        pen.rng.shuffle(plans)
        core = 0
        for plan in plans:
            plan.core = core + plan.module.credits <= room
            core += plan.module.credits if plan.core else 0
        if core == room:
            return


def _choose(pen: Pen, offered: dict[str, Offered], level: int, credit: int) -> list[Offered]:
    """Take modules at a level up to so many credits, the odd ones seldom."""
    pool = [one for one in offered.values() if one.level == level and one.code[0] == "M"]
    pen.rng.shuffle(pool)
    if pen.chance(0.3):
        odd = [one for one in offered.values() if one.level == level and one.code[0] == "X"]
        pool = pen.rng.sample(odd, min(1, len(odd))) + pool
    chosen, total = [], 0
    for one in pool:
        if total + one.credits <= credit or (total < credit and pen.chance(0.02)):
            chosen.append(one)
            total += one.credits
    return chosen


def _facts(pen: Pen, plan: Plan) -> dict[str, str]:
    return {
        "status": pen.rng.choice(["core", ""]) if plan.core else "option",
        "exchange": "Y" if plan.exchange else "N",
        "prior_learning": "Y" if plan.prior_learning else "",
    }


def _prior(pen: Pen, kind: str, plans: list[Plan]) -> str:
    """Credit from elsewhere, so that the total is at the award's line, or one or a module off it."""
    if kind not in TOTALS or pen.chance(0.08):
        return ""
    held = sum(plan.module.credits for plan in plans)
    return str(max(TOTALS[kind] - held + pen.rng.choice([0, 0, 0, -1, 1, -20, 20, 20, 21]), 0))


def _go_wild(pen: Pen, plans: list[Plan]) -> None:
    open_ = [plan for plan in plans if not plan.confirmed and not plan.prior_learning]
    for plan in pen.rng.sample(open_, min(len(open_), pen.rng.choice([1, 1, 1, 2, 3]))):
        plan.wild = True
        befall(pen, plan.module)


def _results(pen: Pen, student: Row, wild: list[Plan]) -> list[Taken]:
    """What became of the wild modules, so that the others can be aimed around them."""
    if not wild:
        return []
    tables = tables_of([plan.module for plan in wild])
    codes = {plan.module.code: plan for plan in wild}
    for name, rows in pen.tables.items():
        tables[name] = [row for row in rows if row["module"] in codes]
    taken = []
    for line in assess(tables | {"students": [student]})["modules"]:
        plan = codes[line["module"]]
        elsewhere = any(row["module"] in codes and row["exchange"] == "Y" for row in pen.tables["results"])
        if line["mark"] and not plan.exchange and not elsewhere:
            one = plan.taken()
            one.mark, one.outcome = Fraction(line["mark"]), line["outcome"]
            taken.append(one)
    return taken


def _write(pen: Pen, plan: Plan) -> None:
    if plan.confirmed:
        _confirm(pen, plan)
        return
    if plan.counted:
        pen.decide(plan.module.code, "count-prior-learning")
    if not plan.prior_learning or pen.chance(0.7):
        write(pen, plan.module, 1, shares(pen.rng, plan.module, edge(pen.rng, plan.tenths)))


def _confirm(pen: Pen, plan: Plan) -> None:
    module = plan.module
    code = module.code if pen.chance(0.5) else "OLD" + module.code
    if plan.counted:
        pen.decide(code, "count-prior-learning")
    failed = pen.rng.choice(["fail", "fail", "condoned"])
    facts = _facts(pen, plan) | {
        "outcome": "pass" if plan.tenths >= (module.module.pass_mark or 40) * 10 else failed,
        "mark": f"{plan.tenths // 10}.{plan.tenths % 10}",
        "attempt": pen.rng.choice(["", "1", "2"]),
        "academic_year": year_of(pen),
    }
    if plan.prior_learning and pen.chance(0.3):
        facts["mark"] = ""
    pen.confirm(code, module.level, module.credits, **facts)
    if pen.chance(0.1):
        pen.decide(code, "condone")
