"""Several processes behind one address, each with the shop open for itself.

Light to import: a worker loads this module before it answers its supervisor, and the rest after.
"""

from __future__ import annotations

import logging
import os
import signal
from functools import partial
from multiprocessing import parent_process
from threading import Thread
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from app.listening import listen
from app.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

_UNANSWERED_S = 30  # a worker silent for so long is replaced; a busy machine takes seconds to start one

_log = logging.getLogger(__name__)


class WorkersFailed(Exception):
    """A worker could not start; its own message came before."""


def run_workers(settings: Settings, workers: int) -> None:
    """Serves until interrupted and replaces workers that end. Raises OSError (the address), WorkersFailed."""
    config = uvicorn.Config(
        partial(_opened, settings),
        factory=True,
        workers=workers,
        log_level="warning",
        timeout_graceful_shutdown=5,
        timeout_worker_healthcheck=_UNANSWERED_S,
    )
    with listen(settings.host, settings.port) as listener:
        supervisor = Multiprocess(config, sockets=[listener])
        supervisor.run()
    if any(process.exitcode == STARTUP_FAILURE for process in supervisor.processes):
        raise WorkersFailed("a worker could not start; the reason is above")


def _opened(settings: Settings) -> FastAPI:
    """Ends the process when the shop cannot be opened: the supervisor would only try the same again, for ever."""
    Thread(target=_end_with_the_supervisor, name="supervisor", daemon=True).start()
    from app.server import worker_application

    try:
        return worker_application(settings)
    except Exception:
        _log.exception("the shop could not be opened")
        raise SystemExit(STARTUP_FAILURE) from None


def _end_with_the_supervisor() -> None:
    """However it ended: a worker left alone would keep the address and the index, and nobody would know of it."""
    supervisor = parent_process()
    if supervisor is not None:
        supervisor.join()
        os.kill(os.getpid(), signal.SIGTERM)
