"""A shelf kept in the shop's own database, for shops whose products come in variants."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, Select, delete, insert, select, true, update

from tools.shop import tables
from tools.shop.database import Database
from tools.shop.errors import ShelfUnavailable, ShopStoreError
from tools.shop.records import Item


class StoredShelf:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def items(self, item_ids: Sequence[str]) -> Mapping[str, Item]:
        wanted = select(tables.variants).where(tables.variants.c.item_id.in_(item_ids))
        return {item.item_id: item for item in await asyncio.to_thread(self._read, wanted)} if item_ids else {}

    async def variants(self, product_id: str) -> Sequence[Item]:
        wanted = select(tables.variants).where(tables.variants.c.product_id == product_id)
        return await asyncio.to_thread(self._read, wanted.order_by(tables.variants.c.item_id))

    async def products(self) -> Mapping[str, str]:
        """Every product's title by its id, in order of titles. Raises ShelfUnavailable."""
        columns = tables.variants.c
        query = select(columns.product_id, columns.title).distinct().order_by(columns.title)
        return await asyncio.to_thread(self._titles, query)

    def take(self, connection: Connection, item_id: str, quantity: int) -> bool:
        """What is not counted is never short."""
        columns = tables.variants.c
        enough = columns.available & (columns.stock.is_(None) | (columns.stock >= quantity))
        change = update(tables.variants).where((columns.item_id == item_id) & (enough if quantity > 0 else true()))
        return connection.execute(change.values(stock=columns.stock - quantity)).rowcount == 1

    def put(self, items: Iterable[Item]) -> None:
        """Lays them out, each in place of the one with its id. Raises ShopStoreError."""
        rows = [item.model_dump() for item in items]
        with self._database.writing("shelf") as connection:
            for row in rows:
                connection.execute(delete(tables.variants).where(tables.variants.c.item_id == row["item_id"]))
            if rows:
                connection.execute(insert(tables.variants), rows)

    def _read(self, query: Select[*tuple[object, ...]]) -> tuple[Item, ...]:
        try:
            with self._database.reading() as connection:
                return tuple(Item.model_validate(dict(row)) for row in connection.execute(query).mappings())
        except ShopStoreError as error:
            raise ShelfUnavailable(str(error)) from error

    def _titles(self, query: Select[tuple[str, str]]) -> dict[str, str]:
        try:
            with self._database.reading() as connection:
                return {row.product_id: row.title for row in connection.execute(query)}
        except ShopStoreError as error:
            raise ShelfUnavailable(str(error)) from error
