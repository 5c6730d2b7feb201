"""A small shop, read by the real loader, and conversations held in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from app.ingestion.points import passages
from graphs.conversation.memory import Limit, Memory, PastTurn, ShownProduct
from graphs.conversation.understand import understand
from graphs.conversation.understood import Understood
from retrievers.catalogue import Product
from retrievers.reading import Vocabulary, read_request

_HEADPHONES = (
    ("h1", "Tonhaus Aria headphones, black", "Tonhaus", 120.0, 4.2, "black", "leather", 250, True),
    ("h2", "Lyra Vesper headphones, blue", "Lyra", 80.0, 4.6, "blue", "fabric", 210, True),
    ("h3", "Tonhaus Studio headphones, white", "Tonhaus", 60.0, 3.9, "white", "leather", 300, False),
    ("h4", "Penny Pop headphones, red", "Penny", 45.0, 4.0, "red", "fabric", 180, False),
    ("h5", "Lyra Nocturne headphones, black", "Lyra", 150.0, 4.8, "black", "leather", 240, True),
)


def _catalogue() -> list[Product]:
    rows = [
        Product(
            product_id=key, title=title, brand=brand, kind="headphones", price=price, rating=rating,
            attributes={"colour": colour, "material": material, "weight_g": float(weight), "wireless": wireless,
                        "waterproof": key == "h4"},
        )
        for key, title, brand, price, rating, colour, material, weight, wireless in _HEADPHONES
    ]  # fmt: skip
    for n in range(4):
        rows += [
            Product(
                product_id=f"l{n}", title=f"Orbita Vale laptop {n}", brand="Orbita", kind="laptop", price=500.0 + n,
                attributes={"memory_gb": float(8 * (n + 1)), "weight_kg": 1.1 + n / 10, "colour": "silver"},
            ),
            Product(
                product_id=f"j{n}", title=f"Halden Fjell jacket {n}", brand="Halden", kind="jacket", price=90.0 + n,
                attributes={"colour": ("blue", "red")[n % 2], "material": "wool", "waterproof": n % 2 == 0},
            ),
            Product(
                product_id=f"s{n}", title=f"Arbor running shoes {n}", brand="Arbor", kind="running shoe",
                price=70.0 + n,
                attributes={"colour": ("blue", "black")[n % 2], "material": "mesh"},
            ),
            Product(product_id=f"k{n}", title=f"Arbor wool socks {n}", brand="Arbor", kind="sock", price=9.0),
        ]  # fmt: skip
    return rows


@pytest.fixture(scope="session")
def catalogue() -> dict[str, Product]:
    return {product.product_id: product for product in _catalogue()}


@pytest.fixture(scope="session")
def vocabulary(catalogue: dict[str, Product]) -> Vocabulary:
    read = passages(list(catalogue.values()))
    return Vocabulary.of(read.vocabulary, "USD", read.attributes)


Talk = Callable[..., "Conversation"]


class Conversation:
    """Turns as the graph would remember them; `say` understands the next message without remembering it."""

    def __init__(self, catalogue: dict[str, Product], vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.memory = Memory()
        self._catalogue = catalogue

    def showed(self, *product_ids: str) -> tuple[ShownProduct, ...]:
        found = (self._catalogue[key] for key in product_ids)
        return tuple(
            ShownProduct(
                product_id=one.product_id, title=one.title, price=one.price, rating=one.rating,
                attributes=one.attributes,
            )
            for one in found
        )  # fmt: skip

    def searched(self, question: str, *product_ids: str) -> Conversation:
        read = read_request(question, self.vocabulary)
        limits = tuple(Limit(field=i.field, op=i.op, value=i.value, unit=i.unit) for i in read.limits)
        return self._add(
            PastTurn(
                said=question, question=question, intent=read.intent, head=read.head, limits=limits,
                products=self.showed(*product_ids),
            )
        )  # fmt: skip

    def looked_at(self, *product_ids: str) -> Conversation:
        products = self.showed(*product_ids)
        said = f"tell me about {products[0].title}"
        return self._add(
            PastTurn(said=said, question=said, intent="product", products=products, only=tuple(product_ids))
        )

    def used(self, tool: str, said: str = "", items: Sequence[str] = (), orders: Sequence[str] = ()) -> Conversation:
        return self._add(
            PastTurn(said=said, question=said, intent="courtesy", tool=tool, items=tuple(items), orders=tuple(orders))
        )

    def waits_for(self, *action_ids: str) -> Conversation:
        self.memory = self.memory.model_copy(update={"pending": action_ids})
        return self

    def asked(self, message: str, *product_ids: str) -> Conversation:
        """The message was not clear: these products were offered to choose from."""
        products = self.showed(*product_ids)
        return self._add(
            PastTurn(said=message, question=message, intent="action", products=products, only=tuple(product_ids))
        )

    def then(self, message: str, *product_ids: str) -> Conversation:
        """The message as it is understood, answered with these products."""
        understood = self.say(message)
        reading = understood.reading
        assert reading is not None
        limits = tuple(Limit(field=i.field, op=i.op, value=i.value, unit=i.unit) for i in reading.limits)
        return self._add(
            PastTurn(
                said=message, question=understood.question, intent=reading.intent, head=reading.head, limits=limits,
                products=self.showed(*product_ids), only=() if reading.again else reading.only, terms=reading.terms,
                show=None if reading.again else reading.show,
            )
        )  # fmt: skip

    def say(self, message: str, lang: str = "en") -> Understood:
        return understand(message, self.memory, self.vocabulary, lang)  # type: ignore[arg-type]

    def _add(self, turn: PastTurn) -> Conversation:
        self.memory = self.memory.model_copy(update={"turns": (*self.memory.turns, turn)})
        return self


@pytest.fixture
def talk(catalogue: dict[str, Product], vocabulary: Vocabulary) -> Callable[[], Conversation]:
    return lambda: Conversation(catalogue, vocabulary)


@pytest.fixture
def headphones(talk: Callable[[], Conversation]) -> Conversation:
    ""
    """Five in view: black, blue, white, red and black, at 120, 80, 60, 45 and 150 dollars."""
    return talk().searched("headphones under $200", "h1", "h2", "h3", "h4", "h5")


@pytest.fixture
def second(headphones: Conversation) -> Conversation:
    """The same, and then the second of them looked at."""
    return headphones.looked_at("h2")
