from __future__ import annotations

from xml.etree import ElementTree

from app.demo.pictures import draw
from app.demo.store import DemoStore
from retrievers.catalogue import Product

_SVG = "{http://www.w3.org/2000/svg}"


def test_every_picture_is_small_plain_svg(store: DemoStore) -> None:
    allowed = {f"{_SVG}{name}" for name in ("svg", "g", "path", "rect", "circle", "ellipse")}
    for product in store.products:
        picture = draw(product)
        assert 500 < len(picture) < 3000
        nodes = list(ElementTree.fromstring(picture).iter())
        assert {node.tag for node in nodes} <= allowed
        assert not [name for node in nodes for name in node.attrib if name.startswith("on") or "href" in name]
        assert "$" not in picture


def test_the_colour_is_the_products(store: DemoStore) -> None:
    shoe = next(product for product in store.products if product.kind == "running shoe")
    lime = shoe.model_copy(update={"attributes": {**shoe.attributes, "colour": "lime"}})
    navy = shoe.model_copy(update={"attributes": {**shoe.attributes, "colour": "navy"}})
    assert "#b5cf3f" in draw(lime)
    assert "#27375c" in draw(navy)


def test_silhouettes_tell_kinds_and_materials_apart(store: DemoStore) -> None:
    same = {"brand": "X", "attributes": {"colour": "teal"}}
    kinds = {product.kind for product in store.products}
    drawn = {draw(Product(product_id="a", title="A", kind=kind, **same)) for kind in kinds}  # type: ignore[arg-type]
    assert len(drawn) >= 40
    wool = Product(product_id="a", title="A", kind="winter coat", attributes={"colour": "teal", "material": "wool"})
    down = Product(product_id="a", title="A", kind="winter coat", attributes={"colour": "teal", "material": "down"})
    assert draw(wool) != draw(down)


def test_an_unknown_kind_is_a_parcel() -> None:
    strange = draw(Product(product_id="a", title="A", kind="submarine"))
    assert strange == draw(Product(product_id="b", title="B", kind="zeppelin"))
