"""The commands. They read, call and print; no rule stands here."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from boardkit.cli_decisions import decide, decisions
from boardkit.cli_moderation import moderation
from boardkit.cli_regulations import packs
from boardkit.cli_sample import samples
from boardkit.cli_tariff import tariff
from boardkit.ending import end_undisturbed, ended_once
from boardkit.errors import BoardkitError, CallError
from boardkit.opening import DONE, DONE_WITH_ERRORS, Asked, assess_board, code_of, read_board
from boardkit.options import (
    Code,
    Input,
    Kind,
    Limits,
    Out,
    Presented,
    Rules,
    Settings,
    StudyOf,
    Version,
    limits_of,
    refuse_inside,
    some_path,
    some_workbook,
    whole_number,
)
from boardkit.terminal import own_fault, progress, refused, say, show_problems, show_worst, write

INTERRUPTED, UNHEARD = 130, 141
_UNSEEN_WIDTH = 160
"""The width of a picture that goes to no terminal."""

_FEW_LOOKS = 100_000
"""After how many objects Python looks for garbage: a command is over soon, and leaves next to none in circles."""

app = typer.Typer(
    help="From a cohort's marks to exam-board outcomes, with the clause for every number.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(packs, name="regulations")
app.command()(decide)
app.command()(tariff)
app.add_typer(decisions, name="decisions")
app.add_typer(samples, name="sample")
app.add_typer(moderation, name="moderation")


@app.callback()
def _boardkit(*, version: Version = False) -> None:
    """From a cohort's marks to exam-board outcomes, with the clause for every number."""


@app.command()
def run(  # noqa: PLR0913 - the contract's options
    source: Input,
    *,
    regulations: Rules,
    out: Out,
    kind: Kind = None,
    module: Code = None,
    presentation: Presented = None,
    parquet: Annotated[bool, typer.Option("--parquet", help="Write .parquet beside every .csv.")] = False,
    study: StudyOf = None,
    limit: Limits = None,
    settings: Settings = None,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="Write no name and no e-mail of a student.")
    ] = False,
    no_papers: Annotated[
        bool, typer.Option("--no-papers", help="Write the tables alone, without the board workbook.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Write over files that boardkit did not write.")
    ] = False,
) -> None:
    """Assess a board: read, check, apply the regulations, write the tables and the board workbook."""
    from boardkit.report.changes import CHANGES  # noqa: PLC0415 - after --help
    from boardkit.report.run import BOOK, refuse, write_run  # noqa: PLC0415
    from boardkit.report.summary import assessed_lines, problem_line, read_line  # noqa: PLC0415
    from boardkit.tables import OUTPUT  # noqa: PLC0415

    refuse_inside(source, out)
    refuse(out, parquet=parquet, force=force, source=source)
    cohort, board = assess_board(
        Asked(source, kind, module, presentation, study, limit, settings), regulations
    )
    with progress("Writing"):
        wrote = write_run(board, out, parquet=parquet, force=force, anonymous=anonymous, papers=not no_papers)
    board = wrote.board  # nor does the terminal name anybody, where that is asked
    say("Read", f"{source.name}   {read_line(cohort)}")
    say("Problems", f"{problem_line(board.severities)}   {out / 'problems.csv'}")
    show_worst(board.polars.problems)
    first, *rest = assessed_lines(board)
    say("Assessed", first)
    for line in rest:
        say("", line)
    if wrote.changes is not None:
        told = wrote.changes.told()
        where = "" if wrote.changes.rows.is_empty() else f"   {out / CHANGES}"
        say("Changed", f"{told} since the run before{where}")
    book = [name for name in wrote.files if name == BOOK]
    *others, last = [name for name in wrote.files if name != BOOK]
    say("Wrote", f"{', '.join((*book, f'{len(OUTPUT)} tables', *others))} and {last} to {out}")
    raise typer.Exit(code_of(board))


@app.command()
def check(  # noqa: PLR0913 - the contract's options
    source: Input,
    *,
    regulations: Annotated[
        str | None,
        typer.Option(
            "--regulations",
            metavar="ID",
            help="Find what these regulations find wrong, too.",
            show_default=False,
        ),
    ] = None,
    mark_up: Annotated[
        Path | None,
        typer.Option(
            "--mark-up",
            metavar="OUT.xlsx",
            help="Write a copy of the workbook with every problem at its cell.",
            parser=some_workbook,
            show_default=False,
        ),
    ] = None,
    kind: Kind = None,
    module: Code = None,
    presentation: Presented = None,
    study: StudyOf = None,
    limit: Limits = None,
    settings: Settings = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write the marked copy over a file that is there.")
    ] = False,
) -> None:
    """Read and check a board's tables, and stop after the problems."""
    from boardkit.marking_up import refuse_mark_up, write_mark_up  # noqa: PLC0415 - after --help
    from boardkit.report.summary import problem_line, read_line  # noqa: PLC0415

    if mark_up is not None:
        refuse_mark_up(source, mark_up, force=force)
    elif force:
        raise CallError("--force is for the marked copy. Give --mark-up OUT.xlsx too, or leave --force out.")
    asked = Asked(source, kind, module, presentation, study, limit, settings)
    if regulations is None:
        cohort = read_board(asked, None)
        problems, severities = cohort.polars.problems, cohort.severities
    else:
        cohort, board = assess_board(asked, regulations)
        problems, severities = board.polars.problems, board.severities
    say("Read", f"{source.name}   {read_line(cohort)}")
    say("Problems", problem_line(severities))
    show_problems(problems)
    if regulations is None:
        say("", "What regulations find wrong was not looked for; --regulations ID does.")
    if mark_up is not None:
        say("Wrote", write_mark_up(asked, mark_up, cohort, problems, regulations, force=force))
    raise typer.Exit(DONE_WITH_ERRORS if severities["error"] else DONE)


@app.command()
def explain(  # noqa: PLR0913 - the contract's options
    source: Input,
    student: Annotated[
        str,
        typer.Argument(
            metavar="STUDENT", help="The student's number, with its leading zeros.", show_default=False
        ),
    ],
    *,
    regulations: Rules,
    kind: Kind = None,
    module: Code = None,
    presentation: Presented = None,
    study: StudyOf = None,
    limit: Limits = None,
    settings: Settings = None,
) -> None:
    """Tell one student's way from the cells to the class, clause by clause."""
    asked = Asked(source, kind, module, presentation, study, limit, settings)
    _, board = assess_board(asked, regulations)
    write(str(board.explain(student)))
    raise typer.Exit(code_of(board))


@app.command()
def demo(  # noqa: PLR0913 - a cohort has these
    students: Annotated[
        int,
        typer.Argument(metavar="N", help="How many students.", parser=whole_number, show_default=False),
    ],
    *,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="DIR",
            help="The folder to write to, or a workbook (.xlsx).",
            parser=some_path,
            show_default=False,
        ),
    ],
    seed: Annotated[
        int,
        typer.Option(
            "--seed", metavar="NUMBER", help="Another one gives another cohort.", parser=whole_number
        ),
    ] = 2022,
    study: Annotated[
        str, typer.Option("--study", metavar="STUDY", help="undergraduate or postgraduate.")
    ] = "undergraduate",
    faults: Annotated[
        bool, typer.Option("--faults", help="Put in a few faults, as real sheets have them.")
    ] = False,
    parquet: Annotated[bool, typer.Option("--parquet", help="Write .parquet instead of .csv.")] = False,
) -> None:
    """Write an invented cohort of any size, the same for the same seed."""
    from boardkit.demo import demo as invent  # noqa: PLC0415 - after --help
    from boardkit.demo import write_folder, write_workbook  # noqa: PLC0415

    if out.exists() and (out.is_file() or any(out.iterdir())):
        raise CallError(f"cannot write to {out.name}: it is already there. Choose another name.")
    with progress("Inventing"):
        tables = invent(students, seed=seed, study=study, faults=faults)
    with progress("Writing"):
        if out.suffix.lower() == ".xlsx":
            write_workbook(tables, out)
        else:
            write_folder(tables, out, parquet=parquet)
    say("Wrote", f"{students:,} invented student{'' if students == 1 else 's'} to {out}")


@app.command()
def layout(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="A workbook of marksheets, or a folder with a board.toml.",
            show_default=False,
        ),
    ],
    *,
    limit: Limits = None,
) -> None:
    """Draw how marksheets are understood, and print a proposal for their board.toml; nothing is written."""
    from rich.console import Console  # noqa: PLC0415 - after --help

    from boardkit.read.limits import raised  # noqa: PLC0415
    from boardkit.read.marksheet.picture import picture  # noqa: PLC0415
    from boardkit.read.marksheet.understood import understand  # noqa: PLC0415

    with progress("Reading"):
        known = understand(source, raised(limits_of(limit)))
    console = Console(width=None if sys.stdout.isatty() else _UNSEEN_WIDTH, highlight=False)
    for book, sheet in known.sheets:
        console.print(picture(book, sheet))
        for doubt in sheet.doubts:
            say("Look", doubt)
        write("")
    if known.given:
        say("Read", f"as {source.name}/board.toml says:")
    else:
        say("Proposed", f"a board.toml beside {source.name}; correct it, and fill in what stands as ?:")
    write(f"\n{known.toml}".rstrip())


def main() -> None:
    """Run a command; an error is one line and exit code 2, never a traceback."""
    gc.set_threshold(_FEW_LOOKS)
    # As Python ends it looks for garbage once more, a tenth of a second in what a board holds.
    atexit.register(gc.freeze)
    atexit.register(end_undisturbed)
    arguments = sys.argv[1:]
    if arguments in ([], ["regulations"], ["decisions"], ["sample"], ["moderation"]):
        arguments = [*arguments, "--help"]
    try:
        with ended_once():
            code = app(arguments, prog_name="boardkit", standalone_mode=False)
            if sys.stdout is not None:
                sys.stdout.flush()
        if code == INTERRUPTED:
            raise KeyboardInterrupt  # Typer has turned it into its exit code  # noqa: TRY301
    except BoardkitError as error:
        code = refused(str(error))
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        where = context.command_path if context else "boardkit"
        code = refused(f"{error.format_message().rstrip('.')}. See {where} --help.")
    except (KeyboardInterrupt, typer.Abort):
        write("boardkit: stopped; what was to be written is there whole, or not at all.", err=True)
        code = INTERRUPTED
    except (BrokenPipeError, SystemExit):  # Typer exits where nobody reads what it prints
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = UNHEARD
    except OSError as error:
        name = Path(os.fsdecode(error.filename)).name if error.filename else "a file"
        code = refused(f"cannot use {name}: {error.strerror or error}.")
    except BaseException as error:  # noqa: BLE001 - the last resort: also what polars raises on a panic
        code = refused(own_fault(error))
    sys.exit(code if isinstance(code, int) else DONE)
