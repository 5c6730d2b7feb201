"""Experiments on their way into a file: what was measured is said beside what came of it."""

from __future__ import annotations

import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from app.clock import utc_now

if TYPE_CHECKING:
    from app.evaluation.experiments.record import Experiment
    from app.settings import Settings

_FILE = Path(__file__)


def require_room(out: Path | None) -> None:
    """Before anything is measured for it. Raises EvaluationError when the file could not be written."""
    from app.evaluation.experiments.files import require_writable

    if out is not None:
        require_writable(out)


def keep(experiment: Experiment, out: Path) -> None:
    """Raises EvaluationError when nothing was played, or the file cannot be written."""
    from app.evaluation.experiments.files import write_experiment
    from app.evaluation.rows import EvaluationError

    if not experiment.cases:
        raise EvaluationError(f"nothing was played: {out} is not written")
    write_experiment(experiment, out)
    typer.echo(f"written to {out}; see: shelfwise eval experiments show {out}", err=True)


def named(experiment: str | None, played: Path) -> str:
    """As it was called, else for what was played and when: a name twice would be one project of traces."""
    return experiment or f"{played.resolve().stem}-{utc_now():%Y%m%dT%H%M%S}"


def measured(settings: Settings) -> dict[str, str]:
    """The model that answers, and the code."""
    model = settings.model if settings.openai_api_key else "composer"
    return {"model": model, "version": code_version()}


def code_version() -> str:
    """Of the package; where this file is kept in git also the commit, and whether anything was changed since."""
    released = version("shelfwise")
    if _git("ls-files", "--error-unmatch", _FILE.name) is None:
        return released  # installed; the repository around it, if any, is somebody else's
    return f"{released} ({_git('describe', '--always', '--dirty', '--abbrev=12')})"


def _git(*asked: str) -> str | None:
    """None where there is no git, or it has no answer."""
    git = shutil.which("git")
    if git is None:
        return None
    told = subprocess.run([git, "-C", str(_FILE.parent), *asked], capture_output=True, text=True, check=False)  # noqa: S603
    return told.stdout.strip() if told.returncode == 0 else None
