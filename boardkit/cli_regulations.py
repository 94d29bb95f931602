"""The commands about regulation packs: which there are, what one says, whether one is sound, and a new one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from boardkit.options import some_path
from boardkit.terminal import say, write

packs = typer.Typer(
    help="Regulation packs: which there are, what they say, whether one is sound.", no_args_is_help=True
)


@packs.command("list")
def list_packs() -> None:
    """Name the packs that come with boardkit."""
    from boardkit.regulations.show import outline  # noqa: PLC0415 - after --help

    for pack, institution, title, session in outline():
        write(f"{pack:<19} {institution}: {title}, {session}")


@packs.command()
def show(
    pack: Annotated[
        str,
        typer.Argument(metavar="ID", help="A shipped pack, or the path of a pack file.", show_default=False),
    ],
) -> None:
    """Write out a pack: every value with its clause and its reading."""
    from boardkit.regulations import load_any  # noqa: PLC0415 - after --help
    from boardkit.regulations.show import show as write_out  # noqa: PLC0415

    write(write_out(load_any(pack)))


@packs.command("check")
def check_pack(
    pack: Annotated[Path, typer.Argument(metavar="FILE", help="The pack file.", show_default=False)],
) -> None:
    """Check a pack file, and name every fault."""
    from boardkit.regulations import load_any  # noqa: PLC0415 - after --help

    loaded = load_any(pack)
    say("Sound", f"{loaded.rules.pack.id}: {loaded.rules.pack.institution}, {loaded.rules.pack.title}")


@packs.command("new")
def new_pack(
    name: Annotated[
        str,
        typer.Argument(metavar="ID", help="The id of the new pack, such as kings-2025.", show_default=False),
    ],
    *,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="The folder to write to.", parser=some_path)
    ] = Path(),
) -> None:
    """Write the commented skeleton of a pack, and a form by which editors complete it."""
    from boardkit.regulations.new import write_new  # noqa: PLC0415 - after --help

    pack, form = write_new(name, out)
    say("Wrote", f"{pack} and {form.name}")
    say("", f'Fill in what stands as "?" or ""; boardkit regulations check {pack} says what is left.')
