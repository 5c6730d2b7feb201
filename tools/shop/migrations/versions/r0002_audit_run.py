"""The log says which answer a deed came of; rows of before do not know."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("shop_audit", sa.Column("run_id", sa.Text, nullable=True))
