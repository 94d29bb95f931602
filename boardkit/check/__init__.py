"""From tables as found to a cohort: typed, keys held once, references checked, every problem collected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.check.contradictions import find_contradictions
from boardkit.check.dropped import hold_dropped
from boardkit.check.facts import read_facts, tell_codes
from boardkit.check.numbering import number
from boardkit.check.ranks import find_unlike_marks
from boardkit.check.references import DERIVED, choose_scaling, derive, left_out, link, spread, weigh
from boardkit.check.table import empty, hold_keys_once, set_apart, type_table
from boardkit.cohort import Cohort, Facts
from boardkit.problems import found_at, gather

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from boardkit.cohort import InputFile, Study
    from boardkit.frames import Flavour
    from boardkit.problems import Source
    from boardkit.read.raw import Raw

_WANTED = ("students", "modules", "components", "enrolments", "marks")
"""Tables that are given to hold something; the others may well be empty."""


def check(  # noqa: PLR0913 - a cohort is made of all of these
    raws: list[Raw],
    sources: Sequence[Source],
    *,
    codes_for: Callable[[Facts], Mapping[str, str]],
    found: Sequence[pl.DataFrame] = (),
    files: Sequence[InputFile] = (),
    flavour: Flavour = "pandas",
    study: Study | None = None,
) -> Cohort:
    """Check the tables of one board.

    Args:
        raws: the tables as found, each at most once; taken from the list, so that a table's cells are
            let go once they are typed.
        sources: where each came from, by their number.
        codes_for: gives the codes that may stand in mark cells, once the board's facts are known.
        found: problems that the reader has found already.
        files: the files that were read.
        flavour: the kind of frame to hand back.
        study: the study of all modules, where there is no modules table.

    Returns:
        The cohort, with every problem.
    """
    problems = list(found)
    given = frozenset(raw.table for raw in raws)
    typed = {name: empty(table) for name, table in tables.INPUT.items()}
    lost = dict(typed)
    facts = Facts()
    codes = dict(codes_for(facts))
    raws.sort(key=lambda raw: raw.table == "board")
    while raws:
        name = raws[-1].table
        problems += _no_rows(raws[-1], given)
        read = type_table(raws.pop(), codes if name == "marks" else {})
        problems += read.problems
        lost[name] = read.lost
        if name == "board":
            facts, listed, faults = read_facts(read.frame)
            problems += faults
            known = dict(codes_for(facts))
            listed, told = tell_codes(read.frame, listed, known)
            problems += told
            codes = {**known, **listed}
        typed[name], faults = hold_keys_once(read.frame, tables.INPUT[name])
        problems += faults
    entered = typed
    typed, faults = link(typed, given)
    problems += faults
    lost["marks"] = pl.concat([lost["marks"], left_out(entered["marks"], typed["marks"])], how="diagonal")
    typed, faults = derive(typed, lost, given)
    problems += faults
    typed, faults = link(typed, DERIVED - given, derived=True)
    problems += faults
    typed, faults = choose_scaling(typed)
    problems += faults
    problems += weigh(typed, given)
    problems += find_unlike_marks(typed["marks"])
    problems += find_contradictions(typed, given)
    typed = spread(hold_dropped(typed, entered, lost, given), lost)
    numbers = number(typed, given)
    # The numbers say whose work a row is; the texts stand once, with the students and the components.
    typed["marks"] = typed["marks"].drop("student_id", "module", "component")
    typed["enrolments"] = typed["enrolments"].drop("student_id", "module")
    return Cohort(
        typed={name: set_apart(frame, tables.INPUT[name]) for name, frame in typed.items()},
        given=given,
        numbers=numbers,
        facts=facts,
        found=gather(problems),
        sources=tuple(sources),
        files=tuple(files),
        flavour=flavour,
        study=study,
    )


def _no_rows(raw: Raw, given: frozenset[str]) -> list[pl.DataFrame]:
    """Tell of a table that a board hardly does without and that has a header alone."""
    if raw.rows.height or raw.table not in _WANTED:
        return []
    text = f"The {raw.table} table has a header and no rows."
    alone = raw.table == "marks" and "results" in given
    action = "Fill it in, or leave it so where earlier results are all there is." if alone else None
    return [found_at("table-empty", raw.source, None, text, action=action)]
