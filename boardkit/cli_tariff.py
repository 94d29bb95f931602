"""The command that holds offences against a tariff and writes the penalties and the reports that name nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from boardkit.opening import DONE, DONE_WITH_ERRORS
from boardkit.options import Limits, Out, Rules, limits_of, refuse_inside
from boardkit.terminal import progress, say, show_worst

File = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        help="A misconduct table alone (.csv, .parquet, a workbook), or a board that has one.",
        show_default=False,
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Write over files that boardkit did not write.")]


def tariff(source: File, *, regulations: Rules, out: Out, limit: Limits = None, force: Force = False) -> None:
    """Say which penalty the tariff has for each offence, and report on all of them with nobody named."""
    from boardkit.report.summary import problem_line  # noqa: PLC0415 - after --help
    from boardkit.report.tariff import NAMELESS, TABLES, refuse, write_tariff  # noqa: PLC0415
    from boardkit.rules.tariff import PENDING  # noqa: PLC0415
    from boardkit.tariffs import hold  # noqa: PLC0415

    refuse_inside(source, out)
    refuse(out, force=force, source=source)
    with progress("Reading"):
        book = hold(source, regulations, limits=limits_of(limit))
    with progress("Writing"):
        names = write_tariff(book, out, force=force)
    waiting = book.rows.filter(book.rows["state"] == PENDING).height
    offences = "1 offence" if book.rows.height == 1 else f"{book.rows.height:,} offences"
    say("Read", f"{source.name}   {offences}")
    say("Problems", f"{problem_line(book.severities)}   {out / 'problems.csv'}")
    show_worst(book.problems)
    named = book.tariff.named
    pending = f"{waiting:,} not decided, and nothing is applied to them" if waiting else "all decided"
    say("Held", f"against {named.title} ({named.id}): {pending}")
    students = [name for name in names if name.removesuffix(".csv") in TABLES]
    nobody = [name for name in names if name.split(".")[0] in NAMELESS]
    say("Wrote", f"to {out}, with student numbers: {', '.join(students)}")
    if nobody:
        say("", f"naming nobody: {', '.join(nobody)}")
    raise typer.Exit(DONE_WITH_ERRORS if book.severities["error"] else DONE)
