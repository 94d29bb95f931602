"""Values of a pack read by their annotations: what may stand in a place, and a fault where something else does."""

from __future__ import annotations

from collections.abc import Callable
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Protocol, Union, get_args, get_origin

from boardkit.regulations.faults import KEY, Fault, Where, shown

Reader = Callable[[Any, Where, list[Fault]], Any]
"""Gives what a value is read as, and adds what is wrong with it to the faults."""

_ELSE = "what a shipped pack has there"


class NotAllowed(ValueError):  # noqa: N818 - it says what is allowed
    """A value may not stand in its place.

    Args:
        allowed: what may.
    """

    def __init__(self, allowed: str) -> None:
        super().__init__(allowed)
        self.allowed = allowed


class LetIn(NamedTuple):
    """In an annotation: what lets a value in, or says what is allowed; it alone decides."""

    check: Callable[[Any], Any]


class Then(NamedTuple):
    """In an annotation: what looks at a value that is of its kind, and raises a ``ValueError``."""

    check: Callable[[Any], None]


class Length(NamedTuple):
    """In an annotation: how many items there are to be."""

    least: int
    most: int | None = None


class _Table(Protocol):
    def read(self, value: Any, where: Where, faults: list[Fault]) -> Any: ...


def reader(kind: Any) -> Reader:
    """Make what reads the values of an annotation.

    Examples:
        >>> faults = []
        >>> reader(list[Literal["core", "option"]])(["core", 7], ("whole",), faults)
        ['core', None]
        >>> faults
        [Fault(where=('whole', 1), sentence='found 7. Allowed: "core" or "option"')]
    """
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _annotated(inside[0], inside[1:])
    if origin in (Union, UnionType):
        return _or_none(next(one for one in inside if one is not type(None)))
    made: dict[Any, Callable[..., Reader]] = {Literal: _word, list: _items, dict: _pairs}
    if origin in made:
        return made[origin](*inside)
    if isinstance(kind, type) and hasattr(kind, "read"):
        table: _Table = kind
        return table.read
    return _text if kind is str else _anything


def found_instead(value: Any, where: Where, allowed: str) -> Fault:
    """Say what stands in a place and what may."""
    return Fault(where, f"found {shown(value)}. Allowed: {allowed}")


def told(where: Where, error: ValueError) -> list[Fault]:
    """Make faults of what a check has said, one a line."""
    return [Fault(where, line) for line in str(error).split("\n")]


def _annotated(kind: Any, marks: tuple[Any, ...]) -> Reader:
    for mark in marks:
        if isinstance(mark, LetIn):
            return _let_in(mark.check)
    inner = reader(kind)
    lengths = [mark for mark in marks if isinstance(mark, Length)]
    checks = [mark.check for mark in marks if isinstance(mark, Then)]

    def read(value: Any, where: Where, faults: list[Fault]) -> Any:
        before = len(faults)
        if isinstance(value, list | dict):
            faults += [fault for length in lengths for fault in _length(value, where, length)]
        if len(faults) > before:
            return None
        made = inner(value, where, faults)
        for check in checks if len(faults) == before else ():
            try:
                check(made)
            except ValueError as error:
                faults += told(where, error)
        return made

    return read


def _length(value: list[Any] | dict[Any, Any], where: Where, length: Length) -> list[Fault]:
    if len(value) < length.least:
        least = "at least one item" if isinstance(value, list) else "at least one key with its value"
        return [found_instead(value, where, least)]
    if length.most is not None and len(value) > length.most:
        return [found_instead(value, where, _ELSE)]
    return []


def _let_in(check: Callable[[Any], Any]) -> Reader:
    def read(value: Any, where: Where, faults: list[Fault]) -> Any:
        try:
            return check(value)
        except NotAllowed as error:
            faults.append(found_instead(value, where, error.allowed))
            return None

    return read


def _or_none(kind: Any) -> Reader:
    inner = reader(kind)
    return lambda value, where, faults: None if value is None else inner(value, where, faults)


def _word(*words: str) -> Reader:
    quoted = [f'"{word}"' for word in words]
    allowed = " or ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)

    def read(value: Any, where: Where, faults: list[Fault]) -> Any:
        if isinstance(value, str) and value in words:
            return value
        faults.append(found_instead(value, where, allowed))
        return None

    return read


def _items(kind: Any) -> Reader:
    inner = reader(kind)

    def read(value: Any, where: Where, faults: list[Fault]) -> Any:
        if not isinstance(value, list):
            faults.append(found_instead(value, where, "a list in square brackets"))
            return None
        return [inner(item, (*where, place), faults) for place, item in enumerate(value)]

    return read


def _pairs(key_kind: Any, kind: Any) -> Reader:
    of_key, inner = reader(key_kind), reader(kind)

    def read(value: Any, where: Where, faults: list[Fault]) -> Any:
        if not isinstance(value, dict):
            faults.append(found_instead(value, where, "a table"))
            return None
        return {
            of_key(key, (*where, key, KEY), faults): inner(item, (*where, key), faults)
            for key, item in value.items()
        }

    return read


def _text(value: Any, where: Where, faults: list[Fault]) -> Any:
    if not isinstance(value, str):
        faults.append(found_instead(value, where, _ELSE))
    return value


def _anything(value: Any, _where: Where, _faults: list[Fault]) -> Any:
    return value
