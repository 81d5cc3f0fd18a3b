"""Prepare the handover of a household to its municipality, or change what was prepared."""

from models import Handover
from models.vocabulary import HandoverState
from workflows.errors import Refused
from workflows.guards import HANDOVER_STATES
from workflows.handover.moves import may_follow
from workflows.handover.record import change, over
from workflows.payload import (
    Audience,
    Line,
    OptionalDate,
    OptionalProse,
    OptionalReference,
    Payload,
    Widget,
    entry,
)
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Need, Step

CODE = "prepare_handover"
OPEN_ENDS = "Nodig om over te nemen wat nog loopt."


class OpenAction(Payload):
    """Something that still has to be done for the household."""

    action: Line = entry(
        "Wat loopt nog",
        Widget.TEXT,
        personal=True,
        audience=Audience.RECEIVER,
        purpose=OPEN_ENDS,
    )
    before: OptionalDate = entry(
        "Klaar voor",
        Widget.DATE,
        default=None,
        personal=True,
        audience=Audience.RECEIVER,
        purpose=OPEN_ENDS,
    )


class PrepareHandover(Payload):
    """What only the sender knows: a contact person and what is still going on."""

    colleague: OptionalReference = entry(
        "Contactpersoon",
        Widget.USER,
        default=None,
        help_text="Leeg: u zelf. De gemeente ziet deze naam.",
    )
    open_actions: list[OpenAction] = entry(
        "Lopende zaken", Widget.GROUP, default_factory=list, personal=True, max_length=20
    )
    nothing_open: bool = entry("Er loopt niets meer", Widget.YES_NO, default=False)
    preparation_absence: OptionalProse = entry(
        "Waarom voorbereiding ontbreekt",
        Widget.PROSE,
        default=None,
        help_text="Alleen als een volwassene geen voorbereiding volgde.",
        personal=True,
        audience=Audience.RECEIVER,
        purpose="Laat de gemeente zien waarom er geen voorbereiding was.",
    )


def decide(situation: Situation, payload: PrepareHandover) -> None:
    """Make a draft, or change the one that is open; the municipality sees nothing of it."""
    if not may_follow(CODE, situation.case.handover_state):
        raise over(situation.case.handover_state or "")
    if bool(payload.open_actions) == payload.nothing_open:
        raise Refused(
            "open_actions",
            "Noem wat er nog loopt, of kies dat er niets meer loopt.",
            "open_actions",
        )
    prepared = {
        "contact_id": _contact(situation, payload),
        "open_actions": [each.model_dump(mode="json") for each in payload.open_actions],
        "preparation_absence": payload.preparation_absence,
    }
    found = situation.handover
    if found is not None and found.state == HandoverState.DRAFT:
        change(situation, found, CODE, **prepared)
        return
    _open(situation, prepared)


def _open(situation: Situation, prepared: dict[str, object]) -> None:
    case = situation.case
    made, reference = situation.new_id(Handover), situation.moment.new_reference()
    situation.insert(
        Handover,
        id=made,
        reference=reference,
        case_id=case.id,
        sender_id=case.centre_id if case.centre_id is not None else case.region_id,
        target_id=situation.linked_organisation_id,
        state=HandoverState.DRAFT,
        linked_on=case.linked_on,
        **prepared,
    )
    case.handover_id, case.handover_state = made, HandoverState.DRAFT
    situation.facts["handover"] = reference
    situation.facts["handover_state"] = HandoverState.DRAFT


def _contact(situation: Situation, payload: PrepareHandover) -> int:
    if payload.colleague is None:
        return situation.actor.user_id
    case = situation.case
    found = situation.places.colleagues.get(payload.colleague)
    if found is None or found[1].isdisjoint({case.centre_id, case.region_id}):
        raise Refused(
            "not_a_colleague", "Deze collega werkt niet bij deze organisatie.", "colleague"
        )
    return found[0]


STEP = Step(
    code=CODE,
    label="Overdracht voorbereiden",
    payload=PrepareHandover,
    permission=Permission.PREPARE_HANDOVER,
    decide=decide,
    starts_from=HANDOVER_STATES,
    needs=frozenset({Need.HANDOVER, Need.COLLEAGUES}),
    explanation="Leg vast wat er nog loopt en wie de contactpersoon is.",
)
