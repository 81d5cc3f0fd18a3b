"""Takes deliveries that are due for sending; whoever dies meanwhile loses them to another."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from models import Case, Delivery, DeliveryAttempt, Outbox, User, Webhook
from models.vocabulary import Channel, DeliveryStatus
from workflows.moment import Moment
from workflows.trail import now
from workflows.writing import Writes, update_rows

# For so long nobody else takes what was taken; a batch must be done within it.
LEASE = timedelta(minutes=4)
MOST_IN_A_DIGEST = 100


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery in hands, and the number of this attempt."""

    delivery_id: int
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail to send about one or more cases; `envelope` is its key for the receiver."""

    envelope: str
    parts: tuple[Claimed, ...]
    address: str
    language: str
    active: bool
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A webhook to call about one message."""

    envelope: str
    parts: tuple[Claimed, ...]
    webhook: str
    url: str
    versions: tuple[int, ...]
    active: bool
    topic: str
    recorded_at: datetime


Order = Mail | Call


def claim(connection: Connection, moment: Moment, most: int) -> list[Order]:
    """Take at most so many deliveries that are due, and note that an attempt begins."""
    at = now(connection, moment)
    taken = _whole_envelopes(connection, _due(connection, at, most))
    envelopes = dict(_envelopes(taken, moment))
    update_rows(
        connection,
        [
            (
                Delivery,
                row.id,
                {
                    "attempts": row.attempts + 1,
                    "next_attempt_at": at + LEASE,
                    "envelope": envelopes[row.id],
                },
            )
            for row in taken
        ],
    )
    attempts = Writes()
    for row in taken:
        begun = {"delivery_id": row.id, "number": row.attempts + 1, "started_at": at}
        attempts.insert(DeliveryAttempt, begun)
    attempts.run(connection)
    return [*_mails(taken, envelopes), *_calls(taken, envelopes, at)]


def _due(connection: Connection, at: datetime, most: int) -> Sequence[Any]:
    return connection.execute(
        select(
            Delivery.id,
            Delivery.channel,
            Delivery.envelope,
            Delivery.attempts,
            Delivery.user_id,
            User.email,
            User.language,
            User.active,
            Webhook.reference.label("webhook"),
            Webhook.url,
            Webhook.active.label("webhook_active"),
            Webhook.secret_version,
            Webhook.earlier_until,
            Outbox.topic,
            Outbox.recorded_at,
            Case.reference.label("case"),
        )
        .join(Outbox, Outbox.id == Delivery.outbox_id)
        .join(Case, Case.id == Outbox.case_id)
        .outerjoin(User, User.id == Delivery.user_id)
        .outerjoin(Webhook, Webhook.id == Delivery.webhook_id)
        .where(Delivery.status == DeliveryStatus.WAITING, Delivery.next_attempt_at <= at)
        .order_by(Delivery.next_attempt_at, Delivery.user_id, Delivery.id)
        .limit(most)
        .with_for_update(skip_locked=True, key_share=True, of=Delivery)
    ).all()


def _whole_envelopes(connection: Connection, due: Sequence[Any]) -> list[Any]:
    """Leave out a digest of which another worker holds a part: half of it has the same key."""
    ours: dict[str, int] = defaultdict(int)
    for row in due:
        if row.envelope is not None:
            ours[row.envelope] += 1
    whole = connection.execute(
        select(Delivery.envelope, func.count())
        .where(Delivery.envelope.in_(list(ours)), Delivery.status == DeliveryStatus.WAITING)
        .group_by(Delivery.envelope)
    )
    broken = {envelope for envelope, waiting in whole if waiting != ours[envelope or ""]}
    return [row for row in due if row.envelope not in broken]


def _envelopes(taken: list[Any], moment: Moment) -> Iterator[tuple[int, str]]:
    """Yield the envelope of each delivery: the one it had, or that of its user's digest."""
    digests: dict[int, list[Any]] = defaultdict(list)
    for row in taken:
        if row.envelope is None:
            digests[row.user_id].append(row)
        else:
            yield row.id, row.envelope
    for rows in digests.values():
        for start in range(0, len(rows), MOST_IN_A_DIGEST):
            envelope = moment.new_reference()
            yield from ((row.id, envelope) for row in rows[start : start + MOST_IN_A_DIGEST])


def _mails(taken: list[Any], envelopes: dict[int, str]) -> Iterator[Mail]:
    bundles: dict[str, list[Any]] = defaultdict(list)
    for row in taken:
        if row.channel == Channel.MAIL:
            bundles[envelopes[row.id]].append(row)
    for envelope, rows in bundles.items():
        first = rows[0]
        yield Mail(
            envelope=envelope,
            parts=tuple(Claimed(row.id, row.attempts + 1) for row in rows),
            address=first.email,
            language=first.language,
            active=first.active,
            cases=tuple(dict.fromkeys(row.case for row in rows)),
        )


def _calls(taken: list[Any], envelopes: dict[int, str], at: datetime) -> Iterator[Call]:
    for row in taken:
        if row.channel == Channel.WEBHOOK:
            earlier = row.earlier_until is not None and row.earlier_until > at
            version = row.secret_version
            yield Call(
                envelope=envelopes[row.id],
                parts=(Claimed(row.id, row.attempts + 1),),
                webhook=row.webhook,
                url=row.url,
                versions=(version, version - 1) if earlier else (version,),
                active=row.webhook_active,
                topic=row.topic,
                recorded_at=row.recorded_at,
            )
