"""The worked numbers of the regulations, by which the plain engine itself is trusted."""

from random import Random

import pytest

from .cohorts import cohort
from .engine import assess
from .rows import Row, Tables
from .tally import tally

UG = {"module": "A", "scqf_level": "9", "credits": "20"}
PG = {"module": "A", "scqf_level": "11", "credits": "20"}
DUE = "2025-03-07T16:00:00"


def marked(component: str, mark: str, attempt: int = 1, **facts: str) -> Row:
    return {
        "student_id": "1",
        "module": "A",
        "component": component,
        "attempt": str(attempt),
        "mark": mark,
        **facts,
    }


def accepted(effect: str, attempt: int, component: str = "", answer: str = "Y") -> Row:
    return {
        "student_id": "1",
        "module": "A",
        "component": component,
        "attempt": str(attempt),
        "accepted": answer,
        "effect": effect,
    }


def one(marks: list[Row], module: Row = UG, weights: str = "X 50 Y 50", **tables: list[Row]) -> Tables:
    """One student on one module with these marks."""
    names = weights.split()
    components = [
        {"module": "A", "component": name, "weight": weight}
        for name, weight in zip(names[::2], names[1::2], strict=True)
    ]
    enrolments = [{"student_id": "1", "module": "A"}]
    return {
        "modules": [module],
        "components": components,
        "enrolments": enrolments,
        "marks": marks,
        **tables,
    }


def outcome(tables: Tables) -> str:
    (line,) = assess(tables)["modules"]
    return " ".join(line[name] or "-" for name in ("attempt", "mark", "grade", "outcome", "capped"))


def kinds(tables: Tables) -> list[str]:
    return [f"{note['attempt']}{note['component']} {note['kind']}" for note in assess(tables)["notes"]]


def works(tables: Tables) -> list[str]:
    return [
        " ".join([line["component"] + line["attempt"], line["raw_mark"], line["mark"], line["rules"]]).strip()
        for line in assess(tables)["components"]
    ]


@pytest.mark.parametrize(
    ("module", "marks", "expected"),
    [
        (UG, ("39.95", "39.95"), "1 40.0 D pass N"),
        (UG, ("39.94", "39.95"), "1 39.9 E fail N"),
        (UG, ("39.94", "39.94"), "1 39.9 E fail N"),
        (UG, ("69.95", "69.95"), "1 70.0 A pass N"),
        (UG, ("69.94", "69.94"), "1 69.9 B pass N"),
        (UG, ("69.30", "69.40"), "1 69.4 B pass N"),
        (UG, ("79.95", "79.95"), "1 80.0 A* pass N"),
        (UG, ("30", "50"), "1 40.0 D pass N"),
        (UG, ("29.99", "50.01"), "1 40.0 Q qualifying-fail N"),
        (UG, ("29.99", "49.90"), "1 39.9 E fail N"),
        (UG, ("29.995", "50"), "1 40.0 D pass N"),
        (UG, ("0", "59.8"), "1 29.9 F fail N"),
        (UG, ("0", "59.9"), "1 30.0 E fail N"),
        (PG, ("49.95", "49.95"), "1 50.0 C pass N"),
        (PG, ("49.94", "49.94"), "1 49.9 D fail N"),
        (PG, ("39.99", "60.01"), "1 50.0 Q qualifying-fail N"),
        (PG, ("40", "60"), "1 50.0 C pass N"),
        (PG, ("0", "0"), "1 0.0 E fail N"),
        (UG | {"pass_mark": "45"}, ("44.94", "44.95"), "1 44.9 D fail N"),
        (UG | {"pass_mark": "35"}, ("35", "35"), "1 35.0 E pass N"),
        (UG | {"study": "postgraduate"}, ("45", "45"), "1 45.0 D fail N"),
        (UG | {"scqf_level": "6"}, ("45", "45"), "1 - - incomplete N"),
    ],
)
def test_module(module: Row, marks: tuple[str, str], expected: str) -> None:
    assert outcome(one([marked("X", marks[0]), marked("Y", marks[1])], module)) == expected


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ("X 1 Y 2", "1 50.0 C pass N"),
        ("X 0 Y 10", "1 60.0 B pass N"),
        ("X 0 Y 0", "1 - - incomplete N"),
    ],
)
def test_weights(weights: str, expected: str) -> None:
    tables = one([marked("X", "30"), marked("Y", "60")], weights=weights)
    assert outcome(tables) == expected
    assert kinds(tables) == (["1 no-weights"] if "incomplete" in expected else [])


def test_weights_without_a_components_table() -> None:
    tables = one([marked("X", "50")])
    del tables["components"]
    assert outcome(tables) == "1 50.0 C pass N"
    tables["marks"].append(marked("Y", "50"))
    assert outcome(tables) == "1 - - incomplete N"


def test_stated_floor() -> None:
    tables = one([marked("X", "34.99"), marked("Y", "80")])
    assert outcome(tables) == "1 57.5 C pass N"
    tables["components"][0]["floor"] = "35"
    assert outcome(tables) == "1 57.5 Q qualifying-fail N"


@pytest.mark.parametrize(
    ("level", "grades", "expected"),
    [
        ("9", "A* B", "75.0 A pass"),
        ("9", "D F", "30.0 E fail"),
        ("9", "A G", "45.0 Q qualifying-fail"),
        ("11", "A* E", "52.5 Q qualifying-fail"),
        ("11", "E E", "20.0 E fail"),
    ],
)
def test_grade_only(level: str, grades: str, expected: str) -> None:
    first, second = grades.split()
    marks = [marked("X", "", grade=first), marked("Y", "", grade=second)]
    module = UG | {"scqf_level": level, "grade_only": "Y"}
    assert outcome(one(marks, module)) == f"1 {expected} N"


@pytest.mark.parametrize(
    ("due", "submitted", "expected"),
    [
        (DUE, "2025-03-07T16:00:00", "60.00"),
        (DUE, "2025-03-07T16:00:01", "40.00 late"),
        (DUE, "2025-03-13T16:00:00", "40.00 late"),
        (DUE, "2025-03-13T16:00:01", "0.00 late-zero"),
        (DUE, "2025-03-13T00:00:00", "40.00 late"),
        (DUE, "2025-03-14T00:00:00", "0.00 late-zero"),
        (DUE, "2025-03-07T00:00:00", "60.00"),
        ("2025-03-07T00:00:00", "2025-03-07T23:59:59", "60.00"),
        ("2025-03-07T00:00:00", "2025-03-08T00:00:00", "40.00 late"),
        ("2025-03-07T00:00:00", "2025-03-13T23:59:59", "40.00 late"),
        ("2025-03-07T00:00:00", "2025-03-14T00:00:00", "0.00 late-zero"),
        ("2025-03-27T16:00:00", "2025-04-02T16:00:00", "40.00 late"),
        ("2025-03-27T16:00:00", "2025-04-02T16:00:01", "0.00 late-zero"),
        ("", "2025-03-14T00:00:00", "60.00"),
    ],
)
def test_lateness(due: str, submitted: str, expected: str) -> None:
    tables = one([marked("X", "60", submitted_at=submitted)], weights="X 1")
    tables["components"][0]["due_at"] = due
    assert works(tables) == [f"X1 60.00 {expected}"]


@pytest.mark.parametrize(
    ("effect", "component", "answer", "rule"),
    [
        ("late-accepted", "X", "Y", ""),
        ("late-accepted", "", "Y", ""),
        ("late-accepted", "Y", "Y", "late"),
        ("late-accepted", "X", "N", "late"),
        ("none", "X", "Y", "late"),
    ],
)
def test_accepted_lateness(effect: str, component: str, answer: str, rule: str) -> None:
    tables = one([marked("X", "60", submitted_at="2025-03-08T10:00:00"), marked("Y", "60")])
    tables["components"][0]["due_at"] = DUE
    tables["circumstances"] = [accepted(effect, 1, component, answer)]
    assert assess(tables)["components"][0]["rules"] == rule


def test_personal_deadline_and_deadlines_table() -> None:
    tables = one([marked("X", "60", submitted_at="2025-03-10T16:00:00")], weights="X 1")
    tables["components"][0]["due_at"] = DUE
    tables["deadlines"] = [
        {"module": "A", "component": "X", "attempt": "1", "due_at": "2025-03-10T16:00:00"},
    ]
    assert works(tables) == ["X1 60.00 60.00"]
    tables["marks"][0]["due_at"] = "2025-03-09T16:00:00"
    assert works(tables) == ["X1 60.00 40.00 late"]


def test_late_reassessment() -> None:
    marks = [marked("X", "20"), marked("X", "60", 2, submitted_at="2025-06-01T12:00:01")]
    tables = one(marks, weights="X 1")
    tables["components"][0]["due_at"] = DUE
    assert outcome(tables) == "2 40.0 D pass Y"
    assert kinds(tables) == ["2X no-deadline"]
    tables["deadlines"] = [
        {"module": "A", "component": "X", "attempt": "2", "due_at": "2025-06-01T12:00:00"},
    ]
    assert works(tables)[1] == "X2 60.00 0.00 late-reassessment"
    assert outcome(tables) == "2 0.0 F fail N"
    tables["circumstances"] = [accepted("first-sit", 2)]
    assert works(tables)[1] == "X2 60.00 40.00 late"
    assert outcome(tables) == "2 40.0 D pass N"


@pytest.mark.parametrize(
    ("award", "limit", "words", "expected"),
    [
        ("honours", "1000", "1100", "40.00 word-limit"),
        ("honours", "1000", "1099", "65.00"),
        ("honours", "2505", "2756", "40.00 word-limit"),
        ("honours", "2505", "2755", "65.00"),
        ("masters", "1000", "1100", "50.00 word-limit"),
        ("none", "1000", "1100", "40.00 word-limit"),
        ("honours", "", "9999", "65.00"),
        ("honours", "1000", "", "65.00"),
    ],
)
def test_word_limit(award: str, limit: str, words: str, expected: str) -> None:
    tables = one([marked("X", "65", words=words)], weights="X 1")
    tables["components"][0]["word_limit"] = limit
    tables["students"] = [{"student_id": "1", "award": award}]
    assert works(tables) == [f"X1 65.00 {expected}"]


@pytest.mark.parametrize(
    ("change", "mark", "expected"),
    [
        ({"multiply": "0.97"}, "41.75", "X1 41.75 40.00 late;scaling"),  # 40.4975
        ({"multiply": "0.9"}, "44.45", "X1 44.45 40.00 late;scaling"),  # 40.005 is 40.01
        ({"multiply": "0.9"}, "44.44", "X1 44.44 40.00 scaling"),  # 39.996 is 40.00
        ({"add": "-5"}, "44", "X1 44.00 39.00 scaling"),
        ({"add": "5"}, "38", "X1 38.00 40.00 late"),
        ({"add": "-50"}, "44", "X1 44.00 0.00 scaling"),
        ({"add": "90"}, "44", "X1 44.00 40.00 late"),
        ({"add": "3"}, "", "X1   "),
    ],
)
def test_scaling_before_caps(change: Row, mark: str, expected: str) -> None:
    tables = one([marked("X", mark, submitted_at="2025-03-08T10:00:00")], weights="X 1")
    tables["components"][0]["due_at"] = DUE
    tables["scaling"] = [{"module": "A", "component": "X", "basis": "hard paper", **change}]
    assert works(tables) == [expected.strip()]


def test_every_rule_that_alone_would_lower() -> None:
    row = marked("X", "65", words="1100", submitted_at="2025-03-20T10:00:00")
    tables = one([row], weights="X 1")
    tables["components"][0] |= {"due_at": DUE, "word_limit": "1000"}
    assert works(tables) == ["X1 65.00 0.00 late-zero;word-limit"]
    row["mark"] = "40"
    assert works(tables) == ["X1 40.00 0.00 late-zero"]


@pytest.mark.parametrize(
    ("facts", "expected", "noted"),
    [
        ({"state": "not-submitted"}, "1 30.0 E fail N", []),
        ({"state": "absent", "mark": "0"}, "1 30.0 E fail N", []),
        ({"state": "absent", "mark": "12"}, "1 - - incomplete N", ["1X state-contradiction"]),
        ({"state": "deferred", "mark": "12"}, "1 - - deferred N", []),
        ({"mark": ""}, "1 - - incomplete N", ["1X mark-missing"]),
        ({"mark": "40", "second_mark": "50"}, "1 - - incomplete N", ["1X markers-differ"]),
        ({"mark": "40", "second_mark": "40.00"}, "1 50.0 C pass N", []),
        ({"mark": "40", "second_mark": "50", "agreed_mark": "48"}, "1 54.0 C pass N", []),
    ],
)
def test_states_and_markers(facts: Row, expected: str, noted: list[str]) -> None:
    tables = one([marked("X", "") | facts, marked("Y", "60")])
    assert outcome(tables) == expected
    assert kinds(tables) == noted


def test_no_row_and_no_rows() -> None:
    assert kinds(one([marked("Y", "60")])) == ["1X mark-missing"]
    assert outcome(one([])) == "- - - incomplete N"
    assert kinds(one([])) == ["1X mark-missing", "1Y mark-missing"]


FAILED = [marked("X", "20"), marked("Y", "50")]


@pytest.mark.parametrize(
    ("again", "expected", "noted"),
    [
        ([marked("X", "80", 2)], "2 40.0 D pass Y", []),
        ([marked("X", "39.95", 2)], "2 40.0 D pass N", []),
        ([marked("X", "39.94", 2)], "2 39.9 E fail N", []),
        ([marked("X", "29", 2), marked("Y", "60", 2)], "2 40.0 Q qualifying-fail Y", []),
        ([marked("Y", "70", 2)], "2 40.0 D pass Y", ["2X floor-not-reassessed"]),
        ([marked("X", "20", 2), marked("X", "41", 3)], "3 40.0 D pass Y", []),
        (
            [marked("X", "1", 2), marked("X", "1", 3), marked("X", "41", 4)],
            "3 1.0 F fail N",
            ["4 attempt-beyond-limit"],
        ),
        ([marked("X", "60", 2), marked("X", "70", 3)], "2 40.0 D pass Y", ["3 mark-after-pass"]),
        ([marked("X", "41", 3)], "3 40.0 D pass Y", []),
        ([marked("X", "41", 4)], "1 35.0 E fail N", ["4 attempt-beyond-limit"]),
    ],
)
def test_reassessment(again: list[Row], expected: str, noted: list[str]) -> None:
    tables = one(FAILED + again)
    assert outcome(tables) == expected
    assert kinds(tables) == noted


def test_limits_of_attempts() -> None:
    resits = [marked("X", "20"), marked("X", "20", 2), marked("X", "60", 3)]
    assert outcome(one(resits, PG | {"kind": "dissertation"}, "X 1")) == "2 20.0 E fail N"
    assert outcome(one(resits, PG, "X 1")) == "3 50.0 C pass Y"
    extra = [{"student_id": "1", "module": "A", "decision": "extra-attempt", "reason": "minuted"}]
    allowed = one(resits, PG | {"kind": "dissertation"}, "X 1", decisions=extra)
    assert outcome(allowed) == "3 50.0 C pass Y"


def test_postgraduate_reassessment_goes_by_the_module() -> None:
    tables = one([marked("X", "30"), marked("X", "80", 2)], PG, "X 1")
    assert outcome(tables) == "2 50.0 C pass Y"


def test_a_deferred_first_attempt_is_sat_again_as_a_first() -> None:
    marks = [marked("X", "", state="deferred"), marked("Y", "60")]
    assert outcome(one(marks)) == "1 - - deferred N"
    assert outcome(one([*marks, marked("X", "70", 2)])) == "2 65.0 B pass N"
    # deferred twice, then marked, then failed and reassessed: the fourth attempt is the second counted
    marks += [marked("X", "", 2, state="deferred"), marked("X", "10", 3), marked("X", "90", 4)]
    assert outcome(one(marks[:-1])) == "3 35.0 E fail N"
    assert outcome(one(marks)) == "4 40.0 D pass Y"


def test_deferred_by_circumstances() -> None:
    marks = [marked("X", "12"), marked("Y", "60")]
    tables = one(marks, circumstances=[accepted("deferred", 1, "X")])
    assert outcome(tables) == "1 - - deferred N"
    assert works(tables) == ["X1", "Y1 60.00 60.00"]
    assert outcome(one([], circumstances=[accepted("deferred", 1)])) == "1 - - deferred N"
    refused = one(marks, circumstances=[accepted("deferred", 1, "X", "N")])
    assert outcome(refused) == "1 36.0 E fail N"


def test_deferred_beats_incomplete() -> None:
    assert outcome(one([marked("X", "", state="deferred"), marked("Y", "")])) == "1 - - deferred N"


def test_a_reassessment_completes_the_deferred_one_before_it() -> None:
    marks = [*FAILED, marked("X", "", 2, state="deferred"), marked("Y", "80", 2)]
    assert outcome(one(marks)) == "2 - - deferred N"
    # judged on both: X from attempt 3, Y from attempt 2
    assert outcome(one([*marks, marked("X", "25", 3)])) == "3 40.0 Q qualifying-fail Y"
    # deferred attempts are not counted, so the fifth is the third counted and the sixth is beyond
    later = [marked("X", "", 3, state="deferred"), marked("X", "25", 4), marked("X", "25", 5)]
    assert outcome(one(marks + later)) == "5 25.0 F fail N"
    assert kinds(one([*marks, *later, marked("X", "40", 6)])) == ["6 attempt-beyond-limit"]


def test_a_named_first_sit_replaces_what_went_before() -> None:
    named = [accepted("first-sit", 2)]
    tables = one([*FAILED, marked("X", "70", 2)], circumstances=named)
    assert outcome(tables) == "2 60.0 B pass N"
    passed = [marked("X", "60"), marked("Y", "60"), marked("X", "10", 2)]
    assert outcome(one(passed, circumstances=named)) == "2 35.0 E fail N"
    assert outcome(one(passed)) == "1 60.0 B pass N"
    # attempts count from it: 2 is the first, 4 the third, 5 beyond
    later = [marked("X", "10", attempt) for attempt in (3, 4, 5)]
    tables = one(passed + later, circumstances=named)
    assert outcome(tables) == "4 10.0 F fail N"
    assert kinds(tables) == ["5 attempt-beyond-limit"]


def test_first_sit_without_a_row_does_nothing() -> None:
    assert outcome(one(FAILED, circumstances=[accepted("first-sit", 2)])) == "1 35.0 E fail N"


@pytest.mark.parametrize(
    ("at", "reasons", "marks", "expected"),
    [
        ("0.25", "", [], "- - - withdrawn N"),
        ("0.25", "", FAILED, "- - - withdrawn N"),
        ("0.26", "Y", FAILED, "- - - withdrawn N"),
        ("0.26", "N", [], "1 0.0 F fail N"),
        ("0.26", "", FAILED, "1 0.0 F fail N"),
        ("0.26", "", [marked("X", "60", 2)], "2 40.0 D pass Y"),
    ],
)
def test_withdrawal(at: str, reasons: str, marks: list[Row], expected: str) -> None:
    tables = one(marks)
    tables["enrolments"][0] |= {"withdrawn_at": at, "withdrawal_accepted": reasons}
    assert outcome(tables) == expected


def test_prior_learning() -> None:
    tables = one([])
    tables["enrolments"][0]["prior_learning"] = "Y"
    assert outcome(tables) == "- - - pass N"
    assert kinds(tables) == []
    tables["marks"] = [marked("X", "66"), marked("Y", "66")]
    assert outcome(tables) == "1 66.0 B pass N"


def test_an_earlier_result_and_what_followed() -> None:
    result = {"student_id": "1", "module": "A", "scqf_level": "9", "credits": "20", "mark": "35"}
    failed = [result | {"outcome": "fail"}]
    assert outcome(one([], results=failed)) == "1 35.0 E fail N"
    assert outcome(one([marked("X", "60", 2)], results=failed)) == "2 40.0 D pass Y"
    tables = one([marked("X", "60", 2)], results=[result | {"mark": "55", "outcome": "pass"}])
    assert outcome(tables) == "1 55.0 C pass N"
    assert kinds(tables) == ["2 mark-after-pass"]
    tables = one([], results=failed)
    tables["enrolments"] = []
    assert outcome(tables) == "1 35.0 E fail N"


def taken(marks: str, **facts: str) -> list[Row]:
    """Write results as "level:credits:mark[:o]", o for an option."""
    rows = []
    for place, text in enumerate(marks.split()):
        level, size, mark, *rest = text.split(":")
        rows.append(
            {
                "student_id": "1",
                "module": f"R{place}",
                "scqf_level": level,
                "credits": size,
                "mark": mark,
                "outcome": "pass" if float(mark) >= (50 if level == "11" else 40) else "fail",
                "status": "option" if rest else "core",
                **facts,
            }
        )
    return rows


def classed(award: str, results: list[Row], **facts: str) -> str:
    students = [{"student_id": "1", "award": award, **facts}]
    (line,) = assess({"students": students, "results": results})["awards"]
    return " ".join(line[name] or "-" for name in ("average", "classification", "basis", "eligible"))


def at_ten(above: int, high: str, low: str) -> str:
    return f"10:{above}:{high} 10:{120 - above}:{low}"


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        # 0.2 x 69.4 + 0.8 x 69.45 = 69.44: 0.6 below, borderline, with 59, 60 and 61 credits
        ("9:120:69.4 " + at_ten(59, "70.0", "68.9"), "69.4 upper-second average"),
        ("9:120:69.4 " + at_ten(60, "70.0", "68.9"), "69.4 first borderline"),
        ("9:120:69.4 " + at_ten(61, "70.0", "68.9"), "69.4 first borderline"),
        # exactly 69.44, 69.45 and 69.49 with no credit at 70: from 69.45 on it goes up by itself
        ("9:120:69.2 10:120:69.5", "69.4 upper-second average"),
        ("9:60:69.2 9:60:69.3 10:120:69.5", "69.5 first uplift"),
        ("9:60:69.4 9:60:69.5 10:120:69.5", "69.5 first uplift"),
        # 68.0 is in the zone, and so is 67.95, which is 68.0; 67.94 is not
        ("9:120:68.0 " + at_ten(59, "72.0", "64.1"), "68.0 upper-second average"),
        ("9:120:68.0 " + at_ten(60, "72.0", "64.0"), "68.0 first borderline"),
        ("9:120:68.0 " + at_ten(61, "72.0", "63.9"), "68.0 first borderline"),
        ("9:60:67.7 9:60:67.8 " + at_ten(60, "72.0", "64.0"), "68.0 first borderline"),
        ("9:120:67.7 " + at_ten(60, "72.0", "64.0"), "67.9 upper-second average"),
        ("9:120:70 10:120:70", "70.0 first average"),
        ("9:120:59.5 10:120:59.5", "59.5 upper-second uplift"),
        ("9:120:49.5 10:120:49.5", "49.5 lower-second uplift"),
        ("9:120:39.5 10:120:39.5", "39.5 third uplift"),
        ("9:120:38 " + at_ten(60, "40", "36"), "38.0 third borderline"),
        ("9:120:38 " + at_ten(60, "39.9", "36.1"), "38.0 fail average"),
        ("9:120:37.9 10:120:37.9", "37.9 fail average"),
        # means of levels, not pooled credits
        ("9:20:40 9:100:100 10:40:50 10:80:65", "66.0 upper-second average"),
        # levels below 9, and 11, do not count
        ("8:100:99 11:20:99 9:120:60 10:120:60", "60.0 upper-second average"),
        # no level 9 of one's own
        ("10:120:61", "61.0 upper-second average"),
        # no level 10
        ("9:120:61", "- - none"),
    ],
)
def test_honours(results: str, expected: str) -> None:
    assert classed("honours", taken(results)).rsplit(" ", 1)[0] == expected


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        # options: 80 credits at 70 and 20 of the 40 at 50 with the core 20; the rest is level 9's
        # ten (20x60 + 80x70 + 20x50) / 120 = 65; nine (100x60 + 20x50) / 120 = 58.33
        ("9:100:60 10:20:60 10:80:70:o 10:40:50:o", "63.7 upper-second average"),
        # core alone over 120: all of it, the option to level 9: 0.2 x 72 + 0.8 x 50
        ("9:60:60 10:140:50 10:40:90:o", "54.4 lower-second average"),
        # core exactly 120
        ("9:60:60 10:120:50 10:60:90:o", "55.0 lower-second average"),
        # equal marks: the larger credit fills the room, which makes no difference to the sum
        ("9:120:60 10:100:60 10:30:70:o 10:10:70:o", "61.6 upper-second average"),
        # 121 credits: one credit of the lowest option goes down
        ("9:120:60 10:100:60 10:21:0:o", "51.9 lower-second average"),
        # the borderline counts level 10 credits beyond 120 too: 60 at 70, of which 20 stand at level 9
        ("9:120:64 10:100:68.8 10:40:70:o 10:20:70:o", "68.3 first borderline"),
    ],
)
def test_over_120(results: str, expected: str) -> None:
    assert classed("honours", taken(results)).rsplit(" ", 1)[0] == expected


def test_level_four_entry() -> None:
    results = taken("9:20:0 10:100:60 10:40:90:o")
    # 100 at 60 and 20 at 90, what is beyond left out
    assert classed("honours", results, entry_stage="4") == "65.0 upper-second average N"
    away = taken("9:120:90", exchange="Y")
    away = [row | {"module": "E"} for row in away]
    assert classed("honours", away + taken("10:120:55")) == "55.0 lower-second average N"


def test_prior_learning_in_the_average() -> None:
    prior = [row | {"module": "P"} for row in taken("9:20:90", prior_learning="Y")]
    rest = taken("9:100:60 10:120:60")
    assert classed("honours", prior + rest)[:4] == "60.0"
    students = [{"student_id": "1", "award": "honours"}]
    decisions = [{"student_id": "1", "module": "P", "decision": "count-prior-learning", "reason": "minuted"}]
    tables = {"students": students, "results": prior + rest, "decisions": decisions}
    assert assess(tables)["awards"][0]["average"] == "61.0"


@pytest.mark.parametrize("state", ["deferred", "incomplete"])
def test_an_award_waits(state: str) -> None:
    results = taken("9:120:65 10:100:65 10:20:65")
    results[2] |= {"mark": "", "outcome": state}
    assert classed("honours", results) == "- - none N"
    results[2]["exchange"] = "Y"
    assert classed("honours", results).startswith("65.0 upper-second")
    results[2] |= {"exchange": "", "outcome": "withdrawn"}
    assert classed("honours", results).startswith("65.0 upper-second")


@pytest.mark.parametrize(
    ("award", "results", "prior", "expected"),
    [
        ("ordinary", "9:60:65 9:60:63", "240", "64.0 distinction borderline Y"),
        ("ordinary", "9:59:65 9:61:63", "240", "64.0 pass average Y"),
        ("ordinary", "9:40:65 10:20:65 9:60:63", "240", "64.0 pass average Y"),
        ("ordinary", "9:120:64.5", "240", "64.5 distinction uplift Y"),
        ("ordinary", "9:120:65", "239", "65.0 distinction average N"),
        ("ordinary", "9:120:20", "240", "20.0 pass average N"),
        ("masters", "11:90:70 11:90:68", "", "69.0 distinction borderline Y"),
        ("masters", "11:89:70 11:91:68", "", "69.0 merit average Y"),
        ("masters", "11:180:69.5", "", "69.5 distinction uplift Y"),
        ("masters", "11:180:59.4", "", "59.4 pass average Y"),
        ("masters", "11:90:60 11:90:58", "", "59.0 merit borderline Y"),
        # 160 at level 11 and 20 at 10 are the standard 180; 90 are needed, though half would be 80
        ("masters", "11:80:70 11:80:68 10:20:50", "", "69.0 merit average Y"),
        # 200 credits: half of the level 11 credits
        ("masters", "11:80:70 11:80:68 10:20:50", "20", "69.0 distinction borderline Y"),
        ("masters", "11:160:65 9:20:50", "", "65.0 merit average N"),
        ("pgdip", "11:60:70 11:60:68", "", "69.0 distinction borderline Y"),
        ("pgdip", "11:59:70 11:61:68", "", "69.0 merit average Y"),
        ("pgdip", "11:50:70 11:50:68 10:20:90", "", "69.0 merit average Y"),
        ("pgdip", "11:50:70 11:50:68", "", "69.0 distinction borderline N"),
        ("pgcert", "11:60:90", "", "90.0 pass average Y"),
        ("pgcert", "11:40:60 10:20:60", "", "60.0 pass average Y"),
        ("pgcert", "11:39:60 10:21:60", "", "60.0 pass average N"),
        ("pgcert", "11:40:60 9:20:60", "", "60.0 pass average N"),
        ("honours", "9:120:65 10:100:65", "260", "65.0 upper-second average Y"),
        ("honours", "9:120:65 10:100:65", "259", "65.0 upper-second average N"),
        ("honours", "9:121:65 10:99:65", "260", "65.0 upper-second average N"),
        ("honours", "9:119:65 10:100:65", "300", "65.0 upper-second average N"),
        ("certhe", "7:100:50", "20", "- - none Y"),
        ("certhe", "7:99:50 6:20:50", "20", "- - none N"),
        ("diphe", "8:100:50 7:140:50", "", "- - none Y"),
        ("diphe", "8:99:50 7:141:50", "", "- - none N"),
        ("graduate-certificate", "9:40:50 10:20:50", "", "- - none Y"),
        ("graduate-certificate", "9:40:50 8:20:50", "", "- - none N"),
        ("integrated-masters", "11:120:50", "480", "- - none Y"),
        ("integrated-masters", "11:119:50", "490", "- - none N"),
        ("none", "9:120:50", "", "- - none N"),
    ],
)
def test_awards(award: str, results: str, prior: str, expected: str) -> None:
    assert classed(award, taken(results), prior_credits=prior) == expected


def stands(text: str, student: str = "", diet: str = "resit", **tables: list[Row]) -> Tables:
    """Modules as "level:credits:mark[:attempt][:o]", each with one component; facts of the student's as "name=value"."""
    facts = dict(fact.split("=") for fact in student.split())
    made: Tables = {
        "students": [{"student_id": "1", "award": "honours", "stage": "1"} | facts],
        "board": [{"key": "diet", "value": diet}],
        "modules": [],
        "enrolments": [],
        "marks": [],
        **tables,
    }
    for name, one_ in zip("ABCDEFGH", text.split(), strict=False):
        level, size, mark, *more = one_.split(":")
        made["modules"].append({"module": name, "scqf_level": level, "credits": size})
        made["enrolments"].append(
            {"student_id": "1", "module": name, "status": "option" if "o" in more else "core"}
        )
        attempts = [int(part) for part in more if part.isdigit()]
        state = {"state": "deferred"} if mark == "deferred" else {"mark": mark}
        made["marks"].append(
            {
                "student_id": "1",
                "module": name,
                "component": "X",
                "attempt": str(attempts[0] if attempts else 1),
                **state,
            }
        )
    return made


@pytest.mark.parametrize(
    ("modules", "student", "expected"),
    [
        ("7:20:37", "stage=1", "Y"),
        ("8:20:36.95", "stage=2", "Y"),
        ("8:20:36.94", "stage=2", "N"),
        ("7:20:37", "stage=3", "N"),
        ("7:20:37", "stage=", "N"),
        ("9:20:37", "stage=2", "N"),
        ("7:19:37", "stage=1", "N"),
        ("7:21:37", "stage=1", "N"),
        ("7:20:40", "stage=1", "N"),
        ("7:20:37 7:20:50", "stage=1", "YN"),
        ("7:20:37 8:20:37", "stage=1", "NN"),
        ("7:20:37 7:20:20:o", "stage=1", "NN"),
        ("7:20:37 7:20:deferred", "stage=1", "YN"),
        ("7:20:37:3", "stage=1", "Y"),
    ],
)
@pytest.mark.parametrize("diet", ["main", "resit"])
def test_condonable(modules: str, student: str, expected: str, diet: str) -> None:
    lines = assess(stands(modules, student, diet))["modules"]
    assert "".join(line["condonable"] for line in lines) == expected


@pytest.mark.parametrize(("level", "expected"), [("7", "N"), ("8", "Y")])
def test_one_condoned_a_level(level: str, expected: str) -> None:
    earlier = {"student_id": "1", "module": "R", "scqf_level": level, "credits": "40", "outcome": "condoned"}
    assert assess(stands("7:20:37", results=[earlier]))["modules"][0]["condonable"] == expected


@pytest.mark.parametrize(
    ("weighed", "marks", "expected"),
    [
        ("X 50 Y 50", [("X", "30", 1), ("Y", "44", 1)], "Y"),
        ("X 50 Y 50", [("X", "29.99", 1), ("Y", "44.1", 1)], "N"),
        ("X 50 Y 50", [("X", "20", 1), ("Y", "50", 1), ("X", "37", 2)], "Y"),
        ("X 50 Y 50", [("X", "20", 1), ("Y", "50", 1), ("Y", "37", 2)], "N"),
    ],
)
def test_floors_and_condonement(weighed: str, marks: list[tuple[str, str, int]], expected: str) -> None:
    rows = [marked(name, mark, attempt) for name, mark, attempt in marks]
    tables = one(rows, UG | {"scqf_level": "8"}, weighed)
    tables["students"] = [{"student_id": "1", "award": "honours", "stage": "2"}]
    assert assess(tables)["modules"][0]["condonable"] == expected
    tables["modules"] = [UG | {"scqf_level": "8", "condonable": "N"}]
    assert assess(tables)["modules"][0]["condonable"] == "N"


def going(tables: Tables) -> str:
    (line,) = assess(tables)["progression"]
    return f"{line['credits_attempted']} {line['credits_passed']} {line['decision'] or '-'}"


@pytest.mark.parametrize(
    ("modules", "student", "diet", "expected"),
    [
        ("7:80:50 7:40:20", "", "main", "120 80 reassess"),
        ("7:80:50 7:40:20", "", "resit", "120 80 continue-and-reassess-next-year"),
        ("7:79:50 7:40:20", "", "resit", "119 79 reassess-next-year-part-time"),
        ("7:51:50 7:40:20", "", "resit", "91 51 reassess-next-year-part-time"),
        ("7:50:50 7:40:20", "", "resit", "90 50 withdraw"),
        ("7:50:50 7:40:20", "mode=part-time", "resit", "90 50 continue-part-time"),
        ("7:120:50", "", "resit", "120 120 continue"),
        ("7:120:50", "mode=part-time", "resit", "120 120 continue-part-time"),
        ("7:120:50", "award=certhe", "resit", "120 120 award"),
        ("7:100:50 7:20:20:3", "", "resit", "120 100 withdraw"),
        ("7:100:50 7:20:37:3", "", "resit", "120 100 continue"),
        ("7:100:50 7:20:20:3:o", "", "resit", "120 100 continue"),
        ("7:100:50 7:20:20:3:o 7:20:20", "", "resit", "140 100 continue-and-reassess-next-year"),
        ("7:100:50 7:20:deferred", "", "main", "120 100 deferred-first-attempt"),
        ("7:100:50 7:20:deferred:2", "", "main", "120 100 deferred-reassessment"),
        ("7:100:50 7:20:deferred 7:20:20:3", "", "main", "140 100 withdraw"),
        ("7:100:50 7:20:", "", "main", "120 100 -"),
        ("", "", "main", "0 0 -"),
        ("9:100:50", "stage=3 prior_credits=260", "resit", "100 100 continue"),
        ("9:100:50", "stage=3 prior_credits=240", "resit", "100 100 continue"),
        ("9:100:50", "stage=3 prior_credits=239", "resit", "100 100 reassess-next-year-part-time"),
        ("9:100:50", "stage=3", "resit", "100 100 continue"),
        ("9:100:50", "stage=2 prior_credits=0", "resit", "100 100 continue"),
        ("9:100:50", "stage=3 prior_credits=0 mode=part-time", "resit", "100 100 continue-part-time"),
        ("9:80:50 9:20:20", "stage=3 prior_credits=280", "resit", "100 80 continue-and-reassess-next-year"),
        (
            "9:79:50 8:20:50 9:20:20",
            "stage=3 prior_credits=280",
            "resit",
            "119 99 reassess-next-year-part-time",
        ),
        ("11:20:20 11:20:20 11:20:60", "award=masters stage=pg", "main", "60 20 reassess"),
        ("11:20:20 11:20:20 11:20:60", "award=masters stage=pg", "resit", "60 20 reassess"),
        ("11:20:20 11:20:20 11:20:20", "award=masters stage=pg", "resit", "60 0 withdraw"),
        ("11:20:20 11:21:20 11:20:60", "award=masters stage=pg", "resit", "61 20 reassess"),
        ("11:20:60:2 11:20:20 11:20:20 11:20:60", "award=masters stage=pg", "resit", "80 40 withdraw"),
        ("11:20:20:2 11:20:60 11:20:60", "award=masters stage=pg", "resit", "60 40 reassess"),
        ("11:20:20:2 11:20:60:3 11:20:60", "award=masters stage=pg", "resit", "60 40 withdraw"),
        ("11:20:20 11:20:20 11:20:20", "award=none stage=", "resit", "60 0 withdraw"),
        (
            "11:20:20 11:20:20 10:80:50",
            "award=none stage=",
            "resit",
            "120 80 continue-and-reassess-next-year",
        ),
    ],
)
def test_progression(modules: str, student: str, diet: str, expected: str) -> None:
    assert going(stands(modules, student, diet)) == expected


def test_a_dissertation_is_no_part_of_the_thirds() -> None:
    tables = stands("11:20:20 11:20:20 11:20:60 11:60:60", "award=masters stage=pg")
    tables["modules"][3]["kind"] = "dissertation"
    assert going(tables) == "120 80 reassess"
    tables["marks"][3]["mark"] = "20"
    assert going(tables) == "120 20 reassess"
    tables["marks"][3]["attempt"] = "2"
    assert going(tables) == "120 20 withdraw"  # its last


def test_decisions_on_a_fail() -> None:
    lost = stands("7:100:50 7:20:20:3")
    lost["decisions"] = [{"student_id": "1", "module": "B", "decision": "extra-attempt", "reason": "minuted"}]
    assert going(lost) == "120 100 continue-and-reassess-next-year"
    barred = stands("7:100:50 7:20:20")
    barred["decisions"] = [lost["decisions"][0] | {"decision": "bar-reassessment"}]
    assert going(barred) == "120 100 withdraw"
    barred["decisions"] = [lost["decisions"][0] | {"decision": "condone"}]
    assert going(barred) == "120 120 continue"


@pytest.mark.parametrize(
    ("enrolled", "carried", "expected"),
    [
        ("", "", "100 100 continue"),
        ("2022/23", "2022/23", "120 120 continue"),
        ("2022/23", "2021/22", "100 100 continue"),
        ("2021/22", "2022/23", "20 20 continue"),
        ("2021/22", "2021/22", "0 0 continue"),
    ],
)
def test_the_year(enrolled: str, carried: str, expected: str) -> None:
    tables = stands("7:100:50")
    tables["board"].append({"key": "academic_year", "value": "2022/23"})
    tables["enrolments"][0]["academic_year"] = enrolled
    result = {"student_id": "1", "module": "R", "scqf_level": "7", "credits": "20", "outcome": "pass"}
    tables["results"] = [result | {"academic_year": carried}]
    assert going(tables) == expected


def test_results_alone_are_of_the_year() -> None:
    result = {"student_id": "1", "module": "R", "scqf_level": "7", "credits": "20", "outcome": "pass"}
    assert going(stands("", results=[result])) == "20 20 continue"


def test_credit_of_lower_awards() -> None:
    lines = assess(stands("9:99:50 8:81:50", "prior_credits=180"))["credit"]
    told = [f"{line['award']} {line['credits']}/{line['needed']} {line['short']}" for line in lines]
    assert sorted(told) == [
        "certhe 360/120 0",
        "diphe 360/240 0",
        "honours 360/480 121",
        "ordinary 360/360 1",
    ]


def test_row_order_decides_nothing() -> None:
    tables = cohort(11, 60)
    lines = assess(tables)
    for rows in tables.values():
        Random(3).shuffle(rows)
    assert assess(tables) == lines


def test_the_same_seed_gives_the_same_cohort() -> None:
    assert cohort(5, 20) == cohort(5, 20)
    assert cohort(5, 20) != cohort(6, 20)


def test_cohorts_reach_every_outcome() -> None:
    counts = tally(range(4), 300)
    values = {
        "outcome": "pass fail qualifying-fail condoned deferred incomplete withdrawn",
        "classification": "first upper-second lower-second third fail distinction merit pass",
        "basis": "average uplift borderline none",
        "condonable": "Y N",
        "decision": "continue reassess continue-and-reassess-next-year reassess-next-year-part-time "
        "continue-part-time withdraw deferred-first-attempt deferred-reassessment award",
        "rule": "late late-zero late-reassessment word-limit scaling",
        "kind": "attempt-beyond-limit mark-after-pass mark-missing state-contradiction markers-differ no-weights "
        "floor-not-reassessed no-deadline",
    }
    few = [
        (what, value) for what, all_ in values.items() for value in all_.split() if counts[what, value] < 3
    ]
    assert few == []
