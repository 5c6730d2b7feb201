"""Conversations as they are shown again: who has which, and what was said in it."""

from __future__ import annotations

from sqlalchemy import JSON, Column, DateTime, ForeignKey, Integer, MetaData, String, Table, Text

METADATA = MetaData()

THREADS = Table(
    "threads",
    METADATA,
    Column("thread_id", String(64), primary_key=True),
    Column("user_id", String(128), nullable=False, index=True),
    Column("started", DateTime(timezone=True), nullable=False),
)

EXCHANGES = Table(
    "exchanges",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("thread_id", ForeignKey("threads.thread_id", ondelete="CASCADE"), nullable=False, index=True),
    Column("run_id", String(64), nullable=False, unique=True),
    Column("time", DateTime(timezone=True), nullable=False),
    Column("said", Text, nullable=False),
    Column("answer", JSON, nullable=False),
)

ARMS = Table(
    "exchange_arms",
    METADATA,
    Column("run_id", ForeignKey("exchanges.run_id", ondelete="CASCADE"), primary_key=True),
    Column("experiment", Text, nullable=False),
    Column("arm", Text, nullable=False),
)

FORGOTTEN = Table(
    "forgotten_threads",
    METADATA,
    Column("digest", String(64), primary_key=True),  # of the conversation's id
    Column("at", DateTime(timezone=True), nullable=False),
)

FEEDBACK = Table(
    "exchange_feedback",
    METADATA,
    Column("run_id", ForeignKey("exchanges.run_id", ondelete="CASCADE"), primary_key=True),
    Column("time", DateTime(timezone=True), nullable=False),
    Column("score", Integer, nullable=False),
    Column("comment", Text),
)
