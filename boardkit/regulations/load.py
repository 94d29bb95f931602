"""Load a pack: exact decimals, every fault named by file, key, what was found and what is allowed."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from boardkit.errors import PackError
from boardkit.regulations.faults import sentences, shown, toml_sentence
from boardkit.regulations.model import Regulations

SUFFIX = ".toml"


@dataclass(frozen=True)
class Pack:
    """A pack as it was loaded: its rules, the file it came from and that file's digest."""

    rules: Regulations
    file: str
    digest: str


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
    path = Path(pack)
    if path.suffix != SUFFIX and not path.is_file():
        raise PackError(
            f'no regulations are called "{pack}". Shipped: {", ".join(shipped())}; or give the path of a pack file.'
        )
    try:
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "that is no path"
        raise PackError(f"cannot read {path.name}: {why}. Check the path.") from error
    return _parse(path.name, content)


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
    try:
        return Pack(Regulations.model_validate(values), name, digest)
    except ValidationError as error:
        raise PackError("\n".join(sentences(name, error, Regulations))) from error


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
