"""The manifest: what a run was made from and what it wrote, with the digest of each."""

from __future__ import annotations

import hashlib
import json
import platform
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

import boardkit

if TYPE_CHECKING:
    from boardkit.board import BoardResult

MANIFEST = "manifest.json"
SCHEMA_VERSION = 1


def manifest(board: BoardResult, folder: Path, counts: dict[str, int]) -> str:
    """Write the manifest of the files that a folder holds.

    Args:
        board: what was assessed.
        folder: the files of the run, and nothing else.
        counts: how many rows every table has.

    Returns:
        The text of ``manifest.json``.
    """
    pack = board.pack
    facts = board.cohort.facts
    content: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "versions": {
            "boardkit": boardkit.__version__,
            "polars": pl.__version__,
            "python": platform.python_version(),
        },
        "regulations": {
            "id": pack.rules.pack.id,
            "file": pack.file,
            "sha256": pack.digest,
            **({} if pack.parameters is None else {"parameters": dict(pack.parameters)}),
        },
        "board": {**dict(sorted(facts.values.items())), "diet": facts.diet, "status": facts.status},
        "seed": None,
        "inputs": {item.name: {"sha256": item.sha256, "bytes": item.size} for item in board.cohort.files},
        "counts": counts,
        "problems": board.severities,
        "outputs": {
            path.name: {"sha256": digest(path), "bytes": path.stat().st_size}
            for path in sorted(folder.iterdir())
        },
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def written(folder: Path) -> dict[str, str]:
    """Give the digests of the files that an earlier run wrote into a folder, by name."""
    try:
        outputs = json.loads((folder / MANIFEST).read_text("utf-8"))["outputs"]
        digests = {str(name): str(entry["sha256"]) for name, entry in outputs.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return {name: told for name, told in digests.items() if name and Path(name).name == name}


def digest(path: Path) -> str:
    """Give a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
