"""Plots as SVG to stand inside a page: text stays text, and colours are the page's own, light or dark."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from app.evaluation.experiments.comparison import Difference
from app.evaluation.experiments.intervals import Estimate

# Drawn in these, and then said as the style sheet's variables.
_INK, _LINE, _MARK, _OTHER = "#010101", "#020202", "#030303", "#040404"
_VARIABLES = {_INK: "var(--ink)", _LINE: "var(--line)", _MARK: "var(--accent)", _OTHER: "var(--soft)"}
_WIDTH = 4.4  # inches: as wide as a phone, so that letters keep their size there
_ROW = 0.34
_NAME = 26  # characters of a name beside its row

_LOOK = Path(__file__).with_suffix(".mplstyle")


def pass_curve(curves: Mapping[str, Mapping[int, Estimate]]) -> str:
    """pass^k by k, with its interval as a band; one curve an experiment."""
    with mpl.rc_context(fname=_LOOK):
        figure, axes = _axes(2.6)
        for (name, curve), colour in zip(curves.items(), (_MARK, _OTHER), strict=False):
            ks = list(curve)
            low, high = ([getattr(each, end) for each in curve.values()] for end in ("low", "high"))
            axes.fill_between(ks, low, high, color=colour, alpha=0.2, linewidth=0)
            axes.plot(ks, [each.value for each in curve.values()], color=colour, marker="o", label=name[:_NAME])
        axes.set(xlabel="k", ylabel="pass^k", ylim=(-0.03, 1.03))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        _legend(axes, len(curves))
        return _svg(figure, "pass")


def intervals(name: str, estimates: Mapping[str, Estimate]) -> str:
    """One row each: a share and its interval. `name` tells the plot from others of the page."""
    with mpl.rc_context(fname=_LOOK):
        figure, axes = _axes(0.7 + _ROW * len(estimates))
        rows = [(each.value, each.low, each.high) for each in estimates.values()]
        _forest(axes, list(estimates), rows)
        axes.set_xlim(-0.03, 1.03)
        return _svg(figure, name)


def latencies(measured: Mapping[str, Sequence[float]]) -> str:
    """How many trials took so many milliseconds, on a logarithmic scale."""
    with mpl.rc_context(fname=_LOOK):
        figure, axes = _axes(2.4)
        low, high = (end([end(each) for each in measured.values()]) for end in (min, max))
        bins = np.geomspace(max(low, 0.1) * 0.98, max(high, 0.2) * 1.02, 30).tolist()
        for (name, values), colour in zip(measured.items(), (_MARK, _OTHER), strict=False):
            axes.hist(np.maximum(values, 0.1), bins=bins, color=colour, alpha=0.55, label=name[:_NAME])
        axes.set(xscale="log", xlabel="milliseconds, slowest turn", ylabel="trials")
        # Four round figures: a scale of decades has one label or none where all trials take about as long.
        ticks = sorted({float(f"{each:.2g}") for each in np.geomspace(bins[0], bins[-1], 4)})
        axes.set_xticks(ticks, [f"{each:g}" for each in ticks])
        axes.set_xticks([], minor=True)
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        _legend(axes, len(measured))
        return _svg(figure, "latency")


def forest(differences: Sequence[Difference]) -> str:
    """New less base with intervals, against the line of no difference."""
    with mpl.rc_context(fname=_LOOK):
        figure, axes = _axes(0.8 + _ROW * len(differences))
        rows = [(each.change.value, each.change.low, each.change.high) for each in differences]
        _forest(axes, [each.name for each in differences], rows)
        axes.axvline(0, color=_INK, linewidth=1)
        axes.set_xlabel("new less base")
        return _svg(figure, "differences")


def _axes(height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(_WIDTH, height), layout="constrained")
    FigureCanvasSVG(figure)
    return figure, figure.add_subplot()


def _forest(axes: Axes, names: Sequence[str], rows: Sequence[tuple[float, float | None, float | None]]) -> None:
    for place, (value, low, high) in enumerate(rows):
        if low is not None and high is not None:
            axes.plot([low, high], [place, place], color=_MARK, linewidth=2.5, alpha=0.6, solid_capstyle="butt")
        axes.plot([value], [place], color=_MARK, marker="o", markersize=5)
    axes.set_yticks(range(len(names)), [name if len(name) <= _NAME else f"{name[: _NAME - 1]}…" for name in names])
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.grid(axis="y", visible=False)


def _legend(axes: Axes, curves: int) -> None:
    if curves > 1:
        axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1))  # above, where it hides nothing


def _svg(figure: Figure, name: str) -> str:
    """Without what only a file of its own needs; ids begin with `name`, for several stand in one page."""
    written = StringIO()
    figure.savefig(written, format="svg", transparent=True, metadata={"Date": None})
    svg = written.getvalue()
    svg = re.sub(r"<style.*?</style>|<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", svg)
    svg = re.sub(r"font-family: [^;\"]+", "font-family: inherit", svg)
    for drawn, variable in _VARIABLES.items():
        svg = svg.replace(drawn, variable)
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
