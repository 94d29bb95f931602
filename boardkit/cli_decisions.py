"""The commands that record a board's decisions: one by one, or from the papers that the board filled in."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads the annotations at run time
from typing import TYPE_CHECKING, Annotated

import typer

from boardkit.errors import CallError
from boardkit.opening import Asked as Opened
from boardkit.opening import assess_board, code_of
from boardkit.options import (
    Code,
    Input,
    Kind,
    Limits,
    Presented,
    Rules,
    Settings,
    StudyOf,
    limits_of,
)
from boardkit.terminal import say

if TYPE_CHECKING:
    from boardkit.cohort import Cohort
    from boardkit.deciding.make import Made
    from boardkit.read.limits import Limits as Guards

Dry = Annotated[bool, typer.Option("--dry-run", help="Check and show, and write nothing.")]

decisions = typer.Typer(help="Decisions of a board: read back from its papers.", no_args_is_help=True)


def _optional(name: str, metavar: str, told: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(name, metavar=metavar, help=told, show_default=False)
    return option


def decide(  # noqa: PLR0913 - the contract's options
    source: Input,
    student: Annotated[
        str,
        typer.Argument(
            metavar="STUDENT", help="The student's number, with its leading zeros.", show_default=False
        ),
    ],
    decision: Annotated[
        str,
        typer.Argument(
            metavar="DECISION",
            help="condone, extra-attempt, count-prior-learning, bar-reassessment, module-mark, classification or progression.",
            show_default=False,
        ),
    ],
    *,
    regulations: Rules,
    reason: Annotated[str, _optional("--reason", "TEXT", "Why; a decision needs a reason.")],
    module: Annotated[
        str | None, _optional("--module", "CODE", "The module, for a decision about one.")
    ] = None,
    value: Annotated[
        str | None,
        _optional("--value", "VALUE", "The class, the mark or the way on; N takes an earlier decision back."),
    ] = None,
    minute: Annotated[str | None, _optional("--minute", "TEXT", "Where it is minuted.")] = None,
    by: Annotated[str | None, _optional("--by", "WHO", "Who decided.")] = None,
    on: Annotated[str | None, _optional("--on", "DAY", "When, such as 2023-06-15.")] = None,
    board: Annotated[
        str | None, _optional("--board", "BOARD", "module or programme: which board decided.")
    ] = None,
    kind: Kind = None,
    study: StudyOf = None,
    limit: Limits = None,
    settings: Settings = None,
    dry_run: Dry = False,
) -> None:
    """Check one decision against the board as it stands, and record it in the board's own tables."""
    from boardkit.deciding.make import Asked, day, make  # noqa: PLC0415 - after --help
    from boardkit.deciding.told import changes, recommended, replaced  # noqa: PLC0415
    from boardkit.read.limits import raised  # noqa: PLC0415

    opened = Opened(source, kind=kind, study=study, limits=limit, settings=settings)
    cohort, assessed = assess_board(opened, regulations)
    asked = Asked(
        student_id=student.strip(),
        decision=decision,
        reason=reason,
        module=module,
        value=value,
        minute=minute,
        decided_by=by,
        decided_on=day(on),
        board=board,
    )
    made = make(assessed, [asked])
    row = made.rows[0]
    what = " ".join(filter(None, (row["decision"], row["module"], row["value"])))
    say("Student", row["student_id"] or "")
    say("Decision", what + (f", minute {row['minute']}" if row["minute"] else ""))
    say("Before", recommended(assessed, made))
    if (earlier := replaced(assessed, made)) is not None:
        say("Replaces", earlier)
    first, *rest = changes(made) or ["no mark, class or way on"]
    say("Changes", first)
    for line in rest:
        say("", line)
    _write(source, cohort, made, raised(limits_of(limit)), dry_run=dry_run)


@decisions.command("import")
def import_papers(  # noqa: PLR0913 - the contract's options
    papers: Annotated[
        Path,
        typer.Argument(
            metavar="PAPERS", help="The board workbook, as the board filled it in.", show_default=False
        ),
    ],
    source: Input,
    *,
    regulations: Rules,
    kind: Kind = None,
    module: Code = None,
    presentation: Presented = None,
    study: StudyOf = None,
    limit: Limits = None,
    settings: Settings = None,
    dry_run: Dry = False,
) -> None:
    """Read the decisions on progress that a board typed on its papers, and record those that are new."""
    from boardkit.deciding.make import AS_RECOMMENDED, make  # noqa: PLC0415 - after --help
    from boardkit.deciding.papers import read_papers  # noqa: PLC0415
    from boardkit.read.limits import raised  # noqa: PLC0415

    if not papers.is_file():
        raise CallError(f"cannot find {papers.name}. Check the path.")
    opened = Opened(source, kind, module, presentation, study, limit, settings)
    cohort, assessed = assess_board(opened, regulations)
    typed = read_papers(papers, assessed, raised(limits_of(limit)))
    new, other = len(typed.asked), len(typed.asked) - typed.as_recommended
    say("Read", f"{papers.name}   {new:,} new, {typed.recorded:,} recorded already")
    if typed.gone:
        say("", f"as printed, and standing no longer: {', '.join(typed.gone)}; nothing is recorded for these")
    if not new:
        say("Wrote", "nothing: there is no decision that is not recorded.")
        raise typer.Exit(code_of(assessed))
    made = make(assessed, typed.asked)
    say("Decided", f"{typed.as_recommended:,} as recommended, {other:,} otherwise")
    for row in made.rows:
        if (row["reason"] or "") != AS_RECOMMENDED:
            minute = f" (minute {row['minute']})" if row["minute"] else ""
            say("", f"{row['student_id']}   {row['value']}{minute}: {row['reason']}")
    _write(source, cohort, made, raised(limits_of(limit)), dry_run=dry_run)


def _write(source: Path, cohort: Cohort, made: Made, guards: Guards, *, dry_run: bool) -> None:
    """Record the rows, or show them where nothing is to be written; and end with the board's exit code."""
    from boardkit.deciding.record import target, write  # noqa: PLC0415 - after --help
    from boardkit.report.names import plural  # noqa: PLC0415

    rows = plural(len(made.rows), "row")
    if dry_run:
        say(
            "Wrote",
            f"nothing (--dry-run). {rows[0].upper()}{rows[1:]} to record, by the columns of the table:",
        )
        for row in made.rows:
            say("", "; ".join(f"{name}: {text}" for name, text in row.items() if text is not None))
        raise typer.Exit(code_of(made.after))
    where = target(source, cohort)
    kept = write(where, made.rows, guards)
    beside = f"; as it was before: {kept.name}" if kept is not None else ""
    say("Wrote", f"{rows} to {where.path.name}{beside}")
    raise typer.Exit(code_of(made.after))
