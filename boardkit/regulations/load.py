"""Load a pack: exact decimals, every fault named by file, key, what was found and what is allowed."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from boardkit.errors import PackError
from boardkit.regulations.across import readings_cited
from boardkit.regulations.faults import path, sentences, shown, toml_sentence
from boardkit.regulations.model import Regulations, TariffRules
from boardkit.regulations.parameters import fill, unmet
from boardkit.regulations.stated import refused_without

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

    from boardkit.regulations.misconduct import Misconduct
    from boardkit.regulations.model import Named

SUFFIX = ".toml"


_DEEP = "{}: a number is too long, or lists or tables stand too deep in one another."
_DEPTH = 32
"""How deep tables and lists may stand in one another; rules stand in some six."""

ALONE = ("pack", "readings", "misconduct")
"""The sections of a pack that states a tariff and no assessment rules."""


@dataclass(frozen=True)
class Pack:
    """A pack as it was loaded: its rules, the file it came from and that file's digest.

    Args:
        rules: every rule; where the board states a value, with the value's example until it is given.
        file: the name of the file.
        digest: its SHA-256.
        values: what the file says, as it is written.
        parameters: what the board stated, by name; None while nothing was put in its place.
    """

    rules: Regulations
    file: str
    digest: str
    values: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    parameters: Mapping[str, str] | None = None


@dataclass(frozen=True)
class TariffPack:
    """A pack that states a tariff alone, as it was loaded."""

    rules: TariffRules
    file: str
    digest: str


@dataclass(frozen=True)
class Tariff:
    """What a pack says of misconduct, whatever else it holds.

    Args:
        named: which university's pack it is.
        rules: its section of misconduct.
        readings: how open points are read.
        file: the file that it came from.
        digest: that file's digest.
    """

    named: Named
    rules: Misconduct
    readings: dict[str, str]
    file: str
    digest: str


def shipped() -> tuple[str, ...]:
    """Name the packs that come with boardkit, those that state a tariff alone included.

    Examples:
        >>> "qmu-2022" in shipped()
        True
    """
    folder = resources.files("boardkit.regulations") / "packs"
    return tuple(
        sorted(item.name.removesuffix(SUFFIX) for item in folder.iterdir() if item.name.endswith(SUFFIX))
    )


@cache
def assessing() -> tuple[str, ...]:
    """Name the shipped packs that hold assessment rules.

    Examples:
        >>> "qmu-2022" in assessing(), len(assessing()) < len(shipped())
        (True, True)
    """
    return tuple(name for name in shipped() if isinstance(_shipped(name), Pack))


def load(pack: str | Path) -> Pack:
    """Load a shipped pack by its id, or a pack or overlay file by its path.

    An overlay file names the pack it stands on with ``base = "ID"`` and holds ``[[programmes]]`` alone.

    Args:
        pack: an id such as ``qmu-2022``, or a path that ends in ``.toml``.

    Returns:
        The checked pack.

    Raises:
        PackError: there is no such pack, it is faulty, or it states a tariff alone; the message names every fault.
    """
    loaded = load_any(pack)
    if isinstance(loaded, TariffPack):
        raise PackError(
            f"{loaded.rules.pack.id} states a tariff for misconduct and no assessment rules, so no board can be assessed "
            f"under it. Use it with boardkit tariff, or assess under one of these: {', '.join(assessing())}."
        )
    return loaded


def load_tariff(pack: str | Path) -> Tariff:
    """Load what a pack says of misconduct.

    Args:
        pack: an id, or a path that ends in ``.toml``.

    Returns:
        The checked section, with the pack it belongs to.

    Raises:
        PackError: there is no such pack, it is faulty, or it says nothing of misconduct.
    """
    loaded = load_any(pack)
    rules = loaded.rules
    if rules.misconduct is None:
        raise PackError(
            f"{rules.pack.id} says nothing of misconduct: it has no section [misconduct]. Choose another pack, or add one."
        )
    return Tariff(rules.pack, rules.misconduct, rules.readings, loaded.file, loaded.digest)


def load_any(pack: str | Path) -> Pack | TariffPack:
    """Load a pack, whether it holds assessment rules or a tariff alone; ``load`` tells of the rest."""
    if str(pack) in shipped():
        return _shipped(str(pack))
    file = Path(pack)
    if file.suffix != SUFFIX and not file.is_file():
        beside = file.with_name(f"{file.name}{SUFFIX}") if file.name else file
        near = f" Did you mean the file {beside.name}?" if beside.is_file() else ""
        raise PackError(
            f'no regulations are called "{pack}".{near} Shipped: {", ".join(shipped())}; or give the path of a pack file.'
        )
    if file.exists() and not (file.is_file() or file.is_dir()):  # it may never end
        raise PackError(f"cannot read {file.name}: it is a device or a pipe. Give the path of a pack file.")
    try:
        content = file.read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "that is no path"
        raise PackError(f"cannot read {file.name}: {why}. Check the path.") from error
    return _parse(file.name, content)


@cache
def _shipped(name: str) -> Pack | TariffPack:
    file = _file(name)
    return _parse(file.name, file.read_bytes())


def _file(name: str) -> Traversable:
    return resources.files("boardkit.regulations") / "packs" / f"{name}{SUFFIX}"


def parse(name: str, text: str) -> Regulations:
    """Check the text of a pack with assessment rules; ``name`` stands for its file in messages.

    Raises:
        PackError: the text is not TOML, or not such a pack.
    """
    parsed = _parse(name, text.encode())
    if isinstance(parsed, TariffPack):
        raise PackError(f"{name}: it states a tariff and no assessment rules.")
    return parsed.rules


def _parse(name: str, content: bytes) -> Pack | TariffPack:
    values = _toml(name, content)
    digest = hashlib.sha256(content).hexdigest()
    if "base" in values or values.keys() == {"programmes"}:
        values, digest = _overlay(name, values, digest)
    if _too_deep(values):
        raise PackError(_DEEP.format(name))
    values, digest, faults = taken(name, values, digest)
    alone = "misconduct" in values and values.keys() <= set(ALONE)
    model: type[Regulations | TariffRules] = TariffRules if alone else Regulations
    unplaced = unmet(values)
    faults += [f"{name}, {path(where)}: {sentence}." for where, sentence in unplaced]
    try:
        rules = model.model_validate(fill(values, None).values)
    except ValidationError as error:
        faults += sentences(name, error, model, apart=[where for where, _ in unplaced])
    if faults:
        raise PackError("\n".join(faults))
    if isinstance(rules, TariffRules):
        return TariffPack(rules, name, digest)
    if told := refused_without(name, values, rules.parameters):
        raise PackError("\n".join(told))
    return Pack(rules, name, digest, values)


def _too_deep(values: Any) -> bool:
    """Tell whether tables and lists stand deeper in one another than any rule does."""
    level = [values]
    for _ in range(_DEPTH):
        level = [
            part
            for value in level
            for part in (
                value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
            )
        ]
    return bool(level)


def _toml(name: str, content: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise PackError(f"{name}: not UTF-8 text, at byte {error.start + 1}. Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise PackError(toml_sentence(name, error)) from error
    except (ValueError, RecursionError) as error:
        raise PackError(_DEEP.format(name)) from error


def _overlay(name: str, values: dict[str, Any], digest: str) -> tuple[dict[str, Any], str]:
    """Put the programmes of an overlay on the pack that it stands on."""
    faults = [
        f"{name}, {key}: an overlay may not give it. Allowed: base and [[programmes]]."
        for key in values
        if key not in {"base", "programmes"}
    ]
    base, programmes = values.get("base"), values.get("programmes", [])
    if not isinstance(base, str) or base not in assessing():
        found = "it is missing" if base is None else f"found {shown(base)}"
        faults.append(f"{name}, base: {found}. Allowed, in quotes: {', '.join(assessing())}.")
    if not isinstance(programmes, list):
        faults.append(
            f"{name}, programmes: found {shown(programmes)}. Allowed: a list, written [[programmes]]."
        )
    elif not programmes:
        faults.append(f"{name}: there are no [[programmes]], and nothing is changed. Give one.")
    if faults:
        raise PackError("\n".join(faults))
    file = _file(str(base))
    content = file.read_bytes()
    return {**_toml(file.name, content), "programmes": programmes}, _both(content, digest)


def _both(content: bytes, digest: str) -> str:
    """Give the digest of a file together with one that it stands under."""
    return hashlib.sha256(hashlib.sha256(content).hexdigest().encode() + digest.encode()).hexdigest()


def taken(name: str, values: dict[str, Any], digest: str) -> tuple[dict[str, Any], str, list[str]]:
    """Put in place of ``misconduct = { from = "ID" }`` the section of that shipped pack, with the readings it cites.

    Args:
        name: the file that says so.
        values: what it holds.
        digest: its digest.

    Returns:
        The values with the section, the digest of both files, and what is wrong with the reference.
    """
    section = values.get("misconduct")
    if not isinstance(section, dict) or "from" not in section:
        return values, digest, []
    others = [key for key in section if key != "from"]
    source = section["from"]
    others_own = (one for one in shipped() if one != name.removesuffix(SUFFIX))
    there = [one for one in others_own if "from" not in _written(one).get("misconduct", {"from": None})]
    rest = {key: value for key, value in values.items() if key != "misconduct"}
    faults = [
        f'{name}, misconduct.{key}: the section is taken from another pack whole. Take it out, or take "from" out.'
        for key in others
    ]
    if not isinstance(source, str) or source not in there:
        faults.append(
            f"{name}, misconduct.from: found {shown(source)}. Allowed, in quotes: {', '.join(there) or 'none'}."
        )
        return rest, digest, faults
    theirs = _written(source)
    cited = readings_cited(theirs["misconduct"])
    brought = {key: text for key, text in theirs.get("readings", {}).items() if key in cited}
    own = values.get("readings", {})
    if isinstance(own, dict):
        faults += [
            f"{name}, readings.{key}: it comes with the section taken from {source}, which words it otherwise. Take it out, "
            "or give it another name."
            for key, text in own.items()
            if key in brought and text != brought[key]
        ]
        rest["readings"] = {**own, **brought}
    return {**rest, "misconduct": theirs["misconduct"]}, _both(_file(source).read_bytes(), digest), faults


@cache
def _written(name: str) -> dict[str, Any]:
    """Give a shipped pack as it is written."""
    file = _file(name)
    return _toml(file.name, file.read_bytes())
