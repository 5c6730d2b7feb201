"""Follow-ups about products that were shown: a question about them, a comparison, more like one, what goes with one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from graphs.conversation.comparing import beyond, ordered, take_comparison
from graphs.conversation.language import cut, phrase, search, table, whole, words
from graphs.conversation.memory import Memory, ShownProduct
from graphs.conversation.merging import earlier_reading
from graphs.conversation.references import Reference, References, resolved
from graphs.conversation.refine import refined
from graphs.conversation.shown import in_view, seen, stems, topic
from graphs.conversation.understood import Understood
from graphs.conversation.wording import asked, titled
from graphs.turn import Lang
from retrievers.measures import unit_in_name
from retrievers.reading import Vocabulary, kind_named, read_request
from retrievers.reading.language import WORD
from retrievers.reading.order import take_order
from retrievers.records import Reading
from retrievers.titles import Titles
from tools.records import ToolCall

_ENGLISH = "en"  # the reading of what something goes with needs the title to stand alone


def pointed(message: str, memory: Memory, vocabulary: Vocabulary, lang: Lang, titles: Titles) -> Understood | None:
    """None when nothing in the message points at a product; where one of those meant is not known it is asked."""
    references = References(memory, vocabulary, titles).find(message)
    view = in_view(memory)
    if len(view) == 1 and whole("ask", "similar_alone", message):
        return _similar(view[0], memory, vocabulary, lang)
    alike = search("ask", "similar_first", message)
    if len(view) == 1 and alike and not references:
        return _similar(view[0], memory, vocabulary, lang, cut(message, alike))
    if len(view) == 1 and not references and whole("reference", "implied", message):
        references = [Reference(len(message), len(message), view)]
    if view and not references and whole("ask", "why_alone", message):
        references = [Reference(len(message), len(message), view)]
    if view and not references and _asks_of_view(message, vocabulary):
        references = [Reference(len(message), len(message), view)]
    if not references:
        return None
    if all(one.named for one in references) and _searches(message, references, vocabulary):
        return None
    unclear = next((one.unclear for one in references if one.unclear), None)
    if unclear:
        names_kind = unclear.code == "no_earlier_products" and kind_named(message, vocabulary)
        return None if names_kind else Understood(message, unclear=unclear)
    return _about(message, references, memory, vocabulary, lang)


def _asks_of_view(message: str, vocabulary: Vocabulary) -> bool:
    """ "And the battery?", of something products of this shop have."""
    found = whole("ask", "property", message)
    names = ((unit_in_name(name) or (name,))[0] for name in vocabulary.attributes)
    known = frozenset(part for name in names for part in stems(name.replace("_", " ")))
    known |= stems(" ".join((*vocabulary.flags, *table("fields"))))
    return found is not None and stems(found["what"]) <= known


def _about(
    message: str, references: Sequence[Reference], memory: Memory, vocabulary: Vocabulary, lang: Lang
) -> Understood | None:
    products = _distinct(references)
    before = message[: references[0].start]
    if search("ask", "similar", f"{before}{message[references[0].start :]}") and not search("ask", "compare", message):
        return _similar(products[0], memory, vocabulary, lang, _without(message, references))
    if search("ask", "why", message) or whole("ask", "why_alone", message):
        return _reasons(products, memory, vocabulary, lang)
    if search("ask", "goes_with", message):
        return _company(products[0], vocabulary, lang)
    after = message[references[-1].end :]
    if len(products) == 1 and (search("ask", "than", before) or search("ask", "than_after", after)):
        new = refined(_without(message, references), memory, vocabulary, products)
        return Understood(asked(new, vocabulary.currency, lang), reading=new) if new else None
    return _question(message, references, products, memory, vocabulary, lang)


def _reasons(products: Sequence[ShownProduct], memory: Memory, vocabulary: Vocabulary, lang: Lang) -> Understood:
    """Why these were shown: what was asked for is what they are looked at for."""
    base = topic(memory)
    asked_for = earlier_reading(base, vocabulary) if base else Reading("", "product", "")
    said = phrase(lang, "why", what=titled(products, lang))
    reading = replace(
        asked_for,
        question=said,
        intent="product",
        only=tuple(product.product_id for product in products),
        explains=True,
        show=None,
    )
    return Understood(said, reading=reading)


def _company(product: ShownProduct, vocabulary: Vocabulary, lang: Lang) -> Understood:
    """What goes with a product is anything but its own kind: what its title says limits nothing."""
    read = read_request(phrase(_ENGLISH, "goes_with", what=product.title), vocabulary)
    said = phrase(lang, "goes_with", what=product.title)
    limits = tuple(item for item in read.limits if item.field == "head")
    return Understood(said, reading=replace(read, question=said, limits=limits))


def _question(
    message: str,
    references: Sequence[Reference],
    products: Sequence[ShownProduct],
    memory: Memory,
    vocabulary: Vocabulary,
    lang: Lang,
) -> Understood:
    """Confined to those products; several are compared, in the order asked for if any ("which is lighter?")."""
    counts = search("ask", "how_many", message) is not None
    if len(products) == 1 and not counts and search("ask", "reviews", message):
        said = resolved(message, references) if references[0].start < len(message) else message
        return Understood(said, call=ToolCall("reviews_digest", {"product_id": products[0].product_id}))
    rest = _without(message, references)
    sides = any(one.named for one in references) and search("ask", "compare", message) is not None
    compares = len(products) > 1 or sides  # with something this shop does not have
    found = topic(memory)
    head = found.head if found else None
    sort = take_comparison(rest, head, vocabulary)[1] or take_order(rest, head, vocabulary)[1]
    shown = (ordered(products, sort, vocabulary) if sort else []) if compares else []
    products = [*shown, *(product for product in products if product not in shown)]
    read = read_request(rest, vocabulary)
    bare = not read.terms and not read.asks_how and not search("ask", "compare", message)
    said = _said(message, references, products, bare, lang)
    reading = Reading(
        question=said,
        intent="compare" if compares else "product",
        terms=_terms(read.terms, products),
        only=tuple(product.product_id for product in products),
        asks_how=read.asks_how,
        sort=sort,
    )
    return Understood(said, reading=reading)


def _searches(message: str, references: Sequence[Reference], vocabulary: Vocabulary) -> bool:
    """Whether a product's name is all that was said, or said with limits: that looks for it and what is like it."""
    rest = _without(message, references)
    if len(references) > 1:
        return False
    return not WORD.search(rest) or bool(read_request(rest, vocabulary).limits)


def _said(
    message: str, references: Sequence[Reference], products: Sequence[ShownProduct], bare: bool, lang: Lang
) -> str:
    titles = titled(products, lang)
    if len(products) > 1 and (bare or search("ask", "compare", message)):
        return phrase(lang, "compare", what=titles)
    if whole("reference", "alone", _without(message, references)):
        return phrase(lang, "tell", what=titles)
    implied = references[0].start == len(message)
    return f"{message.rstrip('?!. ')}: {titles}" if implied else resolved(message, references)


def _terms(said: str, products: Sequence[ShownProduct]) -> str:
    """What is asked about the products: the words of their names find nothing in them."""
    own = frozenset(part for product in products for part in stems(product.title))
    said_of_them = (word for word in said.split() if word.casefold() not in words("joining") | words("filler"))
    return " ".join(word for word in said_of_them if not stems(word) & own)


def _similar(
    product: ShownProduct, memory: Memory, vocabulary: Vocabulary, lang: Lang, besides: str = ""
) -> Understood:
    """More of the kind, by the words of its title; no brand is asked for, and what was shown is not shown again.

    What was said `besides` may put it in relation ("but cheaper") or under a limit.
    """
    base = topic(memory)
    title = read_request(product.title, vocabulary)
    brands = frozenset(part for item in title.limits if item.field == "brand" for part in stems(" ".join(item.value)))  # type: ignore[arg-type]
    said = [word for word in title.terms.split() if not stems(word) & brands]
    head = title.head or (base.head if base else None)
    shown = tuple(dict.fromkeys((product.product_id, *seen(memory, base.head if base else None))))
    question = phrase(lang, "like", what=product.title)
    rest, sort = take_comparison(besides, head, vocabulary)
    past = beyond(sort, [product], vocabulary) if sort else None
    limits = (*((past,) if past else ()), *read_request(rest, vocabulary, head).limits)
    reading = Reading(question, "product", " ".join(said), head=head, without=shown, limits=limits, sort=sort)
    return Understood(question, reading=reading)


def _without(message: str, references: Sequence[Reference]) -> str:
    for one in reversed(references):
        message = f"{message[: one.start]} {message[one.end :]}"
    return message


def _distinct(references: Sequence[Reference]) -> list[ShownProduct]:
    found = {product.product_id: product for one in references for product in one.products}
    return list(found.values())
