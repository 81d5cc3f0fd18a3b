"""Let a case remember the municipality that it was linked to before a merger."""

from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"

STATEMENTS = (
    """
ALTER TABLE case_file
    ADD COLUMN former_municipality_code TEXT,
    ADD COLUMN merged_on DATE,
    ADD CONSTRAINT fk_case_file_former_municipality_code FOREIGN KEY(former_municipality_code)
        REFERENCES municipality (code),
    ADD CONSTRAINT ck_case_file_merged CHECK (
        (former_municipality_code IS NULL) = (merged_on IS NULL))
""",
    """
ALTER TABLE municipality_predecessor ADD CONSTRAINT ck_municipality_predecessor_new_year
    CHECK (extract(month FROM on_date) = 1 AND extract(day FROM on_date) = 1)
""",
)


def upgrade() -> None:
    """Apply the change."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Take the change back."""
    op.execute(
        "ALTER TABLE municipality_predecessor DROP CONSTRAINT ck_municipality_predecessor_new_year"
    )
    op.execute("ALTER TABLE case_file DROP COLUMN former_municipality_code, DROP COLUMN merged_on")
