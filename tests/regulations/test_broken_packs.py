"""Every fault of a pack or an overlay is refused with its own sentence, word for word."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from boardkit.errors import PackError
from boardkit.regulations import load, parse
from tests.regulations.leaves import PACK, TEXT, as_toml

BROKEN = Path(__file__).parents[1] / "broken"
FILE = "broken.toml"


def faults(file: str) -> list[dict[str, str]]:
    return tomllib.loads((BROKEN / file).read_text("utf-8"))["fault"]


PACKS = faults("packs.toml")
FILES = [*faults("overlays.toml"), *faults("files.toml")]


def refusal(text: str) -> str:
    with pytest.raises(PackError) as refused:
        parse(FILE, text)
    return str(refused.value)


def broken(*chosen: dict[str, str]) -> str:
    text = TEXT
    for fault in chosen:
        assert fault["find"] in text, f"{fault['name']}: nothing to replace"
        text = text.replace(fault["find"], fault["replace"], 1)
    return text


@pytest.mark.parametrize("fault", PACKS, ids=lambda fault: fault["name"])
def test_pack_is_refused(fault: dict[str, str]) -> None:
    assert refusal(broken(fault)) == fault["message"]


def test_a_pack_with_no_awards_looks_at_the_credit_of_none() -> None:
    rest = {key: part for key, part in PACK.items() if key != "awards"}
    assert (
        "broken.toml, progression.entry.award: there is no [awards.ordinary] whose credit could be looked at. "
        "Those there are: none." in refusal(as_toml(rest)).splitlines()
    )


@pytest.mark.parametrize("fault", FILES, ids=lambda fault: fault["name"])
def test_file_is_refused(fault: dict[str, str]) -> None:
    assert refusal(fault["text"]) == fault["message"]


def test_every_fault_has_its_own_message() -> None:
    messages = [fault["message"] for fault in [*PACKS, *FILES]]
    assert len(set(messages)) == len(messages)


def test_no_message_speaks_of_programming() -> None:
    words = (
        "Input",
        "instance",
        "Decimal",
        "validation",
        "tuple",
        "dict",
        "None",
        "True",
        "False",
        "pydantic",
    )
    said = [word for fault in [*PACKS, *FILES] for word in words if word in fault["message"]]
    assert said == []


def test_every_fault_is_told_at_once() -> None:
    """All faults that can stand in one file, whichever part each is in."""
    together, text = [], TEXT
    for fault in PACKS:
        alone = fault["message"].splitlines()
        if fault["find"] not in text:
            continue
        tried = text.replace(fault["find"], fault["replace"], 1)
        if set(alone) | {line for other in together for line in other} <= set(refusal(tried).splitlines()):
            together.append(alone)
            text = tried
    assert len(together) > 30


def test_faults_of_one_rule_are_told_together() -> None:
    rule = 'grades = { bands = [["A", 70], ["A", 80], ["B", 10]], reading = "G9", wrong = 1 }'
    start = TEXT.index("grades = ")
    text = TEXT[:start] + rule + TEXT[TEXT.index("\n", start) :]
    at = f"{FILE}, studies.undergraduate.grades"
    assert refusal(text).splitlines() == [
        f'{at}.reading: "G9" is cited and not written out. Write it under [readings], or cite another.',
        f"{FILE}, readings.G1: it is written out and no rule cites it. Cite it, or take it out.",
        f'{at}: neither clause nor local is given. Give clause = "16.1", or local = "who decides it".',
        f'{at}.bands: "A" begins at 80, above "A" at 70. Bands must fall.',
        f'{at}.bands: "A" stands twice. A grade has one band.',
        f'{at}.bands: the last band, "B", begins at 10. It must begin at 0.',
        f"{at}.wrong: there is no such key. Allowed here: clause, local, reading, bands.",
    ]


def test_text_that_is_not_utf_8_is_refused() -> None:
    with pytest.raises(
        PackError, match=r"^not-utf-8\.toml: not UTF-8 text, at byte 52\. Save it as UTF-8\.$"
    ):
        load(BROKEN / "not-utf-8.toml")


def test_text_with_a_byte_order_mark_and_windows_lines_is_read(tmp_path: Path) -> None:
    file = tmp_path / "qmu.toml"
    file.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    assert load(file).rules == load("qmu-2022").rules


@pytest.mark.parametrize("text", ["x = " + "[" * 10_000, "x = " + "9" * 5_000], ids=["deep", "long"])
def test_text_made_to_harm_is_refused(text: str) -> None:
    assert refusal(text) == (
        f"{FILE}: a number is too long, or lists or tables stand too deep in one another."
    )


def test_regulations_that_are_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(
        PackError,
        match=r'^no regulations are called "qmu-1999"\. Shipped: imperial-2024, imperial-misconduct, qmu-2022; or give',
    ):
        load("qmu-1999")
    with pytest.raises(
        PackError, match=r"^cannot read qmu-1999\.toml: No such file or directory\. Check the path\.$"
    ):
        load(tmp_path / "qmu-1999.toml")
    folder = tmp_path / "folder.toml"
    folder.mkdir()
    with pytest.raises(PackError, match=r"^cannot read folder\.toml: Is a directory\. Check the path\.$"):
        load(folder)
    (tmp_path / "endless.toml").symlink_to("/dev/zero")
    with pytest.raises(PackError, match=r"^cannot read endless\.toml: it is a device or a pipe\."):
        load(tmp_path / "endless.toml")
    with pytest.raises(PackError, match=r"that is no path\. Check the path\.$"):
        load("qmu\0.toml")


def test_message_names_the_file_and_not_its_folder(tmp_path: Path) -> None:
    file = shutil.copy(BROKEN / "not-utf-8.toml", tmp_path / "mine.toml")
    with pytest.raises(PackError) as refused:
        load(file)
    assert str(tmp_path) not in str(refused.value)


def test_tables_deeper_than_python_can_follow_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "deep.toml"
    file.write_text("a" + ".a" * 3000 + " = 1\n", "utf-8")
    with pytest.raises(
        PackError, match=r"^deep\.toml: a number is too long, or lists or tables stand too deep"
    ):
        load(file)
