"""Opening for moderation: a board, or one marksheet, with its regulations as the commands ask; and telling what was drawn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from boardkit.options import limits_of, refuse_inside, settings_of
from boardkit.terminal import progress, say, write

if TYPE_CHECKING:
    from boardkit.cohort import Cohort
    from boardkit.moderation.sample import Sample
    from boardkit.opening import Asked
    from boardkit.regulations import Pack

_SHOWN = 12


def key_in(given: Path | None) -> bytes | None:
    """Read the key that is given; none where none is."""
    from boardkit.moderation.anonymous import read_key  # noqa: PLC0415 - after --help

    return None if given is None else read_key(given)


def key_beside(given: Path | None, out: Path) -> bytes | None:
    """Read the key that is given, or the one that is beside the folder already."""
    from boardkit.moderation.files import key_of  # noqa: PLC0415 - after --help

    return key_in(given or (key_of(out) if key_of(out).is_file() else None))


def stated_of(asked: Asked, regulations: str) -> dict[str, str]:
    """Read what --set states of regulations.

    Raises:
        BoardkitError: they cannot be used, or ask for no such parameter.
    """
    from boardkit.regulations import load  # noqa: PLC0415 - after --help

    return settings_of(asked.settings, load(regulations))


def read_to_moderate(
    asked: Asked, regulations: str, *, component: str | None = None, student: str | None = None
) -> Cohort:
    """Read a board, or the one column of a marksheet that is named.

    Raises:
        BoardkitError: it cannot be used.
    """
    from boardkit.moderation.lone import read_board_or_sheet  # noqa: PLC0415 - after --help

    with progress("Reading"):
        return read_board_or_sheet(
            asked.source,
            module=asked.module,
            component=component,
            student=student,
            kind=asked.kind,
            presentation=asked.presentation,
            regulations=regulations,
            study=asked.study,  # type: ignore[arg-type]  # it is checked as it is read
            limits=limits_of(asked.limits),
        )


def open_to_moderate(asked: Asked, regulations: str, out: Path) -> tuple[Cohort, Pack]:
    """Read a board whose modules' study is known, and its regulations with what the board and the command state.

    Raises:
        BoardkitError: one of them cannot be used, or what is to be written would stand in the input.
    """
    from boardkit.cohort import with_study  # noqa: PLC0415 - after --help
    from boardkit.moderation.fitted import fitted  # noqa: PLC0415

    refuse_inside(asked.source, out)
    stated = stated_of(asked, regulations)
    cohort = with_study(read_to_moderate(asked, regulations), None)
    return cohort, fitted(regulations, cohort, stated)


def read_of(source: Path, regulations: str, *others: Path | None) -> list[Path]:
    """Name the files that a command has read one by one; what is written never stands in place of them."""
    return [path for path in (source, Path(regulations), *others) if path is not None]


def tell_read(source: Path, cohort: Cohort) -> None:
    """Say what was read, and how many problems it has."""
    from boardkit.report.summary import problem_line, read_line  # noqa: PLC0415 - after --help

    say("Read", f"{source.name}   {read_line(cohort)}")
    say("Problems", problem_line(cohort.severities))


def tell_drawn(source: Path, cohort: Cohort, made: Sample) -> None:
    """Say what was read and drawn, and what was not."""
    from boardkit.moderation.certificate import summary  # noqa: PLC0415 - after --help

    tell_read(source, cohort)
    first, *rest = summary(made)
    say("Drawn", first)
    for line in rest:
        say("", line)
    notes = made.scripts.notes
    for module, component, attempt, note in notes.head(_SHOWN).iter_rows():
        write(f"  note      {module} {component}, attempt {attempt}: {note}.")
    if notes.height > _SHOWN:
        write(f"  and {notes.height - _SHOWN:,} more in the certificate")
