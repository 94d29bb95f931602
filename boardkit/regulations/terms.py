"""The words that every part of a pack uses alike: studies, modes, diets, kinds of module, attempts, levels."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from boardkit.regulations.values import Level, Once

Study = Literal["undergraduate", "postgraduate"]
Mode = Literal["full-time", "part-time"]
Diet = Literal["main", "resit"]
Kind = Literal["taught", "project", "dissertation", "placement"]
AttemptKind = Literal["first-sit", "reassessment"]

Levels = Annotated[list[Level], Field(min_length=1), Once]
Kinds = Annotated[list[Kind], Field(min_length=1), Once]
