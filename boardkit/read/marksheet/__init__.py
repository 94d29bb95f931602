"""Marksheets as boards hold them, one row a student and one column a piece of work, read as board.toml says."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

NAME = "board.toml"


def is_board(folder: Path) -> bool:
    """Tell whether a folder holds a board.toml."""
    return (folder / NAME).is_file()
