"""The terminal: how commands print, and how they say that something cannot be done."""

from __future__ import annotations

import sys
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from boardkit.printable import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

UNUSABLE = 2
_SHOWN = 12
"""How many problems a run prints; the rest are in the file."""


def write(text: str, *, err: bool = False) -> None:
    """Print lines; what would move the cursor or turn the writing round is written out instead."""
    for line in text.split("\n"):
        typer.echo(plain(line), err=err)


def say(name: str, text: str) -> None:
    """Print a line with a name in front."""
    write(f"{name:<10}{text}".rstrip())


def show_worst(problems: pl.DataFrame) -> None:
    """Print the first errors and warnings, and say how many more there are."""
    worst = problems.filter(problems["severity"] != "note").head(_SHOWN)
    show_problems(worst)
    more = problems.height - worst.height
    if more and worst.height:
        write(f"  and {more:,} more in problems.csv")


def show_problems(problems: pl.DataFrame) -> None:
    """Print problems, each with its place."""
    rows = [(row["severity"], _place(row), row["message"] or row["code"]) for row in problems.to_dicts()]
    width = max((len(place) for _, place, _ in rows), default=0)
    for severity, place, message in rows:
        write(f"  {severity:<9}{place:<{width}}   {message}")


def _place(problem: dict[str, Any]) -> str:
    """Name the cell: with its sheet in a workbook, with its file in a folder."""
    cell = problem["cell"] or ""
    if problem["sheet"]:
        return f"{problem['sheet']}!{cell}" if cell else str(problem["sheet"])
    return f"{problem['file'] or ''} {cell}".strip()


@contextmanager
def progress(what: str) -> Iterator[None]:
    """Show on stderr, where a terminal is there, what is going on."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # noqa: PLC0415 - only where it is seen

    with Console(stderr=True).status(f"{what} ..."):
        yield


def refused(why: str) -> int:
    """Say why a call cannot be done, a line for each fault."""
    for line in filter(None, why.splitlines()):
        write(f"boardkit: {line}", err=True)
    return UNUSABLE


def own_fault(error: BaseException) -> str:
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
