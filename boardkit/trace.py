"""The trace: every mark changed and every outcome, with its rule, clause and reading.

Rows are made from what the stages left behind; asking for no trace costs nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.exact import CREDIT_UNITS, WEIGHT_UNITS, print_hundredths, print_number
from boardkit.reasons import with_reasons
from boardkit.results import lowered, with_kind
from boardkit.rules.marks import DEFERRED
from boardkit.rules.penalties import FIRST_SIT, KINDS, Kind, step_cap

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.regulations.model import Regulations

STAGES = pl.Enum(["component", "module", "award"])

RULES = {
    "agreed": "The agreed mark stands over the marker's.",
    "grade": "A grade stands for its mark.",
    "not-submitted": "Not submitted.",
    "absent": "Absent.",
    "deferred": "Deferred.",
    "unreadable": "A cell of the row cannot be read.",
    "not-a-grade": "The grade is none of the regulations'.",
    "state-contradiction": "A mark stands beside not-submitted or absent.",
    "mark-missing": "No mark and no reason.",
    "markers-differ": "The markers differ and there is no agreed mark.",
    "scaling": "The examiners scaled the marks.",
    "attempt-beyond-limit": "An attempt beyond the number allowed.",
    "mark-after-pass": "An attempt after a pass.",
    "first-sit": "An attempt judged as the first.",
    "reassessment-cap": "The most that a reassessed module can be given.",
    "pass": "Passed.",
    "fail": "Failed.",
    "qualifying-fail": "The overall mark reached, a component under its floor.",
    "incomplete": "Nothing can be computed.",
    "withdrawn": "Withdrawn.",
    "withdrawn-late": "Withdrawn late, without accepted reasons.",
    "prior-learning": "Prior learning.",
    "confirmed": "Confirmed by an earlier board.",
    "average": "The award's average.",
    "classification": "The class.",
    "eligible": "The credit that the award needs.",
}
"""The rules of the trace, besides the ids of a pack's own penalties."""


def trace(board: BoardResult) -> pl.DataFrame:
    """Make the ``trace`` table, in the order of its key: student, module, component, attempt, stage."""
    return _ordered(board, [*_components(board), *_modules(board), *_awards(board)])


def trace_of(board: BoardResult, student: int) -> pl.DataFrame:
    """Make the trace of one student, by the student's number."""
    only = replace(
        board,
        penalised=board.penalised.filter(pl.col("s") == student),
        concluded=replace(board.concluded, results=board.concluded.results.filter(pl.col("s") == student)),
        classified=board.classified.filter(pl.col("s") == student),
    )
    return trace(only)


def _ordered(board: BoardResult, parts: list[pl.LazyFrame]) -> pl.DataFrame:
    ground = board.ground
    made = pl.concat(parts).with_columns(stage=pl.col("stage").cast(STAGES))
    ordered = made.sort("s", "module", "k", "attempt", "stage", "order", "rule", nulls_last=True)
    return (
        ordered.with_columns(
            pl.lit(ground.students["student_id"]).gather("s").alias("student_id"),
            pl.lit(ground.components["component"]).gather("k").alias("component"),
            pl.col("stage").cast(pl.String),
        )
        .select(tables.OUTPUT["trace"])
        .collect()
    )


def _row(  # noqa: PLR0913 - a trace row has these
    frame: pl.LazyFrame,
    stage: str,
    rule: pl.Expr | str,
    source: pl.Expr | str,
    *,
    before: pl.Expr | None = None,
    after: pl.Expr | None = None,
    note: pl.Expr | str = "",
    order: int = 0,
) -> pl.LazyFrame:
    nothing = pl.lit(None, dtype=pl.String)
    names = frame.collect_schema().names()
    return frame.select(
        pl.col("s").cast(pl.UInt32),
        "module",
        (pl.col("k") if "k" in names else pl.lit(None)).cast(pl.UInt32).alias("k"),
        (pl.col("attempt") if "attempt" in names else pl.lit(None)).cast(pl.Int16).alias("attempt"),
        pl.lit(stage).alias("stage"),
        pl.lit(order, dtype=pl.Int8).alias("order"),
        (pl.lit(rule) if isinstance(rule, str) else rule.cast(pl.String)).alias("rule"),
        (pl.lit(source) if isinstance(source, str) else source).alias("clause"),
        (nothing if before is None else before).alias("before"),
        (nothing if after is None else after).alias("after"),
        (pl.lit(note or None, dtype=pl.String) if isinstance(note, str) else note.replace("", None)).alias(
            "note"
        ),
    )


def _two(value: pl.Expr) -> pl.Expr:
    return print_hundredths(value, places=2)


def _one(value: pl.Expr) -> pl.Expr:
    return print_hundredths(value, places=1)


def _components(board: BoardResult) -> list[pl.LazyFrame]:
    """What became of single marks, rule by rule: before, and what that rule alone leaves."""
    pack = board.pack.rules
    modules = board.ground.modules["module"]
    rows = with_kind(board.penalised, board.concluded.judged.attempts).with_columns(
        pl.lit(modules).gather("m").alias("module")
    )
    parts = [_statuses(rows, pack), *_unused(rows, pack)]
    scaled = (pl.col("scaled") != pl.col("raw")).fill_null(value=False)
    parts.append(
        _row(
            rows.filter(scaled),
            "component",
            "scaling",
            pack.scaling.citation,
            before=_two(pl.col("raw")),
            after=_two(pl.col("scaled")),
            note="the basis is in the scaling table",
            order=1,
        )
    )
    for kind in KINDS:
        first = pl.col("first_sit") if kind is FIRST_SIT else ~pl.col("first_sit")
        parts += _lowered(rows.filter(first), kind, pack)
    return parts


def _lowered(rows: pl.LazyFrame, kind: Kind, pack: Regulations) -> list[pl.LazyFrame]:
    rules = lowered(kind, pack)
    words = pack.penalties.word_limit
    said = pl.concat_str(
        pl.col("words"),
        pl.lit(" words for a limit of "),
        pl.col("word_limit"),
        pl.lit(f": {words.over}% over or more, at most "),
        _two(pl.col("word_cap")),
    )
    parts = [
        _row(
            rows.filter(rules[words.id]),
            "component",
            words.id,
            words.citation,
            before=_two(pl.col("scaled")),
            after=_two(pl.col("word_cap")),
            note=said,
            order=2,
        )
    ]
    when = pl.concat_str(
        pl.lit("due "),
        pl.col("deadline").dt.to_string("%Y-%m-%d %H:%M:%S"),
        pl.lit(", submitted "),
        pl.col("submitted_at").dt.to_string("%Y-%m-%d %H:%M:%S"),
    )
    for step in pack.penalties.late:
        if step.id in rules:
            parts.append(
                _row(
                    rows.filter(rules[step.id]),
                    "component",
                    step.id,
                    step.citation,
                    before=_two(pl.col("scaled")),
                    after=_two(step_cap(pack, kind)),
                    note=when,
                    order=3,
                )
            )
    return parts


def _statuses(rows: pl.LazyFrame, pack: Regulations) -> pl.LazyFrame:
    """Marks that are not simply the marker's."""
    deferred = pl.col("status") == DEFERRED
    rule = pl.when(deferred).then(pl.lit("deferred")).otherwise(pl.col("why").cast(pl.String))
    clauses = {
        "agreed": pack.practice.agreed_mark.citation,
        "deferred": pack.practice.first_sit.citation,
        "not-submitted": pack.absence.not_submitted.citation,
        "absent": pack.absence.absent.citation,
        "grade": pack.studies.undergraduate.conversion.citation,
    }
    source = rule.replace_strict(clauses, default=pack.practice.blank.citation, return_dtype=pl.String)
    before = pl.when(pl.col("why") == "grade").then("grade").otherwise(_two(pl.col("mark")))
    chosen = rows.filter(deferred | pl.col("why").is_not_null())
    note = rule.replace_strict(RULES, default="", return_dtype=pl.String)
    return _row(chosen, "component", rule, source, before=before, after=_two(pl.col("raw")), note=note)


def _unused(rows: pl.LazyFrame, pack: Regulations) -> list[pl.LazyFrame]:
    source = (
        pl.when(pl.col("use") == "mark-after-pass")
        .then(pl.lit(pack.practice.pass_stands.citation))
        .otherwise(pl.lit(pack.studies.undergraduate.attempts.citation))
    )
    left = rows.filter(pl.col("use") != "used")
    again = rows.filter(pl.col("first_sit") & (pl.col("attempt") > 1) & (pl.col("use") == "used"))
    return [
        _row(
            left,
            "component",
            pl.col("use"),
            source,
            before=_two(pl.col("raw")),
            note="the attempt was not used",
            order=4,
        ),
        _row(
            again,
            "component",
            "first-sit",
            pack.practice.first_sit.citation,
            note="judged as a first sit",
            order=4,
        ),
    ]


def _modules(board: BoardResult) -> list[pl.LazyFrame]:
    """Every module's outcome, and the cap where it lowered the mark."""
    pack = board.pack.rules
    results = board.concluded.results.lazy()
    by_basis = {
        "withdrawn": pack.withdrawal.free_until.citation,
        "withdrawn-late": pack.withdrawal.mark.citation,
        "prior-learning": pack.averages.prior_learning_counts_by_decision.citation,
        "confirmed": pack.practice.confirmed.citation,
        "nothing": pack.practice.blank.citation,
    }
    study = pl.col("study")
    by_outcome = pl.lit(pack.practice.blank.citation)
    for name, rules in pack.studies.each():
        clauses = {
            "deferred": pack.practice.first_sit.citation,
            "qualifying-fail": rules.qualifying_fail.citation,
            "incomplete": pack.practice.blank.citation,
        }
        judged = pl.col("outcome").replace_strict(
            clauses, default=rules.pass_mark.citation, return_dtype=pl.String
        )
        by_outcome = pl.when(study == name).then(judged).otherwise(by_outcome)
    basis = pl.col("basis").cast(pl.String)
    plain = basis.is_in(["attempts", "nothing"])
    rule = pl.when(plain).then("outcome").otherwise(basis)
    source = basis.replace_strict(by_basis, default=None, return_dtype=pl.String).fill_null(by_outcome)
    sums = pl.concat_str(
        pl.lit("weighted "),
        print_number(pl.col("weighted") // 100, units=WEIGHT_UNITS),
        pl.lit(" over weights of "),
        print_number(pl.col("weights"), units=WEIGHT_UNITS),
    )
    note = pl.when(plain & pl.col("mark").is_not_null()).then(sums).otherwise(pl.lit(""))
    after = pl.concat_str(
        [_one(pl.col("mark")), pl.col("grade"), pl.col("outcome")], separator=" ", ignore_nulls=True
    )
    outcome = _row(results, "module", rule, source, after=after, note=note, order=5)
    capped = results.filter("capped")
    overall = pl.col("weighted") / pl.col("weights") / 100
    cap = _row(
        capped,
        "module",
        "reassessment-cap",
        pack.studies.undergraduate.reassessment_cap.citation,
        before=overall.round(4).cast(pl.String),
        after=_one(pl.col("mark")),
        note="a reassessed module is given at most its pass mark",
        order=4,
    )
    return [outcome, cap]


def _awards(board: BoardResult) -> list[pl.LazyFrame]:
    """Every student's average, class and credit."""
    pack = board.pack.rules
    made = with_reasons(board.classified, pack).lazy().with_columns(module=pl.lit(None, dtype=pl.String))
    rules = dict(pack.awards.each())
    averages = {name: rule.average.citation for name, rule in rules.items() if rule.average}
    credit = {name: rule.credits.citation for name, rule in rules.items()}

    def by_award(clauses: dict[str, str]) -> pl.Expr:
        return pl.col("award").replace_strict(clauses, default=None, return_dtype=pl.String)

    averaged = made.filter(pl.col("average").is_not_null())
    parts = [
        _row(
            averaged,
            "award",
            "average",
            by_award(averages),
            before=_ratio(),
            after=_one(pl.col("average")),
            note=_sums(),
            order=6,
        )
    ]
    for name, rule in rules.items():
        mine = made.filter(pl.col("award") == name)
        source = rule.average.citation if rule.average else rule.credits.citation
        clause = pl.lit(source)
        if rule.borderline:
            test = pl.col("criterion").replace_strict(
                {
                    at: f"{rule.borderline.zone.source}, {criterion.citation}"
                    for at, criterion in enumerate(rule.borderline.criteria)
                },
                default=None,
                return_dtype=pl.String,
            )
            clause = (
                pl.when(pl.col("basis") == "uplift")
                .then(pl.lit(rule.borderline.uplift.citation))
                .when(pl.col("borderline").fill_null(value=False))
                .then(test)
                .otherwise(clause)
            )
        parts.append(
            _row(
                mine,
                "award",
                "classification",
                clause,
                before=_one(pl.col("average")),
                after=pl.coalesce("classification", pl.lit("none")),
                note=pl.col("reason"),
                order=7,
            )
        )
    held = print_number(pl.col("credits_held"), units=CREDIT_UNITS)
    known = made.filter(pl.col("award").is_in(list(rules)))
    parts.append(
        _row(
            known,
            "award",
            "eligible",
            by_award(credit),
            after=pl.when("eligible").then(pl.lit("Y")).otherwise(pl.lit("N")),
            note=pl.concat_str(held, pl.lit(" credits")),
            order=8,
        )
    )
    none = made.filter(~pl.col("award").is_in(list(rules)).fill_null(value=False))
    parts.append(
        _row(
            none,
            "award",
            "classification",
            pl.lit(None, dtype=pl.String),
            after=pl.lit("none"),
            note=pl.col("reason"),
            order=7,
        )
    )
    return parts


def _ratio() -> pl.Expr:
    """The average before its rounding, to six places, for reading only."""
    return (pl.col("numerator") / pl.col("denominator") / 100).round(6).cast(pl.String)


def _sums() -> pl.Expr:
    """Each bucket's mean and credit, for reading only."""
    means = []
    for at in (1, 2):
        mean = (pl.col(f"sum_{at}") / pl.col(f"credits_{at}") / 100).round(4).cast(pl.String)
        said = pl.concat_str(
            pl.lit(f"bucket {at}: mean "),
            mean,
            pl.lit(" over "),
            print_number(pl.col(f"credits_{at}"), units=CREDIT_UNITS),
            pl.lit(" credits"),
        )
        means.append(pl.when(pl.col(f"credits_{at}") > 0).then(said))
    return pl.concat_str(means, separator="; ", ignore_nulls=True)
