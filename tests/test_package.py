"""The wheel that is built from the sources is what works: its files, its command, its packs."""

from __future__ import annotations

import email
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))

BUILD = """
import sys
from hatchling.build import build_wheel
print(build_wheel(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-c", BUILD, folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return folder / built.stdout.strip().splitlines()[-1]


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel alone, in a folder of its own; what it needs is there already."""
    target = tmp_path_factory.mktemp("installed")
    quiet = ["--quiet", "--disable-pip-version-check", "--no-compile"]
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--no-deps",
            "--no-index",
            *quiet,
            "--target",
            target,
            wheel,
        ],
        check=True,
        timeout=120,
    )
    return target


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    held = names(wheel)
    about = f"boardkit-{PROJECT['version']}.dist-info/"
    here = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "boardkit").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in held if not name.startswith(about)} == here
    assert {"boardkit/py.typed", "boardkit/regulations/packs/qmu-2022.toml"} <= held
    assert {f"{about}METADATA", f"{about}entry_points.txt", f"{about}licenses/LICENSE"} <= held
    assert not {name for name in held if re.search(r"test|golden|\.pyc|\.egg", name)}


def test_the_wheel_says_what_it_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        about = next(name for name in archive.namelist() if name.endswith("METADATA"))
        metadata = email.message_from_bytes(archive.read(about))
    needed = {
        line.split(";")[0].replace(" ", "")
        for line in metadata.get_all("Requires-Dist")
        if "extra" not in line
    }
    assert {re.split(r"[<>=]", line)[0] for line in needed} == {
        re.split(r"[<>=]", line)[0] for line in PROJECT["dependencies"]
    }
    assert metadata["Requires-Python"].replace(" ", "").split(",")[::-1] == PROJECT["requires-python"].split(
        ","
    )
    assert metadata["Version"] == PROJECT["version"]


def boardkit(installed: Path, *arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, installed / "bin" / "boardkit", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(installed)},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_what_is_tested_is_the_wheel(installed: Path, tmp_path: Path) -> None:
    asked = "import boardkit, boardkit.regulations as r; print(boardkit.__file__, boardkit.__version__, *r.shipped())"
    found = subprocess.run(
        [sys.executable, "-c", asked],
        env={**os.environ, "PYTHONPATH": str(installed)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    file, version, *packs = found.stdout.split()
    assert Path(file) == installed / "boardkit" / "__init__.py"
    assert version == PROJECT["version"]
    assert packs == ["imperial-2024", "imperial-misconduct", "qmu-2022"]


def test_the_installed_command_works(installed: Path, tmp_path: Path) -> None:
    ended = boardkit(installed, "demo", 12, "--out", "board.xlsx", cwd=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    ended = boardkit(
        installed, "run", "board.xlsx", "--regulations", "qmu-2022", "--out", "out", cwd=tmp_path
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "Read      board.xlsx   12 students, 12 modules" in ended.stdout
    assert (tmp_path / "out" / "manifest.json").is_file()


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_every_requirement_is_pinned_by_its_hash(path: Path) -> None:
    text = re.sub(r"\s*\\\n\s*", " ", path.read_text("utf-8"))
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert lines
    for line in lines:
        assert re.match(r"[A-Za-z0-9._-]+==\S+( ;.*?)?( --hash=sha256:[0-9a-f]{64})+$", line), line[:80]


@pytest.mark.parametrize(
    "path", [*REQUIREMENTS, ROOT / "requirements" / "build.in"], ids=lambda path: path.name
)
def test_no_requirement_names_an_index(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"--(extra-)?index-url|--find-links|--trusted-host|://", text)


def test_requirements_cover_the_dependencies() -> None:
    pinned = {
        line.split("==")[0]
        for line in (ROOT / "requirements" / "run.txt").read_text("utf-8").splitlines()
        if "==" in line
    }
    assert {re.split(r"[<>=\[]", line)[0] for line in PROJECT["dependencies"]} <= {
        name.strip() for name in pinned
    }
