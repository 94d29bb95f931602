"""The commands of moderation beside samples: double marking, forms, what it showed, the external examiner's pack."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads the annotations at run time
from typing import Annotated

import typer

from boardkit.errors import CallError
from boardkit.moderating import (
    key_beside,
    key_in,
    open_to_moderate,
    read_of,
    read_to_moderate,
    stated_of,
    tell_drawn,
    tell_read,
)
from boardkit.opening import Asked as Opened
from boardkit.opening import code_of
from boardkit.options import (
    Component,
    Force,
    Input,
    Key,
    Limits,
    Module,
    Out,
    Reassessments,
    Rules,
    Seed,
    Settings,
    StudyOf,
    refuse_inside,
    some_workbook,
)
from boardkit.terminal import progress, say

moderation = typer.Typer(
    help="Moderation beside the samples: double marking, forms, what it showed, the external's pack.",
    no_args_is_help=True,
)


@moderation.command("double")
def double(  # noqa: PLR0913 - what a source is read with
    source: Input,
    *,
    regulations: Rules,
    out: Out,
    module: Module = None,
    component: Component = None,
    study: StudyOf = None,
    limit: Limits = None,
    settings: Settings = None,
    force: Force = False,
) -> None:
    """List the work that two markers mark: what is missing, where they differ, which mark goes on."""
    from boardkit.moderation.double import counted, double_marking  # noqa: PLC0415
    from boardkit.moderation.files import csv_of  # noqa: PLC0415
    from boardkit.whole import write_whole  # noqa: PLC0415

    opened = Opened(source, study=study, limits=limit, settings=settings)
    cohort, pack = open_to_moderate(opened, regulations, out)
    rows = double_marking(cohort, pack, module, component)
    write_whole(out, {"double.csv": csv_of(rows)}, read=read_of(source, regulations), force=force)
    tell_read(source, cohort)
    say("Double", ", ".join(counted(rows)) or "nothing is marked by two markers")
    say("Wrote", f"double.csv to {out}")
    raise typer.Exit(code_of(cohort))


@moderation.command("form")
def form(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder that holds the sample.", show_default=False)
    ],
    *,
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="FILE.xlsx", help="The form.", parser=some_workbook, show_default=False
        ),
    ],
    force: Force = False,
) -> None:
    """Make a workbook of a sample, for the moderator to fill in."""
    from boardkit.moderation.form import make_form  # noqa: PLC0415 - after --help
    from boardkit.whole import write_one_whole  # noqa: PLC0415

    write_one_whole(out, make_form(folder), force=force)
    say("Wrote", f"{out.name}: fill in the yellow cells, and read it back with boardkit moderation import")


@moderation.command("import")
def import_form(  # noqa: PLR0913 - what a source is read with
    filled: Annotated[
        Path, typer.Argument(metavar="FORM.xlsx", help="The form, filled in.", show_default=False)
    ],
    source: Input,
    *,
    regulations: Rules,
    out: Out,
    key: Key = None,
    study: StudyOf = None,
    limit: Limits = None,
    settings: Settings = None,
    force: Force = False,
) -> None:
    """Read a form back: moderation.csv, and marks.csv to use in place of the board's marks; the board stays as it is."""
    from boardkit.moderation.files import csv_of  # noqa: PLC0415
    from boardkit.moderation.form_read import read_form  # noqa: PLC0415
    from boardkit.moderation.moderated import with_moderated  # noqa: PLC0415
    from boardkit.report.names import plural  # noqa: PLC0415
    from boardkit.whole import write_whole  # noqa: PLC0415

    if not filled.is_file():
        raise CallError(f"cannot find {filled.name}. Check the path.")
    opened = Opened(source, study=study, limits=limit, settings=settings)
    cohort, pack = open_to_moderate(opened, regulations, out)
    secret = key_in(key)
    found = read_form(filled, cohort, pack, key=secret)
    files = {"moderation.csv": csv_of(found.table())}
    if found.purpose == "internal":
        files["marks.csv"] = csv_of(with_moderated(cohort, found))
    write_whole(out, files, read=read_of(source, regulations, key, filled), force=force)
    tell_read(source, cohort)
    say("Read", f"{filled.name}   {found.rows.height:,} filled in, {found.open:,} left blank")
    if found.to_agree:
        say(
            "To agree",
            f"{plural(found.to_agree, 'script')} with marks that differ and none agreed: none goes on until one is ({found.agree})",
        )
    if found.purpose != "internal":
        say("", f"An external examiner changes no single mark ({found.whole}): no marks table was written.")
    say("Wrote", f"{' and '.join(files)} to {out}")
    raise typer.Exit(code_of(cohort))


@moderation.command("showed")
def showed(  # noqa: PLR0913 - what a source is read with
    source: Input,
    *,
    regulations: Rules,
    out: Out,
    form: Annotated[
        list[Path] | None,
        typer.Option("--form", metavar="FORM.xlsx", help="A form that was filled in.", show_default=False),
    ] = None,
    random_allocation: Annotated[
        bool,
        typer.Option(
            "--random-allocation", help="Work was allocated to markers at random; else it is not assumed."
        ),
    ] = False,
    key: Key = None,
    study: StudyOf = None,
    limit: Limits = None,
    settings: Settings = None,
    force: Force = False,
) -> None:
    """Tell how far second marks are from first ones, and whether to look at a whole cohort."""
    from boardkit.moderation.files import csv_of  # noqa: PLC0415
    from boardkit.moderation.form_read import read_form  # noqa: PLC0415
    from boardkit.moderation.showed import showed as tell  # noqa: PLC0415
    from boardkit.whole import write_whole  # noqa: PLC0415

    opened = Opened(source, study=study, limits=limit, settings=settings)
    cohort, pack = open_to_moderate(opened, regulations, out)
    secret = key_in(key)
    filled = [read_form(path, cohort, pack, key=secret) for path in form or []]
    found = tell(cohort, pack, filled, random_allocation=random_allocation)
    files = {f"{name}.csv": csv_of(table) for name, table in found.tables.items()}
    write_whole(out, files, read=read_of(source, regulations, key, *(form or [])), force=force)
    tell_read(source, cohort)
    first, *rest = found.lines()
    say("Showed", first)
    for line in rest:
        say("", line)
    if found.tables["severity"].height:
        assumed = "taken" if random_allocation else "not taken"
        say("Severity", f"work is {assumed} to have been allocated to markers at random")
    say("Wrote", f"{' and '.join(f'{name}.csv' for name in found.tables)} to {out}")
    raise typer.Exit(code_of(cohort))


@moderation.command("external")
def external(  # noqa: PLR0913 - what a source is read with
    source: Input,
    *,
    regulations: Rules,
    out: Out,
    module: Module = None,
    component: Component = None,
    seed: Seed = None,
    reassessments: Reassessments = False,
    key: Key = None,
    study: StudyOf = None,
    limit: Limits = None,
    settings: Settings = None,
    force: Force = False,
) -> None:
    """Write the external examiner's pack: the sample, and what it is held against, with no student's name or number."""
    from boardkit.moderation.external import BOOK, write_external  # noqa: PLC0415 - after --help
    from boardkit.moderation.files import key_of, list_of  # noqa: PLC0415
    from boardkit.moderation.sample import sample  # noqa: PLC0415

    refuse_inside(source, out)
    secret = key_beside(key, out)
    opened = Opened(source, study=study, limits=limit, settings=settings)
    stated = stated_of(opened, regulations)
    cohort = read_to_moderate(opened, regulations)
    with progress("Drawing"):
        made = sample(
            cohort,
            module,
            component,
            regulations=regulations,
            purpose="external",
            seed=seed,
            parameters=stated,
            reassessments=True if reassessments else None,
            key=secret,
        )
        write_external(made, out, read=read_of(source, regulations, key), force=force)
    tell_drawn(source, cohort, made)
    say("Wrote", f"{BOOK}, its tables and the certificate to {out}")
    say("", f"beside it, and not for the external: {key_of(out).name} and {list_of(out).name}")
    raise typer.Exit(code_of(cohort))
