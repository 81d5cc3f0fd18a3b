"""Open a case for a household that got its permit."""

from datetime import date
from typing import Annotated

from pydantic import Field

from models import Case
from models.vocabulary import CaseKind, CaseState, MembershipStart, Role, StayPlace
from workflows.errors import Refused
from workflows.guards import has_terms, not_future
from workflows.household import is_minors_only, recompose
from workflows.joining import Joining, join_all
from workflows.new_member import NewMember
from workflows.payload import (
    OptionalDate,
    OptionalReference,
    Payload,
    Widget,
    entry,
)
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Need, Step


class Register(Payload):
    """What is known of a household on permit day."""

    kind: CaseKind = entry("Soort dossier", Widget.CHOICE, default=CaseKind.ASYLUM)
    permit_on: date = entry(
        "Datum vergunning", Widget.DATE, help_text="De dag waarop alle termijnen beginnen."
    )
    centre: OptionalReference = entry("Opvanglocatie", Widget.CENTRE, default=None)
    sponsor_case: OptionalReference = entry(
        "Dossier van de referent",
        Widget.CASE,
        default=None,
        help_text="Alleen bij nareis: de verwijzing van het dossier van de referent.",
    )
    members_to_add: list[NewMember] = entry(
        "Leden van het huishouden", Widget.GROUP, personal=True, min_length=1, max_length=20
    )
    expected_members: Annotated[int, Field(ge=0, le=20)] = entry(
        "Verwachte nareizigers", Widget.NUMBER, default=0, help_text="Aantal personen."
    )
    expected_month: OptionalDate = entry(
        "Verwacht vanaf", Widget.DATE, default=None, help_text="Eerste dag van de maand."
    )


def _place(situation: Situation, payload: Register) -> None:
    case = situation.case
    if payload.centre is not None:
        case.centre_id, case.region_id = situation.places.centre(payload.centre)
        case.stay_place = StayPlace.CENTRE
        if case.centre_id in situation.actor.organisations(Role.CASE_MANAGER):
            # Who registers a household goes on with it, until it is assigned to another.
            case.assignee_id = situation.actor.user_id
        return
    if payload.kind != CaseKind.RESETTLEMENT:
        raise Refused("no_centre", "Kies de opvanglocatie van het huishouden.", "centre")
    regions = set(situation.places.regions.values())
    own = [grant.organisation_id for grant in situation.actor.grants]
    held = [region for region in own if region in regions]
    if not held:
        raise Refused(
            "no_region",
            "Een hervestigd huishouden zonder locatie registreert de regievoerder van de regio.",
            "centre",
        )
    case.region_id = held[0]
    case.stay_place = StayPlace.ELSEWHERE


def _relate(situation: Situation, payload: Register) -> None:
    case = situation.case
    if payload.sponsor_case is not None:
        if payload.sponsor_case not in situation.sponsors:
            raise Refused("unknown_case", "Dit dossier bestaat niet.", "sponsor_case")
        case.sponsor_case_id = situation.sponsors[payload.sponsor_case]
    elif payload.kind == CaseKind.FAMILY_FOLLOW_ON:
        raise Refused(
            "no_sponsor", "Vul bij nareis het dossier van de referent in.", "sponsor_case"
        )


def decide(situation: Situation, payload: Register) -> CaseState:
    """Open the case with its members."""
    not_future(situation, payload.permit_on, "permit_on")
    has_terms(situation, payload.permit_on, "permit_on")
    case = situation.case
    case.id = situation.new_id(Case)
    case.kind = payload.kind
    case.permit_on = payload.permit_on
    case.expected_members = payload.expected_members
    case.expected_month = payload.expected_month
    _place(situation, payload)
    _relate(situation, payload)
    for index, member in enumerate(payload.members_to_add):
        if member.v_number is None and member.birth_date < payload.permit_on:
            raise Refused(
                "v_number_missing",
                "Vul het V-nummer in.",
                f"members_to_add.{index}.v_number",
            )
    joining = Joining(MembershipStart.REGISTERED, situation.today, payload.permit_on)
    join_all(situation, payload.members_to_add, joining)
    recompose(situation)
    if payload.kind == CaseKind.UNACCOMPANIED_MINOR:
        case.guardian_id = situation.places.guardian_id
        if not is_minors_only(situation):
            raise Refused("not_minor", "Een AMV is op dit moment jonger dan 18 jaar.", "kind")
    situation.facts["centre"] = case.centre_id
    situation.facts["region"] = case.region_id
    return CaseState.REGISTERED


STEP = Step(
    code="register",
    label="Huishouden registreren",
    payload=Register,
    permission=Permission.REGISTER,
    decide=decide,
    starts_from=frozenset(),
    ends_in=frozenset({CaseState.REGISTERED}),
    needs=frozenset({Need.PLACES}),
    explanation="Open een dossier voor een huishouden met een nieuwe vergunning.",
)
