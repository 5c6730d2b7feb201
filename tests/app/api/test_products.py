from __future__ import annotations

import pytest

from retrievers.index.protocol import IndexUnavailable


def test_a_product_by_id(client):
    response = client.get("/api/products/RUN-0101")

    assert response.status_code == 200
    assert response.json()["title"] == "Tarn Cushioned Crew Running Socks, 3 pairs"


def test_an_unknown_product_is_a_one_line_404(client):
    response = client.get("/api/products/NOPE")

    assert response.status_code == 404
    assert response.json() == {"error": "There is no product 'NOPE' in this catalogue.", "code": "unknown_product"}


def test_a_missing_index_says_what_to_do(app, client):
    async def broken(product_id):
        raise IndexUnavailable("There is no index: run `shelfwise demo`.")

    object.__setattr__(app.state.parts, "products", broken)

    response = client.get("/api/products/P1")
    assert response.status_code == 503
    assert response.json() == {"error": "There is no index: run `shelfwise demo`.", "code": "index_unavailable"}


def test_pictures_come_from_their_folder(client):
    response = client.get("/images/RUN-0101.svg")

    assert response.status_code == 200
    assert response.headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize("path", ["/images/NOPE.svg", "/images/..%2Fsecret.svg", "/images/%2e%2e/secret.svg"])
def test_nothing_else_can_be_read_as_a_picture(client, path):
    response = client.get(path)

    assert response.status_code in (404, 422)
    assert list(response.json()) == ["error", "code"]
