import pytest

from retrievers.features.config import redis_connection_string


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("cache:6380", {"cache:6380"}),
        ("cache", {"cache:6379"}),
        ("cache:6380,db=3", {"cache:6380", "db=3"}),
        ("redis://cache", {"cache:6379"}),
        ("redis://cache:6380/2", {"cache:6380", "db=2"}),
        ("rediss://shop:p%40ss@cache/1", {"cache:6379", "ssl=true", "username=shop", "password=p@ss", "db=1"}),
    ],
)
def test_both_forms_become_feasts(url: str, parts: set[str]) -> None:
    given = redis_connection_string(url).split(",")
    assert set(given) == parts | {"socket_connect_timeout=1", "socket_timeout=5", "retry=null"}
    assert "=" not in given[0]


def test_a_given_timeout_is_kept() -> None:
    assert "socket_timeout=9" in redis_connection_string("cache:6379,socket_timeout=9").split(",")


@pytest.mark.parametrize("url", ["", "http://cache:80", "redis://", "db=3"])
def test_what_is_no_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match=r"^not a Redis address; use redis://HOST:PORT/DB or HOST:PORT$"):
        redis_connection_string(url)
