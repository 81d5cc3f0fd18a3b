"""Statements that compare the ledger with its sums, its events and its sources.

Each gives rows of subject, expected and found, and is one statement, so that it sees one moment.
"""

ROLLUPS = """
    WITH line AS (
        SELECT municipality_code, half_year, kind, booked_on, sum(persons) AS persons,
               count(*) AS lines
          FROM quota_entry WHERE kind NOT IN ('reserved', 'released') GROUP BY 1, 2, 3, 4
    ), grained AS (
        SELECT municipality_code, half_year, kind, 'day' AS grain, booked_on AS starts_on,
               persons, lines
          FROM line
        UNION ALL
        SELECT municipality_code, half_year, kind, 'month',
               booked_on - (extract(day FROM booked_on)::int - 1), persons, lines
          FROM line
        UNION ALL
        SELECT municipality_code, half_year, kind, 'half_year',
               make_date(substr(half_year, 1, 4)::int,
                         CASE WHEN half_year LIKE '%-II' THEN 7 ELSE 1 END, 1), persons, lines
          FROM line
    ), computed AS (
        SELECT municipality_code, half_year, kind, grain, starts_on, sum(persons) AS persons,
               sum(lines) AS lines
          FROM grained GROUP BY 1, 2, 3, 4, 5
    )
    SELECT concat_ws(' ', municipality_code, half_year, kind, grain, starts_on),
           concat(coalesce(c.persons, 0), ' in ', coalesce(c.lines, 0)),
           concat(coalesce(r.persons, 0), ' in ', coalesce(r.lines, 0))
      FROM computed c
      FULL JOIN quota_rollup r
           USING (municipality_code, half_year, kind, grain, starts_on)
     WHERE (c.persons, c.lines) IS DISTINCT FROM (r.persons, r.lines)
     ORDER BY 1
"""

BALANCES = """
    WITH line AS (
        SELECT municipality_code,
               coalesce(sum(persons) FILTER (WHERE kind IN ('opening', 'quota', 'transfer_in',
                   'transfer_out')), 0) AS obliged,
               coalesce(sum(persons) FILTER (WHERE kind = 'realised'), 0) AS realised,
               coalesce(sum(persons) FILTER (WHERE kind IN ('reserved', 'released')), 0)
                   AS reserved
          FROM quota_entry GROUP BY 1
    ), compared AS (
        SELECT municipality_code,
               concat_ws('/', coalesce(l.obliged, 0), coalesce(l.realised, 0),
                         coalesce(l.reserved, 0)) AS expected,
               coalesce(concat_ws('/', b.obliged, b.realised, b.reserved), 'none') AS found
          FROM line l FULL JOIN quota_balance b USING (municipality_code)
    )
    SELECT municipality_code, expected, found FROM compared WHERE expected <> found ORDER BY 1
"""

# As bags: the same line twice in an event must stand twice in the ledger.
EVENTS = """
    WITH posted AS (
        SELECT e.id AS event_id, e.case_id, e.recorded_at, e.actor_id, p.municipality, p.half_year,
               p.kind, p.persons, p.booked_on, coalesce(p.person, 0) AS person,
               coalesce(p.reverses, 0) AS reverses, count(*) AS lines
          FROM case_event e
         CROSS JOIN jsonb_to_recordset(e.postings) AS p(municipality text, half_year text,
               kind text, persons int, booked_on date, person bigint, reverses bigint)
         WHERE e.postings <> '[]'
         GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    ), stored AS (
        SELECT event_id, case_id, recorded_at, recorded_by AS actor_id,
               municipality_code AS municipality, half_year, kind, persons, booked_on,
               coalesce(person_id, 0) AS person, coalesce(reverses, 0) AS reverses,
               count(*) AS lines
          FROM quota_entry WHERE event_id IS NOT NULL
         GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    ), compared AS (
        SELECT event_id, municipality, half_year, kind, persons, booked_on,
               coalesce(p.lines, 0) AS expected, coalesce(s.lines, 0) AS found
          FROM posted p
          FULL JOIN stored s USING (event_id, case_id, recorded_at, actor_id, municipality,
               half_year, kind, persons, booked_on, person, reverses)
    )
    SELECT concat_ws(' ', f.reference, e.version, e.step, c.municipality, c.half_year, c.kind,
                     c.persons, c.booked_on),
           concat(c.expected, ' lines'), concat(c.found, ' lines')
      FROM compared c
      JOIN case_event e ON e.id = c.event_id JOIN case_file f ON f.id = e.case_id
     WHERE c.expected <> c.found
     ORDER BY c.event_id, 1
"""

# A line that no event caused has another source: an import, a national number for a quota, and for
# an opening that it is the municipality's only one and stands in the first half-year of all; room
# may be reserved before that, for moves that are due in it.
SOURCES = """
    WITH own AS (
        SELECT q.*, EXISTS (SELECT FROM quota_entry r WHERE r.reverses = q.id) AS reversed
          FROM quota_entry q WHERE q.event_id IS NULL
    )
    SELECT concat_ws(' ', o.municipality_code, o.half_year, o.kind, o.booked_on),
           'an event of its case', 'none'
      FROM own o
     WHERE o.case_id IS NOT NULL OR o.kind IN ('reserved', 'released')
    UNION ALL
    SELECT concat_ws(' ', o.municipality_code, o.half_year, o.kind, o.booked_on),
           'a national number for this half-year', coalesce(n.half_year, 'none')
      FROM own o LEFT JOIN national_quota n ON n.id = o.national_quota_id
     WHERE o.kind = 'quota' AND o.import_id IS NULL AND o.reverses IS NULL
       AND n.half_year IS DISTINCT FROM o.half_year
    UNION ALL
    SELECT concat_ws(' ', o.municipality_code, o.half_year, o.kind, o.booked_on),
           'a case or an import', 'none'
      FROM own o
     WHERE o.kind = 'realised' AND o.reverses IS NULL AND o.import_id IS NULL
    UNION ALL
    SELECT concat('import ', i.reference), concat(i.persons, ' in ', i.lines),
           concat(coalesce(l.persons, 0), ' in ', coalesce(l.lines, 0))
      FROM standing_import i
      LEFT JOIN (SELECT import_id, sum(persons) AS persons, count(*) AS lines
                   FROM quota_entry WHERE import_id IS NOT NULL GROUP BY 1) l ON l.import_id = i.id
     WHERE (l.persons, l.lines) IS DISTINCT FROM (i.persons, i.lines)
    UNION ALL
    SELECT concat_ws(' ', o.municipality_code, 'opening'), '1 line', concat(count(*), ' lines')
      FROM own o WHERE o.kind = 'opening' AND o.reverses IS NULL AND NOT o.reversed
     GROUP BY o.municipality_code HAVING count(*) > 1
    UNION ALL
    SELECT concat_ws(' ', o.municipality_code, 'opening'), first.half_year, o.half_year
      FROM own o CROSS JOIN (SELECT min(half_year) AS half_year FROM quota_entry
                              WHERE kind NOT IN ('reserved', 'released')) first
     WHERE o.kind = 'opening' AND o.half_year <> first.half_year
     ORDER BY 1
"""

REALISATIONS = """
    WITH live AS (
        SELECT q.id AS entry_id, q.person_id FROM quota_entry q
         WHERE q.kind = 'realised' AND q.reverses IS NULL AND q.person_id IS NOT NULL
           AND NOT EXISTS (SELECT FROM quota_entry r WHERE r.reverses = q.id)
    )
    SELECT concat('person ', p.reference),
           CASE WHEN l.entry_id IS NULL THEN 'no live realisation' ELSE 'a live realisation' END,
           CASE WHEN r.entry_id IS NULL THEN 'no live realisation' ELSE 'a live realisation' END
      FROM live l
      FULL JOIN realisation r ON r.entry_id = l.entry_id AND r.person_id = l.person_id
      JOIN person p ON p.id = coalesce(l.person_id, r.person_id)
     WHERE l.entry_id IS NULL OR r.entry_id IS NULL
     ORDER BY 1
"""

RESERVATIONS = """
    WITH open AS (
        SELECT case_id, municipality_code, half_year, sum(persons) AS persons
          FROM quota_entry WHERE kind IN ('reserved', 'released')
         GROUP BY 1, 2, 3 HAVING sum(persons) <> 0
    ), held AS (
        SELECT id AS case_id, municipality_code, reserved_half_year AS half_year,
               reserved AS persons
          FROM case_file WHERE reserved <> 0
    )
    SELECT concat_ws(' ', f.reference, c.municipality_code, c.half_year), c.expected, c.found
      FROM (SELECT case_id, municipality_code, half_year, coalesce(o.persons, 0) AS expected,
                   coalesce(h.persons, 0) AS found
              FROM open o FULL JOIN held h USING (case_id, municipality_code, half_year)) c
      JOIN case_file f ON f.id = c.case_id
     WHERE c.expected <> c.found
     ORDER BY 1
"""

# Two confirmations and nothing else make a transfer: one line on each side, of opposite persons.
TRANSFERS = """
    WITH agreed AS (
        SELECT t.* FROM quota_transfer t
          JOIN quota_transfer_answer a ON a.transfer_id = t.id
         GROUP BY t.id HAVING count(*) = 2 AND bool_and(a.answer = 'confirmed')
    ), expected AS (
        SELECT id AS transfer_id, giver_code AS code, 'transfer_out' AS kind, -persons AS persons,
               half_year, effective_on AS booked_on
          FROM agreed
        UNION ALL
        SELECT id, taker_code, 'transfer_in', persons, half_year, effective_on FROM agreed
    ), found AS (
        SELECT transfer_id, municipality_code AS code, kind, persons, half_year, booked_on
          FROM quota_entry WHERE transfer_id IS NOT NULL AND reverses IS NULL
    ), compared AS (
        SELECT transfer_id, code, kind, persons, half_year, booked_on,
               count(e.source) AS wanted, count(f.source) AS there
          FROM (SELECT *, 1 AS source FROM expected) e
          FULL JOIN (SELECT *, 1 AS source FROM found) f
               USING (transfer_id, code, kind, persons, half_year, booked_on)
         GROUP BY 1, 2, 3, 4, 5, 6
    )
    SELECT concat_ws(' ', 'transfer', t.reference, c.code, c.half_year, c.kind, c.persons),
           concat(c.wanted, ' lines'), concat(c.there, ' lines')
      FROM compared c JOIN quota_transfer t ON t.id = c.transfer_id
     WHERE c.wanted <> c.there OR c.wanted > 1
    UNION ALL
    SELECT concat_ws(' ', 'transfer', t.reference), 'sum 0', concat('sum ', sum(q.persons))
      FROM quota_entry q JOIN quota_transfer t ON t.id = q.transfer_id
     GROUP BY t.reference HAVING sum(q.persons) <> 0
     ORDER BY 1
"""
