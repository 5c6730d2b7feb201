"""Makes the README's screenshot from the real page: `make screenshots`.

Serves the demo store of the data directory given, asks as each shopper in a headless Chromium, and saves PNG files
beside this script.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
QUESTION = "what should I buy?"
PORT = 8471
START_UP_S = 600  # a first run builds the store


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


def shoot(browser: Browser, address: str, name: str, shopper: str, width: int, height: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=1.5)
    page.goto(address)
    page.locator(f"input[value={shopper}]").check()
    page.get_by_label("Your question").fill(QUESTION)
    page.keyboard.press("Enter")
    page.get_by_text("own composer").wait_for()
    page.wait_for_load_state("networkidle")
    page.evaluate("window.scrollTo(0, 0)")
    page.screenshot(path=HERE / f"{name}.png")
    page.close()


def main(data: str) -> None:
    with served(data) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        shoot(browser, address, "maya", "maya", 1280, 900)
        shoot(browser, address, "jonas", "jonas", 1280, 900)
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
