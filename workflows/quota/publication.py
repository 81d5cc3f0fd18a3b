"""Publishes the official table: files that can be made again byte for byte."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO, NamedTuple

from sqlalchemy import Connection, insert, select, text

from models import Publication, PublicationFile
from workflows import policy
from workflows.actor import Actor
from workflows.errors import Refused
from workflows.exchange.formats import Format, write
from workflows.exchange.sheet import DEFINITION, About, Sheet
from workflows.moment import Moment
from workflows.opening import LEDGER_LOCK
from workflows.permissions import Permission
from workflows.quota.table import Level, Standing, content, read_standing
from workflows.trail import now, record_audit

_CHUNK = 1 << 16
Place = Callable[[Format], AbstractContextManager[BinaryIO]]


@dataclass(frozen=True, slots=True)
class Published:
    """A publication: its reference, its two dates and the SHA-256 of each file."""

    reference: str
    valid: date
    known: datetime
    definition: str
    hashes: dict[Format, str]


class FileMade(NamedTuple):
    """The size in octets and the SHA-256 of a file."""

    octets: int
    sha256: str


def publish(  # noqa: PLR0917 - who publishes what, when and where to
    connection: Connection,
    actor: Actor | None,
    valid: date,
    known: datetime | None,
    moment: Moment,
    place: Place,
) -> Published:
    """Write the table in every format and keep its dates and hashes; the caller commits.

    `known` None is this instant; `place` opens the file of a format; `actor` None is the operator
    of the installation. The ledger's lock is taken exclusively, so that no line turns up later
    with an earlier instant. Raises `NotFound` without the right to assign quotas, and `Refused`
    for an instant in the future and when a file differs from what was published for these dates.
    """
    if actor is not None:
        policy.demand(actor, Permission.ASSIGN_QUOTA)
    latest = close_ledger(connection, moment)
    instant = known or latest
    if instant > latest:
        raise Refused(
            "known_later", "Kies een moment dat voorbij is: publiceren kan niet vooruit.", "known"
        )
    found = read_standing(connection, valid, instant)
    files = {form: _write(found, instant, form, place) for form in Format}
    published = _stored(connection, valid, instant)
    if published is None:
        return _store(connection, actor, About(valid=valid, known=instant), files, moment)
    if published.hashes != {form: made.sha256 for form, made in files.items()}:
        raise Refused("published_otherwise", "Deze stand is eerder anders gepubliceerd.", "known")
    return published


def table_sheet(found: Standing, known: datetime) -> Sheet:
    """Return the whole table as a sheet: the rows of every level, with how late each is."""
    rows = [
        {"level": level.value} | content(row, found.valid)
        for level in Level
        for row in found.at(level)
    ]
    return Sheet(
        name="taakstelling",
        about=About(valid=found.valid, known=known),
        columns=tuple(rows[0]),
        count=len(rows),
        rows=(tuple(row.values()) for row in rows),
    )


def publications(connection: Connection, valid: date | None = None) -> list[Published]:
    """Return what was published, the latest first; of one date when it is given."""
    statement = select(Publication.__table__).order_by(Publication.known.desc())
    if valid is not None:
        statement = statement.where(Publication.valid == valid)
    files: dict[int, dict[Format, str]] = {}
    for row in connection.execute(select(PublicationFile.__table__)):
        files.setdefault(row.publication_id, {})[Format(row.format)] = row.sha256
    return [
        Published(row.reference, row.valid, row.known, row.definition, files.get(row.id, {}))
        for row in connection.execute(statement)
    ]


def published_on(
    connection: Connection, valid: date, since: datetime, until: datetime
) -> datetime | None:
    """Return the known instant of the last publication of a table that lies between instants."""
    return connection.scalar(
        select(Publication.known)
        .where(Publication.valid == valid, Publication.known.between(since, until))
        .order_by(Publication.known.desc())
        .limit(1)
    )


def published_table(connection: Connection, published: Published) -> Sheet:
    """Return the table of a publication, to be made a file again."""
    return table_sheet(read_standing(connection, published.valid, published.known), published.known)


def close_ledger(connection: Connection, moment: Moment) -> datetime:
    """Wait for who is posting, keep others waiting until the commit, and return the instant."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:ledger)"), {"ledger": LEDGER_LOCK})
    return now(connection, moment)


def _write(found: Standing, known: datetime, form: Format, place: Place) -> FileMade:
    with place(form) as stream:
        return file_made(found, known, form, stream)


def file_made(found: Standing, known: datetime, form: Format, stream: BinaryIO) -> FileMade:
    """Write the table to an empty stream that can be read again; returns its size and hash."""
    write(table_sheet(found, known), form, stream)
    octets = stream.tell()
    stream.seek(0)
    digest = hashlib.sha256()
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
    return FileMade(octets, digest.hexdigest())


def _stored(connection: Connection, valid: date, known: datetime) -> Published | None:
    same = (known, DEFINITION)
    found = publications(connection, valid)
    return next((each for each in found if (each.known, each.definition) == same), None)


def _store(
    connection: Connection,
    actor: Actor | None,
    about: About,
    files: dict[Format, FileMade],
    moment: Moment,
) -> Published:
    reference = moment.new_reference()
    actor_id = None if actor is None else actor.user_id
    publication_id = connection.execute(
        insert(Publication)
        .values(
            reference=reference,
            valid=about.valid,
            known=about.known,
            definition=about.definition,
            recorded_at=now(connection, moment),
            recorded_by=actor_id,
        )
        .returning(Publication.id)
    ).scalar_one()
    connection.execute(
        insert(PublicationFile),
        [
            {
                "publication_id": publication_id,
                "format": form.value,
                "octets": made.octets,
                "sha256": made.sha256,
            }
            for form, made in files.items()
        ],
    )
    fields = ("valid", "known", "definition")
    record_audit(connection, moment, actor_id, "publish", subject=reference, fields=fields)
    hashes = {form: made.sha256 for form, made in files.items()}
    return Published(reference, about.valid, about.known, about.definition, hashes)
