"""Findings about credit: prior learning and learning contracts for the board to see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import CREDIT_UNITS, print_number
from boardkit.findings.label import of_module, of_student
from boardkit.problems import found
from boardkit.rules.credit import units

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.regulations.credit import PriorLearning


def find_credit(board: BoardResult) -> list[pl.DataFrame]:
    """Find what the board is to be told of prior learning and learning contracts."""
    rules = board.pack.rules.prior_learning
    if rules is None:
        return []
    return [*_prior_learning(board, rules), *_contracts(board, rules), *_own_share(board, rules)]


def _placed(board: BoardResult) -> pl.DataFrame:
    students = board.ground.students.select("s", "student_id", "entry_stage")
    return board.concluded.results.select(
        "s",
        "module",
        "level",
        "credits",
        "study",
        "outcome",
        "credits_awarded",
        "prior_learning",
        "exchange",
        _src="src",
        _row="row",
    ).join(students, on="s", how="left", maintain_order="left")


def _prior_learning(board: BoardResult, rules: PriorLearning) -> list[pl.DataFrame]:
    """Credit from prior learning: all of it (3.18), and what is less than may be given (3.9)."""
    given = _placed(board).filter(pl.col("prior_learning") & (pl.col("outcome") == "pass"))
    credit = print_number(pl.col("credits_awarded"), units=CREDIT_UNITS)
    least = {study: units(getattr(rules.least, study)) for study in ("undergraduate", "postgraduate")}
    wanted = pl.col("study").cast(pl.String).replace_strict(least, default=None, return_dtype=pl.Int64)
    listed = of_module(credit, f" credits from prior learning ({rules.listed.source}).")
    small = of_module(
        credit,
        " credits from prior learning, where ",
        print_number(wanted, units=CREDIT_UNITS),
        f" are the least ({rules.least.source}).",
    )
    less = given.filter((pl.col("credits_awarded") < wanted).fill_null(value=False))
    return [
        found("prior-learning", given, column="prior_learning", message=listed),
        found("prior-learning-small", less, column="prior_learning", message=small),
    ]


def _contracts(board: BoardResult, rules: PriorLearning) -> list[pl.DataFrame]:
    """Marks that arise from learning contracts (3.26)."""
    taken = board.cohort.typed["enrolments"]["learning_contract"].fill_null(value=False)
    numbers = board.cohort.numbers.enrolments
    rows = board.cohort.typed["enrolments"].select("_src", "_row")
    placed = (
        pl.concat([numbers, rows], how="horizontal")
        .filter(taken)
        .with_columns(
            module=pl.lit(board.ground.modules["module"]).gather("m"),
            student_id=pl.lit(board.cohort.numbers.students).gather("s"),
        )
    )
    text = of_module(f"taken by a learning contract ({rules.contracts.source}).")
    return [found("learning-contract", placed, column="learning_contract", message=text)]


def _own_share(board: BoardResult, rules: PriorLearning) -> list[pl.DataFrame]:
    """Students due for an award who have taken less than half of the level they entered at here (3.19)."""
    due = board.progressed.students.filter(pl.col("decision") == "award").select("s", "study")
    at = dict(enumerate(rules.levels.stages, start=1))
    entered = (
        pl.when(pl.col("study") == "postgraduate")
        .then(rules.levels.pg)
        .otherwise(pl.col("entry_stage").replace_strict(at, default=None, return_dtype=pl.Int64))
    )
    elsewhere = pl.col("prior_learning") | pl.col("exchange")
    awarded = pl.col("credits_awarded").fill_null(0)
    sums = (
        _placed(board)
        .drop("study")
        .join(due, on="s", how="inner", maintain_order="left")
        .filter(pl.col("level") == entered)
        .group_by("s", "student_id", "level", maintain_order=True)
        .agg(
            own=awarded.filter(~elsewhere).sum(),
            whole=awarded.sum(),
            brought=awarded.filter("prior_learning").sum(),
        )
    )
    top, bottom = rules.own_share.value.as_integer_ratio()
    less = sums.filter((pl.col("brought") > 0) & (pl.col("own") * bottom < pl.col("whole") * top)).join(
        board.ground.students.select("s", "_src", "_row"), on="s", maintain_order="left"
    )
    text = of_student(
        "entered at SCQF ",
        pl.col("level"),
        " and has taken ",
        print_number(pl.col("own"), units=CREDIT_UNITS),
        " of ",
        print_number(pl.col("whole"), units=CREDIT_UNITS),
        f" credits at it here; {rules.own_share.value:%} are needed for an award ({rules.own_share.source}).",
    )
    return [found("entry-level-elsewhere", less, column="entry_stage", message=text)]
