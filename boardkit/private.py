"""Private: files and folders that only their owner can read, since marks are people's."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILE, FOLDER = 0o600, 0o700


def private(path: Path) -> Path:
    """Make a file for its owner alone, empty where it is new, before anything is written to it.

    Examples:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     oct(private(Path(folder) / "marks.csv").stat().st_mode & 0o777)
        '0o600'
    """
    path.touch(mode=FILE)
    path.chmod(FILE)
    return path
