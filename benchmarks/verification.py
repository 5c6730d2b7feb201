"""How long the two checking nodes take: `python -m benchmarks.verification [--turns N] [--json]`.

Every turn is new: other products, documents, figures and sentences, so that no cache of the checks has seen its texts,
though it has seen most of the words. The baseline, in the same run, cuts the same answer and documents into sentences
with pysbd once and checks nothing. `in_turn` times the nodes where they run, after the gate has released the answer
sentence by sentence and read its sources; `verification` on sources nobody has read yet.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pysbd

from graphs.guardrails.output import screen_output
from graphs.guardrails.policy import Policy
from graphs.release import Gate
from graphs.sources import Sources
from graphs.verification.verify import verify
from retrievers.catalogue import DocumentType
from retrievers.records import Evidence, FeatureValue, ItemFacts

_ADJECTIVES = ("light", "sturdy", "quiet", "compact", "warm", "flexible", "durable", "slim", "bright", "soft")
_KINDS = ("jacket", "kettle", "headset", "backpack", "lamp", "keyboard", "blanket", "tent", "router", "bottle")
_MATERIALS = ("wool", "steel", "bamboo", "nylon", "cotton", "aluminium", "leather", "rubber", "glass", "cork")
_PLACES = (
    "commuters",
    "campers",
    "students",
    "cooks",
    "runners",
    "parents",
    "travellers",
    "gamers",
    "readers",
    "guests",
)
_WARM = 10  # turns before the clock starts
_PROMPT = "You advise one shopper of this store. Say only what the evidence says and cite it by its number."


@dataclass(frozen=True, slots=True)
class Turn:
    answer: str
    sources: Sources


def turns(count: int, seed: int = 0) -> list[Turn]:
    """Answers of eight claims over three products, a review, a policy and a guide, and one fact about the shopper."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    return [_turn(chance, number) for number in range(count)]


def measure(turns_: Sequence[Turn]) -> dict[str, Any]:
    """Milliseconds for both nodes, each turn once; `ratio_p50` is against cutting into sentences alone.

    `processor` is the time they were running: less than `verification` when other programs wanted the processor too.
    """
    policy, segmenter = Policy.load(), pysbd.Segmenter(language="en", clean=False)
    for turn in turns_[:_WARM]:
        _nodes(turn, policy)
    gc.collect()
    gc.freeze()
    rows = turns_[_WARM:]
    released = [_first_release(turn, policy) for turn in turns(len(rows), seed=1)]
    in_turn = [_after_the_gate(turn, policy) for turn in turns(len(rows), seed=2)]
    checked, busy, cut = [], [], []
    for turn in rows:
        started = time.thread_time()
        checked.append(_timed(_nodes, turn, policy))
        busy.append((time.thread_time() - started) * 1000)
        cut.append(_timed(_cut, turn, segmenter))
    found = [verify(turn.answer, turn.sources, "en") for turn in rows]
    return {
        "turns": len(rows),
        "claims": statistics.mean(sum(claim.verdict == "supported" for claim in each.claims) for each in found),
        "rejected": sum(len(each.rejected) for each in found),
        "in_turn": _percentiles(in_turn),
        "verification": _percentiles(checked),
        "processor": _percentiles(busy),
        "baseline": _percentiles(cut),
        "first_release": _percentiles(released),
        "ratio_p50": round(statistics.median(checked) / statistics.median(cut), 2),
    }


def _nodes(turn: Turn, policy: Policy) -> None:
    verified = verify(turn.answer, turn.sources, "en")
    screen_output(verified.answer, turn.sources, policy, _PROMPT)


def _after_the_gate(turn: Turn, policy: Policy) -> float:
    """Milliseconds of both nodes in a turn whose sentences the gate released."""
    gate = Gate(turn.sources, "en", policy, _PROMPT, lambda _, text: None)

    async def release() -> None:
        await gate.feed(turn.answer)
        await gate.finish()

    asyncio.run(release())
    assert gate.released == turn.answer
    return _timed(_nodes, turn, policy)


def _first_release(turn: Turn, policy: Policy) -> float:
    """Milliseconds from the last token of the first sentence to its release, its sources not yet read."""
    sent: list[str] = []
    gate = Gate(turn.sources, "en", policy, _PROMPT, lambda _, text: sent.append(text))
    first, _, rest = turn.answer.partition("\n")
    asyncio.run(gate.feed(first))
    took = _timed(lambda: asyncio.run(gate.feed(f"\n{rest[:3]}")))
    assert sent == [first]
    return took


def _cut(turn: Turn, segmenter: pysbd.Segmenter) -> None:
    for text in (turn.answer, *(evidence.text for evidence in turn.sources.evidence.values())):
        segmenter.segment(text)


def _timed(work: Callable[..., None], *given: Any) -> float:
    started = time.perf_counter()
    work(*given)
    return (time.perf_counter() - started) * 1000


def _percentiles(times: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=100)
    return {name: round(cuts[at - 1], 3) for name, at in (("p50_ms", 50), ("p95_ms", 95), ("p99_ms", 99))}


def _turn(chance: random.Random, number: int) -> Turn:
    goods = [_product(chance, f"P{number}-{place}") for place in range(3)]
    texts = [_document(chance, goods[0], number, kind) for kind in (DocumentType.REVIEW, DocumentType.POLICY)]
    guide = _document(chance, goods[1], number, DocumentType.TECHNICAL)
    evidence = [item for item, _ in goods] + [*texts, guide]
    features = {
        "F1": FeatureValue("user_behavior:favorite_category", goods[0][0].metadata["kind"], "online", None, 60.0)
    }
    sources = Sources(
        {str(place): item for place, item in enumerate(evidence, 1)},
        features,
        {facts.product_id: facts for _, facts in goods},
        "USD",
    )
    return Turn(_answer(goods, evidence, features["F1"]), sources)


def _product(chance: random.Random, product_id: str) -> tuple[Evidence, ItemFacts]:
    kind, material = chance.choice(_KINDS), chance.choice(_MATERIALS)
    title = f"{_name(chance)} {_name(chance)} {chance.randint(2, 99)} {kind.title()}"
    attributes = {
        "weight_g": chance.randint(150, 2500),
        "material": material,
        "waterproof": chance.random() < 0.5,
        "colour": chance.choice(("black", "green", "blue", "red")),
        "height_cm": chance.randint(10, 80),
        "warranty_months": chance.choice((12, 24, 36)),
        "made_for": chance.choice(_PLACES),
    }
    described = " ".join(
        f"Its {chance.choice(_MATERIALS)} {chance.choice(('handle', 'cover', 'base', 'strap'))} feels "
        f"{chance.choice(_ADJECTIVES)} and {chance.choice(_ADJECTIVES)} for {chance.choice(_PLACES)}."
        for _ in range(5)
    )
    text = f"{title}\n{described}\n" + "\n".join(f"{name}: {value}" for name, value in attributes.items())
    row = {"product_id": product_id, "title": title, "kind": kind, "description": described, "attributes": attributes}
    facts = ItemFacts(
        product_id, chance.randint(900, 40_000) / 100, chance.randint(1, 60), chance.randint(31, 49) / 10, 80
    )
    return Evidence(f"product/{product_id}", DocumentType.PRODUCT, "catalogue", title, text, 0.9, row), facts


def _document(chance: random.Random, good: tuple[Evidence, ItemFacts], number: int, kind: DocumentType) -> Evidence:
    product = good[0]
    sentences = [
        f"The {chance.choice(_MATERIALS)} {product.metadata['kind']} stayed {chance.choice(_ADJECTIVES)} after "
        f"{chance.randint(2, 90)} days with {chance.choice(_PLACES)} in {_name(chance)}."
        for _ in range(12)
    ]
    metadata = {"product_id": product.metadata["product_id"]} if kind is DocumentType.REVIEW else {}
    return Evidence(
        f"{kind}/{number}", kind, f"/{kind}", f"About the {product.title}", " ".join(sentences), 0.8, metadata
    )


def _answer(goods: Sequence[tuple[Evidence, ItemFacts]], evidence: Sequence[Evidence], fact: FeatureValue) -> str:
    (first, price), (second, other), (third, last) = goods
    attributes = second.metadata["attributes"]
    quotes = [item.text.split(". ")[4].rstrip(".") for item in evidence[3:]]
    return (
        f"I would look at {first.title} first: from {fact.value}, your favourite category [1][F1].\n"
        f"- {first.title} costs ${price.price:.2f} and is rated {price.rating} stars [1]\n"
        f"- {second.title} costs ${other.price:.2f} [2]\n"
        f"- {third.title} is rated {last.rating} stars [3]\n"
        f"The {second.title} weighs {attributes['weight_g']} g [2]. A buyer says: “{quotes[0]}” [4]. "
        f"{quotes[1]} [5]. {quotes[2]} [6]."
    )


def _name(chance: random.Random) -> str:
    """One of 216 invented names: a shop's vocabulary is finite, its sentences are not."""
    return "".join(chance.choice("bdfklm") + chance.choice("a") for _ in range(3)).title()


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the checking of an answer of 8 claims over 6 documents.")
    parser.add_argument("--turns", type=int, default=300)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args()
    found = measure(turns(max(asked.turns, 20)))
    if asked.json:
        print(json.dumps(found))
        return
    print(f"{found['turns']} turns of {found['claims']:.1f} supported claims, {found['rejected']} sentences rejected")
    for name in ("in_turn", "verification", "processor", "baseline", "first_release"):
        print(f"{name:14}" + "".join(f"{key[:-3]} {value:8.3f} ms  " for key, value in found[name].items()))
    print(f"ratio of the medians: {found['ratio_p50']}")


if __name__ == "__main__":
    main()
