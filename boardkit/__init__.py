"""boardkit: from a cohort's marks to exam-board outcomes, with the clause for every number."""

from boardkit.board import BoardResult, assess
from boardkit.cohort import Cohort
from boardkit.errors import BoardkitError
from boardkit.read import read
from boardkit.regulations import regulations

__all__ = ["BoardResult", "BoardkitError", "Cohort", "assess", "read", "regulations"]
__version__ = "0.1.0"
