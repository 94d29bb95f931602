"""What boardkit says when it cannot go on: one sentence, what is wrong and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class BoardkitError(Exception):
    """Say that the call, the regulations or a file cannot be used.

    The message is one sentence or two for a person: what is wrong and what to do next. The command
    line prints it after ``boardkit:`` and ends with exit code 2; a notebook shows it with no traceback.
    """

    def _render_traceback_(self) -> list[str]:
        """Show a notebook the sentence alone, as IPython asks for it."""
        return [f"boardkit: {self}"]


class FileError(BoardkitError):
    """Say that a file cannot be used.

    Args:
        path: the file; only its name is shown.
        code: a short stable name of the reason, such as ``encrypted`` or ``not-a-zip``.
        why: what is wrong, as the end of a sentence, with what to do as the next sentence.
    """

    def __init__(self, path: Path, code: str, why: str) -> None:
        super().__init__(f"cannot use {path.name}: {why}")
        self.path = path
        self.code = code
        self.why = why


class PackError(BoardkitError):
    """Say that a regulation pack cannot be used: file, key, what was found and what is allowed."""


class CallError(BoardkitError):
    """Say that what was asked for cannot be done as asked."""
