"""The board's own decisions in a pack: which clauses give them, and what may not be their reason."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from boardkit.regulations.part import Cited, Part
from boardkit.regulations.values import Once, Text, refuse


class ReasonRule(Cited):
    """Words that name what may not be the reason of a decision.

    ``unless`` lists how a reason says that there was none, ``*`` for one of the words; a stop, a comma or the end
    of the reason has to follow.
    """

    words: Annotated[list[Text], Field(min_length=1), Once]
    unless: Annotated[list[Text], Once] = Field(default_factory=list)

    @field_validator("unless")
    @classmethod
    def _with_a_word(cls, unless: list[str]) -> list[str]:
        refuse(
            *(
                f'"{phrase}" has {phrase.count("*") or "no"} * where a word of the list stands. '
                'Write it with one, such as "no * was held"'
                for phrase in unless
                if phrase.count("*") != 1
            )
        )
        return unless


class Decisions(Part):
    """Where it is written that a board's decision stands over what was worked out.

    ``no_average`` is for a class that is decided where there is no average, ``module_mark`` for the programme
    board's word over a module board's. By ``no_viva`` an examination by word of mouth decides no borderline
    case; by ``no_amendment`` a mark is not changed for mitigating circumstances.
    """

    classification: Cited
    no_average: Cited
    module_mark: Cited
    no_viva: ReasonRule | None = None
    no_amendment: ReasonRule | None = None
