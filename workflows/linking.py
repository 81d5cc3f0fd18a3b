"""Ties between a household and a municipality: hard criteria, linking and letting go."""

from models import HousingOffer
from models.vocabulary import HandoverEnd, LinkOverride, OfferStatus
from workflows.errors import Refused
from workflows.handover.record import withdraw
from workflows.quota.reservation import move_due_half_year, release, reserve
from workflows.records import MunicipalityRecord
from workflows.rules.hard_criteria import permits
from workflows.situation import Situation


def check_municipality(situation: Situation, code: str) -> MunicipalityRecord:
    """Return a municipality that exists today; raises `Refused` beside the field."""
    found = situation.municipalities.get(code)
    today = situation.today
    if (
        found is None
        or found.valid_from > today
        or (found.valid_until is not None and found.valid_until <= today)
    ):
        raise Refused("unknown_municipality", "Deze gemeente bestaat vandaag niet.", "municipality")
    return found


def check_hard_criteria(situation: Situation, target: MunicipalityRecord) -> None:
    """Refuse a municipality that a hard criterion of the household excludes."""
    for criterion in situation.case.hard_criteria:
        if not permits(criterion, target.code, target.region_number, situation.surroundings):
            raise Refused(
                "hard_criterion",
                "Deze gemeente past niet bij een hard plaatsingscriterium van het huishouden.",
                "municipality",
            )


def check_room(
    situation: Situation, target: MunicipalityRecord, override: LinkOverride | None
) -> None:
    """Refuse a link for want of quota, unless a reasoned override carries it."""
    if target.exempt and override is not LinkOverride.HARD_CRITERION:
        raise Refused(
            "exempt",
            "Deze gemeente is vrijgesteld. Koppelen kan alleen op grond van een hard criterium.",
            "municipality",
        )
    if override is LinkOverride.HARD_CRITERION and not situation.case.hard_criteria:
        raise Refused(
            "no_hard_criterion", "Dit huishouden heeft geen hard plaatsingscriterium.", "override"
        )
    room = target.room(move_due_half_year(situation))
    persons = unrealised(situation)
    if room < persons and override is None:
        raise Refused(
            "no_room",
            "Deze gemeente heeft ruimte voor {room} personen; het huishouden telt er {persons}.",
            "municipality",
            {"room": max(room, 0), "persons": persons},
        )


def unrealised(situation: Situation) -> int:
    """Return the members who still take up room."""
    return sum(member.realised_entry is None for member in situation.members)


def tie(situation: Situation, target: MunicipalityRecord) -> None:
    """Link the household to a municipality and reserve room for its members."""
    case = situation.case
    case.municipality_code = target.code
    case.former_municipality_code = case.merged_on = None
    case.linked_on = situation.today
    case.linked_by = situation.actor.user_id
    situation.linked_organisation_id = target.organisation_id
    situation.facts["municipality"] = target.code
    reserve(situation, unrealised(situation))


def untie(situation: Situation, step: str, because: HandoverEnd = HandoverEnd.LINK_ENDED) -> None:
    """Let the municipality go: release its room, withdraw what was open, tell it.

    `step` is the step that does so, and `because` what the parties to its handover read.
    """
    case = situation.case
    withdraw(situation, step, because)
    case.handover_id = case.handover_state = None
    release(situation, case.reserved)
    situation.facts["municipality"] = case.municipality_code
    situation.tell(situation.linked_organisation_id, "link_ended")
    if situation.offer is not None and situation.offer["status"] == OfferStatus.OPEN:
        situation.update(HousingOffer, situation.offer["id"], status=OfferStatus.WITHDRAWN)
    case.municipality_code = None
    case.former_municipality_code = case.merged_on = None
    case.linked_on = case.linked_by = None
    case.contested_on = None
    case.scenario = None
    case.municipal_contact_id = None
    case.offer_id = None
    case.title_kind = case.title_on = case.move_planned_on = None
    case.reaction_due_on = None
    situation.linked_organisation_id = None
