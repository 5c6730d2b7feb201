from __future__ import annotations

import json
import re
from typing import get_args

import pytest
from fastapi.testclient import TestClient

from app.api import Sessions, ShopperOption, create_app
from app.api.page import STATIC, WEB, language_of
from app.api.profile import Source
from graphs.prompts.phrases import Phrases
from retrievers.catalogue import DocumentType
from retrievers.records import FilterOrigin
from tools.account import ACCOUNT_INTENTS
from tools.orders import ORDER_INTENTS
from tools.records import ActionStatus


def page_data(html):
    return json.loads(re.search(r'id="page-data">(.*?)</script>', html, re.S).group(1))


def words(lang, *parts):
    """Of a language; those of the first paint are in the part without a name."""
    files = [WEB / "strings" / f"{lang}{part}.json" for part in parts or ("", ".later")]
    return {key: text for file in files for key, text in json.loads(file.read_text("utf-8")).items()}


def test_the_page_offers_the_shoppers(client):
    html = client.get("/").text

    assert re.findall(r'name="shopper" value="(\w+)"', html) == ["maya", "jonas", "priya"]
    assert "Looked at winter coats for 20 minutes yesterday" in html
    assert page_data(html)["shoppers"][0]["suggestions"]["en"][0] == "What should I buy?"


def test_without_shoppers_there_is_no_switch(assistant, script):
    client = TestClient(create_app(assistant, identity=Sessions("s" * 32), products_lookup=script.find_product))

    assert 'name="shopper"' not in client.get("/").text


def test_a_name_cannot_break_out_of_the_page(assistant, script):
    shopper = ShopperOption("eve", "</script><b>", {"en": "<i>", "ko": "<i>"})
    app = create_app(assistant, identity=Sessions("s" * 32), products_lookup=script.find_product, shoppers=[shopper])

    html = TestClient(app).get("/").text

    assert "<b>" not in html
    assert "<i>" not in html
    assert page_data(html)["shoppers"][0]["name"] == "</script><b>"


@pytest.mark.parametrize(
    ("asked", "accepted", "expected"),
    [
        ("ko", "en", "ko"),
        (None, "ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        (None, "de,fr", "en"),
        ("xx", "", "en"),
        (None, "de, ko;q=0.5", "ko"),
    ],
)
def test_the_language_is_the_address_then_the_browser_then_english(asked, accepted, expected):
    assert language_of(asked, accepted) == expected


def test_a_product_has_an_address_of_its_own(client):
    response = client.get("/products/RUN-0101?lang=ko")

    assert response.status_code == 200
    assert '<html lang="ko">' in response.text


def test_both_languages_have_every_string():
    english, korean = (words(lang) for lang in ("en", "ko"))

    untold = {key for key in korean if key.startswith("error_")}  # the server's own line is English
    assert english.keys() == korean.keys() - untold
    assert words("en", "").keys() == words("ko", "").keys() - untold
    assert not words("en", "").keys() & words("en", ".later").keys()
    for key, text in english.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", korean[key])), key


def test_a_refusal_a_page_has_words_for_is_one_the_server_makes():
    server = "".join(path.read_text("utf-8") for path in (WEB.parent / "api").glob("*.py"))
    codes = {key.removeprefix("error_") for key in words("ko") if key.startswith("error_")}

    assert {"too_large", "unauthorized", "invalid_request", "records_unavailable", "profile_unavailable"} <= codes
    assert all(f'"{code}"' in server for code in codes)


def test_every_string_the_page_uses_exists():
    script = "".join(path.read_text("utf-8") for path in STATIC.glob("*.js"))
    template = (WEB / "page.html.j2").read_text("utf-8")
    used = {*re.findall(r'\bt\("(\w+)"', script), *re.findall(r'data-t(?:-\w+)?="(\w+)"', template)}

    assert len(used) > 20
    assert used <= words("en").keys()


def test_the_first_paint_brings_every_word_it_uses(client):
    announced = set(re.findall(r'href="/static/([\w.]+\.js)"', client.get("/").text)) | {"app.js"}
    script = "".join((STATIC / name).read_text("utf-8") for name in announced)
    template = (WEB / "page.html.j2").read_text("utf-8")
    used = {*re.findall(r'\bt\("(\w+)"', script), *re.findall(r'data-t(?:-\w+)?="(\w+)"', template)}

    assert len(used) > 20
    assert used <= words("en", "").keys()


def test_every_kind_of_thing_has_a_word():
    strings = words("en")

    assert {f"kind_{kind}" for kind in DocumentType} <= strings.keys()
    assert {f"because_{origin}" for origin in get_args(FilterOrigin)} <= strings.keys()
    assert {f"known_{group}" for group in ("aside", "used", "default", "unused", "stale", "blank")} <= strings.keys()
    assert {f"known_from_{source}" for source in set(get_args(Source)) - {"default"}} <= strings.keys()


def test_every_module_is_announced_or_fetched_later_and_revalidated(client):
    html = client.get("/").text
    announced = set(re.findall(r'rel="modulepreload" href="/static/([\w.]+)"', html))
    scripts = {path.name: path.read_text("utf-8") for path in STATIC.glob("*.js")}
    later = {name for text in scripts.values() for name in re.findall(r'import\("\./([\w.]+)"\)', text)}

    assert {"compare.js", "known.js", "product.js", "threads.js"} <= later
    assert not announced & later
    for name in announced | {"app.js"}:
        assert set(re.findall(r'^import .* from "\./([\w.]+)"', scripts[name], re.M)) <= announced, name
    assert client.get("/static/app.js").headers["cache-control"] == "no-cache"


def test_the_page_greets_the_first_shopper_before_any_script_runs(client):
    html = client.get("/").text

    assert "What are you looking for, Maya?" in html
    assert '<button type="button">Which socks prevent blisters?</button>' in html


def test_whatever_can_be_proposed_and_every_state_of_an_order_has_a_word():
    strings = words("en")
    proposed = {intent.name for intent in (*ORDER_INTENTS, *ACCOUNT_INTENTS)}
    states = Phrases.load("en").table["states"]

    assert len(proposed) > 5
    assert {f"tool_{name}" for name in proposed} <= strings.keys()
    assert {f"state_{state}" for state in states} <= strings.keys()
    assert {f"action_{status}" for status in get_args(ActionStatus)} <= strings.keys()


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_decision_is_said_as_the_conversation_keeps_it(lang):
    phrases = Phrases.load(lang)

    for word in ("accepted", "declined"):
        assert words(lang)[word] == phrases.text("actions", word)


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_page_is_light_and_asks_no_other_host(client, lang):
    page = client.get(f"/?lang={lang}")
    loaded = set(re.findall(r'(?:src|href)="(/static/[\w.]+)"', page.text))
    assert {"/static/app.js", "/static/turn.js", "/static/style.css", "/static/icon.svg"} <= loaded
    parts = [page, *map(client.get, sorted(loaded))]

    assert all(part.status_code == 200 for part in parts)
    assert sum(len(part.content) for part in parts) < 100_000
    assert {part.headers["content-encoding"] for part in parts if len(part.content) > 1000} == {"gzip"}
    for part in parts:
        assert set(re.findall(r"https?://[\w.]+", part.text)) <= {"http://www.w3.org"}


def test_the_words_of_a_language_are_served_with_the_page_or_by_themselves(client):
    strings = {lang: client.get(f"/strings/{lang}.json").json() for lang in ("en", "ko")}

    for lang, told in strings.items():
        assert page_data(client.get(f"/?lang={lang}").text)["strings"] == {lang: words(lang, "")}
        assert told == words(lang) | {
            f"notice_{key}": text for key, text in Phrases.load(lang).table["notices"].items()
        }
    assert strings["ko"]["send"] == "질문하기"
    assert client.get("/strings/xx.json").status_code == 422
