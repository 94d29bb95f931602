"""XML parts read by expat, guarded: no document type, no depth without end, only the expected language."""

from __future__ import annotations

from collections.abc import Callable
from pyexpat import ExpatError, ParserCreate
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pyexpat import XMLParserType

    from boardkit.errors import FileError
    from boardkit.read.limits import Guard

Started = Callable[[dict[str, str]], None]
Ended = Callable[[], None]

SPREADSHEET = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
"""The language of workbooks, in its transitional and its strict form."""

_ENCODINGS = {None, "utf-8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "iso-8859-1"}


class PartReader:
    """Walk one XML part; a subclass says with `on` which elements it wants to hear of.

    Args:
        guard: holds the file to its limits.
        part: the name of the part, for messages.
    """

    languages: ClassVar[tuple[str, ...]] = SPREADSHEET
    root: ClassVar[str]

    def __init__(self, guard: Guard, part: str) -> None:
        self.guard = guard
        self.part = part
        self.depth = 0
        self.pieces: list[str] = []
        """All text since a subclass last cleared it."""
        self._deepest = guard.limits.depth
        self._started: dict[str, Started] = {}
        self._ended: dict[str, Ended] = {}

    def on(self, name: str, started: Started, ended: Ended | None = None) -> None:
        """Hear of an element by its name, in any of the part's languages."""
        for language in self.languages:
            self._started[f"{language} {name}"] = started
            if ended is not None:
                self._ended[f"{language} {name}"] = ended

    def parse(self, data: bytes) -> None:
        """Walk the whole part.

        Raises:
            FileError: the part is not well-formed, declares a document type, is nested too deep, has too
                many tags, or is not the part it should be.
        """
        # A tag costs time whatever it holds; bytes are counted because that costs next to none.
        self.guard.hold("tags", data.count(b"<"))
        parser = self._parser()
        try:
            parser.Parse(data, True)
        except ExpatError as error:
            raise self.broken(error) from error

    def broken(self, error: ExpatError) -> FileError:
        """Refuse a part that is not well-formed."""
        return self.guard.refuse(
            "bad-xml",
            f"its part {self.guard.shown(self.part)} is broken at line {error.lineno}. "
            "Open it in Excel and save it again.",
        )

    def _parser(self) -> XMLParserType:
        parser = ParserCreate(None, " ")
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = self._doctype
        parser.CharacterDataHandler = self.pieces.append
        parser.EndElementHandler = self._end

        def first(tag: str, attributes: dict[str, str]) -> None:
            self._check_root(tag)
            parser.StartElementHandler = self._start
            self._start(tag, attributes)

        parser.StartElementHandler = first
        return parser

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if (encoding and encoding.lower()) not in _ENCODINGS:
            raise self.guard.refuse(
                "bad-encoding",
                f"its part {self.guard.shown(self.part)} is not in UTF-8. Open it in Excel and save it again.",
            )

    def _doctype(self, *_declared: object) -> None:
        raise doctype(self.guard, self.part)

    def _check_root(self, tag: str) -> None:
        language, _, name = tag.rpartition(" ")
        if language not in self.languages:
            raise self.guard.refuse(
                "unknown-namespace",
                f"its part {self.guard.shown(self.part)} was not written by a finished version of Excel. "
                "Open it in Excel and save it again as .xlsx.",
            )
        if name != self.root:
            raise self.guard.refuse(
                "wrong-part",
                f"its part {self.guard.shown(self.part)} is not what the workbook says it is. "
                "Open it in Excel and save it again.",
            )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > self._deepest:
            self.guard.hold("depth", self.depth)
        started = self._started.get(tag)
        if started is not None:
            started(attributes)

    def _end(self, tag: str) -> None:
        ended = self._ended.get(tag)
        if ended is not None:
            ended()
        self.depth -= 1


class WholePart(PartReader):
    """Walk a part of any language, only to see that it is well-formed."""

    def _check_root(self, tag: str) -> None:
        del tag


class _RootReached(Exception):  # noqa: N818 - it ends a look-ahead and is no error
    """The first element has begun, so no document type can follow."""


def doctype(guard: Guard, part: str) -> FileError:
    """Refuse a part that declares a document type."""
    return guard.refuse(
        "doctype",
        f"its part {guard.shown(part)} declares a document type, as attacks do. "
        "Do not use it; ask the sender for a new export.",
    )


def check_prolog(pieces: Iterable[bytes], guard: Guard, part: str) -> None:
    """Refuse a part that declares a document type, reading no further than its first element.

    A part that is not well-formed passes: it is refused when it is needed, and does no harm otherwise.

    Raises:
        FileError: it declares a document type.
    """

    def declared(*_: object) -> None:
        raise doctype(guard, part)

    def reached(*_: object) -> None:
        raise _RootReached

    parser = ParserCreate()
    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = reached
    try:
        for piece in pieces:
            parser.Parse(piece, False)
    except (ExpatError, LookupError, ValueError, _RootReached):
        # LookupError and ValueError are pyexpat's for an encoding that it does not know.
        return


def truth(text: str | None) -> bool:
    """Read an XML truth value; anything but 1 and true is false.

    Examples:
        >>> truth("1"), truth("true"), truth("0"), truth(None)
        (True, True, False, False)
    """
    return text is not None and text.strip().lower() in {"1", "true", "on"}
