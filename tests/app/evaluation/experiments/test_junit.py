from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from junitparser import JUnitXml

from app.evaluation.experiments.junit import write_junit
from app.evaluation.experiments.record import Fault, Trial
from app.evaluation.rows import EvaluationError
from tests.support.experiments import case, experiment, trial

ODD = Trial(
    passed=False,
    faults=(Fault(label="gold", check="turn 2", detail="</failure> \x00\x1b[31m & ]]>"),),
    run_ids=("run-1", "run-2"),
    latency_ms=1500.0,
)


def test_a_suite_a_group_a_test_a_case(tmp_path: Path) -> None:
    kept = experiment(
        case("fine", True, True, group="orders"),
        case("flaky", True, ODD, trial(False, "infrastructure")),
        case("never", trial(False, "infrastructure"), trial(False)),
        model="composer",
    )
    write_junit(kept, tmp_path / "junit.xml")
    report = JUnitXml.fromfile(str(tmp_path / "junit.xml"))
    assert (report.tests, report.failures, report.errors) == (3, 2, 0)
    suites = {suite.name: {test.name: test for test in suite} for suite in report}
    assert {name: list(tests) for name, tests in suites.items()} == {"orders": ["fine"], "cart": ["flaky", "never"]}
    assert suites["orders"]["fine"].is_passed
    (flaky,), (never,) = suites["cart"]["flaky"].result, suites["cart"]["never"].result
    assert (flaky.type, flaky.message) == ("gold", "flaky: 2 of 3 trials failed")
    assert (never.type, never.message) == ("agent", "2 of 2 trials failed")
    assert "trial 2: gold (trace run-2)" in flaky.text
    assert "</failure> \ufffd\ufffd[31m & ]]>" in flaky.text
    assert suites["cart"]["flaky"].time == 1.5


def test_it_is_the_xml_that_ci_reads(tmp_path: Path) -> None:
    """Element and attribute names of the schema that Jenkins, GitLab and GitHub's actions share."""
    write_junit(experiment(case("a", ODD), model="m\x00"), tmp_path / "junit.xml")
    root = ElementTree.parse(tmp_path / "junit.xml").getroot()
    assert root.tag == "testsuites"
    (suite,) = root
    assert {"name", "tests", "failures", "errors", "time", "timestamp"} <= set(suite.keys())
    assert [each.tag for each in suite] == ["properties", "testcase"]
    assert suite.find("testcase").keys() == ["name", "classname", "time"]
    assert suite.find("testcase/failure").keys() == ["message", "type"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="cannot be written"):
        write_junit(experiment(case("a", True)), tmp_path / "nowhere" / "junit.xml")
