"""Every value of what packs say of misconduct decides something: changed alone, it changes what somebody gets or is told.

Each is changed in lawful ways. What it does is looked for in the penalties, the procedure and the reports first, and
then in boards with those offences.
"""

from __future__ import annotations

import csv
import tomllib
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import boardkit as bk
from boardkit.regulations import Pack, Tariff, load_tariff, parse
from boardkit.regulations.load import TariffPack, load_any
from boardkit.regulations.misconduct import Misconduct
from boardkit.regulations.show import show
from boardkit.report.tariff_sheets import listings
from boardkit.results.penalties import penalty_table
from boardkit.rules.tariff import judge_offences
from boardkit.tariffs.reports import action_taken, by_department, monitoring, procedure
from boardkit.tariffs.source import from_frame_alone
from tests.misconduct.cases import frame, tariff_toml
from tests.test_cases import CASES, frames

SECTION = "misconduct"
DESCRIPTIVE = {"clause", "local", "reading"}
CELLS = list(csv.DictReader((Path(__file__).parent / "cells.csv").read_text("utf-8").splitlines()))
EDGES = Path(__file__).parent / "edges.toml"
FILES = ("misconduct-marks", "misconduct-awards", "misconduct-tariff")

Leaf = tuple[str | int, ...]
Values = dict[str, Any]


@dataclass(frozen=True)
class Under:
    """A pack whose section of misconduct is changed, and what is assessed under it."""

    name: str

    @property
    def section(self) -> Values:
        file = resources.files("boardkit.regulations") / "packs" / f"{self.name}.toml"
        return tomllib.loads(file.read_text("utf-8"))[SECTION]

    def changed(self, change: Values) -> Pack:
        """The assessment rules of qmu-2022 with the changed section."""
        rules = parse(
            "changed.toml", tariff_toml(self.name) if self.name != "qmu-2022" else _text("qmu-2022")
        )
        section = Misconduct.model_validate(change)
        return Pack(rules.model_copy(update={SECTION: section}), "changed.toml", "")


def _text(name: str) -> str:
    return (resources.files("boardkit.regulations") / "packs" / f"{name}.toml").read_text("utf-8")


IMPERIAL, QMU = Under("imperial-misconduct"), Under("qmu-2022")


@cache
def offences() -> pl.DataFrame:
    """Every cell, pending and as each penalty decided; edges of days and marks; and enough for the reports."""
    asked = ("offence", "year", "intent", "repeated", "finalist")
    rows: list[dict[str, str | None]] = [{name: cell[name] for name in asked} for cell in CELLS]
    rows += [{**row, "moderated": "Y", "reason": None, "penalty": "plagiarism-3"} for row in rows[:8]]
    rows += [{"major": None, "repeated": "Y"}, {"major": None, "admitted": "N", "repeated": "N"}]
    star = {"year": "4", "intent": "N", "repeated": "Y", "finalist": "N"}
    rows += [{"year": "pgt", "finalist": "Y", "intent": "N", "repeated": "Y"}, {"year": "1", "repeated": "Y"}]
    for day in ("2023-06-01", "2024-12-31", "2025-01-01", "2025-12-31", "2026-01-01", "2026-12-31", None):
        rows += [{**star, "penalty": "plagiarism-4", "bar_until": day}]
        rows += [{**star, "finalist": "Y", "penalty": "plagiarism-5", "bar_until": day}]
    rows += [{"major": "N", "penalty": code, "mark": mark} for code in "abcd" for mark in ("0", "1", "2")]
    for row in rows:
        if (row.get("penalty") or "") in "abcd" and row.get("penalty"):
            row["penalty"] = f"minor-{row['penalty']}"
    rows += [{"major": "N", "repeated": "Y"}, {"major": "N", "admitted": "N"}, {"major": None}]
    rows += [
        {"year": "research", "offence": one}
        for one in ("plagiarism", "cheating", "contract-cheating", "impersonation")
    ]
    rows += [{"major": "N", "offence": one} for one in ("cheating", "contract-cheating", "impersonation")]
    rows += [{"major": None, "offence": one} for one in ("cheating", "contract-cheating", "impersonation")]
    rows += [
        {"offence": "cheating", "penalty": f"examination-{n}", "reason": "x", "intent": i}
        for n in "123"
        for i in "YN"
    ]
    rows += [{"penalty": f"plagiarism-{n}", "reason": "x", "finalist": f} for n in "123456" for f in "YN"]
    rows += [{"offence": one, "major": "N", "year": None} for one in ("plagiarism", "cheating")]
    rows += [{"offence": "impersonation", "year": year} for year in ("1", "2", "3", "4", "5", "pgt")]
    for size in (3, 4, 5, 6):
        rows += [{"academic_year": f"20{size}0/{size}1", "penalty": "plagiarism-3"}] * size
    rows += [
        {"penalty": code, "offence": one}
        for code in ("qmu-a", "qmu-b", "qmu-c", "qmu-d", "qmu-21-4", None)
        for one in ("plagiarism", "cheating", "contract-cheating", "impersonation")
    ]
    back: list[dict[str, str | None]] = [{"year": year} for year in ("1", "2", "3", "pgt")]
    back += [{"major": "N", "repeated": "Y"}, {"major": "N", "admitted": "N"}]
    rows += [{**row, "penalty": "minor-d"} for row in back]
    rows += [{"major": "N", "offence": "cheating", "penalty": f"minor-{one}"} for one in "ab"]
    return frame(*rows)


@cache
def read() -> pl.DataFrame:
    return from_frame_alone(offences())[0].offences


def told(rules: Misconduct) -> list[pl.DataFrame]:
    rows = judge_offences(read(), rules, None).with_columns(lowered=pl.lit(None, dtype=pl.UInt32))
    made = [penalty_table(rows, rules, as_given=True), procedure(rows, rules)]
    frames = {
        "action-taken": action_taken(rows, rules),
        "minor-offences": by_department(rows, rules),
        "monitoring": monitoring(rows, rules),
    }
    notes = pl.DataFrame({"note": [note for one in listings(frames, rules).values() for note in one.notes]})
    return [*made, *frames.values(), notes]


@cache
def cohorts(name: str) -> list[Any]:
    files = ("misconduct-qmu",) if name == "qmu-2022" else FILES
    paths = [CASES / "rules" / f"{file}.toml" for file in files]
    paths += [] if name == "qmu-2022" else [EDGES]
    cases = [case for path in paths for case in tomllib.loads(path.read_text("utf-8"))["case"]]
    return [bk.read(frames(case)) for case in cases if "reports" not in case and "steps_of" not in case]


TABLES = ("components", "modules", "awards", "progression", "reassessment", "penalties")


def assessed(name: str, pack: Pack, at: int) -> list[pl.DataFrame]:
    board = bk.assess(cohorts(name)[at], pack)
    return [*(board.table(table) for table in TABLES), board.located]


@cache
def as_it_stands(name: str, at: int) -> list[pl.DataFrame]:
    under = Under(name)
    return assessed(name, under.changed(under.section), at)


@cache
def told_as_it_stands(name: str) -> list[pl.DataFrame]:
    return told(load_tariff(name).rules)


def same(one: list[pl.DataFrame], other: list[pl.DataFrame]) -> bool:
    return all(a.equals(b) for a, b in zip(one, other, strict=True))


def bites(under: Under, change: Values) -> bool:
    pack = under.changed(change)
    if not same(told_as_it_stands(under.name), told(pack.rules.misconduct)):
        return True
    return any(
        not same(as_it_stands(under.name, at), assessed(under.name, pack, at))
        for at in range(len(cohorts(under.name)))
    )


# ---- the values, and how each is changed -------------------------------------------------------------


def leaves(part: Any, at: Leaf = ()) -> list[Leaf]:
    if isinstance(part, dict):
        return [
            leaf
            for key, value in part.items()
            if key not in DESCRIPTIVE
            for leaf in leaves(value, (*at, key))
        ]
    if isinstance(part, list):
        return [leaf for place, value in enumerate(part) for leaf in leaves(value, (*at, place))]
    return [at]


def value_at(part: Any, at: Leaf) -> Any:
    for step in at:
        part = part[step]
    return part


def put(section: Values, at: Leaf, value: Any) -> Values:
    made = deepcopy(section)
    value_at(made, at[:-1])[at[-1]] = value
    return made


def without(section: Values, at: Leaf) -> Values:
    made = deepcopy(section)
    del value_at(made, at[:-1])[at[-1]]
    return made


def renamed(part: Any, old: str, new: str) -> Any:
    """The section with a code or the name of a list written otherwise wherever it stands."""
    if isinstance(part, dict):
        return {new if key == old else key: renamed(value, old, new) for key, value in part.items()}
    if isinstance(part, list):
        return [renamed(value, old, new) for value in part]
    return new if part == old else part


WORDS = {
    "counted_from": ("decision", "completion"),
    "unit": ("working days", "months", "years"),
}
CODES = ("default", "moderated", "penalty", "read_as")
LISTED = ("offences", "years", "kinds", "lists")


def ways(section: Values, at: Leaf) -> list[Values]:
    """Every lawful way to change a value."""
    value, key = value_at(section, at), at[-1]
    if len(at) > 1 and at[-2] in LISTED:
        return _of_a_list(section, at)
    if len(at) > 1 and at[-2] == "when_stated":
        return [without(section, at[:-1])]
    if isinstance(value, bool):
        if key in ("intent", "repeated") and "cells" in at:
            return [_swapped(section, at)]
        changed = put(section, at, not value)
        return [put(changed, (*at[:-1], "value"), 0) if key == "stated" else changed]
    if isinstance(value, int):
        least = 0 if "marks" in at or at[0] == "not_submitting" else 1
        return [put(section, at, other) for other in (value + 1, value - 1) if other >= least]
    others = {"excludes": [without(section, at)] if key == "excludes" else []}.get(str(key))
    return others or [_with_word(section, at, word) for word in _words(section, at)]


def _of_a_list(section: Values, at: Leaf) -> list[Values]:
    """Ways to change one of several words: without it, or where it is alone with another in its place."""
    kind, alone = at[-2], len(value_at(section, at[:-1])) == 1
    value = value_at(section, at)
    year = "1" if value == "research" else "research"
    others = {"kinds": f"{value}x", "years": year, "offences": "impersonation"}
    if kind == "kinds" or alone:
        return (
            [put(section, at, others[str(kind)])]
            if at[0] != "tables" or kind == "years"
            else [without(section, at[:2])]
        )
    return [without(section, at)]


def _words(section: Values, at: Leaf) -> list[str]:
    """The other words that may stand in a place; a new one where any may."""
    value, key = value_at(section, at), str(at[-1])
    if key in WORDS:
        return [word for word in WORDS[key] if word != value]
    if key == "of":
        allowed = ("assessment", "award") if at[-2] == "bar" else ("assessment", "module", "year")
        return [word for word in allowed if word != value]
    if key in CODES:
        mine = [one["id"] for one in section["penalties"] if one["list"] == _list_of(section, at)]
        taken = _others_in(section, at)
        return [code for code in mine if code != value and code not in taken]
    return [f"{value}-x"]


def _with_word(section: Values, at: Leaf, word: str) -> Values:
    """The section with another word in a place; a code, or the name of a list, wherever it stands."""
    value, key = value_at(section, at), at[-1]
    if key in ("list", "may_return_to"):
        return relisted(section, value, word)
    return renamed(section, value, word) if key == "id" and at[0] == "penalties" else put(section, at, word)


def relisted(part: Any, old: str, new: str, key: str = "") -> Any:
    """The section with a list of penalties called otherwise."""
    if isinstance(part, dict):
        return {
            new if key == "lists" and name == old else name: relisted(value, old, new, name)
            for name, value in part.items()
        }
    if isinstance(part, list):
        return [relisted(value, old, new, key) for value in part]
    return new if part == old and key in ("list", "lists", "may_return_to") else part


def _list_of(section: Values, at: Leaf) -> str:
    return str(value_at(section, at[:2])["list"])


def _others_in(section: Values, at: Leaf) -> list[str]:
    """Codes that would make the star of a table one that stands in no cell, or change nothing."""
    table = value_at(section, at[:2])
    star = table.get("star")
    if star is None:
        return []
    if at[-2] == "star" and at[-1] == "penalty":
        used = {cell.get(key) for cell in table["cells"] for key in ("default", "moderated")}
        return [
            one["id"] for one in section["penalties"] if one["id"] not in used or one["id"] == star["read_as"]
        ]
    return []


def _swapped(section: Values, at: Leaf) -> Values:
    """The section with a cell and the one that differs from it in this alone in each other's place."""
    made = deepcopy(section)
    cells, key = value_at(made, at[:3]), at[-1]
    mine = cells[at[3]]
    other = "repeated" if key == "intent" else "intent"
    sibling = next(
        (cell for cell in cells if cell.get(other) == mine.get(other) and cell.get(key) == (not mine[key])),
        None,
    )
    if sibling is not None and _answer(sibling) == _answer(mine):
        cells.remove(mine)
        return made
    mine[key] = not mine[key]
    if sibling is not None:
        sibling[key] = not sibling[key]
        return made
    for cell in [cell for cell in cells if cell is not mine and cell[key] == mine[key]]:
        cells.remove(cell)
    return made


def _answer(cell: Values) -> Values:
    return {key: cell.get(key) for key in ("default", "moderated", "says")}


def every() -> list:
    return [
        pytest.param(under, at, id=f"{under.name} {'.'.join(map(str, at))}")
        for under in (IMPERIAL, QMU)
        for at in leaves(under.section)
    ]


@pytest.mark.parametrize(("under", "at"), every())
def test_value_decides_something(under: Under, at: Leaf) -> None:
    section = under.section
    tried = ways(section, at)
    assert tried, "there is no lawful way to change it"
    assert [way for way in tried if not bites(under, way)] == []


@pytest.mark.parametrize(("under", "at"), every())
def test_value_is_shown(under: Under, at: Leaf) -> None:
    section = under.section
    loaded = load_any(under.name)
    before = show(loaded)
    for way in ways(section, at):
        rules = loaded.rules.model_copy(update={SECTION: Misconduct.model_validate(way)})
        pack = (
            TariffPack(rules, loaded.file, "")
            if isinstance(loaded, TariffPack)
            else Pack(rules, loaded.file, "")
        )
        assert show(pack) != before


def test_the_tariff_is_loaded_by_its_id() -> None:
    loaded = load_tariff("imperial-misconduct")
    assert isinstance(loaded, Tariff)
    assert loaded.named.session is None
