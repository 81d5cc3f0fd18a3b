"""Find what a standing of any two dates needs without walking past what it does not."""

from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"

RECORDED_DAY = "(recorded_at AT TIME ZONE 'Europe/Amsterdam')::date"
STATEMENTS = (
    "DROP INDEX ix_quota_entry_late",
    f"""
CREATE INDEX ix_quota_entry_late ON quota_entry
 USING gist (daterange(least(booked_on, {RECORDED_DAY}), {RECORDED_DAY}, '[]'))
 WHERE {RECORDED_DAY} > booked_on
""",
    f"""
CREATE INDEX ix_quota_entry_early ON quota_entry (booked_on) WHERE {RECORDED_DAY} < booked_on
""",
    "DROP INDEX ix_quota_rollup_grain",
    """
CREATE INDEX ix_quota_rollup_half_year ON quota_rollup (half_year)
 INCLUDE (municipality_code, kind, persons) WHERE grain = 'half_year'
""",
    """
CREATE INDEX ix_quota_rollup_starts ON quota_rollup (grain, half_year, starts_on)
 WHERE grain <> 'half_year'
""",
    """
CREATE INDEX ix_quota_rollup_transfer ON quota_rollup (grain, starts_on)
 WHERE kind IN ('transfer_in', 'transfer_out')
""",
    # Reservations are in no standing, so that their sums only cost each link.
    "DELETE FROM quota_rollup WHERE kind IN ('reserved', 'released')",
    "ALTER TABLE quota_rollup SET (fillfactor = 80)",
)


def upgrade() -> None:
    """Apply the change."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take the change back; `rebuild` then adds the sums of reservations again."""
    op.execute("ALTER TABLE quota_rollup RESET (fillfactor)")
    for name in ("transfer", "starts", "half_year"):
        op.execute(f"DROP INDEX ix_quota_rollup_{name}")
    op.execute(
        "CREATE INDEX ix_quota_rollup_grain ON quota_rollup (grain, half_year)"
        " INCLUDE (municipality_code, kind, starts_on, persons)"
    )
    op.execute("DROP INDEX ix_quota_entry_early")
    op.execute("DROP INDEX ix_quota_entry_late")
    op.execute(
        "CREATE INDEX ix_quota_entry_late ON quota_entry (recorded_at)"
        " INCLUDE (municipality_code, half_year, kind, persons, booked_on)"
        f" WHERE {RECORDED_DAY} > booked_on"
    )
