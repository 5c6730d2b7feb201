"""Databases of their own on a real PostgreSQL."""

from __future__ import annotations

import uuid

import psycopg


def new_database(server: str) -> str:
    """The address of an empty one."""
    name = f"shop_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server.replace("/postgres?", f"/{name}?")
