"""The board: assess() runs the stages in order; a BoardResult holds what they found."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from boardkit import tables
from boardkit.cohort import with_study
from boardkit.errors import CallError
from boardkit.findings import find
from boardkit.findings.unruled import unruled
from boardkit.frames import Flavour, Frames, hand_back
from boardkit.parts import PART, cut, join
from boardkit.problems import gather, locate
from boardkit.reasons import with_reasons
from boardkit.regulations import Pack, load, refuse_unasked, with_parameters
from boardkit.results import award_table, component_table, module_table
from boardkit.results.credit import credit_table
from boardkit.results.penalties import penalty_table
from boardkit.results.reassessment import reassessment_table
from boardkit.results.recommendations import progression_table, with_progress_reasons
from boardkit.rules.award import make_awards
from boardkit.rules.decided import settle, with_classes, with_progress
from boardkit.rules.ground import CEILINGS, Ground, lay_ground
from boardkit.rules.holds import with_holds
from boardkit.rules.marks import excuse, number_marks
from boardkit.rules.modules import ModuleResults, conclude_modules
from boardkit.rules.offences import Offences, find_offences
from boardkit.rules.penalties import Penalised, penalise
from boardkit.rules.progression import Progress, progress
from boardkit.rules.weighed import weigh
from boardkit.siblings import MAKERS, Siblings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from pathlib import Path

    from boardkit.cohort import Cohort
    from boardkit.regulations.model import Regulations

Study = Literal["undergraduate", "postgraduate"]


@dataclass(frozen=True, repr=False)
class BoardResult(Siblings):
    """What a board has before it: every mark after caps, every module result, every classification.

    ``board.components``, ``board.modules``, ``board.awards``, ``board.progression``, ``board.penalties``,
    ``board.trace`` and ``board.problems`` are frames: pandas, or polars where polars frames went in.
    ``board.polars`` and ``board.pandas`` give either.

    Args:
        cohort: what was assessed.
        pack: the regulations it was assessed under.
        ground: the numbered students, modules and components.
        penalised: component marks after penalties, and how they came about.
        concluded: module results and their attempts.
        classified: averages and classifications.
        progressed: what may be taken again and condoned, and the recommendations.
        decisions: what boards have recorded, which of it stands, and why the rest cannot be applied.
        offences: established misconduct, what the tariff says of it, and what its penalties do.
    """

    cohort: Cohort
    pack: Pack
    ground: Ground
    penalised: Penalised
    concluded: ModuleResults
    classified: pl.DataFrame
    progressed: Progress
    decisions: pl.DataFrame
    offences: Offences
    _made: dict[str, pl.DataFrame] = field(default_factory=dict, compare=False)

    def table(self, name: str) -> pl.DataFrame:
        """Give one output table as polars, in the columns and order of a run's files.

        Raises:
            KeyError: there is no such table.
        """
        return self._once(name, lambda: _MAKERS[name](self))

    def _once(self, name: str, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

    @property
    def polars(self) -> Frames:
        """The output tables as polars frames."""
        return Frames(tables.OUTPUT, self.table, "polars")

    @property
    def pandas(self) -> Frames:
        """The output tables as pandas frames."""
        return Frames(tables.OUTPUT, self.table, "pandas")

    def _hand_back(self, name: str) -> Any:
        return hand_back(self.table(name), self.cohort.flavour)

    @property
    def components(self) -> Any:
        """Every piece of work: its mark before and after the rules, and the rules."""
        return self._hand_back("components")

    @property
    def modules(self) -> Any:
        """Every module of every student: mark, grade, outcome, credit."""
        return self._hand_back("modules")

    @property
    def awards(self) -> Any:
        """Every student: average, classification, what it rests on, and whether the credit is there."""
        return self._hand_back("awards")

    @property
    def progression(self) -> Any:
        """What is recommended for every student's progress, and why; empty where the pack has no rule of it."""
        return self._hand_back("progression")

    @property
    def reassessment(self) -> Any:
        """What each student may be reassessed in, component by component."""
        return self._hand_back("reassessment")

    @property
    def credit(self) -> Any:
        """Every student's credit against the award aimed at and the lower ones."""
        return self._hand_back("credit")

    @property
    def penalties(self) -> Any:
        """Every established offence: default and moderated penalty, what was decided, what it does, warnings."""
        return self._hand_back("penalties")

    @property
    def trace(self) -> Any:
        """Every mark changed and every outcome, with the rule and its clause."""
        return self._hand_back("trace")

    @property
    def problems(self) -> Any:
        """What is wrong with the input, and what the board has to see."""
        return self._hand_back("problems")

    @cached_property
    def unruled(self) -> tuple[tuple[str, str], ...]:
        """What the regulations state no rule for where the cohort has something it would rule, and what is done then."""
        return tuple(unruled(self))

    @cached_property
    def located(self) -> pl.DataFrame:
        """The problems of the input and the findings of the stages, with their places, as polars."""
        found = gather([self.cohort.found, *find(self)])
        return locate(found, self.cohort.sources)

    @property
    def award_reasons(self) -> pl.DataFrame:
        """Every student's average and class as the stages left them, with why they are what they are."""
        return self._once("award_reasons", lambda: with_reasons(self.classified, self.pack.rules))

    @property
    def progress_reasons(self) -> pl.DataFrame:
        """Every student's recommendation as the stages left it, with why it is made."""
        return self._once("progress_reasons", lambda: with_progress_reasons(self))

    @property
    def severities(self) -> dict[str, int]:
        """How many errors, warnings and notes there are."""
        counted = dict(self.located.group_by("severity").len().iter_rows())
        return {name: counted.get(name, 0) for name in tables.SEVERITIES}

    def explain(self, student_id: str) -> Any:
        """Tell one student's way from the cells to the class, clause by clause, to be read aloud.

        Args:
            student_id: the student.

        Returns:
            A text that prints as a page.

        Raises:
            CallError: there is no such student.
        """
        from boardkit.report.explanation import explain  # noqa: PLC0415 - reports read boards, not the other way

        return explain(self, student_id)

    def decide(  # noqa: PLR0913 - a decision has these
        self,
        student_id: str,
        decision: str,
        *,
        reason: str,
        module: str | None = None,
        value: str | float | None = None,
        minute: str | None = None,
        by: str | None = None,
        on: date | None = None,
        board: Literal["module", "programme"] | None = None,
    ) -> BoardResult:
        """Give the board as it would stand with one more decision; nothing is written.

        Args:
            student_id: the student.
            decision: its kind, such as ``condone``, ``classification`` or ``module-mark``.
            reason: why; a decision needs one.
            module: the module, for a decision about one.
            value: the class, the mark or the way on that is decided; ``N`` takes an earlier yes back.
            minute: where it is minuted.
            by: who decided.
            on: when.
            board: whether the module board or the programme board decided.

        Returns:
            A new board, whose cohort holds the decision; it can be written, explained and decided on again.

        Raises:
            CallError: the decision cannot be made: no such student, module or value, no reason, or the regulations
                do not let it stand (9.5, 10.6, 17.2, 17.3, 17.8).

        Examples:
            >>> import boardkit as bk
            >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
            >>> decided = board.decide("00537777", "classification", value="first", reason="The whole profile.")
            >>> decided.polars.awards.filter(student_id="00537777")["classification"].item()
            'first'
        """
        from boardkit.deciding.make import Asked, make  # noqa: PLC0415 - as above

        asked = Asked(
            student_id=str(student_id),
            decision=decision,
            reason=reason,
            module=module,
            value=None if value is None else str(value),
            minute=minute,
            decided_by=by,
            decided_on=on,
            board=board,
        )
        return make(self, [asked]).after

    def write(
        self,
        out: str | Path,
        *,
        parquet: bool = False,
        force: bool = False,
        anonymous: bool = False,
        papers: bool = True,
    ) -> Path:
        """Write the tables, the board workbook and the manifest to a folder, whole or not at all.

        Where the folder holds an earlier run, what differs from it is written to ``changes.csv`` and to a
        sheet of the workbook.

        Args:
            out: the folder.
            parquet: write ``.parquet`` beside every ``.csv``.
            force: write over files that boardkit did not write.
            anonymous: write no name and no e-mail of a student anywhere; the identifiers stay.
            papers: write the board workbook; without it a run of 100,000s of students is tables alone.

        Returns:
            The folder.

        Raises:
            CallError: the folder holds files that boardkit did not write, or cannot be written.
        """
        from boardkit.report.run import write_run  # noqa: PLC0415 - as above

        if not str(out).strip():
            raise CallError("cannot write to a folder with no name. Name one.")
        asked = {"parquet": parquet, "force": force, "anonymous": anonymous, "papers": papers}
        return write_run(self, out, **asked).folder

    def report(
        self,
        out: str | Path,
        *,
        parquet: bool = False,
        force: bool = False,
        anonymous: bool = False,
        papers: bool = True,
    ) -> Path:
        """Write the board papers: the same as ``write``, by the name that a board uses."""
        return self.write(out, parquet=parquet, force=force, anonymous=anonymous, papers=papers)

    def figures(self) -> Any:
        """Draw the classes, the modules beside each other, and how each module's marks are spread.

        Returns:
            The figures by name, shown by themselves in a notebook; ``.write(folder)`` keeps them.

        Raises:
            CallError: matplotlib is not installed.
        """
        from boardkit.report.figures import figures  # noqa: PLC0415 - as above

        return figures(self)

    def __repr__(self) -> str:
        from boardkit.report.summary import summary  # noqa: PLC0415 - as above

        return summary(self)

    def _repr_html_(self) -> str:
        from boardkit.report.notebook import summary_html  # noqa: PLC0415 - as above

        return summary_html(self)


def _trace(board: BoardResult) -> pl.DataFrame:
    from boardkit.trace import trace  # noqa: PLC0415 - made only when it is asked for

    return trace(board)


_MAKERS: dict[str, Any] = {
    "components": component_table,
    "modules": module_table,
    "awards": award_table,
    "progression": progression_table,
    "reassessment": reassessment_table,
    "credit": credit_table,
    "penalties": lambda board: penalty_table(board.offences.rows, board.pack.rules.misconduct),
    "trace": _trace,
    **MAKERS,
    "problems": lambda board: board.located,
}


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
        CallError: there is no modules table and no study was stated, or a parameter is not asked for.
        PackError: the pack cannot be used, or asks for parameters that are not stated.

    Examples:
        >>> import boardkit as bk
        >>> cohort = bk.read("data/samples/psychology-2022")
        >>> board = bk.assess(cohort, "qmu-2022")
        >>> sorted(board.polars.awards["basis"].unique())[:2]
        ['average', 'borderline']
    """
    pack = regulations if isinstance(regulations, Pack) else load(regulations)
    refuse_unasked(pack, parameters or {})
    pack = with_parameters(pack, cohort.facts.parameters, over=parameters)
    cohort = with_study(cohort, study)
    stages = _run_by_parts(cohort, pack.rules)
    return BoardResult(
        cohort,
        pack,
        stages.ground,
        stages.penalised,
        stages.concluded,
        stages.classified,
        stages.progressed,
        stages.decisions,
        stages.offences,
    )


@dataclass(frozen=True)
class _Stages:
    """What the stages found."""

    ground: Ground
    penalised: Penalised
    concluded: ModuleResults
    classified: pl.DataFrame
    progressed: Progress
    decisions: pl.DataFrame
    offences: Offences


def _run_by_parts(cohort: Cohort, pack: Regulations) -> _Stages:
    """Run the stages on every part of the cohort, as many at a time as the machine has processors."""
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        found: list[_Stages] = list(
            pool.map(lambda part: part.placed(_run(part.cohort(), pack)), cut(cohort, PART))
        )
    return join(found)


def _run(cohort: Cohort, pack: Regulations) -> _Stages:
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
    return _Stages(ground, penalised, concluded, classified, progressed, decisions, offences)


__all__ = ["BoardResult", "Flavour", "assess"]
