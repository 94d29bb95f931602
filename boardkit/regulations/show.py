"""A pack written out: every value in plain words, with its clause and the reading of it, grouped as the file."""

from __future__ import annotations

import textwrap
from itertools import zip_longest
from typing import TYPE_CHECKING

from boardkit.regulations.lines import GAP, Line, levels, percent, words, yes
from boardkit.regulations.load import Pack, load_any, shipped
from boardkit.regulations.parameters import written
from boardkit.regulations.show_awards import award_lines
from boardkit.regulations.show_beside import beside_groups, chosen
from boardkit.regulations.show_misconduct import misconduct_groups
from boardkit.regulations.show_moderation import moderation_group
from boardkit.regulations.show_progress import progress_groups

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from boardkit.regulations.averages import Averages
    from boardkit.regulations.lines import Group
    from boardkit.regulations.load import TariffPack
    from boardkit.regulations.model import Codes, Named, Regulations
    from boardkit.regulations.parameters import Parameter
    from boardkit.regulations.penalties import ByStudy, LateStep, Penalties, Span, Withdrawal
    from boardkit.regulations.programmes import Programme
    from boardkit.regulations.studies import ConversionRule, RoundingRule, StudyRules

WIDTHS = (30, 42, 18, 12)
"""The columns: what is ruled, how, the clause, the readings."""

_PRACTICE = {
    "agreed_mark": "stands over the markers' marks",
    "first_sit": "which attempts are judged as the first",
    "blank": "nothing is computed without a mark or a reason",
    "pass_stands": "no later attempt is used",
    "reassessed_components": "a reassessment is judged on them alone",
    "confirmed": "results of earlier boards stand",
    "condonement": "credit for a failed module",
    "other_study": "caps go by the student's programme",
}
"""What the rules without a number rule."""


def outline() -> list[tuple[str, str, str, str]]:
    """List the shipped packs: id, institution, title and session.

    Examples:
        >>> outline()[-1][0], outline()[-1][3]
        ('qmu-2022', '2022-09-01 to 2023-08-31')
    """
    packs = [load_any(name).rules.pack for name in shipped()]
    return [(pack.id, pack.institution, pack.title, _session(pack)) for pack in packs]


def _session(pack: Named) -> str:
    """Say when a pack is in force, where it says so."""
    return f"{pack.session.first} to {pack.session.last}" if pack.session else "a tariff for misconduct alone"


def show(pack: Pack | TariffPack) -> str:
    """Write a pack out as a registrar reads it.

    Args:
        pack: a loaded pack.

    Returns:
        A text of aligned columns: what is ruled, how, the clause, the readings of it; then the readings.

    Examples:
        >>> print(show(load_any("qmu-2022")).splitlines()[0])
        Queen Margaret University, Edinburgh
    """
    rules = pack.rules
    lines = [
        rules.pack.institution,
        rules.pack.title,
        rules.pack.source,
        f"{rules.pack.id}, from {pack.file}",
        "",
        *_columns(("", "", "Clause", "Reading")),
    ]
    for title, group in (
        _groups(pack.rules) if isinstance(pack, Pack) else misconduct_groups(pack.rules.misconduct)
    ):
        lines += [title, *(text for line in group for text in _columns(_cells(line))), ""]
    lines.append("How open points are read")
    for name, text in rules.readings.items():
        lines += _hanging(name, text)
    return "\n".join(lines)


def _groups(rules: Regulations) -> Iterator[Group]:
    """The parts of a pack, in the order of its file."""
    session = rules.pack.session
    yield "In force", [Line("Session", f"{session.first} to {session.last}", session)]
    yield "Codes in mark cells", _codes(rules.codes)
    rounding = rules.rounding
    yield (
        "Rounding",
        [
            Line("Component mark", _rounding(rounding.component), rounding.component),
            Line("Module mark", _rounding(rounding.module), rounding.module),
            *([Line("Award average", _rounding(rounding.award), rounding.award)] if rounding.award else []),
        ],
    )
    for study, of_study in rules.studies.each():
        yield f"Modules, {study}", _study(of_study)
    practice = rules.practice
    yield (
        "Rules without a number",
        [
            Line(words(name).capitalize(), "", rule)
            for name in type(practice).model_fields
            if (rule := getattr(practice, name)) is not None
        ],
    )
    if rules.scaling is not None:
        endorsed = "listed until the board endorses it" if rules.scaling.needs_endorsement else "listed"
        yield "Scaling", [Line("Every use", endorsed, rules.scaling)]
    yield "Penalties", _penalties(rules.penalties)
    absence = rules.absence
    yield (
        "Absence",
        [
            Line("Mark of work not submitted", f"{absence.not_submitted.value}", absence.not_submitted),
            Line("Mark of an assessment missed", f"{absence.absent.value}", absence.absent),
        ],
    )
    if rules.withdrawal is not None:
        yield "Withdrawal", _withdrawal(rules.withdrawal)
    if rules.averages is not None:
        yield "What counts in averages", _averages(rules.averages)
    for name, award in rules.awards.each():
        yield f"Award {name}, {award.study}", award_lines(award)
    yield from progress_groups(rules)
    yield from beside_groups(rules)
    yield from moderation_group(rules)
    if rules.misconduct is not None:
        yield from misconduct_groups(rules.misconduct)
    if rules.overlays is not None:
        allowed = " or ".join(words(key) for key in rules.overlays.allowed) or "nothing"
        yield (
            "Programmes' own regulations",
            [
                Line("May change", allowed, rules.overlays),
                *(line for programme in rules.programmes for line in _programme(programme)),
                *chosen(rules),
            ],
        )
    if rules.parameters:
        yield (
            "What the board states, parameter.NAME or --set NAME=VALUE; above stand the examples",
            [Line(name, _asked(rule), rule) for name, rule in rules.parameters.items()],
        )


def _asked(rule: Parameter) -> str:
    left_out = "; may be left out" if rule.optional else ""
    return f"{rule.asks}, such as {written(rule.example)}{left_out}"


def _withdrawal(rules: Withdrawal) -> list[Line]:
    free = f"{percent(rules.free_until.value)} of the taught time"
    return [
        Line("No fail up to", free, rules.free_until),
        Line("Mark of a later one", f"{rules.mark.value}", rules.mark),
    ]


def _averages(rules: Averages) -> list[Line]:
    by_decision = rules.prior_learning_counts_by_decision
    return [
        Line("Exchange modules", yes(rules.exchange_counts.value), rules.exchange_counts),
        Line("Prior learning by decision", yes(by_decision.value), by_decision),
    ]


def _codes(rules: Codes) -> list[Line]:
    """Each code; where they come from, beside the first of them."""
    stated = [Line(code, words(state)) for code, state in rules.states.items()] or [Line("None", "")]
    return [stated[0]._replace(rule=rules), *stated[1:]]


def _study(rules: StudyRules) -> list[Line]:
    lines = [
        Line("Levels", levels(rules.levels.value), rules.levels),
        Line("Pass mark", f"{rules.pass_mark.value}", rules.pass_mark),
        Line("Floor of each component", f"{rules.component_floor.value}", rules.component_floor),
    ]
    if rules.reassessment_cap is not None:
        cap = "the pass mark" if rules.reassessment_cap.value == "pass-mark" else "no limit"
        lines.append(Line("Most at a reassessment", cap, rules.reassessment_cap))
    if rules.attempts is not None:
        lines.append(Line("Attempts", f"{rules.attempts.value}", rules.attempts))
    lines += [
        Line(f"Attempts at a {' or '.join(other.kinds)}", f"{other.value} at {levels(other.levels)}", other)
        for other in rules.attempts_exceptions
    ]
    if rules.grades is not None:
        bands = ", ".join(f"{grade} {lowest}" for grade, lowest in rules.grades.bands)
        lines.append(Line("Grades, each from", bands, rules.grades))
    if rules.qualifying_fail is not None:
        lines.append(Line("Grade of a qualifying fail", rules.qualifying_fail.value, rules.qualifying_fail))
    return lines + ([] if rules.conversion is None else _conversion(rules.conversion))


def _conversion(rule: ConversionRule) -> list[Line]:
    marks = ", ".join(f"{grade} {mark}" for grade, mark in rule.marks.items())
    also = [Line(f"Grade {other}", f"as {grade}", rule) for other, grade in rule.also.items()]
    return [Line("Marks for grades", marks, rule), *also]


def _penalties(rules: Penalties) -> list[Line]:
    lines = [
        Line("00:00:00 is a date alone", yes(rules.midnight_is_a_date.value), rules.midnight_is_a_date),
        *(Line(f"Late: {step.id}", _late(step), step) for step in rules.late),
    ]
    if (limit := rules.word_limit) is not None:
        over = f"{limit.over}% over the limit {'or more' if limit.inclusive else 'is allowed, and more'}"
        lines.append(Line(f"Words: {limit.id}", f"{over}: {_cap(limit.cap)}", limit))
    return lines


def _late(step: LateStep) -> str:
    when = "any later" if step.up_to is None else f"up to {_span(step.up_to)} late"
    effect = f"mark {step.mark}" if step.cap is None else _cap(step.cap)
    return f"{words(step.attempts)}, {when}: {effect}"


def _programme(programme: Programme) -> Iterator[Line]:
    where = f", in {', '.join(programme.modules)}" if programme.modules else ""
    for key, value in programme.changes.items():
        yield Line(programme.programme, f"{words(key)} {value}{where} ({programme.reference})")


def _rounding(rule: RoundingRule) -> str:
    return f"{rule.places} place{'' if rule.places == 1 else 's'}, {words(rule.mode)}"


def _cap(cap: ByStudy) -> str:
    return f"at most {', '.join(f'{most} {study}' for study, most in cap.each())}"


def _span(span: Span) -> str:
    parts = [f"{number} {unit}" for number, unit in ((span.days, "days"), (span.hours, "hours")) if number]
    return " and ".join(parts)


def _cells(line: Line) -> tuple[str, str, str, str]:
    rule = line.rule
    if rule is None:
        return (f"{GAP}{line.what}", line.value, "", "")
    return (f"{GAP}{line.what}", line.value, rule.source, rule.reading or "")


def _columns(cells: Iterable[str]) -> list[str]:
    """Set cells beside one another, each wrapped in its column."""
    wrapped = []
    for text, width in zip(cells, WIDTHS, strict=True):
        indent = text[: len(text) - len(text.lstrip())]
        wrapped.append(
            textwrap.wrap(
                text.strip(),
                width,
                initial_indent=indent,
                subsequent_indent=f"{indent}{GAP}" if indent else "",
                break_on_hyphens=False,
            )
        )
    return [
        GAP.join(f"{text:<{width}}" for text, width in zip(row, WIDTHS, strict=True)).rstrip()
        for row in zip_longest(*wrapped, fillvalue="")
    ]


def _hanging(name: str, text: str) -> list[str]:
    width = sum(WIDTHS) + len(GAP) * (len(WIDTHS) - 1)
    head = f"{GAP}{name:<5}"
    return textwrap.wrap(
        text, width, initial_indent=head, subsequent_indent=" " * len(head), break_on_hyphens=False
    )
