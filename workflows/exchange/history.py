"""Takes over the history of before the program, as ledger lines without cases.

All or nothing: rows are staged in a table of the transaction, checked together, and written by a
few statements under the locks of every posting. What was taken over before is left out, so that
the same file, or a longer one, may be given again.
"""

from dataclasses import dataclass, field
from typing import Any, BinaryIO

from sqlalchemy import Connection, insert, select, text

from models import Municipality, StandingImport
from workflows import policy
from workflows.actor import Actor
from workflows.errors import WorkflowError
from workflows.exchange.history_checks import problems_together
from workflows.exchange.history_file import HistoryFile
from workflows.exchange.history_rows import HistoryReader, Problem
from workflows.moment import Moment
from workflows.permissions import Permission
from workflows.quota.ledger import open_ledger
from workflows.trail import record_audit

MOST_PROBLEMS = 1_000


@dataclass(eq=False)
class InvalidHistory(WorkflowError):
    """Rows are wrong and nothing was stored; after `MOST_PROBLEMS` the rest was not read."""

    problems: list[Problem] = field(default_factory=list)

    def __str__(self) -> str:
        """Return each problem in Dutch on a line."""
        return "\n".join(f"rij {each.row}, {each.column}: {each.refusal}" for each in self.problems)


@dataclass(frozen=True, slots=True)
class TakenOver:
    """How many rows the file has and how many of them were new, with their signed persons."""

    rows: int
    added: int
    persons: int


_STAGE = """
    CREATE TEMPORARY TABLE history_row (
        row int, municipality_code text, half_year text, kind text, persons int, booked_on date
    ) ON COMMIT DROP
"""
_COPY = "COPY history_row (row, municipality_code, half_year, kind, persons, booked_on) FROM STDIN"
# As bags: a row that stands twice in the file and once in the ledger is new once.
_LEAVE_OUT = """
    WITH given AS (
        SELECT row, municipality_code, half_year, kind, persons, booked_on,
               row_number() OVER (PARTITION BY municipality_code, half_year, kind, persons,
                                  booked_on ORDER BY row) AS number
          FROM history_row
    ), known AS (
        SELECT municipality_code, half_year, kind, persons, booked_on, count(*) AS lines
          FROM quota_entry WHERE import_id IS NOT NULL AND reverses IS NULL
         GROUP BY 1, 2, 3, 4, 5
    )
    DELETE FROM history_row h USING given g
      JOIN known k USING (municipality_code, half_year, kind, persons, booked_on)
     WHERE h.row = g.row AND g.number <= k.lines
"""
_LINES = """
    INSERT INTO quota_entry (municipality_code, half_year, kind, persons, booked_on, recorded_at,
                             import_id)
    SELECT municipality_code, half_year, kind, persons, booked_on, :at, :import_id
      FROM history_row ORDER BY row
"""
_ROLLUPS = """
    INSERT INTO quota_rollup AS r
        (municipality_code, half_year, kind, grain, starts_on, persons, lines)
    SELECT municipality_code, half_year, kind, g.grain, g.starts_on, sum(persons), count(*)
      FROM history_row h
     CROSS JOIN LATERAL (VALUES
           ('half_year', make_date(substr(half_year, 1, 4)::int,
                                   CASE WHEN half_year LIKE '%-II' THEN 7 ELSE 1 END, 1)),
           ('month', booked_on - (extract(day FROM booked_on)::int - 1)),
           ('day', booked_on)) AS g (grain, starts_on)
     GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT (municipality_code, half_year, kind, grain, starts_on)
    DO UPDATE SET persons = r.persons + excluded.persons, lines = r.lines + excluded.lines
"""
_BALANCES = """
    UPDATE quota_balance b SET obliged = b.obliged + h.obliged, realised = b.realised + h.realised
      FROM (SELECT municipality_code,
                   coalesce(sum(persons) FILTER (WHERE kind <> 'realised'), 0) AS obliged,
                   coalesce(sum(persons) FILTER (WHERE kind = 'realised'), 0) AS realised
              FROM history_row GROUP BY 1) h
     WHERE b.municipality_code = h.municipality_code
"""
_ADDED = "SELECT count(*), coalesce(sum(persons), 0) FROM history_row"


def take_over(
    connection: Connection,
    actor: Actor | None,
    stream: BinaryIO,
    moment: Moment,
    *,
    dry_run: bool = False,
) -> TakenOver:
    """Post the rows of a CSV file that were not taken over before; the caller commits.

    `actor` None is the operator of the installation. A dry run checks everything and writes no
    line. Raises `NotFound` without the right, `Refused` for a file that cannot be
    read, and `InvalidHistory` with a problem for each value that is wrong.
    """
    if actor is not None:
        policy.demand(actor, Permission.IMPORT_STANDINGS)
    connection.execute(text("DROP TABLE IF EXISTS history_row"))
    connection.execute(text(_STAGE))
    file = HistoryFile(stream)
    rows = _stage(connection, file, moment)
    codes = set(connection.scalars(text("SELECT DISTINCT municipality_code FROM history_row")))
    at = open_ledger(connection, moment, codes)
    connection.execute(text(_LEAVE_OUT))
    if problems := sorted(problems_together(connection), key=lambda each: each.row):
        raise InvalidHistory(problems[:MOST_PROBLEMS])
    added, persons = connection.execute(text(_ADDED)).one()
    if added and not dry_run:
        reference = moment.new_reference()
        made: dict[str, Any] = {"sha256": file.sha256, "lines": added, "persons": persons}
        import_id = connection.execute(
            insert(StandingImport)
            .values(reference=reference, recorded_at=at, **made)
            .returning(StandingImport.id)
        ).scalar_one()
        connection.execute(text(_LINES), {"at": at, "import_id": import_id})
        connection.execute(text(_ROLLUPS))
        connection.execute(text(_BALANCES))
        actor_id = None if actor is None else actor.user_id
        record_audit(connection, moment, actor_id, "import_standings", subject=reference)
    return TakenOver(rows, int(added), int(persons))


def _stage(connection: Connection, file: HistoryFile, moment: Moment) -> int:
    """Copy the rows that are right by themselves; returns how many there are."""
    reader = HistoryReader(set(connection.scalars(select(Municipality.code))), moment.today)
    problems: list[Problem] = []
    rows = 0
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(_COPY) as copy:
        for number, cells in file.rows():
            line, wrong = reader.read(number, cells)
            problems += wrong
            if len(problems) >= MOST_PROBLEMS:
                break
            if line is not None:
                rows += 1
                copy.write_row(
                    (
                        line.row,
                        line.municipality_code,
                        str(line.half_year),
                        line.kind.value,
                        line.persons,
                        line.booked_on,
                    )
                )
    if problems:
        raise InvalidHistory(problems[:MOST_PROBLEMS])
    return rows
