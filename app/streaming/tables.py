"""The log of events, and how far each shopper's was made into features; both in the shop's database."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Float, Index, Integer, MetaData, Table, Text, UniqueConstraint

from tools.shop.tables import Moment

METADATA = MetaData()
_COUNTED = BigInteger().with_variant(Integer, "sqlite")

EVENTS = Table(
    "shopper_events",
    METADATA,
    Column("sequence", _COUNTED, primary_key=True, autoincrement=True),
    Column("user_id", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("product_id", Text, nullable=False),
    Column("time", Moment, nullable=False),
    Column("run_id", Text),
    Column("position", Integer),
    Column("quantity", Integer, nullable=False),
    Column("price", Float),
    Column("dwell_s", Float),
    UniqueConstraint("user_id", "event_id", name="shopper_events_once"),
    Index("shopper_events_window", "user_id", "time"),
    sqlite_autoincrement=True,  # an erased number never comes again
)

PROGRESS = Table(
    "shopper_event_progress",
    METADATA,
    Column("user_id", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),  # counts what became known of this shopper
    Column("projected", BigInteger, nullable=False),  # the version their features were last made from
    Column("deed", BigInteger, nullable=False),  # the last of the shop's deeds that was made into events
    Column("deed_at", Moment),
    Column("baselines", JSON, nullable=False),  # by view: what others wrote before, and as of when
    Column("written", JSON, nullable=False),  # by view: the latest time a row of ours has, epoch seconds
)
