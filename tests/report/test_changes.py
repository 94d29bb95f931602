"""What differs from the run before: inputs, marks, outcomes, before and after, and nobody named where logs go."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
import pytest

import boardkit as bk
from boardkit import cli
from boardkit.demo import demo, write_folder
from boardkit.report.changes import CHANGES, changes_since
from tests.report.sheets import lines, listed, opened

if TYPE_CHECKING:
    from pathlib import Path

TABLES = {
    "students": pl.DataFrame({"student_id": ["=1", "2"], "award": ["pgcert", "pgcert"]}),
    "modules": pl.DataFrame({"module": ["A", "B"], "scqf_level": [11, 11], "credits": [30, 30]}),
    "components": pl.DataFrame({"module": ["A", "B"], "component": ["Exam", "Exam"], "weight": [1, 1]}),
}
MARKS = {"student_id": ["=1", "=1", "2", "2"], "module": ["A", "B"] * 2, "component": ["Exam"] * 4}


def board(marks: list[str], *more: tuple[str, str, str, int]) -> bk.BoardResult:
    rows = pl.DataFrame({**MARKS, "mark": marks}).with_columns(attempt=pl.lit(1))
    later = [
        {"student_id": student, "module": module, "component": "Exam", "mark": mark, "attempt": attempt}
        for student, module, mark, attempt in more
    ]
    added = pl.DataFrame(later, schema=rows.schema) if later else rows.clear()
    return bk.assess(bk.read({**TABLES, "marks": pl.concat([rows, added])}), "qmu-2022")


def test_a_first_run_has_nothing_to_compare(tmp_path: Path) -> None:
    assert changes_since(board(["60"] * 4), tmp_path) is None
    out = board(["60"] * 4).write(tmp_path / "out")
    assert not (out / CHANGES).exists()


def test_the_same_again_is_no_change(tmp_path: Path) -> None:
    out = board(["60"] * 4).write(tmp_path / "out")
    found = changes_since(board(["60"] * 4), out)
    assert found is not None
    assert (found.told(), found.rows.height) == ("nothing", 0)
    assert "Changes" not in opened(board(["60"] * 4), tmp_path, found).sheetnames


def test_a_mark_that_changed_changes_what_rests_on_it(tmp_path: Path) -> None:
    """The identifier that looks like a formula is the same one on both sides."""
    out = board(["60", "60", "45", "60"]).write(tmp_path / "out")
    later = board(["60", "60", "55.25", "60"])
    found = changes_since(later, out)
    rows = found.rows.select("change", "student_id", "module", "attempt", "what", "before", "after").rows()
    assert rows == [
        ("component", "2", "A", 1, "mark before the rules", "45.00", "55.25"),
        ("component", "2", "A", 1, "mark", "45.00", "55.25"),
        ("module", "2", "A", None, "module mark", "45.0", "55.3"),
        ("module", "2", "A", None, "grade", "D", "C"),
        ("module", "2", "A", None, "outcome", "fail", "pass"),
        ("award", "2", None, None, "average", "52.5", "57.7"),
        ("award", "2", None, None, "credit for the award", "N", "Y"),
        ("progression", "2", None, None, "decision", "reassess", "award"),
    ]
    assert found.told() == "1 component mark, 1 module result, 1 student's award, 1 student's progression"


def test_a_reassessment_keeps_what_was_before(tmp_path: Path) -> None:
    out = board(["60", "60", "45", "60"]).write(tmp_path / "out")
    later = board(["60", "60", "45", "60"], ("2", "A", "70", 2))
    later.write(out)
    rows = pl.read_csv(out / CHANGES, infer_schema=False)
    new = rows.filter(change="component", attempt="2")
    assert new.select("what", "before", "after").rows() == [
        ("mark before the rules", None, "70.00"),
        ("mark", None, "70.00"),
    ]
    assert rows.filter(change="component", attempt="1").is_empty()
    module = rows.filter(change="module", what="module mark")
    assert module.select("before", "after").rows() == [("45.0", "50.0")]


def test_a_student_who_is_gone_and_one_who_is_new(tmp_path: Path) -> None:
    tables = demo(12)
    out = bk.assess(bk.read(tables), "qmu-2022").write(tmp_path / "out")
    gone = tables["students"]["student_id"][0]
    left = {
        name: table.filter(pl.col("student_id") != gone) if "student_id" in table.columns else table
        for name, table in tables.items()
    }
    without = bk.assess(bk.read(left), "qmu-2022")
    found = changes_since(without, out).rows.filter(change="award")
    assert set(found["student_id"]) == {gone}
    assert found["after"].null_count() == found.height
    without.write(out)
    back = changes_since(bk.assess(bk.read(tables), "qmu-2022"), out).rows.filter(change="award")
    assert back["before"].null_count() == back.height == found.height


def test_inputs_regulations_and_facts(tmp_path: Path) -> None:
    write_folder(demo(5), tmp_path / "in")
    out = bk.assess(bk.read(tmp_path / "in"), "qmu-2022").write(tmp_path / "out")
    facts = tmp_path / "in" / "board.csv"
    before = bk.read(tmp_path / "in").facts.status
    facts.write_text(
        facts.read_text().replace(f"status,{before}", "status,confirmed") + "published_on,2023-07-01\n"
    )
    found = changes_since(bk.assess(bk.read(tmp_path / "in"), "qmu-2022"), out).rows
    assert found.filter(change="input")["what"].to_list() == ["board.csv"]
    assert ("published_on", None, "2023-07-01") in found.filter(change="board").select(
        "what", "before", "after"
    ).rows()
    manifest = json.loads((out / "manifest.json").read_text())
    manifest["regulations"]["sha256"] = "0" * 64
    (out / "manifest.json").write_text(json.dumps(manifest))
    found = changes_since(bk.assess(bk.read(tmp_path / "in"), "qmu-2022"), out).rows
    assert found.filter(change="regulations")["what"].to_list() == ["qmu-2022"]


def test_a_table_changed_by_hand_is_not_compared(tmp_path: Path) -> None:
    out = board(["60"] * 4).write(tmp_path / "out")
    with (out / "modules.csv").open("a") as file:
        file.write("a note\n")
    found = changes_since(board(["45"] * 4), out)
    assert set(found.rows["change"]) == {"component", "award", "progression"}


def test_the_papers_show_them(tmp_path: Path) -> None:
    out = board(["60", "60", "45", "60"]).write(tmp_path / "out")
    later = board(["60", "60", "55.25", "60"])
    found = changes_since(later, out)
    book = opened(later, tmp_path, found)
    rows = listed(book["Changes"], "Of")
    assert [row["What"] for row in rows] == found.rows["what"].to_list()
    assert [row["After"] for row in rows][:3] == [55.25, 55.25, 55.3]
    assert lines(book["Board"])["module result"][0] == 1


def test_the_command_tells_how_much_and_names_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tables, source, out = demo(8), tmp_path / "in", tmp_path / "out"
    write_folder(tables, source)

    def run() -> str:
        call = ["boardkit", "run", str(source), "--regulations", "qmu-2022", "--out", str(out)]
        monkeypatch.setattr("sys.argv", call)
        with pytest.raises(SystemExit):
            cli.main()
        return capsys.readouterr().out

    assert "Changed" not in run()
    assert "Changed   nothing since the run before\n" in run()
    lowered = tables["marks"].with_columns(
        mark=pl.when(pl.col("mark") > 1).then(pl.col("mark") - 1).otherwise("mark")
    )
    (source / "marks.csv").unlink()
    lowered.write_csv(source / "marks.csv")
    printed = run()
    told = next(line for line in printed.splitlines() if line.startswith("Changed"))
    assert "1 input, " in told
    assert told.endswith(f"since the run before   {out / CHANGES}")
    for student in tables["students"]["student_id"]:
        assert student not in told
    assert (out / CHANGES).stat().st_mode & 0o777 == 0o600
