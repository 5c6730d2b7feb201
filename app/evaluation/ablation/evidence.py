"""Indexes that know less than the shop's, or exactly what a case asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from retrievers.catalogue import DocumentType
from retrievers.index.protocol import Hit, Index, Manifest, Query
from retrievers.records import Evidence

Reword = Callable[[Query], Query]


class Searched:
    """An `Index` whose searches are made in another way; what is known by its id is found as ever."""

    def __init__(self, index: Index, reword: Reword) -> None:
        self._index, self._reword = index, reword

    def search(self, queries: Sequence[Query]) -> list[list[Hit]]:
        return self._index.search([self._reword(query) for query in queries])

    def fetch(self, ids: Sequence[str]) -> list[Evidence]:
        return self._index.fetch(ids)

    def manifest(self) -> Manifest:
        return self._index.manifest()

    def close(self) -> None:
        """The index belongs to all rungs."""


class Given:
    """An `Index` in which every search finds the same evidence, best first, whatever the limits."""

    def __init__(self, index: Index, evidence: tuple[Evidence, ...]) -> None:
        self._index, self._evidence = index, evidence

    def search(self, queries: Sequence[Query]) -> list[list[Hit]]:
        return [self._found(query) for query in queries]

    def fetch(self, ids: Sequence[str]) -> list[Evidence]:
        wanted = set(ids)
        return [each for each in self._evidence if each.id in wanted]

    def manifest(self) -> Manifest:
        return self._index.manifest()

    def close(self) -> None:
        """The index belongs to all rungs."""

    def _found(self, query: Query) -> list[Hit]:
        """What buyers say of a product found is looked up: nobody judges which review is the right one."""
        if query.type is DocumentType.REVIEW and self._evidence:
            return self._index.search([query])[0]
        found = [each for each in self._evidence if each.type == query.type][: query.limit]
        return [Hit(replace(each, score=1.0 - place / 100), None, 1.0) for place, each in enumerate(found)]


def lexical(query: Query) -> Query:
    """By BM25 alone."""
    return replace(query, dense=None, rewordings=(), heads=(), plain=query.sparse is not None)


def dense(query: Query) -> Query:
    """By the cosine of vectors alone."""
    return replace(query, sparse=None, rewordings=(), heads=(), plain=query.dense is not None)


def as_it_is(query: Query) -> Query:
    return query
