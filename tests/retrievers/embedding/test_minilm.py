"""The graph against the same arithmetic in plain numpy, on a tiny model with random weights."""

import math

import numpy as np
import onnxruntime
import pytest

from retrievers.embedding.minilm import BertConfig, build_graph

CONFIG = BertConfig(hidden_size=8, num_attention_heads=2, num_hidden_layers=2, layer_norm_eps=1e-12)


@pytest.fixture
def weights():
    rng = np.random.default_rng(5)
    width, inner = CONFIG.hidden_size, 16
    shapes = {
        "embeddings.word_embeddings.weight": (20, width),
        "embeddings.position_embeddings.weight": (12, width),
        "embeddings.token_type_embeddings.weight": (2, width),
    }
    dense = {
        "attention.output.dense": (width, width),
        "intermediate.dense": (inner, width),
        "output.dense": (width, inner),
    }
    dense |= {f"attention.self.{part}": (width, width) for part in ("query", "key", "value")}
    for layer in range(CONFIG.num_hidden_layers):
        for name, shape in dense.items():
            shapes |= {f"encoder.layer.{layer}.{name}.weight": shape, f"encoder.layer.{layer}.{name}.bias": shape[:1]}
        for name in ("attention.output", "output"):
            shapes |= {f"encoder.layer.{layer}.{name}.LayerNorm.{part}": (width,) for part in ("weight", "bias")}
    shapes |= {f"embeddings.LayerNorm.{part}": (width,) for part in ("weight", "bias")}
    return {name: rng.standard_normal(shape).astype(np.float32) for name, shape in shapes.items()}


def encode(weights, ids):
    def dense(x, name):
        return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def norm(x, name):
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + CONFIG.layer_norm_eps)
        return scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    def attention(x, name):
        size = CONFIG.hidden_size // CONFIG.num_attention_heads
        heads = []
        for at in range(0, CONFIG.hidden_size, size):
            query, key, value = (dense(x, f"{name}.{part}")[:, at : at + size] for part in ("query", "key", "value"))
            scores = np.exp(query @ key.T / math.sqrt(size))
            heads.append(scores / scores.sum(-1, keepdims=True) @ value)
        return np.concatenate(heads, axis=-1)

    gelu = np.vectorize(lambda x: x * (1 + math.erf(x / math.sqrt(2))) / 2)
    x = weights["embeddings.word_embeddings.weight"][ids] + weights["embeddings.position_embeddings.weight"][: len(ids)]
    x = norm(x + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for number in range(CONFIG.num_hidden_layers):
        name = f"encoder.layer.{number}"
        attended = dense(attention(x, f"{name}.attention.self"), f"{name}.attention.output.dense")
        x = norm(x + attended, f"{name}.attention.output.LayerNorm")
        x = norm(
            x + dense(gelu(dense(x, f"{name}.intermediate.dense")), f"{name}.output.dense"), f"{name}.output.LayerNorm"
        )
    return x.mean(0) / np.linalg.norm(x.mean(0))


@pytest.mark.parametrize("ids", [[3], [1, 2, 3, 4, 5], [7] * 12])
def test_the_graph_computes_the_encoder(weights, ids):
    session = onnxruntime.InferenceSession(build_graph(weights, CONFIG).SerializeToString())
    (embedding,) = session.run(None, {"input_ids": np.array([ids], np.int64)})
    assert embedding.shape == (1, CONFIG.hidden_size)
    np.testing.assert_allclose(embedding[0], encode(weights, ids), atol=1e-5)
