"""What moderation showed: how far second marks are from first ones, by assessment and by marker; whether to review (5.7.5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit import tables
from boardkit.errors import CallError
from boardkit.exact import hundredths, nearest
from boardkit.frames import hand_back
from boardkit.moderation.agreement import differences, icc, weighted_kappa
from boardkit.moderation.fitted import grades_of, moderation_of
from boardkit.moderation.scripts import GROUP, marked_work
from boardkit.moderation.severity import severity
from boardkit.report.names import plural
from boardkit.rules.markers import bands

if TYPE_CHECKING:
    from collections.abc import Sequence

    from boardkit.cohort import Cohort
    from boardkit.moderation.agreement import Differences
    from boardkit.moderation.form_read import Filled
    from boardkit.regulations import Pack
    from boardkit.regulations.moderation import Moderation

PLACES = 2
_KEY = (*GROUP, "student_id")
_ALL = ""
"""In place of a marker: all of an assessment's."""

_SCHEMA = {
    **dict.fromkeys(("module", "component"), pl.String),
    "attempt": pl.Int64,
    "marker": pl.String,
    "pairs": pl.Int64,
    **dict.fromkeys(
        ("mean_difference", "low", "high", "spread", "lower_limit", "upper_limit", "kappa", "icc"), pl.Float64
    ),
    "review": pl.String,
    "why": pl.String,
}


@dataclass(frozen=True, repr=False)
class Showed:
    """What moderation showed of a cohort.

    Args:
        cohort: the board.
        pairs: the work with two marks: ``mark`` and ``second_mark`` in hundredths, ``marker``.
        tables: ``agreement`` and ``severity``, as they are written.
    """

    cohort: Cohort
    pairs: pl.DataFrame
    tables: dict[str, pl.DataFrame]

    @property
    def agreement(self) -> Any:
        """How far second marks are from first ones: an assessment a row, then each of its markers."""
        return hand_back(self.tables["agreement"], self.cohort.flavour)

    @property
    def severity(self) -> Any:
        """How each marker's marks lie to the others'."""
        return hand_back(self.tables["severity"], self.cohort.flavour)

    def figures(self) -> Any:
        """Draw the differences of every assessment (Bland and Altman): with matplotlib.

        Raises:
            CallError: matplotlib is not installed.
        """
        from boardkit.moderation.plot import draw_differences  # noqa: PLC0415 - drawn when it is asked for

        return draw_differences(self)

    def lines(self) -> list[str]:
        """Say it in a line an assessment."""
        whole = self.tables["agreement"].filter(pl.col("marker").is_null())
        return [_line(row) for row in whole.to_dicts()] or ["no work has a second mark"]

    def __repr__(self) -> str:
        return "\n".join(self.lines())


def showed(
    cohort: Cohort, pack: Pack, filled: Sequence[Filled] = (), *, random_allocation: bool = False
) -> Showed:
    """Tell what second marks show of first ones.

    Args:
        cohort: the board; its marks table may have second marks of its own.
        pack: the regulations.
        filled: forms that were read back; their second marks stand over those of the board.
        random_allocation: whether it is known that work was allocated to markers at random.

    Returns:
        Mean differences with intervals, limits of agreement, weighted kappa (linear) of grade bands and ICC(2,1), for each
        assessment and each marker; whether the marks of the whole cohort are to be looked at again; and the severity of
        markers.

    Raises:
        CallError: the pack has no rule of moderation; or two forms have different second marks of one script.

    Examples:
        >>> import boardkit as bk
        >>> from boardkit.regulations import load
        >>> found = showed(bk.read("data/samples/psychology-2022"), load("qmu-2022"))
        >>> found.tables["agreement"].select("module", "component").unique().rows()
        [('PS4090', 'Dissertation')]
    """
    work = _first_marks(marked_work(cohort, pack))
    pairs = _pairs(work, filled, pack)
    told = {
        "agreement": agreement_of(pairs, pack),
        "severity": severity(work, random_allocation=random_allocation),
    }
    return Showed(cohort, pairs, told)


def shown_on_board(cohort: Cohort, pack: Pack) -> pl.DataFrame:
    """Give the agreement of the board's own second marks with the first ones, an assessment or one of its markers a row."""
    return agreement_of(_pairs(_first_marks(marked_work(cohort, pack)), (), pack), pack)


def agreement_of(pairs: pl.DataFrame, pack: Pack) -> pl.DataFrame:
    """Tell how far second marks are from first ones, by assessment and by marker."""
    rules = moderation_of(pack)
    rows: list[dict[str, Any]] = []
    for _, group in pairs.group_by(GROUP, maintain_order=True):
        rows.append(_row(group, _ALL, rules, pack))
        named = group.filter(pl.col("marker") != "")
        if named["marker"].n_unique() > 1 or named.height < group.height:
            rows += [
                _row(own, str(who), rules, pack)
                for (who,), own in named.sort("marker").group_by(["marker"], maintain_order=True)
            ]
    agreement = pl.DataFrame(rows, schema=_SCHEMA).with_columns(
        pl.col(pl.Float64).round(PLACES), pl.col("marker").replace("", None)
    )
    return agreement.select(tables.MODERATION["agreement"])


def _first_marks(work: pl.DataFrame) -> pl.DataFrame:
    """Leave out the work of which an agreed mark alone stands: it shows nothing of its marker; grades stand for theirs."""
    return work.filter(pl.col("graded") | pl.col("first_mark").is_not_null())


def _pairs(work: pl.DataFrame, filled: Sequence[Filled], pack: Pack) -> pl.DataFrame:
    """Give the work with two marks and their bands; a form's second mark stands over the board's; grades are no marks."""
    own = work.filter(~pl.col("graded")).select(
        "module",
        "component",
        pl.col("attempt").cast(pl.Int64),
        "student_id",
        "mark",
        "marker",
        "study",
        "second_mark",
    )
    if filled:
        own = own.join(_of_forms(filled), on=_KEY, how="left", maintain_order="left").with_columns(
            second_mark=pl.coalesce("_new", "second_mark")
        )
    pairs = own.filter(pl.col("second_mark").is_not_null())
    first, second = (bands(pl.col(name), pl.col("study"), pack.rules)[0] for name in ("mark", "second_mark"))
    return pairs.with_columns(band=first, second_band=second).sort(_KEY)


def _of_forms(filled: Sequence[Filled]) -> pl.DataFrame:
    """Give the second marks of forms.

    Raises:
        CallError: two forms have different ones of one script, and neither stands over the other.
    """
    new = pl.concat([form.rows.select(*_KEY, _new="second_mark") for form in filled])
    new = new.filter(pl.col("_new").is_not_null()).unique().sort(_KEY)
    apart = new.filter(new.select(_KEY).is_duplicated()).unique(_KEY, maintain_order=True)
    if apart.height:
        module, component, attempt, _ = apart.select(_KEY).row(0)
        has = "has" if apart.height == 1 else "have"
        raise CallError(
            f"{plural(apart.height, 'script')} {has} different second marks on two of the forms, the first of {module} "
            f"{component}, attempt {attempt}. Show these forms one at a time."
        )
    return new


def _row(group: pl.DataFrame, marker: str, rules: Moderation, pack: Pack) -> dict[str, Any]:
    """Work out one row: an assessment's, or that of one of its markers."""
    marks = group.select(nearest(pl.col("mark")), nearest(pl.col("second_mark")))
    found = differences(marks["mark"].to_numpy(), marks["second_mark"].to_numpy())
    limits = found.limits or (None, None)
    both = icc(marks.to_numpy())
    banded = group.filter(pl.col("band").is_not_null() & pl.col("second_band").is_not_null())
    most = len(grades_of(pack))
    kappa = (
        weighted_kappa(banded["band"].to_list(), banded["second_band"].to_list(), most)
        if banded.height
        else None
    )
    apart = int((group["second_mark"].cast(pl.Int64) - group["mark"].cast(pl.Int64)).sum())
    large = abs(apart) >= hundredths(rules.review.mean) * group.height
    review, why = _review(found, rules, large=large)
    return {
        **{name: group[name][0] for name in GROUP},
        "marker": marker,
        "pairs": found.n,
        "mean_difference": found.mean,
        "low": found.low,
        "high": found.high,
        "spread": found.spread,
        "lower_limit": limits[0],
        "upper_limit": limits[1],
        "kappa": kappa,
        "icc": None if both is None else both.agreement,
        "review": review,
        "why": why,
    }


def _review(found: Differences, rules: Moderation, *, large: bool) -> tuple[str, str]:
    """Say whether the marks of the whole cohort are to be looked at again: a difference that is large, and not by chance.

    Whether it is large is told of whole hundredths: the mean as a float may fall short of what it is. Differences that are
    all the same have no interval, and nothing that speaks for chance.
    """
    if found.n == 1:
        return "N", "one pair shows no spread"
    least = f"{rules.review.mean} points ({rules.review.source})"
    if found.low is None or found.high is None:
        alike = "all differ by the same, of which no interval can be told"
        if large:
            return "Y", f"at least {least}; {alike} ({rules.whole_cohort.source})"
        return "N", f"less than {least}; {alike}"
    sure = found.low > 0 or found.high < 0
    if large and sure:
        return "Y", f"at least {least}, and the interval does not hold 0 ({rules.whole_cohort.source})"
    if large:
        return "N", f"at least {least}, but the interval holds 0: look at more"
    return "N", f"less than {least}"


def _line(row: dict[str, Any]) -> str:
    what = f"{row['module']} {row['component']}, attempt {row['attempt']}"
    told = f"{what}: {row['pairs']} pairs, second marks {row['mean_difference']:+.1f}"
    if row["low"] is not None:
        told += f" ({row['low']:+.1f} to {row['high']:+.1f}), limits {row['lower_limit']:+.1f} to {row['upper_limit']:+.1f}"
    if row["kappa"] is not None:
        told += f", kappa {row['kappa']:.2f}"
    why = row["why"]
    said = f"Look at the whole cohort: {why}" if row["review"] == "Y" else f"{why[0].upper()}{why[1:]}"
    return f"{told}. {said}"
