"""Makes the README's pictures from the real page: `make screenshots`.

Serves the demo store of the data directory given, shops in a headless Chromium, and saves PNG files and one animated
WebP beside this script.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
PORT = 8471
START_UP_S = 600  # a first run builds the store
FILM = (1120, 720)
LOOK_MS, STEP_MS, TYPE_MS = 2600, 1100, 220  # how long a picture of the film stays: to read, to follow, while typing


@dataclass(frozen=True)
class Shot:
    """One picture; `cited` is the place in the answer of the citation to open, the shopper's own facts not counted.

    `opened` is the place of the card whose page is to be shown instead of the answer.
    """

    name: str
    shopper: str
    question: str
    width: int = 1280
    height: int = 860
    scale: float = 1
    scheme: Literal["light", "dark"] = "light"
    cited: int | None = None
    opened: int | None = None


SHOTS = (
    Shot("desktop", "jonas", "What should I buy?"),
    Shot("citation", "priya", "Which office chair helps against back pain?", cited=3),
    Shot("product", "priya", "Which office chair helps against back pain?", height=1000, opened=0),
    Shot("phone", "maya", "What should I buy?", 360, 740, 2, "dark"),
)


@dataclass
class Film:
    """Pictures of one page with how long each stays."""

    page: Page
    frames: list[Image.Image] = field(default_factory=list)
    durations_ms: list[int] = field(default_factory=list)

    def take(self, duration_ms: int) -> None:
        self.page.wait_for_load_state("networkidle")
        picture = Image.open(io.BytesIO(self.page.screenshot()))
        self.frames.append(picture.convert("RGB"))
        self.durations_ms.append(duration_ms)

    def save(self, path: Path) -> None:
        first, *rest = self.frames
        first.save(path, save_all=True, append_images=rest, duration=self.durations_ms, loop=0, quality=72, method=6)


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
    if shot.opened is not None:
        page.locator(".card a").nth(shot.opened).click()
        page.locator("#product-title").wait_for()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=HERE / f"{shot.name}.png")
    page.close()


def film(browser: Browser, address: str) -> None:
    """A limit of the shopper's is set aside and put back, a source is opened, and the product behind it."""
    page = browser.new_page(viewport={"width": FILM[0], "height": FILM[1]}, reduced_motion="reduce")
    page.goto(address)
    page.locator("input[value=priya]").check(force=True)
    page.locator("#known button").first.wait_for()
    roll = Film(page)
    roll.take(STEP_MS)
    _type(roll, "an office chair for long days")
    page.keyboard.press("Enter")
    page.get_by_text("own composer").wait_for()
    roll.take(LOOK_MS)
    for _ in range(2):
        switch = page.get_by_role("switch", name="Use “Budget limit” for answers")
        switch.focus()
        roll.take(STEP_MS)
        switch.press("Space")
        page.locator(".changed").wait_for()
        page.locator("#known-change", has_text=":").wait_for()
        roll.take(LOOK_MS)
    page.locator(".answer .cite:not(.personal)").nth(1).click()
    roll.take(LOOK_MS)
    page.keyboard.press("Escape")
    page.locator(".card a").first.click()
    page.locator("#product-title").wait_for()
    roll.take(LOOK_MS)
    roll.save(HERE / "shelfwise.webp")
    page.close()


def _type(roll: Film, text: str) -> None:
    """A word at a time."""
    said = ""
    for word in text.split():
        said = f"{said} {word}".strip()
        roll.page.get_by_label("Your question").fill(said)
        roll.take(TYPE_MS)


def main(data: str) -> None:
    with served(data) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        film(browser, address)  # first: whatever is looked at counts in the answers after it
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
