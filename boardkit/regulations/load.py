"""Load a pack: exact decimals, every fault named by file, key, what was found and what is allowed."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from boardkit.errors import PackError
from boardkit.regulations.faults import path, sentences, shown, toml_sentence
from boardkit.regulations.model import Regulations
from boardkit.regulations.parameters import fill, unmet, written
from boardkit.tables import match

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boardkit.regulations.parameters import Parameter

SUFFIX = ".toml"


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


def shipped() -> tuple[str, ...]:
    """Name the packs that come with boardkit.

    Examples:
        >>> "qmu-2022" in shipped()
        True
    """
    folder = resources.files("boardkit.regulations") / "packs"
    return tuple(
        sorted(item.name.removesuffix(SUFFIX) for item in folder.iterdir() if item.name.endswith(SUFFIX))
    )


def load(pack: str | Path) -> Pack:
    """Load a shipped pack by its id, or a pack or overlay file by its path.

    An overlay file names the pack it stands on with ``base = "ID"`` and holds ``[[programmes]]`` alone.

    Args:
        pack: an id such as ``qmu-2022``, or a path that ends in ``.toml``.

    Returns:
        The checked pack.

    Raises:
        PackError: there is no such pack, or it is faulty; the message names every fault.
    """
    if str(pack) in shipped():
        return _shipped(str(pack))
    file = Path(pack)
    if file.suffix != SUFFIX and not file.is_file():
        raise PackError(
            f'no regulations are called "{pack}". Shipped: {", ".join(shipped())}; or give the path of a pack file.'
        )
    try:
        content = file.read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "that is no path"
        raise PackError(f"cannot read {file.name}: {why}. Check the path.") from error
    return _parse(file.name, content)


@cache
def _shipped(name: str) -> Pack:
    file = resources.files("boardkit.regulations") / "packs" / f"{name}{SUFFIX}"
    return _parse(file.name, file.read_bytes())


def parse(name: str, text: str) -> Regulations:
    """Check the text of a pack; ``name`` stands for its file in messages.

    Raises:
        PackError: the text is not TOML, or not a pack.
    """
    return _parse(name, text.encode()).rules


def _parse(name: str, content: bytes) -> Pack:
    values = _toml(name, content)
    digest = hashlib.sha256(content).hexdigest()
    if "base" in values or values.keys() == {"programmes"}:
        values, digest = _overlay(name, values, digest)
    return _checked(name, values, digest)


def _checked(name: str, values: dict[str, Any], digest: str) -> Pack:
    """Check a pack with the examples of what it asks the board for."""
    faults = unmet(values)
    told = [f"{name}, {path(where)}: {sentence}." for where, sentence in faults]
    try:
        rules = Regulations.model_validate(fill(values, None).values)
    except ValidationError as error:
        told += sentences(name, error, Regulations, apart=[where for where, _ in faults])
    if told:
        raise PackError("\n".join(told))
    return Pack(rules, name, digest, values)


def with_parameters(pack: Pack, stated: Mapping[str, str]) -> Pack:
    """Put what a board states in the places where its regulations ask for it.

    Args:
        pack: a loaded pack.
        stated: the parameters by name, as text; those that the pack does not ask for are left aside.

    Returns:
        The pack with the board's values; itself where it asks for nothing.

    Raises:
        PackError: parameters are missing, or cannot be used; all of them are named.

    Examples:
        >>> pack = load("qmu-2022")
        >>> with_parameters(pack, {"pass_mark": "40"}) is pack
        True
    """
    asked = pack.rules.parameters
    if not asked:
        return pack
    filled = fill(dict(pack.values), stated)
    told = [f"{_of(name)}: {_form(asked[name])}" for name in filled.unread]
    if filled.missing:
        wanted = "; ".join(f"{name} ({asked[name].asks})" for name in filled.missing)
        told.insert(
            0,
            f"{pack.rules.pack.id} leaves to the board: {wanted}. State each in the board table as "
            "parameter.NAME, or with --set NAME=VALUE.",
        )
    try:
        rules = Regulations.model_validate(filled.values)
    except ValidationError as error:
        told += sentences(pack.file, error, Regulations, places=filled.places)
    if told:
        raise PackError("\n".join(told))
    by_name = {match(name): text for name, text in stated.items()}
    given = {name: by_name[match(name)] for name in asked if match(name) in by_name}
    return replace(pack, rules=rules, parameters=given)


def _of(name: str) -> str:
    return f"parameter.{name}"


def _form(rule: Parameter) -> str:
    kind = "grades, each with its lowest mark," if isinstance(rule.example, list) else "a number"
    return f"it cannot be read. Allowed: {kind} such as {written(rule.example)}."


def _toml(name: str, content: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise PackError(f"{name}: not UTF-8 text, at byte {error.start + 1}. Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise PackError(toml_sentence(name, error)) from error
    except (ValueError, RecursionError) as error:
        raise PackError(
            f"{name}: a number is too long, or lists or tables stand too deep in one another."
        ) from error


def _overlay(name: str, values: dict[str, Any], digest: str) -> tuple[dict[str, Any], str]:
    """Put the programmes of an overlay on the pack that it stands on."""
    faults = [
        f"{name}, {key}: an overlay may not give it. Allowed: base and [[programmes]]."
        for key in values
        if key not in {"base", "programmes"}
    ]
    base, programmes = values.get("base"), values.get("programmes", [])
    if base not in shipped():
        found = "it is missing" if base is None else f"found {shown(base)}"
        faults.append(f"{name}, base: {found}. Allowed, in quotes: {', '.join(shipped())}.")
    if not isinstance(programmes, list):
        faults.append(
            f"{name}, programmes: found {shown(programmes)}. Allowed: a list, written [[programmes]]."
        )
    elif not programmes:
        faults.append(f"{name}: there are no [[programmes]], and nothing is changed. Give one.")
    if faults:
        raise PackError("\n".join(faults))
    file = resources.files("boardkit.regulations") / "packs" / f"{base}{SUFFIX}"
    content = file.read_bytes()
    under = _toml(file.name, content)
    both = hashlib.sha256(hashlib.sha256(content).hexdigest().encode() + digest.encode()).hexdigest()
    return {**under, "programmes": programmes}, both
