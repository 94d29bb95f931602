"""Regulations fitted to a board: a pack that states how to moderate, with what the board states where it asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boardkit.errors import CallError
from boardkit.regulations import Pack, load, with_parameters

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from boardkit.cohort import Cohort
    from boardkit.regulations.moderation import Moderation


def moderation_of(pack: Pack) -> Moderation:
    """Give a pack's rules of moderation.

    Raises:
        CallError: it states none.
    """
    if pack.rules.moderation is None:
        raise CallError(
            f"{pack.rules.pack.id} states no rule of moderation, and none is invented. Add [moderation] to the pack."
        )
    return pack.rules.moderation


def fitted(regulations: str | Path | Pack, cohort: Cohort, settings: Mapping[str, str] | None = None) -> Pack:
    """Load regulations that state how to moderate, with what the board states where they ask for it.

    Args:
        regulations: the id of a shipped pack, the path of one, or a loaded one.
        cohort: the board, whose table may state what they ask for.
        settings: what is stated besides, by name; it stands over the board table.

    Raises:
        CallError: they have no rule of moderation.
        PackError: they cannot be used, or ask for parameters that the board does not state.
    """
    pack = regulations if isinstance(regulations, Pack) else load(regulations)
    moderation_of(pack)
    return with_parameters(pack, cohort.facts.parameters, over=settings)


def grades_of(pack: Pack) -> list[str]:
    """Name the grades of both studies, each once, the highest first."""
    held = [study.grades.bands for _, study in pack.rules.studies.each() if study.grades is not None]
    return list(dict.fromkeys(grade for bands in held for grade, _ in bands))
