"""Keep the terms that run on a case, the alerts of them, tasks by reference, and substitutes."""

import base64
import secrets

import sqlalchemy as sa
from alembic import op

from models.migrations.history import guard

revision: str = "0013"
down_revision: str | None = "0012"

LIVE = (
    "state IN ('registered', 'screened', 'linked', 'preparing', 'offered', 'refused', 'moving'"
    ", 'housed')"
)
COLUMNS = (
    "due_term",
    "act_term",
    "act_since",
    "act_due_on",
    "unassigned_on",
    "assign_due_on",
)
DAYS = {"act_since", "act_due_on", "unassigned_on", "assign_due_on"}
TABLES = ("alert", "substitution")

# Days of working terms count weekends only here; `thuisroute rebuild` reckons them exactly.
FILL = (
    """
UPDATE case_file c SET
       due_term = CASE state
           WHEN 'registered' THEN 'screening'
           WHEN 'screened' THEN 'link'
           WHEN 'housed' THEN CASE WHEN reserved > 0 AND housing_kind <> 'reception_unit'
               THEN 'sign_off' END
           WHEN 'refused' THEN CASE WHEN reaction_due_on IS NULL THEN 'lease' ELSE 'reaction' END
           WHEN 'moving' THEN CASE WHEN title_on IS NULL THEN 'lease' ELSE 'move' END
           ELSE 'lease' END,
       act_term = CASE
           WHEN contested_on IS NOT NULL THEN 'judge_contest'
           WHEN state IN ('linked') THEN 'take_up'
           WHEN state IN ('offered') THEN 'answer_offer'
           WHEN state IN ('refused') AND reaction_due_on IS NULL THEN 'judge_refusal'
           WHEN state IN ('housed') AND reserved = 0
                AND housing_kind NOT IN ('small_scale_reception', 'reception_unit') THEN 'close'
           END,
       act_since = coalesce(
           contested_on,
           CASE state
               WHEN 'linked' THEN linked_on
               WHEN 'offered' THEN (SELECT offered_on FROM housing_offer o WHERE o.id = offer_id)
               WHEN 'housed' THEN (SELECT max(booked_on) FROM quota_entry q
                    WHERE q.case_id = c.id AND kind = 'realised' AND persons > 0) END,
           (SELECT (entered_at AT TIME ZONE 'Europe/Amsterdam')::date FROM stay s
             WHERE s.case_id = c.id AND left_at IS NULL))
 WHERE finished_on IS NULL
""",
    """
UPDATE case_file SET unassigned_on = registered_on, assign_due_on = registered_on + 2
 WHERE finished_on IS NULL AND CASE WHEN responsible_id = coalesce(centre_id, region_id)
       THEN assignee_id ELSE municipal_contact_id END IS NULL
""",
    """
UPDATE case_file SET act_since = NULL WHERE act_term IS NULL
""",
    """
UPDATE case_file SET act_due_on = act_since + CASE act_term
       WHEN 'judge_refusal' THEN 14 WHEN 'close' THEN 28 ELSE 7 END
 WHERE act_term IS NOT NULL
""",
    """
UPDATE case_file SET due_on = act_due_on WHERE act_term = 'close'
""",
    """
INSERT INTO norm (code, amount, valid_from, source)
SELECT code, amount, '2000-01-01', source
  FROM (VALUES
    ('assign_working_days', 2, 'assumption: assigned within two working days'),
    ('reminder_days', 7, 'assumption: a week before a term of calendar days ends'),
    ('reminder_working_days', 2,
     'assumption: two working days before a term of working days ends'),
    ('coordinator_working_days', 1, 'assumption: the working day after a term ended'),
    ('region_working_days', 5, 'assumption: one working week after a term ended'),
    ('handover_expiry_working_days', 5,
     'assumption: one working week after the term for an answer'),
    ('household_change_working_days', 5,
     'assumption: one working week from a change of the household')
  ) AS added (code, amount, source)
 WHERE EXISTS (SELECT FROM norm)
ON CONFLICT DO NOTHING
""",
)
CONSTRAINTS = (
    f"""
ALTER TABLE case_file
    ADD CONSTRAINT ck_case_file_in_hand_or_unassigned CHECK ((unassigned_on IS NOT NULL) = ({LIVE}
        AND (CASE WHEN responsible_id = coalesce(centre_id, region_id) THEN assignee_id
        ELSE municipal_contact_id END) IS NULL)),
    ADD CONSTRAINT ck_case_file_unassigned_has_term
        CHECK ((unassigned_on IS NULL) = (assign_due_on IS NULL)),
    ADD CONSTRAINT ck_case_file_due_term CHECK (due_term IN ('screening', 'link', 'lease', 'move'
        , 'sign_off', 'reaction') AND due_on IS NOT NULL OR due_term IS NULL),
    ADD CONSTRAINT ck_case_file_act_term CHECK ((act_term IN ('take_up', 'judge_contest'
        , 'answer_offer', 'judge_refusal', 'close') AND num_nulls(act_since, act_due_on) = 0)
        OR num_nonnulls(act_term, act_since, act_due_on) = 0),
    ADD CONSTRAINT ck_case_file_terms_run_on_live_cases
        CHECK ({LIVE} OR num_nonnulls(due_term, act_term) = 0)
""",
    """
CREATE INDEX ix_case_file_act_due ON case_file (act_due_on, id) WHERE act_due_on IS NOT NULL
""",
    """
CREATE INDEX ix_case_file_assign_due ON case_file (assign_due_on, id)
 WHERE assign_due_on IS NOT NULL
""",
    f"""
CREATE INDEX ix_case_file_suspended_until ON case_file (suspended_until, id)
 WHERE suspended_until IS NOT NULL AND {LIVE}
""",
    """
ALTER TABLE task
    ALTER COLUMN reference SET NOT NULL,
    ALTER COLUMN case_id SET NOT NULL,
    ADD CONSTRAINT ck_task_reference CHECK (reference ~ '^[a-z2-7]{16}$'),
    ADD CONSTRAINT uq_task_reference UNIQUE (reference),
    ADD CONSTRAINT ck_task_done_by CHECK (done_by IS NULL OR done_on IS NOT NULL),
    ADD CONSTRAINT fk_task_done_by FOREIGN KEY(done_by) REFERENCES user_account (id)
""",
    """
DROP INDEX ix_task_organisation_id
""",
    """
CREATE INDEX ix_task_open ON task (organisation_id, due_on, id) WHERE done_on IS NULL
""",
    """
CREATE INDEX ix_task_due ON task (due_on, id) WHERE done_on IS NULL
""",
    """
CREATE INDEX ix_task_done ON task (organisation_id, done_on) WHERE done_on IS NOT NULL
""",
    """
CREATE UNIQUE INDEX uq_task_turns_18 ON task (case_id, person_id) WHERE kind = 'turns_18'
""",
    """
CREATE TABLE alert (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    case_id BIGINT NOT NULL,
    term TEXT NOT NULL CONSTRAINT ck_alert_term_code CHECK (term IN ('screening', 'link', 'lease'
        , 'move', 'sign_off', 'close', 'reaction', 'take_up', 'judge_contest', 'answer_offer'
        , 'judge_refusal', 'resume', 'assign', 'handover', 'task')),
    subject TEXT DEFAULT '' NOT NULL,
    due_on DATE NOT NULL,
    stage TEXT NOT NULL CONSTRAINT ck_alert_stage_code CHECK (stage IN ('reminder', 'coordinator'
        , 'region')),
    stage_on DATE NOT NULL,
    fired_on DATE NOT NULL,
    fired_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_alert PRIMARY KEY (id),
    CONSTRAINT ck_alert_subject CHECK (subject ~ '^([a-z2-7]{16})?$'),
    CONSTRAINT ck_alert_whose_term CHECK ((term IN ('handover', 'task')) = (subject <> '')),
    CONSTRAINT ck_alert_not_early CHECK (fired_on >= stage_on),
    CONSTRAINT fk_alert_case_id FOREIGN KEY(case_id) REFERENCES case_file (id)
)
""",
    """
CREATE UNIQUE INDEX uq_alert_stage ON alert (case_id, term, subject, due_on, stage)
""",
    """
CREATE TABLE substitution (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY,
    reference TEXT NOT NULL CONSTRAINT ck_substitution_reference
        CHECK (reference ~ '^[a-z2-7]{16}$'),
    absent_id BIGINT NOT NULL,
    substitute_id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE NOT NULL,
    recorded_by BIGINT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_substitution PRIMARY KEY (id),
    CONSTRAINT ck_substitution_validity CHECK (valid_until > valid_from),
    CONSTRAINT ck_substitution_two_people CHECK (absent_id <> substitute_id),
    CONSTRAINT uq_substitution_reference UNIQUE (reference),
    CONSTRAINT fk_substitution_absent_id FOREIGN KEY(absent_id) REFERENCES user_account (id),
    CONSTRAINT fk_substitution_substitute_id FOREIGN KEY(substitute_id)
        REFERENCES user_account (id),
    CONSTRAINT fk_substitution_organisation_id FOREIGN KEY(organisation_id)
        REFERENCES organisation (id),
    CONSTRAINT fk_substitution_recorded_by FOREIGN KEY(recorded_by) REFERENCES user_account (id)
)
""",
    """
CREATE INDEX ix_substitution_absent_id ON substitution (absent_id)
""",
    """
CREATE INDEX ix_substitution_organisation_id ON substitution (organisation_id)
""",
    """
CREATE INDEX ix_substitution_substitute_id ON substitution (substitute_id)
""",
)
BACK = (
    """
CREATE INDEX ix_task_organisation_id ON task (organisation_id)
""",
    """
ALTER TABLE task DROP COLUMN reference, DROP COLUMN done_by, ALTER COLUMN case_id DROP NOT NULL
""",
    """
DROP INDEX ix_task_open
""",
    """
DROP INDEX ix_task_due
""",
    """
DROP INDEX ix_task_done
""",
    """
DROP INDEX uq_task_turns_18
""",
    """
ALTER TABLE case_file DROP COLUMN due_term, DROP COLUMN act_term, DROP COLUMN act_since,
    DROP COLUMN act_due_on, DROP COLUMN unassigned_on, DROP COLUMN assign_due_on
""",
    """
DROP INDEX ix_case_file_suspended_until
""",
)


def upgrade() -> None:
    """Apply the change."""
    for column in COLUMNS:
        op.add_column("case_file", sa.Column(column, sa.Date() if column in DAYS else sa.Text()))
    op.add_column("task", sa.Column("reference", sa.Text()))
    op.add_column("task", sa.Column("done_by", sa.BigInteger()))
    for statement in FILL:
        op.execute(statement)
    _name_tasks()
    # Rows that wait for deferred checks would keep the table from changing.
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for statement in CONSTRAINTS:
        op.execute(statement)
    op.execute(guard("alert"))


def _name_tasks() -> None:
    connection = op.get_bind()
    for (key,) in connection.execute(sa.text("SELECT id FROM task")).all():
        name = base64.b32encode(secrets.token_bytes(10)).decode().lower()
        connection.execute(
            sa.text("UPDATE task SET reference = :name WHERE id = :key"), {"name": name, "key": key}
        )


def downgrade() -> None:
    """Take the change back."""
    for statement in BACK:
        op.execute(statement)
    for table in reversed(TABLES):
        op.drop_table(table)
