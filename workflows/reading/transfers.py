"""Transfers of quota as pages show them, to whom they concern."""

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, or_, select, true
from sqlalchemy.orm import aliased

from models import Municipality, QuotaTransfer, QuotaTransferAnswer, User
from models.vocabulary import TransferAnswer, TransferParty, TransferStage
from workflows.actor import Actor
from workflows.errors import NotFound
from workflows.permissions import Permission
from workflows.policy import may
from workflows.territory import Territory, territory

PAGE = 200


@dataclass(frozen=True, slots=True)
class Said:
    """What a party said to a transfer."""

    party: TransferParty
    answer: TransferAnswer
    reason: str | None
    by: str
    at: datetime


@dataclass(slots=True, kw_only=True)
class TransferView:
    """A transfer with what was said, and what the visitor may do."""

    id: int
    reference: str
    half_year: str
    giver: str
    giver_name: str
    taker: str
    taker_name: str
    persons: int
    effective_on: date
    reason: str
    proposed_for: str | None
    proposed_by: str
    proposed_at: datetime
    said: list[Said] = field(default_factory=list)
    may_answer: list[TransferParty] = field(default_factory=list)
    may_withdraw: bool = False

    @property
    def stage(self) -> TransferStage:
        """How far it is, from what was said."""
        answers = {each.answer for each in self.said}
        if TransferAnswer.WITHDRAWN in answers:
            return TransferStage.WITHDRAWN
        if TransferAnswer.DECLINED in answers:
            return TransferStage.DECLINED
        return TransferStage.AGREED if len(self.said) > 1 else TransferStage.WAITING

    def answer_of(self, party: TransferParty) -> Said | None:
        """Return what a party said."""
        return next((each for each in self.said if each.party is party), None)


def transfers(connection: Connection, actor: Actor) -> list[TransferView]:
    """Return the newest transfers that concern the actor; raises `NotFound` without any right."""
    return _read(connection, actor, true())


def awaited(connection: Connection, actor: Actor) -> list[TransferView]:
    """Return the transfers that wait for the actor's answer, the newest first."""
    if not may(actor, Permission.ANSWER_TRANSFER):
        return []
    return _read(connection, actor, unanswered(actor))


def unanswered(actor: Actor) -> ColumnElement[bool]:
    """Return which transfers wait for an answer of the actor's municipalities, as a SQL test."""
    own = territory(actor, Permission.ANSWER_TRANSFER).municipalities
    said, row = QuotaTransferAnswer, QuotaTransfer
    of_this = select(said.transfer_id).where(said.transfer_id == row.id)
    silent = [
        and_(code.in_(sorted(own)), ~of_this.where(said.party == party).exists())
        for code, party in (
            (row.giver_code, TransferParty.GIVER),
            (row.taker_code, TransferParty.TAKER),
        )
    ]
    return and_(or_(*silent), ~of_this.where(said.answer != TransferAnswer.CONFIRMED).exists())


def transfer(connection: Connection, actor: Actor, reference: str) -> TransferView:
    """Return a transfer that concerns the actor; raises `NotFound`."""
    found = _read(connection, actor, QuotaTransfer.reference == reference)
    if not found:
        raise NotFound
    return found[0]


def _read(connection: Connection, actor: Actor, wanted: ColumnElement[bool]) -> list[TransferView]:
    own = territory(actor, Permission.PROPOSE_TRANSFER)
    giver, taker, row = aliased(Municipality), aliased(Municipality), QuotaTransfer
    statement = (
        select(
            row.id,
            row.reference,
            row.half_year,
            row.giver_code.label("giver"),
            giver.name.label("giver_name"),
            row.taker_code.label("taker"),
            taker.name.label("taker_name"),
            row.persons,
            row.effective_on,
            row.reason,
            row.proposed_for,
            User.name.label("proposed_by"),
            row.proposed_at,
        )
        .join(giver, giver.code == row.giver_code)
        .join(taker, taker.code == row.taker_code)
        .join(User, User.id == row.proposed_by)
        .where(or_(own.clause(row.giver_code), own.clause(row.taker_code)), wanted)
        .order_by(row.proposed_at.desc(), row.id.desc())
        .limit(PAGE)
    )
    found = [TransferView(**each) for each in connection.execute(statement).mappings()]
    _add_answers(connection, found)
    for each in found:
        _add_rights(each, actor, own)
    return found


def _add_answers(connection: Connection, found: list[TransferView]) -> None:
    by_id = {each.id: each for each in found}
    row = QuotaTransferAnswer
    rows = connection.execute(
        select(row.transfer_id, row.party, row.answer, row.reason, User.name, row.answered_at)
        .join(User, User.id == row.answered_by)
        .where(row.transfer_id.in_(list(by_id)))
        .order_by(row.answered_at)
    )
    for transfer_id, party, said, reason, name, at in rows:
        by_id[transfer_id].said.append(
            Said(TransferParty(party), TransferAnswer(said), reason, name, at)
        )


def _add_rights(found: TransferView, actor: Actor, own: Territory) -> None:
    if found.stage is not TransferStage.WAITING:
        return
    found.may_withdraw = own.everywhere or found.proposed_for in own.municipalities
    if not may(actor, Permission.ANSWER_TRANSFER):
        return
    towns = territory(actor, Permission.ANSWER_TRANSFER).municipalities
    sides = ((TransferParty.GIVER, found.giver), (TransferParty.TAKER, found.taker))
    found.may_answer = [
        party for party, code in sides if code in towns and found.answer_of(party) is None
    ]
