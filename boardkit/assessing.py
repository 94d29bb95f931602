"""Assessing: assess() runs the stages in their order over a cohort, and gives the board."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import polars as pl

from boardkit.board import BoardResult, Found
from boardkit.cohort import Cohort, with_study
from boardkit.errors import CallError
from boardkit.parts import PART, cut, join
from boardkit.regulations import Pack, load, refuse_unasked, with_parameters
from boardkit.rules.award import make_awards
from boardkit.rules.decided import settle, with_classes, with_progress
from boardkit.rules.ground import CEILINGS, lay_ground
from boardkit.rules.holds import with_holds
from boardkit.rules.marks import excuse, number_marks
from boardkit.rules.modules import conclude_modules
from boardkit.rules.offences import find_offences
from boardkit.rules.penalties import penalise
from boardkit.rules.progression import progress
from boardkit.rules.weighed import weigh

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from boardkit.regulations.model import Regulations

Study = Literal["undergraduate", "postgraduate"]


def assess(
    cohort: Cohort,
    regulations: str | Path | Pack,
    *,
    study: Study | None = None,
    parameters: Mapping[str, object] | None = None,
) -> BoardResult:
    """Assess a cohort under a university's regulations.

    Args:
        cohort: the checked tables, from ``bk.read``.
        regulations: the id of a shipped pack, the path of a pack file, or a loaded pack.
        study: the study of all modules, where there is no modules table.
        parameters: what the regulations leave to the board, by name; it stands over the board table.

    Returns:
        The results of every component, module and student.

    Raises:
        CallError: there is no modules table and no study was stated, a parameter is not asked for, or what is given
            was not read.
        PackError: the pack cannot be used, or asks for parameters that are not stated.

    Examples:
        >>> import boardkit as bk
        >>> cohort = bk.read("data/samples/psychology-2022")
        >>> board = bk.assess(cohort, "qmu-2022")
        >>> sorted(board.polars.awards["basis"].unique())[:2]
        ['average', 'borderline']
    """
    if not isinstance(cohort, Cohort):
        raise CallError(
            f"assess takes what bk.read gives, not a {type(cohort).__name__}. Read the board first."
        )
    pack = regulations if isinstance(regulations, Pack) else load(regulations)
    refuse_unasked(pack, parameters or {})
    pack = with_parameters(pack, cohort.facts.parameters, over=parameters)
    cohort = with_study(cohort, study)
    return BoardResult(cohort=cohort, pack=pack, **vars(_run_by_parts(cohort, pack.rules)))


def _run_by_parts(cohort: Cohort, pack: Regulations) -> Found:
    """Run the stages on every part of the cohort, as many at a time as the machine has processors."""
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        found: list[Found] = list(
            pool.map(lambda part: part.placed(_run(part.cohort(), pack)), cut(cohort, PART))
        )
    return join(found)


def _run(cohort: Cohort, pack: Regulations) -> Found:
    ground = lay_ground(cohort, pack)
    excuses, marks = excuse(cohort, ground), number_marks(cohort)
    offences = find_offences(marks, excuses, cohort, ground, pack)
    ground = replace(ground, ceilings=offences.ceilings.select(*CEILINGS))
    penalised = penalise(marks, excuses, offences, cohort, ground, pack)
    offences = weigh(offences, penalised, pack)
    concluded = conclude_modules(penalised, excuses, cohort, ground, pack)
    students = ground.students if "students" in cohort.given else ground.students.clear()
    computed = make_awards(students, concluded.results, pack)
    decisions = settle(ground.decisions, concluded.results, concluded.overturned, computed, pack)
    classified = with_classes(computed, decisions)
    progressed = progress(concluded, classified, offences, cohort, ground, pack)
    progressed = replace(progressed, students=with_progress(progressed.students, decisions))
    classified = with_holds(classified, offences.holds, pack)
    return Found(ground, penalised, concluded, classified, progressed, decisions, offences)
