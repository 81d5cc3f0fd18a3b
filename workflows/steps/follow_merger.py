"""Take a case along to the municipality that its municipality merged into.

The quota officer's act of merging takes this step on every live case that the merger concerns;
no page offers it by itself.
"""

from models import Handover
from workflows.errors import Refused
from workflows.guards import LIVE
from workflows.linking import check_municipality
from workflows.payload import Audience, MunicipalityCode, Payload, Widget, entry
from workflows.permissions import Permission
from workflows.quota.reservation import release, reserve
from workflows.records import MunicipalityRecord
from workflows.situation import Situation
from workflows.step import Need, Step


class FollowMerger(Payload):
    """Which municipality merged into which."""

    predecessor: MunicipalityCode = entry(
        "Opgeheven gemeente",
        Widget.MUNICIPALITY,
        audience=Audience.MUNICIPALITY,
        purpose="Weten bij welke gemeente het dossier stond.",
    )
    successor: MunicipalityCode = entry(
        "Nieuwe gemeente",
        Widget.MUNICIPALITY,
        audience=Audience.MUNICIPALITY,
        purpose="Weten bij welke gemeente het dossier staat.",
    )


def decide(situation: Situation, payload: FollowMerger) -> None:
    """Move link, reservation and open handover, and name the successor in hard criteria."""
    successor = check_municipality(situation, payload.successor)
    predecessor = situation.municipalities.get(payload.predecessor)
    if (
        predecessor is None
        or predecessor.valid_until is None
        or predecessor.valid_until > situation.today
    ):
        raise Refused("not_merged", "Deze gemeente is niet in een andere opgegaan.", "predecessor")
    case = situation.case
    case.hard_criteria = [
        criterion | {"municipality": successor.code}
        if criterion["municipality"] == predecessor.code
        else criterion
        for criterion in case.hard_criteria
    ]
    if case.municipality_code == predecessor.code:
        _move(situation, predecessor, successor)


def _move(
    situation: Situation, predecessor: MunicipalityRecord, successor: MunicipalityRecord
) -> None:
    """Release the room where it was made and reserve it at the successor."""
    case = situation.case
    persons = case.reserved
    release(situation, persons)
    case.former_municipality_code = predecessor.code
    case.merged_on = predecessor.valid_until
    case.municipality_code = successor.code
    situation.linked_organisation_id = successor.organisation_id
    reserve(situation, persons)
    handover = situation.handover
    if handover is not None and handover.target_id == predecessor.organisation_id:
        situation.update(Handover, handover.id, target_id=successor.organisation_id)


STEP = Step(
    code="follow_merger",
    label="Meegaan met een herindeling",
    payload=FollowMerger,
    permission=Permission.FOLLOW_MERGER,
    decide=decide,
    starts_from=LIVE,
    needs=frozenset({Need.MEMBERS, Need.HANDOVER}),
    balances=lambda _situation, payload: (payload.predecessor, payload.successor),
    posts=True,
    explanation="Het dossier gaat mee naar de gemeente waarin de oude gemeente is opgegaan.",
)
