"""Write docs/clauses.md: every clause of the shipped packs, where it stands there, in the code and in the cases."""

from __future__ import annotations

import ast
import tomllib
from collections import defaultdict
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent / "clauses.md"
HOME = Path(__file__).parents[1]
PACKS = ("qmu-2022", "imperial-2024", "imperial-misconduct")
CASES = (HOME / "tests" / "cases", HOME / "tests" / "moderation" / "cases")

NOT_RULES = (
    "regulations",
    "report",
    "deciding",
    "trace",
    "demo",
    "read",
    "check",
    "analysis",
    "tables.py",
    "cohort.py",
    "exact.py",
    "problems.py",
    "cli.py",
    "cli",
)
"""Packages that check, show or cite a value, and do not act on it."""

NAMED_BY = {"overlays": ("programmes",)}
"""Sections that the code knows by another name: what the scope lets in."""

MISCONDUCT = "misconduct"
"""The section whose parts are named by modules that take it from its model, since they are given it alone."""

BESIDE = {"otherwise": "classes", "credits": "minima", "levels": "studies"}
"""Names that are common, and the one that a module which means the pack's speaks of besides."""

ASKED_BY_NAME = ("by_study", "getattr", "outside")
"""Functions that are given a rule by its name."""

GIVES_SECTION = {"moderation_of": "moderation"}
"""Functions that give a section of the pack."""

Where = tuple[str, ...]


def clauses(*packs: str) -> dict[str, list[Where]]:
    """Every clause that packs name, with the rules that name it; all packs where none is named."""
    found: dict[str, list[Where]] = defaultdict(list)
    for name in packs or PACKS:
        file = resources.files("boardkit.regulations") / "packs" / f"{name}.toml"
        _walk(tomllib.loads(file.read_text("utf-8")), (), found)
    return found


def _walk(part: Any, at: Where, found: dict[str, list[Where]]) -> None:
    if isinstance(part, dict):
        for clause in part.get("clause", "").split(", "):
            if clause:
                found[clause].append(at)
        for key, value in part.items():
            _walk(value, (*at, key), found)
    elif isinstance(part, list):
        for value in part:
            _walk(value, at, found)


def cases() -> dict[str, list[str]]:
    """The files with cases of each clause."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(path for folder in CASES for path in folder.rglob("*.toml")):
        for case in tomllib.loads(path.read_text("utf-8"))["case"]:
            for clause in case.get("clauses", []):
                if path.stem not in found[clause]:
                    found[clause].append(path.stem)
    return found


def code(rule: Where) -> list[str]:
    """The modules that act on a rule: those that name it, and its section where the name alone says too little."""
    return sorted(module for module, names in _names().items() if set(_telling(rule)) <= names)


def _telling(rule: Where) -> Where:
    """The names that tell a rule from others."""
    if rule[0] == MISCONDUCT:
        return rule[:2]
    named = NAMED_BY.get(rule[0], tuple(name.replace("-", "_") for name in rule))
    if named[0] not in {"awards", "studies"}:
        return named[:2]
    return (named[2], *(BESIDE[name] for name in named[2:3] if name in BESIDE))


@cache
def _names() -> dict[str, frozenset[str]]:
    """The names of a pack that each module speaks of."""
    found = {}
    for path in sorted((HOME / "boardkit").rglob("*.py")):
        place = path.relative_to(HOME / "boardkit")
        if place.parts[0] not in NOT_RULES:
            found[str(place)] = frozenset(_spoken(ast.parse(path.read_text("utf-8"))))
    return found


def _spoken(tree: ast.AST) -> list[str]:
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            names.append(node.attr)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GIVES_SECTION:
            names.append(GIVES_SECTION[node.func.id])
        elif isinstance(node, ast.ImportFrom) and str(node.module).endswith(f".{MISCONDUCT}"):
            names.append(MISCONDUCT)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ASKED_BY_NAME:
            names += [
                at.value for at in node.args if isinstance(at, ast.Constant) and isinstance(at.value, str)
            ]
    return names


def _order(clause: str) -> tuple[bool, list[tuple[bool, int, str]]]:
    """Numbered clauses first, by their numbers."""
    parts = clause.replace("-", ".").replace(" ", ".").split(".")
    return not clause[0].isdigit(), [
        (not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts
    ]


def page() -> str:
    """Write the whole page."""
    lines = [
        "# Clauses",
        "",
        "Every clause that a shipped pack names: where it stands there, the modules of boardkit that act on it, and the",
        "files of tests/cases and tests/moderation/cases that hold its cases. Generated by `make docs`; not edited by hand.",
    ]
    for name in PACKS:
        lines += ["", f"## `{name}`", "", *_table(name)]
    return "\n".join(lines) + "\n"


def _table(pack: str) -> list[str]:
    """Write the clauses of one pack."""
    known = cases()
    lines = ["| clause | in the pack | in boardkit/ | cases |", "| --- | --- | --- | --- |"]
    for clause, rules in sorted(clauses(pack).items(), key=lambda item: _order(item[0])):
        places = dict.fromkeys(".".join(rule) for rule in rules)
        modules = dict.fromkeys(module for rule in rules for module in code(rule))
        cells = (
            clause,
            ", ".join(f"`{place}`" for place in places),
            ", ".join(f"`{module}`" for module in modules),
            ", ".join(known.get(clause, [])),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return lines


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
