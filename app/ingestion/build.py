"""One way to make an index: take records into the ledger, embed what is new, write a whole new generation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

import numpy as np

from app.ingestion.errors import IngestError
from app.ingestion.floors import calibrate
from app.ingestion.ledger import Changes, Ledger, Load, open_ledger, vector_keys
from app.ingestion.points import Passage, Passages, Record, passages
from app.ingestion.progress import Report, silent
from app.ingestion.related import related_kinds, usage
from retrievers.catalogue import DocumentType, Product
from retrievers.embedding.protocol import Embedder
from retrievers.embedding.sparse import Bm25Encoder
from retrievers.embedding.tokens import tokens
from retrievers.index.protocol import IndexWriter, Manifest, Point, Vector
from retrievers.records import Clock

_WORTH_AN_INDEX = 300  # products; looking at the figures of fewer takes less than 3 ms, and an index slows every write
_STEP = 500  # points between two reports of progress


# Vectors of many texts, shape (len(texts), dimensions); the callback gets how many were done since its last call.
BulkEmbed = Callable[[Sequence[str], Callable[[int], None]], Vector]


class GenerationWriter(IndexWriter, Protocol):
    @property
    def generation(self) -> str:
        """The name of the generation being built, which its manifest must carry."""
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What a build works with. `open_writer` begins a new generation; `write_items` feeds the feature store."""

    ledger: Path
    embedder: Embedder
    embed: BulkEmbed
    open_writer: Callable[[], GenerationWriter]
    write_items: Callable[[Sequence[Product], datetime, Report], None]
    clock: Clock


@dataclass(frozen=True, slots=True)
class Built:
    generation: str
    changes: Changes
    embedded: int
    counts: Mapping[str, int]


def build(parts: Parts, loads: Sequence[Load], report: Report = silent) -> Built:
    """Publishes a generation that holds these loads and everything loaded before.

    Whatever fails, the serving generation and the ledger stay as they were. Raises IngestError when another load runs
    or there is nothing to hold.
    """
    now = parts.clock()
    with open_ledger(parts.ledger) as ledger:
        changes = sum((ledger.apply(load) for load in loads), Changes())
        records = ledger.records()
        if not records:
            raise IngestError("there is nothing to load, and nothing was loaded before")
        read = passages(records)
        found = read.passages
        embedded = _embed(found, ledger, parts, report)
        products = [record for record in records if isinstance(record, Product)]
        with _writing(parts.open_writer()) as writer:
            manifest = _manifest(writer.generation, records, read, embedded, parts.embedder, now)
            writer.measure(_often_measured(manifest))
            writer.upsert(_points(found, embedded.rows, report))
            if any(load.type is DocumentType.PRODUCT for load in loads):
                parts.write_items(products, now, report)
            writer.publish(manifest)
    return Built(manifest.generation, changes, embedded.fresh, manifest.counts)


def _often_measured(manifest: Manifest) -> list[str]:
    told = manifest.attributes.items()
    return [name for name, stated in told if stated.kind == "measure" and stated.products > _WORTH_AN_INDEX]


@contextmanager
def _writing(writer: GenerationWriter) -> Iterator[GenerationWriter]:
    try:
        yield writer
    except BaseException:
        writer.abandon()
        raise


@dataclass(frozen=True, slots=True)
class _Embedded:
    """`rows` has one vector a passage, the mean of its views; `related` are other words for kinds."""

    rows: Vector
    related: Mapping[str, str]
    fresh: int  # passages with a view that had no vector yet


def _embed(found: Sequence[Passage], ledger: Ledger, parts: Parts, report: Report) -> _Embedded:
    of = usage(found)
    texts = list(dict.fromkeys([*(view for passage in found for view in passage.views), *of.texts]))
    keys = dict(zip(texts, vector_keys(parts.embedder.name, texts), strict=True))
    vectors = ledger.vectors()
    missing = [text for text in texts if keys[text] not in vectors]
    done = 0

    def advance(embedded: int) -> None:
        nonlocal done
        done += embedded
        report("embedding", done, len(missing))

    embedded = (
        dict(zip((keys[text] for text in missing), parts.embed(missing, advance), strict=True)) if missing else {}
    )
    ledger.keep_vectors(embedded, list(keys.values()))
    by_text = {text: embedded[key] if key in embedded else vectors[key] for text, key in keys.items()}
    unknown = set(missing)
    fresh = {passage.views for passage in found if not unknown.isdisjoint(passage.views)}
    rows = np.stack([_mean([by_text[view] for view in passage.views]) for passage in found])
    return _Embedded(rows, related_kinds(of, by_text), len(fresh))


def _mean(views: Sequence[Vector]) -> Vector:
    if len(views) == 1:
        return views[0]
    mean = np.mean(views, axis=0)
    unit: Vector = (mean / np.linalg.norm(mean)).astype(np.float32)
    return unit


def _points(found: Sequence[Passage], vectors: Vector, report: Report) -> Iterator[Point]:
    """BM25 needs the mean lengths of a collection's texts, so each type has an encoder of its own."""
    fields = [[tokens(field) for field in passage.fields] for passage in found]
    by_type: dict[DocumentType, list[list[list[str]]]] = {}
    for passage, of in zip(found, fields, strict=True):
        by_type.setdefault(passage.evidence.type, []).append(of)
    encoders = {kind: Bm25Encoder.learn(documents) for kind, documents in by_type.items()}
    for done, (passage, of, vector) in enumerate(zip(found, fields, vectors, strict=True), 1):
        sparse = encoders[passage.evidence.type].document(of)
        yield Point(passage.evidence, passage.payload, vector, sparse)
        if done % _STEP == 0 or done == len(found):
            report("indexing", done, len(found))


def _manifest(
    generation: str,
    records: Sequence[Record],
    read: Passages,
    embedded: _Embedded,
    embedder: Embedder,
    now: datetime,
) -> Manifest:
    products = [record for record in records if isinstance(record, Product)]
    kinds = [DocumentType.PRODUCT if isinstance(record, Product) else record.type for record in records]
    currencies = Counter(product.currency for product in products if product.price is not None)
    calibration = calibrate(read.passages, embedded.rows, embedder)
    return Manifest(
        generation=generation,
        embedder=embedder.name,
        dimensions=embedder.dimensions,
        created_at=now,
        counts={str(kind): count for kind, count in sorted(Counter(kinds).items())},
        floors=calibration.floors,
        strangers=calibration.strangers,
        vocabulary=read.vocabulary,
        attributes=read.attributes,
        related=embedded.related,
        currency=currencies.most_common(1)[0][0] if currencies else "USD",
    )
