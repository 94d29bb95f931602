"""What a file really is, by its first bytes and not by its name."""

from __future__ import annotations

import re
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from boardkit.read.limits import Guard
    from boardkit.read.package import Package

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
# The first record of a workbook stream: its code, its length, then the version of the format.
_BARE_XLS = re.compile(rb"\x09[\x00\x02\x04\x08][\x04\x06\x08\x10]\x00")
_LOCKED_XLS = re.compile(rb"\x09\x08\x10\x00.{16}(?:\x86\x00\x00\x00)?\x2f\x00[\x04\x06\x36]", re.DOTALL)
_OLE_ENTRY = 128
_STREAM = 2

_OTHERS = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"{\\rtf", "a Word document"),
    (b"PAR1", "a Parquet file"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!", "a RAR archive"),
)
_TEXT_SAMPLE = 4_096
_ENDINGS = {
    "xlsx": (".xlsx", ".xlsm", ".xltx", ".xltm"),
    "xls": (".xls", ".xlt"),
    "xlsb": (".xlsb",),
    "ods": (".ods", ".ots"),
}
BOOKS = tuple(ending for endings in _ENDINGS.values() for ending in endings)
"""How the names of workbooks end, of whatever kind."""

_KINDS = {
    "xlsx": "an .xlsx workbook",
    "xls": "a workbook of the old .xls kind",
    "xlsb": "a binary .xlsb workbook",
    "ods": "an OpenDocument .ods workbook",
}
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


def read_bytes(guard: Guard) -> bytes:
    """Read a file whole, within its limit.

    Raises:
        FileError: it is missing, is no ordinary file, may not be read, is empty or too large.
    """
    path = guard.path
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise guard.refuse("not-a-file", "it is a folder or a device. Give the workbook itself.")
        if path.name.startswith("~$"):
            raise guard.refuse(
                "lock-file",
                "it only marks that the workbook is open in Excel. Give the workbook, without ~$.",
            )
        with path.open("rb") as file:
            data = file.read(guard.limits.file_bytes + 1)
    except FileNotFoundError as error:
        raise guard.refuse("missing", "there is no such file. Check its name and folder.") from error
    except (OSError, ValueError) as error:
        raise guard.refuse(
            "not-readable", "the computer does not let it be read. Close it elsewhere, or copy it."
        ) from error
    guard.hold("file_bytes", len(data))
    if not data:
        raise guard.refuse("empty", "it is empty. Fetch or save it again.")
    return data


def container(data: bytes, guard: Guard) -> str:
    r"""Tell what holds the workbook: ``zip`` or ``xls``.

    Raises:
        FileError: it is locked, or is no workbook.

    Examples:
        >>> from pathlib import Path
        >>> from boardkit.read.limits import Guard, Limits
        >>> container(b"PK\x03\x04...", Guard(Path("marks.xlsx"), Limits()))
        'zip'
    """
    if data.startswith(_ZIP):
        return "zip"
    if data.startswith(_OLE):
        # A workbook may hold other documents, locked ones too; then it has a stream of its own.
        own = _has_stream(data, "Workbook") or _has_stream(data, "Book")
        if _LOCKED_XLS.search(data) or (not own and _has_stream(data, "EncryptedPackage")):
            raise guard.refuse(
                "encrypted", "it is an encrypted workbook. Save a copy without the password as .xlsx."
            )
        if not own and _has_stream(data, "WordDocument"):
            raise guard.refuse(
                "not-a-workbook", "it is a Word document, not a workbook. Give the .xlsx workbook."
            )
        return "xls"
    if _BARE_XLS.match(data):
        return "xls"
    what = "an empty zip archive" if data.startswith(_EMPTY_ZIP) else _describe(data)
    raise guard.refuse("not-a-workbook", f"it is {what}, not a workbook. {_advice(what)}")


def package_kind(package: Package, guard: Guard) -> str:
    """Tell which kind of workbook a zip package holds: ``xlsx``, ``xlsb`` or ``ods``.

    Raises:
        FileError: it holds no workbook.
    """
    declared = package.first_bytes("mimetype", len(_OPEN_DOCUMENT) + len(b"spreadsheet"))
    if declared == _OPEN_DOCUMENT + b"spreadsheet":
        return "ods"
    main = package.main() or ""
    if declared.startswith(_OPEN_DOCUMENT) or main.startswith(("word/", "ppt/")):
        raise guard.refuse("not-a-workbook", "it is a text document or slides. Give the .xlsx workbook.")
    if not main:
        raise guard.refuse(
            "not-a-workbook",
            "it is a zip archive without a workbook of its own. Unpack it and give the workbook.",
        )
    return "xlsb" if main.endswith(".bin") else "xlsx"


def check_ending(kind: str, guard: Guard) -> None:
    """Refuse a workbook whose name ends as another kind's does.

    Args:
        kind: what it is: ``xlsx``, ``xls``, ``xlsb`` or ``ods``.
        guard: knows the file.

    Raises:
        FileError: its name ends otherwise.

    Examples:
        >>> from pathlib import Path
        >>> from boardkit.errors import FileError
        >>> from boardkit.read.limits import Guard, Limits
        >>> try:
        ...     check_ending("xls", Guard(Path("marks.xlsx"), Limits()))
        ... except FileError as error:
        ...     print(error.why)
        it is a workbook of the old .xls kind, though its name ends in .xlsx. Rename it to .xls.
    """
    ending = guard.path.suffix.lower()
    if ending in _ENDINGS[kind]:
        return
    named = f"ends in {ending}" if ending else "has no ending"
    raise guard.refuse(
        "wrong-ending", f"it is {_KINDS[kind]}, though its name {named}. Rename it to {_ENDINGS[kind][0]}."
    )


def _has_stream(data: bytes, name: str) -> bool:
    # Directory entries of the container are 128 bytes, aligned; a cell's text of the same letters is not one.
    coded = name.encode("utf-16-le")
    length = len(coded) + 2
    at = data.find(coded)
    while at >= 0:
        head = data[at + 64 : at + 67]
        if at % _OLE_ENTRY == 0 and head == length.to_bytes(2, "little") + bytes([_STREAM]):
            return True
        at = data.find(coded, at + 1)
    return False


def _describe(data: bytes) -> str:
    for magic, what in _OTHERS:
        if data.startswith(magic):
            return what
    sample = data[:_TEXT_SAMPLE]
    text = _as_text(sample)
    if text is None:
        return "a file of an unknown kind"
    opening = text.lstrip("\ufeff \t\r\n").lower()
    if opening.startswith(("<!doctype html", "<html", "<table", "<head", "<body", "<div", "<meta", "<style")):
        return "a web page"
    if opening.startswith("<"):
        return "an XML file"
    return "text"


def _as_text(sample: bytes) -> str | None:
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return sample.decode("utf-16", errors="replace")
    # Only its first tag matters here, so the letters beyond ASCII may come out wrong.
    text = sample.decode("latin-1").removeprefix("\u00ef\u00bb\u00bf")
    return None if _CONTROL.search(text) else text


def _advice(what: str) -> str:
    if what == "text":
        return (
            "If it is a marksheet with commas or tabs, open it in Excel and save it as .xlsx; if it is one of "
            "boardkit's tables, name it after the table (marks.csv, students.csv) and give its folder."
        )
    if what in {"a web page", "an XML file"}:
        return "Open it in Excel and save it as .xlsx."
    return "Give the .xlsx workbook."
