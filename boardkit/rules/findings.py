"""Findings: what the regulations find wrong, and what they ask to be put before the board."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import CREDIT_UNITS, print_hundredths, print_number
from boardkit.problems import found, found_at
from boardkit.rules.marks import DEFERRED

if TYPE_CHECKING:
    from boardkit.board import BoardResult


def find(board: BoardResult) -> list[pl.DataFrame]:
    """Collect every finding of the stages, unlocated."""
    return [
        *_session(board),
        *_levels(board),
        *_marks(board),
        *_attempts(board),
        *_modules(board),
        *_scaling(board),
        *_awards(board),
        *_decisions(board),
    ]


def _label(frame: pl.DataFrame, board: BoardResult) -> pl.DataFrame:
    """Say which student's which work a row is about, and where the row came from."""
    ground = board.ground
    if frame.is_empty():
        return frame.with_columns(_label=pl.lit(""))
    names = [ground.modules["module"].gather(frame["m"].cast(pl.UInt32)).alias("_m")]
    if "k" in frame.columns:
        names.append(ground.components["component"].gather(frame["k"]).alias("_c"))
    student = ground.students["student_id"].gather(frame["s"])
    words = pl.concat_str([pl.col(name.name) for name in names], separator=" ")
    return frame.with_columns(*names, student.alias("_s")).with_columns(
        _label=pl.concat_str(words, pl.lit(", "), pl.col("_s"), pl.lit(": "))
    )


def _say(text: str) -> pl.Expr:
    return pl.concat_str(pl.col("_label"), pl.lit(text))


def _session(board: BoardResult) -> list[pl.DataFrame]:
    day, session = board.cohort.facts.board_date, board.pack.rules.pack.session
    if day is None or session.first <= day <= session.last:
        return []
    text = f"the board meets on {day} and {board.pack.rules.pack.id} is in force from {session.first} to {session.last}."
    source = next(at for at, source in enumerate(board.cohort.sources) if source.table == "board")
    return [found_at("out-of-session", source, None, text)]


def _levels(board: BoardResult) -> list[pl.DataFrame]:
    open_ = board.ground.modules.filter(pl.col("pass_mark").is_null() & pl.col("scqf_level").is_not_null())
    text = pl.concat_str(
        pl.col("module"),
        pl.lit(": no rule for SCQF "),
        pl.col("scqf_level"),
        pl.lit(". Correct the level, or state the study."),
    )
    return [found("level-uncovered", open_, column="scqf_level", value=pl.col("scqf_level"), message=text)]


_WHY = {
    "state-contradiction": (
        "mark",
        "a mark other than 0 stands beside the state; the module is incomplete (M3).",
    ),
    "mark-missing": (
        "mark",
        "no mark and no reason; the module is incomplete (M3). Enter the mark, or the state.",
    ),
    "markers-differ": (
        "agreed_mark",
        "the markers differ and there is no agreed mark; the module is incomplete (5.3).",
    ),
    "not-a-grade": ("grade", "the grade is none of the regulations'; the module is incomplete (7.7)."),
}


def _marks(board: BoardResult) -> list[pl.DataFrame]:
    """What is wrong with single marks; not where prior learning or a withdrawal asks for none."""
    rows = board.penalised
    idle = board.ground.enrolments.filter(
        pl.col("prior_learning") | pl.col("withdrawn") | pl.col("withdrawn_late")
    ).select("e")
    parts = []
    for why, (column, text) in _WHY.items():
        wrong = rows.filter((pl.col("why") == why) & (pl.col("status") != DEFERRED))
        if why == "mark-missing":
            wrong = wrong.join(idle, on="e", how="anti")
        value = pl.col("grade") if column == "grade" else print_hundredths(pl.col("mark"), places=2)
        parts.append(found(why, _label(wrong, board), column=column, value=value, message=_say(text)))
    aside = rows.filter((pl.col("status") == DEFERRED) & pl.coalesce("agreed_mark", "mark").is_not_null())
    parts.append(
        found(
            "mark-set-aside",
            _label(aside, board),
            column="mark",
            value=print_hundredths(pl.coalesce("agreed_mark", "mark"), places=2),
            message=_say("the work is deferred; the mark beside it was set aside (M3)."),
        )
    )
    both = rows.filter(pl.col("grade_only") & (pl.col("why") == "grade") & pl.col("mark").is_not_null())
    parts.append(
        found(
            "mark-beside-grade",
            _label(both, board),
            column="mark",
            value=print_hundredths(pl.col("mark"), places=2),
            message=_say("the module has grades only; the grade was used and the mark was not (7.7)."),
        )
    )
    return parts


def _attempts(board: BoardResult) -> list[pl.DataFrame]:
    """Attempts that may not be used, and reassessments with no deadline or with a failed component left out."""
    judged = board.concluded.judged
    rows = board.penalised
    parts = []
    texts = {
        "attempt-beyond-limit": "the attempt is beyond the number allowed; it was not used (R4).",
        "mark-after-pass": "the module was passed before this attempt; it was not used (R5).",
    }
    for use, text in texts.items():
        wrong = rows.join(
            judged.attempts.filter(pl.col("use") == use),
            on=["e", "attempt"],
            how="semi",
            maintain_order="left",
        )
        parts.append(
            found(use, _label(wrong, board), column="attempt", value=pl.col("attempt"), message=_say(text))
        )
    again = judged.attempts.filter(~pl.col("first_sit") & (pl.col("use") == "used"))
    open_ = rows.filter(
        pl.col("submitted_at").is_not_null() & pl.col("deadline").is_null() & (pl.col("attempt") > 1)
    )
    parts.append(
        found(
            "no-deadline",
            _label(open_, board),
            column="submitted_at",
            value=pl.col("submitted_at"),
            message=_say("no deadline for this attempt; lateness was not tested (P3)."),
        )
    )
    enrolled = board.ground.enrolments.select("e", "s", "m", _src="src", _row="row")
    first = (
        rows.join(again, on=["e", "attempt"], how="semi")
        .group_by("e", "attempt")
        .agg(pl.col("_src", "_row").sort_by("_row").first())
    )
    out = (
        judged.left_out.join(enrolled.drop("_src", "_row"), on="e")
        .join(first, on=["e", "attempt"], how="inner")
        .sort("e", "k")
    )
    parts.append(
        found(
            "floor-not-reassessed",
            _label(out, board),
            column="component",
            message=_say("under its floor, and no mark at the reassessment (R1)."),
        )
    )
    return parts


def _modules(board: BoardResult) -> list[pl.DataFrame]:
    """Components with no row, modules with no marks, results with no outcome, students on the other study."""
    results = board.concluded.results
    enrolments = board.ground.enrolments
    idle = enrolments.filter(pl.col("prior_learning") | pl.col("withdrawn"))
    missing = (
        board.concluded.judged.missing.join(idle, on="e", how="anti")
        .join(enrolments.select("e", "s", "m", _src="src", _row="row"), on="e")
        .join(board.ground.components.select("k", "component"), on="k")
        .sort("e", "k")
        .group_by("e", "attempt", maintain_order=True)
        .agg(pl.col("s", "m", "_src", "_row").first(), pl.col("component").str.join(", "))
    )
    none = results.filter(pl.col("basis") == "nothing").select("s", "m", _src="src", _row="row")
    unstated = board.cohort.typed["results"].filter(
        pl.col("outcome").is_null() & ~pl.col("_bad") & ~pl.col("prior_learning").fill_null(value=False)
    )
    sentence = pl.concat_str(
        pl.col("_label"),
        pl.lit("no mark for "),
        pl.col("component"),
        pl.lit(" and no reason; the module is incomplete (M3)."),
    )
    return [
        found("mark-missing", _label(missing, board), column="module", message=sentence),
        found(
            "mark-missing",
            _label(none, board),
            column="module",
            message=_say("no mark that can be used, and no reason; the module is incomplete (M3)."),
        ),
        found(
            "outcome-not-stated",
            unstated,
            column="outcome",
            message=pl.concat_str(
                pl.col("module"),
                pl.lit(", "),
                pl.col("student_id"),
                pl.lit(": no outcome; it was taken from the mark and the pass mark."),
            ),
        ),
        *_other_study(board),
        *_superseded(board),
    ]


def _other_study(board: BoardResult) -> list[pl.DataFrame]:
    both = (
        board.ground.enrolments.join(board.ground.students.select("s", aimed="study"), on="s")
        .filter(pl.col("aimed") != pl.col("study"))
        .rename({"src": "_src", "row": "_row"})
    )
    text = pl.concat_str(
        pl.col("_label"),
        pl.lit("a student of an "),
        pl.col("aimed"),
        pl.lit(" programme on a module that is not (P4)."),
    )
    text = text.str.replace("an postgraduate", "a postgraduate", literal=True)
    return [found("other-study", _label(both.sort("e"), board), column="module", message=text)]


def _superseded(board: BoardResult) -> list[pl.DataFrame]:
    """Marks at an attempt that an earlier board has confirmed."""
    confirmed = board.concluded.results.filter(pl.col("e").is_not_null()).select("e")
    earlier = board.cohort.typed["results"]
    if earlier.is_empty():
        return []
    known = (
        earlier.join(board.ground.students.select("student_id", "s"), on="student_id")
        .join(board.ground.modules.select("module", "m"), on="module")
        .with_columns(board.ground.key())
        .join(confirmed, on="e", how="semi")
        .group_by("e")
        .agg(confirmed_at=pl.col("attempt").max())
    )
    rows = board.penalised.join(known, on="e").filter(pl.col("attempt") <= pl.col("confirmed_at"))
    first = rows.sort("e", "_src", "_row").unique("e", keep="first", maintain_order=True)
    return [
        found(
            "already-confirmed",
            _label(first.drop("k"), board),
            column="attempt",
            value=pl.col("attempt"),
            message=_say("an earlier board has confirmed this attempt; its result stands."),
        )
    ]


def _scaling(board: BoardResult) -> list[pl.DataFrame]:
    used = board.cohort.typed["scaling"]
    needs = board.pack.rules.scaling.needs_endorsement
    endorsed = pl.col("endorsed").fill_null(value=False)
    words = pl.concat_str(pl.col("module"), pl.lit(" "), pl.col("component"), pl.lit(": marks were scaled"))
    parts = []
    if needs:
        parts.append(
            found(
                "scaling-not-endorsed",
                used.filter(~endorsed),
                column="endorsed",
                message=pl.concat_str(words, pl.lit(" and the board has not endorsed it (5.4).")),
            )
        )
    shown = used.filter(endorsed) if needs else used
    parts.append(
        found(
            "scaling-used",
            shown,
            column="basis",
            message=pl.concat_str(words, pl.lit("; the basis is in the scaling table (5.4).")),
        )
    )
    return parts


def _awards(board: BoardResult) -> list[pl.DataFrame]:
    made = board.classified.join(
        board.ground.students.select("s", "student_id", "_src", "_row"), on="s", maintain_order="left"
    )
    name = pl.col("student_id")
    classed = made.filter(pl.col("average").is_not_null())
    over = classed.filter(pl.col("over_capacity").fill_null(value=False))
    credit = print_number(pl.col("credits_1"), units=CREDIT_UNITS)
    return [
        found(
            "level-four-entry",
            classed.filter(pl.col("alone").fill_null(value=False)),
            column="entry_stage",
            message=pl.concat_str(name, pl.lit(": the classification rests on level 10 alone (8.5-8.7).")),
        ),
        found(
            "level-nine-in-year-four",
            classed.filter(pl.col("elsewhere").fill_null(value=False)),
            column="entry_stage",
            message=pl.concat_str(
                name, pl.lit(": level 9 modules of a direct entrant to level four do not count (8.5).")
            ),
        ),
        found(
            "core-over-capacity",
            over,
            column="student_id",
            message=pl.concat_str(
                name,
                pl.lit(": core modules alone are "),
                credit,
                pl.lit(" credits at level 10, over the limit; all of them count (8.2)."),
            ),
        ),
    ]


APPLIED = ("extra-attempt", "count-prior-learning")


def _decisions(board: BoardResult) -> list[pl.DataFrame]:
    idle = board.cohort.typed["decisions"].filter(~pl.col("decision").is_in(APPLIED))
    text = pl.concat_str(
        pl.col("student_id"),
        pl.lit(": the decision "),
        pl.col("decision"),
        pl.lit(" is recorded and has no effect in this version."),
    )
    return [found("decision-not-applied", idle, column="decision", value=pl.col("decision"), message=text)]
