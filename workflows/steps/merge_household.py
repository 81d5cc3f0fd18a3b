"""Merge another household into this one; the other case ends."""

from datetime import date

from models.vocabulary import (
    CaseState,
    EndReason,
    HandoverEnd,
    MembershipEnd,
    MembershipStart,
)
from workflows.errors import Refused
from workflows.guards import not_future
from workflows.handover.record import withdraw
from workflows.household import (
    Passage,
    pass_on,
    raise_room_task,
    recompose,
    role_elsewhere,
    tell_of_change,
)
from workflows.payload import Payload, Prose, Reference, Widget, entry
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Need, Step, linked_balance

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
    passage = Passage(
        other, situation, payload.merged_on, MembershipEnd.MERGED, MembershipStart.MERGED
    )
    for member in list(other.members):
        pass_on(member, role_elsewhere(member), passage)
    recompose(situation)
    withdraw(situation, "merge_household", HandoverEnd.HOUSEHOLD_CHANGED)
    if situation.case.municipality_code is not None:
        raise_room_task(situation)
    other.case.end_reason = EndReason.MERGED
    other.facts["into"] = situation.case.reference
    other.next_state = CaseState.ENDED
    situation.companions.append(other)
    tell_of_change(situation)


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
