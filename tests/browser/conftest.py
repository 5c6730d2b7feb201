from __future__ import annotations

import importlib.util
import shutil
import socket
import sys
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn

from app.api import DemoShopper, Sessions, create_app
from tests.support.scripted_counter import open_counter
from tests.support.scripted_services import ScriptedServices

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is missing: uv sync --group browser")

ROOT = Path(__file__).parents[2]
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE_MS = 30_000  # on a machine that is busy; nothing here is a measurement of speed
SCREENS = {"phone": (360, 740), "tablet": (768, 1024), "desktop": (1280, 860)}
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400"><rect width="400" height="400" fill="#dfe6dd"/>'
    '<path d="M120 250q60-20 70-110l80 40q20 60 40 90t-20 40H130q-30-20-10-60z" fill="#5d7f8f"/></svg>'
)


@pytest.fixture(scope="session")
def script():
    """The module of the scripted assistant."""
    spec = importlib.util.spec_from_file_location(
        "scripted_assistant", ROOT / "tests" / "support" / "scripted_assistant.py"
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses and pydantic look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")  # not longer: Playwright's running loop would break asynchronous tests elsewhere
def browser():
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is missing: apt-get install chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def now():
    """The shop's time, as a list of one for tests to change."""
    return [datetime.now(UTC)]


@pytest.fixture
def counter(script, tmp_path, now):
    with open_counter(tmp_path / "shop.db", script.PRODUCTS.values(), lambda: now[0]) as counter:
        yield counter


@pytest.fixture
def assistant(script, counter):
    return script.ScriptedAssistant(counter)


@pytest.fixture
def services(assistant):
    """What the shop keeps about shoppers, and hears from the page."""
    return ScriptedServices(assistant)


@pytest.fixture
def address(assistant, services, script, tmp_path):
    """A served page; the pictures of two products exist, the others' do not."""
    for name in ("RUN-0101", "RUN-0102", "RUN-0104"):
        (tmp_path / f"{name}.svg").write_text(PICTURE)
    app = create_app(
        assistant,
        identity=DemoShopper(Sessions("s" * 32)),
        products_lookup=script.find_product,
        shoppers=script.SHOPPERS,
        images_dir=tmp_path,
        services=services.services(),
    )
    with _served(app) as url:
        yield url
        assistant.released.set()


@pytest.fixture(scope="session")
def serve():
    """Serves an application, as a context that gives its address."""
    return _served


@contextmanager
def _served(app):
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture
def ask():
    """Sends a question by keyboard."""

    def send(page, question="What should I buy?"):
        page.get_by_label("Your question").fill(question)
        page.keyboard.press("Enter")

    return send


@pytest.fixture(params=["phone", "desktop"])
def screen(request):
    return request.param


@pytest.fixture
def open_page(browser, address):
    """Opens the page; the test fails on any error in the console, a refused resource or a request elsewhere."""
    contexts, troubles = [], []

    def open_at(path="/", *, screen="desktop", scheme="light", locale="en-US", touch=False):
        width, height = SCREENS[screen]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            locale=locale,
            reduced_motion="reduce",
            has_touch=touch,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: troubles.append(message.text) if _is_trouble(message) else None)
        page.on("request", lambda request: None if request.url.startswith(address) else troubles.append(request.url))
        page.goto(address + path)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert troubles == []


def _is_trouble(message):
    """A page handles a refused request itself; Chromium reports it all the same."""
    return message.type == "error" and not message.text.startswith("Failed to load resource")


@pytest.fixture
def accessible():
    """Has axe-core find nothing serious on the page as it stands."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is missing: uv sync --group browser")

    def check(page):
        found = axe.Axe().run(page).response
        assert len(found["passes"]) > 10
        grave = [each for each in found["violations"] if each["impact"] in ("serious", "critical")]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in grave] == []

    return check


@pytest.fixture(scope="session")
def artefacts():
    folder = ROOT / "artefacts" / "screens"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
