"""Load board.toml: every fault named by its key, what was found and what is allowed."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic import ValidationError

from boardkit.errors import FileError
from boardkit.read.marksheet.plan import Plan
from boardkit.regulations.faults import sentences, toml_sentence

if TYPE_CHECKING:
    from pathlib import Path


def load_plan(path: Path, content: bytes) -> Plan:
    """Read what board.toml says.

    Args:
        path: the file, for messages.
        content: what is in it.

    Returns:
        The checked plan.

    Raises:
        FileError: it is no TOML, or says what cannot be; the message names every fault.

    Examples:
        >>> from pathlib import Path
        >>> load_plan(Path("board.toml"), b'tables = ["marks.csv"]').tables
        ('marks.csv',)
    """
    try:
        values = tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise FileError(path, "board-toml", "it is not UTF-8 text. Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise FileError(path, "board-toml", f"{toml_sentence(path.name, error)} Correct it.") from error
    except (ValueError, RecursionError) as error:
        why = "a number is too long, or tables stand too deep in one another. Correct it."
        raise FileError(path, "board-toml", why) from error
    try:
        return Plan.model_validate(values)
    except ValidationError as error:
        faults = [sentence.removeprefix(": ") for sentence in sentences("", error, Plan)]
        raise FileError(path, "board-toml", "\n".join(faults)) from error
