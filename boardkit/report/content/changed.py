"""Changes as a sheet: what differs from the run before, before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boardkit.report.content.listing import Column, Listing

if TYPE_CHECKING:
    from boardkit.report.changes import Changes


def changed(changes: Changes) -> Listing:
    """List what differs from the run before."""
    return Listing(
        name="Changes",
        columns=(
            Column("change", "Of", 13),
            Column("student_id", "Student", 11),
            Column("module", "Module", 10),
            Column("component", "Component", 14),
            Column("attempt", "Attempt", 8, "count"),
            Column("what", "What", 22),
            Column("before", "Before", 26, "either"),
            Column("after", "After", 26, "either"),
        ),
        rows=changes.rows,
        notes=(
            "Against the run that was in this folder before. Empty before: it is new. Empty after: it is gone.",
        ),
    )
