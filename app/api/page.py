"""The page: one template, rendered with the shoppers and the words it needs."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast, get_args

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from app.api.ports import ShopperOption
from graphs.prompts.phrases import Phrases
from graphs.turn import Lang

WEB = Path(__file__).parent.parent / "web"
STATIC = WEB / "static"
LANGS: tuple[Lang, ...] = get_args(Lang)
_IMPORTED = re.compile(r'^import .* from "\./([\w.]+)";$', re.MULTILINE)  # what is fetched later is imported in a call


@dataclass(frozen=True, slots=True)
class Page:
    """The words of its first paint travel with the page, all of a language's words when they are asked for."""

    shoppers: Sequence[ShopperOption]
    first_strings: Mapping[Lang, Mapping[str, str]]
    strings: Mapping[Lang, Mapping[str, str]]
    environment: Environment
    modules: Sequence[str]  # what the scripts import at once, announced so that all load together

    @classmethod
    def load(cls, shoppers: Sequence[ShopperOption]) -> Page:
        environment = Environment(
            loader=FileSystemLoader(WEB),
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=select_autoescape(["html.j2"]),
            undefined=StrictUndefined,
        )
        # Korean in six bytes a syllable would weigh more than the page's own script.
        environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
        first = {lang: _strings(lang) for lang in LANGS}
        strings = {lang: {**first[lang], **_strings(f"{lang}.later"), **_notices(lang)} for lang in LANGS}
        return cls(shoppers, first, strings, environment, sorted(_imported_by("app.js")))

    def render(self, lang: Lang) -> str:
        data: dict[str, Any] = {
            "lang": lang,
            "shoppers": [asdict(shopper) for shopper in self.shoppers],
            "strings": {lang: self.first_strings[lang]},
        }
        template = self.environment.get_template("page.html.j2")
        return template.render(
            lang=lang, t=self.first_strings[lang], shoppers=self.shoppers, modules=self.modules, data=data
        )


def _strings(name: str) -> dict[str, str]:
    strings: dict[str, str] = json.loads((WEB / "strings" / f"{name}.json").read_text("utf-8"))
    return strings


def _notices(lang: Lang) -> dict[str, str]:
    """An answer keeps the keys of its notices: told again, it needs their words."""
    return {f"notice_{key}": text for key, text in Phrases.load(lang).table["notices"].items()}


def _imported_by(script: str) -> set[str]:
    """What is imported at once, by way of other scripts too."""
    found: set[str] = set()
    waiting = [script]
    while waiting:
        names = _IMPORTED.findall((STATIC / waiting.pop()).read_text("utf-8"))
        waiting += set(names) - found
        found.update(names)
    return found


def language_of(asked: str | None, accepted: str) -> Lang:
    """What the address says, else the first of ours in `Accept-Language`, else English."""
    wanted = [asked or "", *(part.split(";")[0] for part in accepted.split(","))]
    known = (tag.strip().lower().partition("-")[0] for tag in wanted)
    return cast(Lang, next((lang for lang in known if lang in LANGS), "en"))
