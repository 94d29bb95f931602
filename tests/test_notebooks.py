"""The notebooks: committed with nothing in them but what was written, and run as a person runs them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent.parent
NOTEBOOKS = sorted((HERE / "notebooks").glob("*.ipynb"))
OULAD = Path(os.environ.get("BOARDKIT_TEST_DATA", ""), "oulad")
SECONDS = 60


BOARD = {
    "problems-code": "severity sheet cell message",
    "awards-code": "student_id award average classification basis eligible reason",
    "modules-code": "outcome deferred fail incomplete pass qualifying-fail withdrawn",
    "components-code": "student_id module component raw_mark mark rules",
    "trace-code": "student_id module component clause before after note",
    "borderline-code": "student_id average classification reason",
}
MODERATION = {
    "sample-code": "component student_id mark band marker reason",
    "double-code": "student_id component mark second_mark agreed_mark boundary state goes_on",
    "showed-code": "module component marker pairs mean_difference low high lower_limit upper_limit kappa icc review",
    "severity-code": "module component marker scripts mean severity low high basis",
}
OWN = {
    "one-code": "severity file cell message",
    "one-outcomes-code": "students outcome",
    "late-code": "mark 0 at_most_40 all",
    "own-components-code": "module component weight due_at",
    "own-marks-code": "student_id module component mark submitted_at",
    "own-modules-code": "student_id module scqf_level credits attempt mark grade outcome",
}
"""The columns that tables show, by cell."""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project of nothing but the samples, since notebooks write to its reports; and settings of nobody's."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "data").symlink_to(HERE / "data", target_is_directory=True)
    paths = [str(HERE), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in paths if path))
    monkeypatch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    with TemporaryDirectory() as settings:
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
            monkeypatch.setenv(name, f"{settings}/{name.lower()}")
        yield tmp_path


RUN = """
import sys

import nbformat
from jupyter_client import AsyncKernelManager
from nbclient import NotebookClient

source, folder, sockets, seconds, made = sys.argv[1:]
notebook = nbformat.read(source, as_version=4)
# By files and not by ports: kernels that start at once cannot take each other's.
manager = AsyncKernelManager(kernel_name="python3", transport="ipc", ip=sockets)
client = NotebookClient(notebook, km=manager, timeout=int(seconds), startup_timeout=int(seconds))
client.resources = {"metadata": {"path": folder}}
client.allow_errors = True
client.execute()
nbformat.write(notebook, made)
"""
"""Runs all cells, in a process of its own: what Jupyter leaves open closes with it."""


def run(name: str, place: Path) -> Any:
    """Run all cells in a kernel of its own, in the folder in which Jupyter starts it."""
    made = place / f"made-{name}"
    with TemporaryDirectory() as sockets:
        given = [HERE / "notebooks" / name, place / "notebooks", f"{sockets}/kernel", SECONDS, made]
        done = subprocess.run(
            [sys.executable, "-c", RUN, *map(str, given)], capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr
    return nbformat.read(made, as_version=4)


def outputs(notebook: Any) -> list[Any]:
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def shown(notebook: Any, cell: str) -> dict[str, str]:
    """What a cell shows, by kind."""
    (found,) = (each for each in notebook.cells if each["id"] == cell)
    (output,) = found["outputs"]
    return dict(output["data"])


class Table(HTMLParser):
    """The headings of a table."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.headings: list[str] = []
        self._in = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - its form
        self._in = tag == "th"

    def handle_data(self, data: str) -> None:
        if self._in and data.strip():
            self.headings.append(data.strip())


def with_columns(notebook: Any, columns: dict[str, str]) -> None:
    """Tables show their columns, and no number of more places than a board reads."""
    for cell, names in columns.items():
        html = shown(notebook, cell)["text/html"]
        found = [name.replace(" ", "_") for name in Table(html).headings]
        assert found[: len(names.split())] == names.split(), cell
        assert not re.search(r"[0-9]\.[0-9]{4}", html), cell


def picture(notebook: Any, cell: str) -> str:
    html = shown(notebook, cell)["text/html"]
    assert html.startswith("<figure><svg")
    assert html.count("<path") > 20
    return html


def without_faults(notebook: Any) -> None:
    """Nothing but results: no error, nothing printed, no warning."""
    kinds = {output["output_type"] for output in outputs(notebook)}
    assert kinds == {"execute_result"}, [output for output in outputs(notebook) if "data" not in output]


# ---- as committed ------------------------------------------------------------------------------------


def test_there_are_three() -> None:
    names = [path.name for path in NOTEBOOKS]
    assert names == ["01-board.ipynb", "02-oulad.ipynb", "03-moderation.ipynb"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_nothing_of_a_run_is_kept(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata["kernelspec"]["name"] == "python3"
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert notebook.metadata["language_info"] == {"name": "python"}
    for cell in notebook.cells:
        assert cell.metadata == {}
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
    assert path.read_text("utf-8") == nbformat.writes(notebook) + "\n"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_cells_are_short_and_named_for_good(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    names = [cell["id"] for cell in cells]
    assert len(set(names)) == len(names)
    for cell in cells:
        assert re.fullmatch("[a-z]+(-[a-z]+)*", cell["id"]), "a name that a person gave stays the same"
        assert len(cell.source.splitlines()) <= 24, cell["id"]


# ---- as run ------------------------------------------------------------------------------------------


def test_a_board(place: Path) -> None:
    board = run("01-board.ipynb", place)
    without_faults(board)
    with_columns(board, BOARD)
    summary = shown(board, "assess-code")["text/html"]
    for words in ("provisional", "To settle", "Borderline cases", "Upper second"):
        assert words in summary
    for cell, end in (("up", "It goes up."), ("stays", "It stays an upper second.")):
        page = shown(board, f"{cell}-code")
        assert "a borderline case (9.2" in page["text/plain"]
        assert end in page["text/plain"]
        assert "font-family:monospace" in page["text/html"]
    for cell, told in (("classes", "by class"), ("spread", "quartiles"), ("module", "PS4021")):
        assert told in picture(board, f"{cell}-code")
    assert "'board.xlsx'" in shown(board, "papers-code")["text/plain"]
    assert (place / "reports/psychology/board.xlsx").is_file()


def test_moderation(place: Path) -> None:
    made = run("03-moderation.ipynb", place)
    without_faults(made)
    with_columns(made, MODERATION)
    assert "Sample for internal moderation: 24 of 227 scripts" in shown(made, "draw-code")["text/plain"]
    certificate = shown(made, "certificate-code")["text/markdown"]
    assert "| PS4021 | Essay | 1 | 114 | 11 | 1 | 12 | 0 |" in certificate
    assert shown(made, "again-code")["text/plain"] == "True"
    before, still = shown(made, "stays-code")["text/plain"].strip("()").split(", ")
    assert int(still) >= int(before) - 1
    assert "added" in shown(made, "added-code")["text/html"]
    assert "115 pairs" in picture(made, "drawing-code")
    assert "'external.xlsx'" in shown(made, "external-code")["text/plain"]
    assert (place / "reports/external.key").is_file()


def test_the_open_universitys_data(place: Path) -> None:
    if not OULAD.is_dir():
        why = "BOARDKIT_TEST_DATA does not name a folder with the Open University's data in oulad"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(why)
    oulad = run("02-oulad.ipynb", place)
    without_faults(oulad)
    with_columns(oulad, OWN)
    assert "173,912 marks" in shown(oulad, "all-code")["text/plain"]
    for cell in ("one-assess-code", "own-read-code"):
        assert "Incomplete module results" in shown(oulad, cell)["text/html"]
    assert "(20.3, readings P2, P4, P5)" in shown(oulad, "own-explain-code")["text/plain"]
    assert "DDD-2013J" in picture(oulad, "one-figure-code")
    assert "AAA" in picture(oulad, "own-figure-code")
    # What is counted by hand is what the rules lowered.
    by_rules, by_hand = (
        shown(oulad, cell)["text/plain"].splitlines() for cell in ("late-code", "by-hand-code")
    )
    zero, capped, every = by_rules[-1].split()[1:]
    assert [line.split()[-1] for line in by_hand[-2:]] == [capped, zero]
    assert int(zero) + int(capped) == int(every)


def test_without_the_data_a_sentence_says_so(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOARDKIT_TEST_DATA", str(place / "nothing"))
    first, *_ = outputs(run("02-oulad.ipynb", place))
    (sentence,) = first["traceback"]
    assert sentence.startswith("boardkit: the Open University's data are not here. Fetch the Open University")
