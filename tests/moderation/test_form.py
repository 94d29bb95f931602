"""The moderation form: made of a sample, filled in, read back; each fault by its cell, and nothing overwritten."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import polars as pl
import pytest

import boardkit as bk
from boardkit.errors import CallError
from boardkit.moderation.form import FILLED, make_form
from boardkit.moderation.form_read import read_form
from boardkit.moderation.moderated import with_moderated
from boardkit.regulations import load
from tests.moderation.cohorts import moderate
from tests.printed import pages_of

if TYPE_CHECKING:
    from tests.conftest import Call

PACK = load("qmu-2022")
KEY = b"k" * 32


def tables(**columns: list[Any]) -> dict[str, pl.DataFrame]:
    rows = {
        "student_id": [f"{at:08d}" for at in range(12)],
        "module": ["A"] * 12,
        "component": ["Essay"] * 12,
        "mark": [str(40 + 3 * at) for at in range(12)],
        "marker": ["Dr A"] * 12,
    }
    return {
        "marks": pl.DataFrame({**rows, **columns}),
        "modules": pl.DataFrame({"module": ["A"], "scqf_level": ["8"], "credits": ["20"]}),
    }


def form(tmp_path: Path, purpose: str = "internal") -> Path:
    board = bk.read(tables())
    moderate(board, seed=1, purpose=purpose, key=KEY).write(tmp_path / "sample")
    path = tmp_path / "form.xlsx"
    path.write_bytes(make_form(tmp_path / "sample"))
    return path


def fill(path: Path, *typed: tuple[int, str, object]) -> Path:
    """Type into cells, by row and head."""
    book = openpyxl.load_workbook(path)
    sheet = book["Moderation"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for row, head, value in typed:
        sheet.cell(row, heads.get(head) or sheet.max_column + 1).value = value
    book.save(path)
    return path


def test_a_form_has_what_to_fill_in(tmp_path: Path) -> None:
    path = form(tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = book["Moderation"]
    heads = [cell.value for cell in sheet[1]]
    assert heads[-4:] == ["second_marker", "second_mark", "agreed_mark", "comment"]
    assert sheet.max_row == 7
    assert sheet["D2"].value == "00000000"
    ranges = {
        str(one.sqref): (one.type, one.formula1, one.formula2)
        for one in sheet.data_validations.dataValidation
    }
    assert ranges == {"K2:K7": ("decimal", "0", "100"), "L2:L7": ("decimal", "0", "100")}
    assert dict(book["About"].iter_rows(max_row=5, max_col=2, values_only=True))["for"] == "internal"  # type: ignore[arg-type]


def test_the_same_form_has_the_same_bytes(tmp_path: Path) -> None:
    form(tmp_path)
    assert make_form(tmp_path / "sample") == make_form(tmp_path / "sample")


def test_a_form_of_a_changed_sample_is_refused(tmp_path: Path) -> None:
    form(tmp_path)
    with (tmp_path / "sample" / "sample.csv").open("a") as file:
        file.write("x\n")
    with pytest.raises(CallError, match=r"sample\.csv is not as boardkit wrote it"):
        make_form(tmp_path / "sample")


def test_filled_in_and_read_back(tmp_path: Path) -> None:
    path = fill(
        form(tmp_path),
        (2, "second_marker", "Dr B"),
        (2, "second_mark", 41.5),
        (3, "second_marker", "Dr B"),
        (3, "second_mark", 58.3),
        (3, "agreed_mark", 57),
        (3, "comment", "generous"),
    )
    board = bk.read(tables())
    found = read_form(path, board, PACK)
    assert (found.rows.height, found.open, found.to_agree) == (2, 4, 1)
    assert found.table()["second_mark"].cast(pl.String).to_list() == ["41.50", "58.30"]
    made = with_moderated(board, found)
    assert made.columns == board.polars.marks.columns
    changed = made.filter(pl.col("second_mark").is_not_null())
    assert changed.select("second_marker", "second_mark", "agreed_mark").cast(pl.String).rows() == [
        ("Dr B", "41.50", None),
        ("Dr B", "58.30", "57.00"),
    ]
    again = bk.assess(bk.read({**tables(), "marks": made}), "qmu-2022").polars.modules
    outcomes = dict(again.select("student_id", "outcome").iter_rows())
    first, second = changed["student_id"]
    assert outcomes[first] == "incomplete"
    assert again.filter(student_id=second)["mark"].cast(pl.String).to_list() == ["57.0"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ([(2, "second_mark", "6O"), (2, "second_marker", "B")], 'Moderation!K2: "6O" is not a mark from 0 to 100'),
        ([(2, "second_mark", 101), (2, "second_marker", "B")], 'Moderation!K2: "101" is not a mark'),
        ([(2, "second_mark", 55.555), (2, "second_marker", "B")], 'Moderation!K2: "55.555" is not a mark'),
        ([(2, "second_mark", 55)], "Moderation!J2: a second mark and no second marker"),
        ([(2, "agreed_mark", 55)], "Moderation!L2: an agreed mark and no second mark"),
        ([(2, "student_id", "99999999")], 'Moderation!D2: "99999999" is not in the sample that the form was made of'),
        ([(3, "student_id", "00000000"), (3, "mark", 40)], "Moderation!D3: the script stands twice on the form"),
        ([(2, "mark", 77)], "Moderation!E2: the board has 40.00 now"),
        ([(2, "second_mark", "=1/0"), (2, "second_marker", "B")], "Moderation!K2: the cell has no value that can be read"),
        ([(2, "attempt", "x")], 'Moderation!D2: "00000000" is not in the sample'),
        ([(2, "attempt", 1.4)], 'Moderation!D2: "00000000" is not in the sample'),
        ([(2, "second_mark", 50), (2, "second_marker", "\u200b")], "Moderation!J2: a second mark and no second marker"),
        ([(9, "comment", "see this")], 'Moderation!D9: "" is not in the sample'),
    ],
)  # fmt: skip
def test_every_fault_is_named_by_its_cell(
    tmp_path: Path, typed: list[tuple[int, str, object]], told: str
) -> None:
    path = fill(form(tmp_path), *typed)
    with pytest.raises(CallError) as refused:
        read_form(path, bk.read(tables()), PACK)
    assert told in str(refused.value)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    path = fill(form(tmp_path), (2, "second_mark", "x"), (3, "second_mark", -1), (4, "agreed_mark", 50))
    with pytest.raises(CallError) as refused:
        read_form(path, bk.read(tables()), PACK)
    assert [line.split(":")[0] for line in str(refused.value).splitlines()] == [
        "Moderation!K2",
        "Moderation!K3",
        "Moderation!L4",
    ]


def test_nothing_that_stands_is_overwritten(tmp_path: Path) -> None:
    path = fill(form(tmp_path), (2, "second_mark", 44), (2, "second_marker", "Dr B"))
    has = bk.read(tables(second_mark=["43"] + [None] * 11))
    with pytest.raises(
        CallError, match=r"Moderation!K2: the board has 43\.00 already, and nothing is overwritten"
    ):
        read_form(path, has, PACK)
    same = bk.read(tables(second_mark=["44"] + [None] * 11))
    assert read_form(path, same, PACK).rows.height == 1


def test_cells_that_cannot_be_read_are_not_lost(tmp_path: Path) -> None:
    path = fill(form(tmp_path), (2, "second_mark", 44), (2, "second_marker", "Dr B"))
    drawn = moderate(bk.read(tables()), seed=1).drawn["student_id"]
    other = next(student for student in tables()["marks"]["student_id"] if student not in drawn)
    many = pl.when(pl.col("student_id") == other).then(pl.lit("many"))
    marks = tables()["marks"].with_columns(words=many)
    board = bk.read({**tables(), "marks": marks})
    with pytest.raises(CallError, match="1 row of the board's marks cannot be used, and would be lost"):
        with_moderated(board, read_form(path, board, PACK))


def test_an_external_examiner_changes_no_single_mark(tmp_path: Path) -> None:
    path = form(tmp_path, "external")
    heads = [cell.value for cell in openpyxl.load_workbook(path)["Moderation"][1]]
    assert "agreed_mark" not in heads
    assert "student_id" not in heads
    board = bk.read(tables())
    filled = fill(path, (2, "second_mark", 44), (2, "second_marker", "Prof. X"))
    found = read_form(filled, board, PACK, key=KEY)
    assert found.table()["student_id"].to_list() == ["00000000"]
    with pytest.raises(CallError, match=r"an external changes no single mark \(5\.7\.5\)"):
        with_moderated(board, found)
    with pytest.raises(CallError, match="the form has anonymous numbers"):
        read_form(filled, board, PACK)
    book = openpyxl.load_workbook(filled)
    sheet = book["Moderation"]
    sheet.cell(1, 14).value = "agreed_mark"
    sheet.cell(2, 14).value = 50
    book.save(filled)
    with pytest.raises(
        CallError, match=r"Moderation!N2: an external examiner may not change one mark \(5\.7\.5\)"
    ):
        read_form(filled, board, PACK, key=KEY)


def test_what_is_no_form_is_told(tmp_path: Path) -> None:
    board = bk.read(tables())
    path = form(tmp_path)
    book = openpyxl.load_workbook(path)
    book["Moderation"]["K1"] = "marks of mine"
    book.save(path)
    with pytest.raises(CallError, match=r"has no column second_mark\. Put their heads back"):
        read_form(path, board, PACK)
    with pytest.raises(CallError, match="it is no moderation form"):
        read_form(Path("data/samples/psychology-2022.xlsx"), board, PACK)


def test_the_commands(call: Call, tmp_path: Path) -> None:
    board = tmp_path / "board"
    board.mkdir()
    for name, frame in tables().items():
        frame.write_csv(board / f"{name}.csv")
    pack = ("--regulations", "qmu-2022")
    call("sample", board, *pack, "--seed", 1, "--out", tmp_path / "s")
    code, said, _ = call("moderation", "form", tmp_path / "s", "--out", tmp_path / "form.xlsx")
    assert code == 0
    assert "form.xlsx: fill in the yellow cells" in said
    assert call("moderation", "form", tmp_path / "s", "--out", tmp_path / "form.xlsx")[0] == 2
    fill(tmp_path / "form.xlsx", (2, "second_mark", 44), (2, "second_marker", "Dr B"))
    code, said, err = call(
        "moderation", "import", tmp_path / "form.xlsx", board, *pack, "--out", tmp_path / "in"
    )
    assert (code, err) == (0, "")
    assert "form.xlsx   1 filled in, 5 left blank" in said
    assert "1 script with marks that differ and none agreed: none goes on until one is (5.2, 5.3)" in said
    assert sorted(path.name for path in (tmp_path / "in").iterdir()) == ["marks.csv", "moderation.csv"]
    (tmp_path / "in" / "marks.csv").replace(board / "marks.csv")
    assert bk.read(board).polars.marks["second_mark"].drop_nulls().cast(pl.String).to_list() == ["44.00"]
    fill(tmp_path / "form.xlsx", (3, "second_mark", "x"))
    code, said, err = call(
        "moderation", "import", tmp_path / "form.xlsx", board, *pack, "--out", tmp_path / "in2"
    )
    assert (code, said) == (2, "")
    assert err.startswith("boardkit: Moderation!K3: ")
    assert not (tmp_path / "in2").exists()


def test_a_comment_alone_is_not_lost(tmp_path: Path) -> None:
    path = fill(
        form(tmp_path), (2, "comment", "generous"), (2, "second_marker", "Dr B"), (3, "comment", "as marked")
    )
    board = bk.read(tables())
    found = read_form(path, board, PACK)
    assert (found.rows.height, found.open) == (2, 4)
    assert found.table()["comment"].to_list() == ["generous", "as marked"]
    assert with_moderated(board, found).equals(board.polars.marks)


def test_another_second_marker_does_not_get_the_mark(tmp_path: Path) -> None:
    path = fill(form(tmp_path), (2, "second_mark", 44), (2, "second_marker", "Dr B"))
    has = bk.read(tables(second_marker=["Dr C"] + [None] * 11))
    with pytest.raises(CallError, match=r'Moderation!J2: the board has "Dr C" already'):
        read_form(path, has, PACK)
    same = bk.read(tables(second_marker=["Dr B"] + [None] * 11))
    made = with_moderated(same, read_form(path, same, PACK))
    assert made.select("second_marker", "second_mark").cast(pl.String).row(0) == ("Dr B", "44.00")


def test_marks_of_students_that_are_not_known_are_not_lost(tmp_path: Path) -> None:
    path = fill(form(tmp_path), (2, "second_mark", 44), (2, "second_marker", "Dr B"))
    *others, highest = tables()["marks"]["student_id"]
    board = bk.read({**tables(), "students": pl.DataFrame({"student_id": others, "award": "honours"})})
    filled = read_form(without(path, highest), board, PACK)
    with pytest.raises(CallError, match="1 row of the board's marks cannot be used, and would be lost"):
        with_moderated(board, filled)


def without(path: Path, student: str) -> Path:
    """Take a student's row out of a form."""
    book = openpyxl.load_workbook(path)
    sheet = book["Moderation"]
    at = next(row[3].row for row in sheet.iter_rows(min_row=2) if row[3].value == student)
    sheet.delete_rows(at)
    book.save(path)
    return path


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = form(tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = book["Moderation"]
    sheet.cell(1, sheet.max_column + 1).value = "second_mark"
    sheet.cell(2, sheet.max_column).value = 12
    book.save(path)
    with pytest.raises(CallError, match="has the column second_mark twice"):
        read_form(path, bk.read(tables()), PACK)


def test_what_is_to_agree_is_what_the_stages_wait_for(tmp_path: Path) -> None:
    """Within a tolerance of 5 points 58 and 61 are agreed only if no boundary lies between; one on the board is one."""
    text = Path(bk.__file__).parent.joinpath("regulations/packs/qmu-2022.toml").read_text("utf-8")
    other = tmp_path / "other.toml"
    other.write_text(text.replace("tolerance = { points = 0", "tolerance = { points = 5"), "utf-8")
    rows = bk.read(tables())
    path = form(tmp_path)
    book = openpyxl.load_workbook(path)["Moderation"]
    marks = [book.cell(row, 5).value for row in range(2, 8)]
    at = next(row for row, mark in enumerate(marks, start=2) if mark % 10 > 7)
    typed = ((at, "second_mark", marks[at - 2] + 3), (at, "second_marker", "Dr B"))
    found = read_form(fill(path, *typed), rows, load(other))
    assert found.to_agree == 1
    who = found.rows["student_id"][0]
    agreed = [str(marks[at - 2]) if one == who else None for one in tables()["marks"]["student_id"]]
    assert read_form(path, bk.read(tables(agreed_mark=agreed)), load(other)).to_agree == 0


def test_a_script_that_was_not_drawn_is_refused_by_its_cell(tmp_path: Path) -> None:
    """It is on the board and its mark is right: the sample would hold what nobody drew."""
    path = form(tmp_path)
    drawn = set(moderate(bk.read(tables()), seed=1).drawn["student_id"])
    rows = zip(tables()["marks"]["student_id"], tables()["marks"]["mark"], strict=True)
    other, mark = next(row for row in rows if row[0] not in drawn)
    typed = {"module": "A", "component": "Essay", "attempt": 1, "student_id": other, "mark": float(mark)}
    filled = {"second_mark": 50, "second_marker": "Dr B"}
    new = [(8, head, value) for head, value in {**typed, **filled}.items()]
    with pytest.raises(CallError) as refused:
        read_form(fill(path, (2, "second_mark", "x"), *new), bk.read(tables()), PACK)
    first, second = str(refused.value).splitlines()
    assert first.startswith("Moderation!K2: ")
    assert second.startswith(f'Moderation!D8: "{other}" is not in the sample that the form was made of.')


def test_a_script_that_is_gone_from_the_board_is_refused_by_its_cell(tmp_path: Path) -> None:
    rows = tables()
    board = bk.read({**rows, "marks": rows["marks"].filter(pl.col("student_id") != "00000000")})
    with pytest.raises(CallError, match='Moderation!D2: "00000000" has no such marked work on this board'):
        read_form(form(tmp_path), board, PACK)


def test_rows_taken_out_of_a_form_are_counted_as_left_blank(tmp_path: Path) -> None:
    path = without(form(tmp_path), "00000000")
    assert read_form(path, bk.read(tables()), PACK).open == 6


def test_a_form_says_out_of_sight_what_was_drawn(tmp_path: Path) -> None:
    path = form(tmp_path)
    book = openpyxl.load_workbook(path)
    assert book["Sample"].sheet_state == "hidden"
    assert [cell.value for cell in book["Sample"][1]] == ["A", "Essay", "1", "00000000"]
    del book["Sample"]
    book.save(path)
    with pytest.raises(CallError, match="has no sheet Sample"):
        read_form(path, bk.read(tables()), PACK)


def test_a_form_is_printed_a_module_on_its_own_pages_and_no_column_is_left_over(tmp_path: Path) -> None:
    made = moderate(bk.read("data/samples/psychology-2022"), seed=2022)
    made.write(tmp_path / "s")
    path = tmp_path / "form.xlsx"
    path.write_bytes(make_form(tmp_path / "s"))
    sheet = openpyxl.load_workbook(path)["Moderation"]
    assert sheet.page_setup.scale >= 75, "smaller than that it is hard to read"
    assert not sheet.page_setup.fitToHeight, "Excel heeds no break where it fits"
    *pages, about = pages_of(path)
    assert "boardkit moderation form" in about
    modules = []
    for number, page in enumerate(pages, 1):
        heads, *rows = page.strip().splitlines()
        assert heads.split() == [*made.polars.sample.columns, *FILLED], number
        here = {row.split()[0] for row in rows if row.startswith("PS")}
        assert len(here) == 1, number
        modules += here
    assert list(dict.fromkeys(modules)) == made.polars.sample["module"].unique(maintain_order=True).to_list()


def test_a_cell_that_cannot_be_read_is_told_of_once(tmp_path: Path) -> None:
    path = fill(form(tmp_path), (2, "second_mark", 50), (2, "second_marker", "=1/0"))
    with pytest.raises(CallError) as refused:
        read_form(path, bk.read(tables()), PACK)
    assert str(refused.value) == "Moderation!J2: the cell has no value that can be read. Type it again."


def test_merged_cells_are_refused(tmp_path: Path) -> None:
    """One mark over three rows may be meant of all of them, or of the first."""
    path = fill(form(tmp_path), (2, "second_mark", 50), (2, "second_marker", "Dr B"), (4, "second_mark", "x"))
    book = openpyxl.load_workbook(path)
    book["Moderation"].merge_cells("M2:M3")
    book.save(path)
    with pytest.raises(CallError) as refused:
        read_form(path, bk.read(tables()), PACK)
    first, second = str(refused.value).splitlines()
    assert first.startswith("Moderation!M2 to M3: these cells are merged.")
    assert second.startswith("Moderation!K4: ")


def test_what_is_not_seen_is_not_typed(tmp_path: Path) -> None:
    typed = ((2, "second_mark", "\u200b58\ufeff\u3000\u061c"), (2, "second_marker", "\u00a0Dr B\u200b"))
    found = read_form(fill(form(tmp_path), *typed), bk.read(tables()), PACK)
    assert found.table().select("second_marker", "second_mark").cast(pl.String).row(0) == ("Dr B", "58.00")


def test_a_form_of_another_board_or_key_is_refused_as_a_whole(tmp_path: Path) -> None:
    """Each row of it would be named, and none of them be wrong."""
    rows = tables(student_id=[f"9{at:07d}" for at in range(12)])
    with pytest.raises(
        CallError, match=r"form\.xlsx: no script of it is on this board\. Give the board"
    ) as refused:
        read_form(form(tmp_path), bk.read(rows), PACK)
    assert "key" not in str(refused.value)
    (tmp_path / "e").mkdir()
    with pytest.raises(
        CallError, match=r"no script of it is on this board.*and the key that was written beside it"
    ):
        read_form(form(tmp_path / "e", "external"), bk.read(tables()), PACK, key=b"j" * 32)
