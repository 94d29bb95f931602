"""The reference in docs/ says what the code says."""

from __future__ import annotations

import runpy
from pathlib import Path

from boardkit import tables

DOCS = Path(__file__).parents[1] / "docs"


def test_reference_is_up_to_date() -> None:
    written = runpy.run_path(str(DOCS / "make_reference.py"))["reference"]()
    assert (DOCS / "reference.md").read_text("utf-8") == written


def test_every_table_that_a_run_writes_is_told_of() -> None:
    assert tables.OUTPUT_SAID.keys() == tables.OUTPUT.keys()
    readme = (DOCS.parent / "README.md").read_text("utf-8")
    assert [name for name in tables.OUTPUT if f"`{name}`" not in readme] == []
