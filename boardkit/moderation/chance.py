"""Chance: a number for every script that follows from a seed and the script's key alone.

It is the first eight bytes of SHA-256 over the seed, whom the sample is for, the assessment and the student. It is the
same on every machine, in every version of every library and whatever order the rows stand in; so is a sample that is
drawn by it. Two scripts of one student, and two samples of one script, have numbers that have nothing to do with
each other.
"""

from __future__ import annotations

import hashlib
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable

_BYTES = 8
CELL_BITS = 20


def begin(*parts: object) -> hashlib._Hash:
    """Begin a hash over texts that are told apart by their lengths.

    Examples:
        >>> begin("ab", "c").digest() == begin("a", "bc").digest()
        False
    """
    made = hashlib.sha256()
    for part in parts:
        text = str(part).encode()
        made.update(b"%d:" % len(text))
        made.update(text)
    return made


def chances(rows: pl.DataFrame, groups: pl.DataFrame, seed: int, purpose: str) -> pl.Series:
    """Give every script its number.

    Args:
        rows: scripts by ``student_id``, sorted by their group.
        groups: the groups in order, with their ``module``, ``component``, ``attempt`` and size ``n``.
        seed: what the sample is drawn from.
        purpose: for whom.

    Returns:
        Whole numbers of 64 bits, in the order of the rows.
    """
    ids = rows["student_id"].to_list()
    ends = [0, *groups["n"].cum_sum().to_list()]
    digests: list[bytes] = []
    for key, (first, last) in zip(
        groups.select("module", "component", "attempt").iter_rows(), pairwise(ends), strict=True
    ):
        digests += _each(begin(seed, purpose, *key), ids[first:last])
    return _numbers(digests).alias("chance")


def cell_chances(cells: pl.DataFrame, seed: int, purpose: str) -> pl.Series:
    """Give every cell a number of `CELL_BITS` bits: a grade band of an assessment, or one marker's part of it.

    Args:
        cells: by ``module``, ``component``, ``attempt``, ``band`` and, for the parts of bands, ``marker``, empty where none
            is named: such a part has a number of its own, which tells nothing of its band's.
        seed: what the sample is drawn from.
        purpose: for whom.
    """
    named = "marker" in cells.columns
    keys = (key if named and key[-1] else (*key, "") for key in cells.iter_rows())
    digests = [begin(seed, purpose, "cell", *key).digest() for key in keys]
    return (_numbers(digests) // (1 << (8 * _BYTES - CELL_BITS))).cast(pl.Int64).alias("u")


def _each(begun: hashlib._Hash, ids: Iterable[str]) -> list[bytes]:
    made = []
    for student in ids:
        own = begun.copy()
        own.update(student.encode())
        made.append(own.digest())
    return made


def _numbers(digests: list[bytes]) -> pl.Series:
    joined = b"".join(digest[:_BYTES] for digest in digests)
    return pl.Series(np.frombuffer(joined, dtype=">u8").astype(np.uint64), dtype=pl.UInt64)
