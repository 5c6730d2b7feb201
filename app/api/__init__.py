"""The assistant over HTTP, and the page that talks to it."""

from app.api.application import create_app
from app.api.identity import DemoShopper
from app.api.ports import Assistant, Identity, ProductLookup, Services, ShopperOption
from app.api.sessions import Asked, Sessions

__all__ = [
    "Asked",
    "Assistant",
    "DemoShopper",
    "Identity",
    "ProductLookup",
    "Services",
    "Sessions",
    "ShopperOption",
    "create_app",
]
