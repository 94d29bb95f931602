"""Summary: what a board has before it, in a few lines for a terminal or a notebook."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import polars as pl

from boardkit.report.names import CLASSES
from boardkit.tables import CLASSIFICATIONS, SEVERITIES

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.cohort import Cohort


@dataclass(frozen=True)
class Counts:
    """What a board has to settle, counted.

    Args:
        classes: students by classification, in the order of the classes.
        waiting: students with no classification because a module is deferred or incomplete.
        borderline: borderline cases.
        up: borderline cases that go up.
        tests: the clauses of the tests that the borderline cases were put to.
        uplifted: students who go up by being just below a boundary.
        outcomes: module results by outcome.
        debts: students with tuition debt.
    """

    classes: dict[str, int]
    waiting: int
    borderline: int
    up: int
    tests: tuple[str, ...]
    uplifted: int
    outcomes: dict[str, int]
    debts: int


def count(board: BoardResult) -> Counts:
    """Count what a board has to settle."""
    made = board.classified
    found = dict(made.drop_nulls("classification").group_by("classification").len().iter_rows())
    borderline = made.filter(pl.col("borderline").fill_null(value=False))
    students = board.cohort.typed["students"]
    return Counts(
        classes={name: found[name] for name in CLASSIFICATIONS if name in found},
        waiting=int(made["waits"].fill_null(value=False).sum()),
        borderline=borderline.height,
        up=borderline.filter(pl.col("basis") == "borderline").height,
        tests=_tests(board, borderline),
        uplifted=made.filter(pl.col("basis") == "uplift").height,
        outcomes=dict(board.concluded.results.group_by("outcome").len().sort("outcome").iter_rows()),
        debts=int(students["tuition_debt"].fill_null(value=False).sum()),
    )


def _tests(board: BoardResult, borderline: pl.DataFrame) -> tuple[str, ...]:
    """Name the clauses of the tests that were made."""
    rules = dict(board.pack.rules.awards.each())
    put = borderline.drop_nulls("criterion").select("award", "criterion").unique().sort("award", "criterion")
    found = {near.criteria[at].source for award, at in put.iter_rows() if (near := rules[award].borderline)}
    return tuple(sorted(found))


def plural(number: int, one: str, many: str | None = None) -> str:
    """Write a number of things.

    Examples:
        >>> plural(1, "error"), plural(1200, "mark")
        ('1 error', '1,200 marks')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def read_line(cohort: Cohort) -> str:
    """Say how much was read."""
    counts = cohort.counts
    return f"{plural(counts['students'], 'student')}, {plural(counts['modules'], 'module')}, {plural(counts['marks'], 'mark')}"


def assessed_lines(board: BoardResult) -> list[str]:
    """Say under what it was assessed and what came out."""
    counts, pack, facts = count(board), board.pack.rules.pack, board.cohort.facts
    lines = [f"under {pack.title} ({pack.id}), {facts.diet} diet, {facts.status}"]
    classes = [f"{CLASSES[name]} {number:,}" for name, number in counts.classes.items()]
    if counts.waiting:
        classes.append(f"waiting {counts.waiting:,}")
    if classes:
        lines.append("   ".join(classes))
    settle = [
        f"{counts.outcomes[name]:,} {name}"
        for name in ("incomplete", "deferred")
        if counts.outcomes.get(name)
    ]
    if counts.debts:
        settle.append(f"{counts.debts:,} with tuition debt")
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
    return [*lines, "   ".join(last)] if last else lines


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


def summary_html(board: BoardResult) -> str:
    """Tell the same in a notebook."""
    counts = count(board)
    facts = board.cohort.facts
    title = facts.values.get("title", "Board")
    banner = "" if facts.status == "confirmed" else f" <strong>{escape(facts.status)}</strong>"
    first, *rest = assessed_lines(board)
    rows = "".join(
        f"<tr><td style='text-align:left'>{escape(CLASSES[name])}</td><td>{number:,}</td></tr>"
        for name, number in counts.classes.items()
    )
    if counts.waiting:
        rows += f"<tr><td style='text-align:left'>waiting</td><td>{counts.waiting:,}</td></tr>"
    body = "".join(
        f"<p>{escape(line)}</p>"
        for line in [read_line(board.cohort), f"Problems: {problem_line(board.severities)}", first, *rest]
    )
    return f"<div><h4>{escape(title)}{banner}</h4>{body}<table>{rows}</table></div>"
