"""Keep until when the municipality reaches a closed case, by the norm of the day it was closed."""

from alembic import op

revision: str = "0026"
down_revision: str | None = "0025"

STATEMENTS = (
    "ALTER TABLE case_file ADD COLUMN outcome_access_until DATE",
    """
UPDATE case_file c
   SET outcome_access_until = (c.finished_on + make_interval(months => n.amount))::date
  FROM norm n
 WHERE (c.state, n.code) = ('closed', 'outcome_access_months')
   AND n.valid_from <= c.finished_on
   AND (n.valid_until IS NULL OR c.finished_on < n.valid_until)
""",
    """
ALTER TABLE case_file ADD CONSTRAINT ck_case_file_outcome_access
    CHECK ((state = 'closed') = (outcome_access_until IS NOT NULL))
""",
)


def upgrade() -> None:
    """Apply the change."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take the change back."""
    op.execute("ALTER TABLE case_file DROP COLUMN outcome_access_until")
