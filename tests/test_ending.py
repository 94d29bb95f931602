"""Ending: the first request to end counts, further ones disturb nothing, and what is ignored stays ignored."""

from __future__ import annotations

import signal
import subprocess
import sys
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from boardkit.ending import ENDS, ended_once, held

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _usual() -> Iterator[None]:
    """Ctrl-C as a terminal has it: what is begun in the background may have it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_a_request_waits_until_what_is_held_is_done() -> None:
    done = []

    def work() -> None:
        with held():
            with held():
                signal.raise_signal(signal.SIGINT)
                done.append("inner")
            done.append("outer")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["inner", "outer"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize("number", ENDS)
def test_a_command_ends_once(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    cleared = []

    def work() -> None:
        with ended_once():
            try:
                signal.raise_signal(number)
            finally:
                for again in ENDS:
                    signal.raise_signal(again)
                cleared.append(number)

    with pytest.raises(KeyboardInterrupt):
        work()
    assert cleared == [number]
    assert signal.getsignal(number) is before


def test_what_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with ended_once():
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)


def test_another_thread_says_nothing_of_signals() -> None:
    done = []

    def work() -> None:
        with held(), ended_once():
            done.append(signal.getsignal(signal.SIGINT))

    thread = Thread(target=work)
    thread.start()
    thread.join()
    assert done == [signal.default_int_handler]


@pytest.mark.parametrize("number", ENDS)
def test_a_command_that_is_told_to_end_says_so(number: signal.Signals) -> None:
    code = (
        "import signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "import boardkit.cli as cli\n"
        f"cli.read_board = lambda *_: signal.raise_signal({int(number)})\n"
        "sys.argv = ['boardkit', 'check', 'data/samples/psychology-2022']\n"
        "cli.main()\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout) == (130, "")
    assert ended.stderr == "boardkit: stopped; what was to be written is there whole, or not at all.\n"
