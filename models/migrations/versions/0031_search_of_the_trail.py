"""Find lines of the trail and of the read log by instant, by user and by act."""

from alembic import op

revision: str = "0031"
down_revision: str | None = "0030"

TABLES = (("audit_entry", "action"), ("read_entry", "purpose"))


def upgrade() -> None:
    """Apply the change."""
    for table, act in TABLES:
        op.execute(f"DROP INDEX ix_{table}_actor")
        op.execute(f"CREATE INDEX ix_{table}_actor ON {table} (actor_id, recorded_at, id)")
        op.execute(f"CREATE INDEX ix_{table}_recorded ON {table} (recorded_at, id)")
        op.execute(f"CREATE INDEX ix_{table}_{act} ON {table} ({act}, recorded_at, id)")


def downgrade() -> None:
    """Take the change back."""
    for table, act in TABLES:
        for name in (act, "recorded", "actor"):
            op.execute(f"DROP INDEX ix_{table}_{name}")
        op.execute(f"CREATE INDEX ix_{table}_actor ON {table} (actor_id, id)")
