"""Make a decision: check it against a board as it stands, and give the board as it stands with it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit import tables
from boardkit.based_on import digests
from boardkit.errors import CallError
from boardkit.findings.decisions import refusal_of
from boardkit.printable import SPACE, UNSEEN
from boardkit.problems import Source, show
from boardkit.rules.decided import OF_STUDENTS, PROGRESSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boardkit.board import BoardResult
    from boardkit.cohort import Cohort

AS_RECOMMENDED = "as recommended"
"""The reason of a decision that is what was recommended."""


@dataclass(frozen=True)
class Asked:
    """A decision as it is to be recorded: the columns of the decisions table, and where it was typed.

    Args:
        student_id: the student.
        decision: its kind.
        reason: why.
        module: the module, for a decision about one.
        value: what is decided, where the kind has values.
        minute: where it is minuted.
        decided_by: who decided.
        decided_on: when.
        board: ``module`` or ``programme``.
        place: where it was typed, for messages; empty where it was called.
    """

    student_id: str
    decision: str
    reason: str
    module: str | None = None
    value: str | None = None
    minute: str | None = None
    decided_by: str | None = None
    decided_on: date | None = None
    board: str | None = None
    place: str = ""


@dataclass(frozen=True)
class Made:
    """Decisions that were made, and not yet written.

    Args:
        before: the board as it stood.
        after: the board with the decisions.
        rows: the rows of the decisions table, as text, with ``based_on``.
    """

    before: BoardResult
    after: BoardResult
    rows: tuple[dict[str, str | None], ...]


def make(board: BoardResult, asked: Sequence[Asked]) -> Made:
    """Check decisions against a board, all at once, and apply them to it.

    Args:
        board: the assessed board, as it stands.
        asked: the decisions, in the order they are to be recorded.

    Returns:
        The board before and after, and the rows to record.

    Raises:
        CallError: one cannot be made: there is no such student, module or value, no reason, or the regulations do
            not let it stand. The message has a line for every fault.
    """
    for one in asked:
        _refuse_bytes(one)
    read = [_read(one) for one in asked]
    known = _Known.of(board, read)
    faults = [f"{_at(one)}{fault}" for one in read for fault in _faults(known, one)]
    if faults:
        raise CallError("\n".join(faults))
    rows = _rows(board, read)
    after = _with(board, rows)
    new = after.decisions.join(rows.select("_src", "_row"), on=["_src", "_row"], maintain_order="right")
    faults = [
        f"{_at(one)}the decision {refusal_of(after, row)}."
        for one, row in zip(read, new.rows(named=True), strict=True)
        if row["why"] is not None
    ]
    if faults:
        raise CallError("\n".join(faults))
    names = [column.name for column in tables.INPUT["decisions"].columns]
    texts = rows.select(pl.col(name).cast(pl.String) for name in names)
    return Made(board, after, tuple(texts.rows(named=True)))


def _read(asked: Asked) -> Asked:
    """Put texts on one line, and names into boardkit's own writing."""
    kinds = {tables.match(kind): kind for kind in tables.DECISIONS}
    given: dict[str, Any] = {
        name: _plain(value)
        for name in ("student_id", "decision", "reason", "module", "value", "minute", "decided_by", "board")
        if (value := getattr(asked, name)) is not None
    }
    given["decision"] = kinds.get(tables.match(given["decision"] or ""), given["decision"])
    given["board"] = (given.get("board") or "").lower() or None
    return replace(asked, **given)


def day(on: date | str | None) -> date | None:
    """Read the day of a decision: a date, a moment, or a text such as ``2023-06-15``.

    Raises:
        CallError: it is none.

    Examples:
        >>> day("2023-06-15"), day(None)
        (datetime.date(2023, 6, 15), None)
    """
    if isinstance(on, str):
        try:
            return date.fromisoformat(on.strip())
        except ValueError:
            raise CallError(
                f'a decision is made on a day such as 2023-06-15, and "{show(on)}" is none.'
            ) from None
    return on.date() if isinstance(on, datetime) else on


def _plain(text: str) -> str | None:
    line = "".join(" " if unicodedata.category(char) == "Cc" else char for char in str(text))
    return line.strip(SPACE + UNSEEN) or None


def _at(asked: Asked) -> str:
    return f"{asked.place}: " if asked.place else ""


@dataclass(frozen=True)
class _Known:
    """What a board knows of some students: their numbers, their modules, what is recommended and recorded."""

    students: dict[str, int]
    modules: dict[int, list[str]]
    recommended: dict[int, str | None]
    recorded: dict[tuple[str | None, ...], tuple[str | None, ...]]

    @classmethod
    def of(cls, board: BoardResult, asked: Sequence[Asked]) -> _Known:
        """Look up, once for all decisions, those whom they are about, and those whose number is like theirs."""
        about = pl.Series([one.student_id for one in asked], dtype=pl.String)
        alike = (
            pl.col("student_id").str.strip_chars_start("0").is_in(about.str.strip_chars_start("0").implode())
        )
        students = board.ground.students.filter(alike).select("student_id", "s")

        def of_them(frame: pl.DataFrame) -> pl.DataFrame:
            return frame.join(students.select("s"), on="s", how="semi", maintain_order="left")

        results = of_them(board.concluded.results).select("s", pl.col("module").cast(pl.String))
        made = of_them(board.progressed.students).select("s", pl.col("recommended").cast(pl.String))
        there = of_them(board.decisions.filter("stands")).select(
            "student_id", pl.col("decision").cast(pl.String), "module", "value", "reason", "minute"
        )
        return cls(
            dict(students.iter_rows()),
            dict(results.group_by("s", maintain_order=True).agg("module").iter_rows()),
            dict(made.iter_rows()),
            {row[:3]: row[3:] for row in there.iter_rows()},
        )


def _faults(known: _Known, asked: Asked) -> list[str]:
    """Say what is wrong with a decision by itself, or with whom and what it names."""
    if asked.decision not in tables.DECISIONS:
        return [f'"{show(asked.decision or "")}" is no decision. There are: {", ".join(tables.DECISIONS)}.']
    faults = []
    if not asked.reason:
        faults.append("a decision needs a reason. Give it.")
    if asked.board not in (None, "module", "programme"):
        faults.append(f'the board is "module" or "programme", not "{show(asked.board or "")}".')
    student = known.students.get(asked.student_id)
    if student is None:
        return [*faults, _no_student(known, asked.student_id or "")]
    if asked.decision not in OF_STUDENTS:
        faults += _module_faults(known.modules.get(student, []), asked)
    if asked.decision == PROGRESSION and is_as_recommended(asked.reason or ""):
        faults += _not_as_recommended(known.recommended.get(student), asked)
    value = named_value(asked.value) if asked.decision in OF_STUDENTS else asked.value
    there = known.recorded.get((asked.student_id, asked.decision, asked.module))
    if there == (value, asked.reason, asked.minute):
        faults.append(
            f"{asked.student_id}: the decision {asked.decision} is recorded already, word for word."
        )
    return faults


def _no_student(known: _Known, student_id: str) -> str:
    alike = [name for name in known.students if name.lstrip("0") == student_id.lstrip("0")]
    hint = f"There is {' and '.join(alike)}." if alike else "Check the number and its leading zeros."
    return f'there is no student "{show(student_id)}" on this board. {hint}'


def _module_faults(modules: list[str], asked: Asked) -> list[str]:
    if not modules:
        return ["the student is on no module of this board."]
    if asked.module is None:
        return [f"{asked.decision} is about a module. Name it: {', '.join(modules)}."]
    if asked.module not in modules:
        return [f'the student is not on the module "{show(asked.module)}". There are: {", ".join(modules)}.']
    return []


def _not_as_recommended(recommended: str | None, asked: Asked) -> list[str]:
    """Refuse to call a decision as recommended that is not (17.8, PR2)."""
    value = named_value(asked.value)
    if value == recommended:
        return []
    return [f"{value} differs from the recommendation, {recommended or 'none'}. Give the reason."]


def is_as_recommended(reason: str) -> bool:
    """Tell a reason that says no more than that the decision is the recommended one.

    Examples:
        >>> is_as_recommended("As  recommended."), is_as_recommended("as recommended by the panel")
        (True, False)
    """
    return " ".join(reason.split()).casefold().strip(" .!,;:") == AS_RECOMMENDED


def named_value(value: str | None) -> str:
    """Write the name of a class or of a decision as boardkit writes it.

    Examples:
        >>> named_value("Repeat level"), named_value(None)
        ('repeat-level', '')
    """
    return "-".join((value or "").lower().replace("_", "-").split())


def _refuse_bytes(one: Asked) -> None:
    """Refuse what a terminal hands over that is no text; it could not be written down."""
    for name, value in vars(one).items():
        try:
            str(value).encode()
        except UnicodeEncodeError as error:
            raise CallError(
                f"{name.replace('_', ' ')} holds bytes that are no text. Type it again."
            ) from error


def _rows(board: BoardResult, asked: Sequence[Asked]) -> pl.DataFrame:
    """Make typed rows of the decisions table, placed behind those that are there, with what they are based on."""
    there = board.cohort.typed["decisions"]
    source = _source(board.cohort)
    last = there.filter(pl.col("_src") == source)["_row"].max() if there.height else None
    first = int(last) + 1 if isinstance(last, int) else 1
    names = [column.name for column in tables.INPUT["decisions"].columns if column.name != "based_on"]
    rows = pl.DataFrame(
        [{name: getattr(one, name) for name in names} for one in asked],
        schema={name: there.schema[name] for name in names},
    ).with_columns(
        _row=pl.int_range(first, first + len(asked), dtype=pl.UInt32), _src=pl.lit(source, dtype=pl.UInt16)
    )
    numbered = rows.join(
        board.ground.students.select("student_id", "s"), on="student_id", maintain_order="left"
    )
    return rows.with_columns(digests(board, numbered)).with_columns(_bad=pl.lit(value=False))


def _source(cohort: Cohort) -> int:
    """Give the number of the source that decisions come from; one behind the others where there is none."""
    known = [at for at, source in enumerate(cohort.sources) if source.table == "decisions"]
    return known[0] if known else len(cohort.sources)


def _with(board: BoardResult, rows: pl.DataFrame) -> BoardResult:
    """Assess the board again with rows added to its decisions."""
    from boardkit.assessing import assess  # noqa: PLC0415 - boards make decisions by this

    cohort = board.cohort
    there = cohort.typed["decisions"]
    both = pl.concat(
        [there, rows.select(name for name in there.columns if name in rows.columns)], how="diagonal"
    )
    sources = cohort.sources
    if _source(cohort) == len(sources):
        sources = (*sources, Source("decisions", lettered=False))
    added = replace(
        cohort,
        typed={**cohort.typed, "decisions": both},
        given=cohort.given | {"decisions"},
        sources=sources,
    )
    return assess(added, board.pack)
