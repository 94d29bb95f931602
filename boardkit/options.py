"""Options: what the commands may be given, and how each is read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from boardkit.errors import CallError

if TYPE_CHECKING:
    from boardkit.regulations import Pack

_LONGEST = 18
"""So many digits are more than any limit needs."""
_SHOWN = 45


def whole_number(text: str) -> int:
    """Read a whole number, or say in plain words that it is none."""
    try:
        return int(text)
    except ValueError:
        raise typer.BadParameter(f'"{_cut(text)}" is not a whole number.') from None


def some_path(text: str | Path) -> Path:
    """Read a path, which a default is already; an empty one would be the folder that one stands in."""
    if not str(text).strip():
        raise typer.BadParameter("it is empty. Name a folder.")
    return Path(text)


def some_workbook(text: str) -> Path:
    """Read the path of a workbook that is to be written."""
    path = Path(text)
    if path.suffix.lower() != ".xlsx":
        raise typer.BadParameter(
            f'"{_cut(text)}" is not the name of a workbook. Name a file that ends in .xlsx.'
        )
    return path


def _show_version(asked: bool) -> None:  # noqa: FBT001 - Typer calls it
    if asked:
        from boardkit import __version__  # noqa: PLC0415 - after --help

        typer.echo(f"boardkit {__version__}")
        raise typer.Exit


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


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
Component = Annotated[
    str | None, typer.Option("--component", metavar="CODE", help="One component.", show_default=False)
]
Module = Annotated[
    str | None, typer.Option("--module", metavar="CODE", help="One module.", show_default=False)
]
Student = Annotated[
    str | None,
    typer.Option(
        "--student",
        metavar="HEADER",
        help="Of a marksheet alone: the header of its students, where it is not student_id.",
        show_default=False,
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        "--seed",
        metavar="NUMBER",
        help="The same one gives the same sample; else one is drawn, and kept.",
        parser=whole_number,
        show_default=False,
    ),
]
Reassessments = Annotated[
    bool, typer.Option("--reassessments", help="For the external: where the board has asked for them.")
]
Force = Annotated[bool, typer.Option("--force", help="Write over what is there.")]
Key = Annotated[
    Path | None,
    typer.Option(
        "--key",
        metavar="FILE",
        help="The key of anonymous numbers; else the one beside the folder, or a new one.",
        parser=some_path,
        show_default=False,
    ),
]
Out = Annotated[
    Path,
    typer.Option(
        "--out", metavar="DIR", help="The folder to write to.", parser=some_path, show_default=False
    ),
]
Version = Annotated[
    bool,
    typer.Option("--version", help="Say which boardkit this is.", callback=_show_version, is_eager=True),
]


def settings_of(settings: list[str] | None, pack: Pack) -> dict[str, str]:
    """Read what --set states.

    Raises:
        CallError: one is not NAME=VALUE, names what the pack does not ask for, or is given twice.
    """
    from boardkit.regulations import refuse_unasked  # noqa: PLC0415 - after --help
    from boardkit.tables import match  # noqa: PLC0415

    asked = {match(name): name for name in pack.rules.parameters}
    stated: dict[str, str] = {}
    for setting in settings or []:
        name, equals, value = setting.partition("=")
        if not equals or not value.strip():
            raise CallError(f'--set takes NAME=VALUE, and "{_cut(setting)}" is not of that form.')
        refuse_unasked(pack, [name], otherwise=f"Leave out --set {name}.")
        if asked[match(name)] in stated:
            raise CallError(f"--set {name} is given twice. Give it once.")
        stated[asked[match(name)]] = value
    return stated


def limits_of(asked: list[str] | None) -> dict[str, int]:
    """Read the guards that are raised."""
    limits = {}
    for one in asked or []:
        name, equals, number = one.partition("=")
        digits = number.replace("_", "")
        if not equals or not digits.isascii() or not digits.isdecimal():
            raise CallError(
                f'--limit takes NAME=NUMBER, and "{_cut(one)}" is not that. An example: cells=10000000.'
            )
        if len(digits.lstrip("0")) > _LONGEST:
            raise CallError(
                f"--limit {_cut(name)}: the number has {len(digits):,} digits. Give a smaller one."
            )
        limits[name.strip().replace("-", "_")] = int(digits)
    return limits


def refuse_inside(source: Path, out: Path) -> None:
    """Refuse to write where the input is (it may not be the same, nor inside it)."""
    there, here = _place(out), _place(source)
    if there == here or here in there.parents:
        raise CallError(
            f"cannot write to {there.name}: it is the input, or inside it. Choose another folder."
        )


def _place(path: Path) -> Path:
    """Follow a path's links to where it leads."""
    try:
        return path.resolve()
    except RuntimeError as error:  # Python before 3.13, of links that go round
        raise CallError(
            f"cannot use {path.name}: it is a link that leads back to itself. Check the path."
        ) from error
