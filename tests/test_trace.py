"""The trace: every mark changed and every outcome stands in it once, with its rule and clause."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import boardkit as bk
from boardkit import tables
from boardkit.demo import demo
from boardkit.reasons import LOCAL, READING
from boardkit.trace import RULES, trace_of
from tests.plain import cohorts
from tests.test_agreement import frames

if TYPE_CHECKING:
    from boardkit.board import BoardResult

PIECE = ["student_id", "module", "component", "attempt"]
MODULE = ["student_id", "module"]
STAGES = pl.Enum(["component", "module", "award", "progression"])
ENDS = {
    *("pass", "fail", "qualifying-fail", "condoned", "deferred", "incomplete"),
    *("withdrawn", "withdrawn-late", "prior-learning", "confirmed"),
}
"""The rules of a module's one outcome row."""

EXAMPLES = 5
SIZE = 40
quick = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate]
)
"""Seeds do not shrink to anything."""


@cache
def random_board(seed: int) -> BoardResult:
    return bk.assess(bk.read(frames(cohorts.cohort(seed, SIZE))), "qmu-2022")


@cache
def invented_board(seed: int, study: str, *, faults: bool) -> BoardResult:
    return bk.assess(bk.read(demo(SIZE, seed=seed, study=study, faults=faults)), "qmu-2022")


SEEDS = st.integers(min_value=0, max_value=10_000)
BOARDS = st.one_of(
    st.builds(random_board, SEEDS),
    st.builds(
        invented_board, SEEDS, st.sampled_from(["undergraduate", "postgraduate"]), faults=st.booleans()
    ),
)


def of(board: BoardResult, name: str) -> pl.DataFrame:
    marks = pl.col("^(raw_mark|mark|average)$").cast(pl.String)
    return board.polars[name].with_columns(marks)


def lowering(board: BoardResult) -> tuple[str, ...]:
    """The rules that lower a mark."""
    penalties = board.pack.rules.penalties
    return ("scaling", penalties.word_limit.id, *(step.id for step in penalties.late))


def hold(board: BoardResult) -> None:
    hold_clauses(board)
    hold_order(board)
    hold_components(board)
    hold_modules(board)
    hold_awards(board)
    hold_progress(board)
    assert set(board.polars.trace["rule"]) <= {*RULES, *lowering(board)}


def hold_clauses(board: BoardResult) -> None:
    readings = set(board.pack.rules.readings)
    for clause in board.polars.trace["clause"].unique():
        assert clause, "a trace row has no clause"
        source, _, named = clause.partition(READING)
        if not source.startswith(LOCAL):
            assert set(source.split(", ")) <= clauses(), clause
        assert set(named.split(", ") if named else []) <= readings, clause


@cache
def clauses() -> frozenset[str]:
    """Every clause that the pack's file names."""
    file = resources.files("boardkit.regulations") / "packs" / "qmu-2022.toml"
    found, left = [], [tomllib.loads(file.read_text("utf-8"))]
    while left:
        part = left.pop()
        left += [
            value
            for value in (part.values() if isinstance(part, dict) else part)
            if isinstance(value, dict | list)
        ]
        found += part.get("clause", "").split(", ") if isinstance(part, dict) else []
    return frozenset(found)


def hold_order(board: BoardResult) -> None:
    trace = board.polars.trace
    key = [*PIECE, pl.col("stage").cast(STAGES)]
    assert trace.equals(trace.sort(key, nulls_last=True, maintain_order=True))
    assert trace.columns == list(tables.OUTPUT["trace"])
    assert not trace.is_duplicated().any()


def hold_components(board: BoardResult) -> None:
    """Every change of a mark is traced, and what is said to lower it did (A4)."""
    components = of(board, "components")
    trace = board.polars.trace.filter(pl.col("stage") == "component")
    changed = components.filter(pl.col("mark").ne_missing(pl.col("raw_mark")))
    assert changed.join(trace, on=PIECE, how="anti").is_empty()
    caps = trace.filter(pl.col("rule").is_in(lowering(board))).with_columns(
        pl.col("before", "after").cast(pl.Decimal(10, 2))
    )
    lowered = caps.filter(pl.col("after") < pl.col("before"))
    assert (
        lowered.filter(pl.col("rule") != "scaling").height == caps.filter(pl.col("rule") != "scaling").height
    )
    told = lowered.group_by(PIECE).agg(pl.col("rule").sort().str.join(";"), pl.col("after").min())
    both = components.join(told, on=PIECE, how="full", coalesce=True)
    assert both.filter(pl.col("rules").ne_missing(pl.col("rule"))).is_empty()
    penalised = both.filter(pl.col("rules").is_not_null() & (pl.col("rules") != "scaling"))
    assert penalised.filter(pl.col("mark") != pl.col("after").cast(pl.String)).is_empty()
    scaled = caps.filter(pl.col("rule") == "scaling").join(components, on=PIECE)
    assert scaled.filter(pl.col("before").cast(pl.String) != pl.col("raw_mark")).is_empty()


def hold_modules(board: BoardResult) -> None:
    modules = of(board, "modules")
    trace = board.polars.trace.filter(pl.col("stage") == "module")
    ends = trace.filter(pl.col("rule").is_in(ENDS))
    assert ends.select(MODULE).rows() == modules.select(MODULE).rows()
    said = modules.select(
        pl.concat_str(["mark", "grade", "outcome"], separator=" ", ignore_nulls=True)
    ).to_series()
    assert ends["after"].to_list() == said.to_list()
    assert ends["attempt"].to_list() == modules["attempt"].to_list()
    capped = modules.filter(pl.col("capped") == "Y")
    caps = trace.filter(pl.col("rule") == "reassessment-cap")
    assert caps.select(MODULE).rows() == capped.select(MODULE).rows()
    assert caps["after"].to_list() == capped["mark"].to_list()
    for before, after in caps.select("before", "after").rows():
        assert Decimal(before.removesuffix("...")) > Decimal(after)
    condonable = trace.filter(pl.col("rule") == "condonable")
    assert condonable.select(MODULE).rows() == modules.filter(condonable="Y").select(MODULE).rows()
    assert trace.height == ends.height + caps.height + condonable.height


def hold_awards(board: BoardResult) -> None:
    awards = of(board, "awards")
    trace = board.polars.trace.filter(pl.col("stage") == "award")
    classes = trace.filter(pl.col("rule") == "classification")
    assert classes["student_id"].to_list() == awards["student_id"].to_list()
    assert classes["after"].to_list() == awards["classification"].fill_null("none").to_list()
    assert classes["before"].to_list() == awards["average"].to_list()
    assert classes["note"].to_list() == awards["reason"].to_list()
    averages = trace.filter(pl.col("rule") == "average")
    averaged = awards.filter(pl.col("average").is_not_null())
    assert averages["student_id"].to_list() == averaged["student_id"].to_list()
    assert averages["after"].to_list() == averaged["average"].to_list()
    for before, after in averages.select("before", "after").rows():
        exact = Decimal(before.removesuffix("..."))
        assert Decimal(after) - Decimal("0.05") <= exact < Decimal(after) + Decimal("0.05")
    known = awards.filter(pl.col("award").is_in(list(dict(board.pack.rules.awards.each()))))
    eligible = trace.filter(pl.col("rule") == "eligible")
    assert eligible["student_id"].to_list() == known["student_id"].to_list()
    assert eligible["after"].to_list() == known["eligible"].to_list()


def hold_progress(board: BoardResult) -> None:
    made = board.polars.progression
    trace = board.polars.trace.filter(pl.col("stage") == "progression")
    recommended = trace.filter(pl.col("rule") == "recommendation")
    decided = trace.filter(pl.col("rule") == "decided")
    assert recommended["student_id"].to_list() == made["student_id"].to_list()
    stands = {row["student_id"]: row["after"] for row in [*recommended.to_dicts(), *decided.to_dicts()]}
    assert list(stands.values()) == made["decision"].fill_null("none").to_list()
    for told, reason in zip(recommended["note"], made["reason"], strict=True):
        assert told in reason
    for student, told in decided.select("student_id", "note").rows():
        assert made.filter(student_id=student)["reason"][0].startswith(told)
    assert trace.height == recommended.height + decided.height


@quick
@given(BOARDS)
def test_every_change_and_outcome_is_traced(board: BoardResult) -> None:
    hold(board)


@pytest.mark.parametrize("study", ["undergraduate", "postgraduate"])
def test_a_board_of_the_usual_size(study: str) -> None:
    board = bk.assess(bk.read(demo(120, study=study, faults=True)), "qmu-2022")
    hold(board)
    assert {"late", "word-limit", "scaling", "agreed", "reassessment-cap"} <= set(board.polars.trace["rule"])


def test_one_students_trace_is_a_part_of_all() -> None:
    board = random_board(7)
    for number, student in board.ground.students.select("s", "student_id").rows()[::5]:
        assert trace_of(board, number).equals(board.polars.trace.filter(pl.col("student_id") == student))


CASES = {
    "modules": (
        "module,scqf_level,credits,kind,grade_only\nU,10,20,taught,\nG,10,20,taught,Y\nP,11,20,taught,Y\nD,11,60,dissertation,\n"
    ),
    "components": "module,component,weight\nU,Exam,1\nG,Exam,1\nP,Exam,1\nD,Work,1",
    "students": "student_id,award\n1,none\n2,masters\n3,unheard-of",
    "marks": (
        "student_id,module,component,attempt,mark,grade,second_mark\n"
        "1,U,Exam,1,50,,60\n1,G,Exam,1,,B,\n2,P,Exam,1,,A,\n3,G,Exam,1,,Z,\n"
        "2,D,Work,1,20,,\n2,D,Work,2,30,,\n2,D,Work,3,70,,\n"
        "1,U,Exam,2,45,,\n"
    ),
}


def clause(board: BoardResult, **key: object) -> str:
    rows = board.polars.trace.filter(**key)
    assert rows.height == 1, rows
    return rows["clause"].item()


def test_clauses_go_by_the_module() -> None:
    """Conversions and attempts are cited from the rules of the module's own study and kind."""
    given = {name: pl.read_csv(text.encode(), infer_schema=False) for name, text in CASES.items()}
    board = bk.assess(bk.read(given), "qmu-2022")
    hold(board)
    assert clause(board, student_id="1", module="G", rule="grade") == "7.7; reading G3"
    assert clause(board, student_id="2", module="P", rule="grade") == "7.7; reading G2"
    assert clause(board, student_id="3", module="G", rule="not-a-grade").startswith("7.7")
    assert clause(board, student_id="1", rule="markers-differ").startswith("5.3")
    assert clause(board, student_id="2", rule="attempt-beyond-limit") == "17.12; reading R4"
    assert clause(board, student_id="1", rule="classification") == "local: the students table"
    assert clause(board, student_id="3", rule="classification") == "local: the students table"


def test_borderline_rows_cite_the_zone_and_the_test() -> None:
    board = bk.assess(bk.read(demo(120)), "qmu-2022")
    rows = board.polars.trace.filter(
        pl.col("note").str.contains("a borderline case", literal=True) & (pl.col("rule") == "classification")
    )
    assert set(rows["clause"]) == {"9.2, 9.3; reading W6, W8, W7", "9.2, 9.4; reading W6, W8, W9"}
    up = board.polars.awards.filter(pl.col("basis") == "uplift").join(board.polars.trace, on="student_id")
    assert set(up.filter(pl.col("rule") == "classification")["clause"]) == {"9.1; reading W6, W8"}
