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

MOST = 100


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice; `reachable` tells whether the user may still see the case."""

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


def notices(
    connection: Connection, actor: Actor, today: date, *, unread_only: bool
) -> list[NoticeRow]:
    """Return the newest notices of a user, at most `MOST`."""
    statement = (
        select(
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
        .limit(MOST)
    )
    if unread_only:
        statement = statement.where(Notice.read_at.is_(None))
    return [NoticeRow(*row) for row in connection.execute(statement)]


def unread(connection: Connection, user_id: int) -> int:
    """Return how many notices a user has not read; counting stops beyond `MOST`."""
    some = (
        select(Notice.id)
        .where(Notice.user_id == user_id, Notice.read_at.is_(None))
        .limit(MOST + 1)
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
