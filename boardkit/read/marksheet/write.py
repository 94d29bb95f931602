"""The board.toml that says what a proposal understood, to be pasted and corrected."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from boardkit.problems import letters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from boardkit.read.marksheet.propose import Column, Layout

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_CODE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,5}[0-9]{2,6}[A-Za-z]?(?![A-Za-z0-9])")
_DEFAULT = re.compile(r"(sheet|tabelle|feuil|hoja|foglio|blad)[0-9]+", re.IGNORECASE)


def board_toml(file: str, layouts: Sequence[Layout], states: Mapping[str, str]) -> str:
    """Write what board.toml would say.

    What no sheet can say, such as levels, credits and weights, stands there as ``?``: an error until it is
    filled in.

    Args:
        file: the workbook's name.
        layouts: its sheets as they look.
        states: the codes that are known, and what they stand for.

    Examples:
        >>> from boardkit.read.marksheet.propose import Column, Layout
        >>> sheet = Layout("PS4", 0, (1,), (Column(1, "ID", "id"), Column(2, "Exam", "mark", "Exam")))
        >>> print(board_toml("marks.xlsx", [sheet], {}))
        [board]
        title = "?"
        diet = "main"
        <BLANKLINE>
        [modules.PS4]
        scqf_level = "?"
        credits = "?"
        components = { Exam = "?" }
        <BLANKLINE>
        [[sheets]]
        file = "marks.xlsx"
        sheet = "PS4"
        module = "PS4"
        attempt = 1
        header = 1
        id = "ID"
        marks.Exam = "Exam"
        <BLANKLINE>
    """
    usable = [layout for layout in layouts if layout.of("id") and layout.of("mark")]
    lines = ["[board]", 'title = "?"', 'diet = "main"', ""]
    unknown = sorted({code for layout in usable for code in layout.codes} - set(states))
    if unknown:
        lines += [
            "[codes]  # not-submitted, absent or deferred",
            *(f'{key(code)} = "?"' for code in unknown),
            "",
        ]
    modules: dict[str, dict[str, str]] = {}
    for layout in usable:
        components = modules.setdefault(_module(file, layout, usable), {})
        for one in layout.of("mark"):
            components.setdefault(one.component, '"?"' if one.weight is None else str(one.weight))
    named = code_in_name(file, usable)
    for module, components in modules.items():
        weights = ", ".join(f"{key(component)} = {weight}" for component, weight in components.items())
        lines += [
            f"[modules.{key(module)}]{'  # taken from the name of the file' if named else ''}",
            'scqf_level = "?"',
            'credits = "?"',
            f"components = {{ {weights} }}",
            "",
        ]
    for layout in usable:
        lines += [*_sheet(file, layout, _module(file, layout, usable)), ""]
    return "\n".join(lines).rstrip() + "\n"


def code_in_name(file: str, layouts: Sequence[Layout]) -> str | None:
    """Find the module's code in a file's name, where its one marksheet does not say it.

    Examples:
        >>> from boardkit.read.marksheet.propose import Layout
        >>> code_in_name("PS4021 marks June.xlsx", [Layout("Sheet1", 0)]), code_in_name("marks.xlsx", [Layout("Marks", 0)])
        ('PS4021', None)
    """
    if len(layouts) != 1 or _is_code(layouts[0].sheet):
        return None
    found = _CODE.search(file.rpartition(".")[0])
    return found[0] if found else None


def _is_code(sheet: str) -> bool:
    """Tell whether a sheet's name could be a code; one such as ``Sheet1`` is a program's own."""
    return bool(re.search(r"[0-9]", sheet)) and " " not in sheet and not _DEFAULT.fullmatch(sheet)


def _module(file: str, layout: Layout, layouts: Sequence[Layout]) -> str:
    """Name a module after its sheet, where the sheet's name could be a code; else after the file."""
    if len(layouts) > 1 or _is_code(layout.sheet):
        return layout.sheet
    return code_in_name(file, layouts) or "MODULE"


def _sheet(file: str, layout: Layout, module: str) -> list[str]:
    student = layout.of("id")[0]
    header = layout.header[0] if len(layout.header) == 1 else list(layout.header)
    lines = [
        "[[sheets]]",
        f"file = {quoted(file)}",
        f"sheet = {quoted(layout.sheet)}",
        f"module = {quoted(module)}",
        "attempt = 1",
        f"header = {header}",
    ]
    if layout.totals:
        named = [quoted(text) if text else str(row) for row, text in sorted(layout.totals.items())]
        lines.append(f"totals = [{', '.join(dict.fromkeys(named))}]")
    lines.append(f"id = {quoted(student.name)}")
    if layout.number_ids:
        lines.append(
            "# digits = 8 puts back zeros that a number has lost; id_as_number = true says there are none"
        )
    parts = _stretch(layout.of("part"))
    return lines + [f"marks.{key(column.component)} = {_work(column, parts)}" for column in layout.of("mark")]


def _stretch(parts: list[Column]) -> str:
    """Name the columns that a mark is the sum of: by their letters where they stand side by side."""
    places = [column.at for column in parts]
    if len(places) > 1 and places == list(range(places[0], places[-1] + 1)):
        return quoted(f"columns {letters(places[0])}:{letters(places[-1])}")
    return f"[{', '.join(quoted(column.name) for column in parts)}]" if parts else ""


def _work(column: Column, parts: str) -> str:
    said = {"out_of": "" if column.out_of is None else str(column.out_of), "sum_of": parts}
    more = "".join(f", {name} = {value}" for name, value in said.items() if value)
    return f"{{ mark = {quoted(column.name)}{more} }}" if more else quoted(column.name)


def key(name: str) -> str:
    """Write a name as a key of TOML.

    Examples:
        >>> key("Exam"), key("Session 2")
        ('Exam', '"Session 2"')
    """
    return name if _BARE.fullmatch(name) else quoted(name)


def quoted(text: str) -> str:
    r"""Write text as TOML has it.

    Examples:
        >>> print(quoted('say "ah"'))
        "say \"ah\""
    """
    held = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else f"\\U{ord(char):08X}" for char in held) + '"'
