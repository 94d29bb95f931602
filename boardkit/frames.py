"""Frames at the edge: pandas or polars in, the same kind back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import polars as pl
from polars import selectors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Flavour = Literal["pandas", "polars"]


def hand_back(frame: pl.DataFrame, flavour: Flavour) -> Any:
    """Give a frame in the kind that the user works with.

    Marks are exact decimals in polars and floats in pandas, to be drawn and printed. Choices are text.

    Examples:
        >>> import polars as pl
        >>> type(hand_back(pl.DataFrame({"a": [1]}), "pandas")).__name__
        'DataFrame'
    """
    frame = frame.with_columns(selectors.enum().cast(pl.String))
    if flavour == "polars":
        return frame
    return frame.with_columns(selectors.decimal().cast(pl.Float64)).to_pandas()


class Frames:
    """Tables by name, as attributes, each made when it is asked for and handed back in one kind of frame.

    Args:
        names: the names of the tables.
        make: gives a table by its name, as polars.
        flavour: the kind of frame to hand back.
    """

    def __init__(self, names: Iterable[str], make: Callable[[str], pl.DataFrame], flavour: Flavour) -> None:
        self._names = tuple(names)
        self._make = make
        self._flavour: Flavour = flavour

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._names:
            raise AttributeError(f"there is no table {name}; there are: {', '.join(self._names)}")
        return self[name]

    def __getitem__(self, name: str) -> Any:
        return hand_back(self._make(name), self._flavour)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __dir__(self) -> list[str]:
        return list(self._names)

    def __repr__(self) -> str:
        return f"Frames: {', '.join(self._names)}"
