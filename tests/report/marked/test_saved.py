"""Saved copies: the same bytes at every time, and none that differs from what was read."""

from __future__ import annotations

import datetime as dt
import io
import os
import time
from pathlib import Path

import pytest

import boardkit.report.marked
from boardkit.errors import BoardkitError, CallError
from boardkit.read.limits import Limits
from boardkit.read.workbook import read_workbook
from boardkit.report.marked.loaded import load
from boardkit.report.marked.saved import refuse_changed
from boardkit.rewritten import save
from tests.check import boards
from tests.report.marked.copies import board, content, furnished, opened


def test_the_same_bytes_at_every_time_and_the_users_own_days(tmp_path: Path) -> None:
    path = board(tmp_path, {"Marks!E2": "6O"}, furnished)
    first = content(path)
    time.sleep(2.1)  # a package states times to two seconds
    assert content(path) == first
    properties = opened(io.BytesIO(first)).properties
    assert (properties.creator, properties.created) == ("Registry", dt.datetime(2020, 5, 17, 9))  # noqa: DTZ001
    assert properties.modified == opened(io.BytesIO(path.read_bytes())).properties.modified


def test_a_copy_that_would_differ_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = board(tmp_path)
    other = boards.write(boards.spoil(boards.Fault("", at={"Marks!E2": 62})), tmp_path / "other.xlsx")
    monkeypatch.setattr(boardkit.report.marked, "save", lambda _: path.read_bytes())
    content(path)
    monkeypatch.setattr(boardkit.report.marked, "save", lambda _: other.read_bytes())
    with pytest.raises(CallError, match="would not hold every cell as it is"):
        content(path)


@pytest.mark.skipif(
    not os.environ.get("BOARDKIT_TEST_DATA"),
    reason="BOARDKIT_TEST_DATA does not name the folder with the test files",
)
def test_every_public_workbook_is_copied_with_all_its_cells() -> None:
    copied = 0
    for path in sorted(Path(os.environ["BOARDKIT_TEST_DATA"]).rglob("*.xls[xm]")):
        try:
            read_workbook(path)
        except BoardkitError:
            continue
        loaded = load(path, path.read_bytes(), Limits())
        refuse_changed(path, save(loaded.copy), loaded.read, "")
        copied += 1
    assert copied >= 48
