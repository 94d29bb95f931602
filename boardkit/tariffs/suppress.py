"""Suppress: small counts are not shown, nor what a total would give away of them."""

from __future__ import annotations

NOT_SHOWN = "not shown"
"""What stands for a count that is too small, or that would give one away; which of the two it is, is not said."""


def hidden(counts: list[int], minimum: int) -> list[bool] | None:
    """Choose which counts of one breakdown are not shown beside their total.

    Counts below the minimum are not, and with them the smallest of the others, all that are equal to it. What is hidden
    could then stand the other way round, also for somebody who knows the total and how counts are chosen.

    Args:
        counts: how many cases each value has, from 0; a 0 is shown.
        minimum: the fewest cases that are shown.

    Returns:
        Whether each is hidden; none where not even hiding all of them is enough, and the total may not be shown.

    Examples:
        >>> hidden([20, 12, 3], 5)
        [False, True, True]
        >>> hidden([20, 9, 9, 1, 1], 5)
        [False, True, True, True, True]
        >>> hidden([20, 12, 0], 5), hidden([3, 2], 5), hidden([1, 1], 5)
        ([False, False, False], [True, True], None)
    """
    small = [count for count in counts if 0 < count < minimum]
    others = [count for count in counts if count >= minimum]
    if not small:
        return [False] * len(counts)
    if not others and (len(small) == 1 or sum(small) == len(small)):
        return None
    beside = min(others, default=0)
    return [0 < count < minimum or (count == beside and count > 0) for count in counts]
