"""Makes rollups and balances anew from the ledger."""

from sqlalchemy import Connection, text

from workflows.moment import Moment
from workflows.opening import LEDGER_LOCK
from workflows.trail import record_audit

# As they come about in use, so that the sums which one standing reads lie together.
_GRAINED = """
    INSERT INTO quota_rollup
        (municipality_code, half_year, kind, grain, starts_on, persons, lines)
    SELECT municipality_code, half_year, kind, '{grain}', {starts_on}, sum(persons), count(*)
      FROM quota_entry WHERE kind NOT IN ('reserved', 'released') GROUP BY 1, 2, 3, 5
     ORDER BY 5, 1
"""
_STARTS = {
    "half_year": "make_date(substr(half_year, 1, 4)::int,"
    " CASE WHEN half_year LIKE '%-II' THEN 7 ELSE 1 END, 1)",
    "month": "booked_on - (extract(day FROM booked_on)::int - 1)",
    "day": "booked_on",
}
_ADD_BALANCES = """
    INSERT INTO quota_balance (municipality_code, obliged, realised, reserved)
    SELECT code, 0, 0, 0 FROM municipality ON CONFLICT DO NOTHING
"""
_BALANCES = """
    UPDATE quota_balance b
       SET obliged = coalesce(l.obliged, 0), realised = coalesce(l.realised, 0),
           reserved = coalesce(l.reserved, 0)
      FROM municipality m
      LEFT JOIN (SELECT municipality_code,
                        sum(persons) FILTER (WHERE kind IN ('opening', 'quota', 'transfer_in',
                            'transfer_out')) AS obliged,
                        sum(persons) FILTER (WHERE kind = 'realised') AS realised,
                        sum(persons) FILTER (WHERE kind IN ('reserved', 'released')) AS reserved
                   FROM quota_entry GROUP BY 1) l ON l.municipality_code = m.code
     WHERE b.municipality_code = m.code
"""


def rebuild(connection: Connection, moment: Moment) -> int:
    """Replace all rollups and balances while nobody posts; returns the number of rollups.

    The caller commits. The ledger's lock is taken exclusively, so that steps that post wait.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(:ledger)"), {"ledger": LEDGER_LOCK})
    connection.execute(text("DELETE FROM quota_rollup"))
    for grain, starts_on in _STARTS.items():
        connection.execute(text(_GRAINED.format(grain=grain, starts_on=starts_on)))
    connection.execute(text(_ADD_BALANCES))
    connection.execute(text(_BALANCES))
    record_audit(connection, moment, None, "rebuild", fields=("quota_rollup", "quota_balance"))
    rollups: int = connection.execute(text("SELECT count(*) FROM quota_rollup")).scalar_one()
    return rollups
