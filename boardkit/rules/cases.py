"""Cases: what a pack says of offences as one list of conditions with answers, and which of them an offence is.

They are tried in order: a pack's routes, then the cells of its tables. A condition on something that is not stated is
neither met nor failed, and that thing is then missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from boardkit.regulations.misconduct import Cell, Misconduct, Said, Star, TariffTable

ASKED = ("year", "major", "admitted", "intent", "repeated", "finalist")
"""What of an offence the cases ask for besides what it is."""


@dataclass(frozen=True)
class Case:
    """One case of a pack: what it asks of an offence, and its answer."""

    asks: Mapping[str, pl.Expr]
    table: str | None
    among: str | None
    default: str | None
    moderated: str | None
    says: str | None
    source: str
    back_to: str | None = None
    recorded: Said | None = None


def cases(rules: Misconduct) -> list[Case]:
    """List the cases of a pack in the order they are tried."""
    found = []
    for route in rules.routes:
        asks = {"offence": pl.col("offence").is_in(route.offences)}
        if route.years is not None:
            asks["year"] = pl.col("year").is_in(route.years)
        for name in ("major", "admitted", "repeated"):
            if (wanted := getattr(route, name)) is not None:
                asks[name] = pl.col(name) == wanted
        asks |= {name: asks[name].fill_null(value=False) for name in route.when_stated if name in asks}
        found.append(
            Case(
                asks,
                None,
                route.among,
                None,
                None,
                route.says,
                route.source,
                route.may_return_to,
                route.recorded,
            )
        )
    for table in rules.tables:
        for cell in table.cells:
            found += _cell_cases(table, cell)
    return found


def _cell_cases(table: TariffTable, cell: Cell) -> list[Case]:
    """Give the cases of a cell: two where a star makes it another one for some students."""
    asks = {
        "offence": pl.col("offence").is_in(table.offences),
        "year": pl.col("year").is_in(table.years),
        "intent": pl.col("intent") == cell.intent,
    }
    if cell.repeated is not None:
        asks["repeated"] = pl.col("repeated") == cell.repeated
    back = table.may_return_to
    plain = Case(asks, table.id, table.among, cell.default, cell.moderated, cell.says, table.source, back)
    star = table.star
    if star is None or star.penalty not in (cell.default, cell.moderated):
        return [plain]
    starred = Case(
        {**asks, "finalist": pl.col("finalist") == star.finalist},
        table.id,
        table.among,
        _read(cell.default, star),
        _read(cell.moderated, star),
        None,
        star.source,
        back,
    )
    other = Case(
        {**asks, "finalist": pl.col("finalist") != star.finalist},
        table.id,
        table.among,
        cell.default,
        cell.moderated,
        None,
        table.source,
        back,
    )
    return [starred, other]


def _read(name: str | None, star: Star) -> str | None:
    return star.read_as if name == star.penalty else name


def find_case(offences: pl.DataFrame, every: list[Case]) -> pl.DataFrame:
    """Find the case of each offence, what is missing to tell it, and the lists of the cases that it may be.

    A case may be one as long as nothing that is stated is against it. Of those that may be, up to the first that
    surely is, whatever they ask and is not stated is missing.
    """
    met = [pl.all_horizontal(*case.asks.values()) for case in every]
    may = offences.select(one.fill_null(value=True).alias(str(at)) for at, one in enumerate(met))
    sure = offences.select(one.fill_null(value=False).alias(str(at)) for at, one in enumerate(met))
    settled = pl.repeat(False, offences.height, dtype=pl.Boolean, eager=True)
    unclear = dict.fromkeys(ASKED, settled)
    chosen = pl.repeat(None, offences.height, dtype=pl.Int16, eager=True)
    lists = sorted({name for case in every for name in (case.among, case.back_to) if name is not None})
    open_lists = dict.fromkeys(lists, settled)
    for at, case in enumerate(every):
        surely = sure[str(at)]
        open_ = may[str(at)] & ~surely & ~settled
        for name in {case.among, case.back_to} - {None}:
            open_lists[str(name)] = open_lists[str(name)] | (may[str(at)] & ~settled)
        for name in case.asks.keys() & set(ASKED):
            unclear[name] = unclear[name] | (open_ & offences[name].is_null())
        chosen = chosen.set(surely & ~settled, at)
        settled = settled | surely
    told = pl.DataFrame([flags.alias(name) for name, flags in unclear.items()])
    missing = told.select(
        pl.concat_str(
            [pl.when(name).then(pl.lit(name)) for name in ASKED], separator=", ", ignore_nulls=True
        ).alias("missing")
    ).to_series()
    named = [pl.when(name).then(pl.lit(name)) for name in lists]
    # Not selected alone: where a pack names no list at all, what is made of none has no rows.
    still = pl.DataFrame(
        [settled.alias(""), *(flags.alias(name) for name, flags in open_lists.items())]
    ).with_columns(open_lists=pl.concat_list(*named, pl.lit(None, dtype=pl.String)).list.drop_nulls())
    placed = offences.with_columns(
        still["open_lists"], missing=missing.set(missing == "", None), case=chosen
    ).with_columns(case=pl.when(pl.col("missing").is_null()).then("case"))
    answers: dict[str, list[str | None]] = {
        "table": [one.table for one in every],
        "list": [one.among for one in every],
        "default_penalty": [one.default for one in every],
        "moderated_penalty": [one.moderated for one in every],
        "says": [one.says for one in every],
        "source": [one.source for one in every],
        "back_to": [one.back_to for one in every],
        "report_in": [None if one.recorded is None else one.recorded.value for one in every],
        "report_source": [None if one.recorded is None else one.recorded.source for one in every],
    }
    return placed.with_columns(
        pl.lit(pl.Series(values, dtype=pl.String)).gather("case").alias(name)
        for name, values in answers.items()
    )
