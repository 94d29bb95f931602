"""Read a board's tables from a workbook, a folder, frames or a known export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from boardkit.cohort import Cohort

Study = Literal["undergraduate", "postgraduate"]


def read(  # noqa: PLR0913 - the call that everyone makes
    source: str | Path | Mapping[str, Any],
    *,
    kind: str | None = None,
    module: str | None = None,
    presentation: str | None = None,
    regulations: str | Path | None = None,
    study: Study | None = None,
    limits: Mapping[str, int] | None = None,
) -> Cohort:
    """Read and check a board's tables.

    Args:
        source: a workbook with a sheet per table, a folder with a file per table, a board folder with a
            ``board.toml``, or frames by table name.
        kind: ``oulad`` for the Open University's dataset; found by itself where the files say it.
        module: for ``oulad``, one module's code; else all of them.
        presentation: for ``oulad``, one presentation; else all of them.
        regulations: the pack whose codes may stand in mark cells; else the one that the board table names.
        study: the study of all modules, where there is no modules table.
        limits: how much a workbook may ask for, where a guard refused a file you know: ``{"cells": 10_000_000}``.

    Returns:
        The cohort. What is wrong with the input is in its ``problems``, with file, sheet and cell.

    Raises:
        FileError: a file cannot be used at all.
        CallError: the call cannot be carried out.

    Examples:
        >>> import boardkit as bk
        >>> bk.read("data/samples/psychology-2022").counts["students"]
        120
    """
    from boardkit.read.source import read_source  # noqa: PLC0415 - so that `boardkit --help` starts at once

    return read_source(
        source,
        kind=kind,
        module=module,
        presentation=presentation,
        regulations=regulations,
        study=study,
        limits=limits,
    )
