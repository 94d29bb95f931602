"""The shipped samples give what is kept beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

import boardkit as bk

SAMPLES = Path(__file__).parents[1] / "data" / "samples"


@pytest.mark.parametrize("name", ["psychology-2022", "masters-2022"])
def test_sample_gives_the_expected_tables(name: str, tmp_path: Path) -> None:
    out = bk.assess(bk.read(SAMPLES / f"{name}.xlsx"), "qmu-2022").write(tmp_path / "out")
    for kept in sorted((SAMPLES / "expected" / name).iterdir()):
        assert (out / kept.name).read_text("utf-8") == kept.read_text("utf-8"), kept.name
