"""Rows of text: a cell with its default, a yes, and rows gathered under a key."""

Row = dict[str, str]
Tables = dict[str, list[Row]]


def cell(row: Row, column: str, default: str = "") -> str:
    return (row.get(column) or "").strip() or default


def yes(row: Row, column: str) -> bool:
    return cell(row, column).lower() in {"y", "yes", "true", "1"}


def attempt_of(row: Row) -> int:
    return int(cell(row, "attempt", "1"))


def gathered(rows: list[Row], *columns: str) -> dict[tuple[str, ...], list[Row]]:
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(cell(row, column) for column in columns), []).append(row)
    return groups
