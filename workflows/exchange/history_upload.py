"""History by a page: a file is checked and kept, and taken over when its sender says so."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

from sqlalchemy import Connection, delete, insert, select, text

from models import HistoryUpload
from models.document import LARGEST_FILE
from workflows import policy
from workflows.actor import Actor
from workflows.errors import NotFound, Refused
from workflows.exchange.history import TakenOver, take_over
from workflows.moment import Moment
from workflows.permissions import Permission
from workflows.trail import now

KEPT_FOR = timedelta(days=1)
MEGABYTE = 1024 * 1024
_SUMS = text(
    "SELECT half_year, kind, count(*), sum(persons) FROM history_row GROUP BY 1, 2 ORDER BY 1, 2"
)


@dataclass(frozen=True, slots=True)
class NewRows:
    """What a file adds to a half-year: rows of a kind, and their signed persons."""

    half_year: str
    kind: str
    rows: int
    persons: int


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be taken over: its reference, how much of it is new, and what that is."""

    reference: str
    taken: TakenOver
    new: tuple[NewRows, ...]


def check_upload(connection: Connection, actor: Actor, content: bytes, moment: Moment) -> Checked:
    """Check a file without posting a line, and keep it for a day; the caller commits.

    Raises what `take_over` raises, and `Refused` for a file of more than 10 MB.
    """
    policy.demand(actor, Permission.IMPORT_STANDINGS)
    if len(content) > LARGEST_FILE:
        raise Refused(
            "large_file",
            "Dit bestand is groter dan {megabytes} MB. Maak het kleiner of splits het.",
            "file",
            {"megabytes": LARGEST_FILE // MEGABYTE},
        )
    taken = take_over(connection, actor, BytesIO(content), moment, dry_run=True)
    new = tuple(NewRows(row[0], row[1], row[2], int(row[3])) for row in connection.execute(_SUMS))
    reference = moment.new_reference()
    connection.execute(
        insert(HistoryUpload).values(
            reference=reference,
            content=content,
            sent_by=actor.user_id,
            sent_at=now(connection, moment),
        )
    )
    return Checked(reference, taken, new)


def take_upload(connection: Connection, actor: Actor, reference: str, moment: Moment) -> TakenOver:
    """Take over a file that the actor sent and that was checked; the caller commits.

    Raises `NotFound` for the file of another or one that is gone, and what `take_over` raises:
    everything is checked again.
    """
    policy.demand(actor, Permission.IMPORT_STANDINGS)
    content = connection.scalar(
        select(HistoryUpload.content)
        .where(HistoryUpload.reference == reference, HistoryUpload.sent_by == actor.user_id)
        .with_for_update()
    )
    if content is None:
        raise NotFound
    taken = take_over(connection, actor, BytesIO(content), moment)
    connection.execute(delete(HistoryUpload).where(HistoryUpload.reference == reference))
    return taken


def drop_uploads(connection: Connection, moment: Moment) -> int:
    """Delete the files that nobody confirmed within a day, and return how many."""
    late = now(connection, moment) - KEPT_FOR
    dropped = connection.execute(
        delete(HistoryUpload).where(HistoryUpload.sent_at < late).returning(HistoryUpload.id)
    )
    return len(dropped.all())
