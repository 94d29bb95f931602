"""The modules that a random cohort may take, with what makes some of them awkward."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random

from .arithmetic import half_up, number
from .catalogue import Module, modules_of
from .rows import Row, Tables

SIZES = {
    7: [20, 20, 20, 20, 20, 20, 40, 10, 30, 19, 21],
    8: [20, 20, 20, 20, 20, 20, 40, 10, 30, 19, 21],
    9: [20, 20, 20, 20, 20, 20, 40, 30, 10, 15, 21, 19],
    10: [20, 20, 20, 20, 20, 20, 40, 30, 30, 10, 10, 15, 15, 19, 21, 29, 31, 1],
    11: [15, 15, 15, 15, 20, 20, 20, 20, 30, 30, 10, 14, 16, 29, 31],
}

WEIGHTS = [
    ["100"],
    ["50", "50"],
    ["40", "60"],
    ["30", "70"],
    ["1", "2"],
    ["25", "25", "50"],
    ["12.5", "37.5", "50"],
]

# local wall time; the second is in the week before the clocks change, the last a date alone (P2)
DEADLINES = ["2025-03-07T16:00:00", "2025-03-27T16:00:00", "2025-04-25T12:30:00", "2025-05-02T00:00:00"]


@dataclass
class Offered:
    """A module on offer: its row, its components' rows, and how the engine reads them."""

    row: Row
    components: list[Row]
    deadlines: list[Row] = field(default_factory=list)
    scaling: list[Row] = field(default_factory=list)
    read: Module | None = None

    @property
    def code(self) -> str:
        return self.row["module"]

    @property
    def level(self) -> int:
        return int(self.row["scqf_level"])

    @property
    def credits(self) -> int:
        return int(self.row["credits"])

    @property
    def module(self) -> Module:
        if self.read is None:
            self.read = modules_of(tables_of([self]))[self.code]
        return self.read

    def unscaled(self, component: str, mark: Fraction) -> Fraction:
        """Find the raw mark that scaling brings to this one, as near as two places allow."""
        for row in self.scaling:
            if row["component"] == component:
                change = row["add"] or row["multiply"]
                raw = mark - number(change) if row["add"] else mark / number(change)
                return min(max(half_up(raw, 2), Fraction(0)), Fraction(100))
        return mark


def tables_of(offered: list[Offered]) -> Tables:
    return {
        "modules": [one.row for one in offered],
        "components": [row for one in offered for row in one.components],
        "deadlines": [row for one in offered for row in one.deadlines],
        "scaling": [row for one in offered for row in one.scaling],
    }


def offer(rng: Random) -> dict[str, Offered]:
    plain = [
        _module(rng, f"M{level:02d}{chr(65 + place)}", level, size)
        for level, sizes in SIZES.items()
        for place, size in enumerate(sizes)
    ]
    dissertations = [
        _module(rng, f"D11{letter}", 11, 60, kind=kind)
        for letter, kind in (("A", "dissertation"), ("B", "project"), ("C", "taught"))
    ]
    return {one.code: one for one in [*plain, *dissertations, *_odd(rng)]}


def _odd(rng: Random) -> list[Offered]:
    """Modules that state what others leave to the defaults, or leave out what none may."""
    odd = [
        _module(rng, "X08P", 8, 20, passed_at="45"),
        _module(rng, "X09P", 9, 20, passed_at="35"),
        _module(rng, "X10P", 10, 20, passed_at="50"),
        _module(rng, "X11P", 11, 20, passed_at="40"),
        _module(rng, "X09F", 9, 20, floor="35"),
        _module(rng, "X10F", 10, 20, floor="0"),
        _module(rng, "X10S", 10, 20, study="postgraduate"),
        _module(rng, "X11S", 11, 20, study="undergraduate"),
        _module(rng, "X10G", 10, 20, grade_only="Y"),
        _module(rng, "X11G", 11, 20, grade_only="Y"),
        _module(rng, "X10D", 10, 40, kind="dissertation"),
        _module(rng, "X07N", 7, 20, condonable="N"),
        _module(rng, "X08N", 8, 20, condonable="N"),
        _module(rng, "X08F", 8, 20, floor="37"),
        _module(rng, "X07S", 7, 20, passed_at="36"),
        _module(rng, "X11J", 11, 20, kind="project"),
        _module(rng, "X11L", 11, 20, kind="placement"),
        _module(rng, "X06U", 6, 20),
        _module(rng, "X06S", 6, 20, study="undergraduate"),
        _module(rng, "X12S", 12, 20, study="postgraduate"),
        _module(rng, "X10Z", 10, 20, weights="0 0"),
        _module(rng, "X09Z", 9, 20, weights="100 0"),
    ]
    for one in odd:
        if one.row["grade_only"]:
            one.scaling = []
    return odd


def _module(rng: Random, code: str, level: int, size: int, **stated: object) -> Offered:
    row = {
        "module": code,
        "scqf_level": str(level),
        "credits": str(size),
        "kind": str(stated.get("kind", "taught")),
        "study": str(stated.get("study", "")),
        "pass_mark": str(stated.get("passed_at", "")),
        "grade_only": str(stated.get("grade_only", "")),
        "condonable": str(stated.get("condonable", rng.choice(["", "Y", "", "Y", "", "Y", "N"]))),
    }
    weights = str(stated.get("weights", "")).split() or rng.choice(WEIGHTS)
    one = Offered(row, [])
    for place, weight in enumerate(weights):
        due = rng.choice(DEADLINES) if rng.random() < 0.6 else ""
        name = f"C{place + 1}"
        one.components.append(
            {
                "module": code,
                "component": name,
                "weight": weight,
                "due_at": due,
                "word_limit": rng.choice(["1000", "1500", "2505", "999"]) if rng.random() < 0.4 else "",
                "floor": str(stated.get("floor", "")),
            }
        )
        one.deadlines += _deadlines(rng, code, name, due)
        one.scaling += _scaling(rng, code, name)
    return one


def _deadlines(rng: Random, code: str, name: str, due: str) -> list[Row]:
    rows = []
    for attempt in range(1, 5):
        if rng.random() < (0.1 if attempt == 1 else 0.5):
            moment = datetime.fromisoformat(due or rng.choice(DEADLINES))
            moment += timedelta(days=70 * (attempt - 1) + rng.choice([0, 1]))
            rows.append(
                {"module": code, "component": name, "attempt": str(attempt), "due_at": moment.isoformat()}
            )
    return rows


def _scaling(rng: Random, code: str, name: str) -> list[Row]:
    if rng.random() > 0.08:
        return []
    add = rng.choice(["3", "-2.5", "0.05", "-40"]) if rng.random() < 0.5 else ""
    return [
        {
            "module": code,
            "component": name,
            "basis": "the paper was harder than last year's",
            "endorsed": rng.choice(["Y", "N"]),
            "add": add,
            "multiply": "" if add else rng.choice(["1.05", "0.97", "1.333", "0.5"]),
        }
    ]
