"""Printed: the pages of a workbook as LibreOffice prints them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

TOOLS = ("soffice", "pdftotext", "pdfinfo")


def need_tools() -> None:
    """Fail where continuous integration should have them; skip on a machine that has them not."""
    missing = [name for name in TOOLS if shutil.which(name) is None]
    if missing and os.environ.get("CI"):
        pytest.fail(f"{', '.join(missing)} must be installed here: libreoffice-calc and poppler-utils")
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed: libreoffice-calc and poppler-utils")


def pages_of(book: Path) -> list[str]:
    """Print a workbook on A4 on its side beside it, and give the text of each page."""
    need_tools()
    folder, printed = book.parent, book.with_suffix(".pdf")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    call = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, book]
    subprocess.run(call, check=True, capture_output=True, timeout=300)
    size = subprocess.run(["pdfinfo", printed], check=True, capture_output=True, text=True).stdout
    width, height = map(float, re.search(r"Page size: +([\d.]+) x ([\d.]+)", size).groups())
    assert (round(width), round(height)) == (842, 595)
    text = subprocess.run(
        ["pdftotext", "-layout", printed, "-"], check=True, capture_output=True, text=True
    ).stdout
    return text.split("\f")[:-1]
