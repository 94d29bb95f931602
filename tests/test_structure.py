"""The house and the way through it: who imports whom, what rules may not do, and no regulation's number in Python."""

from __future__ import annotations

import ast
import tokenize
from collections import defaultdict
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import boardkit

HOUSE = Path(boardkit.__file__).parent

ORDER = (
    ("queries", "ending"),
    ("errors", "exact", "tables", "segments", "private", "guard", "printable", "years", "folded", "ordinary"),
    ("whole", "cell_text"),
    ("codes",),
    ("problems", "frames"),
    ("regulations",),
    ("cohort",),
    ("pieces",),
    ("masking",),
    ("check",),
    ("read",),
    ("rewritten",),
    ("rules.arrangements",),
    ("rules.decided",),
    ("rules.ground",),
    ("rules.markers",),
    ("rules.marks",),
    ("rules.cases",),
    ("rules.recorded", "rules.refusals"),
    ("rules.tariff",),
    ("rules.works",),
    ("rules.meant",),
    ("rules.holds",),
    ("rules.offences",),
    ("rules.penalties",),
    ("rules.weighed",),
    ("rules.verdicts",),
    ("rules.sequence",),
    ("rules.attempts",),
    ("rules.counting",),
    ("rules.confirmed",),
    ("rules.overturned",),
    ("rules.modules",),
    ("rules.buckets",),
    ("rules.credit",),
    ("rules.award",),
    ("rules.standing",),
    ("rules.condonement", "rules.shares"),
    ("rules.progression", "rules.qualify"),
    ("rules",),
    ("parts",),
    ("decided",),
    ("reasons",),
    ("results",),
    ("dates", "registration", "transcript", "concern"),
    ("beneath",),
    ("based_on",),
    ("findings",),
    ("tariffs",),
    ("apart",),
    ("trace",),
    ("siblings",),
    ("board",),
    ("assessing",),
    ("analysis",),
    ("report",),
    ("moderation",),
    ("deciding",),
    ("demo",),
    ("options", "terminal"),
    ("opening",),
    ("marking_up",),
    ("moderating",),
    ("cli_decisions", "cli_moderation", "cli_regulations", "cli_sample", "cli_tariff"),
    ("cli",),
    ("",),
)
"""The way from files to papers. A module imports what stands on a line before its own, or in its own package."""

UPWARD_INSIDE_FUNCTIONS = {
    ("options", ""): "--version states it",
    ("board", "report"): "a board is written and told by reports, which read boards",
    ("board", "deciding"): "a board is decided on, which gives another board",
}
UPWARD_FOR_TYPES = {
    ("based_on", "board"): "what a decision was based on is a board's",
    ("apart", "board"): "a finished board is taken apart",
    ("beneath", "board"): "what lies beneath a decision is a board's",
    ("check", "read"): "what was found, before it is typed",
    ("cohort", "check"): "a cohort keeps the numbers of what its rows name",
    ("concern", "board"): "a sibling reads a finished board",
    ("dates", "board"): "a sibling reads a finished board",
    ("findings", "board"): "findings are about a board",
    ("registration", "board"): "a sibling reads a finished board",
    ("results", "board"): "tables are made of a board",
    ("siblings", "board"): "their makers are given a board",
    ("trace", "board"): "the trace is made of a board",
    ("transcript", "board"): "a sibling reads a finished board",
}
BEYOND_ORDER = {
    ("report", ""): "the manifest states boardkit's version",
    ("moderation", ""): "a certificate states boardkit's version",
}


# ---- imports -----------------------------------------------------------------------------------------


@cache
def modules() -> dict[str, Path]:
    """Every module by its name under boardkit; the package itself has none."""
    named = {}
    for path in sorted(HOUSE.rglob("*.py")):
        parts = path.relative_to(HOUSE).with_suffix("").parts
        named[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return named


class Imports(ast.NodeVisitor):
    """What a module imports: as it is loaded, inside functions, and for types alone."""

    def __init__(self, name: str) -> None:
        self.found: dict[str, set[str]] = defaultdict(set)
        self.where = "loaded"
        self.visit(ast.parse(modules()[name].read_text("utf-8")))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.inside("function", node)

    def visit_If(self, node: ast.If) -> None:
        self.inside("types" if ast.unparse(node.test) == "TYPE_CHECKING" else self.where, node)

    def inside(self, where: str, node: ast.AST) -> None:
        before, self.where = self.where, where
        self.generic_visit(node)
        self.where = before

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.add(alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        assert node.level == 0, "imports are absolute"
        for alias in node.names:
            whole = f"{node.module}.{alias.name}"
            inner = whole.removeprefix("boardkit.") in modules() and whole.startswith("boardkit.")
            self.add(whole if inner else str(node.module))

    def add(self, name: str) -> None:
        self.found[self.where].add(name)


@cache
def imports(name: str) -> dict[str, set[str]]:
    return dict(Imports(name).found)


def own(names: set[str]) -> set[str]:
    """The names of our own modules among those imported."""
    return {
        name.removeprefix("boardkit").removeprefix(".") for name in names if name.split(".")[0] == "boardkit"
    }


def place(name: str) -> int:
    """The line of ORDER that a module stands on: the longest name that fits."""
    fits = [(len(part), at) for at, parts in enumerate(ORDER) for part in parts if within(name, part)]
    assert fits, f"{name} has no place in ORDER: give it one"
    return max(fits)[1]


def within(name: str, part: str) -> bool:
    return name == part or bool(part and name.startswith(f"{part}."))


def package(name: str) -> str:
    return name.split(".", maxsplit=1)[0]


def upward(where: str) -> set[tuple[str, str]]:
    return {
        (package(name), package(target))
        for name in modules()
        for target in own(imports(name).get(where, set()))
        if place(target) >= place(name) and package(target) != package(name)
    }


def test_a_stage_imports_earlier_stages_alone() -> None:
    lonely = {pair for pair in upward("loaded") if pair[0]}
    assert lonely == set(BEYOND_ORDER)


def test_within_the_rules_the_order_holds_too() -> None:
    for name in modules():
        if package(name) == "rules":
            for target in own(imports(name).get("loaded", set())):
                assert place(target) < place(name), f"{name} imports {target}"


def test_the_commands_and_the_package_load_nothing_heavy() -> None:
    """Packages are imported where they are used, so that ``boardkit --help`` starts at once."""
    assert own(imports("cli")["loaded"]) == {
        "cli_decisions",
        "cli_moderation",
        "cli_regulations",
        "cli_sample",
        "cli_tariff",
        "ending",
        "errors",
        "opening",
        "options",
        "terminal",
    }
    assert own(imports("cli_decisions")["loaded"]) == {"errors", "opening", "options", "terminal"}
    assert own(imports("cli_regulations")["loaded"]) == {"options", "terminal"}
    assert own(imports("cli_tariff")["loaded"]) == {"opening", "options", "terminal"}
    assert own(imports("cli_moderation")["loaded"]) == {
        "errors",
        "moderating",
        "opening",
        "options",
        "terminal",
    }
    assert own(imports("cli_sample")["loaded"]) == {"errors", "moderating", "opening", "options", "terminal"}
    assert own(imports("moderating")["loaded"]) == {"options", "terminal"}
    assert own(imports("options")["loaded"]) == {"errors"}
    assert own(imports("terminal")["loaded"]) == {"printable"}
    assert own(imports("")["loaded"]) == {"read"}
    assert not own(imports("read").get("loaded", set()))


def test_imports_that_point_up_are_known() -> None:
    assert {pair for pair in upward("function") if pair[0] != "cli"} == set(UPWARD_INSIDE_FUNCTIONS)
    assert {pair for pair in upward("types") if pair[0]} == set(UPWARD_FOR_TYPES)


def test_no_cycles() -> None:
    graph = {name: own(imports(name).get("loaded", set())) - {""} for name in modules()}
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


NETWORK = {
    "socket",
    "ssl",
    "http",
    "urllib",
    "urllib3",
    "requests",
    "httpx",
    "aiohttp",
    "ftplib",
    "smtplib",
    "asyncio",
}
NO_NETWORK = {"urllib.parse"}
"""Takes names apart and calls nobody."""


def test_nothing_calls_the_network() -> None:
    for name in modules():
        named = set().union(*imports(name).values()) - NO_NETWORK
        assert not {full for full in named if full.split(".")[0] in NETWORK}, name


# ---- rules -------------------------------------------------------------------------------------------

ROW_BY_ROW = {
    "map_elements",
    "map_batches",
    "map_groups",
    "map_rows",
    "rolling_map",
    "apply",
    "iter_rows",
    "rows",
    "to_dicts",
}


@pytest.mark.parametrize("name", [name for name in modules() if package(name) in {"rules", "segments"}])
def test_rules_work_on_columns(name: str) -> None:
    tree = ast.parse(modules()[name].read_text("utf-8"))
    called = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not called & ROW_BY_ROW


MARKS_AND_CREDITS = {30, 38, 39, 40, 50, 60, 65, 69, 70, 80, 90, 120, 180, 220, 240, 360, 480, 600}
IN_HUNDREDTHS = {number * 100 for number in MARKS_AND_CREDITS}

EXCUSED = {
    ("exact.py", 38): "the most digits that a decimal has",
    ("problems.py", 60): "how much of a long value a message shows",
    ("regulations/faults.py", 60): "how much of a long value a message shows",
    ("regulations/show.py", 30): "the width of a printed column",
    ("read/dates.py", 30): "the day from which spreadsheets count",
    ("read/dates.py", 38): "a spreadsheet's own number of a format",
    ("read/dates.py", 39): "a spreadsheet's own number of a format",
    ("read/dates.py", 40): "a spreadsheet's own number of a format",
    ("read/dates.py", 50): "a spreadsheet's own number of a format",
    ("read/dates.py", 60): "the day that spreadsheets count and that never was",
    ("read/oulad.py", 30): "that dataset has no credits; what is assumed is told as a note",
}


def numbers(path: Path) -> set[int]:
    """Every whole number that the code types, as a number or as text that is nothing else."""
    found = set()
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            text = token.string.strip("\"'").replace("_", "")
            if token.type in {tokenize.NUMBER, tokenize.STRING} and text.removesuffix(".0").isdigit():
                found.add(int(text.removesuffix(".0")))
    return found


def test_no_number_of_a_regulation_stands_in_python() -> None:
    typed = {
        (path.relative_to(HOUSE).as_posix(), number)
        for name, path in modules().items()
        if package(name) != "demo"
        for number in numbers(path) & (MARKS_AND_CREDITS | IN_HUNDREDTHS)
    }
    assert typed == set(EXCUSED)
