"""An experiment as JUnit XML: a suite a group, a test a case, which fails when any of its trials did."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from junitparser import Failure, JUnitXml, TestCase, TestSuite

from app.evaluation.experiments.files import written
from app.evaluation.experiments.outcomes import LABELS, is_flaky, label_of, runs_of
from app.evaluation.experiments.record import Case, Experiment

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2


def write_junit(experiment: Experiment, path: Path) -> None:
    """Raises EvaluationError when the file cannot be written."""
    with written(path) as beside:
        junit(experiment).write(str(beside), pretty=True)
        beside.replace(path)


def junit(experiment: Experiment) -> JUnitXml:
    report = JUnitXml(_clean(experiment.name))
    for group in dict.fromkeys(case.group for case in experiment.cases):
        suite = TestSuite(_clean(group))
        suite.timestamp = experiment.created.isoformat()
        for name, value in experiment.settings.items():
            suite.add_property(_clean(name), _clean(value))
        suite.add_testcases([_test(case, experiment) for case in experiment.cases if case.group == group])
        report.add_testsuite(suite)
    report.update_statistics()  # type: ignore[no-untyped-call]
    return report


def _test(case: Case, experiment: Experiment) -> TestCase:
    """Its time is the sum of its trials' slowest turns, in seconds."""
    took_s = sum(trial.latency_ms or 0.0 for trial in case.trials) / 1000
    test = TestCase(_clean(case.id), _clean(f"{experiment.kind}.{case.group}"), round(took_s, 3))
    if failure := _failure(case):
        test.result = [failure]
    return test


def _failure(case: Case) -> Failure | None:
    """Of the label that weighs most among its trials. A flaky case says so first: CI shows the message in its lists."""
    runs, labels = runs_of(case), {label_of(trial) for trial in case.trials}
    label = next((each for each in LABELS if each in labels), None)
    if label is None:
        return None
    message = f"{'flaky: ' if is_flaky(case) else ''}{runs.played - runs.passed} of {runs.played} trials failed"
    failure = Failure(message, label)
    failure.text = _clean("\n".join(_told(case)))
    return failure


def _told(case: Case) -> Iterator[str]:
    for number, trial in enumerate(case.trials, 1):
        if not trial.passed:
            yield f"trial {number}: {label_of(trial)}{f' (trace {trial.run_ids[-1]})' if trial.run_ids else ''}"
            yield from (f"  {fault.label}: {fault.check}: {fault.detail}" for fault in trial.faults)


def _clean(text: str) -> str:
    """Without what XML cannot hold, however it is written."""
    return _NO_XML.sub("\ufffd", text)
