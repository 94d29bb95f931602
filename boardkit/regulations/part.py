"""What every part of a pack is: strict, never changed, cited where it rules, and refused with every fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, field
from typing import (
    Any,
    ClassVar,
    NamedTuple,
    NoReturn,
    Self,
    dataclass_transform,
    get_origin,
    get_type_hints,
)

from boardkit.regulations.faults import Fault, Where
from boardkit.regulations.reading import Reader, found_instead, reader, told
from boardkit.regulations.values import Readings, Text

Others = Mapping[str, Any]
"""The values of a part that stand before the one that is looked at, and are in order."""


class FaultyPartError(ValueError):
    """What is wrong with a part.

    Args:
        faults: each with its place in the part.
    """

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(fault.sentence for fault in faults))
        self.faults = faults


class OneOf(NamedTuple):
    """Two keys of which exactly one stands in a part, and how they are written."""

    one: str
    other: str
    written: str


class KeyCheck(NamedTuple):
    """What looks at the value of a key."""

    key: str
    check: Callable[[Any, Others], None]


def of_key(key: str) -> Callable[[Callable[[Any, Any], None]], KeyCheck]:
    """Look at the value of a key, once it is of its kind, and raise a ``ValueError`` where it cannot be."""
    return lambda check: KeyCheck(key, check)


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
class Part:
    """A part of a pack: unknown keys are refused, nothing is converted, nothing changes later.

    Its annotations are its keys, and say what may stand there. What can be told from the keys alone is told
    together with what is wrong with the values.
    """

    one_of: ClassVar[tuple[OneOf, ...]] = ()
    together: ClassVar[tuple[tuple[str, str], ...]] = ()
    written: ClassVar[Mapping[str, str]] = {}
    """How keys are written that are no names in Python."""

    _checks: ClassVar[tuple[KeyCheck, ...]] = ()
    _readers: ClassVar[dict[str, Reader]] = {}

    def __init_subclass__(cls) -> None:
        own = (check for check in vars(cls).values() if isinstance(check, KeyCheck))
        cls._checks = (*cls._checks, *own)
        cls._readers = {}

    def __init__(self, **values: Any) -> None:
        faults: list[Fault] = []
        self._take(values, (), faults)
        if faults:
            raise FaultyPartError(faults)

    @classmethod
    def read(cls, value: Any, where: Where, faults: list[Fault]) -> Self | None:
        """Read a table as this part.

        Args:
            value: what stands there.
            where: the place.
            faults: takes what is wrong with it.

        Returns:
            The part; None where something is wrong.
        """
        if isinstance(value, cls):
            return value
        if not isinstance(value, dict):
            faults.append(found_instead(value, where, f"a table with {', '.join(cls.written_keys())}"))
            return None
        before, part = len(faults), cls.__new__(cls)
        cls._take(part, value, where, faults)
        return part if len(faults) == before else None

    @classmethod
    def readers(cls) -> Mapping[str, Reader]:
        """Give the names of the keys, in order, with what reads their values."""
        if not cls._readers:  # read off the annotations when first asked for: one may name a later part
            hints = get_type_hints(cls, include_extras=True).items()
            own = {name: hint for name, hint in hints if ClassVar not in (hint, get_origin(hint))}
            cls._readers = {name: reader(hint) for name, hint in own.items()}
        return cls._readers

    @classmethod
    def written_keys(cls) -> list[str]:
        """Give the keys as they are written in a pack."""
        return [cls.written.get(name, name) for name in cls.readers()]

    def _take(self, values: dict[str, Any], where: Where, faults: list[Fault]) -> None:
        """Take the values that are in order, and find all that is wrong."""
        before = len(faults)
        faults += [Fault((*where, *fault.where), fault.sentence) for fault in self.faults(values)]
        made: dict[str, Any] = {}
        for name, read in self.readers().items():
            key = self.written.get(name, name)
            if key in values:
                known = len(faults)
                value = read(values[key], (*where, key), faults)
                if len(faults) == known:
                    faults += self._refused(name, value, made, (*where, key))
                if len(faults) == known:
                    made[name] = value
            elif (default := getattr(type(self), name, MISSING)) is not MISSING:
                made[name] = _made(default) if isinstance(default, Field) else default
            else:
                faults.append(Fault((*where, key), "it is missing. It has to be given"))
        allowed = self.written_keys()
        faults += [
            Fault((*where, key), f"there is no such key. Allowed here: {', '.join(allowed)}")
            for key in values
            if key not in allowed
        ]
        self.__dict__.update(made)
        if len(faults) == before:
            try:
                self._agree()
            except ValueError as error:
                faults += told(where, error)

    def _refused(self, name: str, value: Any, before: Others, where: Where) -> list[Fault]:
        """Find what the checks of a key have against its value."""
        found: list[Fault] = []
        for one in self._checks:
            if one.key == name:
                try:
                    one.check(value, before)
                except ValueError as error:
                    found += told(where, error)
        return found

    def _agree(self) -> None:
        """Look at the values together, once each is in order, and raise a ``ValueError`` where they cannot be."""

    @classmethod
    def faults(cls, values: dict[str, Any]) -> list[Fault]:
        """Find what is wrong with the keys of a part, whatever their values are."""
        found = []
        for one, other, written in cls.one_of:
            if one not in values and other not in values:
                found.append(Fault((), f"neither {one} nor {other} is given. Give {written}"))
            elif one in values and other in values:
                found.append(Fault((), f"{one} and {other} are both given. Give one of them"))
        for one, other in cls.together:
            if (one in values) != (other in values):
                here, missing = (one, other) if one in values else (other, one)
                found.append(Fault((), f"{here} is given without {missing}. Give both, or neither"))
        return found

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} never changes, and {name} cannot be set")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"
        )


def _made(default: Any) -> Any:
    return default.default_factory()


class Cited(Part):
    """A rule with where it comes from: a clause, or who decides it where no regulation does."""

    one_of: ClassVar[tuple[OneOf, ...]] = (
        OneOf("clause", "local", 'clause = "16.1", or local = "who decides it"'),
    )

    clause: Text | None = None
    local: Text | None = None
    reading: Readings | None = None

    @property
    def source(self) -> str:
        """The clause, or ``local: who decides``."""
        return self.clause if self.clause is not None else f"local: {self.local}"

    @property
    def citation(self) -> str:
        """The source, and the reading where there is one."""
        return f"{self.source}; reading {self.reading}" if self.reading else self.source


def cited(part: object) -> list[Cited]:
    """Find every cited rule in a part of a pack, in the order it is written."""
    found: list[Cited] = []
    if isinstance(part, Cited):
        found.append(part)
    if isinstance(part, Part):
        for name in type(part).readers():
            found += cited(getattr(part, name))
    elif isinstance(part, dict):
        for value in part.values():
            found += cited(value)
    elif isinstance(part, list | tuple):
        for value in part:
            found += cited(value)
    return found
