"""What is written of a sample: the table, the certificate, the key apart; drawn again and compared."""

from __future__ import annotations

import hashlib
import json
import re
import stat
import tempfile
from pathlib import Path
from statistics import NormalDist, stdev
from typing import TYPE_CHECKING

import polars as pl
import pytest

import boardkit as bk
from boardkit import tables
from boardkit.errors import CallError
from boardkit.moderation.anonymous import read_key, script_ids
from boardkit.moderation.certificate import detectable
from boardkit.regulations import load
from boardkit.whole import write_one_whole, write_whole
from tests.moderation.cohorts import cohort, moderate, usual

if TYPE_CHECKING:
    from tests.conftest import Call

BOARD = Path("data/samples/psychology-2022")
PACK = ("--regulations", "qmu-2022")


def test_the_contracts_command(call: Call, board: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, said, err = call("sample", board, *PACK, "--seed", 5, "--out", out)
    assert (code, err) == (0, "")
    assert "Drawn     Sample for internal moderation: 17 of 89 scripts, 2 assessments, seed 5" in said
    found = pl.read_csv(out / "sample.csv", schema_overrides={"student_id": pl.String})
    assert tuple(found.columns) == tables.MODERATION["sample"]
    assert set(found["reason"]) <= set(tables.SAMPLE_REASONS)
    assert found.sort("module", "component", "attempt", "order").equals(found)
    assert all(re.fullmatch(r"\d{8}", student) for student in found["student_id"])
    assert {path.name for path in out.iterdir()} == {"sample.csv", "certificate.md", "certificate.json"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}
    assert re.search(r'^"PS1","Essay",1,"\d{8}",\d+\.\d\d,"', (out / "sample.csv").read_text(), re.MULTILINE)


def test_one_module_and_component_and_options_before_the_input(call: Call, tmp_path: Path) -> None:
    code, said, _ = call(
        "sample",
        *PACK,
        "--module",
        "PS4021",
        "--component",
        "Essay",
        "--seed",
        1,
        BOARD,
        "--out",
        tmp_path / "o",
    )
    assert code in {0, 1}
    assert "1 assessment, seed 1" in said
    found = pl.read_csv(tmp_path / "o" / "sample.csv")
    assert found.select("module", "component").unique().rows() == [("PS4021", "Essay")]


def test_what_is_double_marked_gives_no_rows_and_a_note(call: Call, tmp_path: Path) -> None:
    _, said, _ = call("sample", BOARD, *PACK, "--module", "PS4090", "--out", tmp_path / "o")
    assert (
        "PS4090 Dissertation, attempt 1: marked by two markers as a whole: no sample is drawn (5.6.1" in said
    )
    assert (tmp_path / "o" / "sample.csv").read_text().splitlines() == [",".join(tables.MODERATION["sample"])]


def test_certificate_says_what_the_sample_rests_on(board: Path, tmp_path: Path) -> None:
    made = moderate(bk.read(board), regulations="qmu-2022", seed=11)
    made.write(tmp_path / "o")
    said = json.loads((tmp_path / "o" / "certificate.json").read_text("utf-8"))
    assert said["seed"] == 11
    assert said["regulations"]["sha256"] == load("qmu-2022").digest
    assert said["sample_sha256"] == hashlib.sha256((tmp_path / "o" / "sample.csv").read_bytes()).hexdigest()
    assert {rule["source"] for rule in said["rules"]} == {"5.6.2"}
    assert {name for rule in said["rules"] for name in rule["readings"]} == {
        "MS1",
        "MS2",
        "MS3",
        "MS4",
        "MS5",
    }
    first, again = said["assessments"]
    assert (first["n"], first["base"], first["fails"], first["size"]) == (80, 9, 2, 11)
    assert (again["n"], again["base"], again["size"]) == (9, 3, 6)
    assert first["marks_sha256"] != again["marks_sha256"]
    marks = [mark / 100 for mark in usual(80, 2)]
    assert first["spread"] == round(stdev(marks), 2)
    assert first["shows"] == round(detectable(80, 11, stdev(marks)), 1)
    page = (tmp_path / "o" / "certificate.md").read_text("utf-8")
    for words in (
        "5.6.2; reading MS1, MS2",
        "Seed 11",
        "| PS1 | Essay | 1 | 80 | 9 | 2 | 11 | 0 |",
        "- MS3: Borderline fails",
    ):
        assert words in page


def test_power_is_by_the_formula() -> None:
    """By hand: (1.959964 + 0.841621) x 12 / root(9) x root(1 - 9/80)."""
    assert detectable(80, 9, 12) == pytest.approx((1.959964 + 0.841621) * 12 / 3 * (71 / 80) ** 0.5, rel=1e-6)
    assert NormalDist().inv_cdf(0.975) == pytest.approx(1.959964, rel=1e-6)


def test_the_help_says_which_command_is_meant_where_none_is_named(call: Call) -> None:
    _, said, _ = call("sample", "--help")
    told = " ".join(said.split())
    assert "boardkit sample [OPTIONS] [draw] INPUT ... | verify DIR INPUT ..." in told
    assert "Where no command is named it is draw" in told
    assert "boardkit sample draw --help" in told
    assert call("sample")[1] == said
    for asked in (("draw", "--help"), (BOARD, "--help"), ("--seed", 1, "--help")):
        told = call("sample", *asked)[1]
        assert "--add-band" in told
        assert "Draw a sample of every assessment" in told


# ---- refusals ------------------------------------------------------------------------------------------------------


def test_a_sample_that_was_drawn_is_not_drawn_over(call: Call, board: Path, tmp_path: Path) -> None:
    out = tmp_path / "o"
    call("sample", board, *PACK, "--seed", 3, "--out", out)
    before = (out / "sample.csv").read_bytes()
    code, _, err = call("sample", board, *PACK, "--seed", 4, "--out", out)
    assert code == 2
    assert "sample.csv is there already" in err
    assert (out / "sample.csv").read_bytes() == before
    assert call("sample", board, *PACK, "--seed", 4, "--out", out, "--force")[0] == 0
    assert (out / "sample.csv").read_bytes() != before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--out", "{board}"), "it is the input, or inside it"),
        (("--out", "{board}/in"), "it is the input, or inside it"),
        (("--out", "{out}", "--for", "me"), "a sample is for internal or external"),
        (("--out", "{out}", "--module", "PS9"), 'there is no module "PS9". There are: PS1'),
        (("--out", "{out}", "--seed", "x"), "is not a whole number"),
        (("--out", "{board}/marks.csv"), "it is the input, or inside it"),
        (("--out", "{out}", "--key", "x.key"), "--key is for an external's sample"),
        (("--out", "{out}", "--reassessments"), "--reassessments is for an external's sample"),
    ],
)
def test_refusals(call: Call, board: Path, tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    given = [each.format(board=board, out=tmp_path / "o") for each in arguments]
    code, said, err = call("sample", board, *PACK, *given)
    assert (code, said) == (2, "")
    assert told in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["board"]


def test_errors_in_the_data_end_with_1(call: Call, tmp_path: Path) -> None:
    assert call("sample", BOARD.with_suffix(".xlsx"), *PACK, "--out", tmp_path / "o")[0] == 1


# ---- the external --------------------------------------------------------------------------------------------------


def test_an_externals_sample_is_anonymous_and_its_key_is_apart(
    call: Call, board: Path, tmp_path: Path
) -> None:
    out = tmp_path / "o"
    code, said, _ = call("sample", board, *PACK, "--for", "external", "--seed", 3, "--out", out)
    assert code == 0
    assert "beside it, and not for the external: o.key and o-key.csv" in said
    found = pl.read_csv(out / "sample.csv")
    assert found.columns[:4] == ["module", "component", "attempt", "script_id"]
    assert found["attempt"].unique().to_list() == [1]
    whose = pl.read_csv(tmp_path / "o-key.csv", schema_overrides={"student_id": pl.String})
    assert set(whose["script_id"]) == set(found["script_id"])
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("o.key", "o-key.csv")} == {0o600}
    key = read_key(tmp_path / "o.key")
    assert script_ids(whose["student_id"], key).to_list() == whose["script_id"].to_list()
    held = b"".join(path.read_bytes() for path in out.iterdir())
    assert not any(student.encode() in held for student in bk.read(board).numbers.students)


def test_one_key_gives_a_student_one_number_on_every_paper(call: Call, board: Path, tmp_path: Path) -> None:
    call("sample", board, *PACK, "--for", "external", "--seed", 3, "--out", tmp_path / "a")
    call(
        "sample",
        board,
        *PACK,
        "--for",
        "external",
        "--seed",
        4,
        "--key",
        tmp_path / "a.key",
        "--out",
        tmp_path / "b",
    )
    call("sample", board, *PACK, "--for", "external", "--seed", 3, "--out", tmp_path / "c")
    each = [
        dict(
            pl.read_csv(tmp_path / f"{name}-key.csv", schema_overrides={"student_id": pl.String})
            .select("student_id", "script_id")
            .iter_rows()
        )
        for name in "abc"
    ]
    shared = each[0].keys() & each[1].keys()
    assert shared
    assert all(each[0][student] == each[1][student] for student in shared)
    assert not set(each[0].values()) & set(each[2].values())


def test_the_external_sees_no_reassessment_unless_the_board_asks(
    call: Call, board: Path, tmp_path: Path
) -> None:
    _, said, _ = call("sample", board, *PACK, "--for", "external", "--out", tmp_path / "a")
    assert "PS1 Essay, attempt 2: a reassessment: not sent unless the board asks for it (5.7.1, 5.7.2" in said
    call("sample", board, *PACK, "--for", "external", "--reassessments", "--out", tmp_path / "b")
    assert pl.read_csv(tmp_path / "b" / "sample.csv")["attempt"].unique().sort().to_list() == [1, 2]


def test_the_external_sees_work_for_a_named_award_alone() -> None:
    modules = pl.DataFrame({"module": ["A"], "scqf_level": ["8"], "credits": ["20"], "named_award": ["N"]})
    made = cohort(usual(50), modules=modules)
    assert moderate(made, seed=1).polars.sample.height
    external = moderate(made, seed=1, purpose="external")
    assert external.polars.sample.is_empty()
    assert external.polars.notes["note"].to_list() == [
        "leads to no named award: not sent to the external (5.7.1, 5.7.2; reading MS7)"
    ]


def test_a_repeat_occurrence_is_not_sent_unless_the_board_asks(board: Path) -> None:
    """Other students have results of the module for this very year (5.7.2); results of a year ago are none of it."""
    results = pl.DataFrame(
        {
            "student_id": ["X1", "00000001"],
            "module": ["PS1", "PS1"],
            "scqf_level": [8, 8],
            "credits": [20, 20],
            "mark": [55, 55],
            "academic_year": ["2022/23", "2021/22"],
        }
    )
    read = {name: pl.read_csv(board / f"{name}.csv", infer_schema=False) for name in ("marks", "modules")}
    facts = pl.DataFrame({"key": ["academic_year"], "value": ["2022/23"]})
    for held, sent in ((results, False), (results.filter(pl.col("student_id") != "X1"), True)):
        made = bk.read({**read, "results": held, "board": facts})
        assert bool(moderate(made, seed=1, purpose="external").polars.sample.height) == sent
        assert moderate(made, seed=1, purpose="external", reassessments=True).polars.sample.height
        assert moderate(made, seed=1).polars.sample.height
    again = moderate(bk.read({**read, "results": results, "board": facts}), seed=1, purpose="external")
    assert "a repeat occurrence this academic year: not sent" in " ".join(again.polars.notes["note"])


def test_a_key_that_is_none_is_refused(call: Call, board: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.key").write_text("secret")
    code, _, err = call(
        "sample", board, *PACK, "--for", "external", "--key", tmp_path / "bad.key", "--out", tmp_path / "o"
    )
    assert code == 2
    assert "bad.key: it holds no key" in err
    with pytest.raises(CallError, match="No such file"):
        read_key(tmp_path / "none.key")


def test_a_folder_that_is_to_be_sent_holds_nothing_else(call: Call, board: Path, tmp_path: Path) -> None:
    """Where an internal sample was drawn, its form or marks.csv may lie beside it: they name students."""
    out = tmp_path / "o"
    call("sample", board, *PACK, "--seed", 3, "--out", out)
    (out / "marks.csv").write_text("student_id\n")
    for asked in (("sample", board, "--for", "external"), ("moderation", "external", board)):
        code, _, err = call(*asked, *PACK, "--force", "--out", out)
        assert code == 2
        assert "it holds marks.csv besides, and the folder is to be sent" in err
    assert not (tmp_path / "o.key").exists()
    (out / "marks.csv").unlink()
    assert call("sample", board, *PACK, "--for", "external", "--force", "--out", out)[0] == 0


def test_a_file_is_written_where_the_folder_above_is_not_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As ~/form.xlsx is: /home is nobody's to write to, and may be another disk."""
    real = tempfile.mkdtemp

    def make(*, prefix: str, dir: Path) -> str:  # noqa: A002 - tempfile's own name
        if dir == tmp_path:
            raise PermissionError(13, "Permission denied")
        return real(prefix=prefix, dir=dir)

    monkeypatch.setattr(tempfile, "mkdtemp", make)
    home = tmp_path / "home"
    home.mkdir()
    write_one_whole(home / "form.xlsx", b"PK")
    assert [path.name for path in home.iterdir()] == ["form.xlsx"]


@pytest.mark.parametrize(
    ("there", "fails"),
    [
        (False, "o"),
        (False, "o.key"),
        (False, "o-key.csv"),
        (True, "o.key"),
        (True, "o-key.csv"),
        (True, "o/sample.csv"),
        (True, "o/certificate.json"),
    ],
)
def test_a_key_stays_nowhere_without_its_sample(  # noqa: PLR0913 - a case, and what it is made with
    call: Call,
    board: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    there: bool,
    fails: str,
) -> None:
    """Whatever cannot be put in place, the folder and what is beside it are as they were."""
    asked = ("sample", board, *PACK, "--for", "external", "--out", tmp_path / "in" / "o", "--force")
    if there:
        call(*asked, "--seed", 3)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    real = Path.rename

    def rename(here: Path, to: Path) -> Path:
        if to == tmp_path / "in" / fails and "before" not in here.parts:
            raise OSError(28, "No space left on device")
        return real(here, to)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", rename)
        code, _, err = call(*asked, "--seed", 4)
    assert code == 2
    assert "cannot write to o and beside it: No space left on device. Nothing was written." in err
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert (tmp_path / "in").exists() == there


def test_what_was_read_is_not_written_over(call: Call, board: Path, tmp_path: Path) -> None:
    """With --force neither."""
    force = "--force"
    (tmp_path / "agreement.csv").write_text("ab" * 32)
    sheet = tmp_path / "sample.csv"
    sheet.write_text("student_id,Essay\n00000001,55\n")
    key = ("--key", tmp_path / "agreement.csv", "--out", tmp_path, force)
    headed = ("--module", "A", "--component", "Essay", "--study", "undergraduate", "--out", tmp_path, force)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for asked, told in (
        (("moderation", "showed", board, *PACK, *key), "agreement.csv"),
        (("sample", sheet, *PACK, *headed), "sample.csv"),
    ):
        code, _, err = call(*asked)
        assert code == 2, asked
        assert f"cannot write {told}: it is a file that was read for this" in err
        assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_what_was_read_may_be_written_as_it_is(tmp_path: Path) -> None:
    """As a key is that was given and stands where it would be written."""
    key = tmp_path / "o.key"
    key.write_bytes(b"k")
    write_whole(tmp_path / "o", {"a.csv": "1"}, beside={"o.key": b"k"}, read=[key], force=True)
    assert (key.read_bytes(), (tmp_path / "o" / "a.csv").read_text()) == (b"k", "1")
    with pytest.raises(CallError, match=r"cannot write o\.key: it is a file that was read for this"):
        write_whole(tmp_path / "o", {"a.csv": "2"}, beside={"o.key": b"other"}, read=[key], force=True)
    assert (key.read_bytes(), (tmp_path / "o" / "a.csv").read_text()) == (b"k", "1")


def test_the_folder_one_stands_in_has_a_name(
    call: Call, board: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(board.parent)
    _, _, err = call("sample", board, *PACK, "--for", "external", "--out", ".")
    assert f"cannot write to {board.parent.name}: it holds board besides" in err
    monkeypatch.chdir(board)
    assert "cannot write to board: it is the input" in call("sample", ".", *PACK, "--out", ".")[2]


@pytest.mark.parametrize("asked", [(), ("--for", "external")])
def test_a_folder_that_cannot_be_looked_at_is_told(
    call: Call, board: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: tuple[str, ...]
) -> None:
    out = tmp_path / "shut"
    out.mkdir()
    real = Path.exists

    def exists(path: Path, **how: bool) -> bool:
        if path.parent == out:
            raise PermissionError(13, "Permission denied")
        return real(path, **how)

    monkeypatch.setattr(Path, "exists", exists)
    code, _, err = call("sample", board, *PACK, *asked, "--out", out)
    assert (code, err) == (2, "boardkit: cannot write to shut: Permission denied. Nothing was written.\n")


@pytest.mark.parametrize(
    "name", [".", "form", "sample.csv", "certificate.json", "certificate.md", "form.xls"]
)
def test_a_form_is_given_the_name_of_a_workbook(
    call: Call, board: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """So it cannot stand over its own sample: with --force the draw was lost."""
    call("sample", board, *PACK, "--seed", 3, "--out", tmp_path / "o")
    monkeypatch.chdir(tmp_path / "o")
    before = {path: path.read_bytes() for path in (tmp_path / "o").iterdir()}
    code, _, err = call("moderation", "form", tmp_path / "o", "--out", name, "--force")
    assert code == 2
    assert f'"{name}" is not the name of a workbook. Name a file that ends in .xlsx.' in err
    assert {path: path.read_bytes() for path in (tmp_path / "o").iterdir()} == before
