"""Content of the board papers: what each sheet says, as plain frames and dataclasses, with no format."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from boardkit.queries import AT_ONCE
from boardkit.report.content.borderlines import borderlines
from boardkit.report.content.changed import changed
from boardkit.report.content.credit import credit
from boardkit.report.content.decisions import decisions
from boardkit.report.content.duties import duties
from boardkit.report.content.front import Front, front
from boardkit.report.content.modules import Distribution, distribution, modules
from boardkit.report.content.profiles import Profiles, profiles
from boardkit.report.content.progress import Progress, progress
from boardkit.report.content.reassessment import reassessment
from boardkit.report.content.record import problems, sources, trace
from boardkit.report.content.settle import settle

if TYPE_CHECKING:
    from collections.abc import Callable

    from boardkit.board import BoardResult
    from boardkit.report.changes import Changes
    from boardkit.report.content.listing import Listing

__all__ = ["Papers", "papers"]


@dataclass(frozen=True)
class Papers:
    """Everything the board papers say, sheet by sheet.

    Args:
        title: what the meeting is called.
        status: whether the board has confirmed, in a sentence that stands on every sheet.
        banner: what errors in the data mean for the papers; empty where there are none.
        front: what the board has to settle.
        settle: every case to settle, one a row.
        profiles: students by modules.
        borderlines: borderline cases with their evidence.
        modules: module results in numbers.
        distribution: module marks by band.
        progress: recommendations, and columns for what the board decides.
        decisions: what boards have recorded.
        reassessment: what each student may be reassessed in.
        credit: each student's credit against the award aimed at.
        duties: days, registrations, transcripts and students to look after, each where there are some.
        changes: what differs from the run before; none where there is no difference or no run before.
        problems: what is wrong with the input.
        trace: every mark changed and every outcome, with its clause.
        sources: what was read, with digests.
    """

    title: str
    status: str
    banner: str
    front: Front
    settle: Listing
    profiles: Profiles
    borderlines: Listing
    modules: Listing
    distribution: Distribution
    progress: Progress
    decisions: Listing
    reassessment: Listing
    credit: Listing
    duties: tuple[Listing, ...]
    changes: Listing | None
    problems: Listing
    trace: Listing
    sources: Listing


_SHEETS: dict[str, Callable[[BoardResult], Any]] = {
    "settle": settle,
    "profiles": profiles,
    "borderlines": borderlines,
    "modules": modules,
    "distribution": distribution,
    "progress": progress,
    "decisions": decisions,
    "reassessment": reassessment,
    "credit": credit,
    "duties": duties,
    "problems": problems,
    "trace": trace,
    "sources": sources,
}


def papers(board: BoardResult, changes: Changes | None = None) -> Papers:
    """Make the content of the board papers.

    Args:
        board: the assessed board.
        changes: what differs from an earlier run; none where it is not known or there is nothing.

    Returns:
        The content, sheet by sheet.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> papers(board).profiles.rows.height
        120
    """
    facts = board.cohort.facts
    errors = board.severities["error"]
    confirmed = facts.status == "confirmed"
    cells = "1 error" if errors == 1 else f"{errors:,} errors"
    # Side by side: a sheet takes many small steps of polars', and waits for each.
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sheets = {name: pool.submit(make, board) for name, make in _SHEETS.items()}
        first = pool.submit(lambda: front(board, changes, states=sheets["decisions"].result().rows))
        made = {name: sheet.result() for name, sheet in sheets.items()}
    return Papers(
        title=facts.values.get("title", "Board"),
        status="Confirmed by the board." if confirmed else "PROVISIONAL: not confirmed by the board.",
        banner=f"{cells} in the data: what depends on them is incomplete or left out. See Problems."
        if errors
        else "",
        front=first.result(),
        changes=changed(changes) if changes is not None and changes.rows.height else None,
        **made,
    )
