"""The shop's written content, as loaded from the files beside this module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

from app.demo.phrases import Phrase, phrases

CONTENT = files("app.demo") / "content"
_PARTS = ("shelves", "opinions")


@dataclass(frozen=True, slots=True)
class Brand:
    """`tier` in [0, 1] places its prices within a line's range; `quality` in [-1, 1] is what reviewers will find."""

    name: str
    tier: float
    quality: float
    kinds: tuple[str, ...]  # empty: every kind of the shelf
    says: tuple[Phrase, ...]

    def makes(self, kind: str) -> bool:
        return not self.kinds or kind in self.kinds


@dataclass(frozen=True, slots=True)
class Aspect:
    """Something reviewers judge. `driver` names the attribute that decides it: `low` disappoints, `high` delights.

    Each remark is a clause with its own subject and verb, so that it stands alone or after "but". A `flaw` is one a
    pleased customer lives with; `bad` spoils the purchase. `label` names it in a headline, None where none would.
    """

    name: str
    label: str | None
    driver: str | None
    low: float
    high: float
    good: tuple[Phrase, ...]
    flaw: tuple[Phrase, ...]
    bad: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A product line: its noun in titles and the attributes that belong together.

    A pair of numbers is a range from the cheap end to the dear end, a list of strings a choice, `{of: [...]}` a choice
    of numbers; anything else is taken as it stands.
    """

    noun: str
    share: int
    price: tuple[float, float]
    attributes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    shelf: str
    title: Phrase
    count: int
    names: tuple[str, ...]
    marks: tuple[str, ...]
    colours: tuple[str, ...]
    lines: tuple[Line, ...]
    openings: tuple[Phrase, ...]
    bodies: tuple[Phrase, ...]
    closings: tuple[Phrase, ...]
    situations: tuple[Phrase, ...]
    times: tuple[Phrase, ...]
    faults: tuple[Phrase, ...]
    aspects: tuple[Aspect, ...]


@dataclass(frozen=True, slots=True)
class Department:
    category: str
    code: str
    brands: tuple[Brand, ...]
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Voices:
    """What reviewers say whatever they bought: frames by mood, closing sentences, times and remarks on value."""

    frames: Mapping[str, tuple[Phrase, ...]]
    closes: Mapping[str, tuple[Phrase, ...]]
    headlines: Mapping[str, tuple[Phrase, ...]]
    times: tuple[Phrase, ...]
    value: Aspect


@dataclass(frozen=True, slots=True)
class Habits:
    """Kinds that run out and are bought again, and by kind the kinds bought in the same order."""

    replenished: tuple[str, ...]
    together: Mapping[str, tuple[str, ...]]


def departments() -> tuple[Department, ...]:
    """What each department sells (`shelves`), with what its customers say (`opinions`)."""
    names = sorted(entry.name for entry in (CONTENT / "shelves").iterdir())
    read = {part: [_load((CONTENT / part / name).read_text("utf-8")) for name in names] for part in _PARTS}
    return tuple(
        _department(shelf, opinions) for shelf, opinions in zip(read["shelves"], read["opinions"], strict=True)
    )


def voices() -> Voices:
    raw = _load((CONTENT / "voices.yaml").read_text("utf-8"))
    grouped = {
        part: {mood: phrases(text) for mood, text in raw[part].items()} for part in ("frames", "closes", "headlines")
    }
    return Voices(
        frames=grouped["frames"],
        closes=grouped["closes"],
        headlines=grouped["headlines"],
        times=phrases(raw["times"]),
        value=_aspect("value", raw["value"]),
    )


def palette() -> dict[str, str]:
    """Colour name to `#rrggbb`."""
    colours: dict[str, str] = _load((CONTENT / "palette.yaml").read_text("utf-8"))
    return colours


def personas() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = _load((CONTENT / "featured.yaml").read_text("utf-8"))
    return entries


def habits() -> Habits:
    raw = _load((CONTENT / "habits.yaml").read_text("utf-8"))
    return Habits(tuple(raw["replenished"]), {kind: tuple(kinds) for kind, kinds in raw["together"].items()})


def silhouettes() -> dict[str, str]:
    """Kind, or kind with its terrain or material, to the name of a drawing."""
    drawings: dict[str, str] = _load((CONTENT / "silhouettes.yaml").read_text("utf-8"))
    return drawings


def materials() -> dict[str, tuple[Phrase, ...]]:
    raw = _load((CONTENT / "materials.yaml").read_text("utf-8"))
    return {name: phrases(text) for name, text in raw.items()}


def _load(text: str) -> Any:
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe loaders


def _department(raw: Mapping[str, Any], opinions: Mapping[str, Any]) -> Department:
    return Department(
        category=raw["category"],
        code=raw["code"],
        brands=tuple(_brand(name, entry) for name, entry in raw["brands"].items()),
        kinds=tuple(_kind(name, {**entry, **opinions[name]}) for name, entry in raw["kinds"].items()),
    )


def _brand(name: str, raw: Mapping[str, Any]) -> Brand:
    return Brand(name, raw["tier"], raw["quality"], tuple(raw.get("kinds", ())), phrases(raw["says"]))


def _kind(name: str, raw: Mapping[str, Any]) -> Kind:
    common = raw.get("attributes", {})
    return Kind(
        name=name,
        shelf=raw["shelf"],
        title=Phrase.parse(raw.get("title", "$brand $model $noun, $colour")),
        count=raw["count"],
        names=tuple(raw["names"].split()),
        marks=tuple(raw.get("marks", ["", "", "2"])),
        colours=tuple(raw["colours"]),
        lines=tuple(_line(noun, entry, common) for noun, entry in raw["lines"].items()),
        openings=phrases(raw["open"]),
        bodies=phrases(raw["body"]),
        closings=phrases(raw["close"]),
        situations=phrases(raw["situations"]),
        times=phrases(raw.get("times")),
        faults=phrases(raw["faults"]),
        aspects=tuple(_aspect(aspect, entry) for aspect, entry in raw["aspects"].items()),
    )


def _line(noun: str, raw: Mapping[str, Any], common: Mapping[str, Any]) -> Line:
    own = {key: value for key, value in raw.items() if key not in ("share", "price")}
    low, high = raw["price"]
    return Line(noun, raw.get("share", 1), (low, high), {**common, **own})


def _aspect(name: str, raw: Mapping[str, Any]) -> Aspect:
    low, high = raw.get("range", (0, 1))
    remarks = (phrases(raw[mood]) for mood in ("good", "flaw", "bad"))
    return Aspect(name, raw.get("label", name), raw.get("from"), low, high, *remarks)
