"""A small board to decide on: a borderline case, a fail, a student who goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

import boardkit as bk

if TYPE_CHECKING:
    from pathlib import Path

    from boardkit.board import BoardResult

PACK = "qmu-2022"

TABLES = {
    "students": (
        "student_id,award,stage,entry_stage,prior_credits\n"
        "00000001,honours,4,3,240\n00000002,honours,1,1,0\n00000003,honours,1,1,0\n00000004,honours,1,1,0\n"
    ),
    "modules": "module,scqf_level,credits\nH,10,120\nA,7,20\nB,7,20\n",
    "components": "module,component,weight\nH,Work,1\nA,Work,1\nB,Work,1\n",
    "marks": (
        "student_id,module,component,attempt,mark\n"
        "00000001,H,Work,1,69.00\n00000002,A,Work,1,38.00\n00000002,B,Work,1,60.00\n"
        "00000003,A,Work,1,60.00\n00000003,B,Work,1,60.00\n"
        "00000004,A,Work,1,20.00\n00000004,A,Work,2,25.00\n00000004,A,Work,3,30.00\n"
    ),
    "results": "student_id,module,scqf_level,credits,mark,outcome\n00000001,R,9,120,69.0,pass\n",
}


def folder(path: Path, **changed: str) -> Path:
    """Write the tables as a folder, some of them changed."""
    path.mkdir(parents=True, exist_ok=True)
    for name, text in {**TABLES, **changed}.items():
        (path / f"{name}.csv").write_text(text, "utf-8")
    return path


def frames(**changed: str) -> dict[str, pl.DataFrame]:
    return {
        name: pl.read_csv(text.encode(), infer_schema=False) for name, text in {**TABLES, **changed}.items()
    }


def board(**changed: str) -> BoardResult:
    return bk.assess(bk.read(frames(**changed)), PACK)


def decided(table: BoardResult, *rows: dict[str, str]) -> BoardResult:
    """Assess the board again with rows in its decisions table."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = "\n".join([",".join(names), *(",".join(row.get(name) or "" for name in names) for row in rows)])
    return bk.assess(
        bk.read({**_back(table), "decisions": pl.read_csv(text.encode(), infer_schema=False)}), PACK
    )


def _back(table: BoardResult) -> dict[str, pl.DataFrame]:
    return {name: table.cohort.polars[name] for name in table.cohort.given - {"decisions"}}


def one(table: pl.DataFrame, **key: str) -> dict[str, object]:
    return table.filter(**key).row(0, named=True)
