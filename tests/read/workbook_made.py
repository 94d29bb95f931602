"""Workbooks made part by part, so that a test can put anything into them."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_LINKED = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'


def sheet(data: str = "", *, before: str = "", after: str = "", main: str = MAIN) -> str:
    """A sheet's part around the XML of its rows."""
    return (
        f'{DECLARATION}<worksheet xmlns="{main}" xmlns:r="{LINKED}">{before}'
        f"<sheetData>{data}</sheetData>{after}</worksheet>"
    )


def row(*cells: str, at: int = 1, extra: str = "") -> str:
    return f'<row r="{at}"{extra}>{"".join(cells)}</row>'


def number(place: str, text: str, style: int | None = None) -> str:
    styled = "" if style is None else f' s="{style}"'
    return f'<c r="{place}"{styled}><v>{text}</v></c>'


def inline(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def shared(place: str, index: int | str) -> str:
    return f'<c r="{place}" t="s"><v>{index}</v></c>'


def strings(*items: str, main: str = MAIN) -> str:
    """The part with the shared texts around the XML inside each of them."""
    return f'{DECLARATION}<sst xmlns="{main}">{"".join(f"<si>{item}</si>" for item in items)}</sst>'


def styles(*codes: str, main: str = MAIN) -> str:
    """The part with the formats: style 0 is General, then one style for each code or built-in number."""
    own = {code: 164 + at for at, code in enumerate(codes) if not code.isdigit()}
    formats = "".join(f'<numFmt numFmtId="{at}" formatCode={quoteattr(code)}/>' for code, at in own.items())
    used = "".join(f'<xf numFmtId="{own.get(code, code)}"/>' for code in codes)
    return (
        f'{DECLARATION}<styleSheet xmlns="{main}"><numFmts>{formats}</numFmts>'
        f'<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>{used}</cellXfs></styleSheet>'
    )


def parts(  # noqa: PLR0913 - each is a part that a test may want to replace
    *sheets: str | bytes | tuple[str, str | bytes],
    shared_strings: str | None = None,
    formats: str | None = None,
    properties: str = "",
    states: dict[int, str] | None = None,
    main: str = MAIN,
    linked: str = LINKED,
) -> dict[str, str | bytes]:
    """The parts of a workbook with these sheets, each a part or a name and a part."""
    named = [one if isinstance(one, tuple) else (f"Sheet{at}", one) for at, one in enumerate(sheets, 1)]
    states = states or {}
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{at}" r:id="rId{at}"{states.get(at - 1, "")}/>'
        for at, (name, _) in enumerate(named, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{at}" Type="{linked}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(named) + 1)
    )
    found: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": relationships(
            f'<Relationship Id="rId1" Type="{linked}/officeDocument" Target="xl/workbook.xml"/>'
        ),
        "xl/workbook.xml": (
            f'{DECLARATION}<workbook xmlns="{main}" xmlns:r="{linked}">{properties}<sheets>{listed}</sheets></workbook>'
        ),
    }
    for name, part, link in (
        ("sharedStrings", shared_strings, "rIdStrings"),
        ("styles", formats, "rIdStyles"),
    ):
        if part is not None:
            links += f'<Relationship Id="{link}" Type="{linked}/{name}" Target="{name}.xml"/>'
            found[f"xl/{name}.xml"] = part
    found["xl/_rels/workbook.xml.rels"] = relationships(links)
    for at, (_, part) in enumerate(named, 1):
        found[f"xl/worksheets/sheet{at}.xml"] = part
    return found


def relationships(links: str) -> str:
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'


def write(path: Path, content: dict[str, str | bytes]) -> Path:
    """Zip parts into a file."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in content.items():
            package.writestr(name, part)
    return path


def workbook(path: Path, *sheets: str | bytes | tuple[str, str | bytes], **rest: object) -> Path:
    """Write a workbook with these sheets; the rest goes to `parts`."""
    return write(path, parts(*sheets, **rest))  # type: ignore[arg-type]
