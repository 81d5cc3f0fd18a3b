"""The audit trail and the read log, searched by period, act, user and case; never by a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Self
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, func, null, select

from models import ApiToken, AuditEntry, Case, Person, ReadEntry, User
from workflows import policy
from workflows.actor import Actor
from workflows.errors import Refused
from workflows.permissions import Permission

PAGE = 100
MOST_EXPORTED = 100_000
_ZONE = ZoneInfo("Europe/Amsterdam")


class Log(StrEnum):
    """Which of the two is searched."""

    CHANGES = "changes"
    READS = "reads"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A log, both days included, an act or purpose, a user and a case by reference."""

    log: Log = Log.CHANGES
    since: date | None = None
    until: date | None = None
    act: str | None = None
    user: str | None = None
    case: str | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page begins: at an instant, after so many of its lines. Many lines may share one."""

    at: datetime
    skipped: int

    @classmethod
    def read(cls, written: str) -> Self:
        """Return a position as it was written; raises ValueError."""
        at, _, skipped = written.rpartition("~")
        found = cls(datetime.fromisoformat(at), int(skipped))
        if found.at.tzinfo is None or not 0 <= found.skipped < MOST_EXPORTED:
            raise ValueError(written)
        return found

    def written(self) -> str:
        """Return it as an address holds it."""
        return f"{self.at.isoformat()}~{self.skipped}"


@dataclass(frozen=True, slots=True)
class TrailRow:
    """A line; `act` is what was done, or for what was read.

    `user` is None when the program did it; a line of the read log may be of an organisation's
    `system` instead. `fields` are names of fields, never values.
    """

    at: datetime
    act: str
    user: str | None
    user_reference: str | None
    system: str | None
    case: str | None
    person: str | None
    subject: str | None
    fields: Sequence[str] | None


@dataclass(frozen=True, slots=True)
class _Table:
    """A log: its table, the column of its acts, and its lines as rows."""

    model: type[AuditEntry] | type[ReadEntry]
    act: Any
    rows: Any


_TABLES = {
    Log.CHANGES: _Table(
        AuditEntry,
        AuditEntry.action,
        select(
            AuditEntry.recorded_at.label("at"),
            AuditEntry.action.label("act"),
            User.name.label("user"),
            User.reference.label("user_reference"),
            null().label("system"),
            Case.reference.label("case"),
            null().label("person"),
            AuditEntry.object_reference.label("subject"),
            AuditEntry.fields,
        )
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .outerjoin(Case, Case.id == AuditEntry.case_id),
    ),
    Log.READS: _Table(
        ReadEntry,
        ReadEntry.purpose,
        select(
            ReadEntry.recorded_at.label("at"),
            ReadEntry.purpose.label("act"),
            User.name.label("user"),
            User.reference.label("user_reference"),
            ApiToken.name.label("system"),
            Case.reference.label("case"),
            Person.reference.label("person"),
            null().label("subject"),
            null().label("fields"),
        )
        .outerjoin(User, User.id == ReadEntry.actor_id)
        .outerjoin(ApiToken, ApiToken.id == ReadEntry.api_token_id)
        .outerjoin(Case, Case.id == ReadEntry.case_id)
        .outerjoin(Person, Person.id == ReadEntry.person_id),
    ),
}


def lines(
    connection: Connection, actor: Actor, asked: Question, after: Position | None = None
) -> list[TrailRow]:
    """Return a page of lines, the newest first; one more than a page when there are more.

    Raises `NotFound` without the right to read the trail. The caller logs the search.
    """
    policy.demand(actor, Permission.READ_AUDIT)
    wanted = statement(asked)
    if after is not None:
        recorded_at = _TABLES[asked.log].model.recorded_at
        wanted = wanted.where(recorded_at <= after.at).offset(after.skipped)
    return _read(connection, wanted.limit(PAGE + 1))


def next_position(shown: Sequence[TrailRow], after: Position | None) -> Position:
    """Return where the page after this one begins."""
    last = shown[-1].at
    skipped = sum(row.at == last for row in shown)
    if after is not None and after.at == last:
        skipped += after.skipped
    return Position(last, skipped)


def export(connection: Connection, actor: Actor, asked: Question) -> list[TrailRow]:
    """Return all lines; raises `NotFound`, and `Refused` for more than a hundred thousand."""
    policy.demand(actor, Permission.READ_AUDIT)
    found = _read(connection, statement(asked).limit(MOST_EXPORTED + 1))
    if len(found) > MOST_EXPORTED:
        raise Refused(
            "too_many",
            "Dit zijn meer dan 100.000 regels. Kies een kortere periode en probeer het opnieuw.",
            "since",
        )
    return found


def user_by_email(connection: Connection, actor: Actor, email: str) -> str | None:
    """Return the reference of a user, None when there is none; raises `NotFound`."""
    policy.demand(actor, Permission.READ_AUDIT)
    return connection.scalar(
        select(User.reference).where(func.lower(User.email) == email.strip().lower())
    )


def user_name(connection: Connection, actor: Actor, reference: str) -> str | None:
    """Return the name of a user, None when there is none; raises `NotFound`."""
    policy.demand(actor, Permission.READ_AUDIT)
    return connection.scalar(select(User.name).where(User.reference == reference))


def case_id(connection: Connection, reference: str | None) -> int | None:
    """Return the key of the case that was asked for, for the read log."""
    return connection.scalar(select(Case.id).where(Case.reference == reference))


def statement(asked: Question) -> Select[Any]:
    """Return the lines that are asked for, the newest first; one index serves each question."""
    table = _TABLES[asked.log]
    model = table.model
    clauses: list[ColumnElement[bool]] = []
    if asked.since:
        clauses.append(model.recorded_at >= _midnight(asked.since))
    if asked.until:
        clauses.append(model.recorded_at < _midnight(asked.until + timedelta(days=1)))
    if asked.act:
        clauses.append(table.act == asked.act)
    if asked.user:
        user = select(User.id).where(User.reference == asked.user)
        clauses.append(model.actor_id == user.scalar_subquery())
    if asked.case:
        case = select(Case.id).where(Case.reference == asked.case)
        clauses.append(model.case_id == case.scalar_subquery())
    newest = (model.recorded_at.desc(), model.id.desc())
    found: Select[Any] = table.rows.where(*clauses).order_by(*newest)
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, _ZONE)


def _read(connection: Connection, wanted: Select[Any]) -> list[TrailRow]:
    return [TrailRow(**row) for row in connection.execute(wanted).mappings()]
