from __future__ import annotations

from app.demo.store import DemoStore, demo_store


def test_the_same_seed_is_the_same_store_and_another_is_not(store: DemoStore) -> None:
    assert demo_store() == store
    other = demo_store(seed=8)
    assert other.products != store.products
    assert len(other.products) == len(store.products)


def test_document_ids_are_unique_within_their_type(store: DemoStore) -> None:
    keys = [(document.type, document.document_id) for document in store.documents]
    assert len(set(keys)) == len(keys) > 6000
