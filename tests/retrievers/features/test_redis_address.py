import pytest

from retrievers.features.redis_address import redis_address


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
    given = redis_address(url).connection_string().split(",")
    assert set(given) == parts | {"socket_connect_timeout=1", "socket_timeout=5", "retry=null"}
    assert "=" not in given[0]


def test_a_given_timeout_is_kept() -> None:
    assert "socket_timeout=9" in redis_address("cache:6379,socket_timeout=9").connection_string().split(",")


@pytest.mark.parametrize("url", ["", "http://cache:80", "redis://", "db=3", "cache:six", "redis://:secret@cache:six"])
def test_what_is_no_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match=r"^not a Redis address; use redis://HOST:PORT/DB or HOST:PORT$"):
        redis_address(url)


def test_a_client_takes_the_same_address() -> None:
    options = redis_address("rediss://shop:123@cache/1").client_options()
    assert (options["host"], options["port"], options["db"], options["ssl"]) == ("cache", 6379, 1, True)
    assert (options["username"], options["password"]) == ("shop", "123")
    assert (options["socket_timeout"], options["retry"]) == (5, None)


def test_a_client_takes_one_server_only() -> None:
    with pytest.raises(ValueError, match="one server"):
        redis_address("a:6379,b:6379").client_options()
