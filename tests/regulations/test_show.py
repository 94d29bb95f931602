"""A pack written out holds every value, every clause and every reading of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from boardkit.regulations import Pack, load, parse
from boardkit.regulations.show import WIDTHS, outline, show
from tests.regulations.leaves import (
    PACK,
    Change,
    Leaf,
    as_toml,
    changed,
    is_last_band,
    leaves,
    name,
    value_at,
    ways,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHIPPED = show(load("qmu-2022"))
OVERLAY = """
base = "qmu-2022"

[[programmes]]
programme = "BSc Nursing"
reference = "programme document 2022, 4.2"
modules = ["NU2001", "NU2002"]
pass_mark = 45
component_floor = 38.5

[[programmes]]
programme = "MSc Dietetics"
reference = "validation 2021/17"
attempts = 2
"""


def written(values: dict[str, Any]) -> str:
    return show(Pack(parse("changed.toml", as_toml(values)), "qmu-2022.toml", ""))


def texts(part: Any = PACK, at: Leaf = ()) -> Iterator[Leaf]:
    """Walk the clauses, the names of who decides and the other texts that describe."""
    steps = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for step, value in steps:
        if step in {"clause", "local", "institution", "title", "source"} or at == ("readings",):
            yield (*at, step)
        else:
            yield from texts(value, (*at, step))


@pytest.mark.parametrize(
    "at", [pytest.param(at, id=name(at)) for at in leaves() if not is_last_band(at) and at[0] != "misconduct"]
)
def test_every_value_is_shown(at: Leaf) -> None:
    way = ways(at)[0]
    before = written(changed(way.besides)) if way.besides else SHIPPED
    assert written(changed(way.besides, way.change)) != before, f"not shown: {way}"


def test_every_clause_and_text_is_shown() -> None:
    marked = {at: f"[{number}]" for number, at in enumerate(texts())}
    shown = written(changed(marked))
    assert [name(at) for at, mark in marked.items() if mark not in shown] == []


def test_every_reading_is_shown_beside_its_clause() -> None:
    ruled = [at[:-1] for at in texts() if at[-1] in {"clause", "local"}]
    cited: Change = {(*at, "reading"): f"Z{number}" for number, at in enumerate(ruled)}
    clauses: Change = {
        (*at, key): f"[{number}]"
        for number, at in enumerate(ruled)
        for key in ("clause", "local")
        if key in value_at(at)
    }
    values = changed(clauses, cited)
    values["readings"] = {f"Z{number}": "A reading." for number in range(len(ruled))}
    lines = [line for line in written(values).splitlines() if "[" in line]
    found = {
        number
        for number in range(len(ruled))
        for line in lines
        if re.search(rf"\[{number}\] +Z{number}$", line)
    }
    assert [name(at) for number, at in enumerate(ruled) if number not in found] == []


def test_every_reading_is_written_out() -> None:
    words = " ".join(SHIPPED.split())
    assert [text for text in PACK["readings"].values() if " ".join(text.split()) not in words] == []


def test_columns_are_aligned_and_no_line_is_too_long() -> None:
    lines = SHIPPED.splitlines()
    clause = sum(WIDTHS[:2]) + 4
    assert next(line for line in lines if "Clause" in line).index("Clause") == clause
    assert all(line.index("16.2") == clause for line in lines if line.rstrip().endswith("M2"))
    assert max(map(len, lines)) <= sum(WIDTHS) + 6
    assert [line for line in lines if line != line.rstrip()] == []


def test_programmes_own_regulations_are_shown_with_their_document(tmp_path: Path) -> None:
    file = tmp_path / "programmes.toml"
    file.write_text(OVERLAY, "utf-8")
    shown = " ".join(show(load(file)).split())
    assert "BSc Nursing pass mark 45, in NU2001, NU2002 (programme document 2022, 4.2)" in shown
    assert "BSc Nursing component floor 38.5, in NU2001, NU2002 (programme document 2022, 4.2)" in shown
    assert "MSc Dietetics attempts 2 (validation 2021/17)" in shown
    assert "qmu-2022, from programmes.toml" in shown


def test_outline_names_every_shipped_pack() -> None:
    assert outline() == [
        (
            "imperial-2024",
            "Imperial College London",
            "MSc Security and Resilience student handbook 2024/25",
            "2024-09-01 to 2025-08-31",
        ),
        (
            "imperial-misconduct",
            "Imperial College London",
            "Plagiarism and Examination Offences Policy and Procedures",
            "a tariff for misconduct alone",
        ),
        (
            "qmu-2022",
            "Queen Margaret University, Edinburgh",
            "General Assessment Regulations and Policy 2022/23",
            "2022-09-01 to 2023-08-31",
        ),
    ]
