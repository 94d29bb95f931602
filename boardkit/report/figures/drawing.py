"""Drawing: a figure that shows itself in a notebook and is written as the same bytes every time."""

from __future__ import annotations

import io
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boardkit.errors import CallError
from boardkit.private import private

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

FORMATS = ("svg", "png")
SETTINGS: Any = {
    "svg.hashsalt": "boardkit",
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.parse_math": False,
}
"""The same drawing everywhere, with no text taken for a formula."""

_DOTS = 150
"""Dots per inch of a PNG."""

_METADATA: dict[str, Any] = {"svg": {"Date": None, "Creator": None}, "png": {"Software": None}}


@dataclass(frozen=True, repr=False)
class Drawing:
    """One figure, shown by itself in a notebook.

    Args:
        name: what it is called, and its file.
        told: what it shows, in a sentence, for those who cannot see it.
        figure: the matplotlib figure, to be changed at will.
    """

    name: str
    told: str
    figure: Figure

    def draw(self, kind: str = "svg") -> bytes:
        """Draw it as ``svg`` or ``png``.

        Raises:
            CallError: it cannot be drawn as that.
        """
        if kind not in FORMATS:
            raise CallError(f'a figure cannot be drawn as "{kind}". Give {" or ".join(FORMATS)}.')
        import matplotlib as mpl  # noqa: PLC0415 - only where figures are drawn

        drawn = io.BytesIO()
        with mpl.rc_context(SETTINGS):
            self.figure.savefig(drawn, format=kind, dpi=_DOTS, metadata=_METADATA[kind])
        return drawn.getvalue()

    def __repr__(self) -> str:
        return f"{self.name}: {self.told}"

    def _repr_html_(self) -> str:
        drawn = self.draw("svg").decode("utf-8")
        return f"<figure>{drawn[drawn.index('<svg') :]}<figcaption>{escape(self.told)}</figcaption></figure>"


class Drawings:
    """The figures of a board by name: ``drawings["classes"]``, ``drawings["PS4021"]``.

    Args:
        drawings: the figures, in the order they are shown.
    """

    def __init__(self, drawings: list[Drawing]) -> None:
        self._named = {drawing.name: drawing for drawing in drawings}

    def __getitem__(self, name: str) -> Drawing:
        if name not in self._named:
            raise CallError(f'there is no figure "{name}". There are: {", ".join(self._named)}.')
        return self._named[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._named)

    def __len__(self) -> int:
        return len(self._named)

    def __repr__(self) -> str:
        return f"Drawings: {', '.join(self._named)}"

    def _repr_html_(self) -> str:
        return "".join(drawing._repr_html_() for drawing in self._named.values())

    def write(self, out: str | Path, *, kind: str = "png") -> Path:
        """Write every figure to a folder, for its owner alone, over figures of the same names.

        Args:
            out: the folder; made where it is not there.
            kind: ``png`` or ``svg``.

        Returns:
            The folder.

        Raises:
            CallError: it cannot be written, or there is no such kind.
        """
        folder = Path(out)
        drawn = {f"figure-{_plain(name)}.{kind}": self[name].draw(kind) for name in self}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, content in drawn.items():
                private(folder / name)
                (folder / name).write_bytes(content)
        except OSError as error:
            raise CallError(
                f"cannot write to {folder.name}: {error.strerror}. Choose another folder."
            ) from error
        return folder


def _plain(name: str) -> str:
    """Make a file's name of a code."""
    return "".join(char if char.isalnum() else "-" for char in name)
