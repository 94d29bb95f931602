"""The skeleton of a pack and the form for editors: both follow the model, and neither invents a value."""

from __future__ import annotations

import errno
import json
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from boardkit.errors import CallError, PackError
from boardkit.regulations import parse, shipped
from boardkit.regulations.model import Regulations
from boardkit.regulations.new import skeleton, write_new
from boardkit.regulations.schema import FILE, schema
from tests.regulations.leaves import text_of

OPTIONAL = re.compile(r"^# ?(?=\[|[a-z_]+ = )")
ELSEWHERE = {
    "registration",
    "transcript",
    "concern",
    "condonement",
    "reassessment",
    "progression",
    "arrangements",
}
"""Parts that the skeleton names and does not lay out."""


def filled(text: str) -> str:
    """Fill in what a skeleton leaves open, as little as can be."""
    text = text.replace('first = "?", last = "?"', "first = 2025-09-01, last = 2026-08-31")
    text = text.replace('places = "?"', "places = 1").replace('days = "?"', "days = 6")
    text = re.sub(r'(value|mark|undergraduate) = "\?"', r"\1 = 40", text)
    return text.replace('""', '"1.1"')


def test_the_skeleton_is_refused_for_what_is_left_and_for_nothing_else() -> None:
    with pytest.raises(PackError) as refusal:
        parse("kings-2025.toml", skeleton("kings-2025"))
    told = str(refusal.value).split("\n")
    assert len(told) > 30
    assert [line for line in told if not re.search(r'found ("\?"|"")\. Allowed: ', line)] == []


def test_a_filled_skeleton_is_a_sound_pack() -> None:
    assert parse("kings-2025.toml", filled(skeleton("kings-2025"))).pack.id == "kings-2025"


def test_every_part_of_the_model_is_in_the_skeleton() -> None:
    text = skeleton("kings-2025")
    named = set(re.findall(r"^#? ?\[+([a-z_]+)", text, re.MULTILINE))
    assert named == set(Regulations.model_fields)


def test_what_is_optional_is_written_as_it_has_to_be() -> None:
    lines = [
        line
        for line in skeleton("kings-2025").splitlines()
        if not re.fullmatch(rf"# \[+({'|'.join(ELSEWHERE)})\]+", line)
    ]
    whole = filled("\n".join(OPTIONAL.sub("", line) for line in lines))
    whole = whole.replace("[parameters.late_hours]", "[parameters.late_hours]\n").replace(
        "up_to = { days = 6 }", 'up_to = { hours = { parameter = "late_hours" } }'
    )
    rules = parse(
        "kings-2025.toml", whole.replace('programme = "?"', 'programme = "BA"').replace('"?"', '"Own"')
    )
    left_out = {name for name in Regulations.model_fields if not getattr(rules, name)}
    assert left_out == ELSEWHERE


def test_a_pack_is_written_once(tmp_path: Any) -> None:
    pack, form = write_new("kings-2025", tmp_path)
    assert (pack.name, form.name) == ("kings-2025.toml", FILE)
    assert {path.stat().st_mode & 0o777 for path in (pack, form)} == {0o600}
    pack.write_text("mine", "utf-8")
    with pytest.raises(CallError, match="already there, and was not written over"):
        write_new("kings-2025", tmp_path)
    assert pack.read_text("utf-8") == "mine"


def test_packs_share_a_form(tmp_path: Any) -> None:
    for name in ("kings-2025", "kings-2026"):
        write_new(name, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [FILE, "kings-2025.toml", "kings-2026.toml"]


@pytest.mark.parametrize("made", ["a file", "a folder", "a link to nothing"])
def test_what_stands_in_the_forms_place_is_not_written_over(tmp_path: Any, made: str) -> None:
    form = tmp_path / FILE
    if made == "a file":
        form.write_text("{}", "utf-8")
    elif made == "a folder":
        form.mkdir()
    else:
        form.symlink_to("nowhere")
    with pytest.raises(CallError, match="says something else, and was not written over"):
        write_new("kings-2025", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    assert made != "a file" or form.read_text("utf-8") == "{}"


@pytest.mark.parametrize("method", ["write_bytes", "rename"])
@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize("stood_in", [False, True], ids=["", "stood in"])
def test_a_pack_is_written_whole_or_not_at_all(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, method: str, at: int, *, stood_in: bool
) -> None:
    folder = tmp_path / "packs"
    folder.mkdir()
    if stood_in:
        monkeypatch.chdir(folder)
    whole, calls = getattr(Path, method), []

    def fill(path: Path, *arguments: Any, **options: Any) -> Any:
        calls.append(path)
        if len(calls) == at:
            raise OSError(errno.ENOSPC, "No space left on device")
        return whole(path, *arguments, **options)

    where = Path() if stood_in else folder
    with monkeypatch.context() as patch:
        patch.setattr(Path, method, fill)
        with pytest.raises(CallError) as refusal:
            write_new("kings-2025", where)
    assert str(refusal.value) == "cannot write to packs: No space left on device. Nothing was written."
    assert [path for path in tmp_path.rglob("*") if path != folder] == []
    assert {path.name for path in write_new("kings-2025", where)} == {"kings-2025.toml", FILE}


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Kings 2025", "cannot be an id"),
        ("../up", "cannot be an id"),
        ("kings\n2025", '"kings 2025" cannot be an id'),
        ("kings-2025.toml", r"Leave out \.toml: kings-2025\.$"),
        ("qmu-2022", "comes with boardkit"),
    ],
)
def test_an_id_that_cannot_be_is_refused(tmp_path: Any, name: str, why: str) -> None:
    with pytest.raises(CallError, match=why):
        write_new(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_refused(tmp_path: Any) -> None:
    with pytest.raises(CallError, match="no such folder"):
        write_new("kings-2025", tmp_path / "none")


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


FORM = jsonschema.Draft202012Validator(json.loads(schema()))


@pytest.mark.parametrize("pack", shipped())
def test_the_form_lets_in_every_shipped_pack(pack: str) -> None:
    assert [error.message for error in FORM.iter_errors(plain(tomllib.loads(text_of(pack))))] == []


@pytest.mark.parametrize(
    ("find", "replace"),
    [
        ("pass_mark = { value = 40,", "pass_mark = { value = 140,"),
        ("pass_mark = { value = 40,", "pas_mark = { value = 40,"),
        ('mode = "half-up"', 'mode = "up"'),
        ("first = 2022-09-01", 'first = "?"'),
    ],
)
def test_the_form_marks_what_cannot_be(find: str, replace: str) -> None:
    text = text_of("qmu-2022")
    assert find in text
    checked = jsonschema.Draft202012Validator(json.loads(schema()), format_checker=jsonschema.FormatChecker())
    assert list(checked.iter_errors(plain(tomllib.loads(text.replace(find, replace, 1)))))
