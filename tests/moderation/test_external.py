"""The external's pack: what is in it, and that nothing in it says who a student is, wherever one looks."""

from __future__ import annotations

import hashlib
import io
import json
import stat
import sys
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import polars as pl
import pytest

import boardkit as bk
from boardkit import cli, tables
from boardkit.errors import CallError
from boardkit.moderation.anonymous import read_key
from boardkit.moderation.certificate import as_json
from boardkit.moderation.external import external_files, write_external
from boardkit.moderation.verify import verify
from boardkit.regulations import load
from tests.moderation.cohorts import moderate

if TYPE_CHECKING:
    from pathlib import Path

    from boardkit.cohort import Cohort

SAMPLE = "data/samples/psychology-2022"
KEY = b"k" * 32


def given() -> dict[str, pl.DataFrame]:
    """The sample board, with students named wherever people write: in bases, answers, titles and as markers."""
    board = bk.read(SAMPLE)
    read = {name: board.polars[name] for name in board.polars if name != "problems"}
    first, second, third = read["students"].select("student_id", "name", "email").rows()[:3]
    read["scaling"] = pl.DataFrame(
        {
            "module": ["PS4021", "PS4022"],
            "component": ["Exam", "Test"],
            "basis": [
                f"After {first[1].upper()} ({first[0]}) asked, and {second[1].split()[-1]} too",
                f"See {third[2]}",
            ],
            "add": [3, 2],
        }
    )
    read["recommendations"] = pl.DataFrame(
        {
            "module": ["PS4021", None, "PS9999"],
            "academic_year": ["2021/22"] * 3,
            "examiner": ["Prof. X", second[1], "Prof. X"],
            "recommendation": ["Mark more of the range.", f"Look at  {third[1].lower()} again", "Not here."],
            "response": [f"Done, see {first[2]}", "Agreed.", "No."],
        }
    )
    read["modules"] = read["modules"].with_columns(
        title=pl.when(pl.col("module") == "PS4021").then(pl.lit(f"The {first[1]} case")).otherwise("title"),
        language=pl.when(pl.col("module") == "PS4022").then(pl.lit(second[1])),
        named_award=pl.when(pl.col("module") == "PS4036").then(pl.lit("N")).otherwise(pl.lit("Y")),
    )
    read["marks"] = read["marks"].with_columns(
        marker=pl.when(pl.col("module") == "PS4033").then(pl.lit(third[1])).otherwise("marker")
    )
    read["board"] = pl.concat(
        [
            read["board"].filter(pl.col("key") != "title"),
            pl.DataFrame({"key": ["title"], "value": [f"Board of {second[1]}"]}),
        ]
    )
    return read


@pytest.fixture(scope="module")
def cohort() -> Cohort:
    return bk.read(given())


@pytest.fixture(scope="module")
def files(cohort: Cohort) -> dict[str, str | bytes]:
    return external_files(moderate(cohort, seed=3, purpose="external", key=KEY))


def everything(files: dict[str, str | bytes]) -> dict[str, bytes]:
    """Every byte of the files, those of a workbook unzipped, and their names."""
    found = {}
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        found[name] = data + name.encode()
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(data)) as book:
                for inner in book.infolist():
                    found[f"{name}/{inner.filename}"] = (
                        book.read(inner) + inner.filename.encode() + inner.comment
                    )
    return found


def test_no_name_number_or_address_of_a_student_is_in_it(
    cohort: Cohort, files: dict[str, str | bytes]
) -> None:
    students = cohort.polars.students
    told = {
        text for name in ("student_id", "name", "email") for text in students[name].drop_nulls().to_list()
    }
    assert len(told) > 300
    held = everything(files)
    assert "external.xlsx/docProps/core.xml" in held
    for place, data in held.items():
        low = data.decode("utf-8", errors="replace").lower()
        wide = data.decode("utf-16-le", errors="replace").lower()
        seen = [text for text in told if text.lower() in low or text.lower() in wide]
        assert not seen, f"{place}: {len(seen)} of them"


def test_what_stood_there_is_masked_and_the_rest_is_kept(files: dict[str, str | bytes]) -> None:
    scaling = pl.read_csv(str(files["scaling.csv"]).encode())
    assert scaling["basis"].to_list() == ["After [name] ([name]) asked, and [name] too", "See [name]"]
    said = pl.read_csv(str(files["recommendations.csv"]).encode())
    assert said["recommendation"].to_list() == ["Look at  [name] again", "Mark more of the range."]
    assert said["examiner"].to_list() == ["[name]", "Prof. X"]
    assert said["response"].to_list() == ["Agreed.", "Done, see [name]"]
    sample = pl.read_csv(str(files["sample.csv"]).encode())
    assert sample.filter(module="PS4033")["marker"].unique().to_list() == ["[name]"]
    assert sample.filter(module="PS4021")["marker"].null_count() == 0
    assert "[name]" not in sample.filter(module="PS4021")["marker"].to_list()


def test_the_tables_are_the_contracts_and_the_workbook_has_each(files: dict[str, str | bytes]) -> None:
    for name in ("modules", "distributions", "scaling", "recommendations", "evidence"):
        heads = str(files[f"{name}.csv"]).splitlines()[0].split(",")
        assert tuple(heads) == tables.MODERATION[name]
    book = openpyxl.load_workbook(io.BytesIO(bytes(files["external.xlsx"])))  # type: ignore[arg-type]
    assert book.sheetnames == [
        "Contents", "Sample", "Modules", "Distributions", "Scaling", "Recommendations", "Evidence", "Not sent",
    ]  # fmt: skip
    assert book["Sample"]["D1"].value == "script_id"
    assert book["Sample"].max_row == len(str(files["sample.csv"]).splitlines())
    assert book.properties.creator in {None, ""}


def test_work_for_a_named_award_alone_and_no_reassessment(files: dict[str, str | bytes]) -> None:
    for name in ("sample", "modules", "distributions", "evidence"):
        held = pl.read_csv(str(files[f"{name}.csv"]).encode())
        assert "PS4036" not in held["module"].to_list(), name
        assert "PS4021" in held["module"].to_list(), name
    assert pl.read_csv(str(files["sample.csv"]).encode())["attempt"].unique().to_list() == [1]
    assert pl.read_csv(str(files["evidence.csv"]).encode())["attempt"].unique().to_list() == [1]
    notes = str(files["notes.csv"])
    assert "leads to no named award" in notes
    assert "a reassessment: not sent unless the board asks" in notes


def test_distributions_of_this_year_and_of_years_before(
    cohort: Cohort, files: dict[str, str | bytes]
) -> None:
    held = pl.read_csv(str(files["distributions.csv"]).encode())
    assert set(held["academic_year"]) == {"2021/22", "2022/23"}
    essay = cohort.polars.marks.filter(
        (pl.col("module") == "PS4021")
        & (pl.col("component") == "Essay")
        & pl.col("mark").is_not_null()
        & pl.col("state").is_null()
    )
    row = held.filter(module="PS4021", component="Essay").row(0, named=True)
    assert row["marked"] == essay.height
    assert row["mean"] == pytest.approx(float(essay["mark"].cast(pl.Float64).mean()), abs=0.06)  # type: ignore[arg-type]
    assert sum(int(part.split()[-1]) for part in row["bands"].split(",")) == essay.height
    assert held.filter(module="PS4090").height == 2
    before = held.filter(academic_year="2021/22")
    assert before.height
    assert before["component"].null_count() == before.height


def test_few_results_of_a_year_tell_their_number_alone() -> None:
    read = given()
    read["results"] = pl.concat(
        [read["results"], read["results"].unique("student_id").head(3).with_columns(module=pl.lit("PS2001"))]
    )
    made = moderate(bk.read(read), seed=3, purpose="external", key=KEY)
    held = (
        pl.read_csv(str(external_files(made)["distributions.csv"]).encode())
        .filter(module="PS2001")
        .row(0, named=True)
    )
    assert (held["marked"], held["small"]) == (3, "Y")
    assert (held["mean"], held["bands"], held["median"]) == (None, None, None)


def test_evidence_that_internal_moderation_took_place(files: dict[str, str | bytes]) -> None:
    held = pl.read_csv(str(files["evidence.csv"]).encode())
    found = {(row["module"], row["component"]): row for row in held.to_dicts()}
    dissertation = found["PS4090", "Dissertation"]
    assert dissertation["evidence"] == "double marked"
    assert dissertation["second_marks"] == dissertation["marked"] == 115
    assert dissertation["mean_difference"] is not None
    assert found["PS4090", "Presentation"]["evidence"] == "none recorded"
    assert found["PS4021", "Essay"]["evidence"] == "none recorded"


def test_evidence_of_a_moderated_sample() -> None:
    read = given()
    some = (
        (pl.col("module") == "PS4021") & (pl.col("component") == "Essay") & (pl.int_range(pl.len()) % 9 == 0)
    )
    read["marks"] = read["marks"].with_columns(
        second_mark=pl.when(some).then("mark").otherwise(pl.col("second_mark").cast(pl.Decimal(38, 2)))
    )
    made = moderate(bk.read(read), "PS4021", seed=3, purpose="external", key=KEY)
    held = pl.read_csv(str(external_files(made)["evidence.csv"]).encode())
    assert dict(held.select("component", "evidence").iter_rows()) == {
        "Essay": "moderated",
        "Exam": "none recorded",
    }
    assert held["module"].unique().to_list() == ["PS4021"]


def test_written_with_its_key_beside_it(tmp_path: Path, cohort: Cohort) -> None:
    made = moderate(cohort, seed=3, purpose="external", key=KEY)
    write_external(made, tmp_path / "pack")
    assert read_key(tmp_path / "pack.key") == KEY
    assert not list((tmp_path / "pack").glob("*key*"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*") if path.is_file()} == {0o600}
    with pytest.raises(CallError, match=r"external\.xlsx is there already"):
        write_external(made, tmp_path / "pack")
    with pytest.raises(CallError, match="the sample is for internal moderation"):
        write_external(moderate(cohort, seed=3), tmp_path / "other")
    assert verify(tmp_path / "pack", cohort, load("qmu-2022")).same
    said = json.loads((tmp_path / "pack" / "certificate.json").read_text("utf-8"))
    assert said["for"] == "external"


def test_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [
        "external",
        SAMPLE,
        "--regulations",
        "qmu-2022",
        "--module",
        "PS4031",
        "--seed",
        "2",
        "--out",
        str(tmp_path / "p"),
    ]
    monkeypatch.setattr(sys, "argv", ["boardkit", "moderation", *asked])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert "external.xlsx, its tables and the certificate" in said
    assert "beside it, and not for the external: p.key and p-key.csv" in said
    assert not any(student in said for student in bk.read(SAMPLE).numbers.students)
    assert verify(tmp_path / "p", bk.read(SAMPLE), load("qmu-2022")).same


def test_the_same_sample_gives_the_same_bytes(cohort: Cohort, files: dict[str, str | bytes]) -> None:
    assert external_files(moderate(cohort, seed=3, purpose="external", key=KEY)) == files


def test_digests_cannot_be_tried_without_the_key(tmp_path: Path) -> None:
    """Of one script the marks' digest was that of an identifier and a mark: 10**8 trials."""
    few = {
        "marks": pl.DataFrame({"student_id": ["40012345"], "module": "A", "component": "E", "mark": "55"}),
        "modules": pl.DataFrame({"module": ["A"], "scqf_level": ["8"], "credits": ["20"]}),
    }
    folder = tmp_path / "quill"
    folder.mkdir()
    for name, frame in few.items():
        frame.write_csv(folder / f"{name}.csv")
    board = bk.read(folder)
    made, other = (
        json.loads(
            str(external_files(moderate(board, seed=3, purpose="external", key=key))["certificate.json"])
        )
        for key in (KEY, b"j" * 32)
    )
    assert made["inputs"] == {}
    digests = [said["assessments"][0].pop("marks_sha256") for said in (made, other)]
    assert hashlib.sha256(b"40012345\x1f5500\x1f").hexdigest() not in digests
    assert digests[0] != digests[1]
    internal = json.loads(as_json(moderate(board, seed=3), ""))
    assert internal["assessments"][0]["marks_sha256"] == hashlib.sha256(b"40012345\x1f5500\x1f").hexdigest()


def test_the_order_in_which_scripts_were_added_tells_nothing(cohort: Cohort) -> None:
    ids = sorted(moderate(cohort, "PS4021", seed=3).scripts.rows["student_id"].unique())
    made = [
        external_files(moderate(cohort, "PS4021", seed=3, purpose="external", key=KEY, add=add))[
            "certificate.json"
        ]
        for add in (ids[:9], ids[:9][::-1])
    ]
    assert made[0] == made[1]


def test_years_before_are_of_the_modules_that_are_sent() -> None:
    read = given()
    results = read["results"].head(12)
    years = [results.with_columns(module=pl.lit(module)) for module in ("PS4036", "PS4021", "PS1001")]
    read["results"] = pl.concat([one.unique("student_id") for one in years])
    board = bk.read(read)
    for module, told in ((None, {"PS4021", "PS1001"}), ("PS4021", {"PS4021"})):
        made = external_files(moderate(board, module, seed=3, purpose="external", key=KEY))
        held = pl.read_csv(str(made["distributions.csv"]).encode())
        assert set(held.filter(pl.col("component").is_null())["module"]) == told


def test_evidence_of_double_marked_reassessments_where_the_board_asks_for_them() -> None:
    read = given()
    again = (
        read["marks"]
        .filter((pl.col("module") == "PS4090") & (pl.col("component") == "Dissertation"))
        .head(3)
        .with_columns(attempt=pl.lit(2, dtype=read["marks"]["attempt"].dtype))
    )
    read["marks"] = pl.concat([read["marks"], again])
    board = bk.read(read)
    for asked, attempts in ((None, [1]), (True, [1, 2])):
        made = moderate(board, seed=3, purpose="external", key=KEY, reassessments=asked)
        held = pl.read_csv(str(external_files(made)["evidence.csv"]).encode())
        assert held.filter(module="PS4090", component="Dissertation")["attempt"].to_list() == attempts
