"""The commands. They read, call and print; no rule stands here."""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from boardkit.cli_decisions import decide, decisions
from boardkit.errors import BoardkitError, CallError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from boardkit.board import BoardResult
    from boardkit.cohort import Cohort

DONE, DONE_WITH_ERRORS, UNUSABLE, INTERRUPTED, UNHEARD = 0, 1, 2, 130, 141
_SHOWN = 12
"""How many problems a run prints; the rest are in the file."""
_UNSEEN_WIDTH = 160
"""The width of a picture that goes to no terminal."""

app = typer.Typer(
    help="From a cohort's marks to exam-board outcomes, with the clause for every number.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
packs = typer.Typer(
    help="Regulation packs: which there are, what they say, whether one is sound.", no_args_is_help=True
)
app.add_typer(packs, name="regulations")
app.command()(decide)
app.add_typer(decisions, name="decisions")


def _whole_number(text: str) -> int:
    """Read a whole number, or say in plain words that it is none."""
    try:
        return int(text)
    except ValueError:
        raise typer.BadParameter(f'"{text}" is not a whole number.') from None


Input = Annotated[
    Path,
    typer.Argument(
        metavar="INPUT",
        help="A workbook, a folder of tables, or a folder with a board.toml.",
        show_default=False,
    ),
]
Rules = Annotated[
    str,
    typer.Option(
        "--regulations", metavar="ID", help="A shipped pack, or the path of a pack file.", show_default=False
    ),
]
Kind = Annotated[
    str | None,
    typer.Option(
        "--kind",
        metavar="KIND",
        help="The kind of export, where the files do not say it: oulad.",
        show_default=False,
    ),
]
Code = Annotated[
    str | None,
    typer.Option("--module", metavar="CODE", help="With --kind oulad: one module.", show_default=False),
]
Presented = Annotated[
    str | None,
    typer.Option(
        "--presentation", metavar="CODE", help="With --kind oulad: one presentation.", show_default=False
    ),
]
StudyOf = Annotated[
    str | None,
    typer.Option(
        "--study",
        metavar="STUDY",
        help="undergraduate or postgraduate, where there is no modules table.",
        show_default=False,
    ),
]
Limits = Annotated[
    list[str] | None,
    typer.Option(
        "--limit",
        metavar="NAME=NUMBER",
        help="Raise a guard of the workbook reader, by the name that its refusal gives.",
        show_default=False,
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="A parameter that the pack asks the board for.",
        show_default=False,
    ),
]


@dataclass(frozen=True)
class _Asked:
    """What a command is to read, and how."""

    source: Path
    kind: str | None
    module: str | None
    presentation: str | None
    study: str | None
    limits: list[str] | None = None


@app.command()
def run(  # noqa: PLR0913 - the contract's options
    source: Input,
    *,
    regulations: Rules,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="The folder to write to.", show_default=False)
    ],
    kind: Kind = None,
    module: Code = None,
    presentation: Presented = None,
    parquet: Annotated[bool, typer.Option("--parquet", help="Write .parquet beside every .csv.")] = False,
    study: StudyOf = None,
    limit: Limits = None,
    settings: Settings = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write over files that boardkit did not write.")
    ] = False,
) -> None:
    """Assess a board: read, check, apply the regulations, write the tables and the board workbook."""
    from boardkit.report.changes import CHANGES  # noqa: PLC0415 - after --help
    from boardkit.report.run import BOOK, refuse, write_run  # noqa: PLC0415
    from boardkit.report.summary import assessed_lines, problem_line, read_line  # noqa: PLC0415
    from boardkit.tables import OUTPUT  # noqa: PLC0415

    _refuse_inside(source, out)
    refuse(out, parquet=parquet, force=force)
    cohort, board = _assess(_Asked(source, kind, module, presentation, study, limit), regulations, settings)
    with _progress("Writing"):
        wrote = write_run(board, out, parquet=parquet, force=force)
    _say("Read", f"{source.name}   {read_line(cohort)}")
    _say("Problems", f"{problem_line(board.severities)}   {out / 'problems.csv'}")
    _show_worst(board.polars.problems)
    first, *rest = assessed_lines(board)
    _say("Assessed", first)
    for line in rest:
        _say("", line)
    if wrote.changes is not None:
        told = wrote.changes.told()
        where = "" if wrote.changes.rows.is_empty() else f"   {out / CHANGES}"
        _say("Changed", f"{told} since the run before{where}")
    _say("Wrote", f"{BOOK}, {len(OUTPUT)} tables and manifest.json to {out}")
    raise typer.Exit(DONE_WITH_ERRORS if board.severities["error"] else DONE)


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
    kind: Kind = None,
    module: Code = None,
    presentation: Presented = None,
    study: StudyOf = None,
    limit: Limits = None,
) -> None:
    """Read and check a board's tables, and stop after the problems."""
    from boardkit.report.summary import problem_line, read_line  # noqa: PLC0415 - after --help

    asked = _Asked(source, kind, module, presentation, study, limit)
    if regulations is None:
        cohort = _read(asked, None)
        problems, severities = cohort.polars.problems, cohort.severities
    else:
        cohort, board = _assess(asked, regulations, None)
        problems, severities = board.polars.problems, board.severities
    _say("Read", f"{source.name}   {read_line(cohort)}")
    _say("Problems", problem_line(severities))
    _show(problems)
    if regulations is None:
        _say("", "What regulations find wrong was not looked for; --regulations ID does.")
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
    _, board = _assess(_Asked(source, kind, module, presentation, study, limit), regulations, settings)
    typer.echo(board.explain(student))
    raise typer.Exit(DONE_WITH_ERRORS if board.severities["error"] else DONE)


@app.command()
def demo(  # noqa: PLR0913 - a cohort has these
    students: Annotated[
        int,
        typer.Argument(metavar="N", help="How many students.", parser=_whole_number, show_default=False),
    ],
    *,
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="DIR", help="The folder to write to, or a workbook (.xlsx).", show_default=False
        ),
    ],
    seed: Annotated[
        int,
        typer.Option(
            "--seed", metavar="NUMBER", help="Another one gives another cohort.", parser=_whole_number
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
    with _progress("Inventing"):
        tables = invent(students, seed=seed, study=study, faults=faults)
    with _progress("Writing"):
        if out.suffix.lower() == ".xlsx":
            write_workbook(tables, out)
        else:
            write_folder(tables, out, parquet=parquet)
    _say("Wrote", f"{students:,} invented student{'' if students == 1 else 's'} to {out}")


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
    """Draw how marksheets are understood, and write the board.toml that says so."""
    from rich.console import Console  # noqa: PLC0415 - after --help

    from boardkit.read.limits import raised  # noqa: PLC0415
    from boardkit.read.marksheet.picture import picture  # noqa: PLC0415
    from boardkit.read.marksheet.understood import understand  # noqa: PLC0415

    with _progress("Reading"):
        known = understand(source, raised(_limits(limit)))
    console = Console(width=None if sys.stdout.isatty() else _UNSEEN_WIDTH, highlight=False)
    for book, sheet in known.sheets:
        console.print(picture(book, sheet))
        for doubt in sheet.doubts:
            _say("Look", doubt)
        typer.echo()
    if known.given:
        _say("Read", f"as {source.name}/board.toml says:")
    else:
        _say("Proposed", f"a board.toml beside {source.name}; correct it, and fill in what stands as ?:")
    typer.echo(f"\n{known.toml}".rstrip())


@packs.command("list")
def list_packs() -> None:
    """Name the packs that come with boardkit."""
    from boardkit.regulations.show import outline  # noqa: PLC0415 - after --help

    for pack, institution, title, session in outline():
        typer.echo(f"{pack:<12} {institution}: {title}, {session}")


@packs.command()
def show(
    pack: Annotated[
        str,
        typer.Argument(metavar="ID", help="A shipped pack, or the path of a pack file.", show_default=False),
    ],
) -> None:
    """Write out a pack: every value with its clause and its reading."""
    from boardkit.regulations import load  # noqa: PLC0415 - after --help
    from boardkit.regulations.show import show as write_out  # noqa: PLC0415

    typer.echo(write_out(load(pack)))


@packs.command("check")
def check_pack(
    pack: Annotated[Path, typer.Argument(metavar="FILE", help="The pack file.", show_default=False)],
) -> None:
    """Check a pack file, and name every fault."""
    from boardkit.regulations import load  # noqa: PLC0415 - after --help

    loaded = load(pack)
    _say("Sound", f"{loaded.rules.pack.id}: {loaded.rules.pack.institution}, {loaded.rules.pack.title}")


def _read(asked: _Asked, regulations: str | None) -> Cohort:
    from boardkit.read import read  # noqa: PLC0415 - after --help

    with _progress("Reading"):
        return read(
            asked.source,
            kind=asked.kind,
            module=asked.module,
            presentation=asked.presentation,
            regulations=regulations,
            study=_study(asked.study),
            limits=_limits(asked.limits),
        )


def _assess(asked: _Asked, regulations: str, settings: list[str] | None) -> tuple[Cohort, BoardResult]:
    from boardkit.board import assess  # noqa: PLC0415 - after --help
    from boardkit.regulations import load  # noqa: PLC0415

    pack = load(regulations)
    for setting in settings or []:
        name, equals, _ = setting.partition("=")
        if not equals:
            raise CallError(f'--set takes NAME=VALUE, and "{setting}" has no "=".')
        raise CallError(f'{pack.rules.pack.id} asks for no parameter "{name}". Leave out --set {name}.')
    cohort = _read(asked, regulations)
    with _progress("Assessing"):
        return cohort, assess(cohort, pack)


def _limits(asked: list[str] | None) -> dict[str, int]:
    limits = {}
    for one in asked or []:
        name, equals, number = one.partition("=")
        if not equals or not number.replace("_", "").isdecimal():
            raise CallError(
                f'--limit takes NAME=NUMBER, and "{one}" is not that. An example: cells=10000000.'
            )
        limits[name.strip().replace("-", "_")] = int(number)
    return limits


def _study(study: str | None) -> Any:
    from boardkit.tables import STUDY  # noqa: PLC0415 - after --help

    if study is not None and study not in STUDY:
        raise CallError(f'--study "{study}" is not known. Give {" or ".join(STUDY)}.')
    return study


def _refuse_inside(source: Path, out: Path) -> None:
    """Refuse to write where the input is (it may not be the same, nor inside it)."""
    there, here = out.resolve(), source.resolve()
    if there == here or here in there.parents:
        raise CallError(f"cannot write to {out.name}: it is the input, or inside it. Choose another folder.")


def _say(name: str, text: str) -> None:
    from boardkit.report.page import plain  # noqa: PLC0415 - after --help

    typer.echo(plain(f"{name:<10}{text}").rstrip())


def _show_worst(problems: pl.DataFrame) -> None:
    """Print the first errors and warnings, and say how many more there are."""
    worst = problems.filter(problems["severity"] != "note").head(_SHOWN)
    _show(worst)
    more = problems.height - worst.height
    if more and worst.height:
        typer.echo(f"  and {more:,} more in problems.csv")


def _show(problems: pl.DataFrame) -> None:
    """Print problems, each with its place."""
    from boardkit.report.page import plain  # noqa: PLC0415 - after --help

    rows = [(row["severity"], _place(row), row["message"] or row["code"]) for row in problems.to_dicts()]
    width = max((len(place) for _, place, _ in rows), default=0)
    for severity, place, message in rows:
        typer.echo(plain(f"  {severity:<9}{place:<{width}}   {message}"))


def _place(problem: dict[str, Any]) -> str:
    """Name the cell: with its sheet in a workbook, with its file in a folder."""
    cell = problem["cell"] or ""
    if problem["sheet"]:
        return f"{problem['sheet']}!{cell}" if cell else str(problem["sheet"])
    return f"{problem['file'] or ''} {cell}".strip()


@contextmanager
def _progress(what: str) -> Iterator[None]:
    """Show on stderr, where a terminal is there, what is going on."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # noqa: PLC0415 - only where it is seen

    with Console(stderr=True).status(f"{what} ..."):
        yield


def main() -> None:
    """Run a command; an error is one line and exit code 2, never a traceback."""
    arguments = sys.argv[1:]
    if arguments in ([], ["regulations"], ["decisions"]):
        arguments = [*arguments, "--help"]
    try:
        code = app(arguments, prog_name="boardkit", standalone_mode=False)
        sys.stdout.flush()
        if code == INTERRUPTED:
            raise KeyboardInterrupt  # Typer has turned it into its exit code  # noqa: TRY301
    except BoardkitError as error:
        code = _refused(str(error))
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        where = context.command_path if context else "boardkit"
        code = _refused(f"{error.format_message().rstrip('.')}. See {where} --help.")
    except (KeyboardInterrupt, typer.Abort):
        typer.echo("boardkit: stopped; nothing was written.", err=True)
        code = INTERRUPTED
    except (BrokenPipeError, SystemExit):  # Typer exits where nobody reads what it prints
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = UNHEARD
    except OSError as error:
        name = Path(os.fsdecode(error.filename)).name if error.filename else "a file"
        code = _refused(f"cannot use {name}: {error.strerror or error}.")
    except BaseException as error:  # noqa: BLE001 - the last resort: also what polars raises on a panic
        code = _refused(_own_fault(error))
    sys.exit(code if isinstance(code, int) else DONE)


def _refused(why: str) -> int:
    for line in filter(None, why.splitlines()):
        typer.echo(f"boardkit: {line}", err=True)
    return UNUSABLE


def _own_fault(error: BaseException) -> str:
    """Name a fault of boardkit's own in one line, so that it can be passed on."""
    here = Path(__file__).parent
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(here)
    ]
    place = (
        f"{Path(frames[-1].filename).relative_to(here)}, line {frames[-1].lineno}"
        if frames
        else "before the start"
    )
    what = " ".join(f"{type(error).__name__}: {error}".split())
    return f"stopped by a fault of its own ({place}): {what}. Please pass this line on to its makers."
