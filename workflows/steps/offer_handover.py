"""Offer a handover to the linked municipality, with a frozen snapshot of the household."""

from typing import Any

from models.vocabulary import LegalGround
from workflows import policy
from workflows.errors import Refused
from workflows.guards import HANDOVER_STATES
from workflows.handover.contents import FORMAT, digest, gaps
from workflows.handover.record import HandoverRecord, change, current
from workflows.payload import OptionalProse, OptionalReference, Payload, Widget, entry
from workflows.permissions import Permission
from workflows.rules.norms import NormCode, due_date
from workflows.situation import Situation
from workflows.step import Need, Step
from workflows.writing import bytea

CODE = "offer_handover"


class OfferHandover(Payload):
    """On which ground the household is handed over, and why if the set is not complete."""

    handover: OptionalReference = entry("Overdracht", Widget.HIDDEN, default=None)
    legal_ground: LegalGround = entry("Grondslag", Widget.CHOICE, default=LegalGround.PUBLIC_TASK)
    override_reason: OptionalProse = entry(
        "Waarom toch, al ontbreekt er iets",
        Widget.PROSE,
        default=None,
        help_text="Alleen een coördinator kan een onvolledige overdracht aanbieden.",
        personal=True,
    )


def decide(situation: Situation, payload: OfferHandover) -> None:
    """Check the mandatory set, freeze it and start the term (working days, by the norm)."""
    record = current(situation, CODE, payload.handover)
    _check_complete(situation, payload, record)
    snapshot = _snapshot(situation, record)
    change(
        situation,
        record,
        CODE,
        legal_ground=payload.legal_ground,
        override_reason=payload.override_reason,
        snapshot=snapshot,
        snapshot_hash=bytea(digest(snapshot)),
        offered_at=situation.reference.recorded_at,
        due_on=due_date(situation.reference.norms, NormCode.HANDOVER, situation.today),
    )
    situation.tell(record.target_id, "handover_offered")


def _check_complete(situation: Situation, payload: OfferHandover, record: HandoverRecord) -> None:
    if not gaps(situation.contents, record.preparation_absence, situation.today):
        return
    if payload.override_reason is None:
        raise Refused(
            "incomplete",
            "De overdracht is nog niet volledig. Bekijk op het tabblad Overdracht wat ontbreekt.",
        )
    may_override = policy.allows(
        situation.actor, Permission.OVERRIDE_HANDOVER, situation.case, situation.today
    )
    if not may_override:
        raise Refused(
            "override_right",
            "Alleen een coördinator kan een onvolledige overdracht aanbieden.",
            "override_reason",
        )
    situation.facts["override"] = "incomplete"


def _snapshot(situation: Situation, record: HandoverRecord) -> dict[str, Any]:
    """Return what is handed over; the salt keeps its hash from telling what was erased."""
    return situation.contents | {
        "format": FORMAT,
        "salt": situation.moment.new_reference(),
        "case": situation.case.reference,
        "handover": record.reference,
        "offered_on": situation.today.isoformat(),
        "open_actions": record.open_actions,
        "preparation_absence": record.preparation_absence,
    }


STEP = Step(
    code=CODE,
    label="Overdracht aanbieden",
    payload=OfferHandover,
    permission=Permission.OFFER_HANDOVER,
    decide=decide,
    starts_from=HANDOVER_STATES,
    needs=frozenset({Need.HANDOVER, Need.CONTENTS}),
    explanation="Bied de gemeente de overdracht aan, met het profiel zoals het nu is.",
)
