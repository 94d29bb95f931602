"""Findings about progress: what the board has to see of condonement, reassessment and entry to the next stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import CREDIT_UNITS, print_number
from boardkit.findings.label import of_module, of_student
from boardkit.problems import found
from boardkit.rules.condonement import HINDRANCE, HINDRANCES, would_be_condonable

if TYPE_CHECKING:
    from boardkit.board import BoardResult
    from boardkit.regulations.model import Regulations

_LISTED = {
    "size": ("condonement-size", "credits"),
    "floor-unknown": ("condonement-floor-unknown", "mark"),
    "stage-unknown": ("stage-not-stated", "stage"),
}
"""Hindrances that are the board's to look at, and the code of each."""


def find_progress(board: BoardResult) -> list[pl.DataFrame]:
    """Find what the board has to see before it decides about students' progress."""
    pack = board.pack.rules
    made = board.progressed.students.join(
        board.ground.students.select("s", "student_id", "award", "_src", "_row"),
        on="s",
        maintain_order="left",
    )
    return [
        *_condonement(board, pack),
        *_reassessment(made, pack),
        *_entry(made, pack),
        *_deciding_nothing(board),
    ]


def _condonement(board: BoardResult, pack: Regulations) -> list[pl.DataFrame]:
    """Fails that are near to being open to condonement, and decisions that condone what is not open."""
    rules = pack.condonement
    if rules is None or "students" not in board.cohort.given:
        return []
    listed = board.progressed.standing.filter(pl.col("hindrance").is_in(list(_LISTED)))
    standing = _placed(board, listed)
    source = rules.mark.source
    near = {
        "size": f"it may be condoned but for its credits; {rules.credits.value} are asked for ({source}).",
        "floor-unknown": f"the mark is enough to be condoned; its components are not in these tables ({source}).",
        "stage-unknown": f"it may be condoned at some stages, and the student's is not stated ({source}).",
    }
    parts = [
        found(code, standing.filter(pl.col("hindrance") == why), column=column, message=of_module(near[why]))
        for why, (code, column) in _LISTED.items()
    ]
    condoned = _placed(
        board, would_be_condonable(board.progressed.standing, board.cohort, board.ground, pack)
    )
    against = condoned.filter(pl.col("hindrance").is_not_null())
    why_not = (
        pl.col("hindrance").cast(HINDRANCE).cast(pl.String).replace_strict(HINDRANCES, return_dtype=pl.String)
    )
    text = of_module("condoned by a decision, though the rule does not open it: ", why_not, f" ({source}).")
    return [*parts, found("condoned-against-rule", against, column="module", message=text)]


def _placed(board: BoardResult, standing: pl.DataFrame) -> pl.DataFrame:
    """Add the student and the row that a module's result came from."""
    theirs = board.concluded.results.join(standing, on="s", how="semi", maintain_order="left")
    places = theirs.select("s", "module", _src="src", _row="row")
    students = board.ground.students.select("s", "student_id")
    return standing.join(places, on=["s", "module"], how="left", maintain_order="left").join(
        students, on="s", how="left", maintain_order="left"
    )


def _reassessment(made: pl.DataFrame, pack: Regulations) -> list[pl.DataFrame]:
    """More reassessment than the regulations let a year or a programme hold."""
    rules = pack.reassessment
    if rules is None:
        return []
    year = rules.credits_a_year
    credit = print_number(pl.col("retaken"), units=CREDIT_UNITS)
    over = of_student(
        credit,
        f" credits of reassessment in a year, where {year.value} may be allowed ({year.source}).",
    )
    parts = [found("reassessment-over-year", made.filter("over_year"), column="student_id", message=over)]
    if rules.shares:
        source = rules.shares[0].source
        staying = pl.col("decision").is_not_null() & (pl.col("decision") != "withdraw")
        beyond = f"more of the programme is to be taken again than it allows ({source})."
        apart = f"beyond what the programme allows by modules or by credits alone ({source})."
        parts += [
            found(
                "reassessment-beyond-shares",
                made.filter(pl.col("beyond") & staying),
                column="student_id",
                message=of_student(beyond),
            ),
            found(
                "reassessment-shares-disagree",
                made.filter(pl.col("disagree") & ~pl.col("beyond") & staying),
                column="student_id",
                message=of_student(apart),
            ),
            found(
                "reassessment-share-of-a-part",
                made.filter(pl.col("held").is_not_null()),
                column="student_id",
                message=of_student(
                    f"a share ({source}) was taken of ",
                    print_number(pl.col("held"), units=CREDIT_UNITS),
                    " credits in these tables, where the award needs ",
                    _needed(pack),
                    ".",
                ),
            ),
        ]
    return parts


def _needed(pack: Regulations) -> pl.Expr:
    """Say how much credit the award aimed at needs, and by which clause."""
    said = {name: f"{rules.credits.total} ({rules.credits.source})" for name, rules in pack.awards.each()}
    return pl.col("award").cast(pl.String).replace_strict(said, default=None, return_dtype=pl.String)


def _entry(made: pl.DataFrame, pack: Regulations) -> list[pl.DataFrame]:
    """Students who go on as an exception, and those for whom entry was not tested."""
    if pack.progression is None:
        return []
    entry = pack.progression.entry
    missing = print_number(pl.col("short"), units=CREDIT_UNITS)
    short = of_student(
        missing,
        f" credits are missing for the next stage; the board may make an exception ({entry.source}).",
    )
    untested = of_student(f"entry to the next stage was not tested ({entry.source}).")
    return [
        found("entry-short", made.filter(pl.col("entry") == "short"), column="prior_credits", message=short),
        found(
            "entry-not-tested",
            made.filter(pl.col("entry") == "unknown"),
            column="prior_credits",
            message=untested,
        ),
    ]


def _deciding_nothing(board: BoardResult) -> list[pl.DataFrame]:
    """Fails that may not be taken again and decide no recommendation: options, and what may be condoned (PR4)."""
    if board.pack.rules.progression is None or board.progressed.students.is_empty():
        return []
    lost = board.progressed.standing.filter(pl.col("lost") & (pl.col("status") == "option"))
    text = of_module("an option failed that may not be taken again; it decides no recommendation.")
    last = board.progressed.standing.filter(pl.col("condonable") & ~pl.col("open"))
    open_ = of_module("failed at the last attempt and open to condonement; it decides no recommendation.")
    return [
        found("option-lost", _placed(board, lost), column="module", message=text),
        found("condonement-last-attempt", _placed(board, last), column="module", message=open_),
    ]
