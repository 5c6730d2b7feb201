"""Draws a product's picture: the silhouette of its kind in the product's colour, on a calm ground."""

from __future__ import annotations

from functools import cache
from string import Template
from zlib import crc32

from app.demo.content import CONTENT, palette, silhouettes
from retrievers.catalogue import Product

_CANVAS = Template(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" role="img">'
    '<rect width="400" height="400" fill="$ground"/><circle cx="200" cy="196" r="158" fill="$halo"/>'
    '<ellipse cx="200" cy="338" rx="132" ry="12" fill="#000000" opacity=".10"/>$figure</svg>\n'
)
_ACCENTS = ("mustard", "coral", "teal", "sky", "apricot", "sage", "brick", "cobalt")
_WHITE, _BLACK, _INK = "#ffffff", "#15171c", "#33363e"


def draw(product: Product) -> str:
    """A complete SVG of one to three kilobytes without text or scripts; the same product gives the same bytes."""
    colours = _palette()
    main = colours.get(str(product.attributes.get("colour")), colours["slate"])
    accent = _accent(product.brand or "", main, colours)
    pale = _lightness(main) > 0.8
    shades = {
        "main": main,
        "dark": _mix(main, _BLACK, 0.16 if pale else 0.30),
        "light": _mix(main, _WHITE, 0.55 if pale else 0.32),
        "accent": accent,
        "ink": _INK,
    }
    figure = _figure(_silhouette(product)).substitute(shades)
    # A pale thing on a pale ground has no outline.
    ground = "#d3d8de" if pale else _mix(main, "#f6f3ec", 0.86)
    return _CANVAS.substitute(ground=ground, halo=_mix(ground, _WHITE, 0.12 if pale else 0.5), figure=figure)


def _silhouette(product: Product) -> str:
    """The most specific drawing there is: for the kind in this terrain or material, for the kind, else a parcel."""
    drawings, kind = _silhouettes(), product.kind or ""
    narrower = (f"{kind} {product.attributes.get(name)}" for name in ("terrain", "material"))
    return next((drawings[name] for name in (*narrower, kind) if name in drawings), "parcel")


def _accent(brand: str, main: str, colours: dict[str, str]) -> str:
    """One accent a brand, the next one when it would vanish in the main colour."""
    start = crc32(brand.encode())
    turns = [colours[_ACCENTS[(start + turn) % len(_ACCENTS)]] for turn in range(len(_ACCENTS))]
    return next(accent for accent in turns if _distance(accent, main) > 120)


@cache
def _figure(name: str) -> Template:
    return Template((CONTENT / "pictures" / f"{name}.svg").read_text("utf-8").replace("\n", ""))


@cache
def _palette() -> dict[str, str]:
    return palette()


@cache
def _silhouettes() -> dict[str, str]:
    return silhouettes()


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _mix(colour: str, other: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def _distance(colour: str, other: str) -> int:
    return sum(abs(one - two) for one, two in zip(_channels(colour), _channels(other), strict=True))


def _lightness(colour: str) -> float:
    red, green, blue = _channels(colour)
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255
