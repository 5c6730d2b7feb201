"""Whether a sentence agrees with the records it cites: figures, stock, yes-or-no attributes and names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from math import inf

from graphs.verification.agreement import Agreement
from graphs.verification.attributes import Attribute
from graphs.verification.cited import Case, CitedSource
from graphs.verification.outcome import PASSED, Correction, Finding, Outcome
from graphs.verification.product import ProductSource
from graphs.verification.quantities import Figure
from graphs.verification.statement import Statement
from graphs.verification.words import Word
from retrievers.catalogue import DocumentType

_NAME = re.compile(r"(?<=[\w,;:)–-] )[A-Z][\w-]*|\b(?=\w*\d)(?=\w*[A-Za-z])[\w-]+")
_CLAUSE = re.compile(r"[,;:()]|\band\b|\bbut\b")
_HANGUL = re.compile(r"[가-힣]")
_NEGATION_REACH = 24  # code points before a word in which it may be denied


def figures(case: Case) -> Finding:
    """Every figure is stated by a cited source, and no cited record says otherwise."""
    statement, counted = case.statement, len(case.products)
    for figure in statement.figures:
        if figure.dimension is None and figure.value == counted > 1:
            continue  # "these 3 coats [1][2][3]"
        if any(found.start() <= figure.start and figure.end <= found.end() + 1 for found in _stock_counts(case)):
            continue  # judged by `stock`
        finding = _figure(figure, case)
        if not finding.passed:
            return finding
    return PASSED


def stock(case: Case) -> Finding:
    """Words about stock hold for the live stock of each product they speak of."""
    statement, products = case.statement, case.products
    cue = statement.spoken.cue
    missing = [*cue("out_of_stock").finditer(statement.bare)]
    there = [
        found
        for found in cue("in_stock").finditer(statement.bare)
        if not any(other.start() <= found.start() < other.end() for other in missing)
    ]
    counted = _stock_counts(case)
    if not products and (there or missing) and not all(source.speaks_for_store for source in case.documents):
        return Finding("unsupported", "stock is not the source's to say")
    for found in (*there, *missing, *counted):
        low, high = _stock_range(found, there, missing)
        for product in responsible(found.start(), statement, products):
            if product.stock is None:
                return Finding("unsupported", "the stock is not known")
            if not low <= product.stock <= high:
                return Finding("contradicted", f"“{found.group()}” against a stock of {product.stock}")
    return PASSED


def flags(case: Case) -> Finding:
    """A yes-or-no attribute the sentence names has the value the sentence gives it."""
    statement, products = case.statement, case.products
    for product in products:
        for attribute in product.attributes:
            if attribute.flag is None or not attribute.named_in(statement.stems):
                continue
            words = _naming(attribute, product, case)
            if not attribute.named_in(frozenset(stem for word in words for stem in word.stems)):
                continue
            speaks_of = responsible(words[0].start, statement, products)
            if product in speaks_of and attribute.flag == _denied(attribute, statement, words[0], words[-1]):
                return Finding("contradicted", f"“{words[0].text}” against {attribute.flag}")
        if product.sole and product.sole.denied_by(statement.bare):
            return Finding("contradicted", f"the record says {product.sole.values[0].text}")
    return PASSED


def values(case: Case) -> Finding:
    """What the sentence says of an attribute it names is what the record says of it."""
    for product in case.products:
        if product.sole:
            agreement = Agreement(case.statement, product.sole, product.words)
            # The record has no other field that could hold a name it does not know.
            if detail := agreement.clash or agreement.unknown_name:
                return Finding("contradicted", detail)
            continue
        others = frozenset[str]().union(case.statement.spoken.neutral.stems, *(source.words for source in case.cited))
        for attribute in product.spoken_of(case.statement):
            clause = _clause_about(attribute, product, case) if attribute.said else None
            if clause and (detail := Agreement(clause, attribute, product.words, others).clash):
                return Finding("contradicted", detail)
    return PASSED


def names(case: Case) -> Finding:
    """Every name is one the cited sources know, and no other product of this turn is meant."""
    statement = case.statement
    cited_titles = " \n ".join(product.evidence.title for product in case.products).casefold()
    said = statement.bare.casefold()
    known = frozenset[str]().union(*(source.words for source in case.cited))
    for other in case.sources.evidence.values():
        title = other.title.casefold()
        if other.type == DocumentType.PRODUCT and title in said and title not in cited_titles:
            if all(word.held_by(known) for word in statement.words):
                continue  # the title is made of words the cited source says itself
            return Finding("contradicted", f"speaks of {other.title}, which is not cited")
    starts = {found.start() for found in _NAME.finditer(statement.bare)}
    for word in statement.words:
        if word.start in starts and word.text not in statement.spoken.neutral and not word.held_by(known):
            return Finding("unsupported", f"no cited source knows {word.text}")
    return PASSED


def comparison(case: Case) -> Finding:
    """Of several cited products, the one named first really is the cheaper, or the better rated."""
    statement, products = case.statement, case.products
    if len(products) < 2:
        return PASSED
    prices = {product.marker: product.price for product in products}
    ratings = {product.marker: -product.rating if product.rating else None for product in products}
    for cue, values in (("cheaper", prices), ("better_rated", ratings)):
        if not statement.spoken.cue(cue).search(statement.bare):
            continue
        first = _first_named(statement, products)
        least = [value for value in values.values() if value is not None]
        if len(least) < len(products) or first is None:
            return Finding("unsupported", "the products cannot be compared")
        if values[first.marker] != min(least):
            return Finding("contradicted", f"{first.evidence.title} is not the one")
    return PASSED


def responsible(position: int, statement: Statement, products: Sequence[ProductSource]) -> list[ProductSource]:
    """Of several cited products, the one last named before a place in the sentence; all of them if none was."""
    if len(products) < 2:
        return [*products]
    before = [product for start, product in _mentions(statement, products) if start < position]
    return before[-1:] or [*products]


def _first_named(statement: Statement, products: Sequence[ProductSource]) -> ProductSource | None:
    return next((product for _, product in _mentions(statement, products)), None)


def _mentions(statement: Statement, products: Sequence[ProductSource]) -> list[tuple[int, ProductSource]]:
    """Where words of one title, and of no other cited one, stand in the sentence."""
    found = []
    for product in products:
        others = frozenset[str]().union(*(other.title_stems for other in products if other is not product))
        own = product.title_stems - others
        found += [(word.start, product) for word in statement.words if not word.stems.isdisjoint(own)]
    return sorted(found, key=lambda mention: mention[0])


def _figure(figure: Figure, case: Case) -> Finding:
    statement, products = case.statement, case.products
    spoken_of = responsible(figure.start, statement, products)
    by_product = [product.judge(figure, statement) for product in spoken_of]
    facts = [fact.judge(figure, statement) for fact in case.facts]
    others: list[CitedSource] = [*case.actions, *case.documents]
    by_others = [*facts, *(source.judge(figure, statement) for source in others)]
    if figure.bound and figure.dimension == "money" and products:
        return _limit(by_product, facts)
    alone = sum(other.dimension == figure.dimension for other in statement.figures) == 1
    if any(outcome.kind == "match" for outcome in by_others):
        return PASSED
    if any(outcome.kind == "match" for outcome in by_product):
        clash = next((outcome for outcome in by_product if outcome.kind == "contradicted"), None)
        return _clash(figure, clash) if clash and alone else PASSED
    return _failure([*by_product, *by_others], figure if len(spoken_of) == 1 and not figure.bound else None)


def _limit(by_product: Sequence[Outcome], facts: Sequence[Outcome]) -> Finding:
    """ "Under $200" is true of a product at $189; "your $200 limit" citing a fact must also be that fact."""
    if any(outcome.kind != "match" for outcome in by_product):
        return _failure(by_product)
    money = [outcome for outcome in facts if outcome.kind != "absent"]
    if money and not any(outcome.kind == "match" for outcome in money):
        return _failure(money)
    return PASSED


def _clash(figure: Figure | None, outcome: Outcome) -> Finding:
    if figure is None or outcome.right is None:
        return Finding("contradicted", outcome.detail)
    return Finding("contradicted", outcome.detail, Correction(figure, outcome.right))


def _failure(outcomes: Sequence[Outcome], figure: Figure | None = None) -> Finding:
    clash = next((outcome for outcome in outcomes if outcome.kind == "contradicted"), None)
    if clash:
        return _clash(figure, clash)
    absent = next((outcome.detail for outcome in outcomes if outcome.kind == "absent"), "no source states this figure")
    return Finding("unsupported", absent)


def _stock_counts(case: Case) -> list[re.Match[str]]:
    """Where the sentence counts the stock; not the end of a name, as in "Phone 7 is in stock"."""
    found = case.statement.spoken.cue("stock_count").finditer(case.statement.bare)
    return [count for count in found if not any(_ends_name(count, product, case) for product in case.products)]


def _ends_name(count: re.Match[str], product: ProductSource, case: Case) -> bool:
    before = re.findall(r"\w+", case.statement.bare[: count.start()].casefold())
    number = re.match(r"\d+", count.group())
    return before != [] and number is not None and {before[-1], number.group()} <= product.title_words


def _stock_range(
    found: re.Match[str], there: Sequence[re.Match[str]], missing: Sequence[re.Match[str]]
) -> tuple[float, float]:
    if found in there:
        return 1, inf
    if found in missing:
        return 0, 0
    count = int(re.sub(r"\D", "", found.group()))
    return count, count


def _naming(attribute: Attribute, product: ProductSource, case: Case) -> list[Word]:
    """Words that name the attribute; not those of the product's title, a quote, or a longer attribute and its value."""
    statement = case.statement
    if any(other.says_more_than(attribute, statement.stems) for other in product.attributes):
        return []
    title = _title_words(product, statement)
    return [
        word
        for word in statement.words
        if not word.stems.isdisjoint(attribute.name)
        and word not in title
        and not statement.quoted(word.start, case.quotes)
    ]


def _clause_about(attribute: Attribute, product: ProductSource, case: Case) -> Statement | None:
    """The clause in which the sentence names an attribute of this very product, and does not deny anything of it."""
    statement = case.statement
    words = _naming(attribute, product, case)
    named = attribute.named_in(frozenset(stem for word in words for stem in word.stems))
    if not named or product not in responsible(words[0].start, statement, case.products):
        return None
    ends = [0, *(found.start() for found in _CLAUSE.finditer(statement.bare)), len(statement.bare)]
    start, end = next((one, other) for one, other in pairwise(ends) if one <= words[0].start < other)
    clause = statement.bare[start:end]
    return None if statement.spoken.cue("negation").search(clause) else Statement(clause, statement.spoken)


def _title_words(product: ProductSource, statement: Statement) -> list[Word]:
    """Runs of two or more words of the title with nothing else between them: there a word is part of a name."""
    runs: list[list[Word]] = []
    end = 0
    for word in statement.words:
        if not word.held_by(product.title_stems):
            continue
        between = re.findall(r"\w+", statement.bare[end : word.start].casefold())
        if not runs or not product.title_words.issuperset(between):
            runs.append([])
        runs[-1].append(word)
        end = word.start + len(word.text)
    return [word for run in runs if len(run) > 1 for word in run]


def _denied(attribute: Attribute, statement: Statement, first: Word, last: Word) -> bool:
    """By a word before it in the same clause, by its own prefix, or, in Korean, by what follows."""
    negation = statement.spoken.cue("negation")
    before = _CLAUSE.split(statement.bare[max(0, first.start - _NEGATION_REACH) : first.start])[-1]
    inside = statement.bare[first.start : last.start]
    prefixed = "non" not in attribute.name and first.text.casefold().startswith("non-")
    end = last.start + len(last.text)
    after = _CLAUSE.split(statement.bare[end : end + _NEGATION_REACH])[0] if _HANGUL.search(statement.bare) else ""
    return prefixed or negation.search(f"{before}{inside} {after}") is not None
