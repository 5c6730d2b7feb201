"""LangSmith's HTTP interface over the store, as far as its SDK needs it."""

from app.traces.collector.application import create_collector

__all__ = ["create_collector"]
