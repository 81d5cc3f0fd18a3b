"""Let work on many cases follow a proposal each, and a failed run say why in any language."""

from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"

STATEMENTS = (
    """
ALTER TABLE bulk_row ADD COLUMN proposal_id BIGINT
 CONSTRAINT fk_bulk_row_proposal_id REFERENCES proposal (id)
""",
    "CREATE INDEX ix_bulk_row_proposal_id ON bulk_row (proposal_id)",
    "ALTER TABLE matching_run ADD COLUMN message_values JSONB NOT NULL DEFAULT '{}'",
)


def upgrade() -> None:
    """Apply the change."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take the change back."""
    op.execute("ALTER TABLE matching_run DROP COLUMN message_values")
    op.execute("ALTER TABLE bulk_row DROP COLUMN proposal_id")
