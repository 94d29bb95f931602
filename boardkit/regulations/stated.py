"""Stated: a pack with what a board states in the places where its regulations ask for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pydantic import ValidationError

from boardkit.errors import PackError
from boardkit.regulations.faults import sentences
from boardkit.regulations.model import Regulations
from boardkit.regulations.parameters import fill, written
from boardkit.tables import match

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boardkit.regulations.load import Pack
    from boardkit.regulations.parameters import Parameter


def with_parameters(pack: Pack, stated: Mapping[str, object]) -> Pack:
    """Put what a board states in the places where its regulations ask for it.

    Args:
        pack: a loaded pack.
        stated: the parameters by name, as text or numbers; those that the pack does not ask for are left aside.

    Returns:
        The pack with the board's values; itself where it asks for nothing.

    Raises:
        PackError: parameters are missing, or cannot be used; all of them are named.

    Examples:
        >>> from boardkit.regulations import load
        >>> pack = load("qmu-2022")
        >>> with_parameters(pack, {"pass_mark": "40"}) is pack
        True
    """
    asked = pack.rules.parameters
    if not asked:
        return pack
    written_out = {name: str(value) for name, value in stated.items()}
    filled = fill(dict(pack.values), written_out)
    texts = {match(name): text for name, text in written_out.items()}
    told = [f'parameter.{name}: found "{texts[match(name)]}". {_form(asked[name])}' for name in filled.unread]
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
    given = {name: texts[match(name)] for name in asked if match(name) in texts}
    return replace(pack, rules=rules, parameters=given)


def _form(rule: Parameter) -> str:
    kind = "grades, each with its lowest mark," if isinstance(rule.example, list) else "a number"
    return f"Allowed: {kind} such as {written(rule.example)}."
