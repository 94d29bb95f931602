"""What a module asks for: its study, pass mark, limit of attempts, and its components' weights and floors."""

from dataclasses import dataclass, field
from fractions import Fraction

from .arithmetic import number
from .grades import COMPONENT_FLOOR, PASS_MARK, study_by_level
from .rows import Row, Tables, attempt_of, cell, yes


@dataclass
class Component:
    name: str
    weight: Fraction
    floor: Fraction | None
    due: dict[int, str] = field(default_factory=dict)
    word_limit: str = ""
    scaling: Row | None = None


@dataclass
class Module:
    name: str
    level: str
    credits: str
    study: str
    pass_mark: Fraction | None
    attempts: int
    grade_only: bool
    components: dict[str, Component]
    kind: str = "taught"
    condonable: bool = True


def modules_of(tables: Tables) -> dict[str, Module]:
    stated = {cell(row, "module"): row for row in tables.get("modules", [])}
    names = set(stated)
    for table in ("enrolments", "marks"):
        names |= {cell(row, "module") for row in tables.get(table, [])}
    parts = _components(tables)
    return {name: _module(name, stated.get(name, {}), parts.get(name, [])) for name in sorted(names)}


def _module(name: str, row: Row, parts: list[Component]) -> Module:
    level = cell(row, "scqf_level")
    study = cell(row, "study") or study_by_level(level)
    own = cell(row, "pass_mark")
    for part in parts:
        if part.floor is None:
            part.floor = COMPONENT_FLOOR.get(study)
    # 14.2, 18.4: three attempts; 17.12: two at a Masters project or dissertation
    final = cell(row, "kind") in {"project", "dissertation"} and level == "11"
    return Module(
        name=name,
        level=level,
        credits=cell(row, "credits"),
        study=study,
        pass_mark=number(own) if own else PASS_MARK.get(study),
        attempts=2 if final else 3,
        grade_only=yes(row, "grade_only"),
        components={part.name: part for part in parts},
        kind=cell(row, "kind", "taught"),
        condonable=yes(row, "condonable") or not cell(row, "condonable"),
    )


def _components(tables: Tables) -> dict[str, list[Component]]:
    parts: dict[str, dict[str, Component]] = {}
    for row in tables.get("components") or _from_marks(tables):
        floor = cell(row, "floor")
        parts.setdefault(cell(row, "module"), {})[cell(row, "component")] = Component(
            name=cell(row, "component"),
            weight=number(cell(row, "weight", "0")),
            floor=number(floor) if floor else None,
            due={1: cell(row, "due_at")} if cell(row, "due_at") else {},
            word_limit=cell(row, "word_limit"),
        )
    for row in tables.get("deadlines", []):
        # P3: the components table dates attempt 1 alone; a row here may replace that too
        part = parts.get(cell(row, "module"), {}).get(cell(row, "component"))
        if part and cell(row, "due_at"):
            part.due[attempt_of(row)] = cell(row, "due_at")
    for row in tables.get("scaling", []):
        part = parts.get(cell(row, "module"), {}).get(cell(row, "component"))
        if part:
            part.scaling = row
    return {module: [own[name] for name in sorted(own)] for module, own in parts.items()}


def _from_marks(tables: Tables) -> list[Row]:
    """No components table: a lone component has the whole weight, several have none (weights are never guessed)."""
    found: dict[str, set[str]] = {}
    for row in tables.get("marks", []):
        found.setdefault(cell(row, "module"), set()).add(cell(row, "component"))
    return [
        {"module": module, "component": name, "weight": "1" if len(names) == 1 else "0"}
        for module, names in found.items()
        for name in names
    ]
