"""From Python: frames of the kind that went in, inputs untouched, results that are the user's own, plain words."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd
import polars as pl
import pytest
from pandas.testing import assert_frame_equal
from polars.testing import assert_frame_equal as assert_polars_equal

import boardkit as bk
from boardkit import tables
from boardkit.demo import demo, write_folder, write_workbook
from boardkit.errors import CallError
from boardkit.report.content.counts import count
from boardkit.report.names import CLASSES
from tests.test_cases import frames

if TYPE_CHECKING:
    from pathlib import Path

    from boardkit.board import BoardResult

SIZE = 20


@cache
def given() -> dict[str, pl.DataFrame]:
    """Tables as a user holds them; nobody may change them."""
    return demo(SIZE)


def as_pandas(given: dict[str, pl.DataFrame]) -> dict[str, pd.DataFrame]:
    return {name: table.to_pandas() for name, table in given.items()}


@pytest.fixture(scope="module")
def board() -> BoardResult:
    return bk.assess(bk.read(given()), "qmu-2022")


# ---- the kind that went in ---------------------------------------------------------------------------


def test_polars_in_polars_out(board: BoardResult) -> None:
    assert board.cohort.flavour == "polars"
    for name in tables.OUTPUT:
        assert isinstance(getattr(board, name), pl.DataFrame), name
    assert isinstance(board.cohort.problems, pl.DataFrame)


def test_pandas_in_pandas_out(board: BoardResult) -> None:
    theirs = bk.assess(bk.read(as_pandas(given())), "qmu-2022")
    for name in tables.OUTPUT:
        table = getattr(theirs, name)
        assert isinstance(table, pd.DataFrame), name
        assert list(table.columns) == list(tables.OUTPUT[name])
        assert_frame_equal(table, getattr(board.pandas, name))
    assert isinstance(theirs.cohort.problems, pd.DataFrame)


def test_files_in_pandas_out(board: BoardResult, tmp_path: Path) -> None:
    write_folder(given(), tmp_path / "board")
    write_workbook(given(), tmp_path / "board.xlsx")
    for path in tmp_path.iterdir():
        theirs = bk.assess(bk.read(path), "qmu-2022")
        for name in tables.OUTPUT:
            assert isinstance(getattr(theirs, name), pd.DataFrame), name
            if name != "problems":
                assert_polars_equal(theirs.polars[name], board.polars[name])


def test_one_pandas_frame_among_them_gives_pandas() -> None:
    mixed = {**given(), "marks": given()["marks"].to_pandas()}
    assert isinstance(bk.read(mixed).problems, pd.DataFrame)


def test_either_kind_may_be_asked_for(board: BoardResult) -> None:
    assert isinstance(board.polars.awards, pl.DataFrame)
    assert isinstance(board.pandas.awards, pd.DataFrame)
    assert isinstance(board.pandas["awards"], pd.DataFrame)
    assert isinstance(board.cohort.pandas.students, pd.DataFrame)
    assert isinstance(board.cohort.polars.students, pl.DataFrame)
    assert list(board.polars) == list(tables.OUTPUT)
    assert dir(board.pandas) == sorted(tables.OUTPUT)
    assert repr(board.polars) == f"Frames: {', '.join(tables.OUTPUT)}"
    with pytest.raises(AttributeError, match="there is no table grades; there are: components, modules"):
        board.polars.grades  # noqa: B018 - asking is the test


def test_marks_are_exact_in_polars_and_numbers_in_pandas(board: BoardResult) -> None:
    mark = board.polars.components["mark"].drop_nulls()[0]
    assert isinstance(mark, Decimal)
    assert mark.as_tuple().exponent == -2
    assert board.polars.modules["mark"].drop_nulls()[0].as_tuple().exponent == -1
    assert pd.api.types.is_float_dtype(board.pandas.components["mark"])
    assert pd.api.types.is_float_dtype(board.pandas.awards["average"])
    assert board.pandas.components["student_id"].str.len().eq(8).all()
    missing = board.polars.components["mark"].is_null().to_list()
    assert board.pandas.components["mark"].isna().to_list() == missing
    assert any(missing)


@pytest.mark.parametrize("flavour", ["polars", "pandas"])
def test_what_a_cohort_shows_can_be_read_again(board: BoardResult, flavour: str) -> None:
    shown = getattr(board.cohort, flavour)
    again = bk.assess(bk.read({name: shown[name] for name in shown if name != "problems"}), "qmu-2022")
    for name in ("components", "modules", "awards"):
        assert_polars_equal(again.polars[name], board.polars[name])


def test_a_cohort_shows_marks_credits_and_weights_as_they_are_typed(board: BoardResult) -> None:
    shown = board.cohort.pandas
    assert shown.marks["mark"].max() <= 100
    assert set(shown.modules["credits"]) <= {20.0, 40.0}
    assert set(shown.components.groupby("module")["weight"].sum()) == {100.0}


def test_a_notebook_shows_a_refusal_as_a_sentence(board: BoardResult) -> None:
    with pytest.raises(bk.BoardkitError) as refused:
        board.explain("nobody")
    (line,) = refused.value._render_traceback_()
    assert line == f"boardkit: {refused.value}"


# ---- nothing is changed ------------------------------------------------------------------------------


def test_inputs_are_untouched() -> None:
    before = {name: table.clone() for name, table in given().items()}
    pandas = as_pandas(given())
    kept = {name: table.copy(deep=True) for name, table in pandas.items()}
    for frames_given in (given(), pandas):
        board = bk.assess(bk.read(frames_given), "qmu-2022")
        board.explain(board.polars.awards["student_id"][0])
        for name in tables.OUTPUT:
            getattr(board, name)
    for name, table in given().items():
        assert_polars_equal(table, before[name])
        assert_frame_equal(pandas[name], kept[name])


def test_what_is_handed_back_is_the_users_own(board: BoardResult) -> None:
    kept = board.polars.awards.clone()
    mine = board.awards
    mine.insert_column(0, pl.Series("note", ["x"] * mine.height))
    mine.replace_column(1, pl.Series("student_id", ["x"] * mine.height))
    mine[0, "award"] = "none"
    theirs = board.pandas.awards
    theirs["award"] = "none"
    theirs.loc[0, "average"] = 0.0
    modules = board.pandas.modules
    modules.loc[:, "scqf_level"] = 99
    assert_polars_equal(board.polars.awards, kept)
    assert (board.polars.modules["scqf_level"] != 99).all()
    students = board.cohort.polars.students
    students[0, "award"] = "none"
    assert board.cohort.polars.students[0, "award"] != "none"


def test_a_result_cannot_be_changed(board: BoardResult) -> None:
    with pytest.raises(AttributeError):
        board.pack = None
    with pytest.raises(AttributeError):
        board.cohort.study = "postgraduate"


def test_stating_the_study_leaves_the_cohort_as_it_was() -> None:
    cohort = bk.read({name: given()[name] for name in ("marks", "components")})
    with pytest.raises(CallError, match="--study undergraduate or --study postgraduate"):
        bk.assess(cohort, "qmu-2022")
    passed = {
        study: bk.assess(cohort, "qmu-2022", study=study).polars.modules.filter(outcome="pass").height
        for study in ("undergraduate", "postgraduate")
    }
    assert cohort.study is None
    assert passed["undergraduate"] > passed["postgraduate"]


def test_a_pack_may_be_an_id_a_path_or_loaded(board: BoardResult) -> None:
    from boardkit.regulations import load  # noqa: PLC0415 - one test

    for pack in ("qmu-2022", load("qmu-2022")):
        assert_polars_equal(bk.assess(bk.read(given()), pack).polars.awards, board.polars.awards)


# ---- plain words -------------------------------------------------------------------------------------


def test_a_board_reads_as_a_summary(board: BoardResult) -> None:
    first, problems, assessed, classes, *settle = repr(board).splitlines()
    assert first == f"Board     20 students, 12 modules, {given()['marks'].height} marks"
    assert problems.startswith("Problems  ")
    assert assessed == (
        "Assessed  under General Assessment Regulations and Policy 2022/23 (qmu-2022), main diet, provisional"
    )
    shown = board.polars.awards["classification"].drop_nulls().value_counts()
    for name, number in shown.rows():
        assert f"{name.replace('-', ' ').capitalize()} {number}" in classes
    assert any("deferred" in line or "Borderline" in line for line in settle)


def test_counts_add_up(board: BoardResult) -> None:
    counts = count(board)
    awards = board.polars.awards
    assert sum(counts.classes.values()) == awards["classification"].drop_nulls().len()
    assert counts.uplifted == awards.filter(basis="uplift").height
    assert sum(counts.outcomes.values()) == board.polars.modules.height
    assert counts.borderline >= counts.up == awards.filter(basis="borderline").height


def test_a_cohort_reads_as_a_summary(board: BoardResult) -> None:
    assert repr(board.cohort).startswith(
        f"Cohort: 20 students, 12 modules, {given()['marks'].height} marks; "
    )


SCRIPT = "<script>alert('x')</script>"


def scripted() -> BoardResult:
    case = {
        "board": f"key,value\ntitle,{SCRIPT}\nstatus,confirmed",
        "students": f"student_id,award,programme\n{SCRIPT},honours,{SCRIPT}",
        "modules": f"module,title,scqf_level,credits\n{SCRIPT},{SCRIPT},10,20",
        "components": f"module,component,weight\n{SCRIPT},{SCRIPT},1",
        "marks": f"student_id,module,component,mark\n{SCRIPT},{SCRIPT},{SCRIPT},60\n{SCRIPT},{SCRIPT},{SCRIPT},61",
    }
    return bk.assess(bk.read(frames({"tables": case})), "qmu-2022")


def test_text_is_escaped_in_a_notebook(board: BoardResult) -> None:
    theirs = scripted()
    for html in (theirs._repr_html_(), theirs.explain(SCRIPT)._repr_html_()):
        assert "<script" not in html
        assert "&lt;script&gt;" in html
    plain = board._repr_html_()
    assert "<strong>provisional</strong>" in plain
    assert "<strong>" not in theirs._repr_html_()
    counts = count(board)
    for name, number in (*counts.classes.items(), ("waiting", counts.waiting)):
        row = rf">{CLASSES.get(name, name.capitalize())}</td><td [^>]*>{number}</td>"
        assert re.search(row, plain), name
    assert f"{counts.up} up, {counts.borderline - counts.up} not" in plain


def test_public_names() -> None:
    assert dir(bk) == sorted([*bk.__all__, "__version__"])
    for name in bk.__all__:
        assert getattr(bk, name).__doc__, name
    with pytest.raises(AttributeError, match="module boardkit has no attribute nothing"):
        bk.nothing  # noqa: B018 - asking is the test


def test_a_board_is_read_before_it_is_assessed() -> None:
    with pytest.raises(CallError, match=r"assess takes what bk\.read gives, not a str"):
        bk.assess("data/samples/psychology-2022.xlsx", "qmu-2022")  # type: ignore[arg-type]
