import json

import numpy as np
import pytest

from retrievers.catalogue import DocumentType
from retrievers.index.codec import (
    manifest_from_json,
    manifest_to_json,
    query_from_json,
    query_to_json,
)
from retrievers.index.protocol import Query, SparseVector
from retrievers.records import FilterItem


def test_queries_survive_json(shelf):
    filters = (FilterItem("price", "lte", 200.0, "stated", "said"), FilterItem("brand", "in", ("a", "5"), "declared"))
    query = Query(
        DocumentType.REVIEW,
        7,
        shelf.unit(3),
        SparseVector((1, 2**32 - 1), (0.5, 1.0)),
        filters,
        ("shoe",),
        (SparseVector((3,), (1.0,)),),
        plain=True,
    )
    again = query_from_json(json.loads(json.dumps(query_to_json(query))))
    np.testing.assert_array_equal(again.dense, query.dense)
    assert (again.type, again.limit, again.sparse, again.filters, again.heads, again.rewordings, again.plain) == (
        query.type,
        query.limit,
        query.sparse,
        query.filters,
        query.heads,
        query.rewordings,
        query.plain,
    )


def test_a_browsing_query_survives_json():
    query = Query(DocumentType.PRODUCT, 3)
    assert query_from_json(json.loads(json.dumps(query_to_json(query)))) == query


def test_manifests_survive_json(shelf):
    manifest = shelf.manifest("g", product=3)
    assert manifest_from_json(json.loads(json.dumps(manifest_to_json(manifest)))) == manifest


def test_what_is_no_manifest_is_refused():
    with pytest.raises(ValueError, match="generation"):
        manifest_from_json({"embedder": "x"})
