"""Anonymous numbers: what stands for a student on papers that leave the university (5.7; MS7).

A number is made of the student's identifier under a key (HMAC-SHA256), which is kept in a file apart. With one key a
student has one number throughout a board; without the key nobody can tell whose it is, nor try identifiers out.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from typing import TYPE_CHECKING

import polars as pl

from boardkit.errors import CallError

if TYPE_CHECKING:
    from pathlib import Path

_BYTES = 32
_SIGNS = 10
"""So many signs of 32 each: among 100,000 students two have one number once in some 200,000 boards, and it is refused."""


def new_key() -> bytes:
    """Make a key that nobody can guess."""
    return secrets.token_bytes(_BYTES)


def script_ids(students: pl.Series, key: bytes) -> pl.Series:
    """Give students their anonymous numbers.

    Args:
        students: identifiers.
        key: the key.

    Returns:
        A number for each, in their order.

    Raises:
        CallError: two students have one number.

    Examples:
        >>> script_ids(pl.Series(["40012345", "40012345"]), b"k" * 32).to_list()
        ['S6LCGAYNTIY', 'S6LCGAYNTIY']
    """
    each = students.unique()
    made = [_number(student, key) for student in each.to_list()]
    if len(set(made)) < len(made):
        raise CallError("two students have one anonymous number. Take another key file.")
    return students.replace_strict(each, pl.Series(made, dtype=pl.String), return_dtype=pl.String)


def _number(student: str, key: bytes) -> str:
    digest = hmac.new(key, student.encode(), hashlib.sha256).digest()
    return f"S{base64.b32encode(digest).decode()[:_SIGNS]}"


def read_key(path: Path) -> bytes:
    """Read a key file.

    Raises:
        CallError: it holds no key.
    """
    try:
        text = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CallError(
            f"cannot use {path.name}: {getattr(error, 'strerror', None) or 'it is no key'}."
        ) from error
    if not re.fullmatch(f"[0-9a-f]{{{2 * _BYTES}}}", text):
        raise CallError(
            f"cannot use {path.name}: it holds no key. Give the one that was written with the sample."
        )
    return bytes.fromhex(text)


def key_text(key: bytes) -> str:
    """Give what a key file holds."""
    return f"{key.hex()}\n"
