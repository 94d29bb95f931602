"""Opening: a board read and assessed as a command asks for it, and the code that a command ends with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from boardkit.options import limits_of, settings_of
from boardkit.terminal import progress

if TYPE_CHECKING:
    from pathlib import Path

    from boardkit.board import BoardResult
    from boardkit.cohort import Cohort

DONE, DONE_WITH_ERRORS = 0, 1


@dataclass(frozen=True)
class Asked:
    """What a command is to read, and how.

    Args:
        source: the workbook, folder or export.
        kind: the kind of export, where the files do not say it.
        module: of an export, one module.
        presentation: of an export, one presentation.
        study: the study of all modules, where there is no modules table.
        limits: guards of the reader that are raised, each ``NAME=NUMBER``.
        settings: what the regulations leave to the board, each ``NAME=VALUE``.
    """

    source: Path
    kind: str | None = None
    module: str | None = None
    presentation: str | None = None
    study: str | None = None
    limits: list[str] | None = None
    settings: list[str] | None = None


def read_board(asked: Asked, regulations: str | None) -> Cohort:
    """Read and check what a command asks for.

    Raises:
        BoardkitError: it cannot be used.
    """
    from boardkit.read import read  # noqa: PLC0415 - after --help

    with progress("Reading"):
        return read(
            asked.source,
            kind=asked.kind,
            module=asked.module,
            presentation=asked.presentation,
            regulations=regulations,
            study=asked.study,  # type: ignore[arg-type]  # it is checked as it is read
            limits=limits_of(asked.limits),
        )


def assess_board(asked: Asked, regulations: str) -> tuple[Cohort, BoardResult]:
    """Read what a command asks for, and assess it.

    Raises:
        BoardkitError: it cannot be used, or the pack asks for no such setting.
    """
    from boardkit.assessing import assess  # noqa: PLC0415 - after --help
    from boardkit.regulations import load  # noqa: PLC0415

    pack = load(regulations)
    stated = settings_of(asked.settings, pack)
    cohort = read_board(asked, regulations)
    with progress("Assessing"):
        return cohort, assess(cohort, pack, parameters=stated)


def code_of(board: BoardResult | Cohort) -> int:
    """Give the code that a command about a board, or its tables alone, ends with: whether there are errors in its data."""
    return DONE_WITH_ERRORS if board.severities["error"] else DONE
