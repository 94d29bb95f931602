"""A sample: drawn of a cohort for one purpose, with what the coordinator adds, its certificate and its files."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from boardkit import tables
from boardkit.cohort import Cohort, with_study
from boardkit.errors import CallError
from boardkit.exact import decimal
from boardkit.frames import Frames, hand_back
from boardkit.masking import Masks
from boardkit.moderation.anonymous import new_key, script_ids
from boardkit.moderation.draw import REASONS, draw
from boardkit.moderation.fitted import fitted, grades_of, moderation_of
from boardkit.moderation.scripts import GROUP, PURPOSES, STUDENT, Asked, find_scripts
from boardkit.problems import show
from boardkit.read import read

if TYPE_CHECKING:
    from pathlib import Path

    from boardkit.cohort import Study
    from boardkit.moderation.scripts import Purpose, Scripts
    from boardkit.regulations import Pack

_SEEDS = 10**9
SCRIPT = "script_id"
"""What stands in place of a student for an external."""


@dataclass(frozen=True, repr=False)
class Sample:
    """Samples of every assessment that was asked for.

    ``sample.rows`` is the table as ``sample.csv`` has it: pandas, or polars where polars frames went in.
    ``sample.polars.sample``, ``sample.polars.assessments`` and ``sample.polars.notes`` are polars frames.

    Args:
        cohort: what it was drawn of.
        pack: the regulations.
        asked: what was asked for.
        scripts: everything that could be drawn.
        drawn: the scripts that are in, with ``reason`` and ``order``.
        groups: the assessments with the numbers that their sizes rest on, and how many were ``added``.
        key: what an external's anonymous numbers are made with.
    """

    cohort: Cohort
    pack: Pack
    asked: Asked
    scripts: Scripts
    drawn: pl.DataFrame
    groups: pl.DataFrame
    key: bytes | None = None

    @property
    def rows(self) -> Any:
        """The scripts that are in, with the reason of each."""
        return hand_back(self.table("sample"), self.cohort.flavour)

    @property
    def polars(self) -> Frames:
        """The tables as polars frames."""
        return Frames(("sample", "assessments", "notes"), self.table, "polars")

    @property
    def pandas(self) -> Frames:
        """The tables as pandas frames."""
        return Frames(("sample", "assessments", "notes"), self.table, "pandas")

    @property
    def certificate(self) -> str:
        """What the samples rest on, to be read: clauses, numbers, the seed, what each can show."""
        from boardkit.moderation.certificate import readable  # noqa: PLC0415 - it is written of a sample

        return readable(self)

    def table(self, name: str) -> pl.DataFrame:
        """Give one of the tables as polars."""
        if name == "notes":
            return self.scripts.notes
        if name == "assessments":
            return self.groups.select(*GROUP, "n", "base", "fails", "size", "added")
        shown = self.drawn.with_columns(
            decimal(pl.col("mark"), places=2),
            pl.col("reason").cast(pl.String),
            pl.col("band", "marker").replace("", None),
        )
        if self.key is not None:
            shown = shown.with_columns(script_ids(shown[STUDENT], self.key).alias(SCRIPT)).sort(
                "g", "mark", SCRIPT
            )
            shown = shown.with_columns(order=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("g"))
            shown = Masks.of(self.cohort).frame(shown, ("marker",), parts=False)
        return shown.select(self.columns)

    @property
    def columns(self) -> list[str]:
        """The columns of the table: with an anonymous number in place of the student's, for an external."""
        return [
            SCRIPT if name == STUDENT and self.key is not None else name
            for name in tables.MODERATION["sample"]
        ]

    def write(self, out: str | Path, *, force: bool = False) -> Path:
        """Write ``sample.csv`` and its certificate to a folder; for an external, the key beside it and not in it.

        Args:
            out: the folder.
            force: write over a sample that is there.

        Raises:
            CallError: a sample is there already, or the folder cannot be written.
        """
        from boardkit.moderation.files import write_sample  # noqa: PLC0415 - as above

        return write_sample(self, out, force=force)

    def __repr__(self) -> str:
        from boardkit.moderation.certificate import summary  # noqa: PLC0415 - as above

        return "\n".join(summary(self))


def sample(  # noqa: PLR0913 - the call that coordinators make
    cohort: Any,
    module: str | None = None,
    component: str | None = None,
    *,
    regulations: str | Path | Pack | None = None,
    purpose: Purpose = "internal",
    seed: int | None = None,
    study: Study | None = None,
    parameters: Mapping[str, str] | None = None,
    reassessments: bool | None = None,
    add: Sequence[str] = (),
    add_bands: Sequence[str] = (),
    key: bytes | None = None,
) -> Sample:
    """Draw moderation samples of every assessment of a cohort, or of one module or component.

    Args:
        cohort: what ``bk.read`` gives; or frames by the name of their table; or one frame of marks, pandas or polars,
            with ``student_id`` and ``mark`` and, where they are not stated here, ``module`` and ``component``.
        module: one module; else all.
        component: one component; else all.
        regulations: the id of a shipped pack, the path of one, or a loaded one; else those that the board names.
        purpose: ``internal`` or ``external``: each has its own draw; the external's is anonymous.
        seed: a whole number; the same one gives the same sample. Where none is stated one is drawn, and kept.
        study: the study of all modules, where there is no modules table.
        parameters: what the regulations leave to the board, by name; it stands over the board table.
        reassessments: whether the external sees reassessments, where the board has asked for it (5.7.2).
        add: students whose scripts are in besides.
        add_bands: grade bands whose scripts are all in besides.
        key: what an external's anonymous numbers are made with; else a new one.

    Returns:
        The samples, each script with its reason; nothing is cut to make room.

    Raises:
        CallError: there is no such module, component, student or band; or the regulations have no rule of moderation.

    Examples:
        >>> import boardkit as bk
        >>> drawn = bk.sample(bk.read("data/samples/psychology-2022"), "PS4021", "Essay", seed=2022)
        >>> drawn.polars.assessments.select("n", "base", "fails", "size").row(0)
        (114, 11, 1, 12)
    """
    if purpose not in PURPOSES:
        raise CallError(f'a sample is for {" or ".join(PURPOSES)}, and not for "{show(str(purpose))}".')
    made = with_study(_cohort(cohort, module, component, study), study)
    pack = fitted(regulations or _named(made), made, parameters)
    asked = Asked(
        purpose,
        secrets.randbelow(_SEEDS) if seed is None else seed,
        module,
        component,
        reassessments,
        tuple(dict.fromkeys(str(one) for one in add)),
        tuple(dict.fromkeys(add_bands)),
        dict(parameters or {}),
    )
    return draw_sample(made, pack, asked, key=key)


def draw_sample(cohort: Cohort, pack: Pack, asked: Asked, *, key: bytes | None = None) -> Sample:
    """Draw what is asked for; ``sample`` tells of the arguments."""
    rules = moderation_of(pack)
    scripts = find_scripts(cohort, pack, asked)
    drawn, groups = draw(scripts.rows, scripts.groups, rules, seed=asked.seed, purpose=asked.purpose)
    drawn = _with_added(drawn, scripts, asked, pack)
    added = drawn.group_by("g").agg(added=(pl.col("reason") == "added").sum().cast(pl.Int64))
    groups = groups.join(added, on="g", how="left", maintain_order="left").with_columns(
        pl.col("size") + pl.col("added")
    )
    if asked.purpose == "external":
        return Sample(cohort, pack, asked, scripts, _ordered(drawn), groups, key or new_key())
    return Sample(cohort, pack, asked, scripts, _ordered(drawn), groups)


def _with_added(drawn: pl.DataFrame, scripts: Scripts, asked: Asked, pack: Pack) -> pl.DataFrame:
    """Add what the coordinator wants to see besides; what is drawn stays."""
    known = set(scripts.rows[STUDENT])
    strangers = [one for one in asked.add if one not in known]
    if strangers:
        raise CallError(
            f"{len(strangers)} of the students to add has no script among these, the first at place "
            f"{asked.add.index(strangers[0]) + 1} of those named. Check the number, with its leading zeros."
        )
    grades = grades_of(pack)
    for band in asked.add_bands:
        if band not in grades:
            raise CallError(f'there is no grade "{show(band)}". There are: {", ".join(grades)}.')
    wanted = scripts.rows.filter(
        pl.col(STUDENT).is_in(list(asked.add)) | pl.col("band").is_in(list(asked.add_bands))
    )
    new = wanted.join(drawn, on=["g", STUDENT], how="anti", maintain_order="left")
    new = new.with_columns(reason=pl.lit("added", dtype=REASONS))
    return pl.concat([drawn, new.with_columns(pl.col("b").fill_null(-1))])


def _ordered(drawn: pl.DataFrame) -> pl.DataFrame:
    """Put the scripts of each assessment in order, the lowest mark first; equal marks by the students' identifiers."""
    return drawn.sort("g", "mark", STUDENT).with_columns(
        order=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("g")
    )


def _named(cohort: Cohort) -> str:
    """Give the regulations that the board names."""
    named = cohort.facts.values.get("regulations")
    if named is None:
        raise CallError('the board names no regulations. State them, such as regulations="qmu-2022".')
    return named


def _cohort(given: Any, module: str | None, component: str | None, study: Study | None) -> Cohort:
    """Take a cohort as it is, frames by name, or a frame of marks alone."""
    if isinstance(given, Cohort):
        return given
    if isinstance(given, Mapping):
        return read(given, study=study)
    if not hasattr(given, "columns"):
        raise CallError(
            f"cannot sample a {type(given).__name__}. Give what bk.read gives, or a frame of marks."
        )
    folded = {tables.match(str(name)) for name in given.columns}
    lacking = {
        name: value for name, value in (("module", module), ("component", component)) if name not in folded
    }
    if missing := [name for name, value in lacking.items() if value is None]:
        raise CallError(
            f"the frame does not say whose marks they are. Give it a column {missing[0]}, or state it."
        )
    return read({"marks": _with(given, lacking) if lacking else given}, study=study)


def _with(frame: Any, columns: Mapping[str, str | None]) -> Any:
    """Add columns of one value each to a frame of any kind."""
    import narwhals as nw  # noqa: PLC0415 - for such frames alone

    return (
        nw.from_native(frame)
        .with_columns(nw.lit(value).alias(name) for name, value in columns.items())
        .to_native()
    )
