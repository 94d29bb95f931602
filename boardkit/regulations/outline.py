"""Days, registration, transcripts and causes for concern of a pack, written out for ``show``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from boardkit.regulations.feedback import Dates, FeedbackPeriod
    from boardkit.regulations.model import Regulations
    from boardkit.regulations.part import Cited
    from boardkit.regulations.record import Concern, Transcript
    from boardkit.regulations.registration import Load, Loads, Periods, Registration

Entry = tuple[str, str, "Cited | None"]
"""What is ruled, how, and the rule."""

_SIGNS = {
    "fails": "Modules failed",
    "not_submitted": "Work not submitted, or missed",
    "late": "Work handed in late",
    "claims": "Claims of circumstances",
    "combined": "Different signs together",
}


def sections(rules: Regulations) -> Iterator[tuple[str, list[Entry]]]:
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


def chosen(rules: Regulations) -> list[Entry]:
    """Give the suggested periods of registration that programmes have chosen."""
    return [
        (one.programme, f"registration {one.registration} ({one.reference})", None)
        for one in rules.programmes
        if one.registration
    ]


def _dates(rules: Dates) -> list[Entry]:
    feedback, within = rules.feedback, rules.appeals.within
    days = [day.capitalize() for day in feedback.working_days.value]
    return [
        ("Working days", f"{', '.join(days)}, less closure days", feedback.working_days),
        *(
            (f"Feedback on {_work(period)}", f"{period.days} working days", period)
            for period in feedback.periods
        ),
        ("An extension is told", f"{feedback.notice.value} days before", feedback.notice),
        ("Appeals close after", f"{within.value} days, from publication or transcript", within),
    ]


def _work(period: FeedbackPeriod) -> str:
    said = [" or ".join(f"a {kind}" for kind in period.kinds or [])]
    said.append(f"{period.study} work" if period.study else "")
    said.append(f"SCQF {', '.join(map(str, period.levels))}" if period.levels else "")
    return ", ".join(part for part in said if part) or "all other work"


def _registration(rules: Registration) -> list[Entry]:
    planned, associates = rules.undergraduate, rules.associates
    return [
        ("Undergraduate, at most", f"the planned years and {planned.longer_by.value}", planned.longer_by),
        *(
            (f"  planned for {_years(rule.planned_years)}", f"{_years(rule.years)} in all", rule)
            for rule in planned.exceptions
        ),
        *_periods(rules.postgraduate, ""),
        ("Any postgraduate programme", f"{_years(rules.most.value)} at most", rules.most),
        *(entry for name, periods in rules.suggested.items() for entry in _periods(periods, f" {name}")),
        ("Lapses", "when it is over, or no award is possible", rules.lapse),
        (
            "Told ahead",
            f"{rules.told_ahead.value} session{'' if rules.told_ahead.value == 1 else 's'}",
            rules.told_ahead,
        ),
        ("Associate students", f"{_years(associates.years.value)} at most", associates.years),
        ("  or", f"{associates.modules.value} modules at most", associates.modules),
    ]


def _periods(periods: Periods, of: str) -> Iterator[Entry]:
    for award, modes in periods.items():
        for mode, period in modes.each():
            yield f"{award}{of}, {mode}", f"{period.said} at most", period


def _loads(rules: Loads) -> list[Entry]:
    said = {
        "expected": "Expected",
        "programme-leader": "The Programme Leader agrees to",
        "funding-body": "The funding body agrees to",
        "part-time": "Part time",
        "board": "The board recommends",
    }
    return [(said[name], _load(load), load) for name, load in rules.each()]


def _load(load: Load) -> str:
    if load.credits is not None:
        return f"{', '.join(map(str, load.credits))} credits"
    above = "" if load.above is None else f"over {load.above}, "
    return f"{above}up to {load.at_most} credits"


def _transcript(rules: Transcript) -> list[Entry]:
    return [
        ("Lines", "a module each", rules.lines),
        ("European credits", f"{rules.ects.ects} for {rules.ects.own}", rules.ects),
        ("Language, where none is stated", rules.language.value, rules.language),
        *(
            (f"{name.replace('-', ' ').capitalize()} is shown as", shown.value, shown)
            for name, shown in rules.outcomes.each()
        ),
    ]


def _concern(rules: Concern) -> list[Entry]:
    return [
        (words, f"{getattr(rules, name).value} or more", getattr(rules, name))
        for name, words in _SIGNS.items()
    ]


def _years(number: int) -> str:
    return f"{number} year{'' if number == 1 else 's'}"
