"""Stated: a pack with what a board states in the places where its regulations ask for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from boardkit.errors import CallError, PackError
from boardkit.regulations.faults import sentences
from boardkit.regulations.model import Regulations
from boardkit.regulations.parameters import SECTION, fill, written
from boardkit.tables import match

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from boardkit.regulations.load import Pack
    from boardkit.regulations.parameters import Parameter


def refuse_unasked(pack: Pack, names: Iterable[str], *, otherwise: str = "Leave it out.") -> None:
    """Refuse parameters that a pack does not ask for: one that is misspelt would be left out in silence.

    Args:
        pack: a loaded pack.
        names: what is stated.
        otherwise: what to do where the pack asks for nothing.

    Raises:
        CallError: it does not ask for one of them.
    """
    asked = pack.rules.parameters
    known = {match(one) for one in asked}
    for name in names:
        if match(name) not in known:
            there = f"Those it asks for: {', '.join(asked)}." if asked else otherwise
            raise CallError(f'{pack.rules.pack.id} asks for no parameter "{name}". {there}')


def with_parameters(
    pack: Pack, table: Mapping[str, object], *, over: Mapping[str, object] | None = None
) -> Pack:
    """Put what a board states in the places where its regulations ask for it.

    Args:
        pack: a loaded pack; what was put in its places already stands over the table.
        table: the board table's parameters by name, as text or numbers; those that are not asked for are left aside.
        over: what stands over both.

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
    stated = {**table, **(pack.parameters or {}), **(over or {})}
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


def refused_without(file: str, values: Mapping[str, Any], asked: Mapping[str, Parameter]) -> list[str]:
    """Find what stops a board that does not state a parameter which it need not state.

    Args:
        file: the name of the pack's file.
        values: the pack's values, as they are written.
        asked: its parameters.

    Returns:
        A sentence for each fault that the pack has without one of the optional parameters, or without all of them.
    """
    optional = {name: written(rule.example) for name, rule in asked.items() if rule.optional}

    def without(gone: Iterable[str], named: str) -> list[str]:
        stated = {name: text for name, text in optional.items() if name not in gone}
        try:
            Regulations.model_validate(fill(dict(values), stated).values)
        except ValidationError as error:
            return sentences(f"{file}, without {named}", error, Regulations)
        return []

    told = [line for name in optional for line in without([name], f"{SECTION}.{name}, which is optional")]
    return told or (without(optional, "all optional parameters") if optional else [])


def _form(rule: Parameter) -> str:
    kind = "grades, each with its lowest mark," if isinstance(rule.example, list) else "a number"
    return f"Allowed: {kind} such as {written(rule.example)}."
