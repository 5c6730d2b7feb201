from __future__ import annotations


def _take(counter, item_id, quantity):
    with counter.store.database.writing("test") as connection:
        return counter.store.shelf.take(connection, item_id, quantity)


async def _stock(counter, item_id):
    return (await counter.store.shelf.items([item_id]))[item_id].stock


async def test_no_more_is_taken_than_there_is(counter):
    assert _take(counter, "mug-l", 2)
    assert not _take(counter, "mug-l", 2)
    assert await _stock(counter, "mug-l") == 1

    assert _take(counter, "mug-l", -2)
    assert await _stock(counter, "mug-l") == 3


async def test_what_is_not_counted_is_never_short_and_what_is_not_sold_is_not_taken(counter):
    assert _take(counter, "lamp-1", 1000)
    assert await _stock(counter, "lamp-1") is None
    assert not _take(counter, "mug-x", 1)
    assert not _take(counter, "nothing", 1)


async def test_an_item_laid_out_again_takes_the_place_of_the_old_one(counter):
    old = (await counter.store.shelf.items(["mug-l"]))["mug-l"]
    counter.put(old.model_copy(update={"stock": 9}))

    assert await _stock(counter, "mug-l") == 9
    assert [item.item_id for item in await counter.store.shelf.variants("mug")] == ["mug-l", "mug-s", "mug-x"]
