"""Keep how long a case stood in a state, and index what the pages count."""

from alembic import op

revision: str = "0029"
down_revision: str | None = "0028"

LIVE = (
    "state IN ('registered', 'screened', 'linked', 'preparing', 'offered', 'refused', 'moving',"
    " 'housed')"
)
STATEMENTS = (
    # Rows that wait for deferred checks would keep the tables from changing.
    "SET CONSTRAINTS ALL IMMEDIATE",
    "ALTER TABLE case_file ADD COLUMN state_since TIMESTAMP WITH TIME ZONE",
    "ALTER TABLE stay ADD COLUMN dwelt_tenths INTEGER",
    """
UPDATE case_file c SET state_since = coalesce(
       (SELECT e.recorded_at FROM case_event e
         WHERE e.case_id = c.id AND e.from_state IS DISTINCT FROM e.to_state
         ORDER BY e.version DESC LIMIT 1),
       c.registered_on AT TIME ZONE 'Europe/Amsterdam')
""",
    """
WITH ordered AS (
    SELECT id, case_id, state, entered_at, left_at,
           lag(state) OVER by_time IS DISTINCT FROM state AS enters,
           lead(state) OVER by_time IS DISTINCT FROM state AS leaves
      FROM stay WINDOW by_time AS (PARTITION BY case_id ORDER BY entered_at, id)
), since AS (
    SELECT id, leaves, left_at,
           max(entered_at) FILTER (WHERE enters)
               OVER (PARTITION BY case_id ORDER BY entered_at, id) AS state_since
      FROM ordered
)
UPDATE stay s
   SET dwelt_tenths = floor(extract(epoch FROM f.left_at - f.state_since) / 8640 + 0.5)::integer
  FROM since f WHERE f.id = s.id AND f.leaves AND f.left_at IS NOT NULL
""",
    "SET CONSTRAINTS ALL IMMEDIATE",
    "ALTER TABLE case_file ALTER COLUMN state_since SET NOT NULL",
    """
ALTER TABLE stay ADD CONSTRAINT ck_stay_dwelt_until_left
    CHECK (dwelt_tenths IS NULL OR dwelt_tenths >= 0 AND left_at IS NOT NULL)
""",
    # No question asks for stays by the day of their beginning.
    "DROP INDEX ix_stay_state_entered",
    "DROP INDEX ix_stay_left",
    """
CREATE INDEX ix_stay_left ON stay (left_at) INCLUDE (state, dwelt_tenths, case_id)
 WHERE dwelt_tenths IS NOT NULL
""",
    "DROP INDEX uq_stay_open",
    """
CREATE UNIQUE INDEX uq_stay_open ON stay (case_id) INCLUDE (entered_at) WHERE left_at IS NULL
""",
    "CREATE INDEX ix_case_file_registered ON case_file (registered_on)",
    "CREATE INDEX ix_case_file_housed ON case_file (housed_on) WHERE housed_on IS NOT NULL",
    """
CREATE INDEX ix_case_file_finished ON case_file (finished_on)
 INCLUDE (state, persons, region_id, centre_id, municipality_code, handover_outcome, handover_id)
 WHERE finished_on IS NOT NULL
""",
    """
CREATE INDEX ix_case_file_outcome_access ON case_file (municipality_code, outcome_access_until)
 WHERE outcome_access_until IS NOT NULL
""",
    "DROP INDEX ix_case_file_guardian",
    f"""
CREATE INDEX ix_case_file_guardian ON case_file (guardian_id, next_due_on, id) WHERE {LIVE}
""",
)


def upgrade() -> None:
    """Apply the change."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take the change back."""
    op.execute("DROP INDEX ix_case_file_finished, ix_case_file_housed, ix_case_file_registered")
    op.execute("DROP INDEX ix_case_file_outcome_access, ix_case_file_guardian")
    op.execute("CREATE INDEX ix_case_file_guardian ON case_file (guardian_id)")
    op.execute("DROP INDEX uq_stay_open, ix_stay_left")
    op.execute("CREATE UNIQUE INDEX uq_stay_open ON stay (case_id) WHERE left_at IS NULL")
    op.execute("CREATE INDEX ix_stay_left ON stay (left_at) WHERE left_at IS NOT NULL")
    op.execute("CREATE INDEX ix_stay_state_entered ON stay (state, entered_at)")
    op.execute("ALTER TABLE stay DROP COLUMN dwelt_tenths")
    op.execute("ALTER TABLE case_file DROP COLUMN state_since")
