"""The commands: what each prints, its exit code, and that nothing is written where it refuses."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

import boardkit as bk
from boardkit import cli, tables
from boardkit.demo import demo, write_folder, write_workbook
from boardkit.errors import CallError
from boardkit.regulations import shipped
from tests.read import marksheets

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Call

PACK = ("--regulations", "qmu-2022")
PACK_FILE = Path(cli.__file__).parent / "regulations" / "packs" / "qmu-2022.toml"
OUTPUTS = {f"{name}.csv" for name in tables.OUTPUT} | {"board.xlsx", "dates.ics", "manifest.json"}

STREAM = "EncryptedPackage".encode("utf-16-le")
ENCRYPTED = bytes.fromhex("d0cf11e0a1b11ae1").ljust(512, b"\0") + STREAM.ljust(64, b"\0") + b"\x22\0\2"


@pytest.fixture(scope="module")
def boards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read by every test, written by none."""
    folder = tmp_path_factory.mktemp("boards")
    clean, faulty = demo(24), demo(30, faults=True)
    write_workbook(clean, folder / "psychology.xlsx")
    write_workbook(faulty, folder / "faulty.xlsx")
    write_folder(clean, folder / "psychology")
    write_folder(clean, folder / "parquet", parquet=True)
    (folder / "sheet").mkdir()
    for name in ("marks", "components"):
        shutil.copy(folder / "psychology" / f"{name}.csv", folder / "sheet")
    (folder / "garbage.xlsx").write_bytes(bytes(range(256)) * 20)
    (folder / "garbage.xls").write_bytes(b"not a workbook")
    (folder / "encrypted.xlsx").write_bytes(ENCRYPTED.ljust(1024, b"\0"))
    (folder / "text.docx").write_text("marks")
    (folder / "empty").mkdir()
    (folder / "strangers").mkdir()
    (folder / "strangers" / "awards.csv").write_text("mine")
    (folder / "file").write_text("mine")
    (folder / "faulty.toml").write_text('[pack]\nid = "X"\n')
    return folder


def everything(folder: Path) -> dict[str, bytes | None]:
    return {str(path): path.read_bytes() if path.is_file() else None for path in sorted(folder.rglob("*"))}


# ---- layout ------------------------------------------------------------------------------------------

WIDE = [
    ["Student ID", "Name", "Essay /40", "Exam"],
    ["00000001", "Ada", 30, 61],
    ["00000002", "Bea", 31, "AB"],
]


def test_a_layout_is_drawn_proposed_filled_in_and_run(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "minds"
    folder.mkdir()
    path = marksheets.workbook(folder / "minds.xlsx", {"PS4": WIDE})
    assert call("run", path, *PACK, "--out", tmp_path / "out")[0] == 2
    before = everything(folder)
    code, printed, error = call("layout", path)
    assert (code, error) == (0, "")
    assert everything(folder) == before
    picture, _, proposed = printed.partition("Proposed  a board.toml beside minds.xlsx")
    assert "identifier" in picture
    assert "Ada" not in picture
    toml = proposed[proposed.index("[board]") :]
    toml = toml.replace('scqf_level = "?"', "scqf_level = 10").replace('"?"', "20")
    (folder / "board.toml").write_text(toml, "utf-8")
    code, printed, _ = call("run", folder, *PACK, "--out", tmp_path / "out", "--study", "undergraduate")
    assert code == 0, printed
    assert "2 students, 1 module, 4 marks" in printed
    assert call("layout", folder)[1].endswith(toml.rstrip() + "\n")


def test_a_layout_of_what_is_none(call: Call, boards: Path) -> None:
    for source, why in (
        ("missing.xlsx", "cannot find missing.xlsx"),
        ("psychology", "there is no board.toml in it"),
        ("garbage.xlsx", "cannot use garbage.xlsx"),
        ("psychology.xlsx", "no sheet of it is a marksheet"),
    ):
        code, printed, error = call("layout", boards / source)
        assert (code, printed) == (2, "")
        assert why in error


def test_a_guard_is_raised_by_its_name(call: Call, boards: Path, tmp_path: Path) -> None:
    path = boards / "psychology.xlsx"
    code, _, error = call("check", path, "--limit", "cells=10")
    assert code == 2
    assert "raise the limit cells" in error
    assert call("run", path, *PACK, "--limit", "cells=6_000_000", "--out", tmp_path / "out")[0] in {0, 1}
    for limit, why in (("cells", "--limit takes NAME=NUMBER"), ("rows=5", 'there is no limit "rows"')):
        code, _, error = call("check", path, "--limit", limit)
        assert code == 2
        assert why in error


# ---- run ---------------------------------------------------------------------------------------------


def test_run_clean(call: Call, boards: Path, tmp_path: Path) -> None:
    out = tmp_path / "reports" / "psychology"
    code, printed, error = call("run", boards / "psychology.xlsx", *PACK, "--out", out)
    assert (code, error) == (0, "")
    assert {path.name for path in out.iterdir()} == OUTPUTS
    read, problems, *_, wrote = printed.splitlines()
    assert re.fullmatch(r"Read      psychology\.xlsx   24 students, 12 modules, \d+ marks", read)
    assert re.fullmatch(
        rf"Problems  \d+ warnings?, \d+ notes?   {re.escape(str(out))}/problems\.csv", problems
    )
    assert (
        "Assessed  under General Assessment Regulations and Policy 2022/23 (qmu-2022), main diet, provisional"
        in printed
    )
    assert re.search(
        r"^          First \d+( \(\d+ short of credit\))?   Upper second \d+", printed, re.MULTILINE
    )
    assert wrote == f"Wrote     board.xlsx, {len(tables.OUTPUT)} tables, dates.ics and manifest.json to {out}"
    hold_counts(printed, pl.read_csv(out / "awards.csv", infer_schema=False))


def hold_counts(printed: str, awards: pl.DataFrame) -> None:
    """What is counted is what the tables hold."""
    for name, count in awards.drop_nulls("classification")["classification"].value_counts().rows():
        assert f"{name.replace('-', ' ').capitalize()} {count}" in printed
    near = awards.filter(pl.col("reason").str.contains("a borderline case"))
    up = near.filter(pl.col("basis") == "borderline").height
    said = re.search(r"Borderline (\d+): (\d+) go(?:es)? up, (\d+) stays? \(9\.3", printed)
    assert tuple(map(int, said.groups())) == (near.height, up, near.height - up)
    assert f"Up from just below {awards.filter(basis='uplift').height}" in printed


def test_run_with_errors_in_the_data(call: Call, boards: Path, tmp_path: Path) -> None:
    code, printed, error = call("run", boards / "faulty.xlsx", *PACK, "--out", tmp_path / "out")
    assert (code, error) == (1, "")
    assert {path.name for path in (tmp_path / "out").iterdir()} == OUTPUTS
    problems = pl.read_csv(tmp_path / "out" / "problems.csv", infer_schema=False)
    errors = problems.filter(severity="error")
    assert f"Problems  {errors.height} errors, " in printed
    shown = re.findall(r"^  error    Marks!(\S+) +(.*)$", printed, re.MULTILINE)
    assert shown == errors.select("cell", "message").rows()
    assert any('"6O" is not a mark (a letter' in message for _, message in shown)
    more = problems.height - len(re.findall(r"^  (?:error|warning) ", printed, re.MULTILINE))
    assert f"\n  and {more} more in problems.csv\n" in printed
    assert not re.search(r"^  note ", printed, re.MULTILINE)


def test_run_a_folder_with_a_pack_file(call: Call, boards: Path, tmp_path: Path) -> None:
    shutil.copy(PACK_FILE, tmp_path / "ours.toml")
    arguments = ("--regulations", tmp_path / "ours.toml", "--out", tmp_path / "out", "--parquet")
    code, printed, _ = call("run", boards / "parquet", *arguments)
    assert code == 0
    assert (tmp_path / "out" / "awards.parquet").is_file()
    assert printed.startswith("Read      parquet   24 students")


def test_run_a_marksheet_with_its_study(call: Call, boards: Path, tmp_path: Path) -> None:
    arguments = ("run", boards / "sheet", *PACK, "--out", tmp_path / "out")
    code, printed, error = call(*arguments)
    assert (code, printed) == (2, "")
    assert "no modules table" in error
    assert "--study undergraduate or --study postgraduate" in error
    assert not (tmp_path / "out").exists()
    code, printed, _ = call(*arguments, "--study", "undergraduate")
    assert "Read      sheet   24 students" in printed
    assert code in {0, 1}


def test_run_over_strangers(call: Call, boards: Path, tmp_path: Path) -> None:
    shutil.copytree(boards / "strangers", tmp_path / "out")
    arguments = ("run", boards / "psychology", *PACK, "--out", tmp_path / "out")
    code, printed, error = call(*arguments)
    assert (code, printed) == (2, "")
    assert error.startswith("boardkit: cannot write to out: awards.csv was not written by boardkit")
    assert call(*arguments, "--force")[0] == 0


def test_run_over_its_own_input(call: Call, tmp_path: Path) -> None:
    (tmp_path / "board.xlsx").write_bytes(b"a workbook")
    code, _, error = call("run", tmp_path / "board.xlsx", *PACK, "--out", tmp_path, "--force")
    assert code == 2
    assert "board.xlsx in it is the input, and would be written over. Choose another folder." in error
    assert everything(tmp_path) == {str(tmp_path / "board.xlsx"): b"a workbook"}


# ---- check, explain, demo, regulations ---------------------------------------------------------------


def test_check(call: Call, boards: Path) -> None:
    code, printed, error = call("check", boards / "psychology.xlsx")
    assert (code, error) == (0, "")
    assert "\nProblems  none\n" in printed
    code, printed, error = call("check", boards / "faulty.xlsx")
    assert (code, error) == (1, "")
    assert re.search(r'^  error   Marks!E\d+ +PS\d+ .*: "6O" is not a mark', printed, re.MULTILINE) is None
    assert re.search(r'^  error    Marks!E\d+ +PS\d+ .*: "6O" is not a mark', printed, re.MULTILINE)


def test_check_with_regulations_finds_more(call: Call, boards: Path) -> None:
    plain = call("check", boards / "faulty.xlsx")[1]
    code, printed, _ = call("check", boards / "faulty.xlsx", *PACK)
    assert code == 1
    few, more = ({" ".join(line.split()) for line in text.splitlines()[2:]} for text in (plain, printed))
    hint = "What regulations find wrong was not looked for; --regulations ID does."
    assert few - {hint} < more
    assert hint in few - more
    assert "no mark and no reason" in printed
    assert printed.count("\n") - 2 == sum(
        map(int, re.findall(r"(\d+) (?:error|warning|note)s?", printed.splitlines()[1]))
    )


def test_explain(call: Call, boards: Path) -> None:
    student = demo(24)["students"]["student_id"][0]
    code, printed, error = call("explain", boards / "psychology.xlsx", student, *PACK)
    assert (code, error) == (0, "")
    assert printed.startswith(f"{student}   BSc")
    code, printed, _ = call("explain", boards / "faulty.xlsx", demo(30)["students"]["student_id"][0], *PACK)
    assert code == 1
    assert "How open points are read" in printed


@pytest.mark.parametrize("study", ["undergraduate", "postgraduate"])
def test_demo(call: Call, tmp_path: Path, study: str) -> None:
    out = tmp_path / "board"
    code, printed, error = call("demo", 5, "--out", out, "--seed", 7, "--study", study, "--faults")
    assert (code, printed, error) == (0, f"Wrote     5 invented students to {out}\n", "")
    assert pl.read_csv(out / "students.csv", infer_schema=False).height == 5
    assert call("demo", 1, "--out", tmp_path / "one.xlsx")[1].endswith(
        f"1 invented student to {tmp_path}/one.xlsx\n"
    )
    assert call("demo", 2, "--out", tmp_path / "parquet", "--parquet")[0] == 0
    assert (tmp_path / "parquet" / "marks.parquet").is_file()


def test_regulations(call: Call) -> None:
    code, printed, error = call("regulations", "list")
    assert (code, error) == (0, "")
    assert [line.split()[0] for line in printed.splitlines()] == list(shipped())
    code, printed, _ = call("regulations", "show", "qmu-2022")
    assert code == 0
    assert "Queen Margaret University" in printed
    assert "16.1, 18.8" in printed
    code, printed, _ = call("regulations", "check", PACK_FILE)
    assert (code, printed) == (
        0,
        "Sound     qmu-2022: Queen Margaret University, Edinburgh, General Assessment Regulations and Policy 2022/23\n",
    )


# ---- refusals ----------------------------------------------------------------------------------------

REFUSED = {
    "no-such-command": (["bogus"], r"No such command 'bogus'\. See boardkit --help\."),
    "no-such-option": (
        ["check", "{b}/psychology", "--bogus"],
        r"No such option.*See boardkit check --help\.",
    ),
    "input-not-given": (
        ["run", *PACK, "--out", "{o}"],
        r"Missing argument 'INPUT'\. See boardkit run --help\.",
    ),
    "regulations-not-given": (["run", "{b}/psychology", "--out", "{o}"], r"Missing option '--regulations'"),
    "out-not-given": (["run", "{b}/psychology", *PACK], r"Missing option '--out'"),
    "input-not-there": (
        ["run", "{b}/nowhere", *PACK, "--out", "{o}"],
        r"cannot find nowhere\. Check the path\.",
    ),
    "input-encrypted": (
        ["run", "{b}/encrypted.xlsx", *PACK, "--out", "{o}"],
        r"cannot use encrypted\.xlsx: it is an encrypted workbook",
    ),
    "input-garbage": (["run", "{b}/garbage.xlsx", *PACK, "--out", "{o}"], r"cannot use garbage\.xlsx: "),
    "input-garbage-xls": (["check", "{b}/garbage.xls"], r"cannot use garbage\.xls: "),
    "input-of-another-kind": (["check", "{b}/text.docx"], r"cannot use text\.docx: "),
    "input-empty": (["check", "{b}/empty"], r"cannot use empty: no file in it is named after a table"),
    "pack-unknown": (
        ["run", "{b}/psychology", "--regulations", "qmu-1999", "--out", "{o}"],
        r'no regulations are called "qmu-1999"\. Shipped: imperial-2024, imperial-misconduct, qmu-2022',
    ),
    "pack-not-there": (
        ["check", "{b}/psychology", "--regulations", "{b}/no.toml"],
        r"cannot read no\.toml: ",
    ),
    "pack-faulty": (
        ["run", "{b}/psychology", "--regulations", "{b}/faulty.toml", "--out", "{o}"],
        r"faulty\.toml, ",
    ),
    "kind-unknown": (
        ["check", "{b}/psychology", "--kind", "abacus"],
        r'there is no kind "abacus"\. Kinds: oulad',
    ),
    "module-without-kind": (["check", "{b}/psychology", "--module", "AAA"], r"with the kind oulad alone"),
    "study-unknown": (
        ["check", "{b}/sheet", "--study", "evening"],
        r'study "evening" is not known\. Give undergraduate or postgraduate\.',
    ),
    "set-without-value": (
        ["run", "{b}/psychology", *PACK, "--out", "{o}", "--set", "x"],
        r'--set takes NAME=VALUE, and "x" is not of that form\.',
    ),
    "set-unknown": (
        ["explain", "{b}/psychology", "1", *PACK, "--set", "x=1"],
        r'qmu-2022 asks for no parameter "x"',
    ),
    "out-is-input": (
        ["run", "{b}/psychology", *PACK, "--out", "{b}/psychology"],
        r"cannot write to psychology: it is the input, or inside it",
    ),
    "out-is-input-otherwise": (
        ["run", "{b}/psychology", *PACK, "--out", "{b}/../{n}/psychology"],
        r"it is the input, or inside it",
    ),
    "out-in-input": (
        ["run", "{b}/psychology", *PACK, "--out", "{b}/psychology/reports/new"],
        r"cannot write to new: it is the input, or inside it",
    ),
    "out-is-the-workbook": (
        ["run", "{b}/psychology.xlsx", *PACK, "--out", "{b}/psychology.xlsx"],
        r"it is the input, or inside it",
    ),
    "out-is-a-file": (
        ["run", "{b}/psychology", *PACK, "--out", "{b}/file"],
        r"cannot write to file: it is a file\. Name a folder\.",
    ),
    "out-holds-strangers": (
        ["run", "{b}/psychology", *PACK, "--out", "{b}/strangers"],
        r"awards\.csv was not written by boardkit",
    ),
    "student-unknown": (
        ["explain", "{b}/psychology", "1", *PACK],
        r'there is no student "1" on this board\.',
    ),
    "student-not-given": (["explain", "{b}/psychology", *PACK], r"Missing argument 'STUDENT'"),
    "demo-of-nobody": (["demo", "0", "--out", "{o}"], r"a demo cannot have 0 students\."),
    "demo-of-a-word": (
        ["demo", "many", "--out", "{o}"],
        r"""Invalid value for 'N': "many" is not a whole number\. See boardkit demo --help\.""",
    ),
    "demo-seed": (["demo", "5", "--out", "{o}", "--seed", "x"], r'"x" is not a whole number\.'),
    "demo-study": (["demo", "5", "--out", "{o}", "--study", "evening"], r'study "evening" is not known'),
    "demo-there-already": (
        ["demo", "5", "--out", "{b}/psychology"],
        r"cannot write to psychology: it is already there",
    ),
    "regulations-bogus": (
        ["regulations", "bogus"],
        r"No such command 'bogus'\. See boardkit regulations --help\.",
    ),
    "regulations-show": (["regulations", "show", "qmu-1999"], r'no regulations are called "qmu-1999"'),
    "regulations-check": (["regulations", "check", "{b}/faulty.toml"], r"faulty\.toml, "),
    "regulations-check-none": (["regulations", "check", "{b}/no.toml"], r"cannot read no\.toml"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusal(call: Call, boards: Path, tmp_path: Path, name: str) -> None:
    """One line on stderr (a faulty pack: one a fault), exit code 2, nothing on stdout, nothing written."""
    arguments, why = REFUSED[name]
    before = everything(boards)
    filled = [text.format(b=boards, n=boards.name, o=tmp_path / "out") for text in arguments]
    code, printed, error = call(*filled)
    assert (code, printed) == (2, "")
    assert re.search(why, error), error
    lines = error.splitlines()
    assert all(line.startswith("boardkit: ") for line in lines)
    assert len(lines) == 1 or "faulty.toml" in filled[-1] or "faulty.toml" in str(filled)
    assert all(line.endswith((".", "?")) for line in lines)
    assert "Traceback" not in error
    assert str(boards) not in error
    assert everything(boards) == before
    assert list(tmp_path.iterdir()) == []


def test_refused_before_anything_is_read(call: Call, boards: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it cannot be written, nobody waits for the reading."""
    monkeypatch.setattr("boardkit.cli.assess_board", lambda *_: pytest.fail("it was read"))
    assert call("run", boards / "psychology", *PACK, "--out", boards / "strangers")[0] == 2


# ---- what goes wrong elsewhere -----------------------------------------------------------------------


def raising(error: BaseException) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


class PanicException(BaseException):
    """What polars raises on a panic: no Exception."""


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (
            KeyboardInterrupt(),
            130,
            "boardkit: stopped; what was to be written is there whole, or not at all.\n",
        ),
        (CallError("one thing.\nanother thing."), 2, "boardkit: one thing.\nboardkit: another thing.\n"),
        (
            PermissionError(13, "Permission denied", "/a/b/marks.csv"),
            2,
            "boardkit: cannot use marks.csv: Permission denied.\n",
        ),
        (OSError("no more"), 2, "boardkit: cannot use a file: no more.\n"),
        (
            KeyError("x\ny"),
            2,
            "boardkit: stopped by a fault of its own (cli.py, line N): KeyError: 'x\\ny'. Please pass this line on to its makers.\n",
        ),
        (
            PanicException("index out of\nbounds"),
            2,
            "boardkit: stopped by a fault of its own (cli.py, line N): PanicException: index out of bounds. Please pass this line on to its makers.\n",
        ),
    ],
    ids=["stopped", "refused", "permission", "system", "fault", "panic"],
)
def test_one_line_whatever_happens(  # noqa: PLR0913, PLR0917 - what is needed
    call: Call, boards: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, line: str
) -> None:
    monkeypatch.setattr("boardkit.cli.read_board", raising(error))
    got, printed, said = call("check", boards / "psychology")
    assert (got, printed) == (code, "")
    assert re.sub(r"line \d+", "line N", said) == line


def test_control_characters_do_not_reach_the_terminal(call: Call, boards: Path, tmp_path: Path) -> None:
    shutil.copytree(boards / "sheet", tmp_path / "board")
    with (tmp_path / "board" / "marks.csv").open("a") as file:
        file.write("\x1b[2J99,PS4021,Exam,1,six\x07ty,,,,,,,,,\n")
    code, printed, _ = call("check", tmp_path / "board", "--study", "undergraduate")
    assert code == 1
    assert "ty" in printed
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", printed)


def test_what_turns_the_writing_round_is_written_out(call: Call, boards: Path, tmp_path: Path) -> None:
    name = "board\u202efdp"
    shutil.copytree(boards / "sheet", tmp_path / name)
    with (tmp_path / name / "marks.csv").open("a", encoding="utf-8") as file:
        file.write("99,PS4021,Exam\u2066x,1,six\u202ety,,,,,,,,,\n")
    code, printed, _ = call("check", tmp_path / name, "--study", "undergraduate")
    assert code == 1
    assert r"board\u202efdp" in printed
    _, _, error = call("check", tmp_path / "no\u202ething")
    assert error == "boardkit: cannot find no\\u202ething. Check the path.\n"
    assert not re.search("[\u200b-\u200f\u202a-\u202e\u2066-\u2069]", printed + error)


def test_a_link_that_leads_back_to_itself(call: Call, boards: Path, tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for source, out in ((loop, tmp_path / "out"), (boards / "psychology", loop)):
        code, _, error = call("run", source, *PACK, "--out", out)
        assert (code, error.count("\n")) == (2, 1)
        assert re.match("boardkit: cannot (use|find|write to) loop", error)
        assert "fault of its own" not in error
    assert [path.name for path in tmp_path.iterdir()] == ["loop"]


def test_version(call: Call) -> None:
    assert call("--version") == (0, f"boardkit {bk.__version__}\n", "")


def test_layout_says_that_it_prints(call: Call) -> None:
    _, printed, _ = call("layout", "--help")
    assert "print a proposal for their board.toml; nothing is written" in " ".join(printed.split())


@pytest.mark.parametrize("command", ["run", "demo", "tariff", "regulations new"])
def test_no_folder_is_no_folder(
    call: Call, boards: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    given = {"demo": (3,), "regulations new": ("kings-2025",)}
    code, _, error = call(*command.split(), *given.get(command, (boards / "psychology", *PACK)), "--out", "")
    assert code == 2
    assert re.fullmatch(r"boardkit: .*empty\. Name a folder\..*\n", error)
    with pytest.raises(CallError, match="no name"):
        bk.assess(bk.read(boards / "psychology"), "qmu-2022").write("")
    assert not list(tmp_path.iterdir())


def test_a_new_pack_is_written_where_one_stands(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, printed, error = call("regulations", "new", "kings-2025")
    assert (code, error) == (0, "")
    assert "Wrote     kings-2025.toml and boardkit-pack.schema.json" in printed
    assert (tmp_path / "kings-2025.toml").is_file()


@pytest.mark.parametrize("limit", ["cells=" + "9" * 5000, "cells=" + "\u0663" * 3, "cells=" + "9" * 19])
def test_a_limit_of_thousands_of_digits(call: Call, boards: Path, limit: str) -> None:
    code, _, error = call("check", boards / "psychology.xlsx", "--limit", limit)
    assert code == 2
    assert "fault of its own" not in error
    assert len(error) < 200


def test_one_table_is_no_board(call: Call, boards: Path) -> None:
    code, _, error = call("check", boards / "psychology" / "marks.csv")
    assert code == 2
    assert error.startswith("boardkit: cannot use marks.csv: it is the marks table alone. Give the folder")


@pytest.mark.parametrize("command", ["check", "layout"])
def test_a_csv_that_is_no_table_is_not_told_to_become_a_csv(call: Call, tmp_path: Path, command: str) -> None:
    (tmp_path / "PS4.csv").write_text("ID,Essay\n1,50\n", "utf-8")
    code, _, error = call(command, tmp_path / "PS4.csv")
    assert code == 2
    assert "rename" not in error
    assert "open it in Excel and save it as .xlsx" in error
    assert "name it after the table (marks.csv, students.csv) and give its folder." in error


def test_every_line_about_board_toml_names_it(call: Call, tmp_path: Path) -> None:
    folder = marksheets.board(tmp_path / "board", 'colour = "blue"\n[board]\ndiet = 3\n', {"A": [["ID"]]})
    code, _, error = call("check", folder)
    assert code == 2
    lines = error.splitlines()
    assert len(lines) > 1
    assert all(line.startswith("boardkit: cannot use board.toml: ") for line in lines)


def test_students_and_modules_are_told_apart(call: Call, boards: Path, tmp_path: Path) -> None:
    _, printed, _ = call("run", boards / "faulty.xlsx", *PACK, "--out", tmp_path / "out")
    assert re.search(r"waiting \d+ students?\b", printed)
    assert re.search(r"To settle: \d+ module results? incomplete", printed)


# ---- as a program ------------------------------------------------------------------------------------


def program(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).parent / "boardkit", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, **options)


def test_program(boards: Path, tmp_path: Path) -> None:
    ended = program("run", boards / "psychology.xlsx", *PACK, "--out", "out", cwd=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.endswith("tables, dates.ics and manifest.json to out\n")
    ended = program("check", boards / "faulty.xlsx")
    assert (ended.returncode, ended.stderr) == (1, "")
    ended = program("run", boards / "garbage.xls", *PACK, "--out", "new", cwd=tmp_path)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert not (tmp_path / "new").exists()


def test_program_in_a_pipe_that_is_closed(boards: Path) -> None:
    """Output that nobody reads ends the program without a traceback."""
    reader, writer = os.pipe()
    os.close(reader)
    command = [Path(sys.executable).parent / "boardkit", "check", boards / "faulty.xlsx"]
    ended = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, timeout=120, check=False)
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (141, b"")


HELP = """
import sys
from boardkit.cli import main
sys.argv = ["boardkit", *sys.argv[1:]]
try:
    main()
finally:
    heavy = {"polars", "pandas", "numpy", "pyarrow", "openpyxl", "rich"} & sys.modules.keys()
    print("loaded:", *sorted(heavy))
"""


@pytest.mark.parametrize(
    "arguments", [["--help"], [], ["run", "--help"], ["regulations"], ["bogus"]], ids=str
)
def test_help_starts_at_once(arguments: list[str]) -> None:
    """Nobody waits for the engine to read what a command does."""
    ended = subprocess.run(
        [sys.executable, "-c", HELP, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.stdout.endswith("loaded:\n"), ended.stdout
    assert ended.returncode == (2 if "bogus" in arguments else 0)


def test_help_names_every_command_and_option(call: Call) -> None:
    printed = call()[1]
    assert printed == call("--help")[1]
    for command in ("run", "check", "explain", "layout", "demo", "regulations"):
        assert re.search(rf"^  {command} ", printed, re.MULTILINE)
    options = {
        "run": "--regulations --out --kind --module --presentation --parquet --study --limit --set --anonymous --no-papers --force",
        "check": "--regulations --mark-up --kind --module --presentation --study --limit --set --force",
        "explain": "--regulations --kind --module --presentation --study --limit --set",
        "layout": "--limit",
        "demo": "--out --seed --study --faults --parquet",
    }
    for command, names in options.items():
        shown = re.findall(r"^ +(--\S+)", call(command, "--help")[1], re.MULTILINE)
        assert shown == [*names.split(), "--help"]
    assert re.findall(r"^  (list|show|check) ", call("regulations")[1], re.MULTILINE) == [
        "list",
        "show",
        "check",
    ]
