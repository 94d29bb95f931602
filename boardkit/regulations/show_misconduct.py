"""Misconduct of a pack, written out for ``show``: penalties, routes, tables, times and reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boardkit.regulations.lines import GAP, Line, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from boardkit.regulations.lines import Group
    from boardkit.regulations.misconduct import (
        Cell,
        MarksSet,
        Misconduct,
        Penalty,
        Reports,
        Route,
        TariffTable,
    )


def misconduct_groups(rules: Misconduct) -> Iterator[Group]:
    """Give what a pack says of misconduct, each part under its title, in the order of the file."""
    for name, listed in rules.lists.items():
        lines = [Line("Decided by", listed.decided_by.value, listed.decided_by)]
        if listed.recorded is not None:
            lines.append(Line("Recorded in", listed.recorded.value, listed.recorded))
        if listed.returned is not None:
            lines.append(Line("Referred back", listed.returned.says, listed.returned))
            lines.append(Line(f"{GAP}recorded in", listed.returned.recorded.value, listed.returned.recorded))
        lines += [line for one in rules.penalties if one.among == name for line in _penalty(one)]
        yield f"Misconduct, {words(name)}", lines
    if rules.routes:
        yield "Misconduct, before any table", [line for route in rules.routes for line in _route(route)]
    for table in rules.tables:
        yield f"Misconduct, table {table.id}, {_either(table.offences)}", list(_table(table))
    lines = [Line("A year's marks", "by the academic year", rules.academic_year)]
    if rules.moderation is not None:
        needs = "needs a reason" if rules.moderation.needs_reason else "needs no reason"
        lines.append(Line("A moderated penalty", needs, rules.moderation))
    if rules.not_submitting is not None:
        lines.append(Line("Not submitting gives", f"{rules.not_submitting.value}", rules.not_submitting))
    yield "Misconduct, in general", lines
    if rules.limits:
        yield (
            "Misconduct, times",
            [
                Line(limit.what.capitalize(), f"{limit.value} {limit.unit}: {_either(limit.lists)}", limit)
                for limit in rules.limits
            ],
        )
    if rules.reports is not None:
        yield "Misconduct, reports that name nobody", _reports(rules.reports)


def _penalty(penalty: Penalty) -> Iterator[Line]:
    """What a penalty is, and what it does to marks, awards and attempts."""
    yield Line(penalty.id, penalty.says, penalty)
    if penalty.nothing_found:
        yield Line(f"{GAP}finds", "no offence")
    if penalty.not_recorded:
        yield Line(f"{GAP}is recorded in", "no file")
    if penalty.finalist is not None:
        yield Line(f"{GAP}is for", "finalists" if penalty.finalist else "students who are not finalists")
    if penalty.marks is not None:
        yield Line(f"{GAP}sets", _marks(penalty.marks))
    if penalty.retake_at_pass_mark:
        yield Line(f"{GAP}caps a retake", "at the pass mark")
    if penalty.bar is not None:
        most = "" if penalty.bar.years is None else f", at most {penalty.bar.years} years"
        begins = "" if penalty.bar.years is None else f" from the {penalty.bar.counted_from}"
        stated = "a stated day" if penalty.bar.required else "a stated day, or for good"
        yield Line(f"{GAP}bars {penalty.bar.of}", f"until {stated}{most}{begins}")
    if penalty.excludes is not None:
        yield Line(f"{GAP}excludes from", penalty.excludes)
    if penalty.lower_class:
        yield Line(f"{GAP}lowers the class", "as the board decides")
    if penalty.no_reassessment:
        yield Line(f"{GAP}allows", "no reassessment in the module")


def _marks(rule: MarksSet) -> str:
    what = {"assessment": "the assessment", "module": "the module", "year": "every assessment of that year"}
    kinds = f" of kind {_either(rule.kinds)}" if rule.kinds else ""
    to = [
        "the stated mark" if rule.stated else "",
        "" if rule.value is None else f"{rule.value}",
    ]
    return f"{what[rule.of]}{kinds} to {' or '.join(part for part in to if part)}"


def _route(route: Route) -> Iterator[Line]:
    asked = {"major": route.major, "admitted": route.admitted, "repeated": route.repeated}
    conditions = [
        f"year {_either(route.years)}" if route.years else "",
        *(name if value else f"not {name}" for name, value in asked.items() if value is not None),
    ]
    said = ", ".join([_either(route.offences), *(part for part in conditions if part)])
    said += f", where {' and '.join(route.when_stated)} is stated" if route.when_stated else ""
    yield Line(said.capitalize(), route.says, route)
    if route.may_return_to is not None:
        yield Line(f"{GAP}may return to", words(route.may_return_to))
    if route.recorded is not None:
        yield Line(f"{GAP}recorded in", route.recorded.value, route.recorded)


def _table(table: TariffTable) -> Iterator[Line]:
    yield Line("For", f"year {_either(table.years)}", table)
    if table.may_return_to is not None:
        yield Line(f"{GAP}may return to", words(table.may_return_to))
    for cell in table.cells:
        yield Line(f"{GAP}{_case(cell)}", _cell(cell))
    if table.star is not None:
        who = "finalists" if table.star.finalist else "not finalists"
        yield Line(f"{GAP}{who}", f"{table.star.penalty} is read as {table.star.read_as}", table.star)


def _case(cell: Cell) -> str:
    often = "" if cell.repeated is None else ", repeated" if cell.repeated else ", first"
    return f"{'intent' if cell.intent else 'no intent'}{often}"


def _cell(cell: Cell) -> str:
    if cell.default is None:
        return cell.says or ""
    moderated = "" if cell.moderated is None else f", moderated {cell.moderated}"
    return f"default {cell.default}{moderated}"


def _reports(rules: Reports) -> list[Line]:
    return [
        Line("Action taken", f"{_minor(rules)}: for {rules.action.value}", rules.action),
        Line("By department", f"{_minor(rules)}: for {rules.summary.value}", rules.summary),
        Line("Monitoring", f"counts of all offences: for {rules.monitoring.value}", rules.monitoring),
        Line(f"{GAP}fewest shown", f"{rules.minimum.value}", rules.minimum),
    ]


def _minor(rules: Reports) -> str:
    return f"{words(rules.minor)} offences of {_either(rules.offences)}"


def _either(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + (" or " if len(names) > 1 else "") + names[-1]
