"""Every clause that a pack names has a place in the code and a case; the page that lists them is up to date."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from boardkit.regulations import shipped

DOCS = Path(__file__).parents[1] / "docs"
MADE = runpy.run_path(str(DOCS / "make_clauses.py"))


CLAUSES = [(pack, clause) for pack in MADE["PACKS"] for clause in sorted(MADE["clauses"](pack))]


def test_every_shipped_pack_is_looked_at() -> None:
    assert set(MADE["PACKS"]) == set(shipped())


@pytest.mark.parametrize(("pack", "clause"), CLAUSES)
def test_a_clause_has_a_case(pack: str, clause: str) -> None:
    assert MADE["cases"]().get(clause), f"no case in tests/cases names {clause} of {pack}"


@pytest.mark.parametrize(("pack", "clause"), CLAUSES)
def test_a_clause_has_a_place_in_the_code(pack: str, clause: str) -> None:
    rules = MADE["clauses"](pack)[clause]
    assert any(MADE["code"](rule) for rule in rules), f"no module acts on {clause}: {rules}"


def test_the_page_is_up_to_date() -> None:
    assert (DOCS / "clauses.md").read_text("utf-8") == MADE["page"]()
