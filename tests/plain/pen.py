"""Rows of one random student: marks at their thresholds, moments around deadlines, words around limits."""

from datetime import datetime, timedelta
from fractions import Fraction
from random import Random

from .arithmetic import half_up, printed
from .grades import CONVERSION, UNDERGRADUATE
from .offer import Offered
from .rows import Row, Tables

HUNDREDTH = Fraction(1, 100)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)

ON_TIME = [-2 * DAY, -1 * SECOND, 0 * DAY, 0 * DAY]
LATE = [SECOND, SECOND, 3 * DAY, 6 * DAY, 6 * DAY, 6 * DAY + SECOND, 6 * DAY + SECOND, 7 * DAY]


class Pen:
    """Writes the rows of one student."""

    def __init__(self, rng: Random, student: str) -> None:
        self.rng = rng
        self.student = student
        names = ["enrolments", "marks", "results", "circumstances", "decisions"]
        self.tables: Tables = {name: [] for name in names}

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def enrol(self, module: Offered, **facts: str) -> None:
        self.tables["enrolments"].append({"student_id": self.student, "module": module.code, **facts})

    def enrolment(self, module: Offered) -> Row:
        return next(row for row in self.tables["enrolments"] if row["module"] == module.code)

    def confirm(self, module: str, level: int, size: int, **facts: str) -> None:
        self.tables["results"].append(
            {
                "student_id": self.student,
                "module": module,
                "scqf_level": str(level),
                "credits": str(size),
                **facts,
            }
        )

    def circumstance(
        self, module: Offered, attempt: int, effect: str, component: str = "", accepted: str = "Y"
    ) -> None:
        row = {
            "student_id": self.student,
            "module": module.code,
            "component": component,
            "attempt": str(attempt),
            "accepted": accepted,
            "effect": effect,
        }
        keys = ("module", "component", "attempt")
        if not any(all(old[key] == row[key] for key in keys) for old in self.tables["circumstances"]):
            self.tables["circumstances"].append(row)

    def decide(self, module: str, decision: str) -> None:
        row = {"student_id": self.student, "module": module, "decision": decision, "reason": "minuted"}
        if row not in self.tables["decisions"]:
            self.tables["decisions"].append(row)

    def mark(self, module: Offered, attempt: int, component: str, mark: Fraction | None, **facts: str) -> Row:
        """Write a row; the mark is the one wanted after scaling."""
        row = {
            "student_id": self.student,
            "module": module.code,
            "component": component,
            "attempt": str(attempt),
        }
        if mark is not None and module.row["grade_only"]:
            row["grade"] = nearest_grade(module, mark)
        elif mark is not None:
            row["mark"] = printed(module.unscaled(component, mark), 2)
            if row["mark"].endswith(".00") and self.chance(0.5):
                row["mark"] = row["mark"][:-3]
        row.update(facts)
        self.tables["marks"].append(row)
        return row

    def calm(self, row: Row, module: Offered) -> None:
        """Fill in a submission and words that cost nothing, as near the edge as may be."""
        due = due_of(module, row)
        if due is not None and self.chance(0.6):
            row["submitted_at"] = moment(due, self.rng.choice(ON_TIME), late=False)
        limit = limit_of(module, row)
        if limit and self.chance(0.6):
            # one below 10% over (P1)
            row["words"] = str(self.rng.choice([limit, -(-limit * 11 // 10) - 1]))

    def penalised(self, row: Row, module: Offered) -> None:
        """Fill in a submission or words that cost something, or just do not."""
        rng = self.rng
        due = due_of(module, row)
        if due is None or self.chance(0.15):
            # P5: an extension replaces the deadline
            due = datetime.fromisoformat(rng.choice(["2025-03-14T00:00:00", "2025-03-14T16:00:00"]))
            if self.chance(0.8):
                row["due_at"] = due.isoformat()
        if self.chance(0.8):
            row["submitted_at"] = moment(due, rng.choice(LATE), late=True)
            if self.chance(0.15):
                # P2: a submission whose date alone is known
                row["submitted_at"] = row["submitted_at"][:10] + "T00:00:00"
        limit = limit_of(module, row)
        if limit and self.chance(0.7):
            row["words"] = str(-(-limit * 11 // 10) + rng.choice([-1, 0, 0, 500]))


def due_of(module: Offered, row: Row) -> datetime | None:
    text = row.get("due_at") or module.module.components[row["component"]].due.get(int(row["attempt"]))
    return datetime.fromisoformat(text) if text else None


def limit_of(module: Offered, row: Row) -> int:
    return int(module.module.components[row["component"]].word_limit or 0)


def moment(due: datetime, step: timedelta, *, late: bool) -> str:
    if due.hour == due.minute == due.second == 0:
        # P2: the deadline is the whole day: on time until its last second, late from the next midnight
        step = step + (DAY - SECOND if late or step == 0 * DAY else 0 * DAY)
    return (due + step).isoformat()


def nearest_grade(module: Offered, mark: Fraction) -> str:
    marks = CONVERSION[module.module.study or UNDERGRADUATE]
    return min((name for name in marks if name != "G"), key=lambda name: abs(marks[name] - mark))


def shares(rng: Random, module: Offered, overall: Fraction) -> dict[str, Fraction]:
    """Component marks over their floors whose weighted mean is the least that can be at or over this."""
    parts = list(module.module.components.values())
    flat = {part.name: half_up(overall, 2) for part in parts}
    total = sum(part.weight for part in parts)
    last = rng.choice(parts)
    if rng.random() < 0.2 or last.weight == 0 or total == 0:
        return flat
    marks, rest = {}, overall * total
    for part in parts:
        if part is not last:
            marks[part.name] = half_up(overall + Fraction(rng.randint(-1500, 1500), 100), 2)
            rest -= marks[part.name] * part.weight
    needed = rest / last.weight
    marks[last.name] = -(-needed // HUNDREDTH) * HUNDREDTH
    lowest = min(overall, last.floor or Fraction(0))
    return marks if all(lowest <= mark <= 100 for mark in marks.values()) else flat


def edge(rng: Random, tenths: int) -> Fraction:
    """An exact mark that is recorded as so many tenths, mostly at the edge of rounding."""
    exact = Fraction(tenths, 10) + HUNDREDTH * rng.choice([-5, -5, -5, 4, 0, 1, -3])
    return min(max(exact, Fraction(0)), Fraction(100))


def at_pass(rng: Random, module: Offered) -> Fraction:
    """39.94, 39.95 and their like (A3)."""
    pass_mark = module.module.pass_mark or Fraction(40)
    return pass_mark + HUNDREDTH * rng.choice([-6, -6, -5, -5, -1, 0, 1])


def at_floor(rng: Random, module: Offered) -> dict[str, Fraction]:
    """29.99, 30.00 and their like in one component, the others well over (M2)."""
    parts = list(module.module.components.values())
    low = rng.choice(parts)
    floor = low.floor or Fraction(30)
    marks = {part.name: Fraction(rng.randint(6500, 9500), 100) for part in parts}
    marks[low.name] = max(floor + HUNDREDTH * rng.choice([-1, -1, 0, 1]), Fraction(0))
    return marks
