"""A pack written out holds every value, every clause and every reading of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from boardkit.regulations import Pack, load, parse
from boardkit.regulations.show import WIDTHS, outline, show
from tests.regulations.leaves import PACK, Leaf, Way, as_toml, changed, is_last_band, leaves, name, ways

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


@pytest.mark.parametrize("at", [pytest.param(at, id=name(at)) for at in leaves() if not is_last_band(at)])
def test_every_value_is_shown(at: Leaf) -> None:
    hidden = [str(way) for way in ways(at) if not is_seen(way)]
    assert not hidden, f"not shown: {'; '.join(hidden)}"


def is_seen(way: Way) -> bool:
    return written(changed(way.besides)) != written(changed(way.besides, way.change))


@pytest.mark.parametrize("at", [pytest.param(at, id=name(at)) for at in texts()])
def test_every_clause_and_text_is_shown(at: Leaf) -> None:
    assert "97.531" not in SHIPPED
    assert written(changed({at: "97.531"})).count("97.531") == 1


@pytest.mark.parametrize("at", [pytest.param(at, id=name(at)) for at in texts() if at[-1] == "clause"])
def test_every_reading_is_shown_beside_its_clause(at: Leaf) -> None:
    cited = {(*at[:-1], "reading"): "A1, Z9", at: "97.531"}
    values = changed(cited, {("readings", "Z9"): "A reading."})
    values["rounding"]["award"] = {
        "places": 1,
        "mode": "half-up",
        "local": "all",
        "reading": everything(values),
    }
    line = next(line for line in written(values).splitlines() if "97.531" in line)
    assert "A1, Z9" in line or at[:2] == ("rounding", "award")


def everything(values: dict[str, Any]) -> str:
    return ", ".join(values["readings"])


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
            "qmu-2022",
            "Queen Margaret University, Edinburgh",
            "General Assessment Regulations and Policy 2022/23",
            "2022-09-01 to 2023-08-31",
        )
    ]
