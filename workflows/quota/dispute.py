"""A municipality disputes the realisation of a permit holder, and settles the dispute."""

from sqlalchemy import Connection, insert, select, update

from models import Case, Person, QuotaEntry, Realisation, RealisationDispute
from models.vocabulary import DisputeSettlement
from workflows.actor import Actor
from workflows.errors import Refused
from workflows.moment import Moment
from workflows.one_row import one_row
from workflows.payload import Payload, Prose, Widget, entry
from workflows.permissions import Permission
from workflows.quota.ledger import open_ledger
from workflows.territory import territory
from workflows.trail import record_audit


class Dispute(Payload):
    """Why a municipality does not recognise a realisation."""

    reason: Prose = entry("Waarom klopt de afmelding niet", Widget.PROSE, personal=True)


class Settlement(Payload):
    """How a dispute ends."""

    settlement: DisputeSettlement = entry("Uitkomst", Widget.CHOICE)
    explanation: Prose = entry("Toelichting", Widget.PROSE, personal=True)


def dispute(
    connection: Connection, actor: Actor, person: str, payload: Dispute, moment: Moment
) -> str:
    """Dispute the live realisation of a permit holder and return the dispute's reference.

    Raises `NotFound` when the realisation is not of the actor's municipality, and `Refused` when
    it is disputed already.
    """
    own = territory(actor, Permission.DISPUTE_REALISATION)
    line = one_row(
        connection,
        select(QuotaEntry.id, QuotaEntry.municipality_code)
        .join(Realisation, Realisation.entry_id == QuotaEntry.id)
        .join(Person, Person.id == Realisation.person_id)
        .where(Person.reference == person, own.clause(QuotaEntry.municipality_code)),
    )
    at = open_ledger(connection, moment, {line[1]})
    row = RealisationDispute
    if connection.scalar(select(row.id).where(row.entry_id == line[0], row.settled_at.is_(None))):
        raise Refused("disputed", "Deze afmelding wordt al betwist.")
    reference = moment.new_reference()
    connection.execute(
        insert(row).values(
            reference=reference,
            entry_id=line[0],
            reason=payload.reason,
            raised_by=actor.user_id,
            raised_at=at,
        )
    )
    record_audit(connection, moment, actor.user_id, "dispute_realisation", subject=reference)
    return reference


def settle(
    connection: Connection, actor: Actor, reference: str, payload: Settlement, moment: Moment
) -> None:
    """End a dispute: the municipality agrees after all, or the line was corrected.

    Raises `NotFound` for a dispute of another municipality and `Refused` when it has ended, or
    when the line that was to be corrected still stands.
    """
    own = territory(actor, Permission.DISPUTE_REALISATION)
    row = RealisationDispute
    found = one_row(
        connection,
        select(row.id, row.entry_id, QuotaEntry.municipality_code)
        .join(QuotaEntry, QuotaEntry.id == row.entry_id)
        .join(Case, Case.id == QuotaEntry.case_id)
        .where(row.reference == reference, own.clause(QuotaEntry.municipality_code)),
    )
    at = open_ledger(connection, moment, {found[2]})
    corrected = connection.scalar(select(QuotaEntry.id).where(QuotaEntry.reverses == found[1]))
    if payload.settlement is DisputeSettlement.CORRECTED and corrected is None:
        raise Refused(
            "not_corrected", "COA heeft deze afmelding nog niet gecorrigeerd.", "settlement"
        )
    ended = connection.execute(
        update(row)
        .where(row.id == found[0], row.settled_at.is_(None))
        .values(
            settlement=payload.settlement.value,
            explanation=payload.explanation,
            settled_by=actor.user_id,
            settled_at=at,
        )
    )
    if ended.rowcount != 1:
        raise Refused("settled", "Deze betwisting is al afgehandeld.")
    record_audit(connection, moment, actor.user_id, "settle_dispute", subject=reference)
