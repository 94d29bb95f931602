"""The commands of moderation: samples drawn and drawn again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from boardkit.errors import CallError
from boardkit.options import (
    Input,
    Kind,
    Limits,
    Out,
    Presented,
    Rules,
    StudyOf,
    limits_of,
    refuse_inside,
    some_path,
    whole_number,
)
from boardkit.terminal import progress, say, write

if TYPE_CHECKING:
    from boardkit.cohort import Cohort
    from boardkit.moderation.sample import Sample

DONE, DONE_WITH_ERRORS = 0, 1
_SHOWN = 12


class _DrawByDefault(TyperGroup):
    """`boardkit sample INPUT` draws; `boardkit sample verify DIR INPUT` draws again."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take what follows for what `draw` is given, where it is no command."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["draw", *args]
        return super().parse_args(ctx, args)


samples = typer.Typer(
    cls=_DrawByDefault,
    help="Draw moderation samples: boardkit sample INPUT --regulations ID --out DIR. Or draw one again: verify.",
    no_args_is_help=True,
)

moderation = typer.Typer(
    help="Moderation beside the samples: double marking, forms, what it showed, the external's pack.",
    no_args_is_help=True,
)

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
    force: Force = False,
) -> None:
    """Draw a sample of every assessment, and write it with its certificate (this is what `sample INPUT` does)."""
    from boardkit.moderation.files import CERTIFICATE, READABLE, TABLE, key_of, list_of  # noqa: PLC0415 - after --help
    from boardkit.moderation.sample import sample  # noqa: PLC0415

    refuse_inside(source, out)
    secret = _key(key, out) if purpose == "external" else None
    cohort = _read(
        source,
        regulations=regulations,
        module=module,
        component=component,
        student=student,
        kind=kind,
        presentation=presentation,
        study=study,
        limit=limit,
    )
    with progress("Drawing"):
        made = sample(
            cohort,
            module,
            component,
            regulations=regulations,
            purpose=purpose,  # type: ignore[arg-type]  # it is checked as it is used
            seed=seed,
            reassessments=True if reassessments else None,
            add=add or (),
            add_bands=add_band or (),
            key=secret,
        )
        made.write(out, force=force)
    _told(source, cohort, made)
    say("Wrote", f"{TABLE}, {READABLE} and {CERTIFICATE} to {out}")
    if made.key is not None:
        say("", f"beside it, and not for the external: {key_of(out).name} and {list_of(out).name}")
    raise typer.Exit(DONE_WITH_ERRORS if cohort.severities["error"] else DONE)


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
) -> None:
    """Draw a sample again as its certificate says, and compare: 0 the same, 1 it differs."""
    from boardkit.moderation.files import read_certificate  # noqa: PLC0415 - after --help
    from boardkit.moderation.files import verify as compare  # noqa: PLC0415
    from boardkit.moderation.scripts import fitted  # noqa: PLC0415

    said = read_certificate(folder)
    stated = study or said["asked"].get("study")
    cohort = _read(
        source,
        regulations=regulations or str(said["regulations"]["id"]),
        module=said["asked"].get("module"),
        component=said["asked"].get("component"),
        student=student,
        kind=kind,
        presentation=presentation,
        study=stated,
        limit=limit,
    )
    pack = fitted(regulations or str(said["regulations"]["id"]), cohort)
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
    force: Force = False,
) -> None:
    """List the work that two markers mark: what is missing, where they differ, which mark goes on."""
    from boardkit.cohort import with_study  # noqa: PLC0415 - after --help
    from boardkit.moderation.double import counted, double_marking  # noqa: PLC0415
    from boardkit.moderation.files import csv_of, write_whole  # noqa: PLC0415
    from boardkit.moderation.scripts import fitted  # noqa: PLC0415
    from boardkit.report.summary import problem_line, read_line  # noqa: PLC0415

    refuse_inside(source, out)
    cohort = _read(source, regulations=regulations, module=None, component=None, study=study, limit=limit)
    cohort = with_study(cohort, None)
    rows = double_marking(cohort, fitted(regulations, cohort), module, component)
    write_whole(out, {"double.csv": csv_of(rows)}, force=force)
    say("Read", f"{source.name}   {read_line(cohort)}")
    say("Problems", problem_line(cohort.severities))
    say("Double", ", ".join(counted(rows)) or "nothing is marked by two markers")
    say("Wrote", f"double.csv to {out}")
    raise typer.Exit(DONE_WITH_ERRORS if cohort.severities["error"] else DONE)


@moderation.command("form")
def form(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder that holds the sample.", show_default=False)
    ],
    *,
    out: Annotated[
        Path,
        typer.Option("--out", metavar="FILE.xlsx", help="The form.", parser=some_path, show_default=False),
    ],
    force: Force = False,
) -> None:
    """Make a workbook of a sample, for the moderator to fill in."""
    from boardkit.moderation.files import write_file  # noqa: PLC0415 - after --help
    from boardkit.moderation.form import make_form  # noqa: PLC0415

    write_file(out, make_form(folder), force=force)
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
    force: Force = False,
) -> None:
    """Read a form back: moderation.csv, and marks.csv to use in place of the board's marks; the board stays as it is."""
    from boardkit.cohort import with_study  # noqa: PLC0415 - after --help
    from boardkit.moderation.anonymous import read_key  # noqa: PLC0415
    from boardkit.moderation.files import csv_of, write_whole  # noqa: PLC0415
    from boardkit.moderation.form_read import read_form, with_moderated  # noqa: PLC0415
    from boardkit.moderation.scripts import fitted  # noqa: PLC0415

    if not filled.is_file():
        raise CallError(f"cannot find {filled.name}. Check the path.")
    refuse_inside(source, out)
    cohort = _read(source, regulations=regulations, module=None, component=None, study=study, limit=limit)
    secret = None if key is None else read_key(key)
    cohort = with_study(cohort, None)
    found = read_form(filled, cohort, fitted(regulations, cohort), key=secret)
    files = {"moderation.csv": csv_of(found.table())}
    if found.purpose == "internal":
        files["marks.csv"] = csv_of(with_moderated(cohort, found))
    write_whole(out, files, force=force)
    say("Read", f"{filled.name}   {found.rows.height:,} filled in, {found.open:,} left blank")
    if found.to_agree:
        say(
            "To agree",
            f"{found.to_agree:,} differ and have no agreed mark: none goes on until there is one ({found.agree})",
        )
    if found.purpose != "internal":
        say("", f"An external examiner changes no single mark ({found.whole}): no marks table was written.")
    say("Wrote", f"{' and '.join(files)} to {out}")


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
    force: Force = False,
) -> None:
    """Tell how far second marks are from first ones, and whether to look at a whole cohort."""
    from boardkit.cohort import with_study  # noqa: PLC0415 - after --help
    from boardkit.moderation.anonymous import read_key  # noqa: PLC0415
    from boardkit.moderation.files import csv_of, write_whole  # noqa: PLC0415
    from boardkit.moderation.form_read import read_form  # noqa: PLC0415
    from boardkit.moderation.scripts import fitted  # noqa: PLC0415
    from boardkit.moderation.showed import showed as tell  # noqa: PLC0415

    refuse_inside(source, out)
    cohort = _read(source, regulations=regulations, module=None, component=None, study=study, limit=limit)
    cohort = with_study(cohort, None)
    pack = fitted(regulations, cohort)
    secret = None if key is None else read_key(key)
    filled = [read_form(path, cohort, pack, key=secret) for path in form or []]
    found = tell(cohort, pack, filled, random_allocation=random_allocation)
    write_whole(out, {f"{name}.csv": csv_of(table) for name, table in found.tables.items()}, force=force)
    first, *rest = found.lines()
    say("Showed", first)
    for line in rest:
        say("", line)
    if found.tables["severity"].height:
        assumed = "taken" if random_allocation else "not taken"
        say("Severity", f"work is {assumed} to have been allocated to markers at random")
    say("Wrote", f"{' and '.join(f'{name}.csv' for name in found.tables)} to {out}")
    raise typer.Exit(DONE_WITH_ERRORS if cohort.severities["error"] else DONE)


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
    force: Force = False,
) -> None:
    """Write the external examiner's pack: the sample, and what it is held against, with no student's name or number."""
    from boardkit.moderation.external import BOOK, write_external  # noqa: PLC0415 - after --help
    from boardkit.moderation.files import key_of, list_of  # noqa: PLC0415
    from boardkit.moderation.sample import sample  # noqa: PLC0415

    refuse_inside(source, out)
    cohort = _read(source, regulations=regulations, module=None, component=None, study=study, limit=limit)
    with progress("Drawing"):
        made = sample(
            cohort,
            module,
            component,
            regulations=regulations,
            purpose="external",
            seed=seed,
            reassessments=True if reassessments else None,
            key=_key(key, out),
        )
        write_external(made, out, force=force)
    _told(source, cohort, made)
    say("Wrote", f"{BOOK}, its tables and the certificate to {out}")
    say("", f"beside it, and not for the external: {key_of(out).name} and {list_of(out).name}")
    raise typer.Exit(DONE_WITH_ERRORS if cohort.severities["error"] else DONE)


def _key(given: Path | None, out: Path) -> bytes | None:
    """Read the key that is given, or the one that is beside the folder already."""
    from boardkit.moderation.anonymous import read_key  # noqa: PLC0415 - after --help
    from boardkit.moderation.files import key_of  # noqa: PLC0415

    kept = given or (key_of(out) if key_of(out).is_file() else None)
    return None if kept is None else read_key(kept)


def _read(  # noqa: PLR0913 - what a source is read with
    source: Path,
    *,
    regulations: str,
    module: str | None,
    component: str | None,
    student: str | None = None,
    kind: str | None = None,
    presentation: str | None = None,
    study: str | None = None,
    limit: list[str] | None = None,
) -> Cohort:
    from boardkit.moderation.lone import read_board_or_sheet  # noqa: PLC0415 - after --help

    with progress("Reading"):
        return read_board_or_sheet(
            source,
            module=module,
            component=component,
            student=student,
            kind=kind,
            presentation=presentation,
            regulations=regulations,
            study=study,  # type: ignore[arg-type]  # it is checked as it is read
            limits=limits_of(limit),
        )


def _told(source: Path, cohort: Cohort, made: Sample) -> None:
    """Say what was read and drawn, and what was not."""
    from boardkit.moderation.certificate import summary  # noqa: PLC0415 - after --help
    from boardkit.report.summary import problem_line, read_line  # noqa: PLC0415

    say("Read", f"{source.name}   {read_line(cohort)}")
    say("Problems", problem_line(cohort.severities))
    first, *rest = summary(made)
    say("Drawn", first)
    for line in rest:
        say("", line)
    notes = made.scripts.notes
    for module, component, attempt, note in notes.head(_SHOWN).iter_rows():
        write(f"  note      {module} {component}, attempt {attempt}: {note}.")
    if notes.height > _SHOWN:
        write(f"  and {notes.height - _SHOWN:,} more in the certificate")
