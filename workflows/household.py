"""Members of a household as steps change them: composition, size, permit date, reservation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models import Membership, Person, Task
from models.vocabulary import (
    HouseholdType,
    MemberRole,
    MembershipEnd,
    MembershipStart,
    Sex,
    TaskKind,
)
from workflows.counting import follow_counting
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
from workflows.rules.norms import NormCode, due_date
from workflows.situation import KnownPerson, MemberRecord, Situation

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


@dataclass(frozen=True, slots=True)
class Joining:
    """Why and since when persons join, and the permit date of those who are new."""

    reason: MembershipStart
    joined_on: date
    permit_on: date


def join(situation: Situation, member: NewMember, index: int, joining: Joining) -> None:
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
    # A slip in the number would silently open a case for somebody else.
    if known is not None and known.birth_date != member.birth_date:
        raise Refused(
            "v_number_other",
            "Dit V-nummer hoort bij iemand met een andere geboortedatum. Controleer beide.",
            f"{path}.v_number",
        )
    if known is None:
        known = _make_known(situation, member, joining.permit_on)
    else:
        situation.facts.setdefault("known", []).append(known.person_id)
    membership_id = situation.new_id(Membership)
    situation.insert(
        Membership,
        id=membership_id,
        case_id=situation.case.id,
        person_id=known.person_id,
        role=member.role,
        joined_on=joining.joined_on,
        start_reason=joining.reason,
    )
    # What is known of a person stands; `correct` changes it.
    situation.members.append(
        MemberRecord(
            membership_id=membership_id,
            person_id=known.person_id,
            reference=known.reference,
            role=member.role,
            birth_date=known.birth_date,
            permit_on=known.permit_on,
            joined_on=joining.joined_on,
            realised_entry=known.realised_entry,
            realised_municipality=known.realised_municipality,
            realised_on=known.realised_on,
        )
    )


def join_all(situation: Situation, members: Sequence[NewMember], joining: Joining) -> None:
    """Make persons members; raises `Refused` beside the field when one is named twice."""
    seen: set[str] = set()
    for index, member in enumerate(members):
        for name, number in (("v_number", member.v_number), ("bsn", member.bsn)):
            if number is not None and f"{name} {number}" in seen:
                raise Refused(
                    f"{name}_twice",
                    "Dit nummer staat twee keer in dit formulier.",
                    f"members_to_add.{index}.{name}",
                )
            seen.add(f"{name} {number}")
        join(situation, member, index, joining)


def _make_known(situation: Situation, member: NewMember, permit_on: date) -> KnownPerson:
    made = KnownPerson(
        person_id=situation.new_id(Person),
        reference=situation.moment.new_reference(),
        birth_date=member.birth_date,
        permit_on=permit_on,
        realised_entry=None,
        realised_municipality=None,
        realised_on=None,
        live=True,
    )
    situation.insert(Person, **_person_row(member, made))
    return made


def _person_row(member: NewMember, made: KnownPerson) -> dict[str, object]:
    return {
        "id": made.person_id,
        "reference": made.reference,
        "v_number": member.v_number,
        "bsn": member.bsn,
        "given_names": member.given_names,
        "family_name": member.family_name,
        "birth_date": member.birth_date,
        "sex": member.sex,
        "nationality": member.nationality,
        "languages": list(member.languages),
        "permit_on": made.permit_on,
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
    follow_counting(situation)
    resize(situation)


def tell_of_change(situation: Situation) -> None:
    """Tell the linked municipality that the household changed, and put that on its list."""
    organisation = situation.linked_organisation_id
    if organisation is None:
        return
    situation.tell(organisation, "household_changed")
    situation.insert(
        Task,
        organisation_id=organisation,
        case_id=situation.case.id,
        kind=TaskKind.HOUSEHOLD_CHANGED,
        due_on=due_date(situation.reference.norms, NormCode.HOUSEHOLD_CHANGE, situation.today),
    )


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
