"""How long cases stood in the states that they left: reckoned again from stays and events.

The engine keeps these figures with each step; here they are compared and mended. The statements
give rows of subject, expected and found.
"""

from sqlalchemy import Connection, text

from workflows.moment import Moment
from workflows.trail import record_audit

# A case comes into a state with a first stay there, and leaves it with the last of them in a row.
_RECKONED = """
    WITH ordered AS (
        SELECT id, case_id, state, entered_at, left_at, dwelt_tenths,
               lag(state) OVER by_time IS DISTINCT FROM state AS enters,
               lead(state) OVER by_time IS DISTINCT FROM state AS leaves
          FROM stay WINDOW by_time AS (PARTITION BY case_id ORDER BY entered_at, id)
    ), reckoned AS (
        SELECT id, case_id, state, dwelt_tenths AS found,
               CASE WHEN leaves THEN floor(extract(epoch FROM left_at
                   - max(entered_at) FILTER (WHERE enters)
                         OVER (PARTITION BY case_id ORDER BY entered_at, id)
                   ) / 8640 + 0.5)::integer END AS expected
          FROM ordered
    ), wrong AS (SELECT * FROM reckoned WHERE found IS DISTINCT FROM expected)
"""
_CAME = """
    WITH wrong AS (
        SELECT c.id AS case_id, c.reference, c.state_since AS found, e.recorded_at AS expected
          FROM case_file c
          JOIN (SELECT DISTINCT ON (case_id) case_id, recorded_at
                  FROM case_event WHERE from_state IS DISTINCT FROM to_state
                 ORDER BY case_id, version DESC) e ON e.case_id = c.id
         WHERE c.state_since <> e.recorded_at
    )
"""


def _among(wrong: str, statement: str) -> str:
    return f"{wrong} {statement}"


DWELT = _among(
    _RECKONED,
    """
    SELECT f.reference, concat_ws(' ', w.state, 'for tenths of days:', w.expected),
           concat_ws(' ', w.state, 'for tenths of days:', w.found)
      FROM wrong w JOIN case_file f ON f.id = w.case_id ORDER BY 1, 2
    """,
)
CAME = _among(_CAME, "SELECT reference, expected, found FROM wrong ORDER BY 1")
_CASES = "SELECT case_id FROM wrong"
_LOCK = "SELECT id FROM case_file WHERE id = ANY(:cases) ORDER BY id FOR NO KEY UPDATE"
_MEND_STAYS = _among(
    _RECKONED,
    """
    UPDATE stay s SET dwelt_tenths = w.expected FROM wrong w
     WHERE w.id = s.id AND w.case_id = ANY(:cases)
    """,
)
_MEND_CASES = _among(
    _CAME,
    """
    UPDATE case_file c SET state_since = w.expected FROM wrong w
     WHERE w.case_id = c.id AND c.id = ANY(:cases)
    """,
)


def rebuild_dwelling(connection: Connection, moment: Moment) -> int:
    """Write how long cases stood in their states where it differs; returns of how many cases.

    The caller commits. Those cases are locked by id, so that steps on them wait.
    """
    wrong: set[int] = set()
    for reckoned in (_RECKONED, _CAME):
        wrong |= set(connection.scalars(text(_among(reckoned, _CASES))))
    cases = {"cases": sorted(wrong)}
    for statement in (_LOCK, _MEND_STAYS, _MEND_CASES):
        connection.execute(text(statement), cases)
    record_audit(connection, moment, None, "rebuild", fields=("dwelling",))
    return len(wrong)
