import socket

import pytest

from graphs.guardrails.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I am looking for a warm coat for my daughter", "en"),
        ("ich suche einen warmen mantel für den winter", "de"),
        ("je cherche un manteau chaud pour l'hiver", "fr"),
        ("코트", "ko"),
        ("WH-1000XM5", None),
        ("", None),
    ],
)
def test_the_language_is_told_without_the_network(
    text: str, language: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert language_of(text) == language
