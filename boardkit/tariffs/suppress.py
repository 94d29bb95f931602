"""Suppress: small counts are not shown, nor what a total would give away of them."""

from __future__ import annotations

NOT_SHOWN = "not shown"
"""What stands for a count that is too small, or that would give one away; which of the two it is, is not said."""


def hidden(counts: list[int], minimum: int) -> list[bool] | None:
    """Choose which counts of one breakdown are not shown beside their total.

    Counts below the minimum are not. What is hidden adds up to what the total leaves of the others, so that one hidden
    count alone, or several that can only be 1 each, would be given away: then the smallest other one is hidden too.

    Args:
        counts: how many cases each value has, from 0; a 0 is shown.
        minimum: the fewest cases that are shown.

    Returns:
        Whether each is hidden; none where not even hiding all of them is enough, and the total may not be shown.

    Examples:
        >>> hidden([20, 12, 3], 5)
        [False, True, True]
        >>> hidden([20, 4, 3], 5)
        [False, True, True]
        >>> hidden([20, 9, 1, 1], 5)
        [False, True, True, True]
        >>> hidden([20, 12, 0], 5), hidden([1, 1], 5)
        ([False, False, False], None)
    """
    chosen = {at for at, count in enumerate(counts) if 0 < count < minimum}
    others = sorted((count, at) for at, count in enumerate(counts) if count >= minimum)
    while chosen and given_away([counts[at] for at in chosen]):
        if not others:
            return None
        chosen.add(others.pop(0)[1])
    return [at in chosen for at in range(len(counts))]


def given_away(counts: list[int]) -> bool:
    """Tell whether hidden counts, each 1 at the least, are known once their sum is."""
    return len(counts) == 1 or sum(counts) == len(counts)
