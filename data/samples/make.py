"""Write the sample cohorts and what comes of them: invented people, always the same."""

from __future__ import annotations

import shutil
from pathlib import Path

from marksheets import write_marksheets

import boardkit as bk
from boardkit.demo import demo, write_folder, write_workbook

HERE = Path(__file__).parent
TABLES = ("components", "modules", "awards", "problems")


def expect(name: str, source: Path) -> None:
    """Keep the results of a sample beside it."""
    made = HERE / "made"
    bk.assess(bk.read(source), "qmu-2022").write(made)
    kept = HERE / "expected" / name
    kept.mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        shutil.copyfile(made / f"{table}.csv", kept / f"{table}.csv")
    shutil.rmtree(made)


def main() -> None:
    """Write an honours board with faults as a workbook, the same without as a folder, a masters board, marksheets."""
    write_workbook(demo(120, faults=True), HERE / "psychology-2022.xlsx")
    folder = HERE / "psychology-2022"
    shutil.rmtree(folder, ignore_errors=True)
    write_folder(demo(120), folder)
    write_workbook(demo(40, study="postgraduate"), HERE / "masters-2022.xlsx")
    sheets = HERE / "marksheets-2022"
    shutil.rmtree(sheets, ignore_errors=True)
    write_marksheets(sheets)
    for source in (HERE / "psychology-2022.xlsx", HERE / "masters-2022.xlsx", sheets):
        expect(source.stem, source)


if __name__ == "__main__":
    main()
