"""Until when the municipality reaches a closed case, reckoned again by the norm of its end."""

from sqlalchemy import Connection, text

_RECKONED = """
    SELECT f.id, f.reference, f.outcome_access_until AS found,
           (f.finished_on + make_interval(months => n.amount))::date AS expected
      FROM case_file f
      JOIN norm n ON n.code = 'outcome_access_months' AND n.valid_from <= f.finished_on
       AND (n.valid_until IS NULL OR f.finished_on < n.valid_until)
     WHERE f.state = 'closed'
"""
# Rows of subject, expected and found, as `verify` asks for.
DIFFERENCES = (
    "SELECT reference, 'until ' || expected, 'until ' || found"  # noqa: S608 - no value of outside
    f" FROM ({_RECKONED}) c WHERE expected <> found ORDER BY 1"
)
_MENDED = (
    "UPDATE case_file f SET outcome_access_until = c.expected"  # noqa: S608 - no value of outside
    f" FROM ({_RECKONED}) c WHERE c.id = f.id AND c.expected <> c.found"
)


def rebuild_outcome_access(connection: Connection) -> int:
    """Write the last days that differ from the norm; returns of how many cases.

    The caller commits.
    """
    return connection.execute(text(_MENDED)).rowcount
