"""Keep the municipality's own term, what stood still of an act's, and since when a stay counts."""

from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"

LIVE = (
    "state IN ('registered', 'screened', 'linked', 'preparing', 'offered', 'refused', 'moving'"
    ", 'housed')"
)
OLD_TERMS = (
    "'screening', 'link', 'lease', 'move', 'sign_off', 'close', 'reaction', 'take_up'"
    ", 'judge_contest', 'answer_offer', 'judge_refusal', 'resume', 'assign', 'handover', 'task'"
)
NEW_TERMS = OLD_TERMS.replace("'move'", "'move', 'municipality_lease', 'municipality_move'")
BY_PLACE = (
    ("centre", "centre_id", ", id"),
    ("region", "region_id", ", id"),
    ("municipality", "municipality_code", ", id"),
    ("assignee", "assignee_id", ", id"),
    ("contact", "municipal_contact_id", ""),
)

# `thuisroute migrate` then reckons the terms that pause by the calendar of working days.
STATEMENTS = (
    """
ALTER TABLE case_file
    ADD COLUMN act_stood INTEGER DEFAULT '0' NOT NULL,
    ADD COLUMN next_due_on DATE GENERATED ALWAYS AS (coalesce(act_due_on, due_on)) STORED,
    ADD COLUMN municipal_term TEXT,
    ADD COLUMN municipal_due_on DATE,
    ADD COLUMN suspended_before_link INTEGER DEFAULT '0' NOT NULL,
    ADD COLUMN counts_since DATE
""",
    """
WITH linking AS (
    SELECT DISTINCT ON (case_id) case_id, version,
           (recorded_at AT TIME ZONE 'Europe/Amsterdam')::date AS on_day
      FROM case_event WHERE step = 'link' ORDER BY case_id, version DESC
), stood AS (
    SELECT e.case_id, sum((e.facts ->> 'days')::integer) AS days
      FROM case_event e JOIN linking l ON l.case_id = e.case_id AND e.version < l.version
     WHERE e.step IN ('resume', 'resume_on_time') GROUP BY 1
), newest AS (
    SELECT DISTINCT ON (e.case_id) e.case_id, e.step,
           l.on_day - (e.recorded_at AT TIME ZONE 'Europe/Amsterdam')::date AS days
      FROM case_event e JOIN linking l ON l.case_id = e.case_id AND e.version < l.version
     WHERE e.step IN ('suspend', 'resume', 'resume_on_time') ORDER BY e.case_id, e.version DESC
)
UPDATE case_file c
   SET suspended_before_link = coalesce(s.days, 0)
       + CASE WHEN n.step = 'suspend' THEN greatest(n.days, 0) ELSE 0 END
  FROM newest n LEFT JOIN stood s ON s.case_id = n.case_id
 WHERE n.case_id = c.id AND c.linked_on IS NOT NULL
""",
    """
UPDATE case_file c SET counts_since = greatest(c.housed_on, coalesce(m.on_day, c.housed_on))
  FROM case_file f
  LEFT JOIN (SELECT case_id, max((facts ->> 'moved_on')::date) AS on_day FROM case_event
              WHERE step = 'move_on' AND facts ->> 'moved_from' IN
                    (SELECT housing_kind FROM count_rule WHERE NOT counts) GROUP BY 1) m
    ON m.case_id = f.id
 WHERE f.id = c.id AND c.housed_on IS NOT NULL
   AND (NOT EXISTS (
            SELECT FROM household_membership h
              LEFT JOIN realisation r ON r.person_id = h.person_id
             WHERE h.case_id = c.id AND h.left_on IS NULL AND r.person_id IS NULL)
        OR EXISTS (
            SELECT FROM household_membership h
              JOIN person p ON p.id = h.person_id
              LEFT JOIN realisation r ON r.person_id = h.person_id
             WHERE h.case_id = c.id AND h.left_on IS NULL AND r.person_id IS NULL
               AND (h.housed_on IS NULL OR EXISTS (
                    SELECT FROM count_rule k
                     WHERE k.housing_kind = c.housing_kind AND k.counts
                       AND k.valid_from <= h.housed_on
                       AND (k.valid_until IS NULL OR h.housed_on < k.valid_until)
                       AND (c.kind <> 'unaccompanied_minor'
                            OR c.housing_kind <> 'small_scale_reception'
                            OR p.birth_date <= h.housed_on - interval '1 year' * (
                                SELECT amount FROM norm n
                                 WHERE n.code = 'placement_counts_from_years'
                                   AND n.valid_from <= h.housed_on
                                   AND (n.valid_until IS NULL OR h.housed_on < n.valid_until)))))))
""",
    """
UPDATE case_file SET due_term = NULL
 WHERE due_term = 'sign_off' AND counts_since IS NULL
""",
    """
WITH own AS (
    SELECT c.id, 'municipality_' || c.due_term AS term,
           c.linked_on + n.amount + greatest(
               c.suspended_days + coalesce(c.suspended_until - c.suspended_on, 0)
               - c.suspended_before_link, 0) AS ends_on
      FROM case_file c
      JOIN norm n ON n.code = 'municipality_' || c.due_term || '_days'
       AND n.valid_from <= c.linked_on
       AND (n.valid_until IS NULL OR c.linked_on < n.valid_until)
     WHERE c.finished_on IS NULL AND c.due_term IN ('lease', 'move') AND c.linked_on IS NOT NULL
)
UPDATE case_file c SET municipal_term = own.term, municipal_due_on = own.ends_on
  FROM own WHERE own.id = c.id AND own.ends_on <> c.due_on
""",
    # Rows that wait for deferred checks would keep the table from changing.
    "SET CONSTRAINTS ALL IMMEDIATE",
    f"""
ALTER TABLE case_file
    DROP CONSTRAINT ck_case_file_terms_run_on_live_cases,
    ADD CONSTRAINT ck_case_file_terms_run_on_live_cases
        CHECK ({LIVE} OR num_nonnulls(due_term, act_term, municipal_term) = 0),
    ADD CONSTRAINT ck_case_file_municipal_term CHECK (
        (municipal_term IN ('municipality_lease', 'municipality_move')
        AND num_nulls(municipal_due_on, linked_on) = 0)
        OR num_nonnulls(municipal_term, municipal_due_on) = 0),
    ADD CONSTRAINT ck_case_file_days_that_stood_still
        CHECK (act_stood >= 0 AND suspended_before_link >= 0),
    ADD CONSTRAINT ck_case_file_counts_since
        CHECK (counts_since IS NULL OR housed_on IS NOT NULL)
""",
    f"""
ALTER TABLE alert DROP CONSTRAINT ck_alert_term_code,
    ADD CONSTRAINT ck_alert_term_code CHECK (term IN ({NEW_TERMS}))
""",
    """
CREATE INDEX ix_case_file_municipal_due ON case_file (municipal_due_on, id)
 WHERE municipal_due_on IS NOT NULL
""",
    "DROP INDEX ix_case_file_due",
    f"""
CREATE INDEX ix_case_file_due ON case_file (due_on, id)
 INCLUDE (due_term, region_id, centre_id, municipality_code, guardian_id) WHERE {LIVE}
""",
)


def _order_places(day: str) -> None:
    for name, column, behind in BY_PLACE:
        op.execute(f"DROP INDEX ix_case_file_{name}")
        op.execute(
            f"CREATE INDEX ix_case_file_{name} ON case_file ({column}, {day}{behind}) WHERE {LIVE}"
        )


def upgrade() -> None:
    """Apply the change."""
    for statement in STATEMENTS:
        op.execute(statement)
    _order_places("next_due_on")


def downgrade() -> None:
    """Take the change back; alerts of the municipality's own terms go with it."""
    _order_places("due_on")
    op.execute("DROP INDEX ix_case_file_due")
    op.execute(f"CREATE INDEX ix_case_file_due ON case_file (due_on, id) WHERE {LIVE}")
    op.execute("ALTER TABLE alert DISABLE TRIGGER USER")
    op.execute("DELETE FROM alert WHERE term LIKE 'municipality_%'")
    op.execute("ALTER TABLE alert ENABLE TRIGGER USER")
    op.execute(
        "ALTER TABLE alert DROP CONSTRAINT ck_alert_term_code,"
        f" ADD CONSTRAINT ck_alert_term_code CHECK (term IN ({OLD_TERMS}))"
    )
    op.execute(
        "ALTER TABLE case_file DROP CONSTRAINT ck_case_file_terms_run_on_live_cases,"
        " DROP COLUMN act_stood, DROP COLUMN next_due_on, DROP COLUMN municipal_term,"
        " DROP COLUMN municipal_due_on, DROP COLUMN suspended_before_link,"
        " DROP COLUMN counts_since,"
        " ADD CONSTRAINT ck_case_file_terms_run_on_live_cases"
        f" CHECK ({LIVE} OR num_nonnulls(due_term, act_term) = 0)"
    )
