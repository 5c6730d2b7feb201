import hashlib
from importlib.resources import files

import pytest

from graphs.guardrails.policy import Policy


def test_the_hash_is_that_of_the_common_file_and_the_domains() -> None:
    raw = b"".join(
        files("graphs.guardrails").joinpath("data", name).read_bytes() for name in ("common.toml", "retail.toml")
    )
    assert Policy.load("retail").sha256 == hashlib.sha256(raw).hexdigest()


def test_a_domain_without_a_policy_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        Policy.load("nowhere")
