"""Record that a household moved in."""

from datetime import date
from typing import Annotated

from models import Membership
from models.vocabulary import CaseState, HousingKind, LinkOverride, TitleKind
from workflows.counting import follow_counting
from workflows.errors import Refused
from workflows.guards import chosen_members, not_before, not_future
from workflows.linking import check_municipality, tie, untie
from workflows.payload import (
    Audience,
    Blank,
    OptionalMunicipality,
    Payload,
    Reference,
    Widget,
    entry,
)
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Need, Step


class House(Payload):
    """Who moved in, when, and into what kind of housing."""

    housed_on: date = entry(
        "Verhuisd op",
        Widget.DATE,
        audience=Audience.MUNICIPALITY,
        purpose="Nodig om te weten waar het huishouden woont.",
    )
    moved: list[Reference] = entry(
        "Wie verhuisden", Widget.MEMBERS, default_factory=list, help_text="Leeg: iedereen."
    )
    housing_kind: Annotated[HousingKind | None, Blank] = entry(
        "Vorm van huisvesting",
        Widget.CHOICE,
        default=None,
        help_text="Leeg: zoals aangeboden.",
    )
    self_housed_in: OptionalMunicipality = entry(
        "Zelf woonruimte gevonden in",
        Widget.MUNICIPALITY,
        default=None,
        help_text="Alleen als het huishouden zelf een woning vond; daar telt het dan mee.",
    )


def _self_housed(situation: Situation, payload: House, code: str) -> None:
    case = situation.case
    target = check_municipality(situation, code)
    if code != case.municipality_code:
        untie(situation, "house")
        tie(situation, target)
        situation.facts["override"] = LinkOverride.MUNICIPAL_CONSENT
    case.title_kind = TitleKind.SELF_HOUSED
    case.title_on = payload.housed_on


def decide(situation: Situation, payload: House) -> CaseState:
    """Record the move of members who have not moved yet, not before the title's date."""
    not_future(situation, payload.housed_on, "housed_on")
    case = situation.case
    if payload.self_housed_in is not None:
        if case.state == CaseState.HOUSED:
            raise Refused("housed", "Dit huishouden is al gehuisvest.", "self_housed_in")
        _self_housed(situation, payload, payload.self_housed_in)
    elif case.state not in {CaseState.MOVING, CaseState.HOUSED}:
        raise Refused("no_offer", "Er is nog geen geaccepteerde woning. Bied eerst een woning aan.")
    if case.title_on is None:
        raise Refused("no_title", "Leg eerst het huurcontract vast.", "housed_on")
    not_before(
        payload.housed_on,
        case.title_on,
        "housed_on",
        "Verhuizen kan niet voor het contract van {earliest}.",
    )
    not_before(
        payload.housed_on,
        case.permit_on,
        "housed_on",
        "Deze datum ligt voor de vergunning van {earliest}.",
    )
    waiting = [
        each for each in chosen_members(situation, payload.moved, "moved") if each.housed_on is None
    ]
    if not waiting:
        raise Refused("moved", "Deze personen zijn al verhuisd.", "moved")
    for member in waiting:
        member.housed_on = payload.housed_on
        situation.update(Membership, member.membership_id, housed_on=payload.housed_on)
    # Whoever found a home alone does not live in what was offered.
    own = payload.self_housed_in is not None or situation.offer is None
    offered = None if own or situation.offer is None else situation.offer["housing_kind"]
    case.housing_kind = payload.housing_kind or offered or HousingKind.REGULAR_HOME
    case.housed_on = payload.housed_on if case.housed_on is None else case.housed_on
    follow_counting(situation, payload.housed_on)
    case.contested_on = None
    situation.facts["moved_in"] = [member.person_id for member in waiting]
    situation.tell(case.agency_id, "housed")
    situation.tell(situation.linked_organisation_id, "housed")
    return CaseState.HOUSED


def _balances(situation: Situation, payload: House) -> tuple[str, ...]:
    codes = {situation.case.municipality_code, payload.self_housed_in} - {None}
    return tuple(sorted(code for code in codes if code is not None))


STEP = Step(
    code="house",
    label="Verhuizing vastleggen",
    payload=House,
    permission=Permission.HOUSE,
    decide=decide,
    starts_from=frozenset(
        {CaseState.LINKED, CaseState.PREPARING, CaseState.MOVING, CaseState.HOUSED}
    ),
    ends_in=frozenset({CaseState.HOUSED}),
    needs=frozenset({Need.MEMBERS, Need.OFFER, Need.HANDOVER}),
    balances=_balances,
    posts=True,
    explanation="Leg vast wie wanneer is verhuisd.",
)
