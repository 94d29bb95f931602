"""The commands. They read, call and print; no rule stands here."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from boardkit.errors import BoardkitError, CallError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import polars as pl

    from boardkit.board import BoardResult
    from boardkit.cohort import Cohort

DONE, DONE_WITH_ERRORS, UNUSABLE, INTERRUPTED, UNHEARD = 0, 1, 2, 130, 141
_SHOWN = 12
"""How many problems a run prints; the rest are in the file."""
_UNSEEN_WIDTH = 160
"""The width of a picture that goes to no terminal."""

_FEW_LOOKS = 100_000
"""After how many objects Python looks for garbage: a command is over soon, and leaves next to none in circles."""


class _Commands(click.Group):
    """Commands, listed in the order that a board needs them; click would leave an empty line where one is stopped."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click hands it over
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise click.Abort from None


@click.group(cls=_Commands)
def app() -> None:
    """From a cohort's marks to exam-board outcomes, with the clause for every number."""


@app.group("regulations", cls=_Commands)
def packs() -> None:
    """Regulation packs: which there are, what they say, whether one is sound."""


def _whole_number(text: str) -> int:
    """Read a whole number, or say in plain words that it is none."""
    try:
        return int(text)
    except ValueError:
        raise click.BadParameter(f'"{text}" is not a whole number.') from None


_PATH = click.Path(path_type=Path)
_INPUT = click.argument(
    "source",
    metavar="INPUT",
    type=_PATH,
    help="A workbook, a folder of tables, or a folder with a board.toml.",
)
_PACK = "A shipped pack, or the path of a pack file."
_REGULATIONS = click.option("--regulations", metavar="ID", required=True, help=_PACK)
_LIMIT = click.option(
    "--limit",
    metavar="NAME=NUMBER",
    multiple=True,
    help="Raise a guard of the workbook reader, by the name that its refusal gives.",
)
_SET = click.option(
    "--set",
    "settings",
    metavar="NAME=VALUE",
    multiple=True,
    help="A parameter that the pack asks the board for.",
)
_KIND = click.option(
    "--kind", metavar="KIND", help="The kind of export, where the files do not say it: oulad."
)
_CODE = click.option("--module", metavar="CODE", help="With --kind oulad: one module.")
_PRESENTED = click.option("--presentation", metavar="CODE", help="With --kind oulad: one presentation.")
_STUDY = click.option(
    "--study",
    metavar="STUDY",
    help="undergraduate or postgraduate, where there is no modules table.",
)


@dataclass(frozen=True)
class _Asked:
    """What a command is to read, and how."""

    source: Path
    kind: str | None
    module: str | None
    presentation: str | None
    study: str | None
    limits: Sequence[str] = ()


@app.command()
@_INPUT
@_REGULATIONS
@click.option("--out", metavar="DIR", type=_PATH, required=True, help="The folder to write to.")
@_KIND
@_CODE
@_PRESENTED
@click.option("--parquet", is_flag=True, help="Write .parquet beside every .csv.")
@_STUDY
@_LIMIT
@_SET
@click.option("--force", is_flag=True, help="Write over files that boardkit did not write.")
def run(  # noqa: PLR0913 - the contract's options
    source: Path,
    *,
    regulations: str,
    out: Path,
    kind: str | None,
    module: str | None,
    presentation: str | None,
    parquet: bool,
    study: str | None,
    limit: Sequence[str],
    settings: Sequence[str],
    force: bool,
) -> int:
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
    return DONE_WITH_ERRORS if board.severities["error"] else DONE


@app.command()
@_INPUT
@click.option("--regulations", metavar="ID", help="Find what these regulations find wrong, too.")
@_KIND
@_CODE
@_PRESENTED
@_STUDY
@_LIMIT
def check(  # noqa: PLR0913 - the contract's options
    source: Path,
    *,
    regulations: str | None,
    kind: str | None,
    module: str | None,
    presentation: str | None,
    study: str | None,
    limit: Sequence[str],
) -> int:
    """Read and check a board's tables, and stop after the problems."""
    from boardkit.report.summary import problem_line, read_line  # noqa: PLC0415 - after --help

    asked = _Asked(source, kind, module, presentation, study, limit)
    if regulations is None:
        cohort = _read(asked, None)
        problems, severities = cohort.polars.problems, cohort.severities
    else:
        cohort, board = _assess(asked, regulations, ())
        problems, severities = board.polars.problems, board.severities
    _say("Read", f"{source.name}   {read_line(cohort)}")
    _say("Problems", problem_line(severities))
    _show(problems)
    if regulations is None:
        _say("", "What regulations find wrong was not looked for; --regulations ID does.")
    return DONE_WITH_ERRORS if severities["error"] else DONE


@app.command()
@_INPUT
@click.argument("student", metavar="STUDENT", help="The student's number, with its leading zeros.")
@_REGULATIONS
@_KIND
@_CODE
@_PRESENTED
@_STUDY
@_LIMIT
@_SET
def explain(  # noqa: PLR0913 - the contract's options
    source: Path,
    student: str,
    *,
    regulations: str,
    kind: str | None,
    module: str | None,
    presentation: str | None,
    study: str | None,
    limit: Sequence[str],
    settings: Sequence[str],
) -> int:
    """Tell one student's way from the cells to the class, clause by clause."""
    _, board = _assess(_Asked(source, kind, module, presentation, study, limit), regulations, settings)
    click.echo(board.explain(student))
    return DONE_WITH_ERRORS if board.severities["error"] else DONE


@app.command()
@click.argument("students", metavar="N", type=_whole_number, help="How many students.")
@click.option(
    "--out", metavar="DIR", type=_PATH, required=True, help="The folder to write to, or a workbook (.xlsx)."
)
@click.option(
    "--seed",
    metavar="NUMBER",
    type=_whole_number,
    default=2022,
    show_default=True,
    help="Another one gives another cohort.",
)
@click.option(
    "--study",
    metavar="STUDY",
    default="undergraduate",
    show_default=True,
    help="undergraduate or postgraduate.",
)
@click.option("--faults", is_flag=True, help="Put in a few faults, as real sheets have them.")
@click.option("--parquet", is_flag=True, help="Write .parquet instead of .csv.")
def demo(  # noqa: PLR0913 - a cohort has these
    students: int, *, out: Path, seed: int, study: str, faults: bool, parquet: bool
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
@click.argument(
    "source",
    metavar="FILE",
    type=_PATH,
    help="A workbook of marksheets, or a folder with a board.toml.",
)
@_LIMIT
def layout(source: Path, *, limit: Sequence[str]) -> None:
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
        click.echo()
    if known.given:
        _say("Read", f"as {source.name}/board.toml says:")
    else:
        _say("Proposed", f"a board.toml beside {source.name}; correct it, and fill in what stands as ?:")
    click.echo(f"\n{known.toml}".rstrip())


@packs.command("list")
def list_packs() -> None:
    """Name the packs that come with boardkit."""
    from boardkit.regulations.show import outline  # noqa: PLC0415 - after --help

    for pack, institution, title, session in outline():
        click.echo(f"{pack:<12} {institution}: {title}, {session}")


@packs.command()
@click.argument("pack", metavar="ID", help=_PACK)
def show(pack: str) -> None:
    """Write out a pack: every value with its clause and its reading."""
    from boardkit.regulations import load  # noqa: PLC0415 - after --help
    from boardkit.regulations.show import show as write_out  # noqa: PLC0415

    click.echo(write_out(load(pack)))


@packs.command("check")
@click.argument("pack", metavar="FILE", type=_PATH, help="The pack file.")
def check_pack(pack: Path) -> None:
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


def _assess(asked: _Asked, regulations: str, settings: Sequence[str]) -> tuple[Cohort, BoardResult]:
    from boardkit.board import assess  # noqa: PLC0415 - after --help
    from boardkit.regulations import load  # noqa: PLC0415

    pack = load(regulations)
    for setting in settings:
        name, equals, _ = setting.partition("=")
        if not equals:
            raise CallError(f'--set takes NAME=VALUE, and "{setting}" has no "=".')
        raise CallError(f'{pack.rules.pack.id} asks for no parameter "{name}". Leave out --set {name}.')
    cohort = _read(asked, regulations)
    with _progress("Assessing"):
        return cohort, assess(cohort, pack)


def _limits(asked: Sequence[str]) -> dict[str, int]:
    limits = {}
    for one in asked:
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

    click.echo(plain(f"{name:<10}{text}").rstrip())


def _show_worst(problems: pl.DataFrame) -> None:
    """Print the first errors and warnings, and say how many more there are."""
    worst = problems.filter(problems["severity"] != "note").head(_SHOWN)
    _show(worst)
    more = problems.height - worst.height
    if more and worst.height:
        click.echo(f"  and {more:,} more in problems.csv")


def _show(problems: pl.DataFrame) -> None:
    """Print problems, each with its place."""
    from boardkit.report.page import plain  # noqa: PLC0415 - after --help

    rows = [(row["severity"], _place(row), row["message"] or row["code"]) for row in problems.to_dicts()]
    width = max((len(place) for _, place, _ in rows), default=0)
    for severity, place, message in rows:
        click.echo(plain(f"  {severity:<9}{place:<{width}}   {message}"))


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
    gc.set_threshold(_FEW_LOOKS)
    arguments = sys.argv[1:]
    if arguments in ([], ["regulations"]):
        arguments = [*arguments, "--help"]
    try:
        code = app(arguments, prog_name="boardkit", standalone_mode=False)
        sys.stdout.flush()
    except BoardkitError as error:
        code = _refused(str(error))
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        where = context.command_path if context else "boardkit"
        code = _refused(f"{error.format_message().rstrip('.')}. See {where} --help.")
    except (KeyboardInterrupt, click.Abort):
        click.echo("boardkit: stopped; nothing was written.", err=True)
        code = INTERRUPTED
    except (BrokenPipeError, SystemExit):  # click exits where nobody reads what it prints
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
        click.echo(f"boardkit: {line}", err=True)
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
