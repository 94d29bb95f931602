"""Lines: how a value of a pack is put in plain words, with the rule that it stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal

    from boardkit.regulations.part import Cited

GAP = "  "


class Line(NamedTuple):
    """One value: what it rules, what it is, and the rule that it stands in."""

    what: str
    value: str
    rule: Cited | None = None


Group = tuple[str, list[Line]]


def levels(numbers: list[int]) -> str:
    """Name levels: a run by its ends, others one by one.

    Examples:
        >>> levels([7, 8, 9, 10]), levels([7, 8])
        ('SCQF 7 to 10', 'SCQF 7, 8')
    """
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):  # noqa: PLR2004 - a run
        return f"SCQF {numbers[0]} to {numbers[-1]}"
    return f"SCQF {', '.join(str(number) for number in numbers)}"


def words(name: str) -> str:
    """Write a name of the pack as words.

    Examples:
        >>> words("pass_mark"), words("half-up")
        ('pass mark', 'half up')
    """
    return name.replace("-", " ").replace("_", " ")


def percent(share: Decimal) -> str:
    """Write a share as a percentage.

    Examples:
        >>> from decimal import Decimal
        >>> percent(Decimal("0.5")), percent(Decimal("0.125"))
        ('50%', '12.5%')
    """
    return f"{(share * 100).normalize():f}%"


def yes(value: bool) -> str:  # noqa: FBT001 - it is what is said
    """Say yes or no."""
    return "yes" if value else "no"
