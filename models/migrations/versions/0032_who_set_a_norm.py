"""Keep who set a norm or a count rule, and when; those of the installation have neither."""

from alembic import op

revision: str = "0032"
down_revision: str | None = "0031"

TABLES = ("norm", "count_rule")


def upgrade() -> None:
    """Apply the change."""
    for table in TABLES:
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN made_at TIMESTAMP WITH TIME ZONE,"
            f" ADD COLUMN made_by BIGINT CONSTRAINT fk_{table}_made_by REFERENCES user_account (id)"
        )


def downgrade() -> None:
    """Take the change back."""
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} DROP COLUMN made_at, DROP COLUMN made_by")
