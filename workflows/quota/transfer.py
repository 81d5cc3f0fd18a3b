"""Transfers of quota between municipalities, agreed by both (Huisvestingswet 2014 art. 29(2)).

Nothing is posted before the second confirmation; then both lines are, in one transaction. The
balances of both municipalities are locked first, so that answers at the same time follow each
other.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from models import QuotaTransfer, QuotaTransferAnswer
from models.vocabulary import QuotaKind, TransferAnswer, TransferParty
from workflows.actor import Actor
from workflows.errors import NotFound, Refused
from workflows.moment import Moment
from workflows.one_row import one_row
from workflows.permissions import Permission
from workflows.quota.ledger import Line, open_ledger, write_lines
from workflows.quota.period import HalfYear
from workflows.quota.transfer_rules import (
    Answered,
    ProposedTransfer,
    StoredTransfer,
    Withdrawn,
    check_parties,
    check_possible,
)
from workflows.territory import territory
from workflows.trail import record_audit


@dataclass(frozen=True, slots=True)
class _Said:
    party: TransferParty
    answer: TransferAnswer
    reason: str | None = None


def propose(
    connection: Connection, actor: Actor, payload: ProposedTransfer, reference: str, moment: Moment
) -> None:
    """Propose a transfer; who proposes for a municipality confirms it for that one at once.

    `reference` names the form: sent twice, it proposes once. Raises `NotFound` for somebody who
    works for neither, and `Refused` beside the field that does not fit.
    """
    known = select(QuotaTransfer.id).where(QuotaTransfer.reference == reference)
    if connection.scalar(known) is not None:
        return
    own = _own_party(actor, payload)
    transfer = StoredTransfer(
        0,
        reference,
        HalfYear.parse(payload.half_year),
        payload.giver,
        payload.taker,
        payload.persons,
        payload.effective_on,
        None if own is None else payload.giver if own is TransferParty.GIVER else payload.taker,
    )
    check_parties(connection, transfer)
    at = open_ledger(connection, moment, {transfer.giver, transfer.taker})
    check_possible(connection, transfer)
    transfer_id: int = connection.execute(
        insert(QuotaTransfer)
        .values(
            reference=reference,
            half_year=str(transfer.half_year),
            giver_code=transfer.giver,
            taker_code=transfer.taker,
            persons=transfer.persons,
            effective_on=transfer.effective_on,
            reason=payload.reason,
            proposed_for=transfer.proposed_for,
            proposed_by=actor.user_id,
            proposed_at=at,
        )
        .returning(QuotaTransfer.id)
    ).scalar_one()
    if own is not None:
        said = _Said(own, TransferAnswer.CONFIRMED)
        _store(connection, actor, transfer_id, said, at)
    record_audit(connection, moment, actor.user_id, "propose_transfer", subject=reference)


def answer(
    connection: Connection,
    actor: Actor,
    reference: str,
    party: TransferParty,
    *,
    payload: Answered,
    moment: Moment,
) -> bool:
    """Confirm or decline for giver or taker; the second confirmation posts both lines.

    Returns whether the transfer is posted now. Raises `NotFound` for who does not work for that
    municipality, and `Refused` when it was answered or withdrawn, or became impossible.
    """
    transfer = _find(connection, reference)
    if transfer.code(party) not in territory(actor, Permission.ANSWER_TRANSFER).municipalities:
        raise NotFound
    if payload.answer is TransferAnswer.WITHDRAWN:
        raise Refused("answer", "Kies bevestigen of afwijzen.", "answer")
    declined = payload.answer is TransferAnswer.DECLINED
    if declined and payload.reason is None:
        raise Refused("reason", "Leg uit waarom u de uitruil afwijst.", "reason")
    at = open_ledger(connection, moment, {transfer.giver, transfer.taker})
    given = _answers(connection, transfer.id)
    _check_open(given)
    if party in given:
        raise Refused("answered", "Uw gemeente heeft deze uitruil al bevestigd.")
    posts = not declined and len(given) == 1
    if not declined:
        check_possible(connection, transfer)
    _store(connection, actor, transfer.id, _Said(party, payload.answer, payload.reason), at)
    if posts:
        write_lines(connection, actor, _lines(transfer), at)
    action = f"{payload.answer}_transfer"
    record_audit(connection, moment, actor.user_id, action, subject=reference)
    return posts


def withdraw(
    connection: Connection, actor: Actor, reference: str, payload: Withdrawn, moment: Moment
) -> None:
    """Take a proposal back; for the ministry, or the municipality that proposed it.

    Raises `NotFound` for anybody else and `Refused` when it was posted, declined or withdrawn.
    """
    transfer = _find(connection, reference)
    own = territory(actor, Permission.PROPOSE_TRANSFER)
    if not own.everywhere and transfer.proposed_for not in own.municipalities:
        raise NotFound
    at = open_ledger(connection, moment, {transfer.giver, transfer.taker})
    _check_open(_answers(connection, transfer.id))
    said = _Said(TransferParty.PROPOSER, TransferAnswer.WITHDRAWN, payload.reason)
    _store(connection, actor, transfer.id, said, at)
    record_audit(connection, moment, actor.user_id, "withdraw_transfer", subject=reference)


def _own_party(actor: Actor, payload: ProposedTransfer) -> TransferParty | None:
    own = territory(actor, Permission.PROPOSE_TRANSFER)
    if payload.giver in own.municipalities:
        return TransferParty.GIVER
    if payload.taker in own.municipalities:
        return TransferParty.TAKER
    if own.everywhere:
        return None
    raise Refused("neither", "Een van beide gemeenten moet uw eigen gemeente zijn.", "giver")


def _lines(transfer: StoredTransfer) -> list[Line]:
    return [
        Line(
            municipality_code=code,
            half_year=transfer.half_year,
            kind=kind,
            persons=persons,
            booked_on=transfer.effective_on,
            transfer_id=transfer.id,
        )
        for code, kind, persons in (
            (transfer.giver, QuotaKind.TRANSFER_OUT, -transfer.persons),
            (transfer.taker, QuotaKind.TRANSFER_IN, transfer.persons),
        )
    ]


def _find(connection: Connection, reference: str) -> StoredTransfer:
    row = one_row(
        connection,
        select(
            QuotaTransfer.id,
            QuotaTransfer.half_year,
            QuotaTransfer.giver_code,
            QuotaTransfer.taker_code,
            QuotaTransfer.persons,
            QuotaTransfer.effective_on,
            QuotaTransfer.proposed_for,
        ).where(QuotaTransfer.reference == reference),
    )
    return StoredTransfer(row[0], reference, HalfYear.parse(row[1]), *row[2:])


def _answers(connection: Connection, transfer_id: int) -> dict[TransferParty, TransferAnswer]:
    rows = connection.execute(
        select(QuotaTransferAnswer.party, QuotaTransferAnswer.answer).where(
            QuotaTransferAnswer.transfer_id == transfer_id
        )
    )
    return {TransferParty(row[0]): TransferAnswer(row[1]) for row in rows}


def _check_open(given: dict[TransferParty, TransferAnswer]) -> None:
    said = set(given.values())
    if TransferAnswer.WITHDRAWN in said:
        raise Refused("withdrawn", "Deze uitruil is ingetrokken.")
    if TransferAnswer.DECLINED in said:
        raise Refused("declined", "Deze uitruil is afgewezen.")
    if len(given) > 1:
        raise Refused("posted", "Deze uitruil is al door beide gemeenten bevestigd.")


def _store(
    connection: Connection, actor: Actor, transfer_id: int, said: _Said, at: datetime
) -> None:
    connection.execute(
        insert(QuotaTransferAnswer).values(
            transfer_id=transfer_id,
            party=said.party.value,
            answer=said.answer.value,
            reason=said.reason,
            answered_by=actor.user_id,
            answered_at=at,
        )
    )
