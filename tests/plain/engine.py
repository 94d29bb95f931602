"""From tables of text to components, modules, awards, credit, progression and notes.

Misconduct is not judged here: a penalty is one more limit beside those of `penalties`.
"""

from dataclasses import replace
from fractions import Fraction

from .arithmetic import half_up, number, printed
from .attempts import Case, History, confirmed_alone, floors_met, history
from .award import Programme, Taken, award
from .catalogue import Module, modules_of
from .credit import LOWER, eligible, held
from .grades import POSTGRADUATE, UNDERGRADUATE, grade, study_by_level
from .modules import CREDITED, Result
from .progress import Person, Standing, condonable, credits_of_the_year, disputed, recommended
from .rows import Row, Tables, attempt_of, cell, gathered, yes

# tables.md: which awards are of which kind (P4); for any other the module's study decides
PROGRAMMES = {
    "certhe": UNDERGRADUATE,
    "diphe": UNDERGRADUATE,
    "ordinary": UNDERGRADUATE,
    "honours": UNDERGRADUATE,
    "integrated-masters": UNDERGRADUATE,
    "graduate-certificate": UNDERGRADUATE,
    "pgcert": POSTGRADUATE,
    "pgdip": POSTGRADUATE,
    "masters": POSTGRADUATE,
}

TAUGHT_SHARE = Fraction(25, 100)  # 12.1, 12.2

Lines = dict[str, list[Row]]


def assess(tables: Tables) -> Lines:
    board = _Board(tables)
    names = ("components", "modules", "awards", "credit", "progression", "notes", "disputed")
    lines: Lines = {name: [] for name in names}
    profiles: dict[str, list[Standing]] = {student: [] for student in board.students}
    for enrolment in board.enrolments:
        line, one = _enrolled(board, enrolment, lines)
        lines["modules"].append(line)
        profiles.setdefault(line["student_id"], []).append(one)
    enrolled = {_key(row) for row in board.enrolments}
    for key, rows in board.results.items():
        if key not in enrolled:
            line, one = _carried(board, max(rows, key=attempt_of))
            lines["modules"].append(line)
            profiles.setdefault(line["student_id"], []).append(one)
    stands = {(student, one.taken.module): one for student, profile in profiles.items() for one in profile}
    for line in lines["modules"] if board.students else []:
        student = line["student_id"]
        stage = cell(board.students[student], "stage")
        open_ = condonable(stands[student, line["module"]], profiles[student], stage)
        line["condonable"] = "Y" if open_ else "N"
    for student, row in board.students.items():
        taken = [one.taken for one in profiles[student]]
        lines["awards"].append(_award(row, taken))
        lines["credit"] += _credit(row, taken)
    # without a students table nothing is known of levels, modes or awards: condonement and progress are switched off
    for student, profile in profiles.items() if board.students else []:
        lines["progression"].append(_progression(board, student, profile))
    for student, profile in profiles.items():
        stage = cell(board.students.get(student, {}), "stage")
        lines["disputed"] += [{"student_id": student, "kind": kind} for kind in disputed(profile, stage)]
    for rows in lines.values():
        rows.sort(key=_place)
    return lines


class _Board:
    """The tables by their keys."""

    def __init__(self, tables: Tables) -> None:
        facts = {cell(row, "key"): cell(row, "value") for row in tables.get("board", [])}
        self.diet = facts.get("diet") or "main"  # C2
        self.year = facts.get("academic_year", "")
        self.modules = modules_of(tables)
        self.students = {cell(row, "student_id"): row for row in tables.get("students", [])}
        self.marks = gathered(tables.get("marks", []), "student_id", "module")
        self.circumstances = gathered(tables.get("circumstances", []), "student_id", "module")
        self.decisions = gathered(tables.get("decisions", []), "student_id", "module", "decision")
        self.results = gathered(tables.get("results", []), "student_id", "module")
        self.enrolments = tables.get("enrolments") or [
            {"student_id": student, "module": module} for student, module in self.marks
        ]

        self.busy = {cell(row, "student_id") for row in self.enrolments}

    def decided(self, student: str, module: str, decision: str) -> bool:
        return (student, module, decision) in self.decisions

    def of_the_year(self, row: Row, *, enrolled: bool) -> bool:
        """An enrolment is of the board's year unless it states another, a result alone if it states it."""
        year = cell(row, "academic_year")
        if year and self.year:
            return year == self.year
        return enrolled or cell(row, "student_id") not in self.busy


def _key(row: Row) -> tuple[str, str]:
    return cell(row, "student_id"), cell(row, "module")


def _place(row: Row) -> tuple[str, str, str, int, str]:
    attempt = row.get("attempt") or "0"
    return (
        row["student_id"],
        row.get("module", ""),
        row.get("component", ""),
        int(attempt),
        row.get("kind", ""),
    )


def _withdrawal(enrolment: Row) -> str:
    """12, M5: without penalty up to a quarter of the taught time, or later for accepted reasons."""
    at = cell(enrolment, "withdrawn_at")
    if not at:
        return ""
    free = number(at) <= TAUGHT_SHARE or yes(enrolment, "withdrawal_accepted")
    return "free" if free else "late"


def _enrolled(board: _Board, enrolment: Row, lines: Lines) -> tuple[Row, Standing]:
    student, name = _key(enrolment)
    module = board.modules[name]
    withdrawal = _withdrawal(enrolment)
    prior_learning = yes(enrolment, "prior_learning")
    earlier = {attempt_of(row): row for row in board.results.get((student, name), [])}
    own_award = cell(board.students.get(student, {}), "award")
    case = Case(
        module=module,
        programme=PROGRAMMES.get(own_award, module.study),
        marks=board.marks.get((student, name), []),
        circumstances=board.circumstances.get((student, name), []),
        confirmed={attempt: _confirmed(row, module.study) for attempt, row in earlier.items()},
        withdrawal=withdrawal,
        prior_learning=prior_learning,
        unlimited=board.decided(student, name, "extra-attempt"),
    )
    past = history(case)
    lines["components"] += _works(student, name, past)
    lines["notes"] += [
        {"student_id": student, "module": name, "component": component, "attempt": str(attempt), "kind": kind}
        for component, attempt, kind in past.notes
    ]
    here = _standing(past, module, withdrawal, prior_learning=prior_learning)
    here = _condoned(board, student, name, here)
    line = _line(student, name, module.level, module.credits, here)
    if here is None or withdrawal == "free":
        line["attempt"] = ""
    one = _taken(line, enrolment, here)
    if here is not None and here.attempt in earlier:
        # what the earlier board recorded of the module stands with its result
        one.exchange = one.exchange or yes(earlier[here.attempt], "exchange")
        one.prior_learning = one.prior_learning or yes(earlier[here.attempt], "prior_learning")
    one.counted = board.decided(student, name, "count-prior-learning")
    return line, Standing(
        taken=one,
        study=module.study,
        kind=module.kind,
        limit=module.attempts,
        counted=past.counted,
        first_sit=past.first_sit,
        # 17.4: no component of the module's; those that a reassessment left out are among them
        floors_met=floors_met(module, {name: past.latest.get(name) for name in module.components}),
        judged_floors_met=floors_met(module, past.judged),
        late_prior_learning=prior_learning and withdrawal == "late",
        exempt=not module.condonable,
        barred=board.decided(student, name, "bar-reassessment"),
        unlimited=case.unlimited,
        this_year=board.of_the_year(enrolment, enrolled=True),
    )


def _standing(past: History, module: Module, withdrawal: str, *, prior_learning: bool) -> Result | None:
    if withdrawal == "free":
        return Result(0, "withdrawn")
    if prior_learning and withdrawal != "late":
        # M6: passed with its credit, whatever the mark, if there is one
        here = past.result
        if here is None:
            return Result(0, "pass")
        return Result(here.attempt, "pass", here.mark, grade(here.mark, module.study), here.capped)
    return past.result


def _condoned(board: _Board, student: str, module: str, here: Result | None) -> Result | None:
    """C1: a recorded decision condones a fail."""
    if here is None or here.outcome != "fail" or not board.decided(student, module, "condone"):
        return here
    return replace(here, outcome="condoned")


def _works(student: str, module: str, past: History) -> list[Row]:
    return [
        {
            "student_id": student,
            "module": module,
            "component": work.component,
            "attempt": str(work.attempt),
            "raw_mark": printed(work.raw, 2),
            "mark": printed(work.mark, 2),
            "rules": ";".join(work.rules),
        }
        for work in past.works
    ]


def _confirmed(row: Row, study: str) -> Result:
    """Take a result confirmed by an earlier board as it stands."""
    mark = half_up(number(cell(row, "mark")), 1) if cell(row, "mark") else None  # A2
    outcome = cell(row, "outcome")
    if yes(row, "prior_learning") and outcome != "withdrawn":
        outcome = "pass"  # M6; M5 stands over it, as it does in enrolments
    if outcome == "deferred":
        mark = None  # M3, M4: set aside
    letter = "Q" if outcome == "qualifying-fail" else grade(mark, study)  # 16.2
    return Result(attempt_of(row), outcome, mark, letter)


def _carried(board: _Board, row: Row) -> tuple[Row, Standing]:
    student, name = _key(row)
    level = cell(row, "scqf_level")
    module = board.modules.get(name)
    study = (module.study if module else "") or study_by_level(level)
    here = _confirmed(row, study)
    here = _condoned(board, student, name, here)
    line = _line(student, name, level, cell(row, "credits"), here)
    one = _taken(line, row, here)
    one.counted = board.decided(student, name, "count-prior-learning")
    outcomes = {attempt_of(row): _confirmed(row, study).outcome for row in board.results[student, name]}
    sat_first = {
        attempt_of(row)
        for row in board.circumstances.get((student, name), [])
        if yes(row, "accepted") and cell(row, "effect") == "first-sit"
    }
    counted, first_sit = confirmed_alone(outcomes, sat_first)
    return line, Standing(
        taken=one,
        study=study,
        kind=module.kind if module else "taught",
        limit=module.attempts if module else 3,
        counted=counted,
        first_sit=first_sit,
        carried=True,
        barred=board.decided(student, name, "bar-reassessment"),
        unlimited=board.decided(student, name, "extra-attempt"),
        this_year=board.of_the_year(row, enrolled=False),
    )


def _line(student: str, module: str, level: str, credits_: str, here: Result | None) -> Row:
    here = here or Result(0, "incomplete")
    return {
        "student_id": student,
        "module": module,
        "scqf_level": level,
        "credits": credits_,
        "attempt": str(here.attempt) if here.attempt else "",
        "mark": printed(here.mark, 1),
        "grade": here.grade,
        "outcome": here.outcome,
        "capped": "Y" if here.capped else "N",
        "condonable": "",
        "credits_awarded": credits_ if here.outcome in CREDITED else "0",
    }


def _taken(line: Row, facts: Row, here: Result | None) -> Taken:
    return Taken(
        module=line["module"],
        level=int(line["scqf_level"] or 0),
        credits=number(line["credits"] or "0"),
        mark=here.mark if here else None,
        outcome=line["outcome"],
        core=cell(facts, "status", "core") == "core",  # W4: a blank status is core
        exchange=yes(facts, "exchange"),
        prior_learning=yes(facts, "prior_learning"),
    )


def _award(student: Row, taken: list[Taken]) -> Row:
    prior = number(cell(student, "prior_credits", "0"))
    kind = cell(student, "award", "none")
    programme = Programme(kind, direct=cell(student, "entry_stage") == "4", prior=prior)
    given = award(programme, taken)
    return {
        "student_id": cell(student, "student_id"),
        "award": kind,
        "average": printed(given.average, 1),
        "classification": given.classification,
        "basis": given.basis,
        "eligible": "Y" if eligible(kind, taken, prior) else "N",
        "reason": given.reason,
    }


def _credit(student: Row, taken: list[Taken]) -> list[Row]:
    """8.1, 17.2: the award aimed at, and the lower ones, of which the student may have the credit."""
    prior = number(cell(student, "prior_credits", "0"))
    aimed_at = cell(student, "award", "none")
    rows = []
    for kind in [aimed_at, *LOWER.get(aimed_at, [])]:
        there = held(kind, taken, prior)
        if there is not None:
            rows.append(
                {
                    "student_id": cell(student, "student_id"),
                    "award": kind,
                    "aimed_at": "Y" if kind == aimed_at else "N",
                    "credits": printed(there.credits, 0),
                    "needed": printed(there.needed, 0),
                    "short": printed(there.short, 0),
                    "eligible": "Y" if there.short == 0 else "N",
                }
            )
    return rows


def _progression(board: _Board, student: str, profile: list[Standing]) -> Row:
    row = board.students.get(student, {})
    prior = cell(row, "prior_credits")
    kind = cell(row, "award", "none")
    person = Person(
        award=kind,
        stage=cell(row, "stage"),
        mode=cell(row, "mode", "full-time"),
        diet=board.diet,
        prior=number(prior) if prior else None,
    )
    attempted, passed = credits_of_the_year(profile)
    return {
        "student_id": student,
        "credits_attempted": printed(attempted, 0),
        "credits_passed": printed(passed, 0),
        "decision": recommended(person, profile, PROGRAMMES.get(kind, "")),
    }
