"""The external examiner's pack: what is to be looked at and what it is held against, with nobody's name in it (5.7)."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from boardkit.errors import CallError
from boardkit.masking import Masks
from boardkit.moderation.certificate import as_json, readable
from boardkit.moderation.files import CERTIFICATE, READABLE, TABLE, csv_of, write_files
from boardkit.moderation.fitted import moderation_of
from boardkit.moderation.pack_tables import pack_tables
from boardkit.moderation.sheets import workbook
from boardkit.report.names import plural

if TYPE_CHECKING:
    from collections.abc import Iterable

    from boardkit.moderation.sample import Sample

BOOK = "external.xlsx"
_SHEETS = {
    "sample": "Sample",
    "modules": "Modules",
    "distributions": "Distributions",
    "scaling": "Scaling",
    "recommendations": "Recommendations",
    "evidence": "Evidence",
    "notes": "Not sent",
}


def external_files(sample: Sample) -> dict[str, str | bytes]:
    """Make the files of the pack.

    Args:
        sample: an external's sample.

    Returns:
        The content of each by its name: a workbook, its tables, the certificate.

    Raises:
        CallError: the sample is not an external's.
    """
    if sample.key is None:
        raise CallError(
            'the sample is for internal moderation. Draw one with purpose="external", --for external.'
        )
    masks = Masks.of(sample.cohort)
    made = {"sample": sample.table("sample"), **pack_tables(sample, masks), "notes": sample.scripts.notes}
    book = workbook(
        masks.mask(_title(sample)) or "",
        _about(sample),
        {_SHEETS[name]: table for name, table in made.items()},
    )
    files: dict[str, str | bytes] = {f"{name}.csv": csv_of(table) for name, table in made.items()}
    digest = hashlib.sha256(str(files[TABLE]).encode()).hexdigest()
    return {BOOK: book, **files, CERTIFICATE: as_json(sample, digest), READABLE: readable(sample)}


def write_external(
    sample: Sample, out: str | Path, *, read: Iterable[Path] = (), force: bool = False
) -> Path:
    """Write the pack to a folder, and its key beside the folder and not in it.

    Args:
        sample: an external's sample.
        out: the folder.
        read: what it was made of, and is never written over.
        force: write over a pack that is there.

    Returns:
        The folder.

    Raises:
        CallError: the sample is not an external's, a pack or another file is there already, or the folder cannot be
            written.
    """
    return write_files(sample, Path(out), external_files(sample), read=read, force=force)


def _title(sample: Sample) -> str:
    title = sample.cohort.facts.values.get("title")
    return f"For the external examiner: {title}" if title else "For the external examiner"


def _about(sample: Sample) -> list[str]:
    """Say what the pack holds, and what is asked of its reader."""
    rules, pack = moderation_of(sample.pack), sample.pack.rules
    whole, size = rules.whole_cohort.source, rules.size.source
    drawn, of = sample.drawn.height, sample.groups.height
    double = sample.scripts.notes.filter(pl.col("note").str.contains("two markers", literal=True)).height
    seed = f"Sample: {plural(drawn, 'script')} of {plural(of, 'assessment')}, seed {sample.asked.seed} ({size}), with its certificate."
    return [
        f"{pack.pack.institution}, {pack.pack.title} ({pack.pack.id}).",
        seed,
        f"Not sent: what is left out, and why; double marked as a whole: {double:,}.",
        "Modules, Distributions, Scaling, Recommendations with their responses, Evidence of internal moderation.",
        "Students stand as numbers that only the module co-ordinator can turn back.",
        f"Concerns are about the marks of a whole cohort, and no single mark is changed here ({whole}).",
        "small: so few students that their statistics should go no further.",
    ]
