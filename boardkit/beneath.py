"""Beneath: what a recorded decision rests on, as text: the rules that decided it, and what they came to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit.regulations.identity import identity_of
from boardkit.rules.decided import CLASSIFICATION, MODULE_MARK, OF_STUDENTS, PROGRESSION
from boardkit.rules.holds import ASSESSMENT, AWARD, CLASS, MODULE
from boardkit.years import begun

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.regulations.model import Regulations

EXTRA, CONDONE, COUNT = "extra-attempt", "condone", "count-prior-learning"


def rules_beneath(board: BoardResult, rows: pl.DataFrame) -> pl.Series:
    """Give the digest of the rules that decided what lies beneath each decision.

    They are those that marks and outcomes of modules rest on, and besides: for condonement its own; for prior learning
    that counts, what averages leave out; for a class the average and the classes of the student's award; for progress
    condonement, reassessment, the recommendations and the credit of the award and of entry to the next stage. Of
    programmes' own regulations, the student's.

    Args:
        board: the assessed board.
        rows: ``s`` and ``decision``.
    """
    people = board.ground.students.select("s", pl.col("award", "programme").cast(pl.String))
    known = rows.select("s", "decision").join(people, on="s", how="left", maintain_order="left")
    each = ["decision", "award", "programme"]
    met = known.select(each).unique(maintain_order=True)
    pack = board.pack.rules
    digests = [identity_of(_rules(pack, *row)) for row in met.iter_rows()]
    given = met.with_columns(rules=pl.Series(digests, dtype=pl.String))
    return known.join(given, on=each, how="left", nulls_equal=True, maintain_order="left")["rules"]


def _rules(pack: Regulations, kind: str, award: str | None, programme: str | None) -> list[Any]:
    own = [(one.modules, one.changes) for one in pack.programmes if one.programme == programme]
    found: list[Any] = [
        pack.rounding.component,
        pack.rounding.module,
        pack.studies,
        pack.scaling,
        pack.penalties,
        pack.absence,
        pack.withdrawal,
        pack.arrangements,
        own,
    ]
    awards = dict(pack.awards.each())
    aimed = awards.get(award or "")
    if kind == CONDONE:
        found.append(pack.condonement)
    elif kind == COUNT:
        found.append(pack.averages)
    elif kind == CLASSIFICATION and aimed is not None:
        classes = [aimed.average, aimed.classes, aimed.otherwise, aimed.borderline]
        found += [pack.averages, pack.rounding.award, classes]
    elif kind == PROGRESSION and pack.progression is not None:
        entry = pack.progression.entry
        credits_ = [aimed.credits if aimed is not None else None, awards[entry.award].credits]
        found += [pack.condonement, pack.reassessment, pack.progression.steps, entry, credits_]
    return found


def facts_beneath(board: BoardResult, rows: pl.DataFrame) -> pl.Series:
    """Write what lies beneath each decision; what the decision itself has changed, as it was before.

    Beneath a decision about a module lie its mark, outcome and attempt; beneath a class the average, the class worked
    out and its basis; beneath progress the recommendation, the year, the stage and the year's modules, the credit it rests on and
    the modules not passed; beneath either what penalties for misconduct keep the student from, and until when.

    Args:
        board: the assessed board.
        rows: ``s``, ``module`` and ``decision``.

    Returns:
        A text for each row; null where the board has nothing beneath it.
    """
    on = ["s", "module", "decision"]
    about = {kind: rows.filter(pl.col("decision") == kind) for kind in rows["decision"].unique()}
    found = [
        *(_modules(board, kind, named) for kind, named in about.items() if kind not in OF_STUDENTS),
        *([_classes(board, about[CLASSIFICATION])] if CLASSIFICATION in about else []),
        *([_progress(board, about[PROGRESSION])] if PROGRESSION in about else []),
    ]
    nothing = pl.DataFrame(
        schema={"s": pl.UInt32, "module": pl.String, "decision": pl.String, "text": pl.String}
    )
    every = pl.concat([nothing, *found])
    return rows.select(on).join(every, on=on, how="left", nulls_equal=True, maintain_order="left")["text"]


def _modules(board: BoardResult, kind: str, about: pl.DataFrame) -> pl.DataFrame:
    """The marks, outcomes and attempts of modules, without what decisions of this kind change."""
    concluded, students = board.concluded, about.select("s").unique()
    results = concluded.results.join(students, on="s", how="semi", maintain_order="left")
    if kind == MODULE_MARK and concluded.overturned.height:
        overturned = concluded.overturned.join(students, on="s", how="semi", maintain_order="left")
        results = pl.concat([results.filter(pl.col("basis") != "decided"), overturned])
    outcome = pl.col("outcome").cast(pl.String)
    condoned = pl.col("condone_taken") & (outcome == "condoned")
    named = results.select("s", "e", pl.col("module").cast(pl.String), "mark", outcome, "attempt", "basis")
    taken = board.decisions.filter(pl.col("stands") & (pl.col("decision") == CONDONE) & pl.col("yes"))
    named = named.join(
        taken.select("s", "module", condone_taken=pl.lit(value=True)).unique(),
        on=["s", "module"],
        how="left",
        maintain_order="left",
    ).with_columns(pl.col("condone_taken").fill_null(value=False))
    named = named.with_columns(outcome=pl.when(condoned).then(pl.lit("fail")).otherwise("outcome"))
    if kind == EXTRA:
        named = _within_the_limit(board, named)
    return named.select("s", "module", decision=pl.lit(kind), text=_told("mark", "outcome", "attempt"))


def _within_the_limit(board: BoardResult, named: pl.DataFrame) -> pl.DataFrame:
    """Take, of those with several attempts, the last one that needs no decision to be used."""
    limit = board.ground.enrolments["limit"]
    listed = board.concluded.judged.attempts.join(named.select("e"), on="e", how="semi")
    allowed = (
        listed.with_columns(limit=limit.gather(listed["e"]))
        .filter(
            (pl.col("use") == "used")
            & (pl.col("first_sit") | (pl.col("counted") <= pl.col("limit")).fill_null(value=True))
        )
        .sort("e", "attempt")
        .unique("e", keep="last", maintain_order=True)
        .select("e", own_attempt="attempt", own_mark="mark", own_outcome=pl.col("outcome").cast(pl.String))
    )
    joined = named.join(allowed, on="e", how="left", maintain_order="left")
    own = pl.col("own_attempt").is_not_null()
    return joined.with_columns(
        pl.when(own).then(f"own_{name}").otherwise(name).alias(name)
        for name in ("mark", "outcome", "attempt")
    )


def _classes(board: BoardResult, about: pl.DataFrame) -> pl.DataFrame:
    students = about.select("s").unique()
    return (
        board.classified.join(students, on="s", how="semi", maintain_order="left")
        .join(_held(board, students, (CLASS, AWARD)), on="s", how="left", maintain_order="left")
        .select(
            "s",
            module=pl.lit(None, dtype=pl.String),
            decision=pl.lit(CLASSIFICATION),
            text=_with_holds(_told("average", "computed", "basis")),
        )
    )


def _held(board: BoardResult, students: pl.DataFrame, kinds: tuple[str, ...]) -> pl.DataFrame:
    """Write what penalties for misconduct keep students from, and until when: ``s``, ``penal``."""
    mine = board.offences.holds.filter(pl.col("kind").is_in(kinds)).join(
        students, on="s", how="semi", maintain_order="left"
    )
    return (
        mine.select("s", penal=_told("kind", "module", "until"))
        .group_by("s")
        .agg(pl.col("penal").unique().sort().str.join("\n"))
    )


def _with_holds(text: pl.Expr) -> pl.Expr:
    """Add what penalties keep the student from; with none, the text, and its digest, are what they were."""
    return pl.concat_str(text, "penal", separator="\n", ignore_nulls=True)


def _progress(board: BoardResult, about: pl.DataFrame) -> pl.DataFrame:
    """The recommendation and what it rests on; nothing that is only told beside it."""
    students = about.select("s").unique()
    standing = board.progressed.standing
    unsettled = standing.filter(
        pl.col("outcome").is_in(["fail", "qualifying-fail", "deferred", "incomplete"])
    )
    modules = (
        unsettled.join(students, on="s", how="semi", maintain_order="left")
        .select(
            "s",
            of_module=_told("module", "mark", "outcome", "counted", "limit", "open", "condonable", "status"),
        )
        .group_by("s", maintain_order=True)
        .agg(pl.col("of_module").sort().str.join("\n").alias("unsettled"))
    )
    # Those who pass everything rest on the same credit every year: what tells the years apart is a ground too.
    taken = (
        standing.filter("this_year")
        .join(students, on="s", how="semi", maintain_order="left")
        .group_by("s")
        .agg(pl.col("module").cast(pl.String).sort().str.join("\n").alias("taken"))
    )
    return (
        board.progressed.students.join(students, on="s", how="semi", maintain_order="left")
        .join(modules, on="s", how="left", maintain_order="left")
        .join(taken, on="s", how="left", maintain_order="left")
        .join(board.ground.students.select("s", "stage"), on="s", how="left", maintain_order="left")
        .join(
            _held(board, students, (CLASS, AWARD, ASSESSMENT, MODULE)),
            on="s",
            how="left",
            maintain_order="left",
        )
        .with_columns(
            year=pl.lit(begun(board.cohort.facts.values.get("academic_year")), dtype=pl.String),
            lacking=pl.when(pl.col("entry").is_in(["short", "refused"])).then("short"),
            again=pl.when("over_year").then("retaken"),
        )
        .select(
            "s",
            module=pl.lit(None, dtype=pl.String),
            decision=pl.lit(PROGRESSION),
            text=_with_holds(
                _told(
                    "recommended",
                    "credits_attempted",
                    "credits_passed",
                    "eligible",
                    "entry",
                    "lacking",
                    "again",
                    "beyond",
                    "disagree",
                    "unsettled",
                    "year",
                    "stage",
                    "taken",
                )
            ),
        )
    )


def _told(*names: str) -> pl.Expr:
    return pl.concat_str(*(pl.col(name).cast(pl.String).fill_null("") for name in names), separator="\n")
