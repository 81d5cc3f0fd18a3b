"""Keep a floor under groups with the weights, and by which fitted model a price list was made."""

from alembic import op

revision: str = "0028"
down_revision: str | None = "0027"

STATEMENTS = (
    "ALTER TABLE score_weights ADD COLUMN floor INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE score_weights ALTER COLUMN floor DROP DEFAULT",
    """
ALTER TABLE score_weights ADD CONSTRAINT ck_score_weights_floor
    CHECK (floor BETWEEN 0 AND 100)
""",
    "ALTER TABLE room_price_list ADD COLUMN fitted_version INTEGER",
    # From now on 0 takes a floor away; nothing asked says that it stays as it is.
    """
UPDATE matching_run SET request = jsonb_set(request, '{floor}', 'null')
 WHERE request -> 'floor' = '0'
""",
)


def upgrade() -> None:
    """Apply the change."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("room_price_list", "fitted_version")
    op.drop_column("score_weights", "floor")
