"""What a pack leaves to the board can be stated to every command of moderation, and stands in the certificate."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

import boardkit as bk
from boardkit import moderating
from boardkit.options import settings_of
from tests.moderation.cohorts import cohort, usual

if TYPE_CHECKING:
    from boardkit.regulations import Pack
    from tests.conftest import Call


@pytest.fixture
def asking(tmp_path: Path) -> Path:
    """QMU's pack, but for a pass mark that the board has to state."""
    text = Path(bk.__file__).parent.joinpath("regulations/packs/qmu-2022.toml").read_text("utf-8")
    begin = text.index("[studies.undergraduate]")
    line = text[text.index("pass_mark", begin) :].split("\n", 1)[0]
    assert "value = 40" in line
    text = text.replace(line, line.replace("value = 40", 'value = { parameter = "pass_mark" }'), 1)
    told = '\n[parameters.pass_mark]\nasks = "the pass mark"\nexample = 40\nlocal = "the board"\n'
    made = tmp_path / "asking.toml"
    made.write_text(text + told, "utf-8")
    return made


def fails(out: Path) -> int:
    return pl.read_csv(out / "sample.csv").filter(reason="borderline-fail").height


def test_every_command_takes_what_the_pack_leaves_to_the_board(
    call: Call, board: Path, tmp_path: Path, asking: Path
) -> None:
    pack = ("--regulations", asking)
    for at, command in enumerate(
        (("sample",), ("moderation", "double"), ("moderation", "showed"), ("moderation", "external"))
    ):
        code, said, err = call(*command, board, *pack, "--out", tmp_path / f"none{at}")
        assert (code, said) == (2, "")
        assert "leaves to the board: pass_mark (the pass mark)" in err
        assert (
            "asks for no parameter"
            in call(*command, board, *pack, "--set", "x=1", "--out", tmp_path / "n")[2]
        )
        code, _, err = call(*command, board, *pack, "--set", "pass_mark=55", "--out", tmp_path / f"o{at}")
        assert (code, err) == (0, "")
    marks = usual(80, 2)
    assert fails(tmp_path / "o0") == sum(5_300 <= mark < 5_500 for mark in marks)
    call("moderation", "form", tmp_path / "o0", "--out", tmp_path / "form.xlsx")
    code, _, err = call(
        "moderation",
        "import",
        tmp_path / "form.xlsx",
        board,
        *pack,
        "--set",
        "pass_mark=55",
        "--out",
        tmp_path / "i",
    )
    assert (code, err) == (0, "")


@pytest.mark.parametrize("command", [("sample",), ("moderation", "external")])
def test_what_was_stated_is_in_the_certificate_and_drawn_by_again(
    call: Call, board: Path, tmp_path: Path, asking: Path, command: tuple[str, ...]
) -> None:
    pack, out = ("--regulations", asking), tmp_path / "o"
    call(*command, board, *pack, "--set", "pass_mark=55", "--seed", 2, "--out", out)
    assert json.loads((out / "certificate.json").read_text("utf-8"))["settings"] == {"pass_mark": "55"}
    assert call("sample", "verify", out, board, *pack)[0] == 0
    code, said, _ = call("sample", "verify", out, board, *pack, "--set", "pass_mark=56")
    assert code == 1
    assert said.startswith("Differs")


def test_what_the_board_states_stands_under_what_is_stated_here(asking: Path) -> None:
    made = cohort([4_900, 5_400, *[6_500] * 60])
    read = {"marks": made.polars.marks, "modules": made.polars.modules}
    read["board"] = pl.DataFrame({"key": ["parameter.pass_mark"], "value": ["50"]})
    for stated, fail in ((None, "00000001"), ({"pass_mark": "55"}, "00000002")):
        drawn = bk.sample(read, regulations=asking, seed=1, parameters=stated).polars.sample
        assert drawn.filter(reason="borderline-fail")["student_id"].to_list() == [fail]


def test_what_is_stated_is_read_once(
    call: Call, board: Path, tmp_path: Path, asking: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[object] = []

    def once(settings: list[str] | None, pack: Pack) -> dict[str, str]:
        read.append(settings)
        return settings_of(settings, pack)

    monkeypatch.setattr(moderating, "settings_of", once)
    for command in (("sample",), ("moderation", "double"), ("moderation", "external")):
        given = ("--regulations", asking, "--set", "pass_mark=55", "--out", tmp_path / command[-1])
        assert call(*command, board, *given)[0] == 0
        assert read == [["pass_mark=55"]], command
        read.clear()
