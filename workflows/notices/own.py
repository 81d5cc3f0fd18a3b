"""What a user does with notices: read them, and say which come by mail."""

from collections.abc import Mapping

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert

from models import Case, Notice, NoticePreference, Outbox
from models.vocabulary import NoticeKind, NoticeTiming
from workflows.actor import Actor
from workflows.moment import Moment
from workflows.trail import now, record_audit


def read_between(
    connection: Connection, actor: Actor, newest: int, oldest: int | None, moment: Moment
) -> None:
    """Mark the actor's notices as read from one, by key, back to another or to the first of all."""
    clauses = [Notice.user_id == actor.user_id, Notice.read_at.is_(None), Notice.id <= newest]
    if oldest is not None:
        clauses.append(Notice.id >= oldest)
    connection.execute(update(Notice).where(*clauses).values(read_at=now(connection, moment)))


def read_about(connection: Connection, actor: Actor, case: str, moment: Moment) -> None:
    """Mark the actor's notices about a case, by reference, as read."""
    about = select(Outbox.id).join(Case, Case.id == Outbox.case_id).where(Case.reference == case)
    connection.execute(
        update(Notice)
        .where(
            Notice.user_id == actor.user_id,
            Notice.read_at.is_(None),
            Notice.outbox_id.in_(about),
        )
        .values(read_at=now(connection, moment))
    )


def choose_mail(
    connection: Connection,
    actor: Actor,
    timings: Mapping[NoticeKind, NoticeTiming],
    moment: Moment,
) -> None:
    """Keep when the actor wants mail about each kind of notice."""
    rows = [
        {"user_id": actor.user_id, "kind": kind, "timing": timing}
        for kind, timing in sorted(timings.items())
    ]
    if not rows:
        return
    statement = insert(NoticePreference).values(rows)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[NoticePreference.user_id, NoticePreference.kind],
            set_={"timing": statement.excluded.timing},
        )
    )
    record_audit(connection, moment, actor.user_id, "choose_mail", fields=tuple(sorted(timings)))
