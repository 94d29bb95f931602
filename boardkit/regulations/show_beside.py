"""Days, registration, transcripts and causes for concern of a pack, written out for ``show``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boardkit.regulations.lines import Line, levels, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from boardkit.regulations.feedback import Dates, FeedbackPeriod
    from boardkit.regulations.lines import Group
    from boardkit.regulations.model import Regulations
    from boardkit.regulations.record import Concern, Transcript
    from boardkit.regulations.registration import Load, Loads, Periods, Registration

_SIGNS = {
    "fails": "Modules failed",
    "not_submitted": "Work not submitted, or missed",
    "late": "Work handed in late",
    "claims": "Claims of circumstances",
    "combined": "Different signs together",
}


def beside_groups(rules: Regulations) -> Iterator[Group]:
    """Give the parts that a pack has, each under its title, in the order of the file."""
    if rules.dates is not None:
        yield "Days", _dates(rules.dates)
    if rules.registration is not None:
        yield "Registration", _registration(rules.registration)
        yield (
            f"Credit of a year, {rules.registration.loads.mode} {rules.registration.loads.study}",
            _loads(rules.registration.loads),
        )
    if rules.transcript is not None:
        yield "Transcripts", _transcript(rules.transcript)
    if rules.concern is not None:
        yield "Cause for concern", _concern(rules.concern)


def chosen(rules: Regulations) -> list[Line]:
    """Give the suggested periods of registration that programmes have chosen."""
    return [
        Line(one.programme, f"registration {one.registration} ({one.reference})")
        for one in rules.programmes
        if one.registration
    ]


def _dates(rules: Dates) -> list[Line]:
    days = [day.capitalize() for day in rules.working_days.value]
    lines = [Line("Working days", f"{', '.join(days)}, less closure days", rules.working_days)]
    if (feedback := rules.feedback) is not None:
        lines += [
            Line(f"Feedback on {_work(period)}", f"{period.days} working days", period)
            for period in feedback.periods
        ]
        lines.append(Line("An extension is told", f"{feedback.notice.value} days before", feedback.notice))
    if rules.appeals is not None:
        within = rules.appeals.within
        lines.append(
            Line("Appeals close after", f"{within.value} days, from publication or transcript", within)
        )
    for what, rule in (("Claims of circumstances", rules.claims), ("A check of marks", rules.marks_check)):
        if rule is not None:
            lines.append(Line(f"{what}, within", f"{rule.value} working days", rule))
    return lines


def _work(period: FeedbackPeriod) -> str:
    said = [" or ".join(f"a {kind}" for kind in period.kinds or [])]
    said.append(f"{period.study} work" if period.study else "")
    said.append(levels(period.levels) if period.levels else "")
    return ", ".join(part for part in said if part) or "all other work"


def _registration(rules: Registration) -> list[Line]:
    planned, associates = rules.undergraduate, rules.associates
    return [
        Line("Undergraduate, at most", f"the planned years and {planned.longer_by.value}", planned.longer_by),
        *(
            Line(f"  planned for {_years(rule.planned_years)}", f"{_years(rule.years)} in all", rule)
            for rule in planned.exceptions
        ),
        *_periods(rules.postgraduate, ""),
        Line("Any postgraduate programme", f"{_years(rules.most.value)} at most", rules.most),
        *(entry for name, periods in rules.suggested.items() for entry in _periods(periods, f" {name}")),
        Line("Lapses", "when it is over, or no award is possible", rules.lapse),
        Line(
            "Told ahead",
            f"{rules.told_ahead.value} session{'' if rules.told_ahead.value == 1 else 's'}",
            rules.told_ahead,
        ),
        Line("Associate students", f"{_years(associates.years.value)} at most", associates.years),
        Line("  or", f"{associates.modules.value} modules at most", associates.modules),
    ]


def _periods(periods: Periods, of: str) -> Iterator[Line]:
    for award, modes in periods.items():
        for mode, period in modes.each():
            yield Line(f"{award}{of}, {mode}", f"{period.said} at most", period)


def _loads(rules: Loads) -> list[Line]:
    said = {
        "expected": "Expected",
        "programme-leader": "The Programme Leader agrees to",
        "funding-body": "The funding body agrees to",
        "part-time": "Part time",
        "board": "The board recommends",
    }
    return [Line(said[name], _load(load), load) for name, load in rules.each()]


def _load(load: Load) -> str:
    if load.credits is not None:
        return f"{', '.join(map(str, load.credits))} credits"
    above = "" if load.above is None else f"over {load.above}, "
    return f"{above}up to {load.at_most} credits"


def _transcript(rules: Transcript) -> list[Line]:
    return [
        Line("European credits", f"{rules.ects.ects} for {rules.ects.own}", rules.ects),
        Line("Language, where none is stated", rules.language.value, rules.language),
        *(
            Line(f"{words(name).capitalize()} is shown as", shown.value, shown)
            for name, shown in rules.outcomes.each()
        ),
    ]


def _concern(rules: Concern) -> list[Line]:
    return [
        Line(said, f"{getattr(rules, name).value} or more", getattr(rules, name))
        for name, said in _SIGNS.items()
    ]


def _years(number: int) -> str:
    return f"{number} year{'' if number == 1 else 's'}"
