"""Keep what fills the message of a bulk row apart, so that it can be put into any language."""

from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"


def upgrade() -> None:
    """Apply the change."""
    op.execute("ALTER TABLE bulk_row ADD message_values JSONB DEFAULT '{}' NOT NULL")


def downgrade() -> None:
    """Take the change back."""
    op.execute("ALTER TABLE bulk_row DROP message_values")
