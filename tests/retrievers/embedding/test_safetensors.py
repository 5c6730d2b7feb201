import json
import struct

import numpy as np
import pytest

from retrievers.embedding.safetensors import load_tensors


def write(path, entries, data):
    header = json.dumps({"__metadata__": {"format": "pt"}, **entries}).encode()
    path.write_bytes(struct.pack("<Q", len(header)) + header + data)
    return path


def test_tensors_come_back_by_name(tmp_path):
    matrix, vector = np.arange(6, dtype=np.float32).reshape(2, 3), np.array([7, 8], np.int64)
    entries = {
        "matrix": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
        "vector": {"dtype": "I64", "shape": [2], "data_offsets": [24, 40]},
    }
    tensors = load_tensors(write(tmp_path / "w", entries, matrix.tobytes() + vector.tobytes()))
    assert tensors.keys() == {"matrix", "vector"}
    np.testing.assert_array_equal(tensors["matrix"], matrix)
    np.testing.assert_array_equal(tensors["vector"], vector)


def test_an_unknown_type_of_number_is_named(tmp_path):
    entries = {"odd": {"dtype": "F8", "shape": [1], "data_offsets": [0, 1]}}
    with pytest.raises(ValueError, match="tensor odd has unsupported type F8"):
        load_tensors(write(tmp_path / "w", entries, b"\0"))
