"""What the regulations of single programmes may change, and what they do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from boardkit.regulations.part import Cited, Fault, Part
from boardkit.regulations.values import Count, Flag, Once, Percent, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

OverlayKey = Literal["pass_mark", "component_floor", "attempts", "condonable"]
OVERLAY_KEYS: tuple[OverlayKey, ...] = ("pass_mark", "component_floor", "attempts", "condonable")


class OverlayScope(Cited):
    """What a programme's own regulations may change."""

    allowed: Annotated[list[OverlayKey], Once]


class Programme(Part):
    """What one programme's own regulations change, and the document that says so."""

    programme: Text
    reference: Text
    modules: Annotated[list[Text], Field(min_length=1), Once] = Field(default_factory=list)
    pass_mark: Percent | None = None
    component_floor: Percent | None = None
    attempts: Count | None = None
    condonable: Flag | None = None
    registration: Text | None = None

    @classmethod
    def faults(cls, values: dict[str, Any]) -> list[Fault]:
        """Find an entry that changes nothing."""
        if values.keys().isdisjoint({*OVERLAY_KEYS, "registration"}):
            return [
                Fault(
                    (), f"it changes nothing. Give {_either((*OVERLAY_KEYS, 'registration'))}, or take it out"
                )
            ]
        return []

    @property
    def changes(self) -> dict[str, Any]:
        """The values it sets, by key."""
        values = {key: getattr(self, key) for key in OVERLAY_KEYS}
        return {key: value for key, value in values.items() if value is not None}


def _either(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
