"""Siblings of the way: tables that only read a finished board, each made when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from boardkit.board import BoardResult


class Siblings:
    """The tables beside the way, as a board hands them back: pandas, or polars where polars frames went in."""

    def _hand_back(self, name: str) -> Any:
        raise NotImplementedError(name)

    @property
    def dates(self) -> Any:
        """When feedback is due, when an extension of it has to be told, when appeals close."""
        return self._hand_back("dates")

    @property
    def registration(self) -> Any:
        """How long each student may be registered, the credit of the year, and how both stand."""
        return self._hand_back("registration")

    @property
    def transcript(self) -> Any:
        """Every student's modules as a transcript shows them."""
        return self._hand_back("transcript")

    @property
    def concern(self) -> Any:
        """Students whose tutor is to be told: fails, missing work, lateness, claims."""
        return self._hand_back("concern")


def _dates(board: BoardResult) -> pl.DataFrame:
    from boardkit.dates import date_table  # noqa: PLC0415 - made only when it is asked for

    return date_table(board)


def _registration(board: BoardResult) -> pl.DataFrame:
    from boardkit.registration import registration_table  # noqa: PLC0415 - as above

    return registration_table(board)


def _transcript(board: BoardResult) -> pl.DataFrame:
    from boardkit.transcript import transcript_table  # noqa: PLC0415 - as above

    return transcript_table(board)


def _concern(board: BoardResult) -> pl.DataFrame:
    from boardkit.concern import concern_table  # noqa: PLC0415 - as above

    return concern_table(board)


MAKERS: dict[str, Callable[[BoardResult], pl.DataFrame]] = {
    "dates": _dates,
    "registration": _registration,
    "transcript": _transcript,
    "concern": _concern,
}
"""How each of these tables is made."""
