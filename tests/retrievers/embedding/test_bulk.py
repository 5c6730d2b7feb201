import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from retrievers.embedding.bulk import embed_bulk

EMBEDDING = """
import sys
from pathlib import Path
from retrievers.embedding.bulk import embed_bulk

if __name__ == "__main__":
    texts = [f"product number {number}" for number in range(100_000)]
    embed_bulk(texts, Path(sys.argv[1]), 2, lambda done: print(done, flush=True))
"""


def _members(group: int) -> list[int]:
    """Processes of a group that have not ended."""
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, member_of = place.read_text().rpartition(")")[2].split()[:3]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(member_of) == group and state != "Z":
            found.append(int(place.parent.name))
    return found


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks for processes in /proc")
@pytest.mark.usefixtures("in_foreground")
@pytest.mark.parametrize("interrupted", [True, False], ids=["interrupted", "killed"])
def test_no_worker_outlives_a_load_that_is_stopped(cache_dir, embedder, tmp_path, interrupted):
    script = tmp_path / "embedding.py"
    script.write_text(EMBEDDING)
    load = subprocess.Popen(
        [sys.executable, script, cache_dir],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
    )
    try:
        assert load.stdout.readline() == b"128\n"  # it is on its way
        assert len(_members(load.pid)) >= 3
        if interrupted:
            os.killpg(load.pid, signal.SIGINT)  # what a terminal sends to all of them
        else:
            load.kill()
        _, said = load.communicate(timeout=60)
        deadline = time.monotonic() + 60
        while _members(load.pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert _members(load.pid) == []
        assert said.count(b"Traceback") == (1 if interrupted else 0), said.decode()  # the load's own
    finally:
        for member in _members(load.pid):
            os.kill(member, signal.SIGKILL)


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
