"""The page as a file: whole, without script or request, and nobody's text taken for markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.evaluation.experiments.record import Experiment, Fault, Trial
from app.evaluation.experiments.report import report, write_report
from app.evaluation.rows import EvaluationError
from tests.support.experiments import case, experiment, trial

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'$x$"
VOID = {"meta", "br", "img", "link", "input", "hr"}


class Page(HTMLParser):
    """Tags in order, ids, visible text; a tag that does not close is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def of(name: str, passed: int) -> Experiment:
    """Twelve cases of three trials; the first `passed` always pass, the others never."""
    failing = Trial(
        passed=False,
        faults=(Fault(label="infrastructure", check="turn 1", detail=EVIL),),
        run_ids=("run-7",),
        latency_ms=80.0,
    )
    good = trial(True, precision=0.9, turns=3.0).model_copy(update={"latency_ms": 20.0, "cost_usd": 0.1})
    cases = [case(f"{EVIL}{i}", *[good if i < passed else failing] * 3, tags=(EVIL,)) for i in range(12)]
    return experiment(*cases, name=name, model=EVIL)


@pytest.fixture(scope="module")
def page() -> str:
    return report(of(f"was {EVIL}", 12), of(f"is {EVIL}", 4))


def test_it_holds_no_script_and_names_no_other_place(page: str) -> None:
    parsed = Page(page)
    assert not {"script", "img", "link", "iframe", "object", "image"} & set(parsed.tags)
    assert not [name for name, _ in parsed.attributes if name.startswith("on")]
    assert not [value for name, value in parsed.attributes if name in ("src", "href", "xlink:href") and value[0] != "#"]
    assert "default-src 'none'" in page
    assert not re.findall(r"@import|url\((?!#)", page)


def test_every_text_is_shown_as_it_is(page: str) -> None:
    parsed = Page(page)
    assert parsed.text.count(EVIL) > 20
    assert EVIL not in page


def test_the_plots_stand_in_it_with_ids_of_their_own_and_the_pages_colours(page: str) -> None:
    parsed = Page(page)
    assert parsed.tags.count("svg") == parsed.tags.count("figure") == 6
    assert len(parsed.ids) == len(set(parsed.ids)) > 50
    used = set(re.findall(r'(?:url\(|href=")#([^)"]+)', page))
    assert used
    assert used <= set(parsed.ids)
    plots = page[page.index("<figure>") : page.rindex("</figure>")]
    assert set(re.findall(r"(?:fill|stroke): (#\w+)", plots)) == set()
    assert {"var(--ink)", "var(--line)", "var(--accent)"} <= set(re.findall(r"var\(--\w+\)", plots))


def test_it_says_what_changed_and_why_each_failure_happened(page: str) -> None:
    text = " ".join(Page(page).text.split())
    assert "pass^1 is lower than before by 0.667." in text
    assert "Got worse: 8" in text
    assert "infrastructure 24" in text
    assert "Trial 3: infrastructure traces run-7" in text
    assert "pass^1 without gold and infrastructure" in text
    assert "Cost a trial$0.1000" in text.replace("trial $", "trial$")


def test_the_same_experiments_give_the_same_file(page: str) -> None:
    assert report(of(f"was {EVIL}", 12), of(f"is {EVIL}", 4)) == page


def test_one_alone_with_single_trials_and_nothing_measured(tmp_path: Path) -> None:
    write_report(experiment(case("a", True), case("b", True)), None, tmp_path / "report.html")
    parsed = Page((tmp_path / "report.html").read_text("utf-8"))
    assert "Every trial passed." in parsed.text
    assert parsed.tags.count("svg") == 1
    with pytest.raises(EvaluationError, match="cannot be written"):
        write_report(experiment(case("a", True)), None, tmp_path)
