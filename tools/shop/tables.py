"""The tables, as SQLite and PostgreSQL both keep them. Made and changed by `migrations/` only."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    text,
)

_CENT = Decimal("0.01")


class Amount(TypeDecorator[Decimal]):
    """An exact amount, kept as a whole number of hundredths whatever the currency."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value.quantize(_CENT) / _CENT)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) * _CENT


class Moment(TypeDecorator[datetime]):
    """A time in UTC: SQLite forgets the zone, so it is put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)


METADATA = MetaData()

# The key of a growing log. SQLite counts only plain INTEGER keys by itself.
_COUNTED = BigInteger().with_variant(Integer, "sqlite")


def _line_columns() -> list[Column[Any]]:
    return [
        Column("position", Integer, nullable=False),
        Column("item_id", Text, nullable=False),
        Column("product_id", Text, nullable=False),
        Column("title", Text, nullable=False),
        Column("options", JSON, nullable=False),
        Column("quantity", Integer, nullable=False),
        Column("price", Amount),
    ]


variants = Table(
    "shop_variants",
    METADATA,
    Column("item_id", Text, primary_key=True),
    Column("product_id", Text, nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("options", JSON, nullable=False),
    Column("price", Amount),
    Column("currency", Text, nullable=False),
    Column("available", Boolean, nullable=False),
    Column("stock", Integer),
)

accounts = Table(
    "shop_accounts",
    METADATA,
    Column("user_id", Text, primary_key=True),
    Column("first_name", Text, nullable=False),
    Column("last_name", Text, nullable=False),
    Column("email", Text, index=True),
    Column("address", JSON(none_as_null=True)),
    Column("version", Integer, nullable=False),
)

payment_methods = Table(
    "shop_payment_methods",
    METADATA,
    Column("user_id", Text, ForeignKey("shop_accounts.user_id"), primary_key=True),
    Column("method_id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("brand", Text),
    Column("last_four", Text),
    Column("balance", Amount),
)

carts = Table(
    "shop_carts",
    METADATA,
    Column("user_id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
)

cart_lines = Table(
    "shop_cart_lines",
    METADATA,
    Column("user_id", Text, ForeignKey("shop_carts.user_id"), nullable=False, index=True),
    *_line_columns(),
)

orders = Table(
    "shop_orders",
    METADATA,
    Column("order_id", Text, primary_key=True),
    Column("user_id", Text, nullable=False, index=True),
    Column("status", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("address", JSON(none_as_null=True)),
    Column("parcels", JSON, nullable=False),
    Column("after_sale", JSON(none_as_null=True)),
    Column("cancel_reason", Text),
    Column("placed_at", Moment),
    Column("delivered_at", Moment),
    Column("version", Integer, nullable=False),
)

order_lines = Table(
    "shop_order_lines",
    METADATA,
    Column("order_id", Text, ForeignKey("shop_orders.order_id"), nullable=False, index=True),
    *_line_columns(),
)

payments = Table(
    "shop_payments",
    METADATA,
    Column("order_id", Text, ForeignKey("shop_orders.order_id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("method_id", Text, nullable=False),
    Column("amount", Amount, nullable=False),
)

proposals = Table(
    "shop_proposals",
    METADATA,
    Column("sequence", _COUNTED, primary_key=True, autoincrement=True),
    Column("action_id", Text, nullable=False, unique=True),
    Column("user_id", Text, nullable=False),
    Column("thread_id", Text, nullable=False),
    Column("tool", Text, nullable=False),
    Column("arguments", JSON, nullable=False),
    Column("digest", Text, nullable=False),  # of tool and arguments
    Column("versions", JSON, nullable=False),  # of what the preview was made from
    Column("preview", JSON, nullable=False),
    Column("status", Text, nullable=False),  # proposed, done or refused
    Column("receipt", JSON(none_as_null=True)),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("shop_proposals_thread", "user_id", "thread_id"),
    Index(
        "shop_proposals_open",
        "user_id",
        "thread_id",
        "digest",
        unique=True,
        sqlite_where=text("status = 'proposed'"),
        postgresql_where=text("status = 'proposed'"),
    ),
)

writes = Table(
    "shop_writes",
    METADATA,
    Column("key", Text, primary_key=True),  # of shopper, turn, tool and arguments
    Column("receipt", JSON, nullable=False),
    Column("at", Moment, nullable=False),
)

audit = Table(
    "shop_audit",
    METADATA,
    Column("sequence", _COUNTED, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("thread_id", Text, nullable=False),
    Column("action_id", Text, nullable=False),
    Column("tool", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    Column("run_id", Text),  # the answer it came of
    Index("shop_audit_thread", "user_id", "thread_id"),
)

tickets = Table(
    "shop_tickets",
    METADATA,
    Column("number", _COUNTED, primary_key=True, autoincrement=True),
    Column("user_id", Text, nullable=False),
    Column("thread_id", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("at", Moment, nullable=False),
)
