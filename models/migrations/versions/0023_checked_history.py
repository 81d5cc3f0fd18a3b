"""Keep a file of history from its check until somebody confirms it."""

from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"

STATEMENTS = (
    """
CREATE TABLE history_upload (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    reference TEXT NOT NULL,
    content BYTEA NOT NULL,
    sent_by BIGINT NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_history_upload PRIMARY KEY (id),
    CONSTRAINT ck_history_upload_reference CHECK (reference ~ '^[a-z2-7]{16}$'),
    CONSTRAINT uq_history_upload_reference UNIQUE (reference),
    CONSTRAINT ck_history_upload_size CHECK (octet_length(content) BETWEEN 1 AND 10485760),
    CONSTRAINT fk_history_upload_sent_by FOREIGN KEY(sent_by) REFERENCES user_account (id)
)
""",
    "CREATE INDEX ix_history_upload_sent ON history_upload (sent_at)",
)


def upgrade() -> None:
    """Apply the change."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take the change back."""
    op.execute("DROP TABLE history_upload")
