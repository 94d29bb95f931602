"""Which reader a source asks for, and the cohort that its tables make."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from boardkit.check import check
from boardkit.errors import CallError, PackError
from boardkit.read.folder import SUFFIXES, from_folder
from boardkit.read.frames import from_frames
from boardkit.read.limits import raised
from boardkit.read.marksheet import is_board
from boardkit.read.names import table_named, without_marks
from boardkit.read.oulad import from_oulad, is_oulad
from boardkit.read.sheets import from_workbook
from boardkit.regulations import assessing, load
from boardkit.tables import STUDY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from boardkit.cohort import Cohort, Facts
    from boardkit.read.raw import Raw

Study = Literal["undergraduate", "postgraduate"]

KINDS = ("oulad",)
"""The known exports besides boardkit's own tables."""


def read_source(  # noqa: PLR0913 - the call that everyone makes
    source: str | Path | Mapping[str, Any],
    *,
    kind: str | None = None,
    module: str | None = None,
    presentation: str | None = None,
    regulations: str | Path | None = None,
    study: Study | None = None,
    limits: Mapping[str, int] | None = None,
) -> Cohort:
    """Read and check a board's tables; ``boardkit.read`` tells of the arguments."""
    codes = _codes(regulations)
    guards = raised(limits or {})
    _refuse(source, kind, study)
    if not isinstance(source, str | Path):
        raws, sources, found, flavour = from_frames(source)
        return check(raws, sources, codes_for=codes, found=found, flavour=flavour, study=study)
    path = Path(source)
    if not path.exists():
        raise CallError(f"cannot find {path.name}. Check the path.")
    if kind == "oulad" or (kind is None and path.is_dir() and is_oulad(path)):
        raws, sources, found, files = from_oulad(path, module=module, presentation=presentation)
    elif module is not None or presentation is not None:
        raise CallError("a module and a presentation are chosen with the kind oulad alone.")
    elif path.is_dir() and is_board(path):
        from boardkit.read.marksheet.board import from_board  # noqa: PLC0415 - needed for such folders alone

        raws, sources, found, files = from_board(path, guards)
    elif path.is_dir():
        raws, sources, found, files = from_folder(path)
    elif path.suffix.lower() in SUFFIXES and (table := table_named(path.stem)) is not None:
        raise CallError(
            f"cannot use {path.name}: it is the {table} table alone. Give the folder that it is in, which may hold "
            "the other tables too."
        )
    else:
        raws, sources, found, files = from_workbook(path, guards)
    if not any(raw.table == "marks" for raw in raws):
        raise CallError(
            f"cannot use {path.name}: there is no marks table. Add a sheet or file called marks.{_results_alone(raws)}"
        )
    return check(raws, sources, codes_for=codes, found=found, files=files, study=study)


def _results_alone(raws: Sequence[Raw]) -> str:
    """Say what a board does that has the results of earlier boards alone."""
    return without_marks() if any(raw.table == "results" for raw in raws) else ""


def _refuse(source: object, kind: str | None, study: str | None) -> None:
    """Refuse a call that no source can answer."""
    if not isinstance(source, str | Path | Mapping):
        raise CallError(
            f"cannot read a {type(source).__name__}. Give the path of a workbook or a folder, or frames by the "
            'names of their tables: {"marks": frame, ...}.'
        )
    if study is not None and study not in STUDY:
        raise CallError(f'study "{study}" is not known. Give {" or ".join(STUDY)}.')
    if kind is not None and kind not in KINDS:
        raise CallError(f'there is no kind "{kind}". Kinds: {", ".join(KINDS)}.')


def _codes(regulations: str | Path | None) -> Callable[[Facts], Mapping[str, str]]:
    """Give the codes of the pack that is stated; else of the board's own; else of the only one shipped."""

    def codes_for(facts: Facts) -> Mapping[str, str]:
        stated = regulations or facts.values.get("regulations")
        if stated is None:
            every = [load(name).rules.codes.states for name in assessing()]
            return {code: state for states in every for code, state in states.items()}
        try:
            return load(stated).rules.codes.states
        except PackError:
            if regulations is not None:
                raise
            return {}

    return codes_for
