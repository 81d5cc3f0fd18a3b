"""From a message in the outbox to the notices and deliveries that follow from it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select, update

from models import (
    Case,
    CaseEvent,
    Delivery,
    Grant,
    Notice,
    NoticePreference,
    Outbox,
    User,
    Webhook,
)
from models.vocabulary import Channel, DeliveryStatus, NoticeTiming
from workflows.actor import Actor
from workflows.moment import Moment
from workflows.notices.recipients import Addressed, recipients
from workflows.notices.topics import TOPICS, Topic
from workflows.trail import now
from workflows.users import load_actors
from workflows.validity import holds_on
from workflows.writing import Writes


@dataclass(frozen=True, slots=True)
class Means:
    """Whether mail can be sent, and when the next digest leaves."""

    mail: bool
    digest_at: datetime


def plan(connection: Connection, moment: Moment, means: Means, most: int) -> int:
    """Turn at most so many waiting messages into notices and deliveries; returns how many.

    What another transaction is planning is passed over. Doing it twice is doing it once: a
    message is planned in the transaction that marks it so.
    """
    messages = _take(connection, most)
    if messages:
        _Plan(connection, moment, means, messages).write()
    return len(messages)


def _take(connection: Connection, most: int) -> Sequence[Any]:
    return connection.execute(
        select(
            Outbox.id,
            Outbox.organisation_id,
            Outbox.user_id,
            Outbox.topic,
            Outbox.case_id,
            CaseEvent.actor_id,
        )
        .outerjoin(CaseEvent, CaseEvent.id == Outbox.event_id)
        .where(Outbox.planned_at.is_(None))
        .order_by(Outbox.id)
        .limit(most)
        .with_for_update(skip_locked=True, key_share=True, of=Outbox)
    ).all()


class _Plan:
    """The notices and deliveries of some messages."""

    def __init__(
        self, connection: Connection, moment: Moment, means: Means, messages: Sequence[Any]
    ) -> None:
        self._connection = connection
        self._moment = moment
        self._means = means
        self._messages = messages
        self._at = now(connection, moment)
        self._writes = Writes()

    def write(self) -> None:
        """Write the rows, and mark the messages as planned."""
        organisations = {each.organisation_id for each in self._messages}
        staff = _staff(self._connection, organisations, self._moment.today)
        users = {actor.user_id for actors in staff.values() for actor in actors}
        timings = _timings(self._connection, users)
        webhooks = _webhooks(self._connection, organisations)
        cases = _cases(self._connection, {each.case_id for each in self._messages})
        for message in self._messages:
            topic = TOPICS.get(message.topic)
            if topic is None:
                continue
            case = cases[message.case_id]
            for user in recipients(
                _addressed(message, case),
                topic,
                case,
                staff.get(message.organisation_id, []),
                self._moment.today,
            ):
                self._tell(message.id, user, topic, timings)
            for webhook, topics in webhooks.get(message.organisation_id, []):
                if message.topic in topics:
                    self._deliver(message.id, Channel.WEBHOOK, {"webhook_id": webhook}, self._at)
        self._writes.run(self._connection)
        self._connection.execute(
            update(Outbox)
            .where(Outbox.id.in_([each.id for each in self._messages]))
            .values(planned_at=self._at)
        )

    def _tell(
        self, message: int, user: int, topic: Topic, timings: dict[tuple[int, str], str]
    ) -> None:
        self._writes.insert(Notice, {"outbox_id": message, "user_id": user, "made_at": self._at})
        match timings.get((user, topic.kind)):
            case NoticeTiming.AT_ONCE:
                self._deliver(message, Channel.MAIL, {"user_id": user}, self._at)
            case NoticeTiming.DAILY:
                when = self._means.digest_at
                self._deliver(message, Channel.MAIL, {"user_id": user}, when, alone=False)

    def _deliver(
        self,
        message: int,
        channel: Channel,
        receiver: dict[str, int],
        when: datetime,
        *,
        alone: bool = True,
    ) -> None:
        kept = channel is Channel.MAIL and not self._means.mail
        reference = self._moment.new_reference()
        self._writes.insert(
            Delivery,
            {
                "reference": reference,
                "outbox_id": message,
                "channel": channel,
                **receiver,
                "status": DeliveryStatus.KEPT if kept else DeliveryStatus.WAITING,
                "envelope": reference if alone else None,
                "tried_from": when,
                "next_attempt_at": when,
            },
        )


def _addressed(message: Any, case: Any) -> Addressed:
    assigned = {case.assignee_id, case.municipal_contact_id} - {None}
    return Addressed(
        organisation_id=message.organisation_id,
        user_id=message.user_id,
        actor_id=message.actor_id,
        assigned=frozenset(assigned),
    )


def _staff(connection: Connection, organisations: set[int], today: date) -> dict[int, list[Actor]]:
    rows = connection.execute(
        select(Grant.organisation_id, Grant.user_id)
        .where(
            Grant.organisation_id.in_(list(organisations)),
            holds_on(Grant, today),
        )
        .distinct()
        .order_by(Grant.organisation_id, Grant.user_id)
    ).all()
    actors = load_actors(connection, sorted({row[1] for row in rows}), today)
    found: dict[int, list[Actor]] = defaultdict(list)
    for organisation, user in rows:
        if user in actors:
            found[organisation].append(actors[user])
    return found


def _timings(connection: Connection, users: set[int]) -> dict[tuple[int, str], str]:
    rows = connection.execute(
        select(NoticePreference.user_id, NoticePreference.kind, NoticePreference.timing)
        .join(User, User.id == NoticePreference.user_id)
        .where(NoticePreference.user_id.in_(list(users)))
    )
    return {(row[0], row[1]): row[2] for row in rows}


def _webhooks(
    connection: Connection, organisations: set[int]
) -> dict[int, list[tuple[int, list[str]]]]:
    rows = connection.execute(
        select(Webhook.organisation_id, Webhook.id, Webhook.topics).where(
            Webhook.organisation_id.in_(list(organisations)), Webhook.active
        )
    )
    found: dict[int, list[tuple[int, list[str]]]] = defaultdict(list)
    for organisation, webhook, topics in rows:
        found[organisation].append((webhook, topics))
    return found


def _cases(connection: Connection, cases: set[int]) -> dict[int, Any]:
    rows = connection.execute(
        select(
            Case.id,
            Case.state,
            Case.centre_id,
            Case.region_id,
            Case.guardian_id,
            Case.municipality_code,
            Case.outcome_access_until,
            Case.assignee_id,
            Case.municipal_contact_id,
        ).where(Case.id.in_(list(cases)))
    )
    return {row.id: row for row in rows}


def let_go(connection: Connection, moment: Moment, before: datetime) -> None:
    """Mark waiting messages from before an instant as planned, though nobody is told of them.

    For a program that is filled with a past which nobody waits to hear of.
    """
    connection.execute(
        update(Outbox)
        .where(Outbox.planned_at.is_(None), Outbox.recorded_at < before)
        .values(planned_at=now(connection, moment))
    )
