"""Experiments on their way into a file: what was measured is said beside what came of it."""

from __future__ import annotations

import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from app.evaluation.experiments.record import Experiment
    from app.settings import Settings

_HERE = Path(__file__).parent


def keep(experiment: Experiment, out: Path) -> None:
    """Raises EvaluationError when nothing was played, or the file cannot be written."""
    from app.evaluation.experiments.files import write_experiment
    from app.evaluation.rows import EvaluationError

    if not experiment.cases:
        raise EvaluationError(f"nothing was played: {out} is not written")
    write_experiment(experiment, out)
    typer.echo(f"written to {out}; see: shelfwise eval experiments show {out}", err=True)


def measured(settings: Settings) -> dict[str, str]:
    """The model that answers, and the code."""
    model = settings.model if settings.openai_api_key else "composer"
    return {"model": model, "version": code_version()}


def code_version() -> str:
    """Of the package; in a checkout also the commit, and whether anything was changed since."""
    released, git = version("shelfwise"), shutil.which("git")
    if git is None:
        return released
    describe = [git, "-C", str(_HERE), "describe", "--always", "--dirty", "--abbrev=12"]
    told = subprocess.run(describe, capture_output=True, text=True, check=False)  # noqa: S603 - fixed arguments
    return f"{released} ({told.stdout.strip()})" if told.returncode == 0 else released
