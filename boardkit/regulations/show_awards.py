"""The awards of a pack in plain words: credit, averages, classes and borderline cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boardkit.regulations.lines import GAP, Line, levels, percent, words

if TYPE_CHECKING:
    from boardkit.regulations.averages import AverageRule, Bucket
    from boardkit.regulations.awards import AwardRules, CreditRule
    from boardkit.regulations.classes import BorderlineRules, CriterionRule

_NTH = ("first", "second")


def award_lines(rules: AwardRules) -> list[Line]:
    """Give the lines of an award: its credit, its average, its classes and who goes up."""
    lines = [Line("Credit", _credit(rules.credits), rules.credits)]
    if rules.lower is not None:
        lines.append(Line("In its place", ", ".join(rules.lower.value), rules.lower))
    if rules.average is None or rules.otherwise is None:
        return [*lines, Line("Classification", "no rule stated")]
    lines += _average(rules.average)
    lines += [Line(words(rule.name).capitalize(), f"from {rule.at}", rule) for rule in rules.classes]
    below = "Under every boundary" if rules.classes else "Class"
    lines.append(Line(below, rules.otherwise.value, rules.otherwise))
    return lines + (_borderline(rules.borderline) if rules.borderline else [])


def _credit(rule: CreditRule) -> str:
    minima = "".join(f", {least.credits} of it at {levels(least.levels)}" for least in rule.minima)
    lowest = "" if rule.counts_from_level is None else f", counted from SCQF {rule.counts_from_level}"
    return f"{rule.total}{minima}{lowest}"


def _average(rule: AverageRule) -> list[Line]:
    if len(rule.buckets) == 1:
        bucket = rule.buckets[0]
        return [
            Line("Average", "the mean by credit", rule),
            Line(f"{GAP}over", levels(bucket.levels), bucket),
        ]
    lines = [
        Line("Average", "the means by credit, each by its weight", rule),
        *(Line(f"{GAP}{_NTH[at]} part", _bucket(bucket), bucket) for at, bucket in enumerate(rule.buckets)),
    ]
    if rule.alone is not None:
        empty = ", or with nothing in the other" if rule.alone.when_others_empty else ""
        entry = f"with entry at stage {rule.alone.entry_stage} or later{empty}"
        lines.append(Line(f"{GAP}{_NTH[0]} part alone", entry, rule.alone))
    return lines


def _bucket(bucket: Bucket) -> str:
    most = (
        ""
        if bucket.capacity is None
        else f", at most {bucket.capacity} credits, {bucket.whole} modules whole"
    )
    return f"{bucket.weight}% {levels(bucket.levels)}{most}"


def _borderline(rules: BorderlineRules) -> list[Line]:
    return [
        Line("Goes up by itself", f"{rules.uplift.within} or less below a boundary", rules.uplift),
        Line("Borderline", f"{rules.zone.nearest} to {rules.zone.farthest} below a boundary", rules.zone),
        *(Line(f"{GAP}goes up with", _criterion(rule), rule) for rule in rules.criteria),
    ]


def _criterion(rule: CriterionRule) -> str:
    what = f"{rule.credits} credits" if rule.share is None else f"{percent(rule.share)} of the credits"
    size = "" if rule.programme_credits is None else f", in a programme of {rule.programme_credits}"
    return f"{what} at {levels(rule.levels)} at or above it{size}"
