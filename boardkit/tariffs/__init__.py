"""Tariff: offences held against a pack's tariff by themselves, with no board to assess."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit import tables
from boardkit.findings.misconduct import of_offences
from boardkit.frames import hand_back
from boardkit.problems import gather, locate
from boardkit.regulations import Tariff, load_tariff
from boardkit.results.penalties import penalty_table
from boardkit.rules.tariff import judge_offences
from boardkit.tariffs.source import Read, from_frame_alone, read_offences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from boardkit.cohort import Facts, InputFile

__all__ = ["CaseBook", "hold", "tariff"]


@dataclass(frozen=True)
class CaseBook:
    """Offences held against a tariff.

    Args:
        rows: every offence, in the columns of ``judge_offences``; ``lowered`` is null, since no mark is looked at.
        tariff: the pack's section of misconduct.
        read: what was read, and what is wrong with it.
    """

    rows: pl.DataFrame
    tariff: Tariff
    read: Read

    @cached_property
    def problems(self) -> pl.DataFrame:
        """What is wrong with the input, and what is to be decided, with places, as polars."""
        return locate(
            gather([*self.read.found, *of_offences(self.rows, self.tariff.rules)]), self.read.sources
        )

    @property
    def severities(self) -> dict[str, int]:
        """How many errors, warnings and notes there are."""
        counted = dict(self.problems.group_by("severity").len().iter_rows())
        return {name: counted.get(name, 0) for name in tables.SEVERITIES}

    @property
    def files(self) -> Sequence[InputFile]:
        """The files that were read."""
        return self.read.files

    @property
    def facts(self) -> Facts:
        """What the board table says, where there is one."""
        return self.read.facts

    def penalties(self, *, as_given: bool = False) -> pl.DataFrame:
        """Give the ``penalties`` table as polars."""
        return penalty_table(self.rows, self.tariff.rules, as_given=as_given)


def hold(
    source: str | Path, regulations: str | Path | Tariff, *, limits: Mapping[str, int] | None = None
) -> CaseBook:
    """Hold the offences of a file against a tariff.

    Args:
        source: a misconduct table alone (``.csv``, ``.parquet`` or a workbook), or a board: a folder or workbook.
        regulations: the id of a shipped pack, the path of a pack file, or a loaded tariff.
        limits: how much a workbook may ask for.

    Returns:
        The offences with their penalties, and what is wrong with them.

    Raises:
        FileError: a file cannot be used at all.
        CallError: there is no misconduct table.
        PackError: the pack cannot be used, or says nothing of misconduct.
    """
    loaded = regulations if isinstance(regulations, Tariff) else load_tariff(regulations)
    return _held(read_offences(Path(source), limits or {}), loaded)


def tariff(offences: Any, regulations: str | Path) -> Any:
    """Tell which penalty the tariff has for each offence, and what became of the one that was decided.

    Args:
        offences: the ``misconduct`` table, a pandas or polars frame: ``student_id`` and ``offence`` at the least, and
            what the tariff asks for: ``year``, ``major``, ``admitted``, ``intent``, ``repeated``, ``finalist``.
        regulations: the id of a shipped pack, or the path of a pack file.

    Returns:
        A frame of the same kind, a row for every row in its order: the table that was used, the default and the
        moderated penalty, the one decided, what it does, and warnings. What is not stated is named, never guessed.

    Raises:
        CallError: it is no frame, or lacks a column.
        PackError: the pack cannot be used, or says nothing of misconduct.

    Examples:
        >>> import polars as pl
        >>> frame = pl.DataFrame({"student_id": ["40012345"], "offence": ["plagiarism"], "penalty": ["qmu-a"]})
        >>> print(tariff(frame, "qmu-2022")["effect"].item())
        Lower marks or none for the assessment (Discipline 7.4 a).
    """
    loaded = load_tariff(regulations)
    read, flavour = from_frame_alone(offences)
    return hand_back(_held(read, loaded).penalties(as_given=True), flavour)


def _held(read: Read, loaded: Tariff) -> CaseBook:
    judged = judge_offences(read.offences, loaded.rules, read.facts.board_date, gather(read.found))
    return CaseBook(judged.with_columns(lowered=pl.lit(None, dtype=pl.UInt32)), loaded, read)
