"""The command that draws moderation samples, and the one that draws them again."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads the annotations at run time
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from boardkit.errors import CallError
from boardkit.moderating import key_beside, read_of, read_to_moderate, stated_of, tell_drawn
from boardkit.opening import DONE, DONE_WITH_ERRORS, code_of
from boardkit.opening import Asked as Opened
from boardkit.options import (
    Component,
    Force,
    Input,
    Key,
    Kind,
    Limits,
    Module,
    Out,
    Presented,
    Reassessments,
    Rules,
    Seed,
    Settings,
    Student,
    StudyOf,
    refuse_inside,
)
from boardkit.terminal import progress, say

_SHOWN = 12
"""How many differences are printed."""


class _DrawByDefault(TyperGroup):
    """`boardkit sample INPUT` draws; `boardkit sample verify DIR INPUT` draws again."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take what follows for what `draw` is given, where it is no command."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["draw", *args]
        return super().parse_args(ctx, args)


samples = typer.Typer(
    cls=_DrawByDefault,
    help=(
        "Draw moderation samples, or draw one again and compare.\n\n"
        "Where no command is named it is draw: boardkit sample INPUT is short for boardkit sample draw INPUT, and takes "
        "its options. They are told by boardkit sample draw --help."
    ),
    subcommand_metavar="[draw] INPUT ... | verify DIR INPUT ...",
    no_args_is_help=True,
)


@samples.command("draw")
def draw(  # noqa: PLR0913 - the contract's options
    source: Input,
    *,
    regulations: Rules,
    out: Out,
    module: Module = None,
    component: Component = None,
    purpose: Annotated[
        str, typer.Option("--for", metavar="internal|external", help="Whose sample it is.")
    ] = "internal",
    seed: Seed = None,
    add: Annotated[
        list[str] | None,
        typer.Option(
            "--add", metavar="STUDENT", help="A script that is in whatever is drawn.", show_default=False
        ),
    ] = None,
    add_band: Annotated[
        list[str] | None,
        typer.Option(
            "--add-band", metavar="GRADE", help="A grade whose scripts are all in.", show_default=False
        ),
    ] = None,
    reassessments: Reassessments = False,
    key: Key = None,
    student: Student = None,
    kind: Kind = None,
    presentation: Presented = None,
    study: StudyOf = None,
    limit: Limits = None,
    settings: Settings = None,
    force: Force = False,
) -> None:
    """Draw a sample of every assessment, and write it with its certificate (this is what `sample INPUT` does)."""
    from boardkit.moderation.files import CERTIFICATE, READABLE, TABLE, key_of, list_of, write_sample  # noqa: PLC0415 - after --help
    from boardkit.moderation.sample import sample  # noqa: PLC0415

    refuse_inside(source, out)
    if purpose != "external" and (key is not None or reassessments):
        named = "--reassessments" if key is None else "--key"
        raise CallError(f"{named} is for an external's sample. Add --for external, or leave it out.")
    secret = key_beside(key, out) if purpose == "external" else None
    opened = Opened(source, kind, module, presentation, study, limit, settings)
    stated = stated_of(opened, regulations)
    cohort = read_to_moderate(opened, regulations, component=component, student=student)
    with progress("Drawing"):
        made = sample(
            cohort,
            module,
            component,
            regulations=regulations,
            purpose=purpose,  # type: ignore[arg-type]  # it is checked as it is used
            seed=seed,
            parameters=stated,
            reassessments=True if reassessments else None,
            add=add or (),
            add_bands=add_band or (),
            key=secret,
        )
        write_sample(made, out, read=read_of(source, regulations, key), force=force)
    tell_drawn(source, cohort, made)
    say("Wrote", f"{TABLE}, {READABLE} and {CERTIFICATE} to {out}")
    if made.key is not None:
        say("", f"beside it, and not for the external: {key_of(out).name} and {list_of(out).name}")
    raise typer.Exit(code_of(cohort))


@samples.command("verify")
def verify(  # noqa: PLR0913 - the contract's options
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder that holds the sample.", show_default=False)
    ],
    source: Input,
    *,
    regulations: Annotated[
        str | None,
        typer.Option(
            "--regulations",
            metavar="ID",
            help="The pack, where the certificate names a file; else the one it names.",
            show_default=False,
        ),
    ] = None,
    key: Key = None,
    student: Student = None,
    kind: Kind = None,
    presentation: Presented = None,
    study: StudyOf = None,
    limit: Limits = None,
    settings: Settings = None,
) -> None:
    """Draw a sample again as its certificate says, and compare: 0 the same, 1 it differs."""
    from boardkit.moderation.fitted import fitted  # noqa: PLC0415
    from boardkit.moderation.verify import read_certificate  # noqa: PLC0415 - after --help
    from boardkit.moderation.verify import verify as compare  # noqa: PLC0415

    said = read_certificate(folder)
    before, named = said["asked"], regulations or str(said["regulations"]["id"])
    opened = Opened(
        source, kind, before.get("module"), presentation, study or before.get("study"), limit, settings
    )
    stated = {**before.get("settings", {}), **stated_of(opened, named)}
    cohort = read_to_moderate(opened, named, component=before.get("component"), student=student)
    pack = fitted(named, cohort, stated)
    with progress("Drawing"):
        found = compare(folder, cohort, pack, key=key)
    head = "Same" if found.same else "Differs"
    first, *rest = found.told
    say(head, first)
    for line in rest[:_SHOWN]:
        say("", line)
    if len(rest) > _SHOWN:
        say("", f"and {len(rest) - _SHOWN:,} more")
    raise typer.Exit(DONE if found.same else DONE_WITH_ERRORS)
