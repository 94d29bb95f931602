"""Regulations as data: packs, the model that checks them, and how they are loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boardkit.regulations.load import (
    Pack,
    Tariff,
    TariffPack,
    assessing,
    load,
    load_any,
    load_tariff,
    parse,
    shipped,
)
from boardkit.regulations.model import Regulations
from boardkit.regulations.stated import refuse_unasked, with_parameters

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "Pack",
    "Regulations",
    "Tariff",
    "TariffPack",
    "assessing",
    "load",
    "load_any",
    "load_tariff",
    "pack",
    "parse",
    "refuse_unasked",
    "shipped",
    "with_parameters",
]


def pack(name: str | Path) -> Regulations:
    """Give the rules of a pack, to look at.

    Args:
        name: the id of a shipped pack, or the path of a pack file.

    Returns:
        Every rule with its clause.

    Raises:
        PackError: there is no such pack, or it is faulty.

    Examples:
        >>> pack("qmu-2022").penalties.word_limit.clause
        '20.2'
    """
    return load(name).rules
