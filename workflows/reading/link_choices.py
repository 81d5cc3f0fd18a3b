"""The municipalities where a household may be linked: with room, and by its hard criteria."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from models import LabourMarketRegion, Municipality
from workflows.matching.room import room_on
from workflows.quota.reservation import half_year_of_move
from workflows.reading.case import CaseView
from workflows.reading.rules import norms
from workflows.rules.hard_criteria import permits
from workflows.surroundings import load_surroundings


@dataclass(frozen=True, slots=True)
class LinkChoice:
    """A municipality with its room in persons, before the household is linked and after.

    `advised` tells whether it lies in a region that the screening advised.
    """

    code: str
    name: str
    region: str
    advised: bool
    room: int
    after: int


def link_choices(
    connection: Connection, case: CaseView, persons: int, today: date
) -> list[LinkChoice]:
    """Return where a household of so many persons fits: advised regions first, then by room.

    Room counts up to the half-year in which the household is due to move, as the step does.
    """
    until = half_year_of_move(norms(connection), case.permit_on, case.suspended_days, today)
    rooms = room_on(connection, today)
    named = {str(each["municipality"]) for each in case.hard_criteria}
    care = {str(each["care"]) for each in case.hard_criteria if each.get("care")}
    surroundings = load_surroundings(connection, named, care, today)
    found = []
    for code, name, number, region in connection.execute(
        select(
            Municipality.code,
            Municipality.name,
            Municipality.region_number,
            LabourMarketRegion.name,
        )
        .join(LabourMarketRegion, LabourMarketRegion.number == Municipality.region_number)
        .order_by(Municipality.name)
    ):
        place = rooms.get(code)
        if place is None or place.exempt or place.persons(until) < persons:
            continue
        if all(permits(each, code, number, surroundings) for each in case.hard_criteria):
            room = place.persons(until)
            advised = number in case.advised_regions
            found.append(LinkChoice(code, name, region, advised, room, room - persons))
    return sorted(found, key=lambda each: (not each.advised, -each.after))
