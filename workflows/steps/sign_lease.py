"""Record the title by which a household will live in its dwelling."""

from datetime import date

from models.vocabulary import CaseState, TitleKind
from workflows.errors import Refused
from workflows.guards import not_before, not_future
from workflows.payload import Audience, OptionalDate, Payload, Widget, entry
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Need, Step


class SignLease(Payload):
    """The title and the planned move."""

    title_kind: TitleKind = entry("Soort titel", Widget.CHOICE, default=TitleKind.LEASE)
    title_on: date = entry(
        "Datum huurcontract",
        Widget.DATE,
        audience=Audience.MUNICIPALITY,
        purpose="Nodig om de verhuizing te regelen.",
    )
    move_planned_on: OptionalDate = entry(
        "Verhuizing gepland op",
        Widget.DATE,
        default=None,
        audience=Audience.MUNICIPALITY,
        purpose="Nodig om de verhuizing te regelen.",
    )


def decide(situation: Situation, payload: SignLease) -> None:
    """Record the title; a lease cannot be older than the offer."""
    not_future(situation, payload.title_on, "title_on")
    if payload.title_kind in {TitleKind.GUARDIAN_PLACEMENT, TitleKind.SELF_HOUSED}:
        raise Refused("title_elsewhere", "Deze titel volgt uit een andere handeling.", "title_kind")
    if situation.offer is not None:
        not_before(
            payload.title_on,
            situation.offer["offered_on"],
            "title_on",
            "Het contract kan niet voor het aanbod van {earliest} liggen.",
        )
    if payload.move_planned_on is not None:
        not_before(
            payload.move_planned_on,
            payload.title_on,
            "move_planned_on",
            "De verhuizing kan niet voor het contract van {earliest} liggen.",
        )
    case = situation.case
    case.title_kind = payload.title_kind
    case.title_on = payload.title_on
    case.move_planned_on = payload.move_planned_on
    situation.tell(case.agency_id, "lease_signed")


STEP = Step(
    code="sign_lease",
    label="Huurcontract vastleggen",
    payload=SignLease,
    permission=Permission.SIGN_LEASE,
    decide=decide,
    starts_from=frozenset({CaseState.MOVING}),
    needs=frozenset({Need.OFFER}),
    explanation="Leg het huurcontract en de verhuisdatum vast.",
)
