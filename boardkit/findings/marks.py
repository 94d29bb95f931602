"""Findings about single marks and attempts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import print_hundredths
from boardkit.findings.grades import for_grades
from boardkit.findings.label import labelled, say
from boardkit.problems import found
from boardkit.regulations.part import UNRULED, citation_of
from boardkit.rules.marks import DEFERRED

if TYPE_CHECKING:
    from boardkit.board import BoardResult

_MARK = print_hundredths(pl.coalesce("agreed_mark", "mark"), places=2)


def find_marks(board: BoardResult) -> list[pl.DataFrame]:
    """Find marks that cannot be used, or were not.

    A blank is no finding where prior learning or a withdrawal asks for no mark.
    """
    pack, ground, rows = board.pack.rules, board.ground, board.penalised.details
    blank = pack.practice.blank.citation
    grades = citation_of(pack.studies.first.conversion)
    asked = ground.enrolments.filter(
        pl.col("prior_learning") | pl.col("withdrawn") | pl.col("withdrawn_late")
    )
    sentences = {
        "state-contradiction": f"a mark or grade stands beside the state; the module is incomplete ({blank}).",
        "mark-missing": f"no mark and no reason; the module is incomplete ({blank}). Enter the mark, or the state.",
        "markers-differ": f"the markers differ and there is no agreed mark; the module is incomplete ({pack.practice.agreed_mark.citation}).",
        "not-a-grade": f"the grade is none of the regulations'; the module is incomplete ({grades}).",
    }
    columns = {"markers-differ": "agreed_mark", "not-a-grade": "grade"}
    parts = []
    for why, sentence in sentences.items():
        wrong = rows.filter((pl.col("why") == why) & (pl.col("status") != DEFERRED))
        if why == "mark-missing":
            wrong = wrong.join(asked, on="e", how="anti", maintain_order="left")
            instead = pl.col("grade_only") & pl.coalesce("agreed_mark", "mark").is_not_null()
            parts.append(for_grades(board, wrong.filter(instead), grades))
            wrong = wrong.filter(~instead)
        column = columns.get(why, "mark")
        value = pl.col("grade") if column == "grade" else _MARK
        parts.append(found(why, labelled(wrong, ground), column=column, value=value, message=say(sentence)))
    aside = rows.filter((pl.col("status") == DEFERRED) & pl.coalesce("agreed_mark", "mark").is_not_null())
    unused = rows.filter((pl.col("why") == "grade") & pl.col("mark").is_not_null())
    return [
        *parts,
        found(
            "mark-set-aside",
            labelled(aside, ground),
            column="mark",
            value=_MARK,
            message=say(f"the work is deferred; the mark beside it was set aside ({blank})."),
        ),
        found(
            "mark-beside-grade",
            labelled(unused, ground),
            column="mark",
            value=_MARK,
            message=say(f"the module has grades only; the grade was used and the mark was not ({grades})."),
        ),
    ]


def find_attempts(board: BoardResult) -> list[pl.DataFrame]:
    """Find attempts that may not be used, reassessments with no deadline, and failed components left out."""
    pack, ground, rows = board.pack.rules, board.ground, board.penalised.details
    judged = board.concluded.judged
    attempts = citation_of(pack.studies.first.attempts)
    sentences = {
        "attempt-beyond-limit": f"the attempt is beyond the number allowed; it was not used ({attempts}).",
        "mark-after-pass": f"the module was passed before this attempt; it was not used ({pack.practice.pass_stands.citation}).",
    }
    parts = []
    for use, sentence in sentences.items():
        theirs = judged.attempts.filter(pl.col("use") == use)
        wrong = rows.join(theirs, on=["e", "attempt"], how="semi", maintain_order="left")
        parts.append(
            found(
                use, labelled(wrong, ground), column="attempt", value=pl.col("attempt"), message=say(sentence)
            )
        )
    late = next((step.citation for step in pack.penalties.late), UNRULED)
    later = pl.col("submitted_at").is_not_null() & pl.col("deadline").is_null() & (pl.col("attempt") > 1)
    timeless = rows.filter(later)
    first = rows.group_by("e", "attempt").agg(pl.col("s", "m", "_src").first(), pl.col("_row").min())
    out = judged.left_out.join(first, on=["e", "attempt"]).sort("e", "k")
    components = citation_of(pack.practice.reassessed_components)
    return [
        *parts,
        found(
            "no-deadline",
            labelled(timeless, ground),
            column="submitted_at",
            value=pl.col("submitted_at"),
            message=say(f"no deadline for this attempt; lateness was not tested ({late})."),
        ),
        found(
            "floor-not-reassessed",
            labelled(out, ground),
            column="component",
            message=say(f"under its floor, and no mark at the reassessment ({components})."),
        ),
    ]
