"""Packs that state a tariff: alone, of their own beside assessment rules, or taken from another pack."""

from __future__ import annotations

import subprocess
import tomllib
from copy import deepcopy
from importlib import resources
from pathlib import Path

import pytest

import boardkit as bk
from boardkit import tables
from boardkit.errors import PackError
from boardkit.regulations import TariffPack, assessing, load, load_any, load_tariff, parse, shipped
from boardkit.regulations.across import readings_cited
from boardkit.regulations.load import _parse
from boardkit.regulations.part import cited
from tests.misconduct.cases import frame, tariff_toml
from tests.regulations.leaves import PACK, as_toml

HOME = Path(__file__).parents[2]
TEXT = (resources.files("boardkit.regulations") / "packs" / "imperial-misconduct.toml").read_text("utf-8")
FAULTS = tomllib.loads((HOME / "tests" / "broken" / "misconduct.toml").read_text("utf-8"))["fault"]


def refusal(text: str, name: str = "broken.toml") -> str:
    with pytest.raises(PackError) as refused:
        _parse(name, text.encode())
    return str(refused.value)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault["name"])
def test_fault_is_told(fault: dict[str, str]) -> None:
    assert fault["find"] in TEXT, "nothing to replace"
    assert refusal(TEXT.replace(fault["find"], fault["replace"], 1)) == fault["message"]


def test_every_fault_has_its_own_message() -> None:
    messages = [fault["message"] for fault in FAULTS]
    assert len(set(messages)) == len(messages)


def test_a_tariff_alone_assesses_nothing() -> None:
    assert isinstance(load_any("imperial-misconduct"), TariffPack)
    assert set(shipped()) - set(assessing()) == {"imperial-misconduct"}
    with pytest.raises(PackError, match="states a tariff for misconduct and no assessment rules"):
        load("imperial-misconduct")
    with pytest.raises(PackError, match="states a tariff and no assessment rules"):
        parse("mine.toml", TEXT)


def test_a_pack_without_the_section_has_no_tariff(tmp_path: Path) -> None:
    file = tmp_path / "bare.toml"
    text = tariff_toml()
    file.write_text(
        "".join(line for line in text.splitlines(keepends=True) if not line.startswith("misconduct"))
    )
    assert load(file).rules.misconduct is None
    with pytest.raises(PackError, match=r"says nothing of misconduct: it has no section \[misconduct\]"):
        load_tariff(file)


def test_a_section_is_taken_from_another_pack_with_its_readings(tmp_path: Path) -> None:
    file = tmp_path / "both.toml"
    file.write_text(tariff_toml(), "utf-8")
    both, alone = load(file), load_tariff("imperial-misconduct")
    assert both.rules.misconduct == alone.rules
    for name, text in alone.readings.items():
        assert both.rules.readings[name] == text
    assert {rule.clause for rule in cited(alone.rules)} <= {rule.clause for rule in cited(both.rules)}
    assert both.digest not in (alone.digest, load("qmu-2022").digest)
    assert load_tariff(file).named.id == "qmu-2022"


def test_a_section_taken_from_what_has_none_is_refused() -> None:
    for source, shown in (("oxford-2022", '"oxford-2022"'), (5, "5")):
        text = tariff_toml(source)
        assert (
            f"broken.toml, misconduct.from: found {shown}. Allowed, in quotes: imperial-misconduct, qmu-2022."
            in (refusal(text).splitlines())
        )


def test_a_pack_takes_nothing_from_itself() -> None:
    assert "Allowed, in quotes: imperial-misconduct." in refusal(tariff_toml("qmu-2022"), "qmu-2022.toml")


def test_readings_that_are_worded_otherwise_are_told() -> None:
    text = tariff_toml().replace('"A1" = ', '"T1" = "Another wording.", "A1" = ', 1)
    assert (
        "broken.toml, readings.T1: it comes with the section taken from imperial-misconduct, which words it otherwise. "
        "Take it out, or give it another name."
    ) in refusal(text).splitlines()


def test_penalties_alone_are_a_tariff_with_no_case(tmp_path: Path) -> None:
    values = deepcopy(PACK)
    del values["misconduct"]["routes"]
    values["readings"] = {
        name: text for name, text in values["readings"].items() if name in readings_cited(values)
    }
    file = tmp_path / "penalties.toml"
    file.write_text(as_toml(values), "utf-8")
    made = bk.tariff(frame({"penalty": "qmu-a"}, {}, {"penalty": "qmu-z"}), file)
    assert made["effect"].to_list() == ["Not applied.", "Pending. Nothing is applied.", "Not applied."]
    none = "These regulations have no case for this offence."
    assert [told.startswith(none) for told in made["warning"]] == [True, True, True]


def test_a_programme_stands_on_assessment_rules() -> None:
    text = (
        'base = "imperial-misconduct"\n[[programmes]]\nprogramme = "BSc"\nreference = "5"\npass_mark = 45\n'
    )
    assert refusal(text) == (
        'broken.toml, base: found "imperial-misconduct". Allowed, in quotes: imperial-2024, qmu-2022.'
    )


def test_the_page_for_secretaries_names_every_column_penalty_and_reading() -> None:
    page = (HOME / "docs" / "misconduct.md").read_text("utf-8")
    pack = load_tariff("imperial-misconduct")
    columns = [f"`{column.name}`" for column in tables.INPUT["misconduct"].columns]
    codes = [f"`{one.id}`" for one in pack.rules.penalties]
    readings = [f"| {name}" for name in pack.readings]
    assert [word for word in (*columns, *codes, *readings) if word not in page] == []
    assert "docs/misconduct.md" in (HOME / "README.md").read_text("utf-8")


def test_no_university_is_named_in_python() -> None:
    names = subprocess.run(
        ["git", "grep", "-il", "imperial", "--", "boardkit/**/*.py", "boardkit/*.py"],
        cwd=HOME,
        capture_output=True,
        text=True,
        check=False,
    )
    assert names.stdout == ""
    if not (HOME / ".git").exists():
        pytest.skip("not a checkout")
