"""Offer a dwelling to a household."""

from datetime import date
from decimal import Decimal

from models import HousingOffer
from models.vocabulary import (
    CaseState,
    DwellingType,
    FunctionalNeed,
    HousingKind,
    MemberRole,
    OfferStatus,
)
from workflows.errors import Refused
from workflows.payload import Line, OptionalProse, Payload, Widget, entry
from workflows.permissions import Permission
from workflows.rules.household import Member, rooms_needed
from workflows.situation import Situation
from workflows.step import Need, Step

CENTS = 100


class OfferHousing(Payload):
    """The dwelling that is offered."""

    dwelling_type: DwellingType = entry("Soort woning", Widget.CHOICE)
    housing_kind: HousingKind = entry(
        "Vorm van huisvesting", Widget.CHOICE, default=HousingKind.REGULAR_HOME
    )
    rooms: int = entry("Aantal kamers", Widget.NUMBER, ge=1, le=20)
    rent: Decimal = entry(
        "Huur per maand in euro's", Widget.NUMBER, ge=0, le=5000, max_digits=6, decimal_places=2
    )
    ground_floor: bool = entry("Begane grond", Widget.YES_NO, default=False)
    wheelchair: bool = entry("Geschikt voor een rolstoel", Widget.YES_NO, default=False)
    landlord: Line = entry("Verhuurder", Widget.TEXT, help_text="Bijvoorbeeld de woningcorporatie.")
    available_from: date = entry("Beschikbaar vanaf", Widget.DATE)
    fits_expected: bool = entry(
        "Woningcheck: er is plaats voor verwachte nareizigers", Widget.YES_NO, default=True
    )
    reason: OptionalProse = entry(
        "Toelichting",
        Widget.PROSE,
        default=None,
        help_text="Verplicht als de woning klein is of niet aan een eis voldoet.",
        personal=True,
    )


def _shortcomings(situation: Situation, payload: OfferHousing) -> str | None:
    members = [Member(MemberRole(each.role), each.birth_date) for each in situation.members]
    needs = situation.case.functional_needs
    if payload.rooms < rooms_needed(members, situation.today):
        return "De woning is klein voor dit huishouden. Leg uit waarom ze toch past."
    if FunctionalNeed.WHEELCHAIR in needs and not payload.wheelchair:
        return "Het huishouden heeft een rolstoelwoning nodig. Leg uit waarom deze woning past."
    if FunctionalNeed.GROUND_FLOOR in needs and not payload.ground_floor:
        return "Het huishouden heeft een begane grond nodig. Leg uit waarom deze woning past."
    return None


def decide(situation: Situation, payload: OfferHousing) -> CaseState:
    """Record the offer; a dwelling that falls short needs a reason."""
    case = situation.case
    if case.contested_on is not None:
        raise Refused("contested", "De koppeling is betwist. Wacht op het oordeel.")
    shortcoming = _shortcomings(situation, payload)
    if shortcoming is not None and payload.reason is None:
        raise Refused("falls_short", shortcoming, "reason")
    case.offer_id = situation.new_id(HousingOffer)
    situation.insert(
        HousingOffer,
        id=case.offer_id,
        case_id=case.id,
        municipality_code=case.municipality_code,
        offered_on=situation.today,
        available_from=payload.available_from,
        dwelling_type=payload.dwelling_type,
        housing_kind=payload.housing_kind,
        rooms=payload.rooms,
        rent_cents=int(payload.rent * CENTS),
        ground_floor=payload.ground_floor,
        wheelchair=payload.wheelchair,
        landlord=payload.landlord,
        fits_expected=payload.fits_expected,
        status=OfferStatus.OPEN,
    )
    situation.tell(case.agency_id, "housing_offered")
    return CaseState.OFFERED


STEP = Step(
    code="offer_housing",
    label="Woning aanbieden",
    payload=OfferHousing,
    permission=Permission.OFFER_HOUSING,
    decide=decide,
    starts_from=frozenset({CaseState.PREPARING}),
    ends_in=frozenset({CaseState.OFFERED}),
    needs=frozenset({Need.MEMBERS}),
    explanation="Bied het huishouden een passende woning aan.",
)
