"""The board table: facts about the meeting, each once, but closure days as many as there are."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from boardkit.check.amounts import units
from boardkit.check.moments import moments
from boardkit.cohort import Facts
from boardkit.problems import found, show
from boardkit.tables import BOARD_FACTS, STATES, match
from boardkit.years import UNCLEAR, year_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

PARAMETER = "parameter."
CODE = "code."

_NAMES = {match(name): name for name in BOARD_FACTS}
_STATES = {match(state): state for state in STATES}


def read_facts(board: pl.DataFrame) -> tuple[Facts, dict[str, str], list[pl.DataFrame]]:
    """Read the board table.

    Args:
        board: ``key`` and ``value``, as text, with where each row came from.

    Returns:
        The facts, the codes for mark cells that the board lists, and the problems.
    """
    stated: dict[str, dict[str, list[pl.DataFrame]]] = {}
    closure: list[date] = []
    problems: list[pl.DataFrame] = []

    def tell(code: str, row: pl.DataFrame, sentence: str, column: str = "value") -> None:
        problems.append(found(code, row, column=column, value=pl.col(column), message=sentence))

    for key, value, day, row in _rows(board):
        name, read = _read(key, value, day.date)
        if name is None:
            tell("board-fact-unknown", row, f'"{show(key)}" is not a fact that boardkit uses.', "key")
        elif read is None:
            code, wanted = _wanted(name)
            tell(code, row, f'{show(key)}: "{show(value)}" is not {wanted}.')
        else:
            if BOARD_FACTS.get(name) == "day" and day.first:
                tell("date-day-first", row, f"{show(value)} is a date typed as text and was read day first.")
            if BOARD_FACTS.get(name) == "year" and _names_no_year(read):
                tell("year-unclear", row, f"{show(key)}: {UNCLEAR.format(show(value))}")
            if name == "closure_day":
                closure.append(date.fromisoformat(read))
            else:
                stated.setdefault(name, {}).setdefault(read, []).append(row)
    facts = _agreed(stated, tell)
    values = {name: read for name, read in facts.items() if name in BOARD_FACTS}
    codes, parameters = _after(CODE, facts), _after(PARAMETER, facts)
    return Facts(values, tuple(sorted(set(closure))), parameters), codes, problems


def tell_codes(
    board: pl.DataFrame, listed: Mapping[str, str], known: Mapping[str, str]
) -> tuple[dict[str, str], list[pl.DataFrame]]:
    """Tell of codes that are numbers, which are not used, and of those that mean something else than in the pack.

    Args:
        board: the board table.
        listed: the codes that it lists, and the state each stands for.
        known: the pack's own codes.

    Returns:
        The codes that may be used, and the problems.
    """
    marks = {code for code in listed if units(pl.Series([code]), places=2)["units"][0] is not None}
    problems = []
    for code, state in listed.items():
        row = board.filter(_names(code)).head(1)
        if code in marks:
            sentence = f"{CODE}{show(code)}: {show(code)} is a number, and would be read as {state}; it was not used."
            problems.append(
                found("code-is-a-number", row, column="key", value=pl.col("key"), message=sentence)
            )
        elif known.get(code, state) != state:
            sentence = f"{CODE}{show(code)}: {show(code)} is {known[code]} in the regulations and {state} on this board."
            problems.append(
                found("code-changed", row, column="value", value=pl.col("value"), message=sentence)
            )
    return {code: state for code, state in listed.items() if code not in marks}, problems


def _names(code: str) -> pl.Expr:
    """Tell which row of the board table lists a code."""
    rest = pl.col("key").str.slice(len(CODE)).str.strip_chars().str.to_uppercase()
    return pl.col("key").str.to_lowercase().str.starts_with(CODE) & (rest == code)


def _agreed(
    stated: dict[str, dict[str, list[pl.DataFrame]]], tell: Callable[[str, pl.DataFrame, str, str], None]
) -> dict[str, str]:
    """Take the facts that are stated with one value alone."""
    facts: dict[str, str] = {}
    for name, reads in stated.items():
        rows = [row for same in reads.values() for row in same]
        if len(reads) == 1:
            facts[name] = next(iter(reads))
            for row in rows[1:]:
                tell("row-twice", row, f"The board table says {show(name)} twice; one row was used.", "key")
            continue
        for row in rows:
            sentence = f"The board table says {show(name)} with different values; none of them was used."
            tell("rows-differ", row, sentence, "key")
    return facts


def _after(prefix: str, facts: dict[str, str]) -> dict[str, str]:
    return {name[len(prefix) :]: read for name, read in facts.items() if name.startswith(prefix)}


class _Day(NamedTuple):
    """A value read as a day: its date, if it is one, and whether it was written day first."""

    date: date | None
    first: bool


def _names_no_year(text: str) -> bool:
    return pl.select(year_named(pl.lit(text))).item() is None


def _rows(board: pl.DataFrame) -> Iterator[tuple[str, str, _Day, pl.DataFrame]]:
    read = moments(board["value"]).select(pl.col("moment").dt.date(), "day_first")
    for at, (key, value) in enumerate(board.select("key", "value").iter_rows()):
        if key is not None and value is not None:
            yield key, value, _Day(*read.row(at)), board[at]


def _read(key: str, value: str, day: date | None) -> tuple[str | None, str | None]:
    """Give a fact's own name and its value; None where there is no such fact or value."""
    for prefix in (PARAMETER, CODE):
        rest = key[len(prefix) :].strip()
        if key.casefold().startswith(prefix) and rest:
            if prefix == PARAMETER:
                return prefix + match(rest), value
            return prefix + rest.upper(), _STATES.get(match(value))
    known = _NAMES.get(match(key))
    return known, _fact(known, value, day) if known else None


def _wanted(name: str) -> tuple[str, str]:
    """Give the code of a value that is not allowed, and what is."""
    if name.startswith(CODE):
        return "code-unknown", f"one of: {', '.join(STATES)}"
    allowed = BOARD_FACTS[name]
    if isinstance(allowed, tuple):
        return "not-allowed", f"one of: {', '.join(allowed)}"
    return "not-a-date", "a date"


def _fact(name: str, value: str, day: date | None) -> str | None:
    allowed = BOARD_FACTS[name]
    if isinstance(allowed, tuple):
        return value.casefold() if value.casefold() in allowed else None
    if allowed == "day":
        return None if day is None else str(day)
    return value
