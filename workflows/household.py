"""Members of a household as steps change them: composition, size, permit date, reservation."""

from dataclasses import dataclass
from datetime import date

from models import Membership, Task
from models.vocabulary import (
    HouseholdType,
    MemberRole,
    MembershipEnd,
    MembershipStart,
    TaskKind,
)
from workflows.counting import follow_counting
from workflows.errors import Refused
from workflows.quota.reservation import resize
from workflows.records import MemberRecord
from workflows.rules.household import Member, household_type
from workflows.rules.norms import NormCode, due_date
from workflows.situation import Situation


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


def raise_room_task(situation: Situation) -> None:
    """Put work on the region's list when a household outgrew the room of its municipality."""
    balance = situation.municipality
    if balance.obliged - balance.realised - balance.reserved < 0:
        situation.insert(
            Task,
            organisation_id=situation.case.region_id,
            case_id=situation.case.id,
            kind=TaskKind.ROOM_EXCEEDED,
            due_on=situation.today,
        )


def name_head(situation: Situation, reference: str) -> None:
    """Make a live member the head of the household; raises `Refused` for who is none."""
    head = situation.member(reference, "new_head")
    head.role = MemberRole.HEAD
    situation.update(Membership, head.membership_id, role=MemberRole.HEAD)


def role_elsewhere(member: MemberRecord) -> MemberRole:
    """Return the role of a member in another household: who led this one does not lead that."""
    leads = member.role in {MemberRole.HEAD, MemberRole.PARTNER}
    return MemberRole.OTHER if leads else MemberRole(member.role)


@dataclass(frozen=True, slots=True)
class Passage:
    """On which day members go from one household to another, and why there and here."""

    source: Situation
    target: Situation
    on_date: date
    ends: MembershipEnd
    begins: MembershipStart


def pass_on(member: MemberRecord, role: MemberRole, passage: Passage) -> None:
    """Let a member go from one household to another, in the role that is given there."""
    source, target = passage.source, passage.target
    source.members.remove(member)
    leave(source, member, passage.ends, passage.on_date)
    member.membership_id = target.new_id(Membership)
    member.role = role
    member.joined_on = passage.on_date
    target.members.append(member)
    target.insert(
        Membership,
        id=member.membership_id,
        case_id=target.case.id,
        person_id=member.person_id,
        role=role,
        joined_on=passage.on_date,
        start_reason=passage.begins,
    )


def leave(situation: Situation, member: MemberRecord, reason: MembershipEnd, on_date: date) -> None:
    """End a membership on a day, at the earliest on the day it began."""
    situation.update(
        Membership,
        member.membership_id,
        left_on=max(on_date, member.joined_on),
        end_reason=reason,
    )


def leave_all(situation: Situation, reason: MembershipEnd, on_date: date) -> None:
    """End every membership because the case finished."""
    for member in situation.members:
        leave(situation, member, reason, on_date)


def is_minors_only(situation: Situation) -> bool:
    """Tell whether the household holds minors only."""
    return situation.case.household_type == HouseholdType.MINOR
