"""The notices of one user, and what that user wants mail about."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from models import Case, Notice, NoticePreference, Outbox
from models.vocabulary import NoticeKind, NoticeTiming
from workflows import policy
from workflows.actor import Actor
from workflows.notices.topics import TOPICS
from workflows.permissions import Permission

PAGE = 25
COUNTED = 100


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice; `reachable` tells whether the user may still see the case."""

    id: int
    case: str
    topic: str
    recorded_at: datetime
    made_at: datetime
    read: bool
    reachable: bool

    @property
    def text(self) -> str:
        """The Dutch msgid of what happened."""
        return TOPICS[self.topic].text

    @property
    def kind(self) -> NoticeKind:
        """What it is about."""
        return TOPICS[self.topic].kind


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A page of notices, the newest first, and whether another follows."""

    rows: list[NoticeRow]
    has_next: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a notice stands among those of its user: when it was made, and as which of those.

    It names a notice in an address without its key.
    """

    made_at: datetime
    number: int


def place_of(connection: Connection, actor: Actor, row: NoticeRow) -> Place:
    """Return the place of a notice of the actor."""
    newer = select(func.count()).where(
        Notice.user_id == actor.user_id, Notice.made_at == row.made_at, Notice.id >= row.id
    )
    return Place(row.made_at, connection.execute(newer).scalar_one())


def notice_at(connection: Connection, user_id: int, place: Place) -> int | None:
    """Return the key of the user's notice at a place, None when there is none."""
    return connection.scalar(
        select(Notice.id)
        .where(Notice.user_id == user_id, Notice.made_at == place.made_at)
        .order_by(Notice.id.desc())
        .offset(place.number - 1)
        .limit(1)
    )


def notices(
    connection: Connection,
    actor: Actor,
    today: date,
    *,
    unread_only: bool,
    after: Place | None = None,
) -> NoticePage:
    """Return a page of the notices of a user, the newest first, after the one at a place."""
    statement = (
        select(
            Notice.id,
            Case.reference,
            Outbox.topic,
            Outbox.recorded_at,
            Notice.made_at,
            Notice.read_at.is_not(None),
            policy.visible(actor, Permission.VIEW_CASE, today),
        )
        .join(Outbox, Outbox.id == Notice.outbox_id)
        .join(Case, Case.id == Outbox.case_id)
        .where(Notice.user_id == actor.user_id, Outbox.topic.in_(sorted(TOPICS)))
        .order_by(Notice.id.desc())
        .limit(PAGE + 1)
    )
    if unread_only:
        statement = statement.where(Notice.read_at.is_(None))
    last = None if after is None else notice_at(connection, actor.user_id, after)
    if last is not None:
        statement = statement.where(Notice.id < last)
    rows = [NoticeRow(*row) for row in connection.execute(statement)]
    return NoticePage(rows[:PAGE], has_next=len(rows) > PAGE)


def unread(connection: Connection, user_id: int) -> int:
    """Return how many notices a user has not read; counting stops beyond `COUNTED`."""
    some = (
        select(Notice.id)
        .where(Notice.user_id == user_id, Notice.read_at.is_(None))
        .limit(COUNTED + 1)
        .subquery()
    )
    return connection.scalar(select(func.count()).select_from(some)) or 0


def mail_choices(connection: Connection, actor: Actor) -> dict[NoticeKind, NoticeTiming]:
    """Return when a user wants mail about each kind of notice."""
    rows = connection.execute(
        select(NoticePreference.kind, NoticePreference.timing).where(
            NoticePreference.user_id == actor.user_id
        )
    )
    chosen = {NoticeKind(row[0]): NoticeTiming(row[1]) for row in rows}
    return {kind: chosen.get(kind, NoticeTiming.NEVER) for kind in NoticeKind}
