"""Makes the README's screenshots from the real page: `make screenshots`.

Serves the demo store of the data directory given, asks as a shopper in a headless Chromium, and saves PNG files beside
this script.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
PORT = 8471
START_UP_S = 600  # a first run builds the store


@dataclass(frozen=True)
class Shot:
    """One picture; `cited` is the place in the answer of the citation to open, the shopper's own facts not counted."""

    name: str
    shopper: str
    question: str
    width: int = 1280
    height: int = 860
    scale: float = 1
    scheme: Literal["light", "dark"] = "light"
    cited: int | None = None


SHOTS = (
    Shot("desktop", "jonas", "What should I buy?"),
    Shot("citation", "priya", "Which office chair helps against back pain?", cited=3),
    Shot("phone", "maya", "What should I buy?", 360, 740, 2, "dark"),
)


@contextmanager
def served(data: str) -> Iterator[str]:
    """The address of a demo running in a process of its own."""
    address = f"http://127.0.0.1:{PORT}"
    process = subprocess.Popen(["shelfwise", "demo", "--data", data, "--port", str(PORT)])  # noqa: S603, S607 - ours
    try:
        _wait_for(f"{address}/readyz")
        yield address
    finally:
        process.terminate()
        process.wait()


def shoot(browser: Browser, address: str, shot: Shot) -> None:
    page = browser.new_page(
        viewport={"width": shot.width, "height": shot.height},
        device_scale_factor=shot.scale,
        color_scheme=shot.scheme,
        reduced_motion="reduce",
    )
    page.goto(address)
    page.locator(f"input[value={shot.shopper}]").check(force=True)
    page.get_by_label("Your question").fill(shot.question)
    page.keyboard.press("Enter")
    page.get_by_text("own composer").wait_for()
    if shot.cited is not None:
        page.locator(".answer .cite:not(.personal)").nth(shot.cited).click()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=HERE / f"{shot.name}.png")
    page.close()


def main(data: str) -> None:
    with served(data) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for shot in SHOTS:
            shoot(browser, address, shot)
        browser.close()


def _wait_for(url: str) -> None:
    deadline = monotonic() + START_UP_S
    while True:
        try:
            with urllib.request.urlopen(url):  # noqa: S310 - our own loopback address
                return
        except OSError:
            if monotonic() > deadline:
                raise
            sleep(0.5)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else ".shelfwise")
