import hashlib
from importlib.resources import files

import pytest

from graphs.guardrails.policy import Policy


def test_the_hash_is_the_files() -> None:
    raw = files("graphs.guardrails").joinpath("data", "retail.toml").read_bytes()
    assert Policy.load("retail").sha256 == hashlib.sha256(raw).hexdigest()


def test_a_domain_without_a_policy_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        Policy.load("nowhere")
