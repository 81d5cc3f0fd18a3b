"""Split a household: some members go on in a case of their own."""

from datetime import date

from models import Case
from models.vocabulary import CaseState, HandoverEnd, MemberRole, MembershipEnd, MembershipStart
from workflows.errors import Refused
from workflows.guards import LIVE, chosen_members, not_future
from workflows.handover.record import carry_over, withdraw
from workflows.household import (
    Passage,
    name_head,
    pass_on,
    recompose,
    role_elsewhere,
    tell_of_change,
)
from workflows.payload import OptionalReference, Payload, Prose, Reference, Widget, entry
from workflows.permissions import Permission
from workflows.quota.reservation import reserve
from workflows.situation import Situation, new_case
from workflows.step import Need, Step, linked_balance

_CARRIED = (
    "kind",
    "registered_on",
    "centre_id",
    "region_id",
    "guardian_id",
    "sponsor_case_id",
    "stay_place",
    "assignee_id",
    "advised_regions",
    "hard_criteria",
    "functional_needs",
    "screened_on",
    "suspended_days",
    "municipality_code",
    "former_municipality_code",
    "merged_on",
    "linked_on",
    "linked_by",
    "suspended_before_link",
    "scenario",
    "municipal_contact_id",
)


class SplitHousehold(Payload):
    """Who goes on apart."""

    leaving: list[Reference] = entry(
        "Wie een eigen dossier krijgen", Widget.MEMBERS, min_length=1, max_length=20
    )
    split_on: date = entry("Datum", Widget.DATE)
    new_head: Reference = entry("Hoofdpersoon van het nieuwe dossier", Widget.MEMBER)
    old_head: OptionalReference = entry(
        "Nieuwe hoofdpersoon van dit dossier",
        Widget.MEMBER,
        default=None,
        help_text="Alleen als de hoofdpersoon vertrekt.",
    )
    reason: Prose = entry("Reden", Widget.PROSE, personal=True)


def decide(situation: Situation, payload: SplitHousehold) -> None:
    """Open a case for the leaving members, in the state that their search for a home is in."""
    not_future(situation, payload.split_on, "split_on")
    leaving = chosen_members(situation, payload.leaving, "leaving")
    if len(leaving) == len(situation.members):
        raise Refused("all", "Er moet ten minste één lid in dit dossier blijven.", "leaving")
    if any(each.housed_on is not None for each in leaving):
        raise Refused("moved", "Wie al verhuisd is, blijft in dit dossier.", "leaving")
    if payload.new_head not in {each.reference for each in leaving}:
        raise Refused("head", "Kies iemand die naar het nieuwe dossier gaat.", "new_head")
    fresh = new_case(situation)
    fresh.case.id = fresh.new_id(Case)
    fresh.case.origin_case_id = situation.case.id
    for name in _CARRIED:
        setattr(fresh.case, name, getattr(situation.case, name))
    passage = Passage(
        situation, fresh, payload.split_on, MembershipEnd.SPLIT_OFF, MembershipStart.SPLIT_OFF
    )
    for member in leaving:
        leads = member.reference == payload.new_head
        pass_on(member, MemberRole.HEAD if leads else role_elsewhere(member), passage)
    if payload.old_head is not None:
        name_head(situation, payload.old_head)
    recompose(situation)
    _settle_new_case(situation, fresh)
    # After both households are known: their handover was about all of them.
    withdraw(situation, "split_household", HandoverEnd.HOUSEHOLD_CHANGED)
    carry_over(situation, fresh)
    situation.companions.append(fresh)
    situation.facts["new_case"] = fresh.case.reference
    tell_of_change(situation)


def _settle_new_case(situation: Situation, fresh: Situation) -> None:
    linked = fresh.case.municipality_code is not None
    code, fresh.case.municipality_code = fresh.case.municipality_code, None
    recompose(fresh)
    fresh.case.municipality_code = code
    fresh.facts["centre"] = fresh.case.centre_id
    fresh.facts["region"] = fresh.case.region_id
    fresh.facts["origin"] = situation.case.reference
    if not linked:
        fresh.next_state = CaseState(situation.case.state)
        return
    fresh.facts["municipality"] = code
    taken_up = fresh.case.scenario is not None
    fresh.next_state = CaseState.PREPARING if taken_up else CaseState.LINKED
    reserve(fresh, len(fresh.members))


STEP = Step(
    code="split_household",
    label="Huishouden splitsen",
    payload=SplitHousehold,
    permission=Permission.SPLIT_HOUSEHOLD,
    decide=decide,
    starts_from=LIVE,
    needs=frozenset({Need.MEMBERS, Need.HANDOVER}),
    balances=linked_balance,
    posts=True,
    explanation="Laat een deel van het huishouden in een eigen dossier verdergaan.",
)
