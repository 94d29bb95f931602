"""Invented students: who they are, what is out of the ordinary about each, and how able each is."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from boardkit.demo.catalogue import (
    LAST_YEAR,
    PART_TIME,
    TUITION_DEBT,
    Module,
    Programme,
    Story,
    points,
)
from boardkit.demo.randomness import PER_MILLE, share

if TYPE_CHECKING:
    from boardkit.demo.randomness import Draws, Mask, Whole

_GIVEN = (
    *("Ab", "Be", "Cor", "Da", "El", "Fen", "Gre", "Hol", "Il", "Jo", "Ka", "Lu"),
    *("Mi", "Nor", "Os", "Pe", "Ro", "Sa", "Ti", "Ur", "Va", "Wen", "Ya", "Zé"),
)
_GIVEN_ENDS = (
    *("bin", "dra", "fia", "gan", "lia", "lo", "meth", "mon", "nas", "nell"),
    *("rah", "ric", "sha", "ska", "tan", "tha", "vin", "wyn", "yan", "zette"),
)
_FAMILY = (
    *("Ald", "Bren", "Cal", "Dra", "Eck", "Fal", "Gar", "Hav", "Ing", "Jar", "Kel", "Lor"),
    *("Mar", "Nes", "Ost", "Pel", "Quen", "Rav", "Sel", "Tor", "Und", "Vel", "Wyn", "Ö"),
)
_FAMILY_MIDDLES = ("", "", "a", "ber", "den", "e", "i", "man", "o", "sin")
_FAMILY_ENDS = (
    *("by", "combe", "dale", "dóttir", "field", "gate", "ick", "ley", "low", "mont"),
    *("more", "nik", "over", "quist", "rell", "shaw", "ski", "thorne", "vane", "worth"),
)
_APOSTROPHE = 25
_DOUBLE_BARRELLED = 45
_STAFF = 15
_TENTH = 10  # hundredths: earlier boards recorded module marks to one place
_REASONS = {
    "extra-attempt": "Illness across three sittings; a fourth attempt, and the last.",
    "count-prior-learning": "The earlier study is at the level of the module and its mark is on record.",
    "progression": "Away for most of the year; agreed with the student and the tutor.",
}
_TITLES = ("Dr", "Dr", "Dr", "Prof.")
_HALF = 10_000  # a student number is two halves of four digits
_ROUNDS = 4
ROOM = _HALF**2
_ABOUT_AN_OPTION = frozenset({Story.WITHDREW_EARLY, Story.WITHDREW_LATE})
_ABOUT_BEFORE = frozenset(
    {Story.PRIOR_MODULE, Story.DEFERRED_BEFORE, Story.POOR_BEFORE, Story.FOURTH_ATTEMPT}
)


@dataclass(frozen=True)
class People:
    """The students of a board, one array entry each, in the order of the students table."""

    programme: Programme
    table: pl.DataFrame
    story: Whole
    about: Whole
    """The module a story is about, as a place in the programme's modules."""
    chosen: Whole
    """The two options of each student, as places in the programme's options."""
    ability: Whole
    """How far above or below the mean, in hundredths of a mark."""
    staff: pl.Series

    def take(self, module: Module) -> Whole:
        """List the students who take a module."""
        taking: Mask = ~np.isin(self.story, list(module.without))
        if module.option:
            taking &= (self.chosen == self.programme.options.index(module)).any(axis=1)
        return np.flatnonzero(taking)

    def living(self, story: Story, module: Module, who: Whole) -> Mask:
        """Say which of some students have a story, if it is about this module."""
        about = self.about[who] == self.programme.modules.index(module)
        living: Mask = (self.story[who] == story) & about
        return living


def invent_people(programme: Programme, students: int, draws: Draws) -> People:
    """Invent the students.

    Args:
        programme: what they study.
        students: how many.
        draws: the random streams.

    Returns:
        The students table and what the marks are made from.
    """
    story = _stories(programme, students, draws)
    spread = programme.spread
    ability = draws.bell("ability", students, spread.ability) - spread.ordinary * (story == Story.ORDINARY)
    chosen = _choices(programme, students, draws)
    staff = pl.concat_str(
        pl.lit(pl.Series([_TITLES[place % len(_TITLES)] for place in range(_STAFF)])),
        pl.lit(_names("staff", _STAFF, draws)),
        separator=" ",
    )
    named = pl.select(staff.alias("staff")).to_series()
    return People(
        programme=programme,
        table=_table(programme, story, named, draws),
        story=story,
        about=_about(programme, story, chosen, draws),
        chosen=chosen,
        ability=ability,
        staff=named,
    )


def numbers(first: int, count: int, draws: Draws) -> pl.Series:
    """Give student numbers: eight digits as text, no two alike, in no order.

    Two halves of four digits are added to each other through shuffled tables, a few rounds over: a
    one-to-one map of all eight-digit numbers.
    """
    places = np.arange(first, first + count, dtype=np.int64)
    left, right = places // _HALF, places % _HALF
    for turn in range(_ROUNDS):
        left, right = right, (left + draws.below(f"numbers {turn}", _HALF, _HALF)[right]) % _HALF
    return pl.Series("student_id", left * _HALF + right).cast(pl.String).str.zfill(8)


def _stories(programme: Programme, students: int, draws: Draws) -> Whole:
    order = draws.order("stories", students)
    story = np.zeros(students, dtype=np.int64)
    told = 0
    for kind, per_mille in programme.stories.items():
        count = share(students, per_mille)
        story[order[told : told + count]] = kind
        told += count
    return story


def _about(programme: Programme, story: Whole, chosen: Whole, draws: Draws) -> Whole:
    """Give each story a module: the student's first option, one sat again since, or one new this year."""
    drawn = draws.below("about", story.size, 2**20)
    place = {module.code: place for place, module in enumerate(programme.modules)}
    option, before, now = (
        np.array([place[module.code] for module in modules])
        for modules in (programme.options, programme.before, programme.now)
    )
    return np.where(
        np.isin(story, list(_ABOUT_AN_OPTION)),
        option[chosen[:, 0]],
        np.where(np.isin(story, list(_ABOUT_BEFORE)), before[drawn % before.size], now[drawn % now.size]),
    )


def _choices(programme: Programme, students: int, draws: Draws) -> Whole:
    options = programme.options
    pairs = list(combinations(range(len(options)), 2))
    upto = np.cumsum([options[a].popularity * options[b].popularity for a, b in pairs])
    drawn = draws.below("options", students, int(upto[-1]))
    return np.asarray(pairs, dtype=np.int64)[np.searchsorted(upto, drawn, side="right")]


def _names(name: str, count: int, draws: Draws) -> pl.Series:
    def pick(part: str, syllables: tuple[str, ...]) -> pl.Expr:
        drawn = draws.below(f"{name} {part}", count, len(syllables))
        return pl.lit(pl.Series(syllables).gather(pl.Series(drawn)))

    def family(part: str) -> pl.Expr:
        starts, middles, ends = (f"{part} {place}" for place in ("start", "middle", "end"))
        return pl.concat_str(pick(starts, _FAMILY), pick(middles, _FAMILY_MIDDLES), pick(ends, _FAMILY_ENDS))

    apostrophe = pl.lit(pl.Series(draws.chance(f"{name} apostrophe", count, _APOSTROPHE)))
    double = pl.lit(pl.Series(draws.chance(f"{name} double", count, _DOUBLE_BARRELLED)))
    return pl.select(
        pl.concat_str(
            pick("given", _GIVEN),
            pick("given end", _GIVEN_ENDS),
            pl.lit(" "),
            pl.when(apostrophe).then(pl.lit("O'")).otherwise(pl.lit("")),
            family("family"),
            pl.when(double).then(pl.concat_str(pl.lit("-"), family("second family"))).otherwise(pl.lit("")),
        ).alias("name")
    ).to_series()


def _table(programme: Programme, story: Whole, staff: pl.Series, draws: Draws) -> pl.DataFrame:
    students = story.size
    award = np.zeros(students, dtype=np.int64)
    awards = [programme.award]
    names = [name for name, _ in programme.names]
    upto = np.cumsum([per_mille for _, per_mille in programme.names])
    name = np.searchsorted(upto, draws.below("programme", students, PER_MILLE), side="right")
    for place, (kind, (aim, title)) in enumerate(programme.awards.items(), start=1):
        award[story == kind] = place
        name[story == kind] = len(names)
        awards.append(aim)
        names.append(title)
    prior = np.full(students, programme.prior_credits[Story.NONE], dtype=np.int64)
    for kind, total in programme.prior_credits.items():
        prior[story == kind] = total
    part_time = draws.quota("part-time", students, PART_TIME) & (story == Story.NONE)
    debt = draws.quota("tuition debt", students, TUITION_DEBT)
    table = pl.DataFrame(
        {
            "student_id": numbers(0, students, draws),
            "name": _names("student", students, draws),
            "programme": pl.Series(names).gather(pl.Series(name)),
            "award": pl.Series(awards).gather(pl.Series(award)),
            "part_time": part_time,
            "direct": story == Story.DIRECT_ENTRY,
            "ordinary": story == Story.ORDINARY,
            "prior_credits": prior,
            "debt": debt,
            "tutor": staff.gather(pl.Series(draws.below("tutor", students, _STAFF))),
        }
    )
    full, part, newly = (pl.lit(day).str.to_date() for day in programme.registered)
    years, part_years = programme.planned_years
    columns = {
        "student_id": pl.col("student_id"),
        "name": pl.col("name"),
        "email": pl.col("student_id") + "@example.ac.uk",
        "programme": pl.col("programme"),
        "award": pl.col("award"),
        "mode": pl.when("part_time").then(pl.lit("part-time")).otherwise(pl.lit("full-time")),
        "stage": pl.when("ordinary").then(pl.lit("3")).otherwise(pl.lit(programme.stage)),
        "entry_stage": pl.when("direct").then(pl.lit(programme.stage)).otherwise(pl.lit("1")),
        "registered_from": pl.when("direct").then(newly).when("part_time").then(part).otherwise(full),
        "planned_years": pl.when("part_time")
        .then(part_years)
        .when("direct")
        .then(1)
        .otherwise(years)
        .cast(pl.Int64),
        "prior_credits": pl.col("prior_credits"),
        "tuition_debt": pl.when("debt").then(pl.lit("Y")).otherwise(pl.lit("N")),
        "tutor": pl.col("tutor"),
    }
    if programme.study == "postgraduate":
        del columns["entry_stage"]
    return table.select(**columns)


def brought(people: People, draws: Draws) -> dict[str, pl.DataFrame]:
    """Give what earlier boards settled: their results, and the decisions that still stand.

    Args:
        people: the students.
        draws: the random streams.

    Returns:
        The tables ``results`` and ``decisions``.
    """
    return {"results": _results(people, draws), "decisions": _decisions(people)}


def _results(people: People, draws: Draws) -> pl.DataFrame:
    programme = people.programme
    spread, count = programme.spread, people.story.size
    abroad = people.story == Story.EXCHANGE_YEAR
    part_abroad = abroad | (people.story == Story.EXCHANGE_SEMESTER)
    prior = people.story == Story.PRIOR_RESULT
    nobody = np.zeros(count, dtype=np.bool_)
    confirmed = [
        (code, level, size, people.story != Story.DIRECT_ENTRY, part_abroad, prior & (place == 0))
        for place, (code, level, size) in enumerate(programme.confirmed)
    ]
    exchanged = [
        (module.code, module.level, module.credits, abroad, abroad, nobody) for module in programme.before
    ]
    tables = []
    for code, level, size, holding, exchange, experience in (*confirmed, *exchanged):
        noise = draws.bell(f"{code} result", count, spread.noise)
        mark = spread.mean + people.ability + noise
        mark = np.clip(np.maximum(mark, 2 * spread.weak - mark), 0, spread.top) // _TENTH * _TENTH
        tables.append(
            people.table.select(
                "student_id",
                module=pl.lit(code),
                scqf_level=pl.lit(level, pl.Int64),
                credits=pl.lit(size, pl.Int64),
                mark=pl.when(~pl.Series(exchange)).then(points(pl.lit(pl.Series(mark)))),
                outcome=pl.lit("pass"),
                status=pl.lit("core"),
                attempt=pl.lit(1, pl.Int64),
                academic_year=pl.lit(LAST_YEAR),
                exchange=pl.when(pl.Series(exchange)).then(pl.lit("Y")),
                prior_learning=pl.when(pl.Series(experience)).then(pl.lit("Y")),
            ).filter(pl.Series(holding))
        )
    return pl.concat(tables)


def _decisions(people: People) -> pl.DataFrame:
    programme = people.programme
    everyone = np.arange(people.story.size)
    told: list[tuple[Mask, str | None, str, str | None, str]] = [
        (people.living(Story.FOURTH_ATTEMPT, module, everyone), module.code, "extra-attempt", None, "module")
        for module in programme.before
    ]
    told += [
        (people.story == Story.PRIOR_RESULT, code, "count-prior-learning", None, "programme")
        for code, _, _ in programme.confirmed[:1]
    ]
    told.append(
        (people.story == Story.WITHDREW_LATE, None, "progression", programme.withdrawn_late, "programme")
    )
    tables = [
        people.table.filter(pl.Series(whom)).select(
            "student_id",
            module=pl.lit(module, pl.String),
            decision=pl.lit(decision),
            value=pl.lit(value, pl.String),
            reason=pl.lit(_REASONS[decision]),
            minute=pl.lit(f"{programme.decided_on[:4]}/{number}"),
            decided_by=pl.lit("Convener"),
            decided_on=pl.lit(programme.decided_on).str.to_date(),
            board=pl.lit(board),
        )
        for number, (whom, module, decision, value, board) in enumerate(told, start=1)
    ]
    return pl.concat(tables)
