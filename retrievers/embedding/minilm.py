"""The ONNX graph of all-MiniLM-L6-v2, built from its weights without torch.

A BERT encoder (Devlin et al. 2019) of six layers, then the mean over the tokens and division by the length of that
mean, as in Sentence-BERT (Reimers and Gurevych 2019). There is no attention mask, because texts are run one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from retrievers.embedding.safetensors import Tensors

OPSET = 20  # the first with Gelu
IR_VERSION = 9  # the one that came with it; newer ones are refused by older runtimes


@dataclass(frozen=True, slots=True)
class BertConfig:
    """The fields of `config.json` that shape the graph."""

    hidden_size: int
    num_attention_heads: int
    num_hidden_layers: int
    layer_norm_eps: float

    @classmethod
    def from_json(cls, config: dict[str, Any]) -> BertConfig:
        return cls(**{name: config[name] for name in cls.__dataclass_fields__})


def build_graph(weights: Tensors, config: BertConfig) -> Any:
    """An `onnx.ModelProto`: `input_ids` (batch, tokens) int64 to `embedding` (batch, hidden size) of unit length.

    All rows of a batch must have the same number of tokens, none of them padding.
    """
    return _Builder(weights, config).model()


class _Builder:
    """Adds nodes in reading order; a tensor in the graph is known by its name."""

    def __init__(self, weights: Tensors, config: BertConfig) -> None:
        self._weights = weights
        self._config = config
        self._nodes: list[Any] = []
        self._constants: dict[str, Any] = {}

    def model(self) -> Any:
        hidden = self._embeddings("input_ids")
        for number in range(self._config.num_hidden_layers):
            hidden = self._layer(hidden, f"encoder.layer.{number}")
        self._pooling(hidden)
        ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "tokens"])
        shape = ["batch", self._config.hidden_size]
        embedding = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, shape)
        graph = helper.make_graph(self._nodes, "minilm", [ids], [embedding], list(self._constants.values()))
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
        onnx.checker.check_model(model)
        return model

    def _embeddings(self, ids: str) -> str:
        # Every text is one segment, so the embedding of segment 0 is added to all positions once, here.
        segment = self._weights["embeddings.token_type_embeddings.weight"][0]
        positions = self._weights["embeddings.position_embeddings.weight"] + segment
        length = self._node("Shape", ids, start=1, end=2)
        here = self._node("Slice", self._constant("positions", positions), self._ints(0), length, self._ints(0))
        words = self._node("Gather", self._weight("embeddings.word_embeddings.weight"), ids)
        return self._normalised(self._node("Add", words, here), "embeddings.LayerNorm")

    def _layer(self, hidden: str, name: str) -> str:
        attended = self._dense(self._attention(hidden, f"{name}.attention.self"), f"{name}.attention.output.dense")
        hidden = self._normalised(self._node("Add", attended, hidden), f"{name}.attention.output.LayerNorm")
        inner = self._node("Gelu", self._dense(hidden, f"{name}.intermediate.dense"))
        outer = self._dense(inner, f"{name}.output.dense")
        return self._normalised(self._node("Add", outer, hidden), f"{name}.output.LayerNorm")

    def _attention(self, hidden: str, name: str) -> str:
        """softmax(Q K^T / sqrt(d)) V for each head (Vaswani et al. 2017, eq. 1)."""
        query = self._heads(hidden, f"{name}.query", order=[0, 2, 1, 3])
        key = self._heads(hidden, f"{name}.key", order=[0, 2, 3, 1])
        value = self._heads(hidden, f"{name}.value", order=[0, 2, 1, 3])
        scale = self._constant("scale", np.array(self._head_size**-0.5, np.float32))
        scores = self._node("Mul", self._node("MatMul", query, key), scale)
        mixed = self._node("MatMul", self._node("Softmax", scores, axis=-1), value)
        joined = self._node("Transpose", mixed, perm=[0, 2, 1, 3])
        return self._node("Reshape", joined, self._ints(0, 0, self._config.hidden_size))

    def _heads(self, hidden: str, name: str, order: list[int]) -> str:
        shape = self._ints(0, 0, self._config.num_attention_heads, self._head_size)  # 0 keeps the dimension
        return self._node("Transpose", self._node("Reshape", self._dense(hidden, name), shape), perm=order)

    def _pooling(self, hidden: str) -> None:
        mean = self._node("ReduceMean", hidden, self._ints(1), keepdims=0)
        length = self._node("ReduceL2", mean, self._ints(1), keepdims=1)
        self._nodes.append(helper.make_node("Div", [mean, length], ["embedding"], name="embedding"))

    @property
    def _head_size(self) -> int:
        return self._config.hidden_size // self._config.num_attention_heads

    def _dense(self, hidden: str, name: str) -> str:
        kernel = self._constant(f"{name}.kernel", self._weights[f"{name}.weight"].T)
        return self._node("Add", self._node("MatMul", hidden, kernel), self._weight(f"{name}.bias"))

    def _normalised(self, hidden: str, name: str) -> str:
        scale, bias = self._weight(f"{name}.weight"), self._weight(f"{name}.bias")
        return self._node("LayerNormalization", hidden, scale, bias, axis=-1, epsilon=self._config.layer_norm_eps)

    def _node(self, operator: str, *inputs: str, **attributes: Any) -> str:
        name = f"{operator}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, list(inputs), [name], name=name, **attributes))
        return name

    def _weight(self, name: str) -> str:
        return self._constant(name, self._weights[name])

    def _ints(self, *values: int) -> str:
        return self._constant("ints_" + "_".join(map(str, values)), np.array(values, np.int64))

    def _constant(self, name: str, array: NDArray[Any]) -> str:
        if name not in self._constants:
            self._constants[name] = numpy_helper.from_array(np.asarray(array, order="C"), name)
        return name
