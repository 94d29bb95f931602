"""The commands. They read, call and print; no rule stands here."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from boardkit.errors import BoardkitError, CallError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from boardkit.board import BoardResult
    from boardkit.cohort import Cohort

DONE, DONE_WITH_ERRORS, UNUSABLE, INTERRUPTED = 0, 1, 2, 130
_SHOWN = 12
"""How many problems a run prints; the rest are in the file."""

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

Input = Annotated[
    Path, typer.Argument(metavar="INPUT", help="A workbook, or a folder of tables.", show_default=False)
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
        "--kind", help="The kind of export, where the files do not say it: oulad.", show_default=False
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
        "--study", help="undergraduate or postgraduate, where there is no modules table.", show_default=False
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


@app.command()
def run(  # noqa: PLR0913 - the contract's options
    source: Input,
    regulations: Rules,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="The folder to write to.", show_default=False)
    ],
    kind: Kind = None,
    module: Code = None,
    presentation: Presented = None,
    parquet: Annotated[bool, typer.Option("--parquet", help="Write .parquet beside every .csv.")] = False,  # noqa: FBT002 - a flag
    study: StudyOf = None,
    settings: Settings = None,
    force: Annotated[
        bool, typer.Option("--force", help="Write over files that boardkit did not write.")
    ] = False,  # noqa: FBT002 - a flag
) -> None:
    """Assess a board: read, check, apply the regulations, write the tables."""
    _refuse_out(source, out)
    cohort, board = _assess(source, regulations, kind, module, presentation, study, settings)
    from boardkit.report.summary import assessed_lines, problem_line, read_line  # noqa: PLC0415 - after --help

    with _progress("Writing"):
        board.write(out, parquet=parquet, force=force)
    _say("Read", f"{source.name}   {read_line(cohort)}")
    _say("Problems", f"{problem_line(board.severities)}   {out / 'problems.csv'}")
    _show(board.polars.problems)
    first, *rest = assessed_lines(board)
    _say("Assessed", first)
    for line in rest:
        _say("", line)
    _say("Wrote", f"{len(list(out.glob('*.csv')))} tables and manifest.json to {out}")
    raise typer.Exit(DONE_WITH_ERRORS if board.severities["error"] else DONE)


@app.command()
def check(  # noqa: PLR0913 - the contract's options
    source: Input,
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
) -> None:
    """Read and check a board's tables, and stop after the problems."""
    from boardkit.report.summary import problem_line, read_line  # noqa: PLC0415 - after --help

    if regulations is None:
        cohort = _read(source, None, kind, module, presentation, study)
        problems, severities = cohort.polars.problems, cohort.severities
    else:
        cohort, board = _assess(source, regulations, kind, module, presentation, study, None)
        problems, severities = board.polars.problems, board.severities
    _say("Read", f"{source.name}   {read_line(cohort)}")
    _say("Problems", problem_line(severities))
    _show(problems, most=None)
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
    regulations: Rules,
    kind: Kind = None,
    module: Code = None,
    presentation: Presented = None,
    study: StudyOf = None,
    settings: Settings = None,
) -> None:
    """Tell one student's way from the cells to the class, clause by clause."""
    _, board = _assess(source, regulations, kind, module, presentation, study, settings)
    typer.echo(board.explain(student))


@app.command()
def demo(  # noqa: PLR0913 - a cohort has these
    students: Annotated[
        int, typer.Argument(metavar="N", help="How many students.", min=1, show_default=False)
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="DIR", help="The folder to write to, or a workbook (.xlsx).", show_default=False
        ),
    ],
    seed: Annotated[int, typer.Option("--seed", help="Another one gives another cohort.")] = 2022,
    study: Annotated[str, typer.Option("--study", help="undergraduate or postgraduate.")] = "undergraduate",
    faults: Annotated[
        bool, typer.Option("--faults", help="Put in a few faults, as real sheets have them.")
    ] = False,  # noqa: FBT002 - a flag
    parquet: Annotated[bool, typer.Option("--parquet", help="Write .parquet instead of .csv.")] = False,  # noqa: FBT002 - a flag
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
    _say("Wrote", f"{students:,} invented students to {out}")


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


def _read(
    source: Path,
    regulations: str | None,
    kind: str | None,
    module: str | None,
    presentation: str | None,
    study: str | None,
) -> Cohort:  # noqa: PLR0913, PLR0917 - as the commands
    from boardkit.read import read  # noqa: PLC0415 - after --help

    with _progress("Reading"):
        return read(
            source,
            kind=kind,
            module=module,
            presentation=presentation,
            regulations=regulations,
            study=_study(study),
        )


def _assess(  # noqa: PLR0913, PLR0917 - as the commands
    source: Path,
    regulations: str,
    kind: str | None,
    module: str | None,
    presentation: str | None,
    study: str | None,
    settings: list[str] | None,
) -> tuple[Cohort, BoardResult]:
    from boardkit.board import assess  # noqa: PLC0415 - after --help
    from boardkit.regulations import load  # noqa: PLC0415

    pack = load(regulations)
    for setting in settings or []:
        name, equals, _ = setting.partition("=")
        if not equals:
            raise CallError(f'--set takes NAME=VALUE, and "{setting}" has no "=".')
        raise CallError(f'{pack.rules.pack.id} asks for no parameter "{name}". Leave out --set {name}.')
    cohort = _read(source, regulations, kind, module, presentation, study)
    with _progress("Assessing"):
        return cohort, assess(cohort, pack)


def _study(study: str | None) -> Any:
    from boardkit.tables import STUDY  # noqa: PLC0415 - after --help

    if study is not None and study not in STUDY:
        raise CallError(f'--study "{study}" is not known. Give {" or ".join(STUDY)}.')
    return study


def _refuse_out(source: Path, out: Path) -> None:
    """Refuse to write where the input is (it may not be the same, nor inside it)."""
    inside = out.resolve()
    if inside == source.resolve() or source.resolve() in inside.parents:
        raise CallError(f"cannot write to {out.name}: it is the input, or inside it. Choose another folder.")


def _say(name: str, text: str) -> None:
    typer.echo(f"{name:<10}{text}".rstrip())


def _show(problems: pl.DataFrame, most: int | None = _SHOWN) -> None:
    """Print problems, errors first, each with its place."""
    rows = problems if most is None else problems.head(most)
    for row in rows.iter_rows(named=True):
        sheet = f"{row['sheet']}!" if row["sheet"] else f"{row['file']} " if row["file"] else ""
        place = f"{sheet}{row['cell'] or ''}".strip()
        typer.echo(f"  {row['severity']:<8}{place:<24} {row['message']}")
    if most is not None and problems.height > most:
        typer.echo(f"  and {problems.height - most:,} more in problems.csv")


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
    if arguments in ([], ["regulations"]):
        arguments = [*arguments, "--help"]
    try:
        code = app(arguments, standalone_mode=False)
    except BoardkitError as error:
        for line in str(error).splitlines():
            typer.echo(f"boardkit: {line}", err=True)
        code = UNUSABLE
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        where = context.command_path if context else "boardkit"
        typer.echo(f"boardkit: {error.format_message()} See {where} --help.", err=True)
        code = UNUSABLE
    except (KeyboardInterrupt, typer.Abort):
        typer.echo("boardkit: stopped; nothing was written.", err=True)
        code = INTERRUPTED
    sys.exit(code if isinstance(code, int) else DONE)
