"""CSV as people save it: any separator, any encoding, blank and ragged lines; and what is refused."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boardkit.errors import FileError
from boardkit.guard import GUARD, formula, guarded, unguarded
from boardkit.problems import gather
from boardkit.read.csv import from_csv

FILE = Path("marks.csv")
PLAIN = "student_id,module,component,mark\n00000001,PS1,Exam,61\n00000002,PS1,Exam,52\n"
NAMED = "Zoë Confidential"
FIELDS = st.text(st.sampled_from("ab 0,;\t\"'\n\r\u00e9=\u3000"), max_size=5).filter(
    lambda field: not (field.startswith("'") and GUARD.search(field))  # guarded: not read as it stands
)


def read(content: str | bytes) -> tuple[pl.DataFrame, list[tuple[str, int | None]]]:
    """Give the rows, and the problems' codes with their rows."""
    data = content.encode() if isinstance(content, str) else content
    raw, _, problems = from_csv(FILE, data, "marks", 0)
    return raw.rows, gather(problems).select("code", "_row").rows()


SOUND = read(PLAIN)


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    rows, problems = SOUND
    assert rows.columns == ["_row", "student_id", "module", "component", "mark"]
    assert rows.rows() == [(2, "00000001", "PS1", "Exam", "61"), (3, "00000002", "PS1", "Exam", "52")]
    assert problems == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_line_ends_and_encodings_that_say_what_they_are(
    encoding: str, separator: str, end: str
) -> None:
    text = PLAIN.replace(",", separator).replace("\n", end)
    rows, problems = read(text.encode(encoding))
    assert rows.equals(SOUND[0])
    assert problems == []


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_with_its_mark_at_the_front(codec: str) -> None:
    rows, problems = read(("\ufeff" + PLAIN).encode(codec))
    assert rows.equals(SOUND[0])
    assert problems == []


def test_what_is_not_utf_8_is_read_as_windows_1252_and_said() -> None:
    rows, problems = read(
        "student_id,module,component,marker\n1,PS1,Exam,Zoë \u2013 “Ann”\n".encode("cp1252")
    )
    assert rows["marker"].to_list() == ["Zoë \u2013 “Ann”"]
    assert problems == [("encoding-assumed", None)]


def test_blank_lines_keep_their_number() -> None:
    text = "student_id,module,component\n\n1,PS1,Exam\n,,\n  , ,\n2,PS1,Exam\n\n\n"
    rows, problems = read(text)
    assert rows["_row"].to_list() == [3, 6]
    assert problems == []
    quoted, _ = read(text.replace("PS1", '"PS1"'))
    assert quoted.equals(rows)


def test_short_rows_are_blank_at_their_end_and_long_ones_are_not_used() -> None:
    text = "student_id,module,component,mark\n1,PS1\n2,PS1,Exam,61,5\n3,PS1,Exam,61,,\n4,PS1,Exam,61\n"
    for content in (text, text.replace("PS1", '"PS1"')):
        rows, problems = read(content)
        assert rows.rows() == [
            (2, "1", "PS1", "", ""),
            (4, "3", "PS1", "Exam", "61"),
            (5, "4", "PS1", "Exam", "61"),
        ]
        assert problems == [("row-length", 3)]


def test_a_quoted_field_holds_separators_quotes_and_lines() -> None:
    rows, problems = read('student_id,module,component,marker\n1,PS1,Exam,"A, ""B""\nC"\n2,PS1,Exam,D\n')
    assert rows["marker"].to_list() == ['A, "B"\nC', "D"]
    assert rows["_row"].to_list() == [2, 3]
    assert problems == []


def test_what_was_guarded_is_read_as_it_was() -> None:
    rows, problems = read("student_id,module,component,mark\n'=7,'@A,'s,-5\n\"'+A\",''=B,'-5,x\n")
    assert rows.select("student_id", "module", "component", "mark").rows() == [
        ("=7", "@A", "'s", "-5"),
        ("+A", "'=B", "'-5", "x"),
    ]
    assert problems == [
        ("guard-left-out", 2),
        ("guard-left-out", 3),
        ("guard-left-out", 2),
        ("guard-left-out", 3),
    ]
    assert read("student_id,module,component,mark\n1,'s,O'Neill,'-5\n")[1] == []


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("'=+-@1\tx"), max_size=6))
def test_what_is_guarded_comes_back_as_it_was(text: str) -> None:
    table = pl.DataFrame({"text": [text]})
    guards = table.select(guarded(pl.col("text")))
    assert guards.select(unguarded(pl.col("text"))).equals(table)
    assert not guards.select(formula(pl.col("text"))).item()


def test_a_column_without_a_header_is_told_of_where_it_holds_something() -> None:
    rows, problems = read("student_id,,module,component,\n1,x,PS1,Exam,\n")
    assert rows.columns == ["_row", "student_id", "module", "component"]
    assert problems == [("column-unnamed", 1)]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(FIELDS, min_size=3, max_size=3), max_size=5), st.sampled_from([",", ";", "\t"]))
def test_what_the_csv_library_writes_comes_back(table: list[list[str]], separator: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    writer.writerows([["student_id", "module", "component"], *table])
    rows, _ = read(text.getvalue())
    filled = [(at, *row) for at, row in enumerate(table, start=2) if any(field.strip() for field in row)]
    assert rows.rows() == filled


@settings(max_examples=80, deadline=None)
@given(st.text(st.sampled_from("ab ,\n"), max_size=40))
def test_text_without_quotes_is_read_as_the_csv_library_reads_it(body: str) -> None:
    rows, problems = read(f"student_id,module,component\n{body}")
    expected, long = [], []
    for at, row in enumerate(csv.reader(io.StringIO(body, newline="")), start=2):
        if any(field.strip() for field in row[3:]):
            long.append(("row-length", at))
        elif any(field.strip() for field in row):
            expected.append((at, *(row[:3] + [""] * (3 - len(row)))))
    assert rows.rows() == expected
    assert problems == long


@pytest.mark.parametrize(
    ("content", "code", "why"),
    [
        (b"", "empty", "it is empty"),
        (b" \r\n\t", "empty", "it is empty"),
        (b"\n" + PLAIN.encode(), "no-header", "its first row is blank"),
        (b",,\n1,2,3\n", "no-header", "its first row is blank"),
        (f'student_id,module\n1,"{NAMED}\n'.encode(), "broken-csv", "a quote is not closed"),
        (f'student_id,module\n1,"{NAMED}" x\n'.encode(), "broken-csv", "a quote is not closed"),
        (b"student_id\n" + b"x" * 200_000, "broken-csv", "a field is too long"),
        (f"student_id\n{NAMED}\x00\n".encode(), "not-text", "it is not text"),
        (PLAIN.encode("utf-16-le"), "not-text", "it is not text"),
        (b"student_id\n\x81\x8d\xff\n", "not-text", "it is not text"),
        (b"\xff\xfe" + PLAIN.encode("utf-16-le")[:-1], "not-text", "its text is broken"),
        (b"\xff\xfe\x00\xd8a\x00", "not-text", "its text is broken"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(content: bytes, code: str, why: str) -> None:
    with pytest.raises(FileError, match=why) as refused:
        from_csv(FILE, content, "marks", 0)
    sentence = str(refused.value)
    assert refused.value.code == code
    assert sentence.startswith("cannot use marks.csv: ")
    assert sentence.endswith(".")
    assert NAMED not in sentence
    assert "\n" not in sentence


def test_a_refusal_leaves_the_library_as_it_was() -> None:
    before = csv.field_size_limit()
    with pytest.raises(FileError):
        from_csv(FILE, b'a\n"', "marks", 0)
    assert csv.field_size_limit() == before
