"""What a shop's orders say about products and shoppers, as of a moment and never later."""

from retrievers.purchases.ledger import FromTheFuture, PurchaseLedger
from retrievers.purchases.order import Order

__all__ = ["FromTheFuture", "Order", "PurchaseLedger"]
