"""Triggers that keep history: rows of these tables are never changed, deleted or truncated."""

REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'event_detail' AND TG_OP = 'DELETE'
       AND current_setting('thuisroute.retention', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% keeps history: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""

CHECK_REVERSAL = """
CREATE FUNCTION check_reversal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE original quota_entry;
BEGIN
    SELECT * INTO original FROM quota_entry WHERE id = NEW.reverses;
    IF original.reverses IS NOT NULL
       OR (original.municipality_code, original.half_year, original.kind, original.booked_on,
           -original.persons, original.person_id)
          IS DISTINCT FROM
          (NEW.municipality_code, NEW.half_year, NEW.kind, NEW.booked_on,
           NEW.persons, NEW.person_id) THEN
        RAISE EXCEPTION 'a reversal copies its line and negates its persons'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""

REVERSAL_TRIGGER = """
CREATE TRIGGER check_reversal BEFORE INSERT ON quota_entry
FOR EACH ROW WHEN (NEW.reverses IS NOT NULL) EXECUTE FUNCTION check_reversal()
"""


def guard(table: str) -> str:
    """Return the statement that makes a table append-only, TRUNCATE included."""
    return f"""
CREATE TRIGGER keep_history_row BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER keep_history_table BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
