"""Summary: what a board has before it, in a few lines for a terminal or a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boardkit.report.content.counts import count
from boardkit.report.names import plural
from boardkit.report.page import WIDTH
from boardkit.tables import SEVERITIES

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.cohort import Cohort


_GAP = "   "


def read_line(cohort: Cohort) -> str:
    """Say how much was read."""
    counts = cohort.counts
    return f"{plural(counts['students'], 'student')}, {plural(counts['modules'], 'module')}, {plural(counts['marks'], 'mark')}"


def assessed_lines(board: BoardResult) -> list[str]:
    """Say under what it was assessed and what came out."""
    counts, pack, facts = count(board), board.pack.rules.pack, board.cohort.facts
    lines = [f"under {pack.title} ({pack.id}), {facts.diet} diet, {facts.status}"]
    classes = counts.classified()
    if counts.waiting:
        classes.append(f"waiting {plural(counts.waiting, 'student')}")
    lines += side_by_side(classes)
    settle = [
        f"{plural(counts.outcomes[name], 'module result')} {name}"
        for name in ("incomplete", "deferred")
        if counts.outcomes.get(name)
    ]
    if counts.debts:
        settle.append(f"{plural(counts.debts, 'student')} with tuition debt")
    last = []
    if counts.borderline:
        stay = counts.borderline - counts.up
        goes, stays = "goes" if counts.up == 1 else "go", "stays" if stay == 1 else "stay"
        told = f"{counts.up:,} {goes} up, {stay:,} {stays} ({', '.join(counts.tests)})"
        last.append(f"Borderline {counts.borderline:,}: {told}")
    if counts.uplifted:
        last.append(f"Up from just below {counts.uplifted:,}")
    if settle:
        last.append(f"To settle: {', '.join(settle)}")
    return [*lines, *side_by_side(last)]


def side_by_side(items: list[str]) -> list[str]:
    """Put things side by side, as many on a line as fit, none of them broken.

    Examples:
        >>> side_by_side(["First 8", "Third 3"]), len(side_by_side(["Lower second 43 (8 short of credit)"] * 4))
        (['First 8   Third 3'], 2)
    """
    lines: list[str] = []
    for item in items:
        if lines and len(lines[-1]) + len(item) + len(_GAP) <= WIDTH:
            lines[-1] += f"{_GAP}{item}"
        else:
            lines.append(item)
    return lines


def problem_line(severities: dict[str, int]) -> str:
    """Say how many problems there are.

    Examples:
        >>> problem_line({"error": 2, "warning": 0, "note": 1}), problem_line(dict.fromkeys(SEVERITIES, 0))
        ('2 errors, 1 note', 'none')
    """
    return ", ".join(plural(severities[name], name) for name in SEVERITIES if severities[name]) or "none"


def summary(board: BoardResult) -> str:
    """Tell what a board has before it."""
    lines = [("Board", read_line(board.cohort)), ("Problems", problem_line(board.severities))]
    first, *rest = assessed_lines(board)
    lines += [("Assessed", first), *(("", line) for line in rest)]
    return "\n".join(f"{name:<10}{text}" for name, text in lines)
