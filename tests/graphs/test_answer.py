from __future__ import annotations

import json
from pathlib import Path

import graphs
from graphs.answer import FinalAnswer, schema

SCHEMA = Path(graphs.__file__).parent / "answer.schema.json"
CONTRACT = {
    "answer", "citations", "products", "filters", "features", "claims", "degraded", "guard", "actions", "model",
    "timings_ms", "trace_id", "thread_id", "receipt",
}  # fmt: skip
CARD = {"product_id", "title", "price", "currency", "rating", "in_stock", "image_url", "url", "why"}


def test_the_schema_in_the_repository_is_the_one_in_force() -> None:
    """After a wanted change: python -c "import json; from graphs.answer import schema; print(json.dumps(schema()))"."""
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == json.loads(json.dumps(schema()))


def test_the_contract_of_other_programs_holds() -> None:
    assert set(FinalAnswer.model_fields) == CONTRACT | {"nearest", "asks_back"}
    card = schema()["$defs"]["ProductCard"]
    assert set(card["properties"]) == CARD
    assert set(schema()["required"]) == CONTRACT
