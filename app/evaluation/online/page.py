"""A result as one HTML page: what each feature is worth by every metric, with intervals, and the figures behind it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from app.evaluation.experiments.files import written
from app.evaluation.online.metrics import METRICS
from app.evaluation.online.study import Difference, Result
from app.evaluation.online.telling import table
from app.evaluation.online.uplift import ALPHA

_HERE = Path(__file__).parent


def write_page(result: Result, report: dict[str, Any], path: Path) -> None:
    """Raises EvaluationError when the file cannot be written."""
    text = page(result, report)
    with written(path) as beside:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)


def page(result: Result, report: dict[str, Any]) -> str:
    """Needs neither server nor network; `report` is what `telling.as_json` tells."""
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    heads, *rows = table(result)
    says = [(metric.name, metric.says) for metric in METRICS]
    template = environment.get_template("page.html.j2")
    return template.render(result=result, report=report, heads=heads, rows=rows, says=says, plot=_forest(result))


def _forest(result: Result) -> str:
    """An SVG; the interval of each arm's relative uplift, one panel a metric."""
    arms = [name for name in result.arms if name != result.control]
    figure = Figure(figsize=(3.2 * len(METRICS), 0.45 * len(arms) + 1.2), layout="constrained")
    panels = figure.subplots(1, len(METRICS), sharey=True)
    for panel, metric in zip(panels, METRICS, strict=True):
        for place, arm in enumerate(arms):
            if (difference := result.arms[arm].having.get(metric.name)) is not None:
                _interval(panel, place, difference)
        panel.axvline(0, color="#888", linewidth=0.8)
        panel.set_title(metric.name, fontsize=10)
        panel.xaxis.set_major_formatter(lambda share, _: f"{share:+.0%}" if share else "0")
        panel.xaxis.set_major_locator(MaxNLocator(4))
        panel.tick_params(labelsize=8)
        panel.set_yticks(range(len(arms)), arms)
    panels[0].invert_yaxis()
    drawn = io.StringIO()
    figure.savefig(drawn, format="svg", metadata={"Date": None})
    return drawn.getvalue().partition("\n<svg")[1].strip() + drawn.getvalue().partition("\n<svg")[2]


def _interval(panel: Any, place: int, difference: Difference) -> None:
    """What is surely not nothing is filled."""
    found = difference.uplift
    if found.relative is None or found.relative_low is None or found.relative_high is None:
        return
    sure = difference.p_holm < ALPHA
    panel.plot([found.relative_low, found.relative_high], [place, place], color="#2b5f8a", linewidth=1.6)
    panel.plot([found.relative], [place], "o", color="#2b5f8a", markerfacecolor="#2b5f8a" if sure else "white")
