"""Lines of carts and orders as rows of their tables."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, Table, delete, insert, select

from tools.shop.records import Line


def read_lines(connection: Connection, table: Table, key: Column[str], owner: str) -> tuple[Line, ...]:
    rows = connection.execute(select(table).where(key == owner).order_by(table.c.position)).mappings()
    return tuple(Line.model_validate(dict(row)) for row in rows)


def write_lines(connection: Connection, table: Table, key: Column[str], owner: str, lines: tuple[Line, ...]) -> None:
    """In place of those there were."""
    connection.execute(delete(table).where(key == owner))
    rows: list[dict[str, Any]] = [
        {key.name: owner, "position": place, **line.model_dump()} for place, line in enumerate(lines)
    ]
    if rows:
        connection.execute(insert(table), rows)
