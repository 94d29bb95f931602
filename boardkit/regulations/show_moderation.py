"""Moderation of a pack, written out for ``show``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boardkit.regulations.lines import Line, levels, percent, yes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from boardkit.regulations.lines import Group
    from boardkit.regulations.model import Regulations
    from boardkit.regulations.moderation import Moderation, SizeRule, ThirdRule


def moderation_group(rules: Regulations) -> Iterator[Group]:
    """Give the part about moderation, where a pack has one."""
    if rules.moderation is not None:
        yield "Moderation", [*rule_lines(rules.moderation), *_marking(rules.moderation)]


def rule_lines(rules: Moderation) -> list[Line]:
    """Say how large a sample is, what is in it and what it is drawn from, with where each comes from."""
    shown = rules.range
    among = "on top" if rules.fails.on_top else "among them"
    return [
        Line("Sample", _size(rules.size), rules.size),
        Line("  at least", f"{rules.minimum.value} pieces of work, fewer taken whole", rules.minimum),
        Line(
            "  fails, all of them", f"within {rules.fails.within} below the pass mark, {among}", rules.fails
        ),
        Line("  lowest and highest mark", yes(shown.ends), shown),
        Line("  every grade band", yes(shown.bands), shown),
        Line("  every marker", yes(shown.markers), shown),
        *(Line(f"  of band {quota.band}", f"at least {quota.least}", quota) for quota in rules.quotas),
        Line("External, named awards alone", yes(rules.external.named_award_only), rules.external),
        Line("External, reassessments", yes(rules.external.reassessments), rules.external),
    ]


def _marking(rules: Moderation) -> list[Line]:
    double, tolerance = rules.double_marked, rules.tolerance
    kinds = " or ".join(f"a {kind}" for kind in double.kinds)
    return [
        Line("Double marked as a whole", f"{kinds} at {levels(double.levels)}", double),
        Line("Markers differ", f"by more than {tolerance.points}", tolerance),
        Line("  or across a grade boundary", yes(tolerance.boundaries), tolerance),
        Line("Third marker", _third(rules.third), rules.third),
        Line("An external's concern", "is about the whole cohort, never one mark", rules.whole_cohort),
        Line("Whole cohort reviewed", f"from a mean difference of {rules.review.mean}", rules.review),
    ]


def _size(rule: SizeRule) -> str:
    if rule.share is None:
        return "the square root of the marked work, rounded"
    return f"{percent(rule.share)} of the marked work, rounded up"


def _third(rule: ThirdRule) -> str:
    return "where two cannot agree" if rule.above is None else f"where they differ by more than {rule.above}"
