"""Verifying: a sample drawn again as its certificate says, and everything that the certificate says compared."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boardkit
from boardkit.errors import CallError
from boardkit.moderation.anonymous import read_key, script_ids
from boardkit.moderation.certificate import KIND, contents, readable
from boardkit.moderation.files import CERTIFICATE, READABLE, TABLE, csv_of, key_of
from boardkit.moderation.sample import draw_sample
from boardkit.moderation.scripts import GROUP, PURPOSES, Asked
from boardkit.report.names import plural

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boardkit.cohort import Cohort
    from boardkit.moderation.sample import Sample
    from boardkit.regulations import Pack

_MAY_DIFFER = ("boardkit", "inputs", "regulations", "assessments", "sample_sha256")
"""What another version or another file of the same marks may change, and what is compared by itself."""

_HOLDS = {
    "regulations": dict,
    "asked": dict,
    "assessments": list,
    "for": str,
    "seed": int,
    "sample_sha256": str,
    "clauses": dict,
}
"""What every certificate holds."""


@dataclass(frozen=True)
class Verified:
    """What drawing a sample again has shown.

    Args:
        same: the table and the certificate that are there are those of what is drawn.
        told: what differs, a sentence a line; what was compared, where nothing does.
    """

    same: bool
    told: tuple[str, ...]


def read_certificate(folder: Path) -> dict[str, Any]:
    """Read the certificate of a sample.

    Raises:
        CallError: there is none, or it does not hold what every certificate does.
    """
    try:
        said = json.loads((folder / CERTIFICATE).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CallError(
            f"cannot use {folder.name}: it holds no {CERTIFICATE}. Give the folder that boardkit sample wrote."
        ) from error
    if not isinstance(said, dict) or said.get("kind") != KIND:
        raise CallError(f"cannot use {folder.name}: its {CERTIFICATE} is not that of a sample.")
    if not _whole(said):
        raise _damaged(folder)
    return said


def _whole(said: Mapping[str, Any]) -> bool:
    """Tell whether a certificate holds what every one does, each of its kind."""
    if not all(isinstance(said.get(name), kind) for name, kind in _HOLDS.items()):
        return False
    asked = said["asked"]
    texts = all(isinstance(asked.get(name), str | None) for name in ("module", "component", "study"))
    lists = all(_of_texts(asked.get(name), list) for name in ("add", "add_bands"))
    named = all(_of_texts(each, dict) for each in (asked.get("settings"), said["clauses"]))
    again = isinstance(asked.get("reassessments"), bool | None)
    known = said["for"] in PURPOSES and isinstance(said["regulations"].get("id"), str)
    return texts and lists and named and again and known


def _of_texts(held: Any, kind: type) -> bool:
    """Tell whether something is a list of texts, or gives them by name."""
    each = held.values() if isinstance(held, dict) else held
    return isinstance(held, kind) and all(isinstance(one, str) for one in each)


def verify(folder: str | Path, cohort: Cohort, pack: Pack, *, key: Path | None = None) -> Verified:
    """Draw a sample again as its certificate says, and compare.

    Args:
        folder: what ``sample.write`` wrote.
        cohort: the board, read again.
        pack: the regulations that the certificate names.
        key: the key of an external's sample; else the one beside the folder.

    Returns:
        Whether the table, and whatever the certificate says, is the same, and where it differs.

    Raises:
        CallError: the folder holds no sample, or the key of an external's is not there.
    """
    path = Path(folder)
    said = read_certificate(path)
    held = key_of(path) if key is None else key
    secret = read_key(held) if said["for"] == "external" else None
    try:
        content = (path / TABLE).read_bytes()
    except OSError as error:
        raise CallError(f"cannot use {path.name}: it holds no {TABLE}.") from error
    try:
        again = draw_sample(cohort, pack, _asked(said, cohort, secret), key=secret)
        told = [
            *_changed(said, _plain(again)),
            *_rows(content.decode("utf-8", "replace"), csv_of(again.table("sample"))),
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(path) from error
    told = told or _vouched(path, said, content, again)
    if told:
        return Verified(same=False, told=tuple(told))
    drawn, of = plural(again.drawn.height, "script"), plural(again.groups.height, "assessment")
    return Verified(same=True, told=(f"{drawn} of {of} are what seed {again.asked.seed} draws",))


def _damaged(folder: Path) -> CallError:
    return CallError(f"cannot use {folder.name}: its {CERTIFICATE} is damaged.")


def _plain(sample: Sample) -> dict[str, Any]:
    """Give what the certificate would say, as it is read from a file."""
    said: dict[str, Any] = json.loads(json.dumps(contents(sample)))
    return said


def _asked(said: Mapping[str, Any], cohort: Cohort, key: bytes | None) -> Asked:
    """Ask for what the certificate says was asked for."""
    asked = said["asked"]
    return Asked(
        said["for"],
        said["seed"],
        asked["module"],
        asked["component"],
        asked["reassessments"],
        _unmasked(asked["add"], cohort, key),
        tuple(asked["add_bands"]),
        dict(asked["settings"]),
    )


def _unmasked(add: list[str], cohort: Cohort, key: bytes | None) -> tuple[str, ...]:
    """Give the students that were added their own identifiers back."""
    if key is None or not add:
        return tuple(add)
    students = cohort.numbers.students
    known = dict(zip(script_ids(students, key), students, strict=True))
    return tuple(known.get(one, one) for one in add)


def _changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Say what a certificate rests on, or states, that is not what there is."""
    told, other = [], before["regulations"] != after["regulations"]
    if other:
        told.append(f"the regulations {after['regulations']['id']} are not those of the certificate")
    told += _of_assessments(before["assessments"], after["assessments"])
    if not told:
        names = dict.fromkeys([*before, *after])
        told += [
            f'{CERTIFICATE}: what it says of "{name}" is not what is drawn now'
            for name in names
            if name not in _MAY_DIFFER and before.get(name) != after.get(name)
        ]
    return told


def _of_assessments(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[str]:
    """Say of which assessments the marks, or the numbers, are not those of the certificate."""
    told = []
    earlier, later = ({tuple(row[name] for name in GROUP): row for row in rows} for rows in (before, after))
    if len(earlier) < len(before):
        told.append(f"{CERTIFICATE}: an assessment stands in it twice")
    for key in [*earlier, *(key for key in later if key not in earlier)]:
        what = f"{key[0]} {key[1]}, attempt {key[2]}"
        if key not in later:
            told.append(f"{what}: nothing to draw of now")
        elif key not in earlier:
            told.append(f"{what}: not in the certificate")
        elif earlier[key].get("marks_sha256") != later[key]["marks_sha256"]:
            told.append(f"{what}: the marks, markers or students have changed since it was drawn")
        elif earlier[key] != later[key]:
            named = [name for name, value in later[key].items() if earlier[key].get(name) != value]
            told.append(f"{what}: the certificate is wrong in {', '.join(named) or 'what it says besides'}")
    return told


def _rows(before: str, after: str) -> list[str]:
    """Count the rows that one table has and the other has not."""
    if before == after:
        return []
    had, has = set(before.splitlines()), set(after.splitlines())
    lost, new = len(had - has), len(has - had)
    if not lost and not new:
        return [f"{TABLE}: the rows stand in another order, twice, or with other ends of lines"]
    return [f"{TABLE}: {lost} of its rows are not drawn, and {new} that are drawn are not in it"]


def _vouched(path: Path, said: dict[str, Any], content: bytes, again: Sample) -> list[str]:
    """Say what does not fit of the digest of the table, and of the certificate to be read, by the version that wrote it."""
    if said["sample_sha256"] != hashlib.sha256(content).hexdigest():
        return [f"{CERTIFICATE}: its digest is not that of {TABLE}"]
    page = path / READABLE
    if said.get("boardkit") != boardkit.__version__ or not page.is_file():
        return []
    same = page.read_bytes() == readable(again).encode()
    return [] if same else [f"{READABLE}: it does not say what {CERTIFICATE} says"]
