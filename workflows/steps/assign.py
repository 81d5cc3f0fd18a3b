"""Assign a case to a colleague of one's own organisation."""

from workflows.errors import Refused
from workflows.guards import LIVE
from workflows.payload import OptionalReference, Payload, Widget, entry
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Need, Step


class Assign(Payload):
    """Who takes the case on."""

    colleague: OptionalReference = entry(
        "Wie", Widget.USER, default=None, help_text="Leeg: terug naar niet toegewezen."
    )


def decide(situation: Situation, payload: Assign) -> None:
    """Name the assignee of the agency or of the municipality, by where the actor works."""
    case = situation.case
    own = {grant.organisation_id for grant in situation.actor.grants}
    side = case.centre_id if case.centre_id is not None else case.region_id
    ours = side in own or case.region_id in own
    theirs = situation.linked_organisation_id in own
    user_id = None
    if payload.colleague is not None:
        found = situation.places.colleagues.get(payload.colleague)
        allowed = {side} if ours else {situation.linked_organisation_id}
        if found is None or allowed.isdisjoint(found[1]):
            raise Refused(
                "not_a_colleague", "Deze collega werkt niet bij deze organisatie.", "colleague"
            )
        user_id = found[0]
    if ours:
        case.assignee_id = user_id
    elif theirs:
        case.municipal_contact_id = user_id
    situation.facts["assignee"] = user_id


STEP = Step(
    code="assign",
    label="Toewijzen",
    payload=Assign,
    permission=Permission.ASSIGN,
    decide=decide,
    starts_from=LIVE,
    needs=frozenset({Need.COLLEAGUES}),
    explanation="Wijs het dossier toe aan een collega.",
)
