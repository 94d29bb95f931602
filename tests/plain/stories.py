"""What may happen to a student on a module: each story writes the rows of one, attempt by attempt."""

from collections.abc import Callable
from fractions import Fraction

from .offer import Offered
from .pen import Pen, at_floor, at_pass, edge, shares

Marks = dict[str, Fraction]


def write(pen: Pen, module: Offered, attempt: int, marks: Marks, quirk: str = "") -> None:
    """Write an attempt's rows, most of them with costless moments and words."""
    for component, mark in marks.items():
        row = pen.mark(module, attempt, component, mark)
        if quirk == "penalties" and pen.chance(0.7):
            pen.penalised(row, module)
        elif pen.chance(0.5):
            pen.calm(row, module)


def passing(pen: Pen, module: Offered) -> Marks:
    pass_mark = module.module.pass_mark or Fraction(40)
    return shares(pen.rng, module, edge(pen.rng, int(pass_mark * 10) + pen.rng.randint(0, 350)))


def failing(pen: Pen, module: Offered) -> Marks:
    rng = pen.rng
    if rng.random() < 0.3:
        return at_floor(rng, module)
    if rng.random() < 0.3:
        return shares(rng, module, at_pass(rng, module))
    return {name: Fraction(rng.randint(0, 3800), 100) for name in module.module.components}


def some(pen: Pen, marks: Marks) -> Marks:
    """Part of the components; seldom all."""
    if pen.chance(0.3):
        return marks
    names = pen.rng.sample(sorted(marks), pen.rng.randint(1, len(marks)))
    return {name: marks[name] for name in sorted(names)}


def threshold(pen: Pen, module: Offered) -> None:
    marks = (
        at_floor(pen.rng, module) if pen.chance(0.4) else shares(pen.rng, module, at_pass(pen.rng, module))
    )
    write(pen, module, 1, marks)


def late(pen: Pen, module: Offered) -> None:
    write(pen, module, 1, passing(pen, module), "penalties")
    component = pen.rng.choice(sorted(module.module.components))
    if pen.chance(0.3):
        effect = pen.rng.choice(["late-accepted", "late-accepted", "none"])
        pen.circumstance(module, 1, effect, pen.rng.choice(["", component]), pen.rng.choice("YYN"))
    if pen.chance(0.4):
        write(pen, module, 2, some(pen, passing(pen, module)), "penalties")


def resits(pen: Pen, module: Offered) -> None:
    """Fail, and try again, up to attempts that no longer count."""
    write(pen, module, 1, failing(pen, module))
    last = pen.rng.choice([2, 2, 2, 3, 3, 4, 5])
    for attempt in range(2, last + 1):
        if attempt < last and pen.chance(0.15):
            continue
        good = passing(pen, module) if pen.chance(0.7 if attempt == last else 0.1) else failing(pen, module)
        write(pen, module, attempt, some(pen, good), "penalties" if pen.chance(0.15) else "")
    if last > 2 and pen.chance(0.3):
        pen.decide(module.code, "extra-attempt")


def no_first(pen: Pen, module: Offered) -> None:
    """Attempt 2 is the first that is recorded."""
    write(pen, module, 2, passing(pen, module))
    if pen.chance(0.3):
        pen.circumstance(module, 2, "first-sit")


def defer(pen: Pen, module: Offered, attempt: int, marks: Marks) -> None:
    """Write an attempt of which one component, or all, is deferred, by its state or by circumstances."""
    how = pen.rng.choice(["state", "state", "component", "module", "no-row", "no-rows", "refused"])
    component = pen.rng.choice(sorted(marks))
    if how == "no-rows":
        pen.circumstance(module, attempt, "deferred")
        return
    for name, mark in marks.items():
        if name != component:
            write(pen, module, attempt, {name: mark})
        elif how in {"state", "refused"}:
            state = "deferred" if how == "state" else pen.rng.choice(["absent", "not-submitted"])
            pen.mark(module, attempt, name, mark if how == "state" and pen.chance(0.3) else None, state=state)
        elif how in {"component", "module"}:
            pen.mark(module, attempt, name, mark if pen.chance(0.5) else None)
    if how != "state":
        whole = how == "module" or pen.chance(0.1)
        pen.circumstance(
            module, attempt, "deferred", "" if whole else component, "N" if how == "refused" else "Y"
        )


def deferral(pen: Pen, module: Offered) -> None:
    defer(pen, module, 1, passing(pen, module))
    if pen.chance(0.55):
        return
    attempt = 2
    while pen.chance(0.35):
        defer(pen, module, attempt, some(pen, passing(pen, module)))
        attempt += pen.rng.choice([1, 1, 1, 2])
    marks = passing(pen, module) if pen.chance(0.6) else failing(pen, module)
    write(pen, module, attempt, some(pen, marks), "penalties" if pen.chance(0.3) else "")
    if pen.chance(0.4):
        write(pen, module, attempt + 1, some(pen, passing(pen, module)))


def deferred_resit(pen: Pen, module: Offered) -> None:
    write(pen, module, 1, failing(pen, module))
    attempt = 2
    while True:
        defer(pen, module, attempt, some(pen, passing(pen, module)))
        attempt += pen.rng.choice([1, 1, 1, 2])
        if pen.chance(0.6):
            break
    for _ in range(pen.rng.choice([0, 1, 1, 1, 2])):
        marks = passing(pen, module) if pen.chance(0.5) else failing(pen, module)
        write(pen, module, attempt, some(pen, marks))
        attempt += 1


def first_sit(pen: Pen, module: Offered) -> None:
    """Circumstances accepted after the marks: a later attempt is judged as a first."""
    write(pen, module, 1, passing(pen, module) if pen.chance(0.3) else failing(pen, module))
    named = pen.rng.choice([2, 2, 2, 3, 4])
    for attempt in range(2, named):
        write(pen, module, attempt, some(pen, failing(pen, module)))
    pen.circumstance(module, named, "first-sit", accepted=pen.rng.choice("YYYYN"))
    if pen.chance(0.1):
        return
    if pen.chance(0.2):
        defer(pen, module, named, passing(pen, module))
    else:
        good = passing(pen, module) if pen.chance(0.6) else failing(pen, module)
        write(pen, module, named, some(pen, good), "penalties" if pen.chance(0.3) else "")
    for attempt in range(named + 1, named + pen.rng.choice([1, 1, 2, 3, 4])):
        write(pen, module, attempt, some(pen, failing(pen, module)))


def after_pass(pen: Pen, module: Offered) -> None:
    write(pen, module, 1, passing(pen, module))
    write(pen, module, pen.rng.choice([2, 2, 3]), some(pen, passing(pen, module)))


def faults(pen: Pen, module: Offered) -> None:
    """Blank, contradicted or differing marks, or no row at all."""
    attempt = pen.rng.choice([1, 1, 1, 2])
    if attempt == 2:
        write(pen, module, 1, failing(pen, module))
    marks = passing(pen, module)
    bad = pen.rng.choice(sorted(marks))
    mark = marks.pop(bad)
    write(pen, module, attempt, marks)
    kind = pen.rng.choice(["blank", "contradiction", "differ", "no-row", "nothing", "zero"])
    if kind == "blank":
        pen.mark(module, attempt, bad, None)
    elif kind in {"contradiction", "zero"}:
        state = pen.rng.choice(["not-submitted", "absent"])
        beside = (mark or Fraction(1)) if kind == "contradiction" else None
        row = pen.mark(module, attempt, bad, beside, state=state)
        if kind == "zero" and not module.row["grade_only"]:
            row["mark"] = pen.rng.choice(["", "0", "0.00"])
    elif kind == "differ" and not module.row["grade_only"]:
        row = pen.mark(module, attempt, bad, mark)
        row["second_mark"] = str(float(row["mark"]) // 1 + 1.5) if float(row["mark"]) < 98 else "50"
    elif kind == "nothing":
        rows = pen.tables["marks"]
        rows[:] = [row for row in rows if row["module"] != module.code]
    if pen.chance(0.3):
        write(pen, module, attempt + 1, some(pen, passing(pen, module)))


def markers(pen: Pen, module: Offered) -> None:
    """Two markers who agree, or who differ and settle it (5.3)."""
    marks = passing(pen, module) if pen.chance(0.5) else shares(pen.rng, module, at_pass(pen.rng, module))
    for name, mark in marks.items():
        row = pen.mark(module, 1, name, mark)
        if module.row["grade_only"]:
            continue
        if pen.chance(0.5):
            row["second_mark"] = row["mark"]
        else:
            row["agreed_mark"], row["second_mark"] = row["mark"], "55.5"
            row["mark"], row["third_mark"] = pen.rng.choice([("90", ""), ("12.25", "44"), ("", "")])


def withdrawal(pen: Pen, module: Offered) -> None:
    if not pen.tables["enrolments"]:
        resits(pen, module)
        return
    row = pen.enrolment(module)
    row["withdrawn_at"] = pen.rng.choice(["0.1", "0.25", "0.25", "0.26", "0.26", "0.9"])
    row["withdrawal_accepted"] = pen.rng.choice(["Y", "N", "N", ""])
    if pen.chance(0.4):
        write(pen, module, 1, some(pen, passing(pen, module)))
    if pen.chance(0.3):
        write(pen, module, 2, passing(pen, module))
        if pen.chance(0.3):
            pen.circumstance(module, 2, "first-sit")


def confirmed(pen: Pen, module: Offered) -> None:
    """Earlier boards' results, of one attempt or several, and what came after them."""
    attempts = pen.rng.choice([[1], [1], [1], [2], [1, 2], [1, 2], [1, 3], [1, 2, 3]])
    for attempt in attempts:
        _result(pen, module, attempt)
        if pen.chance(0.3):
            write(pen, module, attempt, failing(pen, module))
    if pen.chance(0.15):
        pen.circumstance(module, attempts[-1] + 1, "first-sit")
    if pen.chance(0.2):
        pen.decide(module.code, "condone")
    if pen.chance(0.8):
        write(pen, module, attempts[-1] + 1, some(pen, passing(pen, module)))
        if pen.chance(0.3):
            write(pen, module, attempts[-1] + 2, some(pen, failing(pen, module)))


def _result(pen: Pen, module: Offered, attempt: int) -> None:
    outcome = pen.rng.choice(
        ["fail", "fail", "fail", "fail", "pass", "deferred", "qualifying-fail", "withdrawn"]
    )
    pass_mark = int((module.module.pass_mark or 40) * 10)
    tenths = {
        "pass": pass_mark + pen.rng.randint(0, 200),
        "qualifying-fail": pass_mark + pen.rng.randint(0, 100),
        "fail": pass_mark - pen.rng.randint(1, 250),
    }.get(outcome)
    facts = {
        "outcome": outcome,
        "mark": "" if tenths is None else f"{tenths // 10}.{tenths % 10}",
        "attempt": str(attempt) if attempt > 1 or pen.chance(0.5) else "",
        "exchange": "Y" if pen.chance(0.08) else "",
        "prior_learning": "Y" if pen.chance(0.05) else "",
    }
    pen.confirm(module.code, module.level, module.credits, **facts)


def chaos(pen: Pen, module: Offered) -> None:
    """Anything at all: what no board would see, and the rules must still decide."""
    rng = pen.rng
    names = sorted(module.module.components)
    for attempt in sorted(rng.sample(range(1, 6), rng.randint(1, 5))):
        for name in names:
            if pen.chance(0.3):
                continue
            state = rng.choice(["", "", "", "", "", "deferred", "absent", "not-submitted"])
            blank = state in {"absent", "not-submitted"} or pen.chance(0.05)
            row = pen.mark(module, attempt, name, None if blank else failing(pen, module)[name], state=state)
            if pen.chance(0.4):
                pen.penalised(row, module)
        if pen.chance(0.25):
            effect = rng.choice(["deferred", "first-sit", "late-accepted", "none"])
            pen.circumstance(module, attempt, effect, rng.choice(["", *names]), rng.choice("YYYN"))
    if pen.chance(0.15):
        pen.decide(module.code, "extra-attempt")


STORIES: list[tuple[int, Callable[[Pen, Offered], None]]] = [
    (20, threshold),
    (16, late),
    (22, resits),
    (3, no_first),
    (14, deferral),
    (10, deferred_resit),
    (12, first_sit),
    (6, after_pass),
    (14, faults),
    (5, markers),
    (8, withdrawal),
    (7, confirmed),
    (10, chaos),
]


def befall(pen: Pen, module: Offered) -> None:
    told = [story for _, story in STORIES]
    pen.rng.choices(told, [weight for weight, _ in STORIES])[0](pen, module)
