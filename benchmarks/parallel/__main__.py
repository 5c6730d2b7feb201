"""`python -m benchmarks.parallel --products FILE --judgments FILE [--index DIR] [--repeat N] [--out docs] [--json]`."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from app.evaluation.retrieval import read_judgments
from app.evaluation.rows import EvaluationError
from app.ingestion.build import build
from app.ingestion.errors import IngestError
from app.ingestion.ledger import Load
from app.ingestion.parts import open_parts
from app.ingestion.products import read_products
from benchmarks.parallel.designs import DelayedFeatures, designs
from benchmarks.parallel.show import table, write
from benchmarks.parallel.study import run, shoppers
from retrievers.catalogue import DocumentType
from retrievers.index.owner import open_index


def main() -> None:
    options = _options()
    try:
        grades, catalogue = read_judgments(options.judgments), read_products(options.products).products
    except (EvaluationError, IngestError) as error:
        sys.exit(str(error))
    by_id = {product.product_id: product for product in catalogue}
    asking = shoppers(grades, by_id)
    prices = {product.product_id: product.price for product in catalogue if product.price is not None}
    features = DelayedFeatures({one.query: one.features for one in asking}, prices)
    with TemporaryDirectory(prefix="shelfwise-bench-") as scratch:
        data, parts = options.index or Path(scratch), open_parts(Path(scratch))
        if options.index is None:
            _tell("indexing")
            build(replace(parts, write_items=lambda *_: None), [Load(DocumentType.PRODUCT, catalogue)])
        with closing(open_index(data)) as index:
            made = designs(index, parts.embedder, features)
            results = run(made, features, asking, grades, by_id, options.repeat, _tell)
    if options.out is not None:
        write(results, len(asking), len(catalogue), options.out)
    if options.json:
        told = {delay: {name: asdict(one) for name, one in of.items()} for delay, of in results.items()}
        print(json.dumps({"queries": len(asking), "products": len(catalogue), "delays_ms": told}))
    else:
        print("\n".join(table(results)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.parallel", description=__doc__)
    parser.add_argument("--products", type=Path, required=True)
    parser.add_argument("--judgments", type=Path, required=True)
    parser.add_argument(
        "--index", type=Path, help="a data directory PRODUCTS were ingested into, instead of a new index"
    )
    parser.add_argument("--repeat", type=int, default=3, help="turns of each query, design and delay")
    parser.add_argument("--out", type=Path, help="also write the page and the plot to this folder")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _tell(line: str) -> None:
    print(line, file=sys.stderr)


if __name__ == "__main__":
    main()
