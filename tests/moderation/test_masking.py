"""Masking: whatever way a student is named in a text, it is not in what is sent."""

from __future__ import annotations

import polars as pl
import pytest

import boardkit as bk
from boardkit.moderation.masking import Masks


@pytest.fixture(scope="module")
def masks() -> Masks:
    students = pl.DataFrame(
        {
            "student_id": ["40012345", "S1", "3"],
            "name": ["Zoë Quill-O'Dea", "BROWN, JAMES", "Wei Ng"],
            "email": ["zquill9@x.ac.uk", None, None],
            "award": "honours",
        }
    )
    modules = pl.DataFrame({"module": ["A"], "scqf_level": ["8"], "credits": ["20"]})
    marks = pl.DataFrame({"student_id": ["S1"], "module": "A", "component": "Essay", "mark": "55"})
    return Masks.of(bk.read({"students": students, "modules": modules, "marks": marks}))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Quill's essay", "[name]'s essay"),
        ("the mark of QUILL", "the mark of [name]"),
        ("Zoe\u0308 asked", "[name] asked"),
        ("Zoe asked", "[name] asked"),
        ("zoe  quill-o'dea's", "[name]'s"),
        ("James Brown", "[name] [name]"),
        ("Brown/James", "[name]/[name]"),
        ("Mr Ng", "Mr [name]"),
        ("40012345's", "[name]'s"),
        ("see 40012345_essay.docx", "see [name]_essay.docx"),
        ("u40012345", "[name]"),
        ("u40012345@qmu.ac.uk", "[name]"),
        ("ask zquill9", "ask [name]"),
        ("of s1.", "of [name]."),
    ],
)
def test_a_student_is_masked_however_named(masks: Masks, text: str, masked: str) -> None:
    assert masks.mask(text) == masked


@pytest.mark.parametrize(
    "text", ["a quill", "58.3 points", "brown  paper", "Mark more.", "So he did.", "", None]
)
def test_what_names_nobody_stays(masks: Masks, text: str | None) -> None:
    assert masks.mask(text) == text


def test_staff_who_are_called_alike_stay(masks: Masks) -> None:
    assert masks.mask("Dr Brown", parts=False) == "Dr Brown"
    assert masks.mask("Wei Ng", parts=False) == "[name]"
