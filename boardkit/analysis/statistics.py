"""Statistics of module marks: how many, mean, spread, quartiles, pass rate; small groups flagged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from boardkit.exact import nearest

if TYPE_CHECKING:
    from boardkit.board import BoardResult

SMALL_GROUP = 7
"""Statistics of so few students can tell of one of them, and should not leave the board."""

DEFINITIONS = (
    "n: students with a recorded mark. Deferred, incomplete, withdrawn without fail are not in it; 0 for no work is.",
    "SD: the sample standard deviation, over n-1 (Excel STDEV.S).",
    "Quartiles, median: linear between the marks in order, at (n-1) x share (Excel QUARTILE.INC).",
    "Pass rate: outcomes pass over n. A condoned fail is no pass. Marks are as recorded, after caps.",
    f"small: {SMALL_GROUP} students or fewer; such statistics should not leave the board.",
)
"""How every column is worked out, in sentences to be printed."""

_QUARTILES = {"lower_quartile": 1, "median": 2, "upper_quartile": 3}
_OUTCOMES = ("pass", "fail", "qualifying-fail", "condoned", "deferred", "incomplete", "withdrawn")


def module_marks(board: BoardResult) -> pl.DataFrame:
    """Give every recorded mark of the board's own modules.

    Args:
        board: the assessed board.

    Returns:
        ``m`` (the module's number), ``mark`` (hundredths) and ``outcome``, one row a student on a module.
    """
    codes = board.ground.modules.select("module", at="m")
    rows = board.concluded.results.select(pl.col("module").cast(pl.String), "mark", "outcome")
    return rows.join(codes, on="module", maintain_order="left").select(
        pl.col("at").alias("m"), "mark", pl.col("outcome").cast(pl.String)
    )


def module_statistics(board: BoardResult) -> pl.DataFrame:
    """Describe the marks of every module of the board.

    Marks of earlier boards are in it where the module is one of this board's. The numbers are for
    reading: nothing is decided by them.

    Args:
        board: the assessed board.

    Returns:
        One row a module, by code: ``module``, ``title``, ``level``, ``credits`` and ``pass_mark``
        (hundredths), ``n``, ``mean``, ``sd``, ``minimum``, ``lower_quartile``, ``median``,
        ``upper_quartile``, ``maximum`` (percentages), ``pass_rate`` (a share), the number of each
        outcome, and ``small``: whether the group is too small for its statistics to leave the board.

    Examples:
        >>> import boardkit as bk
        >>> board = bk.assess(bk.read("data/samples/psychology-2022"), "qmu-2022")
        >>> module_statistics(board).select("module", "n", "minimum", "median").row(0)
        ('PS3011', 115, 40.0, 64.3)
    """
    rows = module_marks(board)
    mark = nearest(pl.col("mark")).drop_nulls()
    quartiles = [
        mark.quantile(part / 4, interpolation="linear").alias(name) for name, part in _QUARTILES.items()
    ]
    described = rows.group_by("m").agg(
        pl.col("mark").count().cast(pl.Int64).alias("n"),
        mark.mean().alias("mean"),
        mark.std(ddof=1).alias("sd"),
        mark.min().alias("minimum"),
        *quartiles,
        mark.max().alias("maximum"),
        *(
            (pl.col("outcome") == name).sum().cast(pl.Int64).alias(name.replace("-", "_"))
            for name in _OUTCOMES
        ),
        (pl.col("mark").is_not_null() & (pl.col("outcome") == "pass")).sum().alias("passed"),
    )
    counted = ["n", *(name.replace("-", "_") for name in _OUTCOMES)]
    return (
        board.ground.modules.select("m", "module", "title", "level", "credits", "pass_mark")
        .join(described, on="m", how="left", maintain_order="left")
        .with_columns(pl.col(counted).fill_null(0))
        .with_columns(
            pass_rate=pl.when(pl.col("n") > 0).then(pl.col("passed") / pl.col("n")),
            small=pl.col("n") <= SMALL_GROUP,
        )
        .drop("m", "passed")
        .sort("module")
    )
