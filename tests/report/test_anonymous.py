"""Anonymous papers: no name and no e-mail of a student in any file that is written."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
import pytest

import boardkit as bk
from boardkit import cli
from boardkit.demo import demo
from boardkit.report.anonymous import without_names

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def board() -> bk.BoardResult:
    """A board whose students' names stand in reasons, in cells with unseen characters and in wrong places too."""
    tables = demo(60)
    students = tables["students"]
    first, name, mail = students.select("student_id", "name", "email").row(0)
    second = students.row(1, named=True)
    tables["students"] = students.with_columns(
        name=pl.when(pl.col("student_id") == second["student_id"])
        .then(pl.lit("Zelwynn\u00a0"))
        .otherwise("name")
    )
    module = tables["enrolments"].filter(pl.col("student_id") == first)["module"][0]
    tables["decisions"] = pl.DataFrame(
        {
            "student_id": [first],
            "module": [module],
            "decision": ["condone"],
            "reason": [f"The board heard {name} ({mail})"],
        }
    )
    tables["scaling"] = tables["scaling"].with_columns(
        basis=pl.lit(f"As {name} pointed out, item 3 was wrong")
    )
    wrong = tables["marks"].with_columns(pl.col("mark").cast(pl.String))
    tables["marks"] = wrong.with_columns(
        mark=pl.when(pl.int_range(pl.len()) == 0).then(pl.lit(name)).otherwise("mark")
    )
    return bk.assess(bk.read(tables), "qmu-2022")


def names(board: bk.BoardResult) -> list[str]:
    students = board.cohort.polars.students
    return [*students["name"].drop_nulls(), *students["email"].drop_nulls()]


def everything(folder: Path) -> str:
    """All text of all files, and of the parts of workbooks."""
    parts = []
    for path in sorted(folder.rglob("*")):
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as package:
                parts += [package.read(part).decode("utf-8", "replace") for part in package.namelist()]
        elif path.suffix == ".parquet":
            parts.append(pl.read_parquet(path).write_csv())
        else:
            parts.append(path.read_text("utf-8"))
    return "\n".join(parts).replace("&amp;", "&").replace("&apos;", "'")


def found(board: bk.BoardResult, text: str) -> list[str]:
    return [name for name in names(board) if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)]


def test_no_name_and_no_mail_in_any_output(board: bk.BoardResult, tmp_path: Path) -> None:
    named = everything(board.report(tmp_path / "named", parquet=True))
    assert len(found(board, named)) > 10
    text = everything(board.report(tmp_path / "out", anonymous=True, parquet=True))
    assert found(board, text) == []
    assert "@" not in re.sub(r'UID:[^\n]*|numFmt [^>]*>|formatCode="[^"]*"|<c:[^>]*>[^<]*', "", text).replace(
        "@page", ""
    )
    assert all(student in text for student in board.cohort.polars.students["student_id"])
    for table in ("components", "modules", "awards"):
        wrote = [(tmp_path / folder / f"{table}.csv").read_bytes() for folder in ("named", "out")]
        assert wrote[0] == wrote[1]


@pytest.mark.parametrize(
    "written",
    [
        "SEEN: ZOË ANN O'HARA AND HER TUTOR",
        "seen: zoë ann o'hara and her tutor",
        "Seen: Zoë  Ann\u00a0O'Hara and her tutor",
        "Seen: Zoë\nAnn O'Hara, ZOE@EXAMPLE.ORG",
        "ZELWYNN",
        "Seen: Zoe Ann O'Hara and her tutor",
        "SEEN: ZOE\u0308 ANN O'HARA AND HER TUTOR",
        "Seen: o\u2019hara, zoë and her tutor",
        "Seen: Zo\u200bë Ann O'Hara and her tutor",
    ],
)
def test_a_name_in_another_case_or_spacing(written: str) -> None:
    tables = {
        "students": {
            "student_id": ["S1", "S2"],
            "name": ["Zoë Ann O'Hara", "Zelwynn"],
            "email": ["zoe@example.org", ""],
            "award": ["honours"] * 2,
        },
        "modules": {"module": ["A"], "scqf_level": ["10"], "credits": ["20"]},
        "marks": {"student_id": ["S1"], "module": ["A"], "component": ["Exam"], "mark": ["38"]},
        "decisions": {"student_id": ["S1"], "module": ["A"], "decision": ["condone"], "reason": [written]},
    }
    board = bk.assess(bk.read({name: pl.DataFrame(rows) for name, rows in tables.items()}), "qmu-2022")
    reason = without_names(board).decisions["reason"].item()
    assert not re.search(r"(?i)zo[ëe]|hara|zelwynn", reason), reason
    assert "[name]" in reason
    kept = without_names(replace(board, _made={})).cohort.typed["decisions"]["reason"].item()
    assert ("and her tutor" in kept.lower()) == ("tutor" in written.lower())


def test_a_text_that_names_no_student_stays_as_it_was() -> None:
    tables = {
        "students": {"student_id": ["S1"], "name": ["Zoë Ann O'Hara"], "award": ["honours"]},
        "modules": {"module": ["A"], "scqf_level": ["10"], "credits": ["20"]},
        "marks": {"student_id": ["S1"], "module": ["A"], "component": ["Exam"], "mark": ["38"]},
        "decisions": {
            "student_id": ["S1"],
            "module": ["A"],
            "decision": ["condone"],
            "reason": ["Two  SPACES, and Dr O'Hara"],
        },
    }
    board = bk.assess(bk.read({name: pl.DataFrame(rows) for name, rows in tables.items()}), "qmu-2022")
    assert without_names(board).decisions["reason"].item() == "Two  SPACES, and Dr O'Hara"


def test_the_board_itself_keeps_its_names(board: bk.BoardResult, tmp_path: Path) -> None:
    board.report(tmp_path / "out", anonymous=True)
    assert board.cohort.polars.students["name"].is_not_null().all()


@pytest.mark.parametrize("before", [True, False])
def test_tables_alone(board: bk.BoardResult, tmp_path: Path, before: bool) -> None:  # noqa: FBT001 - a case
    if before:
        board.report(tmp_path / "out")
    board.report(tmp_path / "out", papers=False)
    here = {path.name for path in (tmp_path / "out").iterdir()}
    assert "board.xlsx" not in here
    assert {"awards.csv", "manifest.json"} <= here
    assert "board.xlsx" not in (tmp_path / "out" / "manifest.json").read_text("utf-8")


def test_by_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    source, out = "data/samples/marksheets-2022", tmp_path / "out"
    arguments = ["run", source, "--regulations", "qmu-2022", "--out", str(out), "--anonymous", "--no-papers"]
    monkeypatch.setattr("sys.argv", ["boardkit", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 0
    assert "Wrote     13 tables, dates.ics and manifest.json" in capsys.readouterr().out
    assert found(bk.assess(bk.read(source), "qmu-2022"), everything(out)) == []
