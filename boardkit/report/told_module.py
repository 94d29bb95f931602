"""Modules: what each of a student's modules came to, and why."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit.exact import say, say_number
from boardkit.regulations.part import UNRULED
from boardkit.report.names import OUTCOMES, said
from boardkit.report.page import exactly, glued, percent, short
from boardkit.report.told_misconduct import penalty_words
from boardkit.report.told_work import Works
from boardkit.results import works_of
from boardkit.rules.marks import DEFERRED, MARKED
from boardkit.rules.penalties import FIRST_SIT, REASSESSMENT
from boardkit.trace.decided import DECIDED

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.report.origins import Origins
    from boardkit.report.page import Page

Row = dict[str, Any]

_CLAUSE = "{clause}"
"""Where the clause stands in a sentence that goes on behind it."""

_BESIDE = 11
"""Where what is said of a module begins, under its mark."""


class Modules:
    """One student's modules, told from what the stages left behind.

    Args:
        board: the assessed board.
        student: the student's row of the ground.
        results: the student's module results.
        told: the student's trace.
        origins: names the cells.
    """

    def __init__(
        self, board: BoardResult, student: Row, results: list[Row], told: list[Row], origins: Origins
    ) -> None:
        self.board, self.pack, self.ground = board, board.pack.rules, board.ground
        self.student, self.results, self.told, self.origins = student, results, told, origins
        self.penal = set(penalty_words(self.pack))
        self.teller = Works(board, student["student_id"], told, origins)
        mine = pl.col("s") == student["s"]
        self.enrolments = {row["e"]: row for row in self.ground.enrolments.filter(mine).rows(named=True)}
        parts = self.ground.components.filter(pl.col("m").is_in([result["m"] for result in results]))
        self.components = {row["k"]: row for row in parts.rows(named=True)}
        overturned = board.concluded.overturned.filter(mine)
        self.overturned = {row["module"]: row for row in overturned.rows(named=True)}
        works = works_of(board, student["s"]).sort("m", "attempt", "component")
        self.works: dict[int, list[Row]] = {}
        for work in works.rows(named=True):
            mark = FIRST_SIT.mark if work["first_sit"] else REASSESSMENT.mark
            self.works.setdefault(work["m"], []).append({**work, "value": work[mark]})

    def tell(self, page: Page) -> None:
        """Write every module, in the order of the results."""
        for result, after in zip_longest(self.results, self.results[1:]):
            self._module(page, result)
            if after is None or self.works.get(result["m"]) or self.works.get(after["m"]):
                page.blank()

    def _module(self, page: Page, result: Row) -> None:
        works = self.works.get(result["m"], [])
        told = [row for row in self.told if row["module"] == result["module"]]
        mark = say(result["mark"]) if result["mark"] is not None else ""
        head = "  ".join(part for part in (mark, result["grade"], said(OUTCOMES, result["outcome"])) if part)
        # What the module came to is told under a mark that the board has decided.
        decided = result["module"] in self.overturned
        result = self.overturned.get(result["module"], result)
        sums = self._sums(result, works)
        again = f"   attempt {result['attempt']}" if (result["attempt"] or 1) > 1 else ""
        why = self._why(page, result, works, told)
        if decided:
            sums, why = why.pop(), [*filter(None, [sums]), *why]
        beside = sums or (why.pop(0) if len(why) == 1 and not works else "")
        text = f"{glued(head)}{again}{f'   {beside}' if beside else ''}"
        page.entry(result["module"], text, column=max(_BESIDE, len(result["module"]) + 4))
        for text in why:
            page.entry("", text, column=_BESIDE)
        self.teller.tell(page, works)

    def _why(self, page: Page, result: Row, works: list[Row], told: list[Row]) -> list[str]:
        """Say what decided the outcome, where it is not simply a pass."""
        ends = {
            row["rule"]: page.cite(row["clause"])
            for row in told
            if row["stage"] == "module" and row["rule"] not in ("pass", "attempts")
        }
        texts = []
        if "reassessment-cap" in ends:
            overall = exactly(result["weighted"], result["weights"], places=self.pack.rounding.module.places)
            texts.append(
                f"{overall}, capped at the pass mark after reassessment: {say(result['mark'])} {ends.pop('reassessment-cap')}"
            )
        for row in told:
            if row["stage"] == "module" and row["rule"] in self.penal:
                cited = ends.pop(row["rule"], page.cite(row["clause"]))
                texts.append(f"{row['note']}: at most {short(row['after'])} {cited}")
        ended = [(self._ended(rule, result, works), cited) for rule, cited in ends.items()]
        texts += [
            text.replace(_CLAUSE, cited) if _CLAUSE in text else f"{text} {cited}"
            for text, cited in ended
            if text
        ]
        exchange, prior = self.averages
        if result["exchange"] and not result["counts"]:
            texts.append(f"exchange: in no average {page.cite(exchange)}")
        if result["prior_learning"] and result["basis"] != "prior-learning":
            counted = "counted in the average by a recorded decision" if result["counts"] else "in no average"
            texts.append(f"prior learning: {counted} {page.cite(prior)}")
        return texts

    @property
    def averages(self) -> tuple[str, str]:
        """Cite what leaves exchange modules and prior learning out of averages."""
        rules = self.pack.averages
        if rules is None:
            return UNRULED, UNRULED
        return rules.exchange_counts.citation, rules.prior_learning_counts_by_decision.citation

    def _ended(self, rule: str, result: Row, works: list[Row]) -> str:
        """Say what a module's outcome rests on; nothing where the work itself says it."""
        average = "counted in the average by a recorded decision" if result["counts"] else "in no average"
        plain = {
            "withdrawn": "withdrawn: no fail, and counted nowhere",
            "withdrawn-late": "withdrawn late without accepted reasons: a fail",
            "prior-learning": f"prior learning: {average}",
            "condonable": "the board may condone it",
        }
        tellers = {
            "fail": self._failed,
            "qualifying-fail": self._qualified,
            "deferred": self._deferred,
            "incomplete": self._lacking,
            "unreadable": self._unreadable,
            "confirmed": self._confirmed,
            DECIDED: self._by_the_board,
        }
        return tellers[rule](result, works) if rule in tellers else plain.get(rule, "")

    def _needed(self, result: Row) -> str:
        mark = self.enrolments.get(result["e"], {}).get("pass_mark")
        return "the pass mark" if mark is None else f"the pass mark of {say_number(mark)}"

    def _failed(self, result: Row, _: list[Row]) -> str:
        return f"{say(result['mark'])} is below {self._needed(result)}"

    def _qualified(self, result: Row, works: list[Row]) -> str:
        under = [
            glued(
                f"{work['component']} {say(work['value'], places=2)} is under its floor of {say_number(floor)}"
            )
            for work, floor in self._under(result, works)
        ]
        return f"{self._needed(result)} is reached and {', '.join(under) or 'a component is under its floor'}"

    def _deferred(self, result: Row, works: list[Row]) -> str:
        told = any(work["status"] == DEFERRED for work in works if work["attempt"] == result["attempt"])
        return "" if told else "deferred by accepted circumstances"

    def _by_the_board(self, result: Row, _: list[Row]) -> str:
        """Say that the board decided the mark, under which minute, and what stood before (17.3)."""
        told = next(row for row in self.told if row["module"] == result["module"] and row["rule"] == DECIDED)
        return f"decided by the board {_CLAUSE}; before: {told['before']}"

    def _confirmed(self, result: Row, _: list[Row]) -> str:
        origin = self.origins.result(self.student["student_id"], result["module"])
        if origin is None:
            return "confirmed earlier"
        read = f"read from {self.origins.place(origin['_src'], origin['_row'], 'mark')}"
        if result["outcome"] != "incomplete":
            return f"confirmed earlier {_CLAUSE}; {read}"
        return f"an earlier board's, and not to be used: no mark and no outcome; {read}"

    def _under(self, result: Row, works: list[Row]) -> list[tuple[Row, int]]:
        """Find the pieces of work whose mark is under its floor."""
        under = []
        programme = self.enrolments.get(result["e"], {}).get("own_floor")
        for work in self._judged(result, works):
            component = self.components[work["k"]]
            floors = (component["own_floor"], programme, component["floor"])
            floor = next((floor for floor in floors if floor is not None), None)
            if floor is not None and work["value"] is not None and work["value"] < floor:
                under.append((work, floor))
        return under

    def _lacking(self, result: Row, works: list[Row]) -> str:
        """Say what an incomplete module lacks."""
        enrolment = self.enrolments.get(result["e"], {})
        missing = self.board.concluded.judged.missing.filter(pl.col("e") == result["e"]).join(
            self.ground.components, on="k"
        )
        now = [work for work in works if work["attempt"] == result["attempt"]]
        if enrolment.get("bad") and self._faults(result):
            return self._unreadable(result, works)
        if result["basis"] == "nothing" or not (works or missing.height):
            return "no mark that can be used and no reason"
        if enrolment and enrolment["pass_mark"] is None:
            return f"no rule for SCQF {result['level']}"
        if missing.height:
            return f"no mark for {', '.join(sorted(missing['component']))} and no reason"
        unread = [work["component"] for work in now if work["status"] not in (MARKED, DEFERRED)]
        if unread:
            return f"nothing is computed without {', '.join(unread)}"
        return "the weights are not known"

    def _unreadable(self, result: Row, _: list[Row]) -> str:
        """Say which cells, of those that the module depends on, cannot be read."""
        return "; ".join(self._faults(result)) or "a row that the module depends on cannot be read"

    def _faults(self, result: Row) -> list[str]:
        """Give what is wrong with the module, its components, its enrolment and its earlier results, by cell."""
        typed, module = self.board.cohort.typed, pl.col("module") == result["module"]
        rows = [typed[name].filter(module & pl.col("_bad")) for name in ("modules", "components")]
        results = typed["results"].filter(module & pl.col("_bad"))
        rows.append(results.filter(pl.col("student_id") == self.student["student_id"]))
        places = [place for frame in rows for place in frame.select("_src", "_row").rows()]
        enrolment = self.enrolments.get(result["e"])
        if enrolment is not None:
            places.append((enrolment["src"], enrolment["row"]))
        return [fault for place in places for fault in self.origins.faults_in_cells(*place)]

    def _judged(self, result: Row, works: list[Row]) -> list[Row]:
        """Find the work that the module's mark was made of (16.1, 18.8, 18.9, readings M4 and R1).

        That is the attempt's own work; with it, from earlier attempts, what belongs to a first sit or
        completes a deferred reassessment. The stages keep the sum alone, and what adds up to it is taken.
        """
        if result["weighted"] is None or result["attempt"] is None:
            return []
        for first in range(result["attempt"], 0, -1):
            latest = {
                work["component"]: work
                for work in works
                if work["use"] == "used"
                and first <= work["attempt"] <= result["attempt"]
                and work["value"] is not None
            }
            chosen = list(latest.values())
            if (
                sum(work["weight"] or 0 for work in chosen) == result["weights"]
                and sum((work["weight"] or 0) * work["value"] for work in chosen) == result["weighted"]
            ):
                return chosen
        return []

    def _sums(self, result: Row, works: list[Row]) -> str:
        """Say how the pieces of work make the module's mark."""
        judged = self._judged(result, works) if result["mark"] is not None else []
        if len(judged) < 2:  # noqa: PLR2004 - one piece of work is no sum
            return ""
        parts = [
            glued(
                f"{work['component']} {say(work['value'], places=2)} x {percent(work['weight'], result['weights'])}"
            )
            for work in judged
        ]
        total = exactly(result["weighted"], result["weights"], places=self.pack.rounding.module.places)
        return " + ".join(parts) + glued(f" = {total}")
