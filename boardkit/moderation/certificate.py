"""The certificate of a sample: what it rests on, for a program and for a person; and what its size can show."""

from __future__ import annotations

import hashlib
import json
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import polars as pl

import boardkit
from boardkit.moderation.anonymous import script_ids
from boardkit.moderation.fitted import moderation_of
from boardkit.moderation.scripts import GROUP, STUDENT
from boardkit.queries import work_out
from boardkit.regulations.moderation import rules_of
from boardkit.regulations.show_moderation import rule_lines
from boardkit.report.names import plural

if TYPE_CHECKING:
    from boardkit.moderation.sample import Sample

KIND = "boardkit moderation sample"
SCHEMA_VERSION = 1

POWER, CERTAINTY = 0.8, 0.95
"""By convention: a bias is seen four times in five, by an interval that holds what is true 95 times in 100."""

FORMULA = "(z(0.975) + z(0.8)) x s / root(m) x root(1 - m / n)"
_FACTOR = NormalDist().inv_cdf((1 + CERTAINTY) / 2) + NormalDist().inv_cdf(POWER)


def detectable(n: int, m: int, spread: float) -> float:
    """Give the smallest bias of marking, in points, that a sample shows four times in five.

    The factor is for an interval of 95%; ``root(1 - m / n)`` is there since a sample of everybody leaves nothing out.
    The differences between two markers are taken to spread as the marks themselves do, which is more than they mostly
    do: what is given is an upper limit.

    Args:
        n: how many scripts there are.
        m: how many are in the sample.
        spread: the standard deviation of the marks, over n - 1, in points.

    Examples:
        >>> round(detectable(100, 10, 12.0), 2), detectable(6, 6, 12.0)
        (10.09, 0.0)
    """
    return _FACTOR * spread / m**0.5 * (1 - m / n) ** 0.5 if m else float("nan")


def assessments(sample: Sample) -> pl.DataFrame:
    """Give every assessment its numbers, the digest of its marks, their spread and what the sample can show.

    An external's digest is made of the anonymous numbers: of a few identifiers and marks one could be found by trying.
    """
    rows = sample.scripts.rows
    who = rows[STUDENT] if sample.key is None else script_ids(rows[STUDENT], sample.key)
    told = rows.lazy().with_columns(
        line=pl.concat_str(pl.lit(who), pl.col("mark").cast(pl.String), pl.col("marker"), separator="\x1f")
    )
    held = (
        told.group_by("g", maintain_order=True)
        .agg(lines=pl.col("line").str.join("\x1e"), spread=pl.col("mark").cast(pl.Float64).std() / 100)
        .pipe(work_out)
    )
    digests = [hashlib.sha256(text.encode()).hexdigest() for text in held["lines"]]
    made = sample.groups.join(
        held.select("g", "spread").with_columns(pl.Series("digest", digests, dtype=pl.String)),
        on="g",
        maintain_order="left",
    )
    shown = [
        None if spread is None else detectable(n, m, spread)
        for n, m, spread in made.select("n", "size", "spread").iter_rows()
    ]
    return made.with_columns(pl.Series("shows", shown, dtype=pl.Float64))


def contents(sample: Sample) -> dict[str, Any]:
    """Give what the certificate says, for a program.

    An external's says nothing of the input files: their names may be students', and a digest of a small one can be tried.
    """
    asked, pack = sample.asked, sample.pack
    add = pl.Series(list(asked.add), dtype=pl.String)
    names = add if sample.key is None else script_ids(add, sample.key).sort()
    files = sample.cohort.files if sample.key is None else ()
    rules = moderation_of(pack)
    return {
        "kind": KIND,
        "schema_version": SCHEMA_VERSION,
        "boardkit": boardkit.__version__,
        "regulations": {"id": pack.rules.pack.id, "file": pack.file, "sha256": pack.digest},
        "settings": dict(pack.parameters or {}),
        "inputs": {item.name: item.sha256 for item in files},
        "for": asked.purpose,
        "seed": asked.seed,
        "asked": {
            "module": asked.module,
            "component": asked.component,
            "reassessments": asked.reassessments,
            "study": sample.cohort.study,
            "add": names.to_list(),
            "add_bands": list(asked.add_bands),
            "settings": dict(asked.settings),
        },
        "rules": [
            {"rule": name, "source": rule.source, "readings": _readings(sample, rule.reading)}
            for name, rule in rules_of(rules)
        ],
        "clauses": {"agreed_mark": rules.tolerance.source, "whole_cohort": rules.whole_cohort.source},
        "shows": FORMULA,
        "assessments": [
            {
                **{name: row[name] for name in (*GROUP, "n", "base", "fails", "size", "added")},
                "marks_sha256": row["digest"],
                "spread": None if row["spread"] is None else round(row["spread"], 2),
                "shows": None if row["shows"] is None else round(row["shows"], 1),
            }
            for row in assessments(sample).to_dicts()
        ],
        "notes": sample.scripts.notes.to_dicts(),
    }


def _readings(sample: Sample, names: str | None) -> dict[str, str]:
    written = sample.pack.rules.readings
    return {name: written[name] for name in (names or "").split(", ") if name}


def as_json(sample: Sample, digest: str) -> str:
    """Write the certificate for a program; ``digest`` is that of the table it vouches for."""
    return json.dumps({**contents(sample), "sample_sha256": digest}, indent=2, ensure_ascii=False) + "\n"


def summary(sample: Sample) -> list[str]:
    """Say in a few lines what was drawn."""
    of, drawn = sample.groups.height, sample.drawn.height
    reasons = dict(sample.drawn.group_by("reason").len().iter_rows())
    each = [f"{reasons[reason]:,} {_WORDS[reason]}" for reason in _WORDS if reasons.get(reason)]
    head = f"Sample for {'the external' if sample.asked.purpose == 'external' else 'internal moderation'}"
    lines = [
        f"{head}: {drawn:,} of {plural(sample.scripts.rows.height, 'script')}, {plural(of, 'assessment')}, seed {sample.asked.seed}"
    ]
    if each:
        lines.append(", ".join(each))
    if sample.scripts.notes.height:
        lines.append(
            f"{sample.scripts.notes.height:,} not sampled, or with something left out: see the notes"
        )
    return lines


_WORDS = {
    "borderline-fail": "borderline fails",
    "lowest": "lowest",
    "highest": "highest",
    "range": "for the range",
    "whole-cohort": "of cohorts taken whole",
    "added": "added",
}


def readable(sample: Sample) -> str:
    """Write the certificate for a person."""
    asked, pack = sample.asked, sample.pack.rules
    who = "the external examiner" if asked.purpose == "external" else "internal moderation"
    lines = [
        f"# Moderation sample for {who}",
        "",
        f"Drawn under {pack.pack.institution}, {pack.pack.title} ({pack.pack.id}). Seed {asked.seed}: the same marks,",
        "seed and regulations give the same sample on any machine, in whatever order the rows stand.",
        "",
        *_table(
            ("rule", "as", "clause"),
            [
                (line.what.strip(), line.value, line.rule.citation if line.rule else "")
                for line in rule_lines(moderation_of(sample.pack))
            ],
        ),
        "## Samples",
        "",
        *_table(
            (
                "module",
                "component",
                "attempt",
                "marked",
                "root or share",
                "borderline fails",
                "sample",
                "added",
                "shows",
                "marks",
            ),
            [_sampled(row) for row in assessments(sample).to_dicts()],
        ),
        f"Shows: the smallest bias of marking, in points, that the sample shows four times in five: {FORMULA}, with s the",
        "standard deviation of the marks, m the sample and n the marked scripts. It takes the differences between two",
        "markers to spread as the marks do, and is so an upper limit. Marks: the beginning of the SHA-256 of the",
        "scripts with their marks and markers.",
        "",
    ]
    if sample.scripts.notes.height:
        lines += ["## Not sampled, or left out", ""]
        lines += _table(("module", "component", "attempt", "why"), sample.scripts.notes.rows())
    if asked.add or asked.add_bands:
        what = [f"{len(asked.add)} named scripts"] if asked.add else []
        what += [f"every {band}" for band in asked.add_bands]
        lines += [f"Added by the coordinator, and never cut: {', '.join(what)}.", ""]
    lines += ["## How the clauses are read", ""]
    told = {
        name: text
        for _, rule in rules_of(moderation_of(sample.pack))
        for name, text in _readings(sample, rule.reading).items()
    }
    lines += [f"- {name}: {text}" for name, text in told.items()]
    return "\n".join(lines) + "\n"


def _sampled(row: dict[str, Any]) -> tuple[Any, ...]:
    shows = "" if row["shows"] is None else f"{row['shows']:.1f}"
    named = tuple(row[name] for name in (*GROUP, "n", "base", "fails", "size", "added"))
    return (*named, shows, row["digest"][:12])


def _table(heads: tuple[str, ...], rows: list[tuple[Any, ...]]) -> list[str]:
    """Write a table; a bar in a text would end its cell."""
    cells = [" | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in row) for row in rows]
    return [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}", *(f"| {row} |" for row in cells), ""]


__all__ = ["KIND", "as_json", "contents", "detectable", "readable", "summary"]
