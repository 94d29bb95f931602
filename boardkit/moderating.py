"""What the commands of moderation are given besides, and how they read a board and tell what was drawn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from boardkit.options import limits_of, some_path, whole_number
from boardkit.terminal import progress, say, write

if TYPE_CHECKING:
    from boardkit.cohort import Cohort
    from boardkit.moderation.sample import Sample

_SHOWN = 12

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


def key_beside(given: Path | None, out: Path) -> bytes | None:
    """Read the key that is given, or the one that is beside the folder already."""
    from boardkit.moderation.anonymous import read_key  # noqa: PLC0415 - after --help
    from boardkit.moderation.files import key_of  # noqa: PLC0415

    kept = given or (key_of(out) if key_of(out).is_file() else None)
    return None if kept is None else read_key(kept)


def read_to_moderate(  # noqa: PLR0913 - what a source is read with
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
    """Read a board, or the one column of a marksheet that is named.

    Raises:
        BoardkitError: it cannot be used.
    """
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


def tell_drawn(source: Path, cohort: Cohort, made: Sample) -> None:
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
