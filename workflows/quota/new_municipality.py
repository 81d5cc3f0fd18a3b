"""A municipality that comes about by a merger: its organisation, its place and its balance."""

from sqlalchemy import Connection, insert

from models import Municipality, Organisation, QuotaBalance
from models.vocabulary import OrganisationKind
from workflows.moment import Moment
from workflows.quota.merger_rules import Merger, Town


def found_municipality(
    connection: Connection, payload: Merger, predecessors: list[Town], moment: Moment
) -> Town:
    """Make the new municipality with its organisation and an empty balance.

    It lies where the first of its predecessors did.
    """
    seat = predecessors[0]
    organisation_id: int = connection.execute(
        insert(Organisation)
        .values(
            reference=moment.new_reference(),
            kind=OrganisationKind.MUNICIPALITY,
            name=payload.name,
        )
        .returning(Organisation.id)
    ).scalar_one()
    connection.execute(
        insert(Municipality).values(
            code=payload.successor,
            name=payload.name,
            organisation_id=organisation_id,
            province_code=seat.province,
            region_number=seat.region,
            valid_from=payload.on_date,
            tile_column=seat.tile[0],
            tile_row=seat.tile[1],
        )
    )
    connection.execute(
        insert(QuotaBalance).values(
            municipality_code=payload.successor, obliged=0, realised=0, reserved=0
        )
    )
    return Town(
        payload.successor,
        payload.name,
        organisation_id,
        seat.province,
        seat.region,
        payload.on_date,
        None,
        seat.tile,
    )
