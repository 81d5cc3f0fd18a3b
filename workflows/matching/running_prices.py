"""The running price list: what room is worth to who is still to come, made anew each week."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
from sqlalchemy import Connection, func, insert, select

from models import RoomPriceList
from workflows.matching.assemble import Assembled, Points, assemble
from workflows.matching.expected import expected_on
from workflows.matching.fitted.choosing import in_force
from workflows.matching.held_back import Versions
from workflows.matching.online import PriceList, price_list
from workflows.matching.program import program_placement_officer
from workflows.matching.propose import Input
from workflows.matching.reading import balance_on, market_on, weights_on
from workflows.matching.room import room_on
from workflows.matching.scene import scene_of
from workflows.moment import Moment
from workflows.quota.period import HalfYear
from workflows.trail import now

# Advisory lock under which a list is made.
PRICES_LOCK = 0x70726963
LIFE = timedelta(days=7)
# When more of the country's room than this came or went, a new list is made at once.
LARGE_CHANGE = 0.1
_NOTHING = 1e-9

Places = Mapping[str, int]


def make_price_list(connection: Connection, moment: Moment) -> bool:
    """Make a list when the last is a week old or room changed much; tells whether it did.

    Room changes by a quota, by a merger, by a municipality that opens or closes, and by many
    links; other weights and another score model change what it is worth. Asking again makes no
    second list, at the same time neither. Nothing is made when nobody waits or is expected, or no
    weights hold. The caller commits.
    """
    connection.execute(select(func.pg_advisory_xact_lock(PRICES_LOCK)))
    room = _room(connection, moment.today)
    try:
        weights = weights_on(connection, moment.today)
    except LookupError:
        return False
    fitted = in_force(connection)
    by = Versions(weights.version, None if fitted is None else fitted.version)
    if not _due(connection, moment.today, room, by):
        return False
    actor = program_placement_officer(connection, moment)
    expected = expected_on(connection, actor, moment.today)
    if not expected.households:
        return False
    given = Input(
        scene_of(connection, expected.households, moment.today),
        market_on(connection, moment.today),
        weights,
        balance_on(connection, moment.today),
        fitted,
    )
    assembled = assemble(given.scene, _scores(given), given.balance)
    known = price_list(assembled.problem, expected.number)
    connection.execute(
        insert(RoomPriceList).values(
            made_on=moment.today,
            made_at=now(connection, moment),
            since=expected.since,
            arrivals=expected.arrivals,
            expected=expected.coming,
            waiting=expected.waiting,
            weights_version=by.weights,
            fitted_version=by.fitted,
            room=room,
            prices=_named(assembled, known),
        )
    )
    return True


def changed_much(before: Places, room: Places) -> bool:
    """Tell whether municipalities came or went, or more than a tenth of all room did."""
    if before.keys() != room.keys():
        return True
    change = sum(abs(room[code] - before[code]) for code in room)
    return change > LARGE_CHANGE * max(sum(before.values()), 1)


def _scores(given: Input) -> Points:
    return given.score_model().scores([each.seeker for each in given.scene.households])


def _due(connection: Connection, today: date, room: Places, by: Versions) -> bool:
    last = connection.execute(
        select(
            RoomPriceList.made_on,
            RoomPriceList.room,
            RoomPriceList.weights_version,
            RoomPriceList.fitted_version,
        )
        .order_by(RoomPriceList.id.desc())
        .limit(1)
    ).one_or_none()
    if last is None or (last.weights_version, last.fitted_version) != by:
        return True
    return today - last.made_on >= LIFE or changed_much(last.room, room)


def _room(connection: Connection, today: date) -> dict[str, int]:
    """Return the persons that each municipality which takes part could take this half-year."""
    half_year = HalfYear.of_date(today)
    rooms = room_on(connection, today).values()
    return {each.code: each.persons(half_year) for each in rooms if not each.exempt}


def _named(assembled: Assembled, known: PriceList) -> dict[str, dict[str, float]]:
    prices: dict[str, dict[str, float]] = defaultdict(dict)
    for place, row in np.argwhere(known.prices > _NOTHING):
        code = assembled.scene.places[place].code
        prices[code][str(assembled.rows[row])] = float(known.prices[place, row])
    return dict(prices)
