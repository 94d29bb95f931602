"""What holds across the parts of a pack: readings meet their citations, programmes keep to their scope.

Both are looked at in the values as they are written, so that they are told together with other faults.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from boardkit import tables
from boardkit.regulations.part import Fault
from boardkit.regulations.values import READINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Where = tuple[int | str, ...]


def readings_unmet(values: dict[str, Any]) -> list[Fault]:
    """Find readings that are cited and not written out, and those that are written out and not cited."""
    written = values.get("readings", {})
    if not isinstance(written, dict):
        return []
    cited: dict[str, Where] = {}
    for where, text in _citations(values, ()):
        for name in text.split(", "):
            cited.setdefault(name, where)
    return [
        *(
            Fault(where, f'"{name}" is cited and not written out. Write it under [readings], or cite another')
            for name, where in cited.items()
            if name not in written
        ),
        *(
            Fault(("readings", name), "it is written out and no rule cites it. Cite it, or take it out")
            for name in written
            if name not in cited
        ),
    ]


def readings_cited(values: Any) -> set[str]:
    """Name the readings that the rules of a part cite.

    Examples:
        >>> sorted(readings_cited({"a": {"value": 1, "reading": "T1, T8"}, "b": [{"reading": "T2"}]}))
        ['T1', 'T2', 'T8']
    """
    return {name for _, text in _citations(values, ()) for name in text.split(", ")}


def quotas_unmet(values: dict[str, Any]) -> list[Fault]:
    """Find quotas of moderation samples for grade bands that no study has."""
    moderation, studies = values.get("moderation"), values.get("studies")
    quotas = moderation.get("quotas") if isinstance(moderation, dict) else None
    if not isinstance(quotas, list) or not isinstance(studies, dict):
        return []
    grades = [study.get("grades") for study in studies.values() if isinstance(study, dict)]
    listed = [
        rule["bands"] for rule in grades if isinstance(rule, dict) and isinstance(rule.get("bands"), list)
    ]
    known = list(
        dict.fromkeys(str(band[0]) for bands in listed for band in bands if isinstance(band, list) and band)
    )
    return [
        Fault(
            ("moderation", "quotas", place, "band"),
            f'there is no grade "{quota["band"]}". There are: {", ".join(known) or "none"}',
        )
        for place, quota in enumerate(quotas)
        if isinstance(quota, dict) and isinstance(quota.get("band"), str) and quota["band"] not in known
    ]


def out_of_scope(values: dict[str, Any], keys: Sequence[str]) -> list[Fault]:
    """Find what programmes change beyond what the pack lets them."""
    scope, programmes = values.get("overlays"), values.get("programmes")
    listed = scope.get("allowed") if isinstance(scope, dict) else None
    if not isinstance(scope, dict) or not isinstance(listed, list) or not isinstance(programmes, list):
        return []
    allowed = [key for key in keys if key in listed]
    source = scope.get("clause", scope.get("local"))
    return [
        Fault(
            ("programmes", place, key),
            f"a programme may not change it ({source}). Allowed: {', '.join(allowed) or 'nothing'}",
        )
        for place, programme in enumerate(programmes)
        for key in keys
        if isinstance(programme, dict) and key in programme and key not in allowed
    ]


def periods_unmet(values: dict[str, Any]) -> list[Fault]:
    """Find programmes that choose periods of registration which the pack does not suggest."""
    registration, programmes = values.get("registration"), values.get("programmes")
    suggested = registration.get("suggested", {}) if isinstance(registration, dict) else {}
    if not isinstance(suggested, dict) or not isinstance(programmes, list):
        return []
    chosen = [
        (place, programme.get("registration"))
        for place, programme in enumerate(programmes)
        if isinstance(programme, dict)
    ]
    return [
        Fault(
            ("programmes", place, "registration"),
            f'"{name}" is not suggested. Those under registration.suggested: {", ".join(suggested) or "none"}',
        )
        for place, name in chosen
        if isinstance(name, str) and name not in suggested
    ]


def awards_unruled(values: dict[str, Any]) -> list[Fault]:
    """Find awards that are named where their credit is looked at, and that the pack has no rule for."""
    awards, progression = values.get("awards", {}), values.get("progression")
    if not isinstance(awards, dict) or not awards.keys() <= set(tables.AWARDS):
        return []  # a name that is misspelt is told of where it stands
    named: list[tuple[Where, Any]] = []
    for name, rules in awards.items():
        lower = rules.get("lower") if isinstance(rules, dict) else None
        listed = lower.get("value") if isinstance(lower, dict) else None
        if isinstance(listed, list):
            named += [(("awards", name, "lower", "value", at), award) for at, award in enumerate(listed)]
    entry = progression.get("entry") if isinstance(progression, dict) else None
    if isinstance(entry, dict):
        named.append((("progression", "entry", "award"), entry.get("award")))
    return [
        Fault(
            where,
            f"there is no [awards.{award}] whose credit could be looked at. Those there are: {', '.join(awards) or 'none'}",
        )
        for where, award in named
        if isinstance(award, str) and award not in awards
    ]


def averages_unruled(values: dict[str, Any]) -> list[Fault]:
    """Find awards that are averaged where nothing says what averages leave out, or how they are rounded."""
    awards = values.get("awards")
    averaged = [
        name
        for name, rules in (awards.items() if isinstance(awards, dict) else ())
        if isinstance(rules, dict) and "average" in rules
    ]
    rounding = values.get("rounding")
    if not averaged:
        return []
    unsaid = {
        "nothing says which modules averages leave out. Give [averages]": "averages" in values,
        "nothing says how averages are rounded. Give rounding.award": not isinstance(rounding, dict)
        or "award" in rounding,
    }
    return [
        Fault(("awards", averaged[0], "average"), f"{sentence}, or take average out")
        for sentence, said in unsaid.items()
        if not said
    ]


def studies_unmet(values: dict[str, Any]) -> list[Fault]:
    """Find awards of a study that the regulations have no rules for."""
    studies, awards = values.get("studies"), values.get("awards")
    if not isinstance(studies, dict) or not isinstance(awards, dict):
        return []
    return [
        Fault(
            ("awards", name, "study"),
            f"there is no [studies.{rules['study']}]. Give it, or take the award out",
        )
        for name, rules in awards.items()
        if isinstance(rules, dict) and rules.get("study") in ("undergraduate", "postgraduate")
        if rules["study"] not in studies
    ]


def caps_unmet(values: dict[str, Any]) -> list[Fault]:
    """Find caps that leave out a study which the regulations are for."""
    studies, penalties = values.get("studies"), values.get("penalties")
    if not isinstance(studies, dict) or not isinstance(penalties, dict):
        return []
    late = penalties.get("late")
    capped: list[tuple[Where, Any]] = [(("penalties", "word_limit"), penalties.get("word_limit"))]
    capped += [
        (("penalties", "late", at), step) for at, step in enumerate(late if isinstance(late, list) else [])
    ]
    return [
        Fault((*where, "cap"), f"there is none for {study} work. Give {study}, too")
        for where, rule in capped
        if isinstance(rule, dict) and isinstance(rule.get("cap"), dict) and rule["cap"]
        for study in ("undergraduate", "postgraduate")
        if study in studies and study not in rule["cap"]
    ]


def _citations(values: Any, where: Where) -> Iterator[tuple[Where, str]]:
    """Find every reading that a rule names, with where it stands."""
    steps: Any = ()
    if isinstance(values, dict):
        steps = values.items()
    elif isinstance(values, list):
        steps = enumerate(values)
    for step, value in steps:
        if step == "reading":
            if isinstance(value, str) and re.fullmatch(READINGS, value):
                yield (*where, step), value
        else:
            yield from _citations(value, (*where, step))
