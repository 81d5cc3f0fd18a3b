"""Link a household to a municipality that has room for it in its quota."""

from typing import Annotated

from models.vocabulary import CaseState, LinkOverride
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
    tie(situation, target)
    situation.tell(target.organisation_id, "linked")
    return CaseState.LINKED


STEP = Step(
    code="link",
    label="Koppelen aan gemeente",
    payload=Link,
    permission=Permission.LINK,
    decide=decide,
    starts_from=frozenset({CaseState.SCREENED}),
    ends_in=frozenset({CaseState.LINKED}),
    needs=frozenset({Need.MEMBERS, Need.REGIONS, Need.ROOM}),
    balances=lambda _situation, payload: (payload.municipality,),
    posts=True,
    explanation="Koppel het huishouden aan een gemeente met ruimte in de taakstelling.",
)
