"""The values of the shipped pack, one by one, and every lawful way to change each."""

from __future__ import annotations

import json
import tomllib
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from importlib import resources
from typing import TYPE_CHECKING, Any

from boardkit.tables import AWARDS, MODES, PROGRESSION

if TYPE_CHECKING:
    from collections.abc import Iterator

Leaf = tuple[str | int, ...]
"""The keys and places that lead to a value."""
Change = dict[Leaf, Any]


def text_of(pack: str) -> str:
    """Give the text of a shipped pack."""
    return (resources.files("boardkit.regulations") / "packs" / f"{pack}.toml").read_text("utf-8")


TEXT = text_of("qmu-2022")
PACK = tomllib.loads(TEXT, parse_float=Decimal)
GONE = object()
"""In place of a new value: it is left out."""

DESCRIPTIVE = {
    "clause": "says where a value stands in the regulations; printed beside it",
    "local": "says who decides where no regulation does; printed beside it",
    "reading": "names how the clause is read; printed beside it",
    "readings": "write those readings out; printed",
    "id": "names the pack; the ids of penalties are outcomes, and are changed",
    "institution": "names the university",
    "title": "names the regulations",
    "source": "names the document",
}
"""Keys whose texts describe and decide nothing, and why."""

STEPS = {
    ("component_floor", "value"): "0.01",
    ("pass_mark", "value"): "0.1",
    ("mark", "value"): "0.1",
    ("free_until", "value"): "0.01",
    ("share",): "0.01",
    ("own_share", "value"): "0.01",
    ("over",): "0.1",
    ("at",): "0.1",
    ("within",): "0.1",
    ("nearest",): "0.1",
    ("farthest",): "0.1",
}
"""How far a number is moved, where not by 1: as little as what it is compared with can move."""

WORDS = {
    "working_days": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    "when": ("core-lost", "first-sit-deferred", "reassessment-deferred", "nothing-open", "failed"),
    "decision": PROGRESSION,
    "blocks": PROGRESSION,
    "instead_of": PROGRESSION,
    "diet": ("main", "resit"),
    "lower": AWARDS[:-1],
    "award": AWARDS[:-1],
    "mode": ("half-up", "half-even", "down"),
    "attempts": ("first-sit", "reassessment"),
    "study": ("undergraduate", "postgraduate"),
    "whole": ("core", "option"),
    "kinds": ("taught", "project", "dissertation", "placement"),
    "states": ("absent", "not-submitted", "deferred"),
    "reassessment_cap": ("pass-mark", "none"),
    "otherwise": ("pass", "fail"),
    "name": ("first", "upper-second", "lower-second", "third", "distinction", "merit"),
}
"""The words allowed, by the key or the rule whose value it is."""

HIGHEST = {"places": 2, "levels": 12, "entry_stage": 5, "stage": 5}
"""The most that the loader lets some numbers be."""

FROM_ONE = ("parts", "of", "attempt", "modules_a_level", "stage", "planned_years")
"""Numbers that the loader lets be 1 or more."""


@dataclass(frozen=True)
class Way:
    """One way to change a leaf; ``besides`` has to go with it, and stands on both sides of the comparison."""

    change: Change
    besides: Change = field(default_factory=dict)

    def __str__(self) -> str:
        return ", ".join(
            f"{name(at)} left out" if new is GONE else f"{name(at)} = {new}"
            for at, new in self.change.items()
        )


def leaves(part: Any = PACK, at: Leaf = ()) -> Iterator[Leaf]:
    """Walk every value of the pack but the descriptive ones."""
    if isinstance(part, dict):
        for key, value in part.items():
            if not describes(at, key):
                yield from leaves(value, (*at, key))
    elif isinstance(part, list):
        for place, value in enumerate(part):
            yield from leaves(value, (*at, place))
    else:
        yield at


def describes(at: Leaf, key: str) -> bool:
    """Whether a key holds text that decides nothing."""
    return key in DESCRIPTIVE and (key != "id" or at == ("pack",))


def name(at: Leaf) -> str:
    """Name a leaf as the loader's messages do."""
    return "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in at).removeprefix(".")


def value_at(at: Leaf) -> Any:
    """Give the value, or the part, at a place of the pack."""
    part: Any = PACK
    for step in at:
        part = part[step]
    return part


def is_last_band(at: Leaf) -> bool:
    """Whether a leaf is where the lowest grade begins: 0, and nothing else is lawful."""
    return "bands" in at and at[-1] == 1 and at[-2] == len(value_at(at[:-2])) - 1


def ways(at: Leaf) -> list[Way]:
    """Find every lawful way to change a leaf, with what has to go with it."""
    value = value_at(at)
    if isinstance(at[-1], int) and "bands" not in at and len(value_at(at[:-1])) > 1:
        return [Way({at: GONE})]
    if at[-2:] == ("size", "of"):
        return [Way({at: GONE, (*at[:-1], "share"): Decimal("0.1")})]
    if isinstance(value, date):
        return [Way({at: value + timedelta(days=days)}) for days in (1, -1)]
    if isinstance(value, bool):
        return [Way({at: not value})]
    others = _words(at, value) if isinstance(value, str) else _numbers(at, value)
    found = [Way({at: new}, _besides(at, new)) for new in others]
    if at[-2] in {"states", "marks", "also"}:
        found.append(Way(_renamed(at)))
    if at[-1] == "weight":
        other = (*at[:-2], 1 - at[-2], "weight")  # type: ignore[operator]
        found = [Way({**way.change, other: 100 - way.change[at]}) for way in found]
    return found


def _words(at: Leaf, value: str) -> list[str]:
    """The other words that are allowed; a new one where any is."""
    if at[-2] == "also":
        return [next(grade for grade in value_at((*at[:-2], "marks")) if grade != value)]
    allowed = next((WORDS[step] for step in reversed(at) if step in WORDS), (f"{value}-x",))  # type: ignore[index]
    if value in MODES:
        allowed = MODES
    used = [rule["name"] for rule in value_at(at[:-2])] if at[-1] == "name" else [value]
    return [word for word in allowed if word not in used]


def _numbers(at: Leaf, value: Decimal) -> list[Decimal | int]:
    """A step up and a step down, as far as each is a number that may stand there."""
    fine = "0.1" if "bands" in at else "1"
    step = Decimal(next((size for end, size in STEPS.items() if at[-len(end) :] == end), fine))
    most = next((HIGHEST[step] for step in reversed(at) if step in HIGHEST), 1000)  # type: ignore[index]
    taken: set[int] = set()
    if at[:2] == ("studies", "postgraduate") and at[2] == "levels":
        other = PACK["studies"].get("undergraduate", {"levels": {"value": []}})
        taken = set(other["levels"]["value"])
    if "buckets" in at and at[-2] == "levels":
        taken = {level for bucket in value_at(at[:-3]) for level in bucket["levels"]}
    if at[-1] == "parts":
        most = value_at((*at[:-1], "of"))
    least = 1 if any(part in FROM_ONE for part in at[-2:]) else 0
    least = value_at((*at[:-1], "parts")) if at[-1] == "of" else least
    moved = [new for new in (value + step, value - step) if least <= new <= most and new not in taken]
    return [int(new) if new == int(new) else new for new in moved]


def _besides(at: Leaf, new: Any) -> Change:
    """What the loader asks to be changed with a leaf."""
    up = at[:-2]
    along: Change = {}
    if at[-2:] == ("uplift", "within") and new >= value_at((*up, "zone", "nearest")):
        along = {(*up, "zone", "nearest"): new + Decimal("0.1")}
    elif at[-1] == "nearest" and new <= value_at((*up, "uplift", "within")):
        along = {(*up, "uplift", "within"): new - Decimal("0.1")}
    elif at[-1] == "total":
        for place, minimum in enumerate(value_at(at[:-1]).get("minima", [])):
            if minimum["credits"] > new:
                along[*at[:-1], "minima", place, "credits"] = new
    elif "minima" in at and at[-1] == "credits" and new > value_at((*at[:-3], "total")):
        along = {(*at[:-3], "total"): new}
    elif at == ("penalties", "late", 1, "attempts"):
        along = {("penalties", "late", 2): GONE, ("readings", "P3"): GONE}
    elif at == ("penalties", "late", 2, "attempts"):
        along = {("penalties", "late", 1): GONE}
    return along


def _renamed(at: Leaf) -> Change:
    """A grade or a typed code under another name; other spellings of the grade follow it."""
    new = f"{at[-1]}X"
    change: Change = {at: GONE, (*at[:-1], new): value_at(at)}
    if at[-2] == "marks":
        also = value_at(at[:-2]).get("also", {})
        change |= {(*at[:-2], "also", other): new for other, grade in also.items() if grade == at[-1]}
    return change


def changed(*changes: Change) -> dict[str, Any]:
    """Give the pack with values changed: first the new ones, then what is left out, from the end."""
    values = deepcopy(PACK)
    every = {at: new for change in changes for at, new in change.items()}
    gone = sorted((at for at, new in every.items() if new is GONE), key=str, reverse=True)
    for at in [*(at for at in every if at not in gone), *gone]:
        part: Any = values
        for step in at[:-1]:
            part = part[step]
        if every[at] is GONE:
            del part[at[-1]]
        else:
            part[at[-1]] = every[at]
    return values


def as_toml(values: dict[str, Any]) -> str:
    """Write a pack as TOML, a line for each of its parts."""
    return "".join(f"{key} = {_inline(value)}\n" for key, value in values.items())


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_inline(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_inline(item) for item in value) + "]"
    return json.dumps(value) if isinstance(value, str | bool) else str(value)
