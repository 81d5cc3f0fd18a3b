"""Say since when a merger is known, so that an earlier standing can be made again."""

from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"


def upgrade() -> None:
    """Apply the change."""
    op.execute("ALTER TABLE municipality_predecessor ADD recorded_at TIMESTAMP WITH TIME ZONE")


def downgrade() -> None:
    """Take the change back."""
    op.execute("ALTER TABLE municipality_predecessor DROP recorded_at")
