"""Sources: the clause that decided, by a row's module, or its programme's own document (15.0)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit.regulations.part import citation_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from boardkit.board import BoardResult
    from boardkit.regulations.part import Cited
    from boardkit.regulations.studies import StudyRules


def by_module(board: BoardResult, rule: Callable[[StudyRules, dict[str, Any]], Cited | None]) -> pl.Expr:
    """Cite a rule of each row's module ``m``, by the module's study."""
    studies = dict(board.pack.rules.studies.each())
    plain = board.pack.rules.studies.first
    cited = [
        citation_of(rule(studies.get(module["study"], plain), module))
        for module in board.ground.modules.select("study", "kind", "scqf_level").rows(named=True)
    ]
    return pl.lit(pl.Series(cited, dtype=pl.String)).gather("m")


def of_programme(board: BoardResult, key: str, general: pl.Expr) -> pl.Expr:
    """Cite the programme's own document where it changes a value for a row's enrolment ``e``.

    Args:
        board: the board.
        key: the value: ``pass_mark``, ``component_floor`` or ``attempts``.
        general: the citation where no programme changes it.
    """
    programmes = board.pack.rules.programmes
    if not programmes:
        return general
    documents = pl.Series([programme.reference for programme in programmes], dtype=pl.String)
    changed = pl.lit(board.ground.enrolments[f"{key}_by"]).gather("e")
    return pl.coalesce(pl.lit(documents).gather(changed), general)


def module_numbers(board: BoardResult) -> pl.Series:
    """Give each module taught here its number among all modules by name."""
    names = pl.Enum(board.cohort.numbers.modules)
    return board.ground.modules["module"].cast(names).to_physical().cast(pl.UInt32)
