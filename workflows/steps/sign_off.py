"""Sign permit holders off from reception: this posts the realisation."""

from datetime import date

from models import QuotaEntry, Realisation
from models.vocabulary import CaseState, QuotaKind
from workflows.counting import follow_counting, stay_counts
from workflows.errors import Refused
from workflows.guards import chosen_members, not_before, not_future
from workflows.payload import Audience, Payload, Reference, Widget, entry
from workflows.permissions import Permission
from workflows.quota.period import HalfYear
from workflows.quota.reservation import release
from workflows.records import MemberRecord
from workflows.situation import Posting, Situation
from workflows.step import Need, Step, linked_balance


class SignOff(Payload):
    """Who is signed off, and on which day it is booked."""

    booked_on: date = entry(
        "Afgemeld op",
        Widget.DATE,
        help_text="De dag waarop dit meetelt voor de taakstelling.",
        audience=Audience.MUNICIPALITY,
        purpose="Nodig om de taakstelling te volgen.",
    )
    signed_off: list[Reference] = entry(
        "Wie worden afgemeld",
        Widget.MEMBERS,
        default_factory=list,
        help_text="Leeg: iedereen die is verhuisd.",
    )


def _check(situation: Situation, member: MemberRecord, booked_on: date) -> None:
    case = situation.case
    if member.housed_on is None:
        raise Refused("not_moved", "Een van deze personen is nog niet verhuisd.", "signed_off")
    if member.realised_entry is not None:
        raise Refused("signed_off", "Een van deze personen is al afgemeld.", "signed_off")
    not_before(
        booked_on,
        max(member.housed_on, case.linked_on or member.housed_on),
        "booked_on",
        "Afmelden kan niet voor de verhuizing of koppeling van {earliest}.",
    )
    if not stay_counts(situation, member):
        raise Refused(
            "does_not_count",
            "Deze vorm van huisvesting telt niet mee voor de taakstelling.",
            "booked_on",
        )


def decide(situation: Situation, payload: SignOff) -> None:
    """Post one realised line per person, and release the room that was reserved for them."""
    not_future(situation, payload.booked_on, "booked_on")
    if payload.signed_off:
        members = chosen_members(situation, payload.signed_off, "signed_off")
    else:
        members = [
            each
            for each in situation.members
            if each.housed_on is not None and each.realised_entry is None
        ]
    if not members:
        raise Refused(
            "nobody", "Er is niemand die is verhuisd en nog niet is afgemeld.", "signed_off"
        )
    for member in members:
        _check(situation, member, payload.booked_on)
    for member in members:
        realise(situation, member, payload.booked_on)
    release(situation, len(members))
    follow_counting(situation)
    situation.tell(situation.linked_organisation_id, "signed_off")


def realise(situation: Situation, member: MemberRecord, booked_on: date) -> None:
    """Post the realisation of one permit holder for the linked municipality."""
    entry_id = situation.new_id(QuotaEntry)
    member.realised_entry, member.realised_on = entry_id, booked_on
    situation.insert(Realisation, person_id=member.person_id, entry_id=entry_id)
    situation.post(
        Posting(
            municipality_code=situation.municipality_on(booked_on).code,
            half_year=str(HalfYear.of_date(booked_on)),
            kind=QuotaKind.REALISED,
            persons=1,
            booked_on=booked_on,
            person_id=member.person_id,
            entry_id=entry_id,
        )
    )


STEP = Step(
    code="sign_off",
    label="Afmelden",
    payload=SignOff,
    permission=Permission.SIGN_OFF,
    decide=decide,
    starts_from=frozenset({CaseState.HOUSED}),
    needs=frozenset({Need.MEMBERS}),
    balances=linked_balance,
    posts=True,
    explanation="Meld verhuisde personen af; dit telt mee voor de taakstelling.",
)
