"""Members of a household as steps change them: composition, size, permit date, reservation."""

from datetime import date

from models import Membership, Person
from models.vocabulary import HouseholdType, MemberRole, MembershipEnd, MembershipStart, Sex
from workflows.errors import Refused
from workflows.payload import (
    Audience,
    Line,
    OptionalBsn,
    OptionalVNumber,
    Payload,
    Widget,
    entry,
)
from workflows.quota.reservation import resize
from workflows.rules.household import Member, household_type
from workflows.situation import MemberRecord, Situation

IDENTITY = "Nodig om het huishouden te kennen en woonruimte te zoeken."


class NewMember(Payload):
    """A person who joins a household."""

    v_number: OptionalVNumber = entry(
        "V-nummer",
        Widget.TEXT,
        default=None,
        help_text="Tien cijfers. Alleen een pasgeborene heeft er nog geen.",
        personal=True,
        audience=Audience.MUNICIPALITY,
        purpose=IDENTITY,
    )
    bsn: OptionalBsn = entry(
        "BSN",
        Widget.TEXT,
        default=None,
        help_text="Negen cijfers, als het al bekend is.",
        personal=True,
        audience=Audience.MUNICIPALITY,
        purpose=IDENTITY,
    )
    given_names: Line = entry(
        "Voornamen",
        Widget.TEXT,
        personal=True,
        audience=Audience.MUNICIPALITY,
        purpose=IDENTITY,
    )
    family_name: Line = entry(
        "Achternaam",
        Widget.TEXT,
        personal=True,
        audience=Audience.MUNICIPALITY,
        purpose=IDENTITY,
    )
    birth_date: date = entry(
        "Geboortedatum",
        Widget.DATE,
        personal=True,
        audience=Audience.MUNICIPALITY,
        purpose=IDENTITY,
    )
    sex: Sex = entry(
        "Geslacht",
        Widget.CHOICE,
        personal=True,
        audience=Audience.MUNICIPALITY,
        purpose=IDENTITY,
    )
    nationality: str = entry(
        "Nationaliteit",
        Widget.TEXT,
        help_text="Landcode van drie letters, zoals SYR of ERI.",
        personal=True,
        pattern="^[A-Z]{3}$",
    )
    languages: list[Line] = entry(
        "Talen",
        Widget.TEXT,
        default_factory=list,
        help_text="Bijvoorbeeld: Arabisch, Engels.",
        personal=True,
        audience=Audience.MUNICIPALITY,
        purpose="Nodig voor gesprekken met het huishouden.",
        max_length=10,
    )
    role: MemberRole = entry(
        "Plaats in het huishouden",
        Widget.CHOICE,
        personal=True,
        audience=Audience.MUNICIPALITY,
        purpose=IDENTITY,
    )


def join(
    situation: Situation, member: NewMember, index: int, reason: MembershipStart, joined_on: date
) -> None:
    """Make a person a member: one whom the program knows by V-number, or a new one."""
    path = f"members_to_add.{index}"
    if member.birth_date > situation.today:
        raise Refused("future", "Deze datum ligt in de toekomst.", f"{path}.birth_date")
    known = situation.known_persons.get(member.v_number or "")
    if known is not None and known.live:
        raise Refused(
            "v_number_live",
            "Dit V-nummer staat al in een lopend dossier. Zoek dat dossier op.",
            f"{path}.v_number",
        )
    person_id = situation.new_id(Person) if known is None else known.person_id
    reference = situation.moment.new_reference() if known is None else known.reference
    if known is None:
        situation.insert(
            Person, **_person_row(situation, member, person_id=person_id, reference=reference)
        )
    membership_id = situation.new_id(Membership)
    situation.insert(
        Membership,
        id=membership_id,
        case_id=situation.case.id,
        person_id=person_id,
        role=member.role,
        joined_on=joined_on,
        start_reason=reason,
    )
    situation.members.append(
        MemberRecord(
            membership_id=membership_id,
            person_id=person_id,
            reference=reference,
            role=member.role,
            birth_date=member.birth_date,
            permit_on=situation.case.permit_on,
            joined_on=joined_on,
        )
    )


def _person_row(
    situation: Situation, member: NewMember, *, person_id: int, reference: str
) -> dict[str, object]:
    return {
        "id": person_id,
        "reference": reference,
        "v_number": member.v_number,
        "bsn": member.bsn,
        "given_names": member.given_names,
        "family_name": member.family_name,
        "birth_date": member.birth_date,
        "sex": member.sex,
        "nationality": member.nationality,
        "languages": list(member.languages),
        "permit_on": situation.case.permit_on,
    }


def recompose(situation: Situation) -> None:
    """Derive size, type and permit date from the live members, and re-size the reservation.

    Raises `Refused` when nobody is left or the household has no single head.
    """
    case, members = situation.case, situation.members
    if not members:
        raise Refused("empty", "Het huishouden zou leeg zijn. Beëindig in dat geval het dossier.")
    if sum(member.role == MemberRole.HEAD for member in members) != 1:
        raise Refused("one_head", "Een huishouden heeft precies een hoofdpersoon.")
    case.persons = len(members)
    case.permit_on = min(member.permit_on for member in members)
    composition = [Member(MemberRole(each.role), each.birth_date) for each in members]
    case.household_type = household_type(composition, situation.today)
    situation.facts["persons"] = case.persons
    situation.facts["members"] = [member.person_id for member in members]
    resize(situation)


def leave_all(situation: Situation, reason: MembershipEnd, on_date: date) -> None:
    """End every membership because the case finished."""
    for member in situation.members:
        situation.update(
            Membership,
            member.membership_id,
            left_on=max(on_date, member.joined_on),
            end_reason=reason,
        )


def is_minors_only(situation: Situation) -> bool:
    """Tell whether the household holds minors only."""
    return situation.case.household_type == HouseholdType.MINOR
