"""Reads tensors from a safetensors file: an 8-byte header length, a JSON header, then the raw little-endian data."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Tensors = dict[str, NDArray[Any]]
_DTYPES = {"F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4"}


def load_tensors(path: Path) -> Tensors:
    """Tensors by name, mapped from disk, not copied. Raises ValueError on a type of number not read here."""
    with path.open("rb") as file:
        (header_length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(header_length))
    data = np.memmap(path, dtype=np.uint8, mode="r", offset=8 + header_length)
    return {name: _tensor(data, name, entry) for name, entry in header.items() if name != "__metadata__"}


def _tensor(data: NDArray[np.uint8], name: str, entry: dict[str, Any]) -> NDArray[Any]:
    if entry["dtype"] not in _DTYPES:
        raise ValueError(f"tensor {name} has unsupported type {entry['dtype']}")
    start, end = entry["data_offsets"]
    return data[start:end].view(_DTYPES[entry["dtype"]]).reshape(entry["shape"])
