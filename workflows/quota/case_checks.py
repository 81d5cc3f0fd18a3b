"""Statements that compare cases, their stays and their households with the events.

Each gives rows of subject, expected and found, and is one statement, so that it sees one moment.
"""

CHAIN = """
    SELECT concat_ws(' ', f.reference, 'event', e.version),
           concat_ws(' ', 'version', e.number, 'from', coalesce(e.before, 'nothing')),
           concat_ws(' ', 'version', e.version, 'from', coalesce(e.from_state, 'nothing'))
      FROM (SELECT case_id, version, from_state,
                   row_number() OVER by_version AS number,
                   lag(to_state) OVER by_version AS before
              FROM case_event WINDOW by_version AS (PARTITION BY case_id ORDER BY version)) e
      JOIN case_file f ON f.id = e.case_id
     WHERE e.version <> e.number OR e.from_state IS DISTINCT FROM e.before
     ORDER BY 1
"""

STATES = """
    SELECT f.reference,
           coalesce(concat_ws(' ', e.to_state, 'version', e.version), 'no event'),
           concat_ws(' ', f.state, 'version', f.version)
      FROM case_file f
      LEFT JOIN (SELECT DISTINCT ON (case_id) case_id, to_state, version
                   FROM case_event ORDER BY case_id, version DESC) e ON e.case_id = f.id
     WHERE (e.to_state, e.version) IS DISTINCT FROM (f.state, f.version)
     ORDER BY 1
"""

# A stay begins with an event of its state; every change of state begins one; it lasts until the
# next begins or the case finishes; the open one says who acts on the case now.
STAYS = """
    WITH ordered AS (
        SELECT s.*, lead(entered_at) OVER by_time AS next_at
          FROM stay s WINDOW by_time AS (PARTITION BY case_id ORDER BY entered_at, id)
    ), finished AS (
        SELECT case_id, min(recorded_at) AS at FROM case_event
         WHERE to_state IN ('closed', 'ended') GROUP BY 1
    ), compared AS (
        SELECT e.case_id, concat_ws(' ', 'stay', e.to_state, 'from', e.recorded_at) AS expected,
               'none' AS found
          FROM case_event e
          LEFT JOIN stay s
            ON s.case_id = e.case_id AND s.entered_at = e.recorded_at AND s.state = e.to_state
         WHERE e.from_state IS DISTINCT FROM e.to_state
           AND e.to_state NOT IN ('closed', 'ended') AND s.id IS NULL
        UNION ALL
        SELECT s.case_id, 'none', concat_ws(' ', 'stay', s.state, 'from', s.entered_at)
          FROM stay s
          LEFT JOIN case_event e
            ON e.case_id = s.case_id AND e.recorded_at = s.entered_at AND e.to_state = s.state
         WHERE e.id IS NULL
        UNION ALL
        SELECT o.case_id,
               concat_ws(' ', 'stay', o.state, 'until', coalesce(o.next_at, f.at)::text),
               concat_ws(' ', 'stay', o.state, 'until', o.left_at::text)
          FROM ordered o LEFT JOIN finished f ON f.case_id = o.case_id
         WHERE coalesce(o.next_at, f.at) IS DISTINCT FROM o.left_at
        UNION ALL
        SELECT c.id, concat_ws(' ', c.state, c.waiting_party, now.organisation_id),
               coalesce(concat_ws(' ', s.state, s.waiting_party, s.organisation_id), 'no open stay')
          FROM case_file c
          LEFT JOIN municipality m ON m.code = c.municipality_code
         CROSS JOIN LATERAL (
               SELECT CASE
                   WHEN c.waiting_party = 'municipality' AND m.code IS NOT NULL
                       THEN m.organisation_id
                   WHEN c.waiting_party = 'centre' AND c.centre_id IS NOT NULL THEN c.centre_id
                   ELSE c.region_id END AS organisation_id) now
          LEFT JOIN stay s ON s.case_id = c.id AND s.left_at IS NULL
         WHERE c.finished_on IS NULL
           AND (s.state, s.waiting_party, s.organisation_id)
               IS DISTINCT FROM (c.state, c.waiting_party, now.organisation_id)
    )
    SELECT f.reference, c.expected, c.found
      FROM compared c JOIN case_file f ON f.id = c.case_id ORDER BY 1, 2
"""

HOUSEHOLDS = """
    SELECT f.reference, CASE WHEN f.finished_on IS NULL THEN coalesce(m.members, 0) ELSE 0 END,
           CASE WHEN f.finished_on IS NULL THEN f.persons ELSE coalesce(m.members, 0) END
      FROM case_file f
      LEFT JOIN (SELECT case_id, count(*) AS members FROM household_membership
                  WHERE left_on IS NULL GROUP BY 1) m ON m.case_id = f.id
     WHERE CASE WHEN f.finished_on IS NULL THEN f.persons ELSE 0 END <> coalesce(m.members, 0)
     ORDER BY 1
"""

# Every open case is at one organisation, and there in the hands of somebody who works for it, or
# in its queue of what nobody has.
CUSTODY = """
    SELECT f.reference,
           CASE WHEN f.responsible_id IS NULL THEN 'one responsible organisation'
                ELSE 'somebody of organisation ' || f.responsible_id || ', or its queue' END,
           CASE WHEN f.responsible_id IS NULL THEN 'none'
                WHEN h.user_id IS NULL THEN 'nobody, not in the queue'
                WHEN f.unassigned_on IS NOT NULL THEN 'somebody and the queue'
                ELSE 'somebody who works elsewhere or left' END
      FROM case_file f
     CROSS JOIN LATERAL (
           SELECT CASE WHEN f.responsible_id = coalesce(f.centre_id, f.region_id)
                       THEN f.assignee_id ELSE f.municipal_contact_id END AS user_id) h
     WHERE f.finished_on IS NULL
       AND (f.responsible_id IS NULL
            OR (h.user_id IS NULL) <> (f.unassigned_on IS NOT NULL)
            OR (h.user_id IS NOT NULL AND NOT EXISTS (
                SELECT FROM access_grant g JOIN user_account u ON u.id = g.user_id
                 WHERE g.user_id = h.user_id AND g.organisation_id = f.responsible_id
                   AND u.active)))
     ORDER BY 1
"""

# What was told left a message, and its audit line.
ALERTS = """
    WITH told AS (
        SELECT DISTINCT regexp_replace(occasion, ' [0-9]+$', '') AS occasion
          FROM outbox WHERE occasion IS NOT NULL
    ), audited AS (
        SELECT DISTINCT case_id, fields FROM audit_entry WHERE action = 'alert'
    )
    SELECT f.reference, concat_ws(' ', 'message and audit line of', a.term, a.stage),
           concat_ws(' ', CASE WHEN t.occasion IS NULL THEN 'no message' END,
                     CASE WHEN e.case_id IS NULL THEN 'no audit line' END)
      FROM alert a
      JOIN case_file f ON f.id = a.case_id
      LEFT JOIN told t
        ON t.occasion = concat_ws(' ', f.reference, a.term, a.subject, a.due_on, a.stage)
      LEFT JOIN audited e ON e.case_id = a.case_id AND e.fields = ARRAY[a.term, a.stage]
     WHERE t.occasion IS NULL OR e.case_id IS NULL
     ORDER BY 1
"""
