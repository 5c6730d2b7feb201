"""The composer never says what the verifier would take out: tried on many generated turns."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from graphs.sources import Sources
from graphs.verification.examine import examine
from graphs.verification.verify import verify
from retrievers.catalogue import DocumentType
from retrievers.records import Evidence, FilterItem, FilterPlan, ItemFacts, Reading
from tests.graphs.models.composer.conftest import EVERY_REASON, document

TITLES = [
    "Aurora Waterproof Parka, Slate",
    "Glacier, Family Board Game by Oakapple (6+)",
    "Memory module 0.5 GB Non-ECC",
    'Intel X25 internal solid state drive 1.8" 160 GB Serial ATA III',
    "Laser Printer, 28ppm, 1200 dpi, 32Mb Memory, 1 X 250 Input Tray, 220V",
    "Halvard Current SL Road Running Shoe, Lime",
    "Cables To Go Pro Fit™ Cable. 2 m",
    "Toner cartridge black",
]
ATTRIBUTES = {
    "weight_g": [280, 1200.0],
    "battery_h": [46.0, 9.5],
    "warmth_c": [-8.0, 4],
    "protein_pct": [27.0],
    "minutes": [90],
    "spf": [50],
    "waterproof": [True, False],
    "ecc": [True, False],
    "internal": [True, False],
    "colour": [True, False, "slate"],
    "printing_colours": ["Black", ["Cyan", "Magenta"]],
    "duplex": ["N", "Yes"],
    "duplex_print_options": ["Automatic (standard)"],
    "hood": [True, False],
    "material": ["merino wool"],
    "memory_gb": [16.0],
    "screen_in": [15.6],
    "noise_db": [20.0],
    "pieces": [500],
    "skin_type": ["very dry"],
}
QUESTIONS = {
    "en": [
        "a light waterproof parka with long battery life under 200",
        "laser printer, colour, duplex, 16 GB memory",
        "internal drive with ECC",
        "warm and quiet, for dry skin",
        "a game for 90 minutes with a hood, 500 pieces",
    ],
    "ko": ["가벼운 방수 파카 200달러 이하", "배터리가 오래가는 조용한 컬러 프린터", "후드가 있는 메모리 색상 소재"],
}
REVIEWS = [
    "The hood kept the wind out on every walk. I paid $80 for it. You spent well, said my sister!",
    "Not waterproof at all after a month. The battery lasts 9 hours on a good day.",
    "Prints black pages in 12 seconds, colour never worked.",
    "Great! Love it.",
]


def products(chance: random.Random) -> list[tuple[Evidence, ItemFacts]]:
    made = []
    for number, title in enumerate(chance.sample(TITLES, k=chance.randint(1, 5))):
        names = chance.sample([*ATTRIBUTES], k=8)
        known = {name: chance.choice(ATTRIBUTES[name]) for name in names}
        row = {"product_id": f"P{number}", "title": title, "kind": chance.choice([None, "parka"]), "attributes": known}
        text = "\n".join([title, *(f"{name.replace('_', ' ')}: {value}" for name, value in known.items())])
        price = chance.choice([None, 9.0, 189.95, 200.0, 1299.5])
        rating = chance.choice([None, 5.0, 4.25, 4.333, 3.97])
        facts = ItemFacts(f"P{number}", price, chance.choice([None, 0, 7]), rating, 12, stale=chance.random() < 0.1)
        made.append((Evidence(f"product/P{number}", DocumentType.PRODUCT, "c", title, text, 0.8, row), facts))
    return made


def generated(seed: int, lang: str, jonas, shopper):
    chance = random.Random(seed)
    made = products(chance)
    reviews = [
        document(
            DocumentType.REVIEW, f"R{number}", "A review", chance.choice(REVIEWS), product_id=f"P{number}", rating=4
        )
        for number in range(len(made))
    ]
    limit = FilterItem("price", "lte", 200.0, "stated")
    question = chance.choice(QUESTIONS[lang])
    intent = chance.choice(["open", "product", "product", "compare"])
    return replace(
        jonas,
        features=shopper,
        evidence=(*(item for item, _ in made), *reviews),
        items={facts.product_id: facts for _, facts in made},
        plan=FilterPlan(honoured=(limit,) if chance.random() < 0.5 else ()),
        reading=Reading(question, intent, question),
        reasons={facts.product_id: tuple(chance.sample(EVERY_REASON, k=2)) for _, facts in made},
        notices=("defaults_used",) if chance.random() < 0.2 else (),
    )


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("seed", range(150))
def test_no_sentence_is_taken_out(seed, lang, say, shopper, jonas):
    context = generated(seed, lang, jonas, shopper)
    answer = say(context, lang)
    verification = verify(answer, Sources.of(context), lang)
    assert [(claim.text, claim.checks[-1]) for claim in (each.claim for each in verification.rejected)] == []
    assert verification.answer == answer
    assert verification.citations


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_wrong_facts_would_be_taken_out(lang, say, shopper, jonas):
    """The control of the test above: the same sentences against other prices and ratings do not hold."""
    caught = 0
    for seed in range(40):
        context = generated(seed, lang, jonas, shopper)
        sources = Sources.of(context)
        dearer = {key: replace(facts, price=(facts.price or 1.0) + 5) for key, facts in sources.items.items()}
        claims = verify(say(context, lang), sources, lang).claims
        caught += any(
            examine(claim.text, replace(sources, items=dearer), lang).verdict != claim.verdict for claim in claims
        )
    assert caught > 20


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("gone", ["COAT-1", "COAT-2", "COAT-3"])
def test_the_others_still_name_what_they_speak_of_when_a_product_is_taken_out(gone, lang, say, jonas):
    answer, sources = say(jonas, lang), Sources.of(jonas)
    unread = {key: replace(facts, stale=key == gone) for key, facts in sources.items.items()}
    left = verify(answer, replace(sources, items=unread), lang)
    assert len(left.rejected) == 1
    told = [claim for claim in left.claims if any(marker in sources.evidence for marker in claim.citations)]
    assert len(told) == 2
    assert all(sources.evidence[claim.citations[0]].title in claim.text for claim in told)
