"""The invented cohort keeps the contract on input tables, at any size, and is the same every time."""

from __future__ import annotations

import datetime as dt
import hashlib
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from openpyxl import load_workbook

from boardkit.demo import demo, write_folder, write_workbook
from boardkit.demo.people import numbers
from boardkit.demo.randomness import Draws, share
from boardkit.errors import CallError
from boardkit.tables import BOARD_FACTS, INPUT

if TYPE_CHECKING:
    from pathlib import Path

Tables = dict[str, pl.DataFrame]

STUDIES = ("undergraduate", "postgraduate")
SIZES = (1, 5, 120, 5000)


@cache
def made(size: int, study: str = "undergraduate") -> Tables:
    return demo(size, study=study)


@pytest.fixture(scope="module", params=[(study, size) for study in STUDIES for size in SIZES], ids=str)
def tables(request: pytest.FixtureRequest) -> Tables:
    study, size = request.param
    return made(size, study)


@pytest.fixture(scope="module", params=STUDIES)
def board(request: pytest.FixtureRequest) -> Tables:
    """A board of the usual size."""
    return made(120, request.param)


def held(table: pl.DataFrame, keys: tuple[str, ...], other: pl.DataFrame) -> bool:
    """Say whether every key of a table stands in another."""
    return table.join(other, on=keys, how="anti").is_empty()


def test_columns_are_those_of_the_contract(tables: Tables) -> None:
    for name, table in tables.items():
        known = {column.name: column for column in INPUT[name].columns}
        assert set(table.columns) <= set(known), name
        assert set(INPUT[name].required) <= set(table.columns), name
        for column in INPUT[name].required:
            assert table[column].null_count() == 0, (name, column)
        for column in table.columns:
            if known[column].choices:
                assert set(table[column].drop_nulls()) <= set(known[column].choices), (name, column)
            if known[column].kind == "id":
                assert table.schema[column] == pl.String, (name, column)
            if known[column].kind == "mark":
                assert table.schema[column] == pl.Decimal(5, 2), (name, column)
            if known[column].kind == "moment":
                assert table.schema[column] == pl.Datetime("us"), (name, column)


def test_keys_stand_once(tables: Tables) -> None:
    for name, table in tables.items():
        if INPUT[name].key:
            assert table.select(INPUT[name].key).is_duplicated().sum() == 0, name


def test_references_hold(tables: Tables) -> None:
    students, modules = tables["students"], tables["modules"]
    enrolments, components = tables["enrolments"], tables["components"]
    work = ("module", "component")
    for name in ("enrolments", "marks", "results", "circumstances", "decisions"):
        assert held(tables[name], ("student_id",), students), name
    for name in ("enrolments", "components", "circumstances", "scaling"):
        assert held(tables[name], ("module",), modules), name
    for name in ("marks", "circumstances"):
        assert held(tables[name], ("student_id", "module"), enrolments), name
    for name in ("marks", "deadlines", "scaling"):
        assert held(tables[name], work, components), name
    assert held(tables["circumstances"].drop_nulls("component"), work, components)
    assert held(modules, ("module",), enrolments)
    assert tables["results"].join(enrolments, on=("student_id", "module")).is_empty()
    decided = tables["decisions"].filter(pl.col("decision") == "extra-attempt")
    assert held(decided, ("student_id", "module"), enrolments)


def test_marks_and_states_agree(tables: Tables) -> None:
    marks = tables["marks"]
    assert marks.filter(pl.col("mark").is_null() != pl.col("state").is_not_null()).is_empty()
    assert marks["mark"].drop_nulls().is_between(0, 100).all()
    assert marks.filter(pl.col("state").is_not_null() & pl.col("submitted_at").is_not_null()).is_empty()
    double = tables["components"].filter(pl.col("double_marked") == "Y")
    twice = marks.join(double, on=("module", "component"), how="semi").drop_nulls("mark")
    assert twice["agreed_mark"].null_count() == twice["second_mark"].null_count() == 0
    assert (twice["marker"] != twice["second_marker"]).all()


def test_first_attempts_are_whole_and_later_ones_follow(tables: Tables) -> None:
    marks, key = tables["marks"], ("student_id", "module", "component")
    first = marks.filter(pl.col("attempt") == 1)
    pieces = tables["components"].group_by("module").len("pieces")
    counted = first.group_by("student_id", "module").len().join(pieces, on="module")
    assert (counted["len"] == counted["pieces"]).all()
    later = marks.filter(pl.col("attempt") > 1).with_columns(attempt=pl.col("attempt") - 1)
    assert held(later, (*key, "attempt"), marks)
    assert held(marks.filter(pl.col("attempt") > 1), ("module", "component", "attempt"), tables["deadlines"])


def test_nobody_sits_again_after_a_pass(tables: Tables) -> None:
    """Work that was sat again had failed, was missed or deferred, or has a first sit granted."""
    key = ("student_id", "module", "component")
    again = tables["marks"].filter(pl.col("attempt") > 1).select(*key, attempt=pl.col("attempt") - 1)
    before = tables["marks"].join(again, on=(*key, "attempt"), how="semi")
    pass_mark = 40 if tables["modules"]["scqf_level"].max() == 10 else 50
    module = before.join(
        tables["components"].select("module", "component", "weight"), on=("module", "component")
    )
    settled = module.filter(pl.col("mark").is_not_null())
    assert (settled["mark"] < pass_mark + 10).all()
    overall = module.group_by("student_id", "module", "attempt").agg(
        mean=(pl.col("mark").cast(pl.Float64).fill_null(0) * pl.col("weight")).sum() / pl.col("weight").sum()
    )
    assert (overall["mean"] < pass_mark).all()


def test_credits_add_up(tables: Tables) -> None:
    taken = (
        tables["enrolments"]
        .join(tables["modules"], on="module")
        .select("student_id", "credits")
        .vstack(tables["results"].select("student_id", "credits"))
        .group_by("student_id")
        .agg(pl.col("credits").sum())
    )
    total = (
        tables["students"]
        .join(taken, on="student_id")
        .select("award", total=pl.col("credits") + pl.col("prior_credits"))
    )
    expected = {"honours": 480, "ordinary": 360, "masters": 180, "pgdip": 120, "pgcert": 60}
    assert total.height == tables["students"].height
    assert dict(total.unique().iter_rows()).items() <= expected.items()
    assert total.unique().height == total["award"].n_unique()


def test_student_numbers(tables: Tables) -> None:
    ids = tables["students"]["student_id"]
    assert ids.str.contains(r"^\d{8}$").all()
    assert ids.n_unique() == ids.len()
    if ids.len() >= 120:
        assert ids.str.starts_with("0").any()
        assert not ids.is_sorted()


def test_the_board_states_its_facts(tables: Tables) -> None:
    facts = tables["board"]
    assert set(facts["key"]) <= set(BOARD_FACTS)
    once = dict(facts.filter(pl.col("key") != "closure_day").iter_rows())
    assert (once["diet"], once["status"], once["regulations"]) == ("main", "provisional", "qmu-2022")
    assert once["academic_year"] == "2022/23"


def test_a_board_has_something_of_everything(board: Tables) -> None:
    marks = board["marks"]
    assert 58 < marks["mark"].cast(pl.Float64).mean() < 66
    assert 7 < marks["mark"].cast(pl.Float64).std() < 11
    assert {"not-submitted", "absent", "deferred"} == set(marks["state"].drop_nulls())
    assert {1, 2, 3} <= set(marks["attempt"])
    assert set(board["circumstances"]["effect"]) == {"deferred", "first-sit", "late-accepted", "none"}
    assert set(board["scaling"]["endorsed"]) == {"Y", "N"}
    assert {"extra-attempt", "progression"} <= set(board["decisions"]["decision"])
    assert board["students"]["tuition_debt"].eq("Y").sum() == 3
    enrolments = board["enrolments"]
    assert enrolments["withdrawal_accepted"].drop_nulls().sort().to_list() == ["N", "Y"]
    assert enrolments["prior_learning"].drop_nulls().len() == 1
    work = marks.join(board["components"], on=("module", "component"), suffix="_stated")
    due = pl.coalesce("due_at", "due_at_stated")
    late = work.filter((pl.col("attempt") == 1) & (pl.col("submitted_at") > due))
    assert 0.015 < late.height / work["submitted_at"].drop_nulls().len() < 0.06
    assert (late["submitted_at"] - late.select(due).to_series()).dt.total_days().median() < 6
    assert work.filter(pl.col("words") * 10 >= pl.col("word_limit") * 11).height > 5


def test_an_undergraduate_board_has_every_band() -> None:
    tables = made(120)
    means = (
        tables["marks"]
        .filter((pl.col("attempt") == 1) & pl.col("module").str.starts_with("PS4"))
        .group_by("student_id")
        .agg(pl.col("mark").cast(pl.Float64).mean())
    )
    assert {4, 5, 6, 7} <= set((means["mark"] // 10).cast(pl.Int64))
    students = tables["students"]
    assert students["entry_stage"].value_counts().sort("entry_stage").rows() == [("1", 117), ("4", 3)]
    assert students["award"].eq("ordinary").sum() == 5
    results = tables["results"]
    assert results["exchange"].eq("Y").sum() > results["prior_learning"].eq("Y").sum() == 1


def test_order_says_nothing_about_ability() -> None:
    tables = made(5000)
    means = tables["marks"].group_by("student_id").agg(pl.col("mark").cast(pl.Float64).mean())
    ordered = tables["students"].join(means, on="student_id", maintain_order="left").with_row_index()
    by_row, by_id = (
        ordered.select(pl.corr("mark", pl.col(column).cast(pl.Int64))).item()
        for column in ("index", "student_id")
    )
    assert abs(by_row) < 0.05
    assert abs(by_id) < 0.05


@pytest.mark.parametrize("study", STUDIES)
def test_same_call_same_tables(study: str) -> None:
    first, second = made(120, study), demo(120, study=study)
    assert first.keys() == second.keys()
    for name, table in first.items():
        assert table.equals(second[name]), name


def test_another_seed_or_study_is_another_cohort() -> None:
    usual, other, masters = made(120), demo(120, seed=7), made(120, "postgraduate")
    assert not usual["marks"]["mark"].equals(other["marks"]["mark"])
    for cohort in (other, masters):
        assert set(usual["students"]["student_id"]).isdisjoint(cohort["students"]["student_id"])


@pytest.mark.parametrize(
    ("study", "digest"), [("undergraduate", "719cedebcc9327f7"), ("postgraduate", "d24335e6c4f66b55")]
)
def test_same_tables_on_every_machine(study: str, digest: str) -> None:
    """The digest changes with the demo itself, never with a machine or a library."""
    text = "\n".join("\t".join(map(str, row)) for table in made(120, study).values() for row in table.rows())
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == digest


def test_draws_are_exact() -> None:
    draws = Draws(2022, "test")
    assert draws.below("a", 5, 1000).tolist() == [705, 744, 971, 425, 740]
    assert draws.bell("b", 5, 1000).tolist() == [1337, -119, 156, 1116, 1347]
    bell = draws.bell("c", 200_000, 1000)
    assert abs(bell.mean()) < 10
    assert abs(bell.std() - 1000) < 10
    assert np.unique(draws.order("d", 500)).size == 500
    assert draws.quota("e", 120, 25).sum() == share(120, 25) == 3
    assert numbers(0, 100_000, draws).n_unique() == 100_000


@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize("size", [1, 120])
def test_faults_only_when_asked(study: str, size: int) -> None:
    clean, faulty = made(size, study), demo(size, study=study, faults=True)
    marks = faulty["marks"]
    assert marks.schema["mark"] == pl.String
    assert marks.height == clean["marks"].height + 2
    assert marks.filter(pl.col("mark") == "6O").height == 1
    assert marks.filter(pl.col("mark") == "107").height == 1
    assert marks.filter(pl.col("mark").is_null() & pl.col("state").is_null()).height == 1
    assert marks.filter(~pl.col("student_id").is_in(clean["students"]["student_id"].implode())).height == 1
    assert marks.select(INPUT["marks"].key).is_duplicated().sum() == 2
    for name in clean.keys() - {"marks"}:
        assert clean[name].equals(faulty[name]), name


@pytest.mark.parametrize("students", [0, -3, 10**8])
def test_impossible_sizes_are_refused(students: int) -> None:
    with pytest.raises(CallError, match=f"cannot have {students} students"):
        demo(students)


def test_unknown_study_is_refused() -> None:
    with pytest.raises(CallError, match=r'"research" is not known\. Give undergraduate or postgraduate'):
        demo(5, study="research")


@pytest.mark.parametrize("parquet", [False, True])
def test_folder_holds_every_table(tmp_path: Path, board: Tables, *, parquet: bool) -> None:
    out = tmp_path / "new" / "board"
    write_folder(board, out, parquet=parquet)
    ending = "parquet" if parquet else "csv"
    assert {path.name for path in out.iterdir()} == {f"{name}.{ending}" for name in board}
    for name, table in board.items():
        if parquet:
            assert pl.read_parquet(out / f"{name}.parquet").equals(table), name
        else:
            again = pl.read_csv(out / f"{name}.csv", schema=table.schema, try_parse_dates=True)
            assert again.equals(table), name


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "board").write_text("")
    with pytest.raises(CallError, match="board is a file"):
        write_folder({}, tmp_path / "board")


def test_workbook_keeps_kinds_and_bytes(tmp_path: Path, board: Tables) -> None:
    write_workbook(board, tmp_path / "one" / "board.xlsx")
    write_workbook(board, tmp_path / "two.xlsx")
    assert (tmp_path / "one" / "board.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    book = load_workbook(tmp_path / "two.xlsx", read_only=True)
    assert [name.lower() for name in book.sheetnames] == list(board)
    for name, table in board.items():
        header, *rows = book[name.capitalize()].iter_rows(values_only=True)
        assert list(header) == table.columns
        for written, row in zip(rows, table.iter_rows(), strict=True):
            for cell, value in zip(written, row, strict=True):
                if isinstance(value, Decimal):
                    assert isinstance(cell, int | float)
                    assert Decimal(str(cell)) == value
                elif isinstance(value, dt.date) and not isinstance(value, dt.datetime):
                    assert cell == dt.datetime.combine(value, dt.time())
                else:
                    assert cell == value
                    assert type(cell) is type(value)
    book.close()


def test_workbook_of_faults_has_one_mark_as_text(tmp_path: Path) -> None:
    write_workbook(demo(3, faults=True), tmp_path / "board.xlsx")
    cells = [row[4].value for row in load_workbook(tmp_path / "board.xlsx")["Marks"].iter_rows(min_row=2)]
    assert [cell for cell in cells if isinstance(cell, str)] == ["6O"]
    assert max(cell for cell in cells if isinstance(cell, int | float)) == 107


def test_a_table_too_long_for_a_sheet_is_refused(tmp_path: Path) -> None:
    long = pl.DataFrame({"key": pl.repeat("title", 1_048_576, eager=True)})
    with pytest.raises(CallError, match=r"1,048,576 rows and a sheet holds 1,048,575\. Write"):
        write_workbook({"board": long}, tmp_path / "board.xlsx")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("parquet", [False, True])
def test_files_are_for_their_owner_alone(tmp_path: Path, *, parquet: bool) -> None:
    write_folder(demo(3), tmp_path / "folder", parquet=parquet)
    write_workbook(demo(3), tmp_path / "board.xlsx")
    written = [*(tmp_path / "folder").iterdir(), tmp_path / "board.xlsx"]
    assert len(written) > 5
    assert {path.stat().st_mode & 0o777 for path in written} == {0o600}
