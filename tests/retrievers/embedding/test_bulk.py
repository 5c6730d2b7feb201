import numpy as np

from retrievers.embedding.bulk import embed_bulk


def test_workers_give_the_same_vectors_in_the_same_order(cache_dir, embedder):
    texts = [f"product number {n}, {'long ' * (n % 7)}text" for n in range(300)]
    done = []
    np.testing.assert_array_equal(
        embed_bulk(texts, cache_dir, workers=2, progress=done.append), embedder.documents(texts)
    )
    assert sum(done) == 300
    assert len(done) > 2


def test_one_worker_stays_in_this_process(cache_dir, embedder):
    done = []
    vectors = embed_bulk(["printer", "mouse"], cache_dir, workers=1, progress=done.append, max_tokens=64)
    np.testing.assert_array_equal(vectors, embedder.documents(["printer", "mouse"]))
    assert done == [2]


def test_nothing_to_embed(cache_dir):
    assert embed_bulk([], cache_dir, workers=2, progress=lambda _: None).shape == (0, 384)
