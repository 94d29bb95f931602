"""Random numbers that are the same on every machine: raw bits, then integer arithmetic alone."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

PER_MILLE = 1000
_HALF_WORD = np.uint64(32)
_PIECES = 12  # sixteen-bit pieces in a bell draw: their sum has a standard deviation of one full piece
_PIECE_BITS = 16
_PIECE_MEAN_TWICE = 2**_PIECE_BITS - 1
_WORDS_PER_BELL = _PIECES * _PIECE_BITS // 64


class Draws:
    """Give named streams of random integers.

    A stream depends on the seed and its own name alone, so a draw added somewhere leaves all others
    as they were. Philox is a published counter-based generator; only its raw 64-bit words are used,
    since what numpy makes of them may change from one version to the next.

    Args:
        seed: any integer.
        what: what is invented, so that two kinds of board with one seed share nobody.

    Examples:
        >>> Draws(2022, "dice").below("dice", 6, 6).tolist()
        [4, 3, 0, 1, 0, 3]
    """

    def __init__(self, seed: int, what: str) -> None:
        self.root = f"{what}/{seed}"

    def words(self, name: str, count: int) -> npt.NDArray[np.uint64]:
        """Draw raw 64-bit words."""
        key = blake2b(f"{self.root}/{name}".encode(), digest_size=16).digest()
        raw = np.random.Philox(key=int.from_bytes(key, "little")).random_raw(count)
        return np.asarray(raw, dtype=np.uint64)

    def below(self, name: str, count: int, limit: int) -> Whole:
        """Draw whole numbers from 0 up to, but not including, a limit under 2**31."""
        high = self.words(name, count) >> _HALF_WORD
        return (high * np.uint64(limit) >> _HALF_WORD).astype(np.int64)

    def skewed(self, name: str, count: int, limit: int) -> Whole:
        """Draw whole numbers below a limit, small ones more often: a product of two even draws."""
        return self.below(name, count, limit) * self.below(f"{name}, again", count, limit) // limit

    def bell(self, name: str, count: int, deviation: int) -> Whole:
        """Draw whole numbers about 0, bell-shaped, with a standard deviation in the caller's unit."""
        pieces = self.words(name, count * _WORDS_PER_BELL).view(np.uint16).reshape(count, _PIECES)
        bell: Whole = pieces.sum(axis=1, dtype=np.int64) - _PIECES * _PIECE_MEAN_TWICE // 2
        bell *= deviation
        bell >>= _PIECE_BITS
        return bell

    def chance(self, name: str, count: int, per_mille: int) -> Mask:
        """Say yes to each with a chance in a thousand."""
        return self.below(name, count, PER_MILLE) < per_mille

    def order(self, name: str, count: int) -> Whole:
        """Shuffle the numbers 0 to ``count - 1``."""
        return np.argsort(self.words(name, count), kind="stable").astype(np.int64)

    def quota(self, name: str, count: int, per_mille: int) -> Mask:
        """Say yes to a fixed share, rounded half up, whoever they are."""
        chosen = np.zeros(count, dtype=np.bool_)
        chosen[self.order(name, count)[: share(count, per_mille)]] = True
        return chosen


def share(count: int, per_mille: int) -> int:
    """Take so many of a thousand, rounded half up.

    Examples:
        >>> share(120, 8), share(5, 8)
        (1, 0)
    """
    return (2 * count * per_mille + PER_MILLE) // (2 * PER_MILLE)
