"""What board.toml may say: facts of the board, its modules, and what each marksheet holds where."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, ValidationError

from boardkit import tables
from boardkit.exact import MARK_PLACES
from boardkit.regulations.part import Fault, Part
from boardkit.regulations.values import Code, Count, Flag, Text, not_allowed

WORK = tuple(
    column.name
    for column in tables.INPUT["marks"].columns
    if column.name not in (*tables.INPUT["marks"].key, "attempt")
)
"""What may stand on a marksheet about one piece of work, each in a column of its own."""

COMPONENTS = "components"
HEADER = "header"
NEXT = "next"
EVERY = "*"
_MOST_ROWS = 1_048_576
_MOST_POINTS = 1_000_000

_MODULE_KEYS = (
    *(column.name for column in tables.INPUT["modules"].columns if column.name != "module"),
    COMPONENTS,
)
_COMPONENT_KEYS = tuple(
    column.name for column in tables.INPUT[COMPONENTS].columns if column.name not in ("module", "component")
)
_SCALARS = (str, int, Decimal, bool, date, datetime)


def points(value: Any) -> Decimal:
    """Let in a number of points: over 0, with at most two decimal places."""
    allowed = f"a number over 0 and up to {_MOST_POINTS:,}, with at most two decimal places"
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
        raise not_allowed(allowed)
    exact = Decimal(value)
    scaled = exact.scaleb(MARK_PLACES)
    if not 0 < exact <= _MOST_POINTS or scaled != scaled.to_integral_value():
        raise not_allowed(allowed)
    return exact


def _out_of(value: Any) -> Decimal | str:
    if isinstance(value, str):
        if value == HEADER:
            return value
        raise not_allowed(f'a number of points, or "{HEADER}"')
    return points(value)


def _out_of_or_none(value: Any) -> Decimal | str | None:
    return None if value is None else _out_of(value)


def _texts_or_none(value: Any) -> tuple[str, ...] | None:
    return None if value is None else _texts(value)


def _rows(value: Any) -> tuple[int, ...]:
    rows = value if isinstance(value, list | tuple) else [value]
    whole = [row for row in rows if isinstance(row, int) and not isinstance(row, bool)]
    follow = bool(whole) and whole == list(range(whole[0], whole[0] + len(rows)))
    if len(whole) < len(rows) or not follow or not 1 <= whole[0] <= _MOST_ROWS:
        raise not_allowed("the number of the header's row, or a list of rows that follow each other")
    return tuple(whole)


def _totals(value: Any) -> tuple[int | str, ...]:
    rows = value if isinstance(value, list | tuple) else [value]
    if any(isinstance(row, bool) or not isinstance(row, int | str) or not row for row in rows):
        raise not_allowed("a list of rows, each by its number or by the text at its front")
    return tuple(rows)


def _texts(value: Any) -> tuple[str, ...]:
    texts = value if isinstance(value, list | tuple) else [value]
    if not texts or any(not isinstance(text, str) or not text.strip() for text in texts):
        raise not_allowed("text in quotes, or a list of texts")
    return tuple(texts)


def _attempt(value: Any) -> int | str:
    if value == NEXT or (isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 99):  # noqa: PLR2004
        return value  # type: ignore[no-any-return]
    raise not_allowed(f'a whole number from 1 to 99, or "{NEXT}"')


class Work(Part):
    """Where one piece of work stands on a sheet: the column of each thing that is said of it."""

    columns: dict[str, str]
    out_of: Annotated[Decimal | str | None, PlainValidator(_out_of_or_none)] = None
    sum_of: Annotated[tuple[str, ...] | None, PlainValidator(_texts_or_none)] = None


def work(value: Any) -> Work:
    """Let in a column for the mark alone, or a table of columns."""
    allowed = f"a column, or a table with {', '.join((*WORK, 'out_of', 'sum_of'))}"
    if isinstance(value, str) and value.strip():
        return Work(columns={"mark": value})
    if not isinstance(value, dict) or not value.keys() <= {*WORK, "out_of", "sum_of"}:
        raise not_allowed(allowed)
    columns = {key: column for key, column in value.items() if key in WORK}
    if any(not isinstance(column, str) or not column.strip() for column in columns.values()):
        raise not_allowed(allowed)
    if not columns.keys() & {"mark", "grade", "state", "agreed_mark"}:
        raise not_allowed("a column for the mark, the grade or the state")
    if "sum_of" in value and "mark" not in columns:
        raise not_allowed("a column for the mark beside sum_of")
    try:
        return Work(columns=columns, out_of=value.get("out_of"), sum_of=value.get("sum_of"))
    except ValidationError as error:
        first = error.errors()[0]
        raise not_allowed(f"under {first['loc'][0]}, {first['ctx']['allowed']}") from error


def _marks(value: Any) -> dict[str, Work | dict[str, Work]]:
    if not isinstance(value, dict) or not value:
        raise not_allowed("a table of components, each with its column")
    return {
        name: {inner: work(one) for inner, one in held.items()}
        if isinstance(held, dict) and held and not held.keys() <= {*WORK, "out_of", "sum_of"}
        else work(held)
        for name, held in value.items()
    }


class Marksheet(Part):
    """One marksheet, or several that are laid out alike."""

    file: Text
    sheet: Annotated[tuple[str, ...], PlainValidator(_texts)] | None = None
    module: Text | None = None
    module_from: Literal["sheet"] | None = None
    attempt: Annotated[int | str, PlainValidator(_attempt)] = 1
    header: Annotated[tuple[int, ...], PlainValidator(_rows)] = (1,)
    totals: Annotated[tuple[int | str, ...], PlainValidator(_totals)] = ()
    id: Text
    digits: Count | None = None
    id_as_number: Flag = False
    marks: Annotated[dict[str, Any], PlainValidator(_marks)]
    out_of: Annotated[Decimal | str, PlainValidator(_out_of)] | None = None
    blank: Literal["missing", "not-taken"] = "missing"

    @classmethod
    def faults(cls, values: dict[str, Any]) -> list[Fault]:
        """Find modules that are named in two ways, or in none."""
        if "module" in values and "module_from" in values:
            return [Fault((), "module and module_from are both given. Give one of them")]
        if "digits" in values and "id_as_number" in values:
            return [Fault((), "digits and id_as_number are both given. Give one of them")]
        marks = values.get("marks")
        if not isinstance(marks, dict):
            return []
        nested = [
            name
            for name, held in marks.items()
            if isinstance(held, dict) and held and not held.keys() <= {*WORK, "out_of", "sum_of"}
        ]
        one_module = "module" in values or "module_from" in values
        if one_module and nested:
            keys = ", ".join((*WORK, "out_of", "sum_of"))
            return [Fault(("marks", nested[0]), f"there is no such key there. Allowed: {keys}")]
        if not one_module and len(nested) < len(marks):
            return [Fault((), 'it does not say whose marks they are. Give module = "CODE", or marks.CODE')]
        return []


class Plan(Part):
    """The whole of board.toml."""

    board: dict[str, Any] = Field(default_factory=dict)
    codes: dict[Code, Literal["not-submitted", "absent", "deferred"]] = Field(default_factory=dict)
    modules: dict[str, dict[str, Any]] = Field(default_factory=dict)
    tables: Annotated[tuple[str, ...], PlainValidator(_texts)] = ()
    sheets: list[Marksheet] = Field(default_factory=list)

    @classmethod
    def faults(cls, values: dict[str, Any]) -> list[Fault]:
        """Find keys of the board and of modules that are none."""
        found = [*_board_faults(values.get("board", {})), *_module_faults(values.get("modules", {}))]
        if not values.get("sheets") and not values.get("tables"):
            found.append(Fault((), "it names no [[sheets]] and no tables. Name the files with the marks"))
        return found


def _board_faults(board: Any) -> list[Fault]:
    if not isinstance(board, dict):
        return []
    known = (*tables.BOARD_FACTS, "parameter")
    return [
        Fault(("board", key), f"there is no such key. Allowed here: {', '.join(known)}")
        for key in board
        if key not in known
    ] + [
        Fault(("board", key), "it is neither text, a number, a date nor a list of them")
        for key, value in board.items()
        if key != "parameter"
        and not all(isinstance(one, _SCALARS) for one in (value if isinstance(value, list) else [value]))
    ]


def _module_faults(modules: Any) -> list[Fault]:
    if not isinstance(modules, dict):
        return []
    found = []
    for code, said in modules.items():
        if not isinstance(said, dict):
            continue
        components = said.get(COMPONENTS, {})
        levels: list[tuple[tuple[str, ...], dict[str, Any], tuple[str, ...]]] = [
            (("modules", code), said, _MODULE_KEYS)
        ]
        if isinstance(components, dict):
            levels += [
                (("modules", code, COMPONENTS, name), one, _COMPONENT_KEYS)
                for name, one in components.items()
                if isinstance(one, dict)
            ]
        else:
            found.append(Fault(("modules", code, COMPONENTS), "it is no table of components and weights"))
        for where, held, known in levels:
            found += [
                Fault((*where, key), f"there is no such key. Allowed here: {', '.join(known)}")
                if key not in known
                else Fault((*where, key), "it is neither text, a number, a date, true nor false")
                for key, value in held.items()
                if key not in known or (key != COMPONENTS and not isinstance(value, _SCALARS))
            ]
    return found


def column_letters(spec: str) -> tuple[str, str] | None:
    """Read a column, or a stretch of columns, that is named by its letters.

    Examples:
        >>> column_letters("column R"), column_letters("columns B:Q"), column_letters("R")
        (('R', 'R'), ('B', 'Q'), None)
    """
    found = re.fullmatch(r"columns? ([A-Z]{1,3})(?::([A-Z]{1,3}))?", spec.strip())
    return None if found is None else (found[1], found[2] or found[1])
