"""What holds of every shipped pack: each rule is cited, each reading is there, the file says what it is."""

from __future__ import annotations

import re

import pytest

from boardkit.regulations import Pack, load, load_any, shipped
from boardkit.regulations.part import Cited, cited

PACKS = [pytest.param(load_any(name), id=name) for name in shipped()]


def rules(pack: Pack) -> list[Cited]:
    return cited(pack.rules)


@pytest.mark.parametrize("pack", PACKS)
def test_every_rule_has_a_clause_or_says_who_decides(pack: Pack) -> None:
    assert len(rules(pack)) > 30
    assert [rule for rule in rules(pack) if bool(rule.clause) == bool(rule.local)] == []


@pytest.mark.parametrize("pack", PACKS)
def test_no_clause_is_empty(pack: Pack) -> None:
    parts = [part for rule in rules(pack) for part in rule.source.split(",")]
    assert [part for part in parts if not part.strip()] == []


def test_clauses_of_qmu_are_numbers_and_ranges_of_them() -> None:
    document = r"Registration |Appeals |Discipline |Fitness to study |Implementation arrangements "
    number = rf"(({document})?\d+(\.\d+){{0,2}}(-\d+\.\d+)?( [a-d])?|Student Progression and Graduation)"
    clauses = {rule.clause for rule in rules(load("qmu-2022")) if rule.clause}
    assert [clause for clause in sorted(clauses) if not re.fullmatch(rf"{number}(, {number})*", clause)] == []


@pytest.mark.parametrize("pack", PACKS)
def test_every_reading_cited_is_written_out_and_every_one_written_out_is_cited(pack: Pack) -> None:
    named = {name for rule in rules(pack) if rule.reading for name in rule.reading.split(", ")}
    assert named == set(pack.rules.readings)
    assert [name for name, text in pack.rules.readings.items() if not text.strip().endswith(".")] == []


@pytest.mark.parametrize("pack", PACKS)
def test_a_pack_is_called_as_its_file(pack: Pack) -> None:
    assert pack.file == f"{pack.rules.pack.id}.toml"


@pytest.mark.parametrize("pack", PACKS)
def test_a_pack_does_not_change(pack: Pack) -> None:
    with pytest.raises(ValueError, match="frozen"):
        pack.rules.misconduct.penalties[0].says = "nothing"


def test_the_same_file_gives_the_same_digest() -> None:
    assert load("qmu-2022").digest == load("qmu-2022").digest
    assert re.fullmatch(r"[0-9a-f]{64}", load("qmu-2022").digest)
