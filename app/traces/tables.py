"""Where traces are kept: what is searched in narrow rows, what is shown in one JSON document beside them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, MetaData, String, Table, Text

METADATA = MetaData()
_ID = String(36)  # UUIDs with dashes

PROJECTS = Table(
    "trace_projects",
    METADATA,
    Column("id", _ID, primary_key=True),
    Column("name", String(512), nullable=False, unique=True),
    Column("start_us", BigInteger, nullable=False),
    Column("reference_dataset_id", _ID, index=True),
    Column("body", Text, nullable=False),
)

# Times are microseconds since 1970 in UTC: both databases order and compare them alike.
RUNS = Table(
    "trace_runs",
    METADATA,
    Column("id", _ID, primary_key=True),
    Column("trace_id", _ID, nullable=False, index=True),
    Column("parent_run_id", _ID, index=True),
    Column("project_id", _ID, nullable=False),
    Column("is_root", Boolean, nullable=False),
    Column("start_us", BigInteger, nullable=False),
    Column("end_us", BigInteger),
    Column("latency_s", Float),
    Column("name", Text, nullable=False),
    Column("run_type", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("thread_id", String(128), index=True),
    Column("reference_example_id", _ID, index=True),
    Column("prompt_tokens", Integer),
    Column("completion_tokens", Integer),
    Column("total_tokens", Integer),
    Column("prompt_cost", Float),
    Column("completion_cost", Float),
    Column("total_cost", Float),
    Column("tags", Text, nullable=False),
    Column("metadata", Text, nullable=False),
    Column("searched", Text, nullable=False),  # lower case, cut: see `app.traces.row`
    Index("trace_runs_listed", "project_id", "is_root", "start_us"),
    Index("trace_runs_latest", "start_us"),
)

BODIES = Table("trace_bodies", METADATA, Column("run_id", _ID, primary_key=True), Column("body", Text, nullable=False))

FEEDBACK = Table(
    "trace_feedback",
    METADATA,
    Column("id", _ID, primary_key=True),
    Column("run_id", _ID, index=True),
    Column("project_id", _ID, index=True),
    Column("key", String(512), nullable=False),
    Column("score", Float),
    Column("source", String(64)),
    Column("created_us", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
)

DATASETS = Table(
    "trace_datasets",
    METADATA,
    Column("id", _ID, primary_key=True),
    Column("name", String(512), nullable=False, unique=True),
    Column("created_us", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
)

EXAMPLES = Table(
    "trace_examples",
    METADATA,
    Column("id", _ID, primary_key=True),
    Column("dataset_id", _ID, nullable=False, index=True),
    Column("created_us", BigInteger, nullable=False),
    Column("modified_us", BigInteger, nullable=False),
    Column("split", Text, nullable=False),
    Column("metadata", Text, nullable=False),
    Column("body", Text, nullable=False),
)
