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
from retrievers.catalogue import DocumentType, Product
from retrievers.embedding.protocol import Embedder
from retrievers.embedding.sparse import Bm25Encoder
from retrievers.embedding.tokens import tokens
from retrievers.index.protocol import IndexWriter, Manifest, Point, Vector
from retrievers.records import Clock

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
        vectors, embedded = _embed(found, ledger, parts, report)
        products = [record for record in records if isinstance(record, Product)]
        with _writing(parts.open_writer()) as writer:
            manifest = _manifest(writer.generation, records, read, vectors, parts.embedder, now)
            writer.measure([name for name, told in manifest.attributes.items() if told.kind == "measure"])
            writer.upsert(_points(found, vectors, report))
            if any(load.type is DocumentType.PRODUCT for load in loads):
                parts.write_items(products, now, report)
            writer.publish(manifest)
    return Built(manifest.generation, changes, embedded, manifest.counts)


@contextmanager
def _writing(writer: GenerationWriter) -> Iterator[GenerationWriter]:
    try:
        yield writer
    except BaseException:
        writer.abandon()
        raise


def _embed(found: Sequence[Passage], ledger: Ledger, parts: Parts, report: Report) -> tuple[Vector, int]:
    """One row a passage, and how many texts had no vector yet."""
    keys = vector_keys(parts.embedder.name, (passage.embedded for passage in found))
    vectors = ledger.vectors()
    fresh = {key: passage.embedded for key, passage in zip(keys, found, strict=True) if key not in vectors}
    done = 0

    def advance(texts: int) -> None:
        nonlocal done
        done += texts
        report("embedding", done, len(fresh))

    if fresh:
        embedded = dict(zip(fresh, parts.embed(list(fresh.values()), advance), strict=True))
        ledger.keep_vectors(embedded, keys)
        vectors |= embedded
    else:
        ledger.keep_vectors({}, keys)
    return np.stack([vectors[key] for key in keys]), len(fresh)


def _points(found: Sequence[Passage], vectors: Vector, report: Report) -> Iterator[Point]:
    """BM25 needs the mean length of a collection's texts, so each type has an encoder of its own."""
    lengths: dict[DocumentType, list[int]] = {}
    for passage in found:
        lengths.setdefault(passage.evidence.type, []).append(len(tokens(passage.searched)))
    encoders = {kind: Bm25Encoder(max(1.0, float(np.mean(counts)))) for kind, counts in lengths.items()}
    for done, (passage, vector) in enumerate(zip(found, vectors, strict=True), 1):
        sparse = encoders[passage.evidence.type].document(passage.searched)
        yield Point(passage.evidence, passage.payload, vector, sparse)
        if done % _STEP == 0 or done == len(found):
            report("indexing", done, len(found))


def _manifest(
    generation: str,
    records: Sequence[Record],
    read: Passages,
    vectors: Vector,
    embedder: Embedder,
    now: datetime,
) -> Manifest:
    products = [record for record in records if isinstance(record, Product)]
    kinds = [DocumentType.PRODUCT if isinstance(record, Product) else record.type for record in records]
    currencies = Counter(product.currency for product in products if product.price is not None)
    calibration = calibrate(read.passages, vectors, embedder)
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
        currency=currencies.most_common(1)[0][0] if currencies else "USD",
    )
