"""What a pack leaves to the board: asked for by name, all at once, and used nowhere but where it stands."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from openpyxl import load_workbook

import boardkit as bk
from boardkit.errors import CallError, PackError
from boardkit.findings.unruled import unruled
from boardkit.regulations import load, parse, with_parameters
from boardkit.regulations.parameters import fill, written
from tests.regulations.leaves import text_of

STATED = {"pass_mark": "50", "component_floor": "40", "late_hours": "24"}
PACK = "imperial-2024"


def board_of(marks: dict[str, list[str]], facts: dict[str, str]) -> dict[str, pl.DataFrame]:
    tables = {
        "board": {"key": list(facts), "value": list(facts.values())},
        "modules": {"module": ["A"], "scqf_level": ["11"], "credits": ["20"]},
        "components": {
            "module": ["A"],
            "component": ["Essay"],
            "weight": ["100"],
            "due_at": ["2025-03-03 16:00"],
        },
        "marks": {"module": ["A"] * len(marks["student_id"]), **marks},
    }
    tables["marks"]["component"] = ["Essay"] * len(marks["student_id"])
    return {name: pl.DataFrame(columns) for name, columns in tables.items()}


LATE = {
    "student_id": ["at-24", "on-time", "over-24"],
    "mark": ["62", "62", "62"],
    "submitted_at": ["2025-03-04 16:00", "2025-03-03 16:00", "2025-03-04 16:01"],
}


def marks_under(**stated: str) -> list[str]:
    board = bk.assess(bk.read(board_of(LATE, {})), PACK, parameters={**STATED, **stated})
    return board.polars.modules["mark"].cast(pl.String).to_list()


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(PackError) as refusal:
        bk.assess(bk.read(board_of(LATE, {})), PACK)
    message = str(refusal.value)
    assert all(f"{name} (" in message for name in STATED)
    assert "grade_bands" not in message
    assert "\n" not in message


def test_only_what_is_missing_is_named() -> None:
    with pytest.raises(PackError, match=r"leaves to the board: late_hours \(up to .*\)\. State each"):
        bk.assess(
            bk.read(board_of(LATE, {"parameter.pass_mark": "50", "parameter.component_floor": "0"})), PACK
        )


def test_every_fault_is_told_with_what_is_missing() -> None:
    stated = {"pass_mark": "5O", "component_floor": "140"}
    with pytest.raises(PackError) as refusal:
        bk.assess(bk.read(board_of(LATE, {})), PACK, parameters=stated)
    assert str(refusal.value).split("\n")[1:] == [
        'parameter.pass_mark: found "5O". Allowed: a number such as 50.',
        "parameter.component_floor: found 140. Allowed: a number from 0 to 100.",
    ]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({}, ["50.0", "62.0", "0.0"]),
        ({"late_hours": "23"}, ["0.0", "62.0", "0.0"]),
        ({"late_hours": "25"}, ["50.0", "62.0", "50.0"]),
        ({"pass_mark": "45"}, ["45.0", "62.0", "0.0"]),
        ({"pass_mark": "63"}, ["62.0", "62.0", "0.0"]),
    ],
)
def test_a_value_of_the_board_decides(stated: dict[str, str], expected: list[str]) -> None:
    assert marks_under(**stated) == expected


def test_a_floor_of_the_board_decides() -> None:
    low = {"student_id": ["S1"], "mark": ["60"]}
    outcome = [
        bk.assess(bk.read(board_of(low, {})), PACK, parameters={**STATED, "component_floor": floor})
        .polars.modules["outcome"]
        .item()
        for floor in ("60", "60.01")
    ]
    assert outcome == ["pass", "qualifying-fail"]


def test_grades_come_with_their_bands_and_not_without() -> None:
    graded = bk.assess(
        bk.read(board_of(LATE, {})), PACK, parameters={**STATED, "grade_bands": "A 70, B 60, F 0"}
    )
    plain = bk.assess(bk.read(board_of(LATE, {})), PACK, parameters=STATED)
    assert graded.polars.modules["grade"].to_list() == ["F", "B", "F"]
    assert plain.polars.modules["grade"].to_list() == [None, None, None]
    assert "Grades: no rule stated" in " ".join(plain.polars.problems["message"])
    assert "Grades: no rule stated" not in " ".join(graded.polars.problems["message"])


@pytest.mark.parametrize(
    ("bands", "message"),
    [
        ("A70, B60", "Allowed: grades, each with its lowest mark, such as A 70"),
        ("A 70, B 80, F 0", '"B" begins at 80, above "A" at 70. Bands must fall'),
        ("A 70, B 60", "It must begin at 0"),
        ("", 'found "". Allowed: grades'),
    ],
)
def test_bands_that_cannot_be_are_refused(bands: str, message: str) -> None:
    with pytest.raises(PackError, match=r"parameter\.grade_bands") as refusal:
        bk.assess(bk.read(board_of(LATE, {})), PACK, parameters={**STATED, "grade_bands": bands})
    assert message in str(refusal.value)


def test_what_is_set_stands_over_the_board_table() -> None:
    facts = {f"parameter.{name}": value for name, value in STATED.items()}
    cohort = bk.read(board_of(LATE, {**facts, "parameter.Late Hours": "24"}))
    assert bk.assess(cohort, PACK).polars.modules["outcome"].to_list() == ["pass", "pass", "fail"]
    above = bk.assess(cohort, PACK, parameters={"pass_mark": "63"})
    assert above.polars.modules["outcome"].to_list() == ["fail", "fail", "fail"]
    assert above.pack.parameters == {**STATED, "pass_mark": "63"}


def test_a_parameter_that_nobody_asks_for_is_told_of() -> None:
    facts = {**{f"parameter.{name}": value for name, value in STATED.items()}, "parameter.pas_mark": "50"}
    problems = bk.assess(bk.read(board_of(LATE, facts)), PACK).polars.problems
    (told,) = problems.filter(pl.col("code") == "parameter-unknown")["message"]
    assert told.startswith("parameter.pas_mark: imperial-2024 asks for no such parameter; it is not used.")


def test_a_percentage_held_as_a_share_is_refused() -> None:
    with pytest.raises(PackError, match=r'parameter\.pass_mark: found "0\.5"\. Allowed: a number such as 50'):
        bk.assess(bk.read(board_of(LATE, {})), PACK, parameters={**STATED, "pass_mark": "0.5"})


def test_numbers_may_be_handed_in() -> None:
    board = bk.assess(bk.read(board_of(LATE, {})), PACK, parameters={**STATED, "pass_mark": 63})
    assert board.polars.modules["outcome"].to_list() == ["fail", "fail", "fail"]


def test_a_parameter_that_is_not_asked_for_is_refused() -> None:
    with pytest.raises(
        CallError, match=r'asks for no parameter "bands"\. Those it asks for: pass_mark'
    ) as refusal:
        bk.assess(bk.read(board_of(LATE, {})), PACK, parameters={**STATED, "bands": "A 70"})
    assert "grade_bands" in str(refusal.value)


def test_what_is_wrong_around_a_parameter_is_said_of_it() -> None:
    with pytest.raises(PackError, match=r"^parameter\.late_hours: it is no time at all"):
        bk.assess(bk.read(board_of(LATE, {})), PACK, parameters={**STATED, "late_hours": "0"})


def test_what_is_set_over_the_board_table_is_told_of() -> None:
    facts = {f"parameter.{name}": value for name, value in STATED.items()}
    board = bk.assess(bk.read(board_of(LATE, facts)), PACK, parameters={"pass_mark": "40"})
    told = board.polars.problems.filter(pl.col("code") == "parameter-overridden")["message"].to_list()
    assert len(told) == 1
    assert told[0].startswith("parameter.pass_mark: the board table says 50, and 40 was set over it.")
    same = bk.assess(bk.read(board_of(LATE, facts)), PACK, parameters={"pass_mark": "50"})
    assert "parameter-overridden" not in set(same.polars.problems["code"])


def test_rounding_is_called_rounding(tmp_path: Path) -> None:
    file = tmp_path / "whole.toml"
    text = TEXT.replace("component = { places = 2,", "component = { places = 0,")
    file.write_text(
        text.replace("[penalties]", '[scaling]\nneeds_endorsement = true\nclause = "9"\n\n[penalties]', 1),
        "utf-8",
    )
    marks = {"student_id": ["S1"], "mark": ["60.4"]}
    tables = board_of(marks, {})
    plain = bk.assess(bk.read(tables), file, parameters=STATED).polars
    assert plain.components["rules"].to_list() == ["rounding"]
    assert plain.trace.filter(pl.col("stage") == "component").select("rule", "before", "after").rows() == [
        ("rounding", "60.40", "60.00")
    ]
    scaling = pl.DataFrame({"module": ["A"], "component": ["Essay"], "basis": ["hard"], "add": ["2"]})
    scaled = bk.assess(bk.read({**tables, "scaling": scaling}), file, parameters=STATED).polars
    assert scaled.trace.filter(pl.col("stage") == "component").select("rule", "before", "after").rows() == [
        ("scaling", "60.40", "62.40"),
        ("rounding", "62.40", "62.00"),
    ]


def test_a_parameter_stated_twice_with_different_values_is_not_used() -> None:
    facts = {f"parameter.{name}": value for name, value in STATED.items()}
    cohort = bk.read(board_of(LATE, {**facts, "parameter.Late Hours": "48"}))
    assert cohort.polars.problems.filter(pl.col("code") == "rows-differ").height == 2
    with pytest.raises(PackError, match="leaves to the board: late_hours"):
        bk.assess(cohort, PACK)


def test_what_the_board_stated_stands_in_the_manifest(tmp_path: Path) -> None:
    bk.assess(bk.read(board_of(LATE, {})), PACK, parameters=STATED).report(tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["regulations"]["parameters"] == STATED


def test_a_cohort_goes_from_marks_to_papers(tmp_path: Path) -> None:
    cohort = bk.read(Path("data/samples/masters-2022.xlsx"), regulations=PACK)
    board = bk.assess(cohort, PACK, parameters=STATED)
    board.report(tmp_path / "out")
    sheets = load_workbook(tmp_path / "out" / "board.xlsx", read_only=True)
    front = [
        str(cell) for row in sheets["Board"].iter_rows(values_only=True) for cell in row if cell is not None
    ]
    assert "PROVISIONAL: not confirmed by the board." in front
    assert {"No rule is stated for", "Progression", "The award masters"} <= set(front)
    assert board.polars.modules["outcome"].is_in(["pass", "fail", "qualifying-fail", "deferred"]).all()
    assert board.polars.awards["classification"].null_count() == board.polars.awards.height
    assert set(board.polars.progression["reason"]) == {"Progression: no rule stated; nothing is recommended."}


def test_what_has_no_rule_is_looked_for_once_in_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr("boardkit.board.unruled", lambda board: asked.append(board) or unruled(board))
    board = bk.assess(bk.read(board_of(LATE, {})), PACK, parameters=STATED)
    board.report(tmp_path / "out")
    assert (len(asked), list(board.unruled)) == (1, list(unruled(board)))
    assert ("Grades", "modules have a mark and no grade") in board.unruled


def test_an_assessed_board_keeps_its_parameters() -> None:
    board = bk.assess(bk.read(board_of(LATE, {})), PACK, parameters=STATED)
    assert bk.assess(board.cohort, board.pack).table("modules").equals(board.table("modules"))


def test_a_pack_that_asks_for_nothing_is_left_as_it_is() -> None:
    pack = load("qmu-2022")
    assert with_parameters(pack, STATED) is pack


def test_a_rule_without_its_optional_parameter_is_left_out_and_the_others_stay() -> None:
    asked = {"example": 1, "optional": True}
    values = {
        "parameters": {"x": asked},
        "rules": {"with": {"value": {"parameter": "x"}, "clause": "1"}, "other": 2},
        "steps": [{"up_to": {"hours": {"parameter": "x"}}, "local": "a"}, {"mark": 0, "local": "a"}],
    }
    assert fill(values, {}).values == {
        "parameters": {"x": asked},
        "rules": {"other": 2},
        "steps": [{"mark": 0, "local": "a"}],
    }


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("pass_mark", "studies.postgraduate.pass_mark"),
        ("component_floor", "studies.postgraduate.component_floor"),
    ],
)
def test_a_parameter_that_is_needed_may_not_be_optional(name: str, place: str) -> None:
    with pytest.raises(PackError) as refusal:
        parse("own.toml", TEXT.replace(f"[parameters.{name}]", f"[parameters.{name}]\noptional = true"))
    assert str(refusal.value) == (
        f"own.toml, without parameters.{name}, which is optional, {place}: it is missing. It has to be given."
    )


def test_parameters_of_which_one_is_needed_may_not_all_be_optional() -> None:
    asked = "\n".join(
        f'[parameters.level_{level}]\nasks = "a level"\nexample = {level}\noptional = true\nclause = "1"\n'
        for level in (11, 12)
    )
    text = TEXT.replace("value = [11]", 'value = [{ parameter = "level_11" }, { parameter = "level_12" }]')
    with pytest.raises(PackError) as refusal:
        parse("own.toml", text + asked)
    assert str(refusal.value) == (
        "own.toml, without all optional parameters, studies.postgraduate.levels.value: found []. "
        "Allowed: at least one item."
    )


def test_a_reading_that_only_a_rule_left_out_cites_is_left_out_with_it(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(
        TEXT.replace("[parameters.late_hours]", "[parameters.late_hours]\noptional = true"), "utf-8"
    )
    whole = set(load(PACK).rules.readings)
    stated = {name: text for name, text in STATED.items() if name != "late_hours"}
    left = with_parameters(load(file), stated).rules
    assert whole - left.readings.keys() == {"L3"}
    assert [step.id for step in left.penalties.late] != [step.id for step in load(PACK).rules.penalties.late]


TEXT = text_of(PACK)
STATED_AS = 'a number, a text, or grades, each with its lowest mark, such as [["A", 70], ["F", 0]]'


@pytest.mark.parametrize(
    "example",
    [
        "[11]",
        "[[11]]",
        '["A", 70]',
        '[["A star", 70], ["F", 0]]',
        '[["A", "70"], ["F", 0]]',
        "[]",
        "-1",
        "true",
        '" 50 "',
    ],
)
def test_an_example_that_no_board_could_state_is_refused(example: str) -> None:
    text = TEXT.replace("value = [11]", 'value = { parameter = "levels" }')
    text += f'\n[parameters.levels]\nasks = "the levels"\nexample = {example}\nclause = "1"\n'
    with pytest.raises(PackError) as refusal:
        parse("own.toml", text)
    assert f"own.toml, parameters.levels.example: found {example}. Allowed: {STATED_AS}." in str(
        refusal.value
    )


def test_an_example_is_read_as_it_is_written_out() -> None:
    asked = load(PACK).rules.parameters
    stated = {name: written(rule.example) for name, rule in asked.items()}
    assert fill(dict(load(PACK).values), stated).values == fill(dict(load(PACK).values), None).values


@pytest.mark.parametrize(
    ("find", "replace", "message"),
    [
        (
            '{ parameter = "pass_mark" }, clause',
            '{ parameter = "passmark" }, clause',
            'own.toml, studies.postgraduate.pass_mark.value: "passmark" is no parameter. Those under [parameters]: pass_mark',
        ),
        (
            '{ parameter = "pass_mark" }, clause',
            "{ parameter = [] }, clause",
            'own.toml, studies.postgraduate.pass_mark.value: "[]" is no parameter.',
        ),
        (
            'component_floor = { value = { parameter = "component_floor" }',
            "component_floor = { value = 40",
            "own.toml, parameters.component_floor: no rule uses it. Use it, or take it out.",
        ),
        (
            "example = 24\n",
            "example = 24.5\n",
            "own.toml, penalties.late[1].up_to.hours: found 24.5. Allowed: a whole number from 0 to 8784.",
        ),
        (
            "[parameters.late_hours]",
            "[parameters.pass_ma_rk]",
            'own.toml, parameters.pass_ma_rk: boards state it as they state "pass_mark". Give one of them another name.',
        ),
        (
            "[parameters.late_hours]",
            "[parameters.Late]",
            "own.toml, parameters.Late: found",
        ),
    ],
)
def test_parameters_that_do_not_meet_their_places_are_refused(find: str, replace: str, message: str) -> None:
    assert find in TEXT
    with pytest.raises(PackError) as refusal:
        parse("own.toml", TEXT.replace(find, replace))
    assert message in str(refusal.value)
