"""A sample drawn again: the same where nothing changed, and told of wherever table, certificate or board differ."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

import boardkit as bk
from boardkit.moderation.verify import verify
from boardkit.regulations import load
from tests.moderation.cohorts import moderate

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tests.conftest import Call

PACK = ("--regulations", "qmu-2022")


@pytest.mark.parametrize("purpose", ["internal", "external"])
def test_drawn_again_it_is_the_same(call: Call, board: Path, tmp_path: Path, purpose: str) -> None:
    out = tmp_path / "o"
    call("sample", board, *PACK, "--for", purpose, "--seed", 3, "--add", "00000004", "--out", out)
    code, said, err = call("sample", "verify", out, board)
    assert (code, err) == (0, "")
    assert said.startswith("Same      ")
    shuffled = pl.read_csv(board / "marks.csv", schema_overrides={"student_id": pl.String})
    shuffled.sample(fraction=1, shuffle=True, seed=1).write_csv(board / "marks.csv")
    assert call("sample", "verify", out, board)[0] == 0


def test_a_mark_that_has_changed_is_told(call: Call, board: Path, tmp_path: Path) -> None:
    out = tmp_path / "o"
    call("sample", board, *PACK, "--seed", 3, "--out", out)
    text = (board / "marks.csv").read_text()
    (board / "marks.csv").write_text(text.replace(",2,45.0,", ",2,45.5,", 1))
    code, said, _ = call("sample", "verify", out, board)
    assert code == 1
    assert (
        "Differs   PS1 Essay, attempt 2: the marks, markers or students have changed since it was drawn"
        in said
    )


def test_a_row_that_was_exchanged_is_told(call: Call, board: Path, tmp_path: Path) -> None:
    out = tmp_path / "o"
    call("sample", board, *PACK, "--seed", 3, "--out", out)
    lines = (out / "sample.csv").read_text().splitlines()
    lines[3] = re.sub(r'"\d{8}"', '"00000099"', lines[3])
    (out / "sample.csv").write_text("\n".join(lines) + "\n")
    code, said, _ = call("sample", "verify", out, board)
    assert code == 1
    assert "sample.csv: 1 of its rows are not drawn, and 1 that are drawn are not in it" in said


def test_other_regulations_are_told(board: Path, tmp_path: Path) -> None:
    made = moderate(bk.read(board), regulations="qmu-2022", seed=3)
    made.write(tmp_path / "o")
    other = tmp_path / "other.toml"
    text = Path(bk.__file__).parent.joinpath("regulations/packs/qmu-2022.toml").read_text("utf-8")
    other.write_text(text.replace("minimum = { value = 6", "minimum = { value = 7"), "utf-8")
    found = verify(tmp_path / "o", bk.read(board), load(other))
    assert not found.same
    assert found.told[0] == "the regulations qmu-2022 are not those of the certificate"


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (shutil.rmtree, "it holds no certificate.json"),
        (lambda out: (out / "certificate.json").write_text("{}"), "its certificate.json is not that of a sample"),
        (lambda out: (out / "certificate.json").write_text('{"kind": "boardkit moderation sample", "regulations": {"id": "qmu-2022"}, "asked": {}}'), "its certificate.json is damaged"),
        (lambda out: (out / "sample.csv").unlink(), "it holds no sample.csv"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_again_is_told(
    call: Call, board: Path, tmp_path: Path, spoil: Callable[[Path], object], told: str
) -> None:
    out = tmp_path / "o"
    call("sample", board, *PACK, "--seed", 3, "--out", out)
    spoil(out)
    code, said, err = call("sample", "verify", out, board)
    assert (code, said) == (2, "")
    assert told in err
    assert len(err.splitlines()) == 1


def _set(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda said: said.__setitem__(name, value)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda said: said["assessments"][0].update(n=100, size=20), "PS1 Essay, attempt 1: the certificate is wrong in n, size"),
        (lambda said: said["assessments"][0].update(shows=0.1), "the certificate is wrong in shows"),
        (lambda said: said["assessments"].append(said["assessments"][0]), "an assessment stands in it twice"),
        (lambda said: said["rules"].pop(), 'what it says of "rules" is not what is drawn now'),
        (_set("notes", [{"note": "all is well"}]), 'what it says of "notes" is not what is drawn now'),
        (_set("approved", "Y"), 'what it says of "approved" is not what is drawn now'),
        (_set("shows", "all"), 'what it says of "shows" is not what is drawn now'),
        (_set("sample_sha256", "0" * 64), "its digest is not that of sample.csv"),
        (lambda said: said["regulations"].update(file="other.toml"), "the regulations qmu-2022 are not those"),
    ],
)  # fmt: skip
def test_a_certificate_that_says_something_else_is_not_verified(
    call: Call, board: Path, tmp_path: Path, change: Callable[[dict[str, Any]], object], told: str
) -> None:
    out = tmp_path / "o"
    call("sample", board, *PACK, "--seed", 3, "--out", out)
    said = json.loads((out / "certificate.json").read_text("utf-8"))
    change(said)
    (out / "certificate.json").write_text(json.dumps(said), "utf-8")
    found = verify(out, bk.read(board), load("qmu-2022"))
    assert not found.same
    assert told in " ".join(found.told)


def test_a_certificate_to_be_read_that_says_something_else_is_not_verified(
    call: Call, board: Path, tmp_path: Path
) -> None:
    out = tmp_path / "o"
    call("sample", board, *PACK, "--seed", 3, "--out", out)
    page = out / "certificate.md"
    page.write_text(page.read_text("utf-8").replace("| 80 | 9 | 2 | 11 |", "| 80 | 9 | 2 | 80 |"), "utf-8")
    code, said, _ = call("sample", "verify", out, board)
    assert code == 1
    assert "certificate.md: it does not say what certificate.json says" in said


def test_a_table_with_other_bytes_is_not_verified(call: Call, board: Path, tmp_path: Path) -> None:
    out = tmp_path / "o"
    call("sample", board, *PACK, "--seed", 3, "--out", out)
    table = (out / "sample.csv").read_bytes()
    (out / "sample.csv").write_bytes(table.replace(b"\n", b"\r\n"))
    assert "with other ends of lines" in " ".join(verify(out, bk.read(board), load("qmu-2022")).told)
    (out / "sample.csv").write_bytes(table + b"\xff\n")
    assert "sample.csv: 1 of its rows are not drawn" in " ".join(
        verify(out, bk.read(board), load("qmu-2022")).told
    )


@pytest.mark.parametrize(
    "spoil", ['{"kind": "boardkit moderation sample"}', '{"kind": "boardkit moderation sample", "for": "me"}']
)
def test_a_damaged_certificate_is_refused_by_every_command(
    call: Call, board: Path, tmp_path: Path, spoil: str
) -> None:
    out = tmp_path / "o"
    call("sample", board, *PACK, "--seed", 3, "--out", out)
    (out / "certificate.json").write_text(spoil)
    _refused_as_damaged(call, board, tmp_path)


def test_a_certificate_whose_parts_are_of_another_kind_is_refused(
    call: Call, board: Path, tmp_path: Path
) -> None:
    out = tmp_path / "o"
    call("sample", board, *PACK, "--seed", 3, "--out", out)
    whole = json.loads((out / "certificate.json").read_text("utf-8"))
    of_asked = (
        *({"settings": odd} for odd in (5, {"a": 1})),
        *({name: odd} for name in ("add", "add_bands") for odd in (None, [1], [None], {"a": "D"})),
        *({"module": 5}, {"study": ["x"]}, {"reassessments": "no"}),
    )
    parts = [{"asked": {**whole["asked"], **part}} for part in of_asked]
    for part in (*parts, *({"clauses": odd} for odd in (None, True, {"agreed_mark": 1}))):
        spoilt = {**whole, **part}
        (out / "certificate.json").write_text(json.dumps(spoilt), "utf-8")
        _refused_as_damaged(call, board, tmp_path)


def _refused_as_damaged(call: Call, board: Path, tmp_path: Path) -> None:
    out = tmp_path / "o"
    for asked in (
        ("sample", "verify", out, board),
        ("moderation", "form", out, "--out", tmp_path / "f.xlsx"),
    ):
        code, _, err = call(*asked)
        assert (code, err) == (2, "boardkit: cannot use o: its certificate.json is damaged.\n")
