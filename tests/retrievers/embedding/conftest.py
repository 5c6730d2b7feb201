import pytest

from retrievers.embedding.embedder import MiniLmEmbedder


@pytest.fixture(scope="session")
def cache_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def embedder(cache_dir):
    return MiniLmEmbedder(cache_dir)
