"""Carts, orders, accounts, proposals, and a log that can only grow."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_COUNTED = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    _shelf()
    _accounts()
    _carts()
    _orders()
    _proposals()
    _log()
    _refuse_rewriting()


def _text(name: str, **options: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text, **({"nullable": False} | options))


def _line_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("position", sa.Integer, nullable=False),
        _text("item_id"),
        _text("product_id"),
        _text("title"),
        sa.Column("options", sa.JSON, nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("price", sa.BigInteger),
    ]


def _shelf() -> None:
    op.create_table(
        "shop_variants",
        _text("item_id", primary_key=True),
        _text("product_id"),
        _text("title"),
        sa.Column("options", sa.JSON, nullable=False),
        sa.Column("price", sa.BigInteger),
        _text("currency"),
        sa.Column("available", sa.Boolean, nullable=False),
        sa.Column("stock", sa.Integer),
    )
    op.create_index("ix_shop_variants_product_id", "shop_variants", ["product_id"])


def _accounts() -> None:
    op.create_table(
        "shop_accounts",
        _text("user_id", primary_key=True),
        _text("first_name"),
        _text("last_name"),
        _text("email", nullable=True),
        sa.Column("address", sa.JSON),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_shop_accounts_email", "shop_accounts", ["email"])
    op.create_table(
        "shop_payment_methods",
        sa.Column("user_id", sa.Text, sa.ForeignKey("shop_accounts.user_id"), primary_key=True),
        _text("method_id", primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        _text("kind"),
        _text("brand", nullable=True),
        _text("last_four", nullable=True),
        sa.Column("balance", sa.BigInteger),
    )


def _carts() -> None:
    op.create_table("shop_carts", _text("user_id", primary_key=True), sa.Column("version", sa.Integer, nullable=False))
    op.create_table(
        "shop_cart_lines",
        sa.Column("user_id", sa.Text, sa.ForeignKey("shop_carts.user_id"), nullable=False),
        *_line_columns(),
    )
    op.create_index("ix_shop_cart_lines_user_id", "shop_cart_lines", ["user_id"])


def _orders() -> None:
    op.create_table(
        "shop_orders",
        _text("order_id", primary_key=True),
        _text("user_id"),
        _text("status"),
        _text("currency"),
        sa.Column("address", sa.JSON),
        sa.Column("parcels", sa.JSON, nullable=False),
        sa.Column("after_sale", sa.JSON),
        _text("cancel_reason", nullable=True),
        sa.Column("placed_at", sa.DateTime(timezone=True)),
        sa.Column("delivered_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_shop_orders_user_id", "shop_orders", ["user_id"])
    op.create_table(
        "shop_order_lines",
        sa.Column("order_id", sa.Text, sa.ForeignKey("shop_orders.order_id"), nullable=False),
        *_line_columns(),
    )
    op.create_index("ix_shop_order_lines_order_id", "shop_order_lines", ["order_id"])
    op.create_table(
        "shop_payments",
        sa.Column("order_id", sa.Text, sa.ForeignKey("shop_orders.order_id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        _text("kind"),
        _text("method_id"),
        sa.Column("amount", sa.BigInteger, nullable=False),
    )


def _proposals() -> None:
    op.create_table(
        "shop_proposals",
        sa.Column("sequence", _COUNTED, primary_key=True, autoincrement=True),
        _text("action_id", unique=True),
        *(_text(name) for name in ("user_id", "thread_id", "tool")),
        sa.Column("arguments", sa.JSON, nullable=False),
        _text("digest"),
        sa.Column("versions", sa.JSON, nullable=False),
        sa.Column("preview", sa.JSON, nullable=False),
        _text("status"),
        sa.Column("receipt", sa.JSON),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("shop_proposals_thread", "shop_proposals", ["user_id", "thread_id"])
    waiting = sa.text("status = 'proposed'")
    op.create_index(
        "shop_proposals_open",
        "shop_proposals",
        ["user_id", "thread_id", "digest"],
        unique=True,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_table(
        "shop_writes",
        _text("key", primary_key=True),
        sa.Column("receipt", sa.JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def _log() -> None:
    op.create_table(
        "shop_audit",
        sa.Column("sequence", _COUNTED, primary_key=True, autoincrement=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(_text(name) for name in ("user_id", "thread_id", "action_id", "tool", "status")),
        sa.Column("before", sa.JSON, nullable=False),
        sa.Column("after", sa.JSON, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("shop_audit_thread", "shop_audit", ["user_id", "thread_id"])
    op.create_table(
        "shop_tickets",
        sa.Column("number", _COUNTED, primary_key=True, autoincrement=True),
        *(_text(name) for name in ("user_id", "thread_id", "summary")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sqlite_autoincrement=True,
    )


def _refuse_rewriting() -> None:
    """What was logged stays: the database itself refuses to change or remove a row."""
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER shop_audit_no_{change.lower()} BEFORE {change} ON shop_audit "
                "BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END"
            )
        op.execute(  # INSERT OR REPLACE removes the old row without telling the trigger above
            "CREATE TRIGGER shop_audit_no_replace BEFORE INSERT ON shop_audit "
            "WHEN EXISTS (SELECT 1 FROM shop_audit WHERE sequence = NEW.sequence) "
            "BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION shop_audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log only grows'; END $$"
    )
    op.execute(
        "CREATE TRIGGER shop_audit_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON shop_audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION shop_audit_only_grows()"
    )
