"""The trace: every mark changed and every outcome, with its rule, clause and reading.

Rows are made from what the stages left behind; asking for no trace costs nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit import tables
from boardkit.exact import CREDIT_UNITS, MARK_UNITS, print_hundredths, print_number
from boardkit.reasons import LOCAL, levels_said, together, with_reasons
from boardkit.results import lowered, with_kind
from boardkit.rules.marks import DEFERRED
from boardkit.rules.penalties import FIRST_SIT, KINDS, Kind, step_cap

if TYPE_CHECKING:
    from collections.abc import Callable

    from boardkit.board import BoardResult
    from boardkit.regulations.model import AverageRule, AwardRules, Cited, Regulations, StudyRules

NO_AWARD = f"{LOCAL}the students table"
"""What stands for a clause where a student aims at no award, or at one that cannot be read."""

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
    "condoned": "Condoned by a recorded decision.",
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
        penalised=replace(board.penalised, details=board.penalised.details.filter(pl.col("s") == student)),
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
    rows = (
        with_kind(board.penalised.details, board.concluded.judged.attempts)
        .lazy()
        .with_columns(pl.lit(modules).gather("m").alias("module"))
    )
    parts = [_statuses(rows, board), *_unused(rows, board)]
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
    over = f"{words.over}% over or more" if words.inclusive else f"more than {words.over}% over"
    said = pl.concat_str(
        pl.col("words"),
        pl.lit(" words for a limit of "),
        pl.col("word_limit"),
        pl.lit(f": {over}, at most "),
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
    parts += [
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
        for step in pack.penalties.late
        if step.id in rules
    ]
    return parts


def _statuses(rows: pl.LazyFrame, board: BoardResult) -> pl.LazyFrame:
    """Marks that are not simply the marker's."""
    pack = board.pack.rules
    deferred = pl.col("status") == DEFERRED
    rule = pl.when(deferred).then(pl.lit("deferred")).otherwise(pl.col("why").cast(pl.String))
    clauses = {
        "agreed": pack.practice.agreed_mark.citation,
        "markers-differ": pack.practice.agreed_mark.citation,
        "deferred": pack.practice.first_sit.citation,
        "not-submitted": pack.absence.not_submitted.citation,
        "absent": pack.absence.absent.citation,
    }
    source = (
        pl.when(rule.is_in(["grade", "not-a-grade"]))
        .then(_by_module(board, lambda rules, _: rules.conversion))
        .otherwise(rule.replace_strict(clauses, default=pack.practice.blank.citation, return_dtype=pl.String))
    )
    before = pl.when(pl.col("why") == "grade").then("grade").otherwise(_two(pl.col("mark")))
    chosen = rows.filter(deferred | pl.col("why").is_not_null())
    note = rule.replace_strict(RULES, default="", return_dtype=pl.String)
    return _row(chosen, "component", rule, source, before=before, after=_two(pl.col("raw")), note=note)


def _by_module(board: BoardResult, rule: Callable[[StudyRules, dict[str, Any]], Cited]) -> pl.Expr:
    """Cite a rule of each row's module, by the module's study."""
    studies = dict(board.pack.rules.studies.each())
    plain = board.pack.rules.studies.undergraduate
    cited = [
        rule(studies.get(module["study"], plain), module).citation
        for module in board.ground.modules.select("study", "kind", "scqf_level").rows(named=True)
    ]
    return pl.lit(pl.Series(cited, dtype=pl.String)).gather("m")


def _attempts(rules: StudyRules, module: dict[str, Any]) -> Cited:
    """Find the rule that says how many attempts a module allows (14.2, 18.4, 17.12)."""
    for other in rules.attempts_exceptions:
        if module["kind"] in other.kinds and module["scqf_level"] in other.levels:
            return other
    return rules.attempts


def _unused(rows: pl.LazyFrame, board: BoardResult) -> list[pl.LazyFrame]:
    pack = board.pack.rules
    source = (
        pl.when(pl.col("use") == "mark-after-pass")
        .then(pl.lit(pack.practice.pass_stands.citation))
        .otherwise(_by_module(board, _attempts))
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
    results = board.concluded.results.lazy().with_columns(pl.col("module").cast(pl.String))
    by_basis = {
        "withdrawn": pack.withdrawal.free_until.citation,
        "withdrawn-late": pack.withdrawal.mark.citation,
        "prior-learning": pack.averages.prior_learning_counts_by_decision.citation,
        "confirmed": pack.practice.confirmed.citation,
        "condoned": pack.practice.condonement.citation,
        "unreadable": pack.practice.blank.citation,
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
    overall = _exactly(pl.col("weighted"), pl.col("weights"))
    sums = pl.concat_str(overall, pl.lit(" by weight, before its rounding"))
    note = pl.when(plain & pl.col("mark").is_not_null()).then(sums)
    after = pl.concat_str(
        [_one(pl.col("mark")), pl.col("grade"), pl.col("outcome")], separator=" ", ignore_nulls=True
    )
    outcome = _row(results, "module", rule, source, after=after, note=note, order=5)
    capped = results.filter("capped")
    cap = _row(
        capped,
        "module",
        "reassessment-cap",
        _by_module(board, lambda rules, _: rules.reassessment_cap),
        before=overall,
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
    parts = []
    for name, rule in rules.items():
        mine = made.filter(pl.col("award") == name)
        if rule.average is not None:
            parts.append(_average(mine.filter(pl.col("average").is_not_null()), rule.average))
        parts += [_classification(mine, _class_source(rule)), _eligible(mine, rule)]
    none = made.filter(~pl.col("award").is_in(list(rules)).fill_null(value=False))
    return [*parts, _classification(none, pl.lit(NO_AWARD))]


def _average(made: pl.LazyFrame, rule: AverageRule) -> pl.LazyFrame:
    """The average before and after its rounding, with the mean and the credit of each level."""
    alone = together(rule.citation, rule.alone.citation) if rule.alone else rule.citation
    means = []
    for at, bucket in enumerate(rule.buckets, start=1):
        share = "" if len(rule.buckets) == 1 else f"{bucket.weight}% of "
        level = f"SCQF {levels_said(bucket.levels)}"
        mean = pl.concat_str(
            pl.when("alone").then(pl.lit(level)).otherwise(pl.lit(f"{share}{level}")),
            pl.lit(": "),
            _exactly(pl.col(f"sum_{at}"), pl.col(f"credits_{at}")),
            pl.lit(" over "),
            print_number(pl.col(f"credits_{at}"), units=CREDIT_UNITS),
            pl.lit(" credits"),
        )
        means.append(mean if at == 1 else pl.when(~pl.col("alone")).then(mean))
    return _row(
        made,
        "award",
        "average",
        pl.when("alone").then(pl.lit(alone)).otherwise(pl.lit(rule.citation)),
        before=_exactly(pl.col("numerator"), pl.col("denominator")),
        after=_one(pl.col("average")),
        note=pl.concat_str(means, separator="; ", ignore_nulls=True),
        order=6,
    )


def _class_source(rule: AwardRules) -> pl.Expr:
    """Cite what gave the class: the boundaries, the uplift, or the borderline test."""
    plain = pl.lit(rule.average.citation if rule.average else rule.credits.citation)
    near = rule.borderline
    if near is None:
        return plain
    tests = {
        at: together(near.zone.citation, criterion.citation) for at, criterion in enumerate(near.criteria)
    }
    return (
        pl.when(pl.col("basis") == "uplift")
        .then(pl.lit(near.uplift.citation))
        .when(pl.col("borderline").fill_null(value=False))
        .then(pl.col("criterion").replace_strict(tests, default=near.zone.citation, return_dtype=pl.String))
        .otherwise(plain)
    )


def _classification(made: pl.LazyFrame, source: pl.Expr) -> pl.LazyFrame:
    return _row(
        made,
        "award",
        "classification",
        source,
        before=_one(pl.col("average")),
        after=pl.coalesce("classification", pl.lit("none")),
        note=pl.col("reason"),
        order=7,
    )


def _eligible(made: pl.LazyFrame, rule: AwardRules) -> pl.LazyFrame:
    held = print_number(pl.col("credits_held"), units=CREDIT_UNITS)
    return _row(
        made,
        "award",
        "eligible",
        rule.credits.citation,
        after=pl.when("eligible").then(pl.lit("Y")).otherwise(pl.lit("N")),
        note=pl.concat_str(held, pl.lit(" credits")),
        order=8,
    )


def _exactly(numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    """A ratio in hundredths as text: exact, or cut behind the fourth place with three dots."""
    whole, rest = numerator // denominator, numerator % denominator * MARK_UNITS
    text = print_hundredths(whole, places=2)
    more = pl.concat_str(text, (rest // denominator).cast(pl.String).str.zfill(2))
    return (
        pl.when(rest % denominator != 0)
        .then(pl.concat_str(more, pl.lit("...")))
        .when(rest == 0)
        .then(text)
        .otherwise(more.str.strip_chars_end("0"))
    )
