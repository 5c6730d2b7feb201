"""The ladder as a picture of its own."""

from __future__ import annotations

from io import StringIO

from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from app.evaluation.ablation.climbing import Climb

_INK, _MARK = "#333333", "#2f6f62"


def plotted(climbed: Climb) -> str:
    """pass^1 of every rung with its 95% interval, as SVG; the lowest rung at the bottom."""
    names = list(climbed.experiments)
    found = [climbed.summary(name).pass_hat[1] for name in names]
    figure = Figure(figsize=(7, 0.6 + 0.42 * len(names)), layout="constrained")
    FigureCanvasSVG(figure)
    axes = figure.add_subplot()
    for row, each in enumerate(found):
        axes.plot([each.low or each.value, each.high or each.value], [row, row], color=_MARK, linewidth=2)
        axes.plot([each.value], [row], color=_MARK, marker="o")
        axes.annotate(f"{each.value:.2f}", (each.value, row), (0, 6), textcoords="offset points", ha="center")
    axes.set(xlim=(0, 1.02), ylim=(-0.6, len(names) - 0.2), xlabel="pass^1 and its 95% interval")
    axes.set_yticks(range(len(names)), [name.replace("_", " ") for name in names])
    axes.grid(axis="x", color=_INK, alpha=0.15)
    axes.spines[["top", "right", "left"]].set_visible(False)
    drawn = StringIO()
    figure.savefig(drawn, format="svg", metadata={"Date": None})
    return drawn.getvalue()
