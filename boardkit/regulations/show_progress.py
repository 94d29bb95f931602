"""Condonement, reassessment, progression, decisions and arrangements of a pack, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boardkit.regulations.lines import Line, levels, percent, words, yes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from boardkit.regulations.credit import PriorLearning
    from boardkit.regulations.decisions import Decisions, ReasonRule
    from boardkit.regulations.lines import Group
    from boardkit.regulations.model import Regulations
    from boardkit.regulations.progress import (
        Arrangement,
        Condonement,
        Progression,
        ReassessedShare,
        Reassessment,
        Step,
    )

SITUATIONS = {
    "core-lost": "a core module failed for good",
    "first-sit-deferred": "a first sit deferred",
    "reassessment-deferred": "a reassessment deferred",
    "nothing-open": "nothing failed that may be taken again",
    "failed": "a failed module that may be taken again",
}
"""What a student's modules come to, in words."""


def progress_groups(rules: Regulations) -> Iterator[Group]:
    """Give the groups of what a pack says of progress, as far as it says anything."""
    if rules.prior_learning is not None:
        yield "Prior learning", _prior_learning(rules.prior_learning)
    if rules.evidence is not None:
        evidence = rules.evidence
        enough = f"{evidence.parts} of {evidence.of} parts of the assessable work at the level"
        yield "Incomplete evidence", [Line("Enough for an award", enough, evidence)]
    if rules.condonement is not None:
        yield "Condonement", _condonement(rules.condonement)
    if rules.reassessment is not None:
        yield "Reassessment", _reassessment(rules.reassessment)
    if rules.progression is not None:
        yield "Progression", _progression(rules.progression)
    yield "Decisions of the board", _decisions(rules.decisions)
    if rules.arrangements:
        yield "Arrangements", [_arrangement(arrangement) for arrangement in rules.arrangements]


def _prior_learning(rules: PriorLearning) -> list[Line]:
    stages = ", ".join(f"{at} SCQF {level}" for at, level in enumerate(rules.levels.stages, start=1))
    least = f"{rules.least.undergraduate} undergraduate, {rules.least.postgraduate} postgraduate"
    return [
        Line(
            "Taken here",
            f"{percent(rules.own_share.value)} of the level of entry",
            rules.own_share,
        ),
        Line("Least credits", least, rules.least),
        Line("Levels of the stages", f"{stages}, pg SCQF {rules.levels.pg}", rules.levels),
        Line("Every credit of it", "listed for the board", rules.listed),
        Line("Learning contracts", "listed for the board", rules.contracts),
    ]


def _condonement(rules: Condonement) -> list[Line]:
    return [
        Line("Open at stages", ", ".join(map(str, rules.stages.value)), rules.stages),
        Line("For modules at", levels(rules.levels.value), rules.levels),
        Line("Of credits", f"{rules.credits.value}", rules.credits),
        Line("From a mark of", f"{rules.mark.value}", rules.mark),
        Line(
            "Components reach their floor",
            yes(rules.components_reach_floor.value),
            rules.components_reach_floor,
        ),
        Line("Modules a level", f"{rules.modules_a_level.value}", rules.modules_a_level),
        Line("Failed credits, main diet", f"at most {rules.failed_credits.value}", rules.failed_credits),
        Line("No other fail, resit diet", yes(rules.alone_at_resit.value), rules.alone_at_resit),
    ]


def _reassessment(rules: Reassessment) -> list[Line]:
    year = rules.credits_a_year
    return [
        Line("Credits a year", f"{year.value}, {year.study}", year),
        *(Line(f"Attempt {share.attempt}", _share(share), share) for share in rules.shares),
        Line("Form and components", "the board decides", rules.form),
        Line("No longer offered", "the board arranges", rules.no_longer_offered),
    ]


def _share(share: ReassessedShare) -> str:
    apart = f", {' and '.join(share.apart)} apart" if share.apart else ""
    return f"in up to {share.parts} of {share.of} modules, {share.study}{apart}"


def _progression(rules: Progression) -> list[Line]:
    entry, debt = rules.entry, rules.debt
    return [
        Line("Decisions", "one is recommended, the board decides", rules.decisions),
        *(Line(words(step.decision).capitalize(), _step(step), step) for step in rules.steps),
        Line(
            f"After stage {entry.stage}",
            f"{words(entry.mode)}: the credit of the award {entry.award}; short by more than {entry.short_by}: "
            f"{words(entry.decision)}, not {' or '.join(map(words, entry.instead_of))}",
            entry,
        ),
        Line("Tuition debt holds up", ", ".join(map(words, debt.blocks)), debt),
    ]


def _step(step: Step) -> str:
    eligible = {None: "", True: "eligible for the award", False: "not eligible for the award"}[step.eligible]
    beyond = {None: "", True: "beyond the shares", False: "within the shares"}[step.beyond_shares]
    parts = [
        SITUATIONS[step.when],
        f"{step.diet} diet" if step.diet else "",
        step.study or "",
        words(step.mode) if step.mode else "",
        eligible,
        f"{step.credits_from} credits or more passed" if step.credits_from is not None else "",
        f"more than {step.credits_above} credits passed" if step.credits_above is not None else "",
        beyond,
        f"at most {step.next_year_credits} credits next year" if step.next_year_credits is not None else "",
    ]
    return ", ".join(part for part in parts if part)


def _decisions(rules: Decisions) -> list[Line]:
    return [
        Line("A class", "stands over the one worked out", rules.classification),
        Line("A class with no average", "the board may award it", rules.no_average),
        Line("A module's mark", "the programme board over a module board", rules.module_mark),
        *(
            line
            for what, rule in (
                ("No reason in a borderline case", rules.no_viva),
                ("No reason to change a mark", rules.no_amendment),
            )
            if rule is not None
            for line in _no_reason(what, rule)
        ),
    ]


def _no_reason(what: str, rule: ReasonRule) -> list[Line]:
    none = [Line("Saying that there was none", ", ".join(rule.unless), rule)] if rule.unless else []
    return [Line(what, ", ".join(rule.words), rule), *none]


def _arrangement(rule: Arrangement) -> Line:
    names = {"credits_a_year": "credits of reassessment a year", "shares": "shares taken again"}
    without = ", ".join(names.get(name, name) for name in rule.without)
    return Line(
        f"Without {without}", f"{', '.join(rule.programmes)}, begun before {rule.started_before}", rule
    )
