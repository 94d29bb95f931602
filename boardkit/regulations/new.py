"""New: the commented skeleton of a pack, to fill in, with the form that an editor completes it by."""

from __future__ import annotations

import re
from importlib import resources
from typing import TYPE_CHECKING

from boardkit.errors import CallError
from boardkit.private import private
from boardkit.regulations.load import SUFFIX, shipped
from boardkit.regulations.schema import FILE, schema
from boardkit.regulations.values import PACK_ID

if TYPE_CHECKING:
    from pathlib import Path


def skeleton(name: str) -> str:
    """Give the text of a pack that is still to be filled in.

    What has to be filled in stands as ``"?"`` or ``""``, which the loader refuses place by place: its
    refusal is the list of what is left.

    Args:
        name: the pack's id.

    Examples:
        >>> 'id = "kings-2025"' in skeleton("kings-2025")
        True
    """
    text = (resources.files("boardkit.regulations") / f"skeleton{SUFFIX}").read_text("utf-8")
    return text.replace("{id}", name)


def write_new(name: str, folder: Path) -> tuple[Path, Path]:
    """Write the skeleton of a pack, and the form for editors beside it.

    Args:
        name: the pack's id.
        folder: where; it has to be there.

    Returns:
        The pack's file and the form's.

    Raises:
        CallError: the id cannot be one or is taken, or the files cannot be written; a pack is never written over.
    """
    if not re.fullmatch(PACK_ID, name):
        raise CallError(
            f'"{name}" cannot be an id. Allowed: small letters, digits, points and hyphens, such as kings-2025.'
        )
    if name in shipped():
        raise CallError(f'"{name}" is a pack that comes with boardkit. Choose another id.')
    pack, form = folder / f"{name}{SUFFIX}", folder / FILE
    if not folder.is_dir():
        raise CallError(f"cannot write to {folder.name}: there is no such folder.")
    if pack.exists():
        raise CallError(f"{pack.name} is already there, and was not written over. Choose another id.")
    try:
        for file, text in ((pack, skeleton(name)), (form, schema())):
            private(file)
            file.write_text(text, "utf-8")
    except OSError as error:
        raise CallError(f"cannot write to {folder.name}: {error.strerror}.") from error
    return pack, form
