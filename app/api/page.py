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
from graphs.turn import Lang

WEB = Path(__file__).parent.parent / "web"
STATIC = WEB / "static"
LANGS: tuple[Lang, ...] = get_args(Lang)
_IMPORTED = re.compile(r'^import .* from "\./([\w.]+)";$', re.MULTILINE)  # what is fetched later is imported in a call


@dataclass(frozen=True, slots=True)
class Page:
    """The words of one language travel with the page, those of another when it is switched to."""

    shoppers: Sequence[ShopperOption]
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
        strings = {lang: json.loads((WEB / "strings" / f"{lang}.json").read_text("utf-8")) for lang in LANGS}
        imported = {name for script in STATIC.glob("*.js") for name in _IMPORTED.findall(script.read_text("utf-8"))}
        return cls(shoppers, strings, environment, sorted(imported))

    def render(self, lang: Lang) -> str:
        data: dict[str, Any] = {
            "lang": lang,
            "shoppers": [asdict(shopper) for shopper in self.shoppers],
            "strings": {lang: self.strings[lang]},
        }
        template = self.environment.get_template("page.html.j2")
        return template.render(lang=lang, t=self.strings[lang], shoppers=self.shoppers, modules=self.modules, data=data)


def language_of(asked: str | None, accepted: str) -> Lang:
    """What the address says, else the first of ours in `Accept-Language`, else English."""
    wanted = [asked or "", *(part.split(";")[0] for part in accepted.split(","))]
    known = (tag.strip().lower().partition("-")[0] for tag in wanted)
    return cast(Lang, next((lang for lang in known if lang in LANGS), "en"))
