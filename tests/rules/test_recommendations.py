"""Every combination that PR1 to PR4 speak of gets the recommendation of a table written by hand from them.

A row of ``recommendations.csv`` stands for all combinations that its cells allow (``*`` is any); each
combination has to meet exactly one row.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import polars as pl
import pytest

import boardkit as bk

if TYPE_CHECKING:
    from collections.abc import Iterator

WRITTEN = (Path(__file__).parent / "recommendations.csv").read_text("utf-8")
TABLE = list(csv.DictReader(WRITTEN.splitlines()))

MODULES = {  # code: level and credits
    **{f"P{credit}": (8, credit) for credit in ("50", "51", "79", "80")},
    **{f"T{credit}": (11, credit) for credit in ("50", "51", "79", "80")},
    "LOST7": (7, 20),
    "LOST8": (8, 20),
    "LOST11": (11, 20),
    "OPEN8": (8, 20),
    "DEFER8": (8, 20),
    "GAP8": (8, 20),
    "LEFT8": (8, 20),
    "DEFER11": (11, 20),
    "GAP11": (11, 20),
    "LEFT11": (11, 20),
    **{f"OPEN11{number}": (11, 200) for number in range(5)},
}


class Person(NamedTuple):
    """What one student's modules come to."""

    stage: str
    award: str
    entry: str
    incomplete: str
    lost: str
    deferred: str
    open: str
    withdrawn: str
    mode: str
    eligible: str
    credits: str
    beyond: str
    diet: str

    @property
    def study(self) -> str:
        return "postgraduate" if self.stage == "pg" else "undergraduate"

    def possible(self) -> bool:
        """Whether there can be such a student."""
        undergraduate = self.study == "undergraduate"
        return (
            (self.lost != "core-condonable" or (self.stage in {"1", "2"} and self.open == "n"))
            and (self.beyond == "n" or (not undergraduate and self.open == "y"))
            and (self.stage == "3") == (self.entry != "none")
            and (self.award == "masters") == (not undergraduate)
            and (self.award in {"honours", "masters"} or self.stage in {"1", "3"})
            and (self.eligible == "n" or self.eligible_by_credit())
            and not (self.award == "ordinary" and self.entry == "ok" and self.eligible == "n")
        )

    def eligible_by_credit(self) -> bool:
        return self.stage in {"4", "pg"} or (self.award == "ordinary" and self.entry == "ok")


CHOICES = {
    "stage": ("1", "2", "3", "4", "pg"),
    "award": ("honours", "ordinary", "masters", "none"),
    "entry": ("none", "ok", "20 short", "21 short", "unknown"),
    "incomplete": "ny",
    "lost": ("no", "option", "core", "core-condonable"),
    "deferred": ("no", "first", "again"),
    "open": "ny",
    "withdrawn": "ny",
    "mode": ("full-time", "part-time"),
    "eligible": "ny",
    "credits": ("50", "51", "79", "80"),
    "beyond": "ny",
}


def people(diet: str) -> list[Person]:
    every = (Person(*choice, diet) for choice in product(*CHOICES.values()))
    return [person for person in every if person.possible()]


def expected(person: Person) -> str:
    values = person._asdict() | {"study": person.study}
    rows = [
        row
        for row in TABLE
        if all(
            cell == "*" or values[name] in cell.split("|") for name, cell in row.items() if name != "decision"
        )
    ]
    assert len(rows) == 1, f"{len(rows)} rows of the table for {person}"
    return rows[0]["decision"]


def prior_credits(person: Person) -> str:
    """The credit from elsewhere that brings a student just to where the case asks."""
    if person.eligible == "y" and person.stage != "3":
        return "300"
    missing = {"ok": 0, "20 short": 20, "21 short": 21}
    if person.entry in missing:
        return str(360 - 120 - int(person.credits) - missing[person.entry])
    return "" if person.entry == "unknown" else "0"


def marks_of(person: Person) -> Iterator[tuple[str, int, str, str]]:
    """The marks of a student: module, attempt, mark, state."""
    late = person.study == "postgraduate"
    level = "11" if late else "8"
    yield f"{'T' if late else 'P'}{person.credits}", 1, "60", ""
    if person.lost != "no":
        condonable = person.lost == "core-condonable"
        for attempt in (1, 2, 3):
            yield f"LOST{7 if condonable else level}", attempt, "38" if condonable else "20", ""
    if person.open == "y":
        names = (
            ["OPEN8"]
            if not late
            else [f"OPEN11{number}" for number in range(5 if person.beyond == "y" else 1)]
        )
        for name in names:
            yield name, 1, "20", ""
    if person.deferred == "first":
        yield f"DEFER{level}", 1, "", "deferred"
    if person.deferred == "again":
        yield f"DEFER{level}", 1, "20", ""
        yield f"DEFER{level}", 2, "", "deferred"
    if person.incomplete == "y":
        yield f"GAP{level}", 1, "", ""
    if person.withdrawn == "y":
        yield f"LEFT{level}", 1, "", "not-submitted"


def cohort(listed: list[Person], diet: str) -> dict[str, pl.DataFrame]:
    rows: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for number, person in enumerate(listed):
        who = f"S{number:06}"
        rows["students"].append((who, person.award, person.mode, person.stage, prior_credits(person)))
        taken = list(marks_of(person))
        rows["marks"] += [
            (who, module, "Work", str(attempt), mark, state) for module, attempt, mark, state in taken
        ]
        for module in dict.fromkeys(module for module, *_ in taken):
            status = "option" if module.startswith("LOST") and person.lost == "option" else "core"
            left = "0.1" if module.startswith("LEFT") else ""
            rows["enrolments"].append((who, module, status, left))
        if person.stage == "3":
            rows["results"].append((who, "R9", "9", "120", "60", "pass", "2021/22"))
        if person.eligible == "y" and person.stage == "4":
            rows["results"].append((who, "R9", "9", "120", "60", "pass", "2021/22"))
            rows["results"].append((who, "R10", "10", "100", "60", "pass", "2021/22"))
        if person.eligible == "y" and person.stage == "pg":
            rows["results"].append((who, "R11", "11", "160", "60", "pass", "2021/22"))
    rows["modules"] = [(code, str(level), str(credit)) for code, (level, credit) in MODULES.items()]
    rows["components"] = [(code, "Work", "100") for code in MODULES]
    rows["board"] = [("diet", diet), ("academic_year", "2022/23")]
    columns = {
        "students": ("student_id", "award", "mode", "stage", "prior_credits"),
        "marks": ("student_id", "module", "component", "attempt", "mark", "state"),
        "enrolments": ("student_id", "module", "status", "withdrawn_at"),
        "results": ("student_id", "module", "scqf_level", "credits", "mark", "outcome", "academic_year"),
        "modules": ("module", "scqf_level", "credits"),
        "components": ("module", "component", "weight"),
        "board": ("key", "value"),
    }
    return {
        name: pl.DataFrame(rows[name], schema=dict.fromkeys(columns[name], pl.String), orient="row")
        for name in columns
    }


@pytest.mark.parametrize("diet", ["main", "resit"])
def test_every_combination_gets_the_recommendation_of_the_table(diet: str) -> None:
    listed = people(diet)
    assert len(listed) > 1_000
    board = bk.assess(bk.read(cohort(listed, diet)), "qmu-2022")
    made = board.polars.progression
    assert made["student_id"].to_list() == [f"S{number:06}" for number in range(len(listed))]
    wrong = [
        (person, got, expected(person))
        for person, got in zip(listed, made["decision"].fill_null("").to_list(), strict=True)
        if got != expected(person)
    ]
    assert not wrong, f"{len(wrong)} of {len(listed)}, such as {wrong[:3]}"
    eligible = board.polars.awards["eligible"].to_list()
    assert eligible == [person.eligible.upper() for person in listed]
    assert made["credits_passed"].to_list() == [int(person.credits) for person in listed]
    staying = made.filter(pl.col("decision").ne_missing("withdraw")).select("student_id")
    due = board.progressed.standing.filter(pl.col("open") | (pl.col("outcome") == "deferred")).select(
        pl.lit(board.ground.students["student_id"]).gather("s").alias("student_id"),
        pl.col("module").cast(pl.String),
    )
    again = board.polars.reassessment.select("student_id", "module").unique()
    key = ["student_id", "module"]
    assert due.join(staying, on="student_id", how="semi").sort(key).equals(again.sort(key))


def test_every_row_of_the_table_is_met() -> None:
    met = {
        id(row)
        for diet in ("main", "resit")
        for person in people(diet)
        for row in TABLE
        if _meets(person, row)
    }
    assert met == {id(row) for row in TABLE}


def _meets(person: Person, row: dict[str, str]) -> bool:
    values = person._asdict() | {"study": person.study}
    return all(
        cell == "*" or values[name] in cell.split("|") for name, cell in row.items() if name != "decision"
    )
