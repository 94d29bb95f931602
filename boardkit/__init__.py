"""boardkit: from a cohort's marks to exam-board outcomes, with the clause for every number.

Examples:
    >>> import boardkit as bk
    >>> cohort = bk.read("data/samples/psychology-2022.xlsx")
    >>> board = bk.assess(cohort, "qmu-2022")
    >>> board.awards.shape[0]
    120
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from boardkit.read import read  # here and now: the package of this name would else hide it

if TYPE_CHECKING:
    from boardkit.assessing import assess
    from boardkit.board import BoardResult
    from boardkit.cohort import Cohort
    from boardkit.errors import BoardkitError
    from boardkit.moderation.sample import sample
    from boardkit.regulations import pack
    from boardkit.tariffs import tariff

__version__ = "0.1.0"
__all__ = ["BoardResult", "BoardkitError", "Cohort", "assess", "pack", "read", "sample", "tariff"]

_HOMES = {
    "BoardResult": "boardkit.board",
    "BoardkitError": "boardkit.errors",
    "Cohort": "boardkit.cohort",
    "assess": "boardkit.assessing",
    "pack": "boardkit.regulations",
    "sample": "boardkit.moderation.sample",
    "tariff": "boardkit.tariffs",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``boardkit --help`` starts at once."""
    if name not in _HOMES:
        raise AttributeError(f"module boardkit has no attribute {name}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
