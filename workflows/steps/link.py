"""Link a household to a municipality that has room for it in its quota."""

from typing import Annotated

from models import Proposal
from models.vocabulary import CaseState, DepartureReason, LinkOverride, ProposalStatus
from workflows.errors import Refused
from workflows.linking import check_hard_criteria, check_municipality, check_room, tie
from workflows.payload import Blank, MunicipalityCode, OptionalProse, Payload, Widget, entry
from workflows.permissions import Permission
from workflows.situation import Situation
from workflows.step import Need, Step


class Link(Payload):
    """The municipality chosen for a household."""

    municipality: MunicipalityCode = entry("Gemeente", Widget.MUNICIPALITY)
    override: Annotated[LinkOverride | None, Blank] = entry(
        "Boven de ruimte koppelen vanwege",
        Widget.CHOICE,
        default=None,
        help_text="Alleen als de gemeente te weinig ruimte heeft.",
    )
    departure: Annotated[DepartureReason | None, Blank] = entry(
        "Reden om af te wijken van het voorstel",
        Widget.CHOICE,
        default=None,
        help_text="Alleen als er een voorstel is en u een andere gemeente kiest.",
    )
    override_reason: OptionalProse = entry("Toelichting", Widget.PROSE, default=None, personal=True)


def decide(situation: Situation, payload: Link) -> CaseState:
    """Reserve room in the municipality for all members."""
    if payload.override is not None and payload.override_reason is None:
        raise Refused(
            "override_reason", "Leg uit waarom boven de ruimte wordt gekoppeld.", "override_reason"
        )
    target = check_municipality(situation, payload.municipality)
    check_hard_criteria(situation, target)
    check_room(situation, target, payload.override)
    _settle_proposals(situation, payload)
    tie(situation, target)
    situation.tell(target.organisation_id, "linked")
    return CaseState.LINKED


def _settle_proposals(situation: Situation, payload: Link) -> None:
    """Confirm or depart from the first proposal, and end its alternatives.

    A proposal whose household or criteria changed since binds nobody.
    """
    first = next((each for each in situation.proposals if each.rank == 1 and each.fresh), None)
    followed = first is not None and first.municipality_code == payload.municipality
    if first is not None and not followed and payload.departure is None:
        raise Refused("departure", "Kies waarom u van het voorstel afwijkt.", "departure")
    for each in situation.proposals:
        if each is not first:
            situation.update(Proposal, each.id, status=ProposalStatus.INVALID)
        elif followed:
            situation.update(Proposal, each.id, status=ProposalStatus.CONFIRMED)
        else:
            situation.update(
                Proposal, each.id, status=ProposalStatus.DEPARTED, departure=payload.departure
            )
    if first is not None:
        situation.facts["proposal"] = first.reference


STEP = Step(
    code="link",
    label="Koppelen aan gemeente",
    payload=Link,
    permission=Permission.LINK,
    decide=decide,
    starts_from=frozenset({CaseState.SCREENED}),
    ends_in=frozenset({CaseState.LINKED}),
    needs=frozenset({Need.MEMBERS, Need.REGIONS, Need.ROOM, Need.PROPOSALS}),
    balances=lambda _situation, payload: (payload.municipality,),
    posts=True,
    explanation="Koppel het huishouden aan een gemeente met ruimte in de taakstelling.",
)
