"""Every reason for which a file is refused: a code that stays, and what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from boardkit.errors import FileError

if TYPE_CHECKING:
    from pathlib import Path

REFUSALS: dict[str, str] = {
    "missing": "There is no such file.",
    "not-readable": "The computer does not let it be read.",
    "not-a-file": "It is a folder or a device.",
    "empty": "It holds nothing at all.",
    "lock-file": "It is the small file that Excel keeps beside a workbook while that is open.",
    "wrong-ending": "Its content is a workbook of another kind than the ending of its name says.",
    "not-a-workbook": "Its content is no workbook: text, a web page, a document, a picture.",
    "encrypted": "It is locked with a password.",
    "damaged-zip": "The zip package around its parts is broken or was cut off.",
    "damaged-part": "One of its parts does not unpack to what the package promises.",
    "duplicate-part": "Two parts have one name, or names that differ only in case.",
    "unknown-compression": "A part is packed in a way that workbooks do not use.",
    "doctype": "A part declares a document type, which no workbook needs and attacks use.",
    "bad-xml": "A part is not well-formed XML.",
    "bad-encoding": "A part is not in one of the encodings that workbooks use.",
    "unknown-namespace": "A part is not in the language of finished versions of Excel.",
    "wrong-part": "A part holds something else than the workbook says.",
    "missing-part": "A part that the workbook names is not in it.",
    "external-part": "A sheet, its strings or its formats lie outside the file.",
    "duplicate-link": "Two links of the workbook have one name and different targets.",
    "duplicate-cell": "One cell is written twice.",
    "row-disagrees": "A cell says that it stands in another row than the one around it.",
    "bad-reference": "A cell, row, column or merged area has a place that no sheet has.",
    "bad-cell": "A cell is of an unknown kind, or is written in a way that cannot be told apart.",
    "bad-string": "A cell points to a text that the workbook does not hold.",
    "merges-overlap": "Two merged areas cover one cell.",
    "unreadable": "The library for old and other formats cannot read it.",
    "sheets-alike": "Two of its sheets have one name, and the library for other formats mixes them up.",
    "too-slow": "The library for old and other formats did not finish in time.",
    "too-much-memory": "The library for old and other formats needed more memory than it may have.",
    "limit-file-bytes": "The file is larger than the limit file_bytes.",
    "limit-parts": "It has more parts than the limit parts.",
    "limit-part-bytes": "One part unpacks to more than the limit part_bytes.",
    "limit-total-bytes": "Its parts together unpack to more than the limit total_bytes.",
    "limit-expansion": "It unpacks to more times its size than the limit expansion.",
    "limit-tags": "One part has more XML tags than the limit tags.",
    "limit-depth": "XML in it is nested deeper than the limit depth.",
    "limit-sheets": "It has more sheets than the limit sheets.",
    "limit-cells": "Its sheets have more cells than the limit cells.",
    "limit-strings": "It has more shared texts than the limit strings.",
    "limit-styles": "It has more formats than the limit styles.",
    "limit-text": "One text is longer than the limit text.",
    "limit-merges": "A sheet has more merged areas than the limit merges.",
    "limit-merge-strips": "The merged areas of a sheet are larger than the limit merge_strips.",
}


def refuse(path: Path, code: str, why: str) -> FileError:
    """Make the error that refuses a file.

    Args:
        path: the file.
        code: one of `REFUSALS`.
        why: what is wrong, as the end of a sentence, and what to do as the next one.

    Raises:
        KeyError: the code is not registered, which is a mistake in the program.

    Examples:
        >>> from pathlib import Path
        >>> print(refuse(Path("marks.xlsx"), "encrypted", "it is locked. Save a copy without the password."))
        cannot use marks.xlsx: it is locked. Save a copy without the password.
    """
    if code not in REFUSALS:
        raise KeyError(f"refusal code {code!r} is not in REFUSALS")
    return FileError(path, code, why)
