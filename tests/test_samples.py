"""The shipped samples give what is kept beside them."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

import boardkit as bk

SAMPLES = Path(__file__).parents[1] / "data" / "samples"


@pytest.mark.parametrize("name", ["psychology-2022", "masters-2022", "marksheets-2022"])
def test_sample_gives_the_expected_tables(name: str, tmp_path: Path) -> None:
    source = SAMPLES / name if (SAMPLES / name / "board.toml").exists() else SAMPLES / f"{name}.xlsx"
    out = bk.assess(bk.read(source), "qmu-2022").write(tmp_path / "out")
    for kept in sorted((SAMPLES / "expected" / name).iterdir()):
        assert (out / kept.name).read_text("utf-8") == kept.read_text("utf-8"), kept.name


def test_marksheets_need_no_long_board_toml() -> None:
    toml = (SAMPLES / "marksheets-2022" / "board.toml").read_text("utf-8")
    assert len(toml.splitlines()) < 30


def test_samples_are_written_by_make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same bytes again, but for what depends on the version of a library."""
    monkeypatch.syspath_prepend(SAMPLES)
    made = runpy.run_path(str(SAMPLES / "marksheets.py"))
    made["write_marksheets"](tmp_path / "marksheets-2022")
    for kept in sorted((SAMPLES / "marksheets-2022").iterdir()):
        assert (tmp_path / "marksheets-2022" / kept.name).read_bytes() == kept.read_bytes(), kept.name
