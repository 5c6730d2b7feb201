"""Texts to unit vectors with the exported model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from retrievers.embedding.export import exported_model
from retrievers.index.protocol import Vector


class MiniLmEmbedder:
    """Implements `Embedder`; safe to share between threads. The first use of a cache directory takes a few seconds.

    `max_tokens` cuts longer texts (the model itself takes at most 512). Texts are run one by one: dynamic quantisation
    picks one scale for a whole batch, so a text's vector would depend on its neighbours, and batches are no faster.
    """

    def __init__(self, cache_dir: Path, threads: int = 1, max_tokens: int = 128) -> None:
        model = exported_model(cache_dir)
        self.name = model.name
        self.dimensions = model.dimensions
        self._tokenizer = Tokenizer.from_file(str(model.tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens)
        self._session = _session(model.graph, threads)

    def query(self, text: str) -> Vector:
        return self._run(self._tokenizer.encode(text).ids)

    def documents(self, texts: Sequence[str]) -> Vector:
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self.query(text)
        return vectors

    def _run(self, ids: list[int]) -> Vector:
        (vectors,) = self._session.run(["embedding"], {"input_ids": np.array([ids], np.int64)})
        vector: Vector = vectors[0]
        return vector


def _session(graph: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # idle threads must not burn the core
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
