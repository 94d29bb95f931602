"""Award: why a student's class is what it is, how the average was made, and what credit there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from boardkit.exact import CREDIT_UNITS, hundredths, say, say_number
from boardkit.reasons import levels_said, unclassified
from boardkit.report.names import CLASSES, OUTCOMES, article, said
from boardkit.report.page import exactly, glued
from boardkit.rules.buckets import WAITING

if TYPE_CHECKING:
    from boardkit.regulations.averages import Bucket
    from boardkit.regulations.awards import AwardRules
    from boardkit.regulations.classes import CriterionRule
    from boardkit.regulations.model import Regulations
    from boardkit.report.origins import Origins
    from boardkit.report.page import Page

Row = dict[str, Any]


class Award:
    """One student's award, told from what the stages left behind.

    Args:
        pack: the regulations.
        student: the student's row of the ground.
        made: the student's row of ``make_awards``.
        results: the student's module results, by level and module.
        origins: names the cells.
    """

    def __init__(
        self, pack: Regulations, student: Row, made: Row, results: list[Row], origins: Origins
    ) -> None:
        self.pack, self.student, self.made, self.origins = pack, student, made, origins
        self.results = results
        self.counting = [result for result in results if result["counts"]]
        self.rules: AwardRules | None = dict(pack.awards.each()).get(made["award"])

    def tell(self, page: Page) -> None:
        """Write the class, why it is so, the average, the credit and the modules level by level."""
        made = self.made
        if made["classification"] is None:
            page.line("  Not classified")
        else:
            average = f"    average {say(made['average'])}" if made["average"] is not None else ""
            short = "" if made["eligible"] else "    credit short"
            short += f"    {made['beside']}" if made["beside"] else ""
            page.line(f"  {said(CLASSES, made['classification'])}{self._decided()}{average}{short}")
        page.blank()
        page.entry("Why", self._why(page))
        if self.rules is None:
            return
        if made["average"] is not None:
            page.entry("Average", self._average(page, self.rules))
        page.entry("Credit", self._credit(page, self.rules))
        self._levels(page, self.rules)

    def _decided(self) -> str:
        """Say beside a class that the board has decided it, and what was worked out."""
        if self.made["decided"] is None:
            return ""
        computed = said(CLASSES, self.made["computed"]).lower() or "nothing"
        same = self.made["computed"] == self.made["classification"]
        return ", decided by the board" + ("" if same else f"; {computed} was worked out")

    def _why(self, page: Page) -> str:
        made, rules = self.made, self.rules
        if rules is None:
            return self._no_award()
        if rules.average is None:
            unknown = f" Nothing is known of {made['waits_for']}." if made["waits_for"] else ""
            return (
                f"No rule states how this award is classified {page.cite(rules.credits.citation)}.{unknown}"
            )
        if made["waits"]:
            waits = ", ".join(glued(_waiting(name)) for name in made["waits_for"].split(", "))
            return f"There is no average yet: {waits} {page.cite(rules.average.citation)}."
        if made["average"] is None:
            return f"There is no average: no module counts in it {page.cite(rules.average.citation)}."
        if made["basis"] == "uplift" or made["borderline"]:
            return self._near(page, rules)
        return self._plain(page, rules)

    def _no_award(self) -> str:
        """Say that no award is aimed at, or which cell hides it."""
        if self.made["award"] is not None:
            return unclassified(str(self.made["award"]))
        faults = self.origins.faults_in_cells(self.student["_src"], self.student["_row"])
        return f"Nothing is classified: {'; '.join(faults) or 'no award can be read for this student'}."

    def _plain(self, page: Page, rules: AwardRules) -> str:
        """Say between which boundaries the average lies."""
        average, reached = self.made["average"], self.made["reached"]
        parts, clauses = [], []
        if reached < len(rules.classes):
            parts.append(f"at or above {_at(rules, reached)}")
            clauses.append(rules.classes[reached].citation)
        elif rules.otherwise is not None:
            clauses.append(rules.otherwise.citation)
        if reached:
            parts.append(f"{say(self.made['below'])} below {_at(rules, reached - 1)}")
        if not parts:
            only = article(said(CLASSES, self.made["computed"]).lower()).lower()
            return f"{say(average)}: {only} is the only class of this award {page.cite(*clauses)}."
        return f"{say(average)} is {' and '.join(parts)} {page.cite(*clauses)}."

    def _near(self, page: Page, rules: AwardRules) -> str:
        """Say how far below a boundary the average is, and what follows from it (9.1-9.4, 10.1-10.5)."""
        made, borderline = self.made, rules.borderline
        if borderline is None:
            raise TypeError("an award without borderline rules has no borderline case")
        boundary = _at(rules, made["target"])
        start = f"{say(made['average'])} is {say(made['below'])} below {boundary}"
        if made["basis"] == "uplift":
            within = borderline.uplift
            return f"{start}: within {within.within}, so it goes up {page.cite(within.citation)}."
        criterion = borderline.criteria[made["criterion"]]
        reached = [
            result
            for result in self.counting
            if result["level"] in criterion.levels
            and result["mark"] is not None
            and result["mark"] >= hundredths(rules.classes[made["target"]].at)
        ]
        held = say_number(made["at_or_above"])
        items = ", ".join(glued(f"{result['module']} {say(result['mark'])}") for result in reached)
        there = f"there are {held}: {items}" if reached else "there are none"
        stays = article(said(CLASSES, made["computed"]).lower()).lower()
        goes = "goes up" if made["basis"] == "borderline" else f"stays {stays}"
        aim = said(CLASSES, rules.classes[made["target"]].name).lower()
        return (
            f"{start}: a borderline case {page.cite(borderline.zone.citation)}. "
            f"{article(aim)} needs {self._needed(criterion)} at {boundary} or above "
            f"{page.cite(criterion.citation)}; {there}. It {goes}."
        )

    def _needed(self, criterion: CriterionRule) -> str:
        level = f"SCQF {levels_said(criterion.levels)}"
        needed = say_number(self.made["needed"])
        if criterion.share is None:
            return f"{needed} credits at {level}"
        share = "half" if criterion.share * 2 == 1 else f"{criterion.share:%}"
        return f"{needed} credits, {share} of the {say_number(self.made['studied'])} at {level},"

    def _average(self, page: Page, rules: AwardRules) -> str:
        """Say each level's mean and weight, the exact average, and its rounding."""
        made, rounding = self.made, self.pack.rounding.average
        if rules.average is None:
            raise TypeError("an award without an average has none to tell")
        clauses = [rules.average.citation]
        whole = exactly(made["numerator"], made["denominator"], places=rounding.places)
        rounded = f"rounded {say(made['average'])}"
        buckets = rules.average.buckets
        if made["alone"] and rules.average.alone is not None:
            clauses.append(rules.average.alone.citation)
            entered = (self.student["entry_stage"] or 0) >= rules.average.alone.entry_stage
            others = levels_said([level for bucket in buckets[1:] for level in bucket.levels])
            entry = f"admitted at stage {self.student['entry_stage']}"
            why = entry if entered else f"no module at level {others} counts"
            text = (
                f"Level {levels_said(buckets[0].levels)} alone, {why}; the mean weighted by credit: {whole}"
            )
        elif len(buckets) == 1:
            text = f"Level {levels_said(buckets[0].levels)}, the mean weighted by credit: {whole}"
        else:
            means = [
                (bucket, exactly(made[f"sum_{at}"], made[f"credits_{at}"]))
                for at, bucket in enumerate(buckets, start=1)
            ]
            parts = [
                f"{bucket.weight}% of level {levels_said(bucket.levels)}, {mean}"
                for bucket, mean in sorted(means, key=lambda pair: pair[0].levels)
            ]
            text = f"{', and '.join(parts)}, each the mean weighted by credit: {whole}"
        return f"{text}, {rounded} {page.cite(*clauses, rounding.citation)}"

    def _credit(self, page: Page, rules: AwardRules) -> str:
        """Say what credit there is, and where it is short."""
        made, needed = self.made, rules.credits
        total = int(needed.total * CREDIT_UNITS)
        held = made["credits_held"]
        text = f"{say_number(held)} held"
        if made["prior_credits"]:
            text += f", {say_number(made['prior_credits'])} of them from elsewhere"
        text += f"; {say_number(total)} needed"
        short = [f"{say_number(total - held)} short"] if held < total else []
        for minimum in needed.minima:
            there = sum(
                result["credits_awarded"] or 0 for result in self.results if result["level"] in minimum.levels
            )
            if there < minimum.credits * CREDIT_UNITS:
                short.append(
                    f"{say_number(there)} at SCQF {levels_said(minimum.levels)}, where {minimum.credits} are needed"
                )
        if short:
            text += f": {'; '.join(short)}"
        return f"{text} {page.cite(needed.citation)}"

    def _levels(self, page: Page, rules: AwardRules) -> None:
        """List the modules level by level, and those that count in no average."""
        buckets = rules.average.buckets if rules.average else []
        used = buckets[:1] if self.made["alone"] else buckets
        moved = self._moved(buckets)
        rows: dict[int, list[str]] = {}
        for result in self.counting:
            level, stays = result["level"], (result["credits"] or 0) - moved.get(result["module"], 0)
            if stays and level and (not buckets or any(level in bucket.levels for bucket in used)):
                rows.setdefault(level, []).append(_item(result, stays))
        if moved and not self.made["alone"]:
            rows.setdefault(max(buckets[1].levels), []).extend(
                _item(result, moved[result["module"]])
                for result in self.counting
                if result["module"] in moved
            )
        for level in sorted(rows, reverse=True):
            page.items(f"Level {level}", rows[level])
        unread = [_item(result, result["credits"]) for result in self.results if _unread(result)]
        if unread:
            page.items("Not known", unread)
        if moved or self.made["over_capacity"]:
            page.entry("", self._overflow(page, buckets, sum(moved.values())))
        inside = {level for bucket in buckets for level in bucket.levels}
        idle = {level for bucket in buckets if bucket not in used for level in bucket.levels}
        left = [
            _item(result, result["credits"])
            for result in self.results
            if not _unread(result)
            and result["level"] in inside
            and (not result["counts"] or result["level"] in idle)
        ]
        if left:
            page.items("In no average", left)

    def _moved(self, buckets: list[Bucket]) -> dict[str, int]:
        """Find the credit that passes the first bucket's capacity, module by module (8.2, reading W4).

        The stages keep sums alone. What is found here is told only where it adds up to the same sums.
        """
        if len(buckets) == 1 or not buckets or buckets[0].capacity is None or self.made["average"] is None:
            return {}
        first = buckets[0]
        inside = [result for result in self.counting if result["level"] in first.levels and _counted(result)]
        whole = [result["status"] == first.whole for result in inside]
        order = sorted(
            zip(whole, inside, strict=True),
            key=lambda pair: (not pair[0], -pair[1]["mark"], -pair[1]["credits"], pair[1]["module"]),
        )
        room = self.made["credits_1"]
        moved = {}
        for _, result in order:
            stays = min(room, result["credits"])
            room -= stays
            if stays < result["credits"]:
                moved[result["module"]] = result["credits"] - stays
        stayed = sum(
            result["mark"] * (result["credits"] - moved.get(result["module"], 0)) for result in inside
        )
        return moved if stayed == self.made["sum_1"] else {}

    def _overflow(self, page: Page, buckets: list[Bucket], moved: int) -> str:
        first, there = buckets[0], say_number(self.made["credits_1"])
        level, most = levels_said(first.levels), say_number(hundredths(first.capacity or 0))
        if self.made["over_capacity"]:
            text = f"The {first.whole} modules alone are {there} credits at level {level}, where {most} may count; all of them do"
        else:
            text = (
                f"{there} credits count at level {level}, {first.whole} modules first, then the highest marks"
            )
        where = "are left out" if self.made["alone"] else f"count at level {levels_said(buckets[1].levels)}"
        rest = f"; {say_number(moved)} {where}" if moved else ""
        return f"{text}{rest} {page.cite(first.citation)}"


def _counted(result: Row) -> bool:
    return result["mark"] is not None and result["outcome"] not in WAITING


def _unread(result: Row) -> bool:
    """Tell whether a module's level or credit cannot be read."""
    return result["level"] is None or result["credits"] is None


def _waiting(name: str) -> str:
    """Say of a module that an average waits for what it waits for."""
    for lack in ("without a level", "without a mark"):
        if name.endswith(f" {lack}"):
            return f"{name.removesuffix(lack)}is {lack}"
    module, outcome = name.rsplit(" ", 1)
    return f"{module} is {said(OUTCOMES, outcome)}"


def _item(result: Row, credit: int | None) -> str:
    """Write a module, its mark and the credit that counts here."""
    mark = say(result["mark"]) if result["mark"] is not None else said(OUTCOMES, result["outcome"])
    if credit is None:
        return f"{result['module']} {mark} (credit not known)"
    if result["level"] is None:
        return f"{result['module']} {mark} ({say_number(credit)}, level not known)"
    share = "" if credit == result["credits"] else f" of {say_number(result['credits'])}"
    return f"{result['module']} {mark} ({say_number(credit)}{share})"


def _at(rules: AwardRules, number: int) -> str:
    return say_number(hundredths(rules.classes[number].at))
