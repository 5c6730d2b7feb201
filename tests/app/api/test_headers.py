from __future__ import annotations

import re

import pytest


@pytest.mark.parametrize("path", ["/", "/static/app.js", "/images/RUN-0101.svg", "/healthz", "/nowhere", "/api/chat"])
def test_every_response_carries_the_policy(client, path):
    response = client.get(path)

    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"


def test_a_stream_carries_it_too(client):
    response = client.post("/api/chat", json={"message": "hi"})

    assert response.headers["x-content-type-options"] == "nosniff"


def test_the_page_needs_no_inline_code_or_style(client):
    html = client.get("/").text

    scripts = re.findall(r"<script([^>]*)>", html)
    assert len(scripts) == 2
    assert all("src=" in attributes or 'type="application/json"' in attributes for attributes in scripts)
    assert not re.search(r"\s(style|on\w+)=", html)
    assert "<style" not in html


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/api/chat", 405)])
def test_routing_errors_are_json_lines(client, path, status):
    response = client.get(path)

    assert response.status_code == status
    assert list(response.json()) == ["error", "code"]
