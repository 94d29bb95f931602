"""The board table: facts about the meeting, each once, but closure days as many as there are."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from boardkit.check.moments import moments
from boardkit.cohort import Facts
from boardkit.problems import found
from boardkit.tables import BOARD_FACTS, STATES, match

if TYPE_CHECKING:
    from collections.abc import Iterator

PARAMETER = "parameter."
CODE = "code."

_NAMES = {match(name): name for name in BOARD_FACTS}


def read_facts(board: pl.DataFrame) -> tuple[Facts, dict[str, str], list[pl.DataFrame]]:
    """Read the board table.

    Args:
        board: ``key`` and ``value``, as text, with where each row came from.

    Returns:
        The facts, the codes for mark cells that the board lists, and the problems.
    """
    values: dict[str, str] = {}
    closure: list[date] = []
    parameters: dict[str, str] = {}
    codes: dict[str, str] = {}
    problems: list[pl.DataFrame] = []

    def tell(code: str, row: pl.DataFrame, sentence: str) -> None:
        problems.append(found(code, row, column="value", value=pl.col("value"), message=sentence))

    for key, value, row in _rows(board):
        name = _NAMES.get(match(key))
        if key.casefold().startswith(PARAMETER):
            parameters[key[len(PARAMETER) :]] = value
        elif key.casefold().startswith(CODE):
            state = value.casefold().replace(" ", "-")
            if state in STATES:
                codes[key[len(CODE) :].upper()] = state
            else:
                tell("code-unknown", row, f'{key}: "{value}" is not one of: {", ".join(STATES)}.')
        elif name is None:
            tell("board-fact-unknown", row, f'"{key}" is not a fact that boardkit uses.')
        elif (read := _fact(name, value)) is None:
            allowed = BOARD_FACTS[name]
            wanted = (
                f"one of: {', '.join(allowed)}" if isinstance(allowed, tuple) else "a date such as 2023-06-14"
            )
            tell(
                "not-a-date" if allowed == "day" else "not-allowed", row, f'{key}: "{value}" is not {wanted}.'
            )
        elif name == "closure_day":
            closure.append(date.fromisoformat(read))
        elif values.setdefault(name, read) != read:
            tell("rows-differ", row, f"{key} stands twice with different values; the first was used.")
    return Facts(values, tuple(sorted(set(closure))), parameters), codes, problems


def _rows(board: pl.DataFrame) -> Iterator[tuple[str, str, pl.DataFrame]]:
    for at, (key, value) in enumerate(board.select("key", "value").iter_rows()):
        if key is not None and value is not None:
            yield key, value, board[at]


def _fact(name: str, value: str) -> str | None:
    allowed = BOARD_FACTS[name]
    if isinstance(allowed, tuple):
        return value.casefold() if value.casefold() in allowed else None
    if allowed == "day":
        moment = moments(pl.Series([value]))["moment"].item()
        return None if moment is None else str(moment.date())
    return value
