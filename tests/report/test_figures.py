"""Figures: what is drawn, the same bytes, nothing kept between calls, and a word where matplotlib is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import boardkit as bk
from boardkit.demo import demo
from boardkit.report.figures import figures

if TYPE_CHECKING:
    from pathlib import Path

    from boardkit.board import BoardResult
    from boardkit.report.figures import Drawings


@pytest.fixture(scope="module")
def board() -> BoardResult:
    return bk.assess(bk.read(demo(40)), "qmu-2022")


@pytest.fixture(scope="module")
def drawn(board: BoardResult) -> Drawings:
    return board.figures()


def test_one_a_module_beside_classes_and_modules(drawn: Drawings, board: BoardResult) -> None:
    assert list(drawn) == ["classes", "modules", *board.ground.modules["module"]]
    with pytest.raises(bk.BoardkitError, match=r'there is no figure "X"\. There are: classes, modules'):
        drawn["X"]


def test_classes_are_as_high_as_they_are_many(drawn: Drawings, board: BoardResult) -> None:
    axes = drawn["classes"].figure.axes[0]
    heights: dict[int, float] = {}
    for bars in axes.containers:
        for place, bar in enumerate(bars):
            heights[place] = heights.get(place, 0) + bar.get_height()
    names = [label.get_text() for label in axes.get_xticklabels()]
    counted = board.polars.awards["classification"].value_counts()
    told = {name.replace("-", " ").capitalize(): number for name, number in counted.drop_nulls().iter_rows()}
    found = {name: heights[place] for place, name in enumerate(names) if name != "Waiting"}
    assert found == told


def test_a_spread_adds_up_and_is_cut_at_the_boundaries(drawn: Drawings, board: BoardResult) -> None:
    axes = drawn["PS4090"].figure.axes[0]
    number = board.polars.modules.filter(module="PS4090")["mark"].count()
    assert sum(bar.get_height() for bars in axes.containers for bar in bars) == number
    classes = board.pack.rules.awards.honours.classes
    assert {line.get_xdata()[0] for line in axes.lines} == {float(rule.at) for rule in classes}


def test_no_bar_reaches_the_top_or_lies_under_the_legend(drawn: Drawings, board: BoardResult) -> None:
    for name in board.ground.modules["module"]:
        figure = drawn[name].figure
        (axes,), (legend,) = figure.axes, figure.legends
        highest = max(bar.get_y() + bar.get_height() for bars in axes.containers for bar in bars)
        assert highest < axes.get_ylim()[1]
        assert not legend.get_window_extent().overlaps(axes.get_window_extent())


def test_the_same_bytes(board: BoardResult, drawn: Drawings) -> None:
    again = figures(board)
    for name in ("classes", "modules", "PS4090"):
        again[name].draw("png")  # what was drawn before moves nothing
        for kind in ("svg", "png", "svg"):
            assert drawn[name].draw(kind) == again[name].draw(kind)
    assert b"Date" not in drawn["classes"].draw("svg")


def test_a_notebook_shows_them(drawn: Drawings) -> None:
    html = drawn["classes"]._repr_html_()
    assert html.startswith("<figure><svg")
    assert drawn["classes"].told in html


def test_files_are_private(drawn: Drawings, tmp_path: Path) -> None:
    out = drawn.write(tmp_path / "figures")
    assert len(list(out.iterdir())) == len(drawn)
    assert {path.stat().st_mode & 0o777 for path in out.iterdir()} == {0o600}
    with pytest.raises(bk.BoardkitError, match='cannot be drawn as "gif"'):
        drawn.write(tmp_path, kind="gif")


def test_a_board_with_nobody_is_drawn() -> None:
    one = bk.assess(bk.read(demo(1)), "qmu-2022")
    assert one.figures()["modules"].draw("png")


WITHOUT = """
import sys
sys.modules["matplotlib"] = None
import boardkit as bk
from boardkit.demo import demo
board = bk.assess(bk.read(demo(2)), "qmu-2022")
board.write(sys.argv[1])
print(sorted({"pandas", "openpyxl", "pyarrow"} & sys.modules.keys()))
try:
    board.figures()
except bk.BoardkitError as error:
    print(error)
"""


def test_a_run_needs_no_matplotlib_and_figures_say_that_they_do(tmp_path: Path) -> None:
    call = [sys.executable, "-c", WITHOUT, str(tmp_path / "out")]
    printed = subprocess.run(call, check=True, capture_output=True, text=True, env=dict(os.environ)).stdout
    assert printed.splitlines() == [
        "[]",
        "figures need matplotlib, which is not installed. Run: pip install 'boardkit[notebook]'.",
    ]
