"""The same board by hand in pandas, as one would write it for a single year: what the engine is compared with.

Late work, word limits, floors, the reassessment cap, the weighted module mark, the honours average, uplift
and borderline. It leaves out what makes real boards hard: first sits, deferrals, withdrawals, over 120
credits, direct entry, scaling. It uses floats, as such scripts do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from boardkit.cohort import Cohort

SIX_DAYS = pd.Timedelta(days=6)


def frames_by_hand(cohort: Cohort) -> dict[str, pd.DataFrame]:
    """Give the tables as a pandas user has them."""
    named = {name: cohort.pandas[name] for name in ("students", "modules", "components", "marks")}
    named["marks"] = named["marks"].assign(
        mark=named["marks"]["mark"] / 100, agreed_mark=named["marks"]["agreed_mark"] / 100
    )
    named["modules"] = named["modules"].assign(credits=named["modules"]["credits"] / 100)
    return named


def assess_by_hand(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Assess the board."""
    marks = tables["marks"].merge(
        tables["components"][["module", "component", "weight", "due_at", "word_limit"]],
        on=["module", "component"],
        suffixes=("", "_component"),
    )
    mark = marks["agreed_mark"].fillna(marks["mark"])
    mark = mark.mask(marks["state"].isin(["not-submitted", "absent"]), 0)
    due = marks["due_at"].fillna(marks["due_at_component"].where(marks["attempt"] == 1))
    late = marks["submitted_at"] > due
    over = marks["words"] * 10 >= marks["word_limit"] * 11
    mark = mark.mask(over & (mark > 40), 40)
    mark = mark.mask(late & (marks["attempt"] == 1) & (mark > 40), 40)
    mark = mark.mask(late & (marks["submitted_at"] > due + SIX_DAYS), 0)
    mark = mark.mask(late & (marks["attempt"] > 1), 0)
    marks = marks.assign(mark=mark, weighted=mark * marks["weight"], low=mark < 30)
    latest = marks.groupby(["student_id", "module"])["attempt"].transform("max")
    marks = marks[marks["attempt"] == latest]
    modules = marks.groupby(["student_id", "module"]).agg(
        weighted=("weighted", "sum"), weight=("weight", "sum"), low=("low", "any"), attempt=("attempt", "max")
    )
    overall = np.floor(modules["weighted"] / modules["weight"] * 10 + 0.5) / 10
    modules["mark"] = overall.where(modules["attempt"] == 1, overall.clip(upper=40))
    modules = modules.reset_index().merge(tables["modules"][["module", "scqf_level", "credits"]], on="module")
    modules["points"] = modules["mark"] * modules["credits"]
    modules["at_first"] = modules["credits"].where((modules["mark"] >= 70) & (modules["scqf_level"] == 10), 0)
    sums = modules.pivot_table(
        index="student_id", columns="scqf_level", values=["points", "credits"], aggfunc="sum"
    )
    nine = sums[("points", 9)] / sums[("credits", 9)]
    ten = sums[("points", 10)] / sums[("credits", 10)]
    average = np.floor((0.2 * nine.fillna(ten) + 0.8 * ten) * 10 + 0.5) / 10
    first = modules.groupby("student_id")["at_first"].sum()
    classes = pd.cut(
        average, [-1, 39.4, 49.4, 59.4, 69.4, 101], labels=["fail", "third", "lower", "upper", "first"]
    )
    up = (average >= 68) & (average < 69.5) & (first.reindex(average.index) >= 60)
    return pd.DataFrame({"average": average, "class": classes.astype(str).mask(up, "first")})
