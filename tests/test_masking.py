"""Masking: whatever way a student is named in a text, it is not in what is sent; what names nobody stays."""

from __future__ import annotations

import unicodedata

import polars as pl
import pytest

import boardkit as bk
from boardkit.masking import Masks
from boardkit.ordinary import NEVER_ALONE, ORDINARY


def made(*, identifiers: bool = True) -> Masks:
    people = {
        "40012345": ("Zoë Quill-O'Dea", "zquill9@x.ac.uk"),
        "S1": ("BROWN, JAMES", None),
        "3": ("Wei Ng", None),
        "0000 0001": ("Jürgen Müller", "j.mueller@x.ac.uk"),
        "AB/12.3": ("May Anne Long", None),
        "00000007": ("Søren Łukasz Strauß", None),
        "00000008": ("李小龙", None),
        "00000009": ("Asa", None),
    }
    students = pl.DataFrame(
        {
            "student_id": list(people),
            "name": [name for name, _ in people.values()],
            "email": [mail for _, mail in people.values()],
            "award": "honours",
        }
    )
    modules = pl.DataFrame({"module": ["A"], "scqf_level": ["8"], "credits": ["20"]})
    marks = pl.DataFrame({"student_id": ["S1"], "module": "A", "component": "Essay", "mark": "55"})
    board = bk.read({"students": students, "modules": modules, "marks": marks})
    return Masks.of(board, identifiers=identifiers)


@pytest.fixture(scope="module")
def masks() -> Masks:
    return made()


@pytest.fixture(scope="module")
def names_alone() -> Masks:
    return made(identifiers=False)


WHOLE = [
    ("zoe  quill-o'dea's", "[name]'s"),
    ("of Zoë Quill O\u2019Dea.", "of [name]."),
    ("of ZOË QUILL-O'DEA", "of [name]"),
    ("of Zoe\u0308 Quill-O'Dea,", "of [name],"),
    ("of Zo\u00eb\u00a0Qu\u200bill\u00ad-O'Dea", "of [name]"),
    ("ZoeQuillODea_essay.docx", "[name]_essay.docx"),
    ("zoë\nquill-o'dea asked", "[name] asked"),
    ("Jurgen Muller", "[name]"),
    ("and JÜRGEN MÜLLER", "and [name]"),
    ("and Juergen Mueller", "and [name]"),
    ("and Ju\u0308rgen Mu\u0308ller too", "and [name] too"),
    ("soren lukasz strauss's", "[name]'s"),
    ("ask J.MUELLER@X.AC.UK", "ask [name]"),
    ("James Brown", "[name] [name]"),
    ("of James/Brown", "of [name]/[name]"),
    ("brown, j., james", "[name], j., [name]"),
    ("Müller, J., Jürgen", "[name], J., [name]"),
    ("zoe quill asked", "[name] [name] asked"),
    ("long, may asked", "[name], [name] asked"),
    ("May A. Long asked", "[name] A. [name] asked"),
    ("看李小龙的论文。", "[name]。"),
    ("asa", "[name]"),
    ("看了昨天李小龙写的长长长长长长长长长长长长长长长长长的论文。", "[name]。"),
]


@pytest.mark.parametrize(("text", "masked"), WHOLE)
def test_a_whole_name_is_masked_however_written(
    masks: Masks, names_alone: Masks, text: str, masked: str
) -> None:
    assert masks.mask(text) == masked
    assert masks.mask(text, parts=False) == masked
    assert names_alone.mask(text, parts=False) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Quill's essay", "[name]'s essay"),
        ("quill's essay", "[name]'s essay"),
        ("as quill said", "as [name] said"),
        ("the mark of QUILL", "the mark of [name]"),
        ("the mark of qUiLL", "the mark of [name]"),
        ("quill-o'dea", "[name]"),
        ("Zoe\u0308 asked", "[name] asked"),
        ("Zoe asked", "[name] asked"),
        ("zoë asked", "[name] asked"),
        ("muller and MÜLLER", "[name] and [name]"),
        ("strauss asked", "[name] asked"),
        ("Mr Ng", "Mr [name]"),
        ("mr ng", "mr [name]"),
        ("miss long asked", "miss [name] asked"),
        ("Long answers", "[name] answers"),
        ("Qui\u20ddll asked", "[name] asked"),
    ],
)
def test_a_part_of_a_name_is_masked_in_what_is_sent_alone(
    masks: Masks, names_alone: Masks, text: str, masked: str
) -> None:
    assert masks.mask(text) == masked
    assert names_alone.mask(text, parts=False) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("40012345's", "[name]'s"),
        ("see 40012345_essay.docx", "see [name]_essay.docx"),
        ("u40012345", "[name]"),
        ("u40012345@qmu.ac.uk", "[name]"),
        ("4001 2345 and 40-01-23-45, 4001\u00a02345", "[name] and [name], [name]"),
        ("4\u200b0012345", "[name]"),
        ("\uff14\uff10\uff10\uff11\uff12\uff13\uff14\uff15", "[name]"),
        ("00000001 and 0000 0001 and 0000  0001", "[name] and [name] and [name]"),
        ("of s1.", "of [name]."),
        ("AB/12.3 and ab 12.3", "[name] and [name]"),
    ],
)
def test_an_identifier_is_masked_where_it_must_stay_away(
    masks: Masks, names_alone: Masks, text: str, masked: str
) -> None:
    assert masks.mask(text) == masked
    assert names_alone.mask(text, parts=False) == text


def test_an_account_is_masked(masks: Masks, names_alone: Masks) -> None:
    assert masks.mask("ask zquill9") == "ask [name]"
    assert names_alone.mask("ask zquill9", parts=False) == "ask [name]"


@pytest.mark.parametrize(
    "text",
    [
        "brown  paper",
        "Mark more.",
        "So he did.",
        "it may be long, as a whole",
        "They may mark long essays in brown ink.",
        "58.3 points, 4001,2345 and 12.3",
        "40 marks, 01 to 23: 45",
        "as ng said",
        "",
        None,
    ],
)
def test_what_names_nobody_stays(masks: Masks, text: str | None) -> None:
    assert masks.mask(text) == text


@pytest.mark.parametrize("word", ["may", "long", "young", "best", "mark"])
def test_an_ordinary_word_in_small_letters_is_a_word(word: str) -> None:
    masks = Masks.made([f"Imelda {word.title()}"])
    assert masks.mask(f"this {word} is one") == f"this {word} is one"
    assert masks.mask(f"this {word.title()} is one") == "this [name] is one"
    assert masks.mask(f"of {word}, imelda.") == "of [name], [name]."


def test_a_word_of_every_text_says_nothing_with_a_capital_either() -> None:
    masks = Masks.made(["The Anh", "You Her"])
    assert masks.mask("The marks of her essays. You may ask Anh.") == (
        "The marks of her essays. You may ask [name]."
    )
    assert masks.mask("Ms Her, and You Her") == "Ms [name], and [name]"


def test_staff_who_are_called_alike_stay(masks: Masks) -> None:
    assert masks.mask("Dr Brown", parts=False) == "Dr Brown"
    assert masks.mask("Wei Ng", parts=False) == "[name]"
    assert masks.mask("of Wei ... Ng", parts=False) == "of Wei ... Ng"


def test_an_account_that_is_a_part_of_a_name_is_one() -> None:
    masks = Masks.made(["Zoë Quiller", "quiller@x.ac.uk"])
    assert masks.mask("Dr Quiller", parts=False) == "Dr Quiller"
    assert masks.mask("quiller@x.ac.uk", parts=False) == "[name]"


def test_students_of_two_names_are_not_one(masks: Masks) -> None:
    """James and Quill stand beside each other, and are of two students."""
    assert masks.mask("james quill", parts=False) == "james quill"


def test_a_text_is_as_it_was_but_for_the_names(masks: Masks) -> None:
    text = "Two\n SPACES,\tand caf\u00e9 "
    assert masks.mask(text) == text
    assert masks.mask(f"{text}Zoë Quill-O'Dea\u200b {text}") == f"{text}[name] {text}"


def test_the_lists_of_words_are_folded_and_apart() -> None:
    for word in NEVER_ALONE | ORDINARY:
        assert word == unicodedata.normalize("NFD", word).casefold()
        assert len(word) > 1
    assert not NEVER_ALONE & ORDINARY


# ---- names of files ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def listed() -> Masks:
    people = [
        "Zoë Quiller",
        "Wei Ng",
        "王小明",
        "欧阳小龙",
        "Ivan Petrov",
        "May Anne Long",
        "Jan van der Berg",
    ]
    people += ["Yan Law", "Sue Li", "Ma King", "Ed It", "Dev Shah"]
    return Masks.made(people, ["s40012345", "12345678", "ab12cd34", "3", "s1", "AB/1", "40211"])


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("quiller2_essay.pdf", "[name]2_essay.pdf"),
        ("2quiller", "2[name]"),
        ("quillerv2", "[name]v2"),
        ("QuillerV12.docx", "[name]V12.docx"),
        ("essay3Quiller", "essay3[name]"),
        ("petrov2", "[name]2"),
        ("petrovv2.pdf", "[name]v2.pdf"),
        ("NgV2", "[name]V2"),
        ("quiller2@x.ac.uk", "[name]"),
        ("QUILLER2024", "[name]2024"),
        ("LAW12, Law101 and LAW 101", "[name]12, [name]101 and [name] 101"),
    ],
)
def test_a_part_beside_a_number_is_masked(listed: Masks, text: str, masked: str) -> None:
    assert listed.mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "LAW101 and LI2001",
        "law2",
        "ng2",
        "quill3",
        "PS4021 1",
        "s12",
        "as1",
        "9ab1",
        "9ab 1",
        "ab 12",
        "ab 1x",
        "5v5",
    ],
)
def test_what_only_has_a_number_too_stays(listed: Masks, text: str) -> None:
    assert listed.mask(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("s40012345.", "[name]."),
        ("us40012345x", "[name]"),
        ("s4001 2345", "[name]"),
        ("12345678v2", "[name]"),
        ("1234 5678", "[name]"),
        ("xAB12CD34y", "[name]"),
        ("ab12 cd34", "[name]"),
        ("s1_essay.pdf", "[name]_essay.pdf"),
        ("a s1, ab 1 and 3", "a [name], [name] and [name]"),
        ("wei quiller3", "wei quiller3"),
    ],
)
def test_an_identifier_of_letters_and_digits_is_masked(listed: Masks, text: str, masked: str) -> None:
    assert listed.mask(text, parts=False) == masked


def test_an_identifier_is_found_in_a_word_longer_than_every_name() -> None:
    assert Masks.made(["Al"], ["12345"]).mask("essay12345final") == "[name]"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("zoequiller2", "[name]2"),
        ("wei ng2", "[name]2"),
        ("QuillerZoe.docx", "[name].docx"),
        ("quillerzoe2", "[name]2"),
        ("PetrovIvanV2", "[name]V2"),
        ("PetrovV2", "PetrovV2"),
        ("NgWei", "[name]"),
        ("LongMay", "[name]"),
        ("LongAnneMay", "[name]"),
        ("VanDerBergJan", "[name]"),
        ("ShahDev2", "[name]2"),
        ("QuillerWei", "QuillerWei"),
        ("MayIvanPetrov", "MayIvanPetrov"),
        ("the Edit", "the Edit"),
        ("KingMa and Making", "[name] and [name]"),
        ("in the making", "in the making"),
    ],
)
def test_a_name_in_one_word_is_masked_in_whatever_order(listed: Masks, text: str, masked: str) -> None:
    assert listed.mask(text, parts=False) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("小明", "[name]"),
        ("小明2.pdf", "[name]2.pdf"),
        ("asked by 欧阳 and 小龙", "asked by [name] and [name]"),
        ("小明的论文", "小明的论文"),
        ("小, 明", "小, 明"),
        ("王小明的论文", "[name]"),
    ],
)
def test_a_given_name_in_writing_without_blanks_is_masked_by_itself(
    listed: Masks, text: str, masked: str
) -> None:
    assert listed.mask(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("ng's essay", "[name]'s essay"),
        ("ng\u2019s essay", "[name]\u2019s essay"),
        ("law's", "law's"),
        ("ng", "ng"),
        ("ng s", "ng s"),
        ("ng'd", "ng'd"),
        ("ng, wei", "[name], [name]"),
    ],
)
def test_two_small_letters_are_a_name_with_an_s(listed: Masks, text: str, masked: str) -> None:
    assert listed.mask(text) == masked
