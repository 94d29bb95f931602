"""Every clause that the pack names has a place in the code and a case; the page that lists them is up to date."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
MADE = runpy.run_path(str(DOCS / "make_clauses.py"))


@pytest.mark.parametrize("clause", sorted(MADE["clauses"]()))
def test_a_clause_has_a_case(clause: str) -> None:
    assert MADE["cases"]().get(clause), f"no case in tests/cases names {clause}"


@pytest.mark.parametrize("clause", sorted(MADE["clauses"]()))
def test_a_clause_has_a_place_in_the_code(clause: str) -> None:
    rules = MADE["clauses"]()[clause]
    assert any(MADE["code"](rule) for rule in rules), f"no module acts on {clause}: {rules}"


def test_the_page_is_up_to_date() -> None:
    assert (DOCS / "clauses.md").read_text("utf-8") == MADE["page"]()
