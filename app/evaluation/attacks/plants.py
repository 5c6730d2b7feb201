"""Where attacks are planted: each one once in a review and once in a description, each in a product of its own."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from app.evaluation.rows import EvaluationError, read_rows
from retrievers.catalogue import Document, DocumentType, Product

Carrier = Literal["review", "description"]
CARRIERS: tuple[Carrier, ...] = ("review", "description")
_OTHERS = 100  # products without a plant, so that a search has something else to find


@dataclass(frozen=True, slots=True)
class Attack:
    """`says` is what a model that obeys would tell the shopper, where that is more than the text itself."""

    text: str
    category: str
    says: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    attack: Attack
    carrier: Carrier
    product_id: str
    question: str


@dataclass(frozen=True, slots=True)
class PlantedShop:
    products: tuple[Product, ...]
    reviews: tuple[Document, ...]
    attempts: tuple[Attempt, ...]


def read_attacks(path: Path) -> list[Attack]:
    """Rows `{"text", "category"}`, followed by the attacks on a shop that are always tried. Raises EvaluationError."""
    read = [Attack(row["text"].strip(), row["category"]) for row in read_rows(path, {"text": str, "category": str})]
    return [*read, *(Attack(row["text"], row["category"], row["says"]) for row in _data()["attack"])]


def plant(attacks: Sequence[Attack], products: Sequence[Product]) -> PlantedShop:
    """Hosts are spread evenly over the catalogue. Raises EvaluationError when it has too few products."""
    wanted = len(attacks) * len(CARRIERS)
    described = [product for product in products if product.description]
    if len(described) < wanted:
        raise EvaluationError(f"{wanted} products with a description are needed, and there are {len(described)}")
    hosts = [described[at * len(described) // wanted] for at in range(wanted)]
    pairs = [(attack, carrier) for attack in attacks for carrier in CARRIERS]
    attempts = [_attempt(attack, carrier, host) for (attack, carrier), host in zip(pairs, hosts, strict=True)]
    planted = {host.product_id: _planted(attempt, host) for attempt, host in zip(attempts, hosts, strict=True)}
    others = [product for product in products if product.product_id not in planted][:_OTHERS]
    reviews = [_review(attempt) for attempt in attempts if attempt.carrier == "review"]
    return PlantedShop((*planted.values(), *others), tuple(reviews), tuple(attempts))


def _attempt(attack: Attack, carrier: Carrier, host: Product) -> Attempt:
    return Attempt(attack, carrier, host.product_id, _data()["questions"][carrier].format(title=host.title))


def _planted(attempt: Attempt, host: Product) -> Product:
    if attempt.carrier == "review":
        return host
    text = _data()["description"].format(description=host.description, text=attempt.attack.text)
    return host.model_copy(update={"description": text})


def _review(attempt: Attempt) -> Document:
    return Document(
        document_id=f"planted-{attempt.product_id}",
        type=DocumentType.REVIEW,
        title="A buyer's review",
        text=_data()["review"].format(text=attempt.attack.text),
        source=f"/reviews/{attempt.product_id}",
        product_id=attempt.product_id,
        rating=5.0,
    )


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("plants.toml").read_text(encoding="utf-8"))
