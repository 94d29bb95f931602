"""The figures themselves: classes, modules beside each other, and the spread of each module's marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from boardkit.analysis.bands import EDGES, STEP, bands, cuts
from boardkit.analysis.statistics import module_statistics
from boardkit.exact import MARK_UNITS, say_number
from boardkit.report.content.counts import count
from boardkit.report.figures.canvas import canvas, settled, whole
from boardkit.report.figures.drawing import Drawing
from boardkit.report.names import CLASSES

if TYPE_CHECKING:
    from boardkit.board import BoardResult

WIDTH = 6.5
"""Inches."""

_HEADROOM = 1.08
"""How high the axis is, for the highest bar; bars one above the other leave no room by themselves."""

_TITLE = 62
"""How much of a module's title stands above its figure."""

_LOOKS: tuple[dict[str, Any], ...] = (
    {"facecolor": "#FFFFFF", "hatch": "////"},
    {"facecolor": "#C9D3DE"},
    {"facecolor": "#EEF1F5", "hatch": "...."},
    {"facecolor": "#6F8FB3"},
    {"facecolor": "#9DB2C7", "hatch": "++"},
    {"facecolor": "#1F3B57"},
)
"""The looks of the bands, from the lowest; neighbours differ without colour too."""


def draw_classes(board: BoardResult) -> Drawing:
    """Students by class, those short of credit hatched."""
    counts = count(board)
    names = [CLASSES[name] for name in counts.classes]
    short = [counts.short.get(name, 0) for name in counts.classes]
    enough_credit = [number - less for number, less in zip(counts.classes.values(), short, strict=True)]
    bars = [*names, "Waiting"] if counts.waiting else names
    enough = [*enough_credit, 0] if counts.waiting else enough_credit
    lacking = [*short, 0] if counts.waiting else short
    waiting = [*[0] * len(names), counts.waiting] if counts.waiting else [0] * len(names)
    figure, axes = canvas(WIDTH, 3.2)
    places = range(len(bars))
    axes.bar(places, enough, color="#6F8FB3", edgecolor="#333333", label="credit for the award is there")
    axes.bar(
        places,
        lacking,
        bottom=enough,
        color="#FFFFFF",
        hatch="////",
        edgecolor="#333333",
        label="short of credit",
    )
    if counts.waiting:
        axes.bar(places, waiting, color="#FFFFFF", hatch="....", edgecolor="#333333", label="no average yet")
    axes.set_xticks(list(places), bars, rotation=20, ha="right")
    axes.set_ylabel("Students")
    axes.set_title(f"Classes, {board.cohort.facts.status}")
    whole(axes.yaxis)
    if bars:
        axes.legend(frameon=False)
    told = ", ".join([*counts.classified(), *([f"waiting {counts.waiting}"] if counts.waiting else [])])
    return Drawing("classes", f"Students by class: {told or 'none'}.", settled(figure))


def draw_modules(board: BoardResult) -> Drawing:
    """Every module's median, middle half and range, beside its pass mark."""
    rows = module_statistics(board)
    drawn = rows.filter(rows["n"] > 0).sort("median", descending=False)
    figure, axes = canvas(WIDTH, max(2.0, 0.28 * drawn.height + 1.1))
    for place, row in enumerate(drawn.rows(named=True)):
        axes.plot([row["minimum"], row["maximum"]], [place, place], color="#7A8794", linewidth=1)
        width = row["upper_quartile"] - row["lower_quartile"]
        axes.barh(place, width, left=row["lower_quartile"], height=0.55, color="#9DB2C7", edgecolor="#333333")
        axes.plot([row["median"]] * 2, [place - 0.28, place + 0.28], color="#000000", linewidth=2)
        if row["pass_mark"] is not None:
            axes.plot(row["pass_mark"] / MARK_UNITS, place, marker="|", color="#8C2D19", markersize=12)
    small = ["*" if flag else "" for flag in drawn["small"]]
    labels = [
        f"{code}{mark} (n {n})" for code, mark, n in zip(drawn["module"], small, drawn["n"], strict=True)
    ]
    axes.set_yticks(list(range(drawn.height)), labels)
    axes.set_xlim(0, EDGES[-1] + STEP)
    axes.set_xlabel("Recorded mark: range, middle half and median; the red stroke is the pass mark")
    axes.set_title(f"Modules, {board.cohort.facts.status}" + ("   * small group" if any(small) else ""))
    return Drawing(
        "modules", "Each module's range, quartiles and median beside its pass mark.", settled(figure)
    )


def draw_spreads(board: BoardResult) -> list[Drawing]:
    """Every module's marks in bars, cut at the pass mark and the boundaries."""
    counted, begins = bands(board), cuts(board)
    titles = dict(board.ground.modules.select("module", "title").iter_rows())
    found = []
    for module, marks in sorted(begins.items()):
        rows = counted.filter(counted["module"] == module)
        figure, axes = canvas(WIDTH, 3.3)
        below = [0] * len(EDGES)
        for look, row in zip(_LOOKS, rows.rows(named=True), strict=False):
            high = [row[str(edge)] for edge in EDGES]
            label = _band(row["band"], row["at"])
            axes.bar(
                EDGES,
                high,
                STEP,
                below,
                align="edge",
                edgecolor="#333333",
                linewidth=0.6,
                label=label,
                **look,
            )
            below = [under + more for under, more in zip(below, high, strict=True)]
        for cut in marks[1:]:
            axes.axvline(cut.at / MARK_UNITS, color="#8C2D19", linewidth=0.9, linestyle="--")
        axes.set_xlim(0, EDGES[-1] + STEP)
        axes.set_ylim(0, max(*below, 1) * _HEADROOM)
        axes.set_xlabel("Recorded module mark")
        axes.set_ylabel("Students")
        whole(axes.yaxis)
        number = sum(below)
        axes.set_title(f"{module} {titles.get(module) or ''}".strip()[:_TITLE] + f", n {number:,}")
        figure.legend(frameon=False, fontsize=7, loc="outside lower center", ncols=3)
        told = ", ".join(f"{_band(row['band'], row['at'])}: {row['n']:,}" for row in rows.rows(named=True))
        found.append(Drawing(module, f"{module}, {number:,} marks. {told}.", settled(figure)))
    return found


def _band(name: str, at: int) -> str:
    said = CLASSES.get(name, name.capitalize())
    return f"{said}, {say_number(at)} or above" if at else said
