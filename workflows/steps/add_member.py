"""Add a member to a household: a child born, or family that arrived."""

from datetime import date
from typing import Literal

from models.vocabulary import CaseState, MembershipStart
from workflows.guards import WAITING_STATES, has_terms, not_before, not_future
from workflows.household import raise_room_task, recompose, tell_of_change
from workflows.joining import Joining, join_all
from workflows.new_member import NewMember
from workflows.payload import OptionalDate, Payload, Widget, entry
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Need, Step, linked_balance


class AddMember(Payload):
    """Who joined, since when and why."""

    members_to_add: list[NewMember] = entry(
        "Nieuw lid", Widget.GROUP, personal=True, min_length=1, max_length=10
    )
    joined_on: date = entry("Sinds", Widget.DATE)
    reason: Literal["born", "arrived"] = entry("Reden", Widget.CHOICE)
    permit_on: OptionalDate = entry(
        "Datum vergunning van het nieuwe lid",
        Widget.DATE,
        default=None,
        help_text="Leeg: dezelfde als van het huishouden.",
    )


def decide(situation: Situation, payload: AddMember) -> None:
    """Let the member join; the reservation grows even beyond the room, which raises a task."""
    not_future(situation, payload.joined_on, "joined_on")
    case = situation.case
    not_before(
        payload.joined_on,
        case.permit_on,
        "joined_on",
        "Deze datum ligt voor de vergunning van {earliest}.",
    )
    permit_on = payload.permit_on or case.permit_on
    not_future(situation, permit_on, "permit_on")
    has_terms(situation, permit_on, "permit_on")
    joining = Joining(MembershipStart(payload.reason), payload.joined_on, permit_on)
    join_all(situation, payload.members_to_add, joining)
    recompose(situation)
    case.expected_members = max(0, case.expected_members - len(payload.members_to_add))
    if case.municipality_code is not None and case.state != CaseState.HOUSED:
        raise_room_task(situation)
        tell_of_change(situation)


STEP = Step(
    code="add_member",
    label="Lid toevoegen",
    payload=AddMember,
    permission=Permission.ADD_MEMBER,
    decide=decide,
    starts_from=WAITING_STATES,
    needs=frozenset({Need.MEMBERS}),
    balances=linked_balance,
    posts=True,
    explanation="Voeg een pasgeborene of een aangekomen gezinslid toe.",
)
