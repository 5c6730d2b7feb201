"""The one way from code that waits to code that awaits."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def waited_for(call: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """The coroutine's result, in a loop of its own; in a thread of its own too where this thread's loop is running.

    Such a caller blocks its own loop meanwhile, which is what calling a blocking method means. Context variables, and
    so tracing, go along.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(call())
    context = contextvars.copy_context()
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: context.run(lambda: asyncio.run(call()))).result()
