"""Ending: Ctrl-C and other requests to end, once and at a moment at which nothing is lost."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

ENDS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)  # Windows has no SIGHUP
"""Ctrl-C, a request to end, and the end of the terminal."""


def _elsewhere() -> bool:
    """Tell whether this is no place to say what signals do: only a process's first thread may."""
    return threading.current_thread() is not threading.main_thread()


@contextmanager
def _instead(handler: Callable[[int, Any], None], numbers: Iterable[int]) -> Iterator[None]:
    """Let signals do something else for a while."""
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, usual in before.items():
            signal.signal(number, usual)


@contextmanager
def held() -> Iterator[None]:
    """Hold requests to end back until what is done here is done.

    Examples:
        >>> usual, done = signal.signal(signal.SIGINT, signal.default_int_handler), []
        >>> try:
        ...     with held():
        ...         signal.raise_signal(signal.SIGINT)
        ...         done.append("moved")
        ... except KeyboardInterrupt:
        ...     done.append("stopped")
        >>> done, signal.signal(signal.SIGINT, usual) is signal.default_int_handler
        (['moved', 'stopped'], True)
    """
    if _elsewhere():
        yield
        return
    came: list[int] = []
    # None is a handler of another language, which could not be put back.
    ours = [number for number in ENDS if signal.getsignal(number) is not None]
    try:
        with _instead(lambda number, _: came.append(number), ours):
            yield
    finally:
        if came:
            signal.raise_signal(came[0])


@contextmanager
def ended_once() -> Iterator[None]:
    """End at the first request, as at Ctrl-C, and let no further one disturb what is cleared up then.

    What is ignored stays ignored, such as the end of the terminal under ``nohup``.
    """
    if _elsewhere():
        yield
        return

    def end(*_: object) -> None:
        for number in ENDS:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    usual = (signal.SIG_DFL, signal.default_int_handler)
    with _instead(end, [number for number in ENDS if signal.getsignal(number) in usual]):
        yield


def end_undisturbed() -> None:
    """Ignore Ctrl-C from here on: Python is ending, and the exit code is settled."""
    if not _elsewhere():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
