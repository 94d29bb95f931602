"""The board: a BoardResult holds what the stages found, and makes its tables when they are asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import RLock
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from boardkit import tables
from boardkit.errors import CallError
from boardkit.findings import find
from boardkit.findings.unruled import unruled
from boardkit.frames import Frames, hand_back
from boardkit.problems import gather, locate
from boardkit.reasons import with_reasons
from boardkit.results import award_table, component_table, module_table
from boardkit.results.credit import credit_table
from boardkit.results.penalties import penalty_table
from boardkit.results.reassessment import reassessment_table
from boardkit.results.recommendations import progression_table, with_progress_reasons
from boardkit.siblings import MAKERS, Siblings

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    import polars as pl

    from boardkit.cohort import Cohort
    from boardkit.regulations import Pack
    from boardkit.rules.ground import Ground
    from boardkit.rules.modules import ModuleResults
    from boardkit.rules.offences import Offences
    from boardkit.rules.penalties import Penalised
    from boardkit.rules.progression import Progress


_MAKING: dict[str, RLock] = {}
"""A lock for each thing that a board makes once: they are made side by side, and some of them of the same."""

Made = TypeVar("Made")


@dataclass(frozen=True)
class Found:
    """What the stages found.

    Args:
        ground: the numbered students, modules and components.
        penalised: component marks after penalties, and how they came about.
        concluded: module results and their attempts.
        classified: averages and classifications.
        progressed: what may be taken again and condoned, and the recommendations.
        decisions: what boards have recorded, which of it stands, and why the rest cannot be applied.
        offences: established misconduct, what the tariff says of it, and what its penalties do.
    """

    ground: Ground
    penalised: Penalised
    concluded: ModuleResults
    classified: pl.DataFrame
    progressed: Progress
    decisions: pl.DataFrame
    offences: Offences


@dataclass(frozen=True, repr=False)
class BoardResult(Found, Siblings):
    """What a board has before it: every mark after caps, every module result, every classification.

    ``board.components``, ``board.modules``, ``board.awards``, ``board.progression``, ``board.penalties``,
    ``board.trace`` and ``board.problems`` are frames: pandas, or polars where polars frames went in.
    ``board.polars`` and ``board.pandas`` give either.

    Args:
        cohort: what was assessed.
        pack: the regulations it was assessed under.
    """

    cohort: Cohort
    pack: Pack
    _made: dict[str, Any] = field(default_factory=dict, compare=False)

    def table(self, name: str) -> pl.DataFrame:
        """Give one output table as polars, in the columns and order of a run's files.

        Raises:
            KeyError: there is no such table.
        """
        make: Callable[[BoardResult], pl.DataFrame] = _MAKERS[name]
        return self._once(name, lambda: make(self))

    def _once(self, name: str, make: Callable[[], Made]) -> Made:
        with _MAKING.setdefault(name, RLock()):
            if name not in self._made:
                self._made[name] = make()
        made: Made = self._made[name]
        return made

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

    @property
    def unruled(self) -> tuple[tuple[str, str], ...]:
        """What the regulations state no rule for where the cohort has something it would rule, and what is done then."""
        return self._once("unruled", lambda: tuple(unruled(self)))

    @property
    def located(self) -> pl.DataFrame:
        """The problems of the input and the findings of the stages, with their places, as polars."""
        return self._once("located", self._locate)

    def _locate(self) -> pl.DataFrame:
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
        on: date | str | None = None,
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
            on: when: a date, or a day such as ``2023-06-15``.
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
        from boardkit.deciding.make import Asked, day, make  # noqa: PLC0415 - as above

        asked = Asked(
            student_id=str(student_id),
            decision=decision,
            reason=reason,
            module=module,
            value=None if value is None else str(value),
            minute=minute,
            decided_by=by,
            decided_on=day(on),
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
