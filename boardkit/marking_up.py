"""Marking up: the marked copy as the command asks for it, refused before anything is read, or written whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from boardkit.options import limits_of, refuse_inside
from boardkit.terminal import progress

if TYPE_CHECKING:
    import polars as pl

    from boardkit.cohort import Cohort
    from boardkit.opening import Asked


def refuse_mark_up(source: Path, out: Path, *, force: bool) -> None:
    """Refuse a marked copy that could not be made or written, before the input is read.

    Raises:
        BoardkitError: the input is of a form that cannot be marked up, or the copy would stand in its place, inside
            it, or over another file.
    """
    from boardkit.report.marked.which import refuse_unmarkable  # noqa: PLC0415 - after --help
    from boardkit.whole import refuse_over  # noqa: PLC0415

    refuse_inside(source, out)
    refuse_unmarkable(source)
    refuse_over(out.parent, [out.name], force=force)


def write_mark_up(  # noqa: PLR0913 - what is marked, and what it was found with
    asked: Asked,
    out: Path,
    cohort: Cohort,
    problems: pl.DataFrame,
    regulations: str | None,
    *,
    force: bool,
) -> str:
    """Write the marked copy, and say what was written.

    Raises:
        BoardkitError: it cannot be made or written; nothing is left behind then.
    """
    from boardkit.read.limits import raised  # noqa: PLC0415 - after --help
    from boardkit.report.marked import mark_up  # noqa: PLC0415
    from boardkit.report.names import plural  # noqa: PLC0415
    from boardkit.whole import write_whole  # noqa: PLC0415

    with progress("Marking"):
        limits = raised(limits_of(asked.limits))
        marked = mark_up(asked.source, cohort, problems, assessed=regulations is not None, limits=limits)
    read = [marked.path, *(Path(one) for one in (regulations,) if one)]
    write_whole(out.parent, {out.name: marked.content}, read=read, force=force)
    return f'{out}   {plural(marked.cells, "cell")} marked; all problems are on its sheet "{marked.sheet}"'
