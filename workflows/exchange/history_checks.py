"""What rows of history may not do together, and to the ledger that is there."""

from collections.abc import Iterator

from sqlalchemy import Connection, text

from workflows.errors import Refused
from workflows.exchange.history_rows import Problem

_SECOND_OPENING = """
    SELECT h.row FROM history_row h
      JOIN (SELECT municipality_code, count(*) AS openings FROM (
                SELECT municipality_code FROM history_row WHERE kind = 'opening'
                UNION ALL
                SELECT municipality_code FROM quota_entry q
                 WHERE kind = 'opening' AND reverses IS NULL
                   AND NOT EXISTS (SELECT FROM quota_entry r WHERE r.reverses = q.id)) each
             GROUP BY 1 HAVING count(*) > 1) twice USING (municipality_code)
     WHERE h.kind = 'opening'
"""
# A file that was mended and is given again would add to what it was to replace.
_SECOND_QUOTA = """
    SELECT h.row FROM history_row h
      JOIN (SELECT municipality_code, half_year, booked_on FROM (
                SELECT municipality_code, half_year, booked_on FROM history_row
                 WHERE kind = 'quota'
                UNION ALL
                SELECT municipality_code, half_year, booked_on FROM quota_entry q
                 WHERE kind = 'quota' AND import_id IS NOT NULL AND reverses IS NULL
                   AND NOT EXISTS (SELECT FROM quota_entry r WHERE r.reverses = q.id)) each
             GROUP BY 1, 2, 3 HAVING count(*) > 1) twice
     USING (municipality_code, half_year, booked_on)
     WHERE h.kind = 'quota'
"""
_EARLY_OR_LATE = """
    WITH first AS (
        SELECT min(half_year) AS half_year FROM (
            SELECT half_year FROM history_row
            UNION ALL
            SELECT half_year FROM quota_entry WHERE kind NOT IN ('reserved', 'released')) each
    ), opened AS (
        SELECT min(half_year) AS half_year FROM (
            SELECT half_year FROM history_row WHERE kind = 'opening'
            UNION ALL
            SELECT half_year FROM quota_entry WHERE kind = 'opening') each
    )
    SELECT h.row FROM history_row h, first, opened
     WHERE (h.kind = 'opening' AND h.half_year <> first.half_year)
        OR h.half_year < opened.half_year
"""
_ASSIGNED = """
    SELECT h.row FROM history_row h
     WHERE h.kind = 'quota'
       AND EXISTS (SELECT FROM national_quota n WHERE n.half_year = h.half_year)
"""


def problems_together(connection: Connection) -> Iterator[Problem]:
    """Yield the rows of `history_row` that would count something twice."""
    for statement, column, refusal in (
        (
            _SECOND_OPENING,
            "kind",
            Refused("second_opening", "Deze gemeente krijgt zo meer dan één beginstand."),
        ),
        (
            _SECOND_QUOTA,
            "persons",
            Refused(
                "second_quota",
                "Deze gemeente krijgt zo op deze dag meer dan één taakstelling. Draai een verkeerde"
                " eerst terug bij Correcties.",
            ),
        ),
        (
            _EARLY_OR_LATE,
            "half_year",
            Refused(
                "not_first",
                "Een beginstand hoort in het eerste halfjaar; eerdere regels zitten er al in.",
            ),
        ),
        (
            _ASSIGNED,
            "half_year",
            Refused(
                "assigned", "De taakstelling van dit halfjaar is in het programma vastgesteld."
            ),
        ),
    ):
        for row in connection.execute(text(statement)).scalars():
            yield Problem(row, column, refusal)
