"""Experiments in files: one JSON object, plain or .gz by its name."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from app.evaluation.experiments.record import Experiment
from app.evaluation.rows import EvaluationError, read_text


def write_experiment(experiment: Experiment, path: Path) -> None:
    """Replaces the file whole or not at all. Raises EvaluationError when it cannot be written."""
    text = experiment.model_dump_json(indent=1).encode() + b"\n"
    with written(path) as beside:
        beside.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
        beside.replace(path)


def require_writable(path: Path) -> None:
    """Asked before something is measured for an hour. Raises EvaluationError; what is there already stays."""
    with written(path) as beside:
        beside.touch()
        beside.unlink()


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """The name of a file beside it, to be written and put in its place. Raises EvaluationError for what fails.

    A directory or a device is refused: a device would be replaced by a file.
    """
    if path.exists() and not path.is_file():
        raise EvaluationError(f"{path} cannot be written: it is no file")
    try:
        yield path.with_name(f".{path.name}.part")
    except OSError as error:
        raise EvaluationError(f"{path} cannot be written: {error.strerror or error}") from None


def read_experiment(path: Path) -> Experiment:
    """Raises EvaluationError for a file that is no experiment, holds no trial, or has two cases of one id."""
    try:
        experiment = Experiment.model_validate_json(read_text(path))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise EvaluationError(f"{path} is not an experiment: {f'{place}: ' if place else ''}{first['msg']}") from None
    if not experiment.cases:
        raise EvaluationError(f"{path} holds no cases")
    twice = [case_id for case_id, times in Counter(case.id for case in experiment.cases).items() if times > 1]
    if twice:
        raise EvaluationError(f"{path}: the case id {twice[0]!r} is used twice")
    unplayed = [case.id for case in experiment.cases if not case.trials]
    if unplayed:
        raise EvaluationError(f"{path}: the case {unplayed[0]!r} holds no trials")
    return experiment
