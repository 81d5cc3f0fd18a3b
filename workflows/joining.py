"""Who joins a household: persons whom the program knows by V-number, and new ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models import Membership, Person
from models.vocabulary import MembershipStart
from workflows.errors import Refused
from workflows.new_member import NewMember
from workflows.records import KnownPerson, MemberRecord
from workflows.situation import Situation


@dataclass(frozen=True, slots=True)
class Joining:
    """Why and since when persons join, and the permit date of those who are new."""

    reason: MembershipStart
    joined_on: date
    permit_on: date


def join(situation: Situation, member: NewMember, index: int, joining: Joining) -> None:
    """Make a person a member: one whom the program knows by V-number, or a new one.

    Raises `Refused` beside the field of a number that is somebody else's, or a day to come.
    """
    path = f"members_to_add.{index}"
    if member.birth_date > situation.today:
        raise Refused("future", "Deze datum ligt in de toekomst.", f"{path}.birth_date")
    known = _known(situation, member, path)
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


def _known(situation: Situation, member: NewMember, path: str) -> KnownPerson | None:
    """Return the person with this V-number, when the program knows one who can join."""
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
    return known


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
