"""An invented board of any size: every table an exam board needs, and nobody real in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.demo.catalogue import PROGRAMMES, Programme, moment, points
from boardkit.demo.marks import invent_marks
from boardkit.demo.people import ROOM, brought, invent_people, numbers
from boardkit.demo.randomness import Draws
from boardkit.demo.write import write_folder, write_workbook
from boardkit.errors import CallError
from boardkit.tables import INPUT

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_MODULES = ("module", "title", "scqf_level", "credits", "kind", "coordinator")
_COMPONENTS = ("module", "component", "weight", "kind", "due_at", "word_limit", "double_marked")
_SCALING = ("module", "component", "basis", "endorsed", "add", "multiply")

__all__ = ["demo", "write_folder", "write_workbook"]


def demo(
    students: int, *, seed: int = 2022, study: str = "undergraduate", faults: bool = False
) -> dict[str, pl.DataFrame]:
    """Invent one board's tables, the same for the same call on every machine.

    Undergraduate: the last year of an honours programme in psychology, with last year's level three
    modules, their reassessments and what earlier boards confirmed. Postgraduate: a taught masters and
    its diploma and certificate. Besides ordinary students there are, in fixed shares, direct entrants,
    exchanges, prior learning, withdrawals, deferrals, first sits and late work that was accepted.

    Args:
        students: how many, from 1.
        seed: any whole number; another one gives another cohort.
        study: ``undergraduate`` or ``postgraduate``.
        faults: put in a few faults as boards meet them: a letter typed in a mark, a mark left blank
            without a reason, a mark over 100, a student nobody knows, a mark entered twice. The
            column ``mark`` is text then.

    Returns:
        The tables by name, with the columns of the input tables. Identifiers are text, marks exact
        decimals with two places, moments local. A table may be empty.

    Raises:
        CallError: there is no such study, or no such number of students.

    Examples:
        >>> tables = demo(120)
        >>> {name: tables[name].height for name in ("students", "modules", "components")}
        {'students': 120, 'modules': 12, 'components': 25}
        >>> tables["marks"].schema["mark"], demo(120)["marks"].equals(tables["marks"])
        (Decimal(precision=5, scale=2), True)
    """
    if study not in PROGRAMMES:
        raise CallError(f'study "{study}" is not known. Give {" or ".join(PROGRAMMES)}.')
    if not 1 <= students < ROOM:
        raise CallError(f"a demo cannot have {students} students. Give a number from 1 to {ROOM - 1:,}.")
    programme, draws = PROGRAMMES[study], Draws(seed, study)
    cohort = invent_people(programme, students, draws)
    tables = {"students": cohort.table} | invent_marks(cohort, draws) | brought(cohort, draws)
    if faults:
        tables["marks"] = _with_faults(tables["marks"], numbers(students, 1, draws)[0], draws)
    tables |= _offer(programme, tables["enrolments"]["module"].unique().to_list(), cohort.staff.to_list())
    return {name: tables[name] for name in INPUT if name in tables}


def _offer(programme: Programme, taken: Collection[str], staff: Sequence[str]) -> dict[str, pl.DataFrame]:
    """Lay out what the programme offers, as far as anyone takes it, and what the board is told."""
    offered = [(place, module) for place, module in enumerate(programme.modules) if module.code in taken]
    modules = [
        (module.code, module.title, module.level, module.credits, module.kind, staff[place % len(staff)])
        for place, module in offered
    ]
    components = [
        (
            module.code,
            component.name,
            component.weight,
            component.kind,
            component.moment(component.due),
            component.words,
            "Y" if component.double else "N",
        )
        for _, module in offered
        for component in module.components
    ]
    scaling = [row for row in programme.scaling if row[0] in taken]
    return {
        "board": pl.DataFrame(programme.board, schema=["key", "value"], orient="row"),
        "modules": pl.DataFrame(modules, schema=_MODULES, orient="row"),
        "components": pl.DataFrame(components, schema=_COMPONENTS, orient="row").with_columns(
            moment(pl.col("due_at"))
        ),
        "scaling": pl.DataFrame(scaling, schema=_SCALING, orient="row").with_columns(
            points(pl.col("add")), points(pl.col("multiply"))
        ),
    }


def _with_faults(table: pl.DataFrame, stranger: str, draws: Draws) -> pl.DataFrame:
    """Spoil a few marks, each in its own way."""
    plain = table.with_row_index("row").filter(pl.col("mark").is_not_null() & pl.col("second_mark").is_null())
    order = draws.order("faults", plain.height).tolist()
    letter, blank, over, unknown, twice = (plain["row"][place] for place in order[:5])
    row = pl.col("row")
    typed = pl.col("mark").cast(pl.String).str.strip_chars_end("0").str.strip_chars_end(".")
    spoilt = table.with_row_index("row").with_columns(
        mark=pl.when(row == letter)
        .then(pl.lit("6O"))
        .when(row == over)
        .then(pl.lit("107"))
        .when(row != blank)
        .then(typed)
    )
    added = pl.concat(
        [
            spoilt.filter(row == unknown).with_columns(student_id=pl.lit(stranger)),
            spoilt.filter(row == twice).with_columns(
                mark=pl.when(pl.col("mark") == "48").then(pl.lit("58")).otherwise(pl.lit("48"))
            ),
        ]
    )
    return pl.concat([spoilt, added]).drop("row")
