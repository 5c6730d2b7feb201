"""The assistant over HTTP, and the page that talks to it."""

from app.api.application import create_app
from app.api.identity import anonymous, demo_shopper
from app.api.ports import Assistant, Identity, ProductLookup, ShopperOption

__all__ = [
    "Assistant",
    "Identity",
    "ProductLookup",
    "ShopperOption",
    "anonymous",
    "create_app",
    "demo_shopper",
]
