"""What stops the shop for a while: one line each that says what to do, light enough to be imported anywhere."""

from __future__ import annotations


class ShopStoreError(Exception):
    """The shop's database cannot be opened or read."""


class ShelfUnavailable(Exception):
    """What can be bought cannot be read now."""
