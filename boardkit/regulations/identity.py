"""Identity: what tells one pack's rules from another's, whatever is written about them."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

if TYPE_CHECKING:
    from boardkit.regulations.model import Regulations


def identity(rules: Regulations) -> str:
    """Give the digest of a pack's values and clauses: comments, the order of keys and the readings' texts apart.

    Args:
        rules: a checked pack.

    Returns:
        A SHA-256 in hexadecimal, the same on every machine; 40 and 40.0 are one value.

    Examples:
        >>> import boardkit as bk
        >>> rules = bk.pack("qmu-2022")
        >>> identity(rules) == identity(rules.model_copy(update={"readings": {}})), len(identity(rules))
        (True, 64)
    """
    values = _plain(rules)
    del values["readings"]
    return _digest(values)


def identity_of(parts: object) -> str:
    """Give the digest of the values and clauses of some parts of a pack, in lists, tuples or tables.

    Examples:
        >>> import boardkit as bk
        >>> rules = bk.pack("qmu-2022")
        >>> identity_of([rules.studies]) == identity_of([rules.studies, rules.rounding]), len(identity_of([]))
        (False, 64)
    """
    return _digest(_plain(parts))


def _digest(values: object) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Write a part of a pack as texts, lists and tables; every number in its shortest form."""
    if isinstance(value, BaseModel):
        return {name: _plain(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return f"{Decimal(value).normalize():f}"
    return value if value is None or isinstance(value, bool) else str(value)
