"""Double marking: what must be marked twice, where two markers differ, and which mark goes on (5.2, 5.3, 5.6.1).

Nothing averages: where markers differ by more than the regulations let stand, the mark that goes on is the one that
they, or a third marker, have agreed, and until then there is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit import tables
from boardkit.exact import decimal, hundredths
from boardkit.moderation.fitted import moderation_of
from boardkit.moderation.scripts import marked_work
from boardkit.queries import work_out
from boardkit.rules.markers import across, unsettled

if TYPE_CHECKING:
    from boardkit.cohort import Cohort
    from boardkit.regulations import Pack
    from boardkit.regulations.moderation import Moderation

STATES = pl.Enum(tables.DOUBLE_STATES)

_KEY = ("module", "component", "attempt", "student_id")
_MARKS = ("mark", "second_mark", "third_mark", "agreed_mark", "difference", "goes_on")


def double_marking(
    cohort: Cohort, pack: Pack, module: str | None = None, component: str | None = None
) -> pl.DataFrame:
    """Make the table of double marking.

    Args:
        cohort: the checked tables.
        pack: the regulations.
        module: one module; else all.
        component: one component; else all.

    Returns:
        One row for every piece of work that must be double marked, or that has a second or third mark: the marks, how far
        two markers are apart, whether a grade boundary that the pack minds lies between them, and its ``state``:

        - ``missing``: it must be double marked, and there is no second mark (5.6.1);
        - ``same``, ``within``: the markers are as close as the regulations ask; the first mark goes on;
        - ``agreed``: one mark was agreed, and goes on (5.3);
        - ``to-agree``: the markers have to agree one;
        - ``third-marker``: it goes to a third marker, or has been to one, and no mark is agreed yet;
        - ``grade``: the module has grades alone, which two markers' marks are not held against.

        ``note`` tells what is odd about it: one person twice, an agreed mark that is outside both.

    Raises:
        CallError: there is no such module or component, or the pack has no rule of moderation.

    Examples:
        >>> import boardkit as bk
        >>> from boardkit.regulations import load
        >>> board = bk.read("data/samples/psychology-2022")
        >>> sorted(double_marking(board, load("qmu-2022"))["state"].unique().cast(pl.String))
        ['agreed', 'missing']
    """
    rules = moderation_of(pack)
    work = marked_work(cohort, pack, module, component)
    others = pl.col("second_mark"), pl.col("third_mark")
    rows = work.filter((pl.col("double") != "") | pl.any_horizontal(mark.is_not_null() for mark in others))
    first, second, study = pl.col("mark"), pl.col("second_mark"), pl.col("study")
    made = (
        rows.lazy()
        .with_columns(mark=pl.when("graded").then("mark").otherwise("first_mark"))
        .with_columns(
            difference=(second - first).abs(),
            over=across(first, second, study, pack.rules) & second.is_not_null(),
            settle=pl.any_horizontal(unsettled(first, other, study, pack.rules) for other in others),
        )
        .with_columns(state=_state(rules))
        .with_columns(goes_on=_goes_on(), note=_note(rules))
        .with_columns(decimal(pl.col(*_MARKS), places=2))
        .with_columns(
            boundary=pl.when("over").then(pl.lit("Y")).otherwise(pl.lit("N")),
            marker=pl.col("marker").replace("", None),
        )
        .select(*tables.MODERATION["double"])
        .sort(_KEY)
    )
    return made.pipe(work_out)


def _state(rules: Moderation) -> pl.Expr:
    far = pl.lit(value=False)
    if rules.third.above is not None:
        far = pl.col("difference") > hundredths(rules.third.above)
    return (
        pl.when("graded")
        .then(pl.lit("grade"))
        .when(pl.col("agreed_mark").is_not_null())
        .then(pl.lit("agreed"))
        .when(pl.col("third_mark").is_not_null() & pl.col("settle"))
        .then(pl.lit("third-marker"))
        .when(pl.col("second_mark").is_null())
        .then(pl.lit("missing"))
        .when(pl.col("settle") & far)
        .then(pl.lit("third-marker"))
        .when("settle")
        .then(pl.lit("to-agree"))
        .when(pl.col("difference") > 0)
        .then(pl.lit("within"))
        .otherwise(pl.lit("same"))
        .cast(STATES)
    )


def _goes_on() -> pl.Expr:
    """The mark that goes on: the agreed one, else the first where nothing is to be settled; never a mean."""
    stands = pl.col("state").is_in(["same", "within"])
    return pl.when(pl.col("state") == "agreed").then("agreed_mark").when(stands).then("mark")


def _note(rules: Moderation) -> pl.Expr:
    """Tell what is odd, and what is to be done."""
    marks = ("mark", "second_mark", "third_mark")
    lowest, highest = pl.min_horizontal(marks), pl.max_horizontal(marks)
    several = pl.col("second_mark").is_not_null()
    outside = several & ((pl.col("agreed_mark") < lowest) | (pl.col("agreed_mark") > highest))
    alone = (pl.col("state") == "agreed") & ~several & (pl.col("double") != "")
    one = pl.col("second_marker").str.strip_chars().str.to_lowercase() == pl.col("marker").str.to_lowercase()
    told = {
        f"no second mark: it must be double marked ({rules.double_marked.source})": pl.col("state")
        == "missing",
        f"an agreed mark and no second mark: it must be double marked ({rules.double_marked.source})": alone,
        f"the markers have to agree one mark, or send it to a third ({rules.tolerance.source})": pl.col(
            "state"
        )
        == "to-agree",
        f"for a third marker, and then one agreed mark ({rules.third.source})": pl.col("state")
        == "third-marker",
        "one person marked it twice: that is no double marking": one & several,
        "the agreed mark is outside what the markers gave: check it": outside,
    }
    parts = [pl.when(where.fill_null(value=False)).then(pl.lit(sentence)) for sentence, where in told.items()]
    joined = pl.concat_str(parts, separator="; ", ignore_nulls=True)
    return pl.when(joined != "").then(joined)


def counted(rows: pl.DataFrame) -> list[str]:
    """Say how the work stands between its markers, by state."""
    words = {
        "missing": "with no second mark",
        "same": "the same",
        "within": "as close as they may be",
        "agreed": "agreed",
        "to-agree": "to be agreed",
        "third-marker": "for a third marker",
        "grade": "with grades alone",
    }
    held = dict(rows.group_by(pl.col("state").cast(pl.String)).len().iter_rows())
    return [f"{held[state]:,} {said}" for state, said in words.items() if held.get(state)]
