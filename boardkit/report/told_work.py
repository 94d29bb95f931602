"""Works: what each piece of work went through: its mark before and after, every rule, and where it was read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit.exact import WEIGHT_UNITS, say, say_number
from boardkit.report.page import day, glued, moment, short, span
from boardkit.report.told_misconduct import penalty_words
from boardkit.tables import AS_TYPED, OUT_OF, PERCENTAGE
from boardkit.trace.offences import RETAKE

if TYPE_CHECKING:
    from datetime import datetime

    from boardkit.board import BoardResult
    from boardkit.regulations.penalties import WordLimit
    from boardkit.report.origins import Origins
    from boardkit.report.page import Page

Row = dict[str, Any]

_INDENT = 4
_READ_IN = {"agreed": "agreed_mark", "grade": "grade"}
"""The column that the mark came from, where it is not the marker's."""


class Works:
    """A student's pieces of work, told from their trace.

    Args:
        board: the assessed board.
        student_id: the student.
        told: the student's trace.
        origins: names the cells.
    """

    def __init__(self, board: BoardResult, student_id: str, told: list[Row], origins: Origins) -> None:
        self.board, self.pack, self.origins = board, board.pack.rules, origins
        self.student_id = student_id
        self.penal = penalty_words(self.pack)
        names = board.ground.components.select("k", "module", "component").rows(named=True)
        self.names = {row["k"]: (row["module"], row["component"]) for row in names}
        self.told: dict[tuple[str, str, int], list[Row]] = {}
        for row in told:
            if row["stage"] == "component":
                self.told.setdefault((row["module"], row["component"], row["attempt"]), []).append(row)

    def tell(self, page: Page, works: list[Row]) -> None:
        """Write the pieces of work of one module."""
        width = max((len(_name(work)) for work in works), default=0) + 2
        for work in works:
            rows = self.told.get((*self.names[work["k"]], work["attempt"]), [])
            shown = _shown(work, told=bool(rows))
            head = f"{_name(work):<{width}}{shown}".rstrip()
            beside = _INDENT + width + len(f"{shown}   ".lstrip())
            sentences = [f"{self._sentence(row, work)} {page.cite(row['clause'])}" for row in rows]
            read = self._read(work, {row["rule"] for row in rows})
            for at, text in enumerate([*sentences, read]):
                page.entry("" if at else head, text, indent=0 if at else _INDENT, column=beside)

    def _sentence(self, row: Row, work: Row) -> str:
        """Say what a rule did to a piece of work, as people say it."""
        rule, penalties = row["rule"], self.pack.penalties
        if penalties.word_limit is not None and rule == penalties.word_limit.id:
            return f"{self._over(work, penalties.word_limit)}; at most {short(row['after'])}"
        for step in penalties.late:
            if rule == step.id:
                most = f"at most {short(row['after'])}" if step.cap else f"the mark is {short(row['after'])}"
                return f"{self._late(work)}; {most}"
        if rule in self.penal:
            said = row["note"] if row["note"] == RETAKE else self.penal[rule]
            return f"misconduct, {said}; at most {short(row['after'])}"
        if rule == "scaling":
            return self._scaled(work)
        if rule == "unreadable":
            faults = "; ".join(self.origins.faults(work["_src"], work["_row"]))
            wrong = faults or "a cell of the row, or one that it depends on, cannot be read"
            return f"{wrong}: nothing is computed from it"
        marker = f"; the marker gave {say(work['mark'], places=2)}" if work["mark"] is not None else ""
        return {
            "rounding": f"rounded to {short(row['after'] or '')}",
            "agreed": f"agreed{marker}",
            "grade": f"the mark for grade {work['grade']}",
            "not-submitted": "not submitted",
            "absent": "absent",
            "deferred": "deferred, to be sat as a first sit" if work["first_sit"] else "deferred",
            "not-a-grade": f'"{work["grade"]}" is none of the grades',
            "state-contradiction": f"a mark or grade stands beside {work['state']}",
            "mark-missing": "no mark and no reason",
            "markers-differ": "the markers differ and no mark is agreed",
            "attempt-beyond-limit": "an attempt beyond the number allowed; not used",
            "mark-after-pass": "the module was passed before; not used",
            "first-sit": self._first_sit(work),
        }[rule]

    def _first_sit(self, work: Row) -> str:
        """Say what makes a later attempt a first sit: accepted circumstances, or the deferral before it."""
        place = self.origins.first_sit(self.student_id, self.names[work["k"]][0], work["attempt"])
        why = "after a deferred one" if place is None else f"by accepted circumstances at {place}"
        return f"judged as a first sit {why}"

    def _over(self, work: Row, limit: WordLimit) -> str:
        more = f"{limit.over}% over or more" if limit.inclusive else f"more than {limit.over}% over"
        return f"over the word limit: {work['words']:,} words for {work['word_limit']:,}, {more}"

    def _late(self, work: Row) -> str:
        due: datetime = work["deadline"]
        handed_in: datetime = work["submitted_at"]
        midnight = due.replace(hour=0, minute=0, second=0, microsecond=0)
        whole_day = self.pack.penalties.midnight_is_a_date.value and due == midnight
        gap = handed_in - due - timedelta(days=int(whole_day))
        by = f" by {span(gap)}" if span(gap) else ""
        when = day(due) if whole_day else moment(due)
        return f"late{by}: due {glued(when)}, handed in {glued(moment(handed_in))}"

    def _scaled(self, work: Row) -> str:
        """Say by how much the examiners scaled, and on what basis."""
        module, component = self.names[work["k"]]
        listed = self.board.cohort.typed["scaling"].filter(
            (pl.col("module") == module) & (pl.col("component") == component)
        )
        if listed.is_empty():
            return "scaled by the examiners"
        how = listed.row(0, named=True)
        if how["multiply"] is not None:
            much = f"times {say_number(how['multiply'], units=WEIGHT_UNITS)}"
        else:
            much = f"{'plus' if how['add'] >= 0 else 'minus'} {say_number(abs(how['add']))}"
        to = "" if work["moved"] == work["value"] else f", to {say(work['moved'], places=2)}"
        waits = self.pack.scaling is not None and self.pack.scaling.needs_endorsement and not how["endorsed"]
        asked = "; not yet endorsed" if waits else ""
        return f"scaled by the examiners, {much}{to}: {how['basis'].rstrip('.')}{asked}"

    def _read(self, work: Row, rules: set[str]) -> str:
        """Say in which cells a piece of work was read; a typed code may stand in either of two, so its row."""
        source, row = work["_src"], work["_row"]
        column = None if work["state"] is not None else _READ_IN.get(work["why"], "mark")
        read = f"{_typed(work)}read from {self.origins.place(source, row, column)}"
        limit = self.pack.penalties.word_limit
        late = {step.id for step in self.pack.penalties.late}
        besides = {
            "the marker's": ("mark", work["why"] == "agreed" and work["mark"] is not None),
            "words": ("words", limit is not None and limit.id in rules),
            "handed in": ("submitted_at", bool(rules & late)),
        }
        for name, (beside, told) in besides.items():
            if told and self.origins.lettered(source, beside):
                read += f"; {name} {self.origins.cell(source, row, beside)}"
        return read


def _typed(work: Row) -> str:
    """Say what was typed, where it was points out of another number than 100."""
    points = work.get(OUT_OF)
    if points is None or points == PERCENTAGE or work["raw"] is None or work["why"] not in (None, "agreed"):
        return ""
    return f"{work[AS_TYPED]} out of {say_number(points)}; "


def _name(work: Row) -> str:
    return work["component"] if work["attempt"] == 1 else f"{work['component']}, attempt {work['attempt']}"


def _shown(work: Row, *, told: bool) -> str:
    """Write the mark, before and after; nothing where there is none and the trace says why."""
    if work["value"] is None:
        return "" if told else "no mark"
    if work["raw"] == work["value"]:
        return say(work["value"], places=2)
    return f"{say(work['raw'], places=2)} -> {say(work['value'], places=2)}"
