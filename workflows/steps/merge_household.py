"""Merge another household into this one; the other case ends."""

from datetime import date

from models import Membership
from models.vocabulary import (
    CaseState,
    EndReason,
    HandoverEnd,
    MemberRole,
    MembershipEnd,
    MembershipStart,
)
from workflows.errors import Refused
from workflows.guards import not_future
from workflows.handover.record import withdraw
from workflows.household import recompose, tell_of_change
from workflows.payload import Payload, Prose, Reference, Widget, entry
from workflows.permissions import Permission
from workflows.situation import MemberRecord, Situation
from workflows.step import Need, Step, linked_balance
from workflows.steps.add_member import raise_room_task

OPEN_TO_MERGE = frozenset({CaseState.REGISTERED, CaseState.SCREENED, CaseState.PREPARING})
UNLINKED = frozenset({CaseState.REGISTERED, CaseState.SCREENED})


class MergeHousehold(Payload):
    """Which household joins."""

    other_case: Reference = entry("Dossier dat opgaat in dit dossier", Widget.CASE)
    merged_on: date = entry("Datum", Widget.DATE)
    reason: Prose = entry("Reden", Widget.PROSE, personal=True)


def decide(situation: Situation, payload: MergeHousehold) -> None:
    """Bring all members of an unlinked case over and end it."""
    not_future(situation, payload.merged_on, "merged_on")
    other = situation.others[payload.other_case]
    if other.case.id == situation.case.id:
        raise Refused("itself", "Kies een ander dossier dan dit.", "other_case")
    if other.case.state not in UNLINKED:
        raise Refused(
            "linked",
            "Alleen een dossier dat nog niet is gekoppeld kan opgaan in een ander.",
            "other_case",
        )
    for member in list(other.members):
        _move(situation, other, member, payload.merged_on)
    recompose(situation)
    withdraw(situation, "merge_household", HandoverEnd.HOUSEHOLD_CHANGED)
    if situation.case.municipality_code is not None:
        raise_room_task(situation)
    other.case.end_reason = EndReason.MERGED
    other.facts["into"] = situation.case.reference
    other.next_state = CaseState.ENDED
    situation.companions.append(other)
    tell_of_change(situation)


def _move(situation: Situation, other: Situation, member: MemberRecord, on_date: date) -> None:
    role = MemberRole.OTHER if member.role in {"head", "partner"} else MemberRole(member.role)
    other.update(
        Membership,
        member.membership_id,
        left_on=max(on_date, member.joined_on),
        end_reason=MembershipEnd.MERGED,
    )
    other.members.remove(member)
    member.membership_id = situation.new_id(Membership)
    member.role = role
    situation.members.append(member)
    situation.insert(
        Membership,
        id=member.membership_id,
        case_id=situation.case.id,
        person_id=member.person_id,
        role=role,
        joined_on=on_date,
        start_reason=MembershipStart.MERGED,
    )


STEP = Step(
    code="merge_household",
    label="Huishoudens samenvoegen",
    payload=MergeHousehold,
    permission=Permission.MERGE_HOUSEHOLD,
    decide=decide,
    starts_from=OPEN_TO_MERGE,
    needs=frozenset({Need.MEMBERS, Need.HANDOVER}),
    balances=linked_balance,
    posts=True,
    other_cases=lambda payload: (payload.other_case,),
    explanation="Laat een ander huishouden opgaan in dit dossier.",
)
