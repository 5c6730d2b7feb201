from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def shown(open_page, ask, screen):
    page = open_page(screen=screen)
    ask(page)
    page.get_by_text("own composer").wait_for()
    return page


def pick(page, *names):
    for name in names:
        page.locator(".card", has_text=name).get_by_role("checkbox").check()


def test_two_products_side_by_side(shown, accessible, artefacts, screen):
    pick(shown, "Tarn Cushioned")
    assert shown.locator(".compare").is_hidden()
    pick(shown, "Corrie Reflective")

    shown.get_by_role("button", name="Compare these 2").click()

    table = shown.get_by_role("dialog", name="Side by side").get_by_role("table")
    table.wait_for()
    rows = [row.locator("th, td").all_inner_texts() for row in table.get_by_role("row").all()]
    assert rows[1:5] == [
        ["Price", "$24.00", "Price to be confirmed"],
        ["Rating", "★ 4.7", "–"],
        ["Stock", "In stock", "Out of stock"],
        ["Brand", "Tarn", "Corrie"],
    ]
    assert ["Weight", "62 g", "62 g"] in rows
    assert shown.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    accessible(shown)
    shown.screenshot(path=artefacts / f"compare-{screen}.png")


def test_a_long_name_of_an_attribute_is_not_broken(shown):
    pick(shown, "Tarn Cushioned", "Corrie Reflective")
    shown.get_by_role("button", name="Compare these 2").click()
    name = shown.get_by_role("dialog").locator("th", has_text="Weight")
    one_line = name.bounding_box()["height"]

    name.evaluate("element => (element.textContent = 'Temperature')")

    assert shown.get_by_role("dialog").locator("th", has_text="Temperature").bounding_box()["height"] == one_line


def test_three_are_enough(shown):
    pick(shown, "Tarn Cushioned", "Halden Pace", "Fenwick Soft")

    assert shown.locator(".card", has_text="Corrie").get_by_role("checkbox").is_disabled()
    shown.locator(".card", has_text="Halden Pace").get_by_role("checkbox").uncheck()
    assert shown.locator(".card", has_text="Corrie").get_by_role("checkbox").is_enabled()
    shown.get_by_role("button", name="Compare these 2").wait_for()


def test_three_stand_beside_each_other_without_scrolling(shown, accessible):
    pick(shown, "Tarn Cushioned", "Halden Pace", "Fenwick Soft")
    shown.get_by_role("button", name="Compare these 3").click()
    table = shown.get_by_role("dialog").get_by_role("table")
    table.wait_for()

    assert shown.locator("#compare-table").evaluate("it => it.scrollWidth - it.clientWidth") == 0
    heads = [head.bounding_box() for head in table.get_by_role("columnheader").all()]
    assert len(heads) == 3
    assert len({head["y"] for head in heads}) == 1
    assert table.get_by_role("rowheader").all_inner_texts()[:2] == ["Price", "Rating"]
    for row in table.get_by_role("row").all()[1:3]:
        cells = [cell.bounding_box() for cell in row.get_by_role("cell").all()]
        assert [cell["x"] for cell in cells] == [head["x"] for head in heads]
    accessible(shown)


def test_what_cannot_be_read_is_told(shown):
    pick(shown, "Tarn Cushioned", "Halden Pace")
    shown.route("**/api/products/*", lambda route: route.abort())

    shown.get_by_role("button", name="Compare these 2").click()

    shown.get_by_role("dialog").get_by_role("alert").get_by_text("could not be reached").wait_for()
