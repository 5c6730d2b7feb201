"""The study's results as a page with a table and a plot."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from benchmarks.parallel.study import DELAYS_MS, Result

Results = Mapping[str, Mapping[str, Result]]

_COLOURS = {"features_first": "#b4532a", "naive": "#7a7a7a", "shared": "#1f6f5c"}
_LABELS = {"features_first": "features first", "naive": "naive parallel", "shared": "shared read (Shelfwise)"}
_TEXT = """# Features first, naive parallel, or one shared read

{queries} judged queries over {products:,} products, each asked by a shopper with a budget and a brand to leave out that
together rule out about half of what is relevant. The feature store answers after an injected delay. `nDCG@10` gives a
product that breaks a limit nothing; `broken` is the share of shown products that break one; `filled` the share of ten
places filled with products that keep all. Milliseconds are of a whole turn's reading and searching, without a model.

{table}

![Latency and quality by delay of the feature store](images/parallel-study.svg)

Made by `make bench-parallel PRODUCTS=FILE JUDGMENTS=FILE` on the catalogue and judgments of Open Icecat
(querqy/chorus).
"""


def write(results: Results, queries: int, products: int, out: Path) -> None:
    """`parallel-study.md` in `out`, and its plot in `out/images`."""
    page = _TEXT.format(queries=queries, products=products, table="\n".join(table(results)))
    (out / "parallel-study.md").write_text(page, encoding="utf-8")
    _plot(results, out / "images" / "parallel-study.svg")


def table(results: Results) -> list[str]:
    rows = [
        "| features after | design | p50 | p90 | p50 to features first | nDCG@10 | broken | filled |",
        "|---:|---|---:|---:|---:|---:|---:|---:|",
    ]
    for delay, by_design in results.items():
        base = by_design["features_first"].p50_ms
        rows += [
            f"| {delay} ms | {_LABELS[name]} | {one.p50_ms:.1f} ms | {one.p90_ms:.1f} ms | {one.p50_ms / base:.2f} "
            f"| {one.ndcg:.3f} | {one.broken:.1%} | {one.filled:.0%} |"
            for name, one in by_design.items()
        ]
    return rows


def _plot(results: Results, path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams["svg.hashsalt"] = "shelfwise"
    from matplotlib import pyplot

    figure, (latency, quality) = pyplot.subplots(1, 2, figsize=(10, 3.8), layout="constrained")
    for name, colour in _COLOURS.items():
        found = [results[str(delay)][name] for delay in DELAYS_MS]
        latency.plot(DELAYS_MS, [one.p50_ms for one in found], "o-", color=colour, label=_LABELS[name])
        quality.plot(DELAYS_MS, [one.ndcg for one in found], "o-", color=colour, label=_LABELS[name])
    for axes, label in ((latency, "turn, p50 (ms)"), (quality, "nDCG@10 within the limits")):
        axes.set_xscale("log")
        axes.set_xticks(DELAYS_MS, [str(delay) for delay in DELAYS_MS])
        axes.minorticks_off()
        axes.set_xlabel("the feature store answers after (ms)")
        axes.set_ylabel(label)
        axes.set_ylim(bottom=0)
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
    latency.legend(frameon=False)
    figure.savefig(path, metadata={"Date": None})
