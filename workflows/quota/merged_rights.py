"""What a merger does to rights: users work for the successor, and open proposals end."""

from datetime import date, datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from models import Grant, QuotaTransfer, QuotaTransferAnswer
from models.vocabulary import TransferAnswer, TransferParty
from workflows.actor import Actor
from workflows.validity import holds_after

ENDED_BY_MERGER = "Een van beide gemeenten is heringedeeld."


def end_transfers(connection: Connection, actor: Actor, codes: list[str], at: datetime) -> None:
    """Withdraw the transfers of merged municipalities that still wait for an answer."""
    said = QuotaTransferAnswer
    connection.execute(
        insert(said).from_select(
            ["transfer_id", "party", "answer", "reason", "answered_by", "answered_at"],
            select(
                QuotaTransfer.id,
                literal(TransferParty.PROPOSER.value),
                literal(TransferAnswer.WITHDRAWN.value),
                literal(ENDED_BY_MERGER),
                literal(actor.user_id),
                literal(at),
            ).where(waiting_transfers(codes)),
        )
    )


def waiting_transfers(codes: list[str]) -> ColumnElement[bool]:
    """Return which transfers of municipalities still wait for an answer, as a SQL test."""
    said = QuotaTransferAnswer
    closed = (
        select(said.transfer_id)
        .group_by(said.transfer_id)
        .having(or_(func.count() > 1, func.bool_or(said.answer != TransferAnswer.CONFIRMED)))
    )
    return and_(
        or_(QuotaTransfer.giver_code.in_(codes), QuotaTransfer.taker_code.in_(codes)),
        QuotaTransfer.id.not_in(closed),
    )


def grants_to_give(organisations: list[int], successor: int | None) -> Select[int, str, date]:
    """Return each user and role of the old organisations that the new one does not have yet.

    `successor` None: it is still to come. With it comes the day on which the first grant began.
    """
    held = Grant
    statement = (
        select(held.user_id, held.role, func.min(held.valid_from))
        .where(held.organisation_id.in_(organisations), held.valid_until.is_(None))
        .group_by(held.user_id, held.role)
    )
    if successor is None:
        return statement
    own = aliased(Grant)
    already = (
        select(own.id)
        .where(
            own.user_id == held.user_id,
            own.role == held.role,
            own.organisation_id == successor,
            own.valid_until.is_(None),
        )
        .exists()
    )
    return statement.where(~already)


def move_grants(
    connection: Connection, organisations: list[int], successor: int, today: date
) -> int:
    """End the grants in the old organisations and give the same in the new one; returns how many.

    What a predecessor's history asks, its successor's users have by inheritance.
    """
    held = Grant
    given = grants_to_give(organisations, successor).subquery()
    moved = connection.execute(
        insert(held)
        .from_select(
            ["user_id", "role", "organisation_id", "valid_from", "valid_until"],
            select(
                given.c.user_id,
                given.c.role,
                literal(successor),
                func.greatest(given.c[2], today),
                literal(None, type_=held.valid_until.type),
            ),
        )
        .returning(held.id)
    ).all()
    connection.execute(
        update(held)
        .where(
            held.organisation_id.in_(organisations),
            holds_after(held, today),
        )
        .values(valid_until=func.greatest(today, held.valid_from + timedelta(days=1)))
    )
    return len(moved)
