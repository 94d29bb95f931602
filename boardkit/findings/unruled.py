"""Findings about rules that the regulations do not state, where the cohort has something they would rule (T9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.findings.board import fact
from boardkit.problems import found, found_at, shown
from boardkit.regulations.part import UNRULED
from boardkit.tables import match

if TYPE_CHECKING:
    from collections.abc import Iterator

    from boardkit.board import BoardResult

_PARAMETER = "parameter."


def find_unruled(board: BoardResult) -> list[pl.DataFrame]:
    """Find what no rule is stated for, one note each, and parameters that the regulations do not ask for."""
    table = board.cohort.typed["board"]
    src = table["_src"][0] if table.height else 0
    told = [
        found_at("no-rule-stated", src, None, f"{what}: {UNRULED}; {then}.") for what, then in unruled(board)
    ]
    if not table.height:
        told = [one.with_columns(_src=pl.lit(None, dtype=pl.UInt16)) for one in told]
    return [*told, *_unasked(board)]


def unruled(board: BoardResult) -> Iterator[tuple[str, str]]:
    """Name what the regulations have no rule for, and what that does to this board.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> list(unruled(board))
        []
    """
    pack, cohort = board.pack.rules, board.cohort
    typed, results = cohort.typed, board.concluded.results
    studies = [rules for _, rules in pack.studies.each()]
    again = (~results["first_sit"].fill_null(value=True)).any()
    limited = typed["components"]["word_limit"].is_not_null().any()
    left = typed["enrolments"]["withdrawn_at"].is_not_null().any()
    people = "students" in cohort.given
    if any(rules.grades is None for rules in studies):
        yield "Grades", "modules have a mark and no grade"
    if pack.penalties.word_limit is None and limited:
        yield "Words over the limit", "nothing is capped for them"
    if again and any(rules.reassessment_cap is None for rules in studies):
        yield "A cap on reassessed modules", "none is applied"
    if any(rules.attempts is None for rules in studies):
        yield "A limit of attempts", "none is applied"
    if pack.withdrawal is None and left:
        yield "Leaving a module late", "it is recorded as withdrawn, and no fail"
    if pack.condonement is None and results["outcome"].cast(pl.String).is_in(["fail"]).any():
        yield "Condonement", "nobody is said to be eligible"
    if people and pack.progression is None:
        yield "Progression", "nothing is recommended"
    if people:
        ruled = {name for name, _ in pack.awards.each()}
        aimed = sorted(set(board.ground.students["award"].drop_nulls()) - ruled - {"none"})
        for award in aimed:
            yield f"The award {award}", "nobody is classified for it, and its credit is not looked at"


def _unasked(board: BoardResult) -> list[pl.DataFrame]:
    """Parameters of the board table that the regulations do not ask for."""
    asked = {match(name) for name in board.pack.rules.parameters}
    idle = [name for name in board.cohort.facts.parameters if match(name) not in asked]
    rows = [fact(board, f"{_PARAMETER}{name}") for name in idle]
    told = pl.concat_str(
        shown(pl.col("key")),
        pl.lit(f": {board.pack.rules.pack.id} asks for no such parameter; it is not used."),
    )
    return [found("parameter-unknown", row, column="key", value=pl.col("key"), message=told) for row in rows]
