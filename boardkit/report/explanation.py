"""Explanation: one student's way from the cells to the class, clause by clause, to be read aloud."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit.errors import CallError
from boardkit.exact import WEIGHT_UNITS, say, say_number
from boardkit.problems import letters
from boardkit.report.names import AWARDS, CLASSES, OUTCOMES, said
from boardkit.results import with_kind
from boardkit.rules.marks import DEFERRED, INCOMPLETE
from boardkit.rules.penalties import FIRST_SIT, REASSESSMENT
from boardkit.trace import trace_of

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.problems import Source

WIDTH = 100
_INDENT = 18


@dataclass(frozen=True)
class Explanation:
    """A page about one student: ``print`` it, or show it in a notebook."""

    text: str

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        from html import escape  # noqa: PLC0415 - for notebooks alone

        return f"<pre>{escape(self.text)}</pre>"


def explain(board: BoardResult, student_id: str) -> Explanation:
    """Tell one student's way from the cells to the class.

    Args:
        board: the assessed board.
        student_id: the student.

    Returns:
        The page.

    Raises:
        CallError: the board has no such student.
    """
    at = board.ground.students.filter(pl.col("student_id") == student_id)
    if at.is_empty():
        raise CallError(
            f'there is no student "{student_id}" on this board. Check the number and its leading zeros.'
        )
    student = at.row(0, named=True)
    rows = board.concluded.results.filter(pl.col("s") == student["s"]).sort(
        "level", "module", nulls_last=True
    )
    results = rows.rows(named=True)
    told = trace_of(board, student["s"]).rows(named=True)
    page = _Page(board, student, results, told)
    return Explanation("\n".join(page.lines()))


class _Page:
    def __init__(
        self,
        board: BoardResult,
        student: dict[str, Any],
        results: list[dict[str, Any]],
        told: list[dict[str, Any]],
    ) -> None:
        self.board, self.student, self.results, self.told = board, student, results, told
        self.pack = board.pack.rules

    def lines(self) -> list[str]:
        lines = [*self._head(), ""]
        made = self.board.classified.filter(pl.col("s") == self.student["s"])
        if made.height:
            lines += [*self._award(made.row(0, named=True)), ""]
        works = self._works()
        for result in self.results:
            lines += [*self._module(result, works.get(result["m"], [])), ""]
        lines += self._readings()
        return lines

    def _head(self) -> list[str]:
        aimed = said(AWARDS, self.student["award"])
        who = ", ".join(part for part in (self.student["programme"], aimed) if part)
        status = self.board.cohort.facts.status
        left = f"{self.student['student_id']}   {who}"
        title = f"{self.pack.pack.institution}, {self.pack.pack.title} ({self.pack.pack.id})"
        return [f"{left}{status:>{max(WIDTH - len(left), len(status) + 3)}}", title]

    def _award(self, made: dict[str, Any]) -> list[str]:
        told = {row["rule"]: row for row in self.told if row["stage"] == "award"}
        lines = []
        if made["average"] is not None:
            lines.append(f"  {said(CLASSES, made['classification'])}    average {say(made['average'])}")
        else:
            lines.append("  Not classified")
        row = told.get("classification")
        if row is not None:
            clause = f" [{row['clause']}]" if row["clause"] else ""
            lines += _said("Why", f"{row['note']}{clause}")
        if made["average"] is not None:
            lines += _said("Average", f"{self._average(made)} [{told['average']['clause']}]")
        if "eligible" in told:
            rule = dict(self.pack.awards.each())[made["award"]].credits
            held = say_number(made["credits_held"])
            there = (
                "the credit for the award is there"
                if made["eligible"]
                else "the credit for the award is not there yet"
            )
            lines += _said("Credit", f"{held} credits held, {rule.total} needed: {there} ({rule.source})")
        for level in sorted(
            {result["level"] for result in self.results if result["counts"] and result["level"]}, reverse=True
        ):
            here = [result for result in self.results if result["level"] == level and result["counts"]]
            items = [
                f"{result['module']} {say(result['mark']) if result['mark'] is not None else result['outcome']} ({say_number(result['credits'])})"
                for result in here
            ]
            lines += _said(f"Level {level}", "   ".join(items))
        return lines

    def _average(self, made: dict[str, Any]) -> str:
        """Say how the average is made: each level's mean and weight, the exact ratio, its rounding."""
        rule = dict(self.pack.awards.each())[made["award"]].average
        if rule is None:
            return ""
        exact = made["numerator"] / made["denominator"] / 100
        parts = []
        for number, bucket in enumerate(rule.buckets, start=1):
            credits_ = made[f"credits_{number}"]
            if not credits_ or (made["alone"] and number > 1):
                continue
            mean = made[f"sum_{number}"] / credits_ / 100
            levels = (
                "level " + " and ".join(str(level) for level in bucket.levels)
                if len(bucket.levels) == 1
                else f"level {bucket.levels[0]} and above"
            )
            share = "" if made["alone"] or len(rule.buckets) == 1 else f"{bucket.weight}% of "
            parts.append(f"{share}{levels}, {mean:.4f} over {say_number(credits_)} credits")
        return f"{' and '.join(parts)}: {exact:.4f}, rounded {say(made['average'])}"

    def _works(self) -> dict[int, list[dict[str, Any]]]:
        """The student's component marks, by module, with where each was read."""
        board = self.board
        rows = board.penalised.filter(pl.col("s") == self.student["s"])
        framed = with_kind(rows, board.concluded.judged.attempts).collect()
        named = framed.join(board.ground.components.select("k", "component"), on="k").sort(
            "m", "attempt", "component"
        )
        works: dict[int, list[dict[str, Any]]] = {}
        for row in named.iter_rows(named=True):
            works.setdefault(row["m"], []).append(row)
        return works

    def _module(self, result: dict[str, Any], works: list[dict[str, Any]]) -> list[str]:
        mark = say(result["mark"]) if result["mark"] is not None else "no mark"
        grade = f"  {result['grade']}" if result["grade"] else ""
        sums = self._sums(result, works)
        flags = [name for name in ("exchange", "prior_learning") if result[name]]
        lines = [f"  {result['module']:<8} {mark}{grade}  {said(OUTCOMES, result['outcome'])}{sums}"]
        told = [row for row in self.told if row["module"] == result["module"]]
        for row in told:
            if row["stage"] == "module" and (row["rule"] == "reassessment-cap" or row["rule"] != "pass"):
                lines += _said("", f"{_change(row)}{_rule(row)} [{row['clause']}]")
        if flags:
            lines += _said(
                "",
                f"{' and '.join(flag.replace('_', ' ') for flag in flags)}: in no average"
                if not result["counts"]
                else " and ".join(flags),
            )
        if result["basis"] == "confirmed" and result["m"] is None:
            lines += _said("", f"read from {self._place(result['src'], result['row'], 'mark')}")
        for work in works:
            lines += self._work(
                work,
                [
                    row
                    for row in told
                    if row["component"] == work["component"] and row["attempt"] == work["attempt"]
                ],
            )
        return lines

    def _sums(self, result: dict[str, Any], works: list[dict[str, Any]]) -> str:
        """Say how the components make the module's mark."""
        if result["weighted"] is None or not result["weights"] or result["mark"] is None:
            return ""
        latest: dict[str, dict[str, Any]] = {}
        for work in works:
            if (
                work["use"] == "used"
                and work["attempt"] <= result["attempt"]
                and (result["first_sit"] or work["attempt"] == result["attempt"])
            ):
                latest[work["component"]] = work
        total = result["weighted"] / result["weights"] / 100
        parts = []
        for work in latest.values():
            value = work[FIRST_SIT.mark if work["first_sit"] else REASSESSMENT.mark]
            if value is None:
                return ""
            parts.append(
                f"{work['component']} {say(value, places=2)} x {_weight(work['weight'], result['weights'])}"
            )
        summed = sum(work["weight"] for work in latest.values())
        return (
            f"    {' + '.join(parts)} = {total:.4f}"
            if summed == result["weights"]
            else f"    weighted {total:.4f}"
        )

    def _work(self, work: dict[str, Any], told: list[dict[str, Any]]) -> list[str]:
        value = work[FIRST_SIT.mark if work["first_sit"] else REASSESSMENT.mark]
        if work["status"] == DEFERRED:
            shown = "deferred"
        elif work["status"] == INCOMPLETE:
            shown = "no mark to use"
        elif work["raw"] != value:
            shown = f"{say(work['raw'], places=2)} -> {say(value, places=2)}"
        else:
            shown = say(value, places=2)
        attempt = "" if work["attempt"] == 1 else f", attempt {work['attempt']}"
        lines = _said(f"  {work['component']}{attempt}", shown, hang=4)
        for row in told:
            lines += _said(
                "",
                f"{_change(row)}{_rule(row)}{': ' + row['note'] if row['note'] and row['rule'] not in _PLAIN else ''} [{row['clause']}]",
            )
        read = f"read from {self._place(work['_src'], work['_row'], 'mark')}"
        if any(row["rule"] == self.pack.penalties.word_limit.id for row in told):
            read += f"; words {self._cell(work['_src'], work['_row'], 'words')}"
        if any(row["rule"].startswith("late") for row in told):
            read += f"; submitted {self._cell(work['_src'], work['_row'], 'submitted_at')}"
        return lines + _said("", read)

    def _place(self, source: int, row: int, column: str) -> str:
        at: Source = self.board.cohort.sources[source]
        sheet = f"{at.sheet}!" if at.sheet else ""
        file = f"{at.file}, " if at.file else f"the {at.table} table, "
        return f"{file}{sheet}{self._cell(source, row, column)}"

    def _cell(self, source: int, row: int, column: str) -> str:
        at: Source = self.board.cohort.sources[source]
        if not at.lettered or column not in at.columns:
            return f"row {row}"
        return f"{letters(at.columns[column])}{row}"

    def _readings(self) -> list[str]:
        """Write out the readings that decided something."""
        named = {
            name.strip()
            for row in self.told
            if row["clause"] and "reading " in row["clause"]
            for part in row["clause"].split("reading ")[1:]
            for name in part.split(";")[0].split(",")
        }
        chosen = [name for name in self.pack.readings if name in named]
        if not chosen:
            return []
        return [
            "  How open points are read",
            *(line for name in chosen for line in _said(name, self.pack.readings[name])),
        ]


_PLAIN = ("agreed", "grade", "not-submitted", "absent", "deferred", "mark-missing", "first-sit")


def _weight(weight: int, total: int) -> str:
    share = weight * 100 / total
    return (
        f"{share:.10g}%"
        if abs(share - round(share, 2)) < 1e-9
        else f"{say_number(weight, units=WEIGHT_UNITS)}/{say_number(total, units=WEIGHT_UNITS)}"
    )  # noqa: PLR2004 - for reading only


def _change(row: dict[str, Any]) -> str:
    return (
        f"{row['before']} -> {row['after']}  "
        if row["before"] and row["after"] and row["before"] != row["after"]
        else ""
    )


def _rule(row: dict[str, Any]) -> str:
    return {"outcome": ""}.get(row["rule"], row["rule"].replace("-", " "))


def _said(name: str, text: str, *, hang: int = 2) -> list[str]:
    head = f"{'':{hang}}{name}"
    first = f"{head:<{_INDENT - 2}}  " if len(head) < _INDENT - 1 else f"{head}  "
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=" " * _INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [first.rstrip()]
