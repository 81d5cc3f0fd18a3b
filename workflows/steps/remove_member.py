"""Remove a member who no longer waits with the household."""

from datetime import date
from typing import Literal

from models.vocabulary import MembershipEnd
from workflows.errors import Refused
from workflows.guards import WAITING_STATES, not_before, not_future
from workflows.household import leave, name_head, recompose, tell_of_change
from workflows.payload import OptionalReference, Payload, Reference, Widget, entry
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Need, Step, linked_balance


class RemoveMember(Payload):
    """Who left, since when and why."""

    member: Reference = entry("Wie", Widget.MEMBER)
    left_on: date = entry("Sinds", Widget.DATE)
    reason: Literal["withdrawn", "deceased", "left_unknown_destination"] = entry(
        "Reden", Widget.CHOICE
    )
    new_head: OptionalReference = entry(
        "Nieuwe hoofdpersoon",
        Widget.MEMBER,
        default=None,
        help_text="Alleen als de hoofdpersoon vertrekt.",
    )


def decide(situation: Situation, payload: RemoveMember) -> None:
    """Let the member leave and re-size the reservation."""
    not_future(situation, payload.left_on, "left_on")
    member = situation.member(payload.member)
    not_before(
        payload.left_on,
        member.joined_on,
        "left_on",
        "Deze persoon hoort pas sinds {earliest} bij het huishouden.",
    )
    if member.realised_entry is not None:
        raise Refused("realised", "Deze persoon is al afgemeld.", "member")
    situation.person_id = member.person_id
    situation.members.remove(member)
    leave(situation, member, MembershipEnd(payload.reason), payload.left_on)
    if payload.new_head is not None:
        name_head(situation, payload.new_head)
    recompose(situation)
    tell_of_change(situation)


STEP = Step(
    code="remove_member",
    label="Lid afvoeren",
    payload=RemoveMember,
    permission=Permission.REMOVE_MEMBER,
    decide=decide,
    starts_from=WAITING_STATES,
    needs=frozenset({Need.MEMBERS}),
    balances=linked_balance,
    posts=True,
    lets_go=True,
    explanation="Leg vast dat iemand niet meer met het huishouden wacht.",
)
