"""Findings about the board as a whole: its date, its modules' levels, its scaling, what is not used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.problems import found, show, shown
from boardkit.regulations.part import UNRULED
from boardkit.tables import match

if TYPE_CHECKING:
    from boardkit.board import BoardResult


def find_board(board: BoardResult) -> list[pl.DataFrame]:
    """Find what concerns the board as a whole."""
    return [
        *_session(board),
        *_other_regulations(board),
        *_levels(board),
        *_scaling(board),
        *_not_used(board),
    ]


def _session(board: BoardResult) -> list[pl.DataFrame]:
    """The board's date against the dates that the pack is in force."""
    day, pack = board.cohort.facts.board_date, board.pack.rules.pack
    if day is None or pack.session.first <= day <= pack.session.last:
        return []
    text = (
        f"The board meets on {day}; {pack.id} is in force from {pack.session.first} to {pack.session.last}."
    )
    stated = fact(board, "board_date")
    return [found("out-of-session", stated, column="value", value=pl.col("value"), message=text)]


def _levels(board: BoardResult) -> list[pl.DataFrame]:
    """Modules at a level for which the pack has no pass mark."""
    uncovered = board.ground.modules.filter(
        pl.col("pass_mark").is_null() & (pl.col("scqf_level").is_not_null() | pl.col("study").is_not_null())
    )
    text = pl.concat_str(
        shown(pl.col("module")),
        pl.lit(": no rule for "),
        pl.coalesce(
            pl.concat_str(pl.col("study").cast(pl.String), pl.lit(" modules")),
            pl.concat_str(pl.lit("SCQF "), "scqf_level"),
        ),
        pl.lit("; the module is incomplete. Correct the level, or state the study."),
    )
    return [
        found("level-uncovered", uncovered, column="scqf_level", value=pl.col("scqf_level"), message=text)
    ]


def _scaling(board: BoardResult) -> list[pl.DataFrame]:
    """Every scaling, for the board to endorse or to note."""
    used, rule = board.cohort.typed["scaling"], board.pack.rules.scaling
    work = shown(pl.concat_str("module", pl.lit(" "), "component"))
    if rule is None:
        idle = pl.concat_str(
            work, pl.lit(f": marks were not scaled, {UNRULED}. Ask the board on what ground they are to be.")
        )
        return [found("scaling-unruled", used, column="basis", message=idle)]
    waiting = (
        used.filter(~pl.col("endorsed").fill_null(value=False)) if rule.needs_endorsement else used.clear()
    )
    settled = used.join(
        waiting.select("module", "component"), on=["module", "component"], how="anti", maintain_order="left"
    )
    asks = f": marks were scaled and the board has not yet endorsed it ({rule.source})."
    tells = f": marks were scaled; the basis is in the scaling table ({rule.source})."
    return [
        found("scaling-not-endorsed", waiting, column="endorsed", message=pl.concat_str(work, pl.lit(asks))),
        found("scaling-used", settled, column="basis", message=pl.concat_str(work, pl.lit(tells))),
    ]


def _not_used(board: BoardResult) -> list[pl.DataFrame]:
    """Recommendations, which nothing here takes into account."""
    advice = board.cohort.typed["recommendations"]
    return [
        found(
            "recommendation-not-used",
            advice,
            column="recommendation",
            message="An external examiner's recommendation is recorded; it stands in the external's pack, and in no paper of the board.",
        ),
    ]


def _other_regulations(board: BoardResult) -> list[pl.DataFrame]:
    """A board table that names other regulations than it was assessed under."""
    stated, pack = board.cohort.facts.values.get("regulations"), board.pack.rules.pack.id
    if stated is None or stated == pack:
        return []
    text = f'The board table names the regulations "{show(stated)}"; the board was assessed under {pack}.'
    rows = fact(board, "regulations")
    return [found("other-regulations", rows, column="value", value=pl.col("value"), message=text)]


def fact(board: BoardResult, name: str) -> pl.DataFrame:
    """Find the row of the board table that states a fact."""
    facts = board.cohort.typed["board"]
    named = pl.Series([match(key) == match(name) for key in facts["key"]], dtype=pl.Boolean)
    return facts.filter(named).head(1)
