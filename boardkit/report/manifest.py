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
    from collections.abc import Sequence

    from boardkit.board import BoardResult
    from boardkit.cohort import InputFile
    from boardkit.tariffs import CaseBook

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
    facts = board.cohort.facts
    return statement(
        folder,
        regulations={
            **_named(board.pack.rules.pack.id, board.pack.file, board.pack.digest),
            **({} if board.pack.parameters is None else {"parameters": dict(board.pack.parameters)}),
        },
        board={**dict(sorted(facts.values.items())), "diet": facts.diet, "status": facts.status},
        files=board.cohort.files,
        counts=counts,
        problems=board.severities,
    )


def _named(name: str, file: str, sha256: str) -> dict[str, str]:
    """Name the regulations."""
    return {"id": name, "file": file, "sha256": sha256}


def tariff_manifest(case: CaseBook, folder: Path, counts: dict[str, int]) -> str:
    """Write the manifest of what was made of offences: their regulations, inputs, counts and files."""
    tariff = case.tariff
    return statement(
        folder,
        regulations=_named(tariff.named.id, tariff.file, tariff.digest),
        board=dict(sorted(case.facts.values.items())),
        files=case.files,
        counts=counts,
        problems=case.severities,
    )


def statement(  # noqa: PLR0913 - a manifest states these
    folder: Path,
    *,
    regulations: dict[str, Any],
    board: dict[str, Any],
    files: Sequence[InputFile],
    counts: dict[str, int],
    problems: dict[str, int],
) -> str:
    """Write a manifest: what files were made from, how many rows they have, and the digest of each.

    Args:
        folder: the files that were made, and nothing else.
        regulations: the pack's id, file and digest, and what the board stated of it.
        board: what is known of the meeting.
        files: the files that were read.
        counts: how many rows every table has.
        problems: how many there are of each severity.

    Returns:
        The text of ``manifest.json``.
    """
    content: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "versions": {
            "boardkit": boardkit.__version__,
            "polars": pl.__version__,
            "python": platform.python_version(),
        },
        "regulations": regulations,
        "board": board,
        "seed": None,
        "inputs": {item.name: {"sha256": item.sha256, "bytes": item.size} for item in files},
        "counts": counts,
        "problems": problems,
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
