"""New: the commented skeleton of a pack, to fill in, with the form that an editor completes it by."""

from __future__ import annotations

import re
from importlib import resources
from typing import TYPE_CHECKING

from boardkit.errors import CallError
from boardkit.problems import show
from boardkit.regulations.load import SUFFIX, shipped
from boardkit.regulations.schema import FILE, schema
from boardkit.regulations.values import PACK_ID
from boardkit.whole import named, write_whole

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
        CallError: the id cannot be one or is taken, or the files cannot be written; neither a pack nor another's form is
            written over.
    """
    if not re.fullmatch(PACK_ID, name):
        raise CallError(
            f'"{show(name)}" cannot be an id. Allowed: small letters, digits, points and hyphens, such as kings-2025.'
        )
    if name.endswith(SUFFIX):
        raise CallError(
            f'"{name}" is the name of a file, and not an id. Leave out {SUFFIX}: {name.removesuffix(SUFFIX)}.'
        )
    if name in shipped():
        raise CallError(f'"{name}" is a pack that comes with boardkit. Choose another id.')
    pack, form = folder / f"{name}{SUFFIX}", folder / FILE
    if not folder.is_dir():
        raise CallError(f"cannot write to {named(folder)}: there is no such folder.")
    if pack.exists() or pack.is_symlink():
        raise CallError(f"{pack.name} is already there, and was not written over. Choose another id.")
    files = {pack.name: skeleton(name), FILE: schema()}
    if (form.exists() or form.is_symlink()) and not _holds(form, files.pop(FILE)):
        raise CallError(
            f"{FILE} is already there and says something else, and was not written over. "
            "Move it away, or name another folder with --out."
        )
    write_whole(folder, files)
    return pack, form


def _holds(file: Path, text: str) -> bool:
    """Tell whether a file holds a text, and nothing else."""
    try:
        return file.read_bytes() == text.encode()
    except OSError:
        return False
