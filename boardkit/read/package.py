"""The zip package of a workbook: its parts, unpacked under guard, and the links between them."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import unquote

from boardkit.read.limits import EXPANSION_FREE
from boardkit.read.markup import PartReader, WholePart, check_prolog

if TYPE_CHECKING:
    from collections.abc import Iterator

    from boardkit.errors import FileError
    from boardkit.read.limits import Guard

_STEP = 1024 * 1024
_PROLOG_STEP = 16 * 1024
_ENTRY = b"PK\x01\x02"
_LOCKED = 0x1
_MARKUP = (".xml", ".rels", ".vml")
_MAIN = "sheet.main+xml", "template.main+xml", "addin.main+xml"


@dataclass(frozen=True)
class Link:
    """One part's link to another.

    Args:
        kind: the last word of its type: ``worksheet``, ``styles``, ...
        target: the name of the part it leads to, or the address outside the file.
        external: whether it leads out of the file.
    """

    kind: str
    target: str
    external: bool


class Package:
    """Hold the parts of a zip package, none of them unpacked beyond its limits.

    Args:
        data: the bytes of the file.
        guard: holds the file to its limits.

    Raises:
        FileError: the package is broken, locked, too large, or has two parts of one name or a part that
            declares a document type.
    """

    def __init__(self, data: bytes, guard: Guard) -> None:
        self.guard = guard
        self._size = len(data)
        self._unpacked = 0
        # The directory is counted before it is read: each of its entries costs memory many times its size.
        guard.hold("parts", data.count(_ENTRY))
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
            raise guard.refuse(
                "damaged-zip",
                "its package is broken or was cut off. Fetch it again, or save it anew from Excel.",
            ) from error
        self._parts: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip.infolist():
            self._admit(info)
        for name, info in self._parts.items():
            if name.endswith(_MARKUP):
                check_prolog(self._unpack(info, _PROLOG_STEP), guard, info.filename)

    def _admit(self, info: zipfile.ZipInfo) -> None:
        # Windows programs write backslashes; names are compared without case, as Excel does.
        name = _plain(info.filename)
        if name.endswith("/"):
            return
        if name in self._parts:
            raise self.guard.refuse(
                "duplicate-part",
                "two of its parts have one name. Do not use it; ask the sender for a new export.",
            )
        if info.flag_bits & _LOCKED:
            raise self._locked()
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise self.guard.refuse(
                "unknown-compression", "its parts are packed in an unusual way. Save it anew from Excel."
            )
        self._parts[name] = info

    def _locked(self) -> FileError:
        return self.guard.refuse(
            "encrypted", "it is an encrypted workbook. Save a copy without the password as .xlsx."
        )

    def __contains__(self, name: str) -> bool:
        return self._find(name) is not None

    def read(self, name: str) -> bytes:
        """Unpack a part.

        Raises:
            FileError: there is no such part, it is damaged, or it unpacks to more than it may.
        """
        info = self._find(name)
        if info is None:
            raise self.guard.refuse(
                "missing-part",
                f"its part {self.guard.shown(name)} is missing. Open it in Excel and save it again.",
            )
        return b"".join(self._unpack(info, _STEP))

    def check_for_others(self) -> None:
        """Unpack every part and keep none, before another reader opens the file.

        Raises:
            FileError: a part unpacks to too much, the package says that it is locked, or the part with an
                .ods file's cells is not well-formed.
        """
        if "META-INF/manifest.xml" in self and b"encryption-data" in self.read("META-INF/manifest.xml"):
            raise self._locked()
        for name, info in self._parts.items():
            data = b"".join(self._unpack(info, _STEP))
            if name == "content.xml":
                WholePart(self.guard, info.filename).parse(data)

    def first_bytes(self, name: str, count: int) -> bytes:
        """Unpack the beginning of a part; nothing when there is no such part."""
        info = self._find(name)
        return b"" if info is None else next(self._unpack(info, count), b"")

    def main(self) -> str | None:
        """Give the name of the workbook's own part, by the root links, the content types or its usual name."""
        if "_rels/.rels" in self:
            for link in self.links("").values():
                if link.kind == "officeDocument" and not link.external:
                    return link.target
        if "[Content_Types].xml" in self:
            types = _ContentTypes(self.guard, "[Content_Types].xml")
            types.parse(self.read("[Content_Types].xml"))
            if types.main is not None:
                return types.main
        return next((name for name in ("xl/workbook.xml", "xl/workbook.bin") if name in self), None)

    def links(self, part: str) -> dict[str, Link]:
        """Give the links of a part by their ids; of the package itself when the name is empty.

        Raises:
            FileError: the list of links is damaged, or has two different links of one id.
        """
        folder, _, name = part.rpartition("/")
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels not in self:
            return {}
        reader = _Links(self.guard, rels, folder)
        reader.parse(self.read(rels))
        return reader.links

    def _find(self, name: str) -> zipfile.ZipInfo | None:
        # A link may write a space as %20 where the package has the space.
        return self._parts.get(_plain(name)) or self._parts.get(_plain(unquote(name)))

    def _unpack(self, info: zipfile.ZipInfo, step: int) -> Iterator[bytes]:
        # The directory's own sizes may lie, so what counts is what comes out, for no more than went in.
        packed = max(1, min(info.compress_size, self._size))
        produced = 0
        try:
            with self._zip.open(info) as part:
                while piece := part.read(step):
                    produced += len(piece)
                    self._unpacked += len(piece)
                    self._hold(produced, packed)
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
            raise self.guard.refuse(
                "damaged-part",
                f"its part {self.guard.shown(info.filename)} is damaged. Fetch it again, or save it anew from Excel.",
            ) from error

    def _hold(self, produced: int, packed: int) -> None:
        self.guard.hold("part_bytes", produced)
        self.guard.hold("total_bytes", self._unpacked)
        if produced > EXPANSION_FREE:
            self.guard.hold("expansion", -(-produced // packed))
        if self._unpacked > EXPANSION_FREE:
            self.guard.hold("expansion", -(-self._unpacked // self._size))


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


class _Links(PartReader):
    languages = ("http://schemas.openxmlformats.org/package/2006/relationships",)
    root = "Relationships"

    def __init__(self, guard: Guard, part: str, folder: str) -> None:
        super().__init__(guard, part)
        self._folder = folder
        self.links: dict[str, Link] = {}
        self.on("Relationship", self._link)

    def _link(self, attributes: dict[str, str]) -> None:
        target = attributes.get("Target", "")
        external = attributes.get("TargetMode", "").strip().lower() == "external"
        if not external:
            target = posixpath.normpath(posixpath.join("/", self._folder, target.replace("\\", "/"))).lstrip(
                "/"
            )
        link = Link(attributes.get("Type", "").rpartition("/")[2], target, external)
        self.guard.hold("parts", len(self.links))
        if self.links.setdefault(attributes.get("Id", ""), link) != link:
            raise self.guard.refuse(
                "duplicate-link",
                "two of its links have one name. Do not use it; ask the sender for a new export.",
            )


class _ContentTypes(PartReader):
    languages: ClassVar[tuple[str, ...]] = ("http://schemas.openxmlformats.org/package/2006/content-types",)
    root = "Types"

    def __init__(self, guard: Guard, part: str) -> None:
        super().__init__(guard, part)
        self.main: str | None = None
        self.on("Override", self._override)

    def _override(self, attributes: dict[str, str]) -> None:
        if self.main is None and attributes.get("ContentType", "").endswith(_MAIN):
            self.main = attributes.get("PartName", "").lstrip("/")
