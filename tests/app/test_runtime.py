from __future__ import annotations

import subprocess
import sys

_OPENED = """
import sys
from app.runtime import open_features
from app.settings import Settings
source = open_features(Settings(features="redis-hashes", redis_url="127.0.0.1:1")).source
assert type(source).__name__ == "RedisHashFeatureSource"
print([name for name in ("feast", "pandas", "dask", "llama_index") if name in sys.modules])
"""


def test_a_shop_on_plain_hashes_imports_no_feast() -> None:
    """Whose seconds are most of what a command waits for."""
    done = subprocess.run([sys.executable, "-c", _OPENED], capture_output=True, text=True, check=False)
    assert done.stdout == "[]\n", done.stderr
