"""Run by Alembic inside the transaction that `tools.shop.database` has opened."""

from alembic import context

from tools.shop.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table="shop_schema",
)
context.run_migrations()
