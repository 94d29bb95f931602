"""Changes: what differs between an earlier run in a folder and a board - inputs, marks, outcomes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit.apart import apart
from boardkit.guard import unguarded
from boardkit.report.manifest import MANIFEST, digest, written
from boardkit.report.names import plural

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from boardkit.board import BoardResult

CHANGES = "changes.csv"
SCHEMA = {
    "change": pl.String,
    "student_id": pl.String,
    "module": pl.String,
    "component": pl.String,
    "attempt": pl.Int64,
    "what": pl.String,
    "before": pl.String,
    "after": pl.String,
}
KINDS = {
    "input": ("input", "inputs"),
    "regulations": ("set of regulations", "sets of regulations"),
    "board": ("fact of the board", "facts of the board"),
    "component": ("component mark", "component marks"),
    "module": ("module result", "module results"),
    "award": ("student's award", "students' awards"),
    "progression": ("student's progression", "students' progressions"),
}
"""What can change, in the order it is told; one of it, and several."""

_COMPARED: dict[str, tuple[str, tuple[str, ...], dict[str, str]]] = {
    "components": (
        "component",
        ("student_id", "module", "component", "attempt"),
        {"raw_mark": "mark before the rules", "mark": "mark"},
    ),
    "modules": (
        "module",
        ("student_id", "module"),
        {"mark": "module mark", "grade": "grade", "outcome": "outcome"},
    ),
    "awards": (
        "award",
        ("student_id",),
        {
            "average": "average",
            "classification": "class",
            "basis": "basis",
            "eligible": "credit for the award",
        },
    ),
    "progression": ("progression", ("student_id",), {"decision": "decision"}),
}


@dataclass(frozen=True)
class Changes:
    """What differs from an earlier run.

    Args:
        rows: one row a value that differs: ``change`` (of what), ``student_id``, ``module``, ``component``,
            ``attempt``, ``what``, ``before`` and ``after``; in the order of ``KINDS``, then by key.
    """

    rows: pl.DataFrame

    def counts(self) -> dict[str, int]:
        """Count what changed, by kind: inputs, pieces of work, module results, students."""
        keys = ["change", "student_id", "module", "component", "attempt"]
        named = self.rows.with_columns(
            pl.when(pl.col("student_id").is_null()).then(pl.col("what")).alias("thing")
        )
        found = dict(named.unique([*keys, "thing"]).group_by("change").len().iter_rows())
        return {kind: found[kind] for kind in KINDS if kind in found}

    def told(self) -> str:
        """Say in one line how much changed, naming nobody."""
        return ", ".join(plural(number, *KINDS[kind]) for kind, number in self.counts().items()) or "nothing"


def changes_since(board: BoardResult, folder: str | Path) -> Changes | None:
    """Compare a board with the run that a folder holds.

    Args:
        board: the assessed board.
        folder: where an earlier run was written; its files are only read.

    Returns:
        What differs, or none where the folder holds no run. A table that is not as boardkit wrote it is
        not compared.

    Examples:
        >>> import boardkit as bk, tempfile
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> with tempfile.TemporaryDirectory() as place:
        ...     first = changes_since(board, place)
        ...     out = board.write(place)
        ...     second = changes_since(board, out)
        >>> first is None, second.told()
        (True, 'nothing')
    """
    place = Path(folder)
    known = written(place)
    if not known:
        return None
    manifest = json.loads((place / MANIFEST).read_text("utf-8"))
    parts = [_facts(manifest, board)]
    for table, (kind, keys, columns) in _COMPARED.items():
        path = place / f"{table}.csv"
        if path.is_file() and known.get(path.name) == digest(path):
            earlier = _earlier(path, (*keys, *columns))
            if earlier is not None:
                parts.append(_differing(kind, earlier, _texts(board.table(table)), keys, columns))
    return Changes(pl.concat(parts))


def between(before: BoardResult, after: BoardResult, students: Collection[str]) -> pl.DataFrame:
    """Compare two boards: what differs of some students' module results, awards and progress.

    Args:
        before: a board.
        after: the same board with something changed.
        students: whom to look at.

    Returns:
        One row a value that differs, in the shape of ``SCHEMA``.
    """
    parts = []
    for table, (kind, keys, columns) in _COMPARED.items():
        if table != "components":
            frames = [_of(board, table, students) for board in (before, after)]
            parts.append(_differing(kind, frames[0].select(*keys, *columns), frames[1], keys, columns))
    return pl.concat(parts)


def _of(board: BoardResult, table: str, students: Collection[str]) -> pl.DataFrame:
    """Make the rows of some students in a table, and of no others."""
    known = board.ground.students["student_id"]
    places = known.is_in(list(students)).arg_true().to_list()
    return pl.concat([_texts(apart(board, [at, at + 1])[0].table(table)) for at in places])


def _earlier(path: Path, columns: Sequence[str]) -> pl.DataFrame | None:
    """Read a table as an earlier run wrote it; none where it has not these columns."""
    frame = pl.read_csv(path, infer_schema=False)
    if not set(columns) <= set(frame.columns):
        return None
    return frame.select(unguarded(pl.col(name)).alias(name) for name in columns)


def _texts(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.all().cast(pl.String))


def _differing(
    kind: str, before: pl.DataFrame, after: pl.DataFrame, keys: Sequence[str], columns: Mapping[str, str]
) -> pl.DataFrame:
    """Find every value that differs, keyed; a row that one side has not is empty there."""
    joined = before.join(after.select(*keys, *columns), on=keys, how="full", coalesce=True, suffix="_after")
    long = pl.concat(
        joined.select(
            *keys,
            what=pl.lit(said),
            before=pl.col(name),
            after=pl.col(f"{name}_after"),
            place=pl.lit(place),
        )
        for place, (name, said) in enumerate(columns.items())
    )
    absent = [
        pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in SCHEMA.items()
        if name not in (*long.columns, "change")
    ]
    return (
        long.filter(pl.col("before").ne_missing(pl.col("after")))
        .with_columns(*absent, change=pl.lit(kind))
        .with_columns(pl.col("attempt").cast(pl.Int64))
        .sort("student_id", "module", "component", "attempt", "place")
        .select(*SCHEMA)
    )


def _facts(manifest: Mapping[str, Any], board: BoardResult) -> pl.DataFrame:
    """Compare inputs, regulations and what the board table says."""
    pack, facts = board.pack, board.cohort.facts
    pairs = {
        "input": (
            {name: entry["sha256"] for name, entry in manifest.get("inputs", {}).items()},
            {item.name: item.sha256 for item in board.cohort.files},
        ),
        "regulations": (
            {manifest["regulations"]["id"]: manifest["regulations"]["sha256"]}
            if "regulations" in manifest
            else {},
            {pack.rules.pack.id: pack.digest},
        ),
        "board": (
            {name: str(value) for name, value in manifest.get("board", {}).items()},
            {**facts.values, "diet": facts.diet, "status": facts.status},
        ),
    }
    rows = [
        {"change": kind, "what": name, "before": before.get(name), "after": after.get(name)}
        for kind, (before, after) in pairs.items()
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]
    return pl.DataFrame(rows, schema=SCHEMA)
