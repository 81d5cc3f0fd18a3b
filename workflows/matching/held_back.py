"""What a run holds back for who is still to come: room costs its price on the running list."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection, select

from models import RoomPriceList
from models.vocabulary import SupplyKind
from workflows.matching.assemble import Assembled
from workflows.matching.online import PriceList, holding_back
from workflows.quota.period import HalfYear

# A list is made anew each week; one that is much older tells of another time.
OLDEST = timedelta(days=14)

Prices = Mapping[str, Mapping[str, float]]
"""Points per unit of room, by municipality and row."""


class Versions(NamedTuple):
    """The versions of the weights in force and of the fitted model that scores, if one does."""

    weights: int
    fitted: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningList:
    """The list in force, with what it was made from; `arrivals` and `expected` in households."""

    made_on: date
    since: date
    arrivals: int
    expected: int
    prices: Prices


def running_list(connection: Connection, today: date, by: Versions) -> RunningList | None:
    """Return the newest list; None when it is old or rests on another score than that in force."""
    found = connection.execute(
        select(
            RoomPriceList.made_on,
            RoomPriceList.since,
            RoomPriceList.arrivals,
            RoomPriceList.expected,
            RoomPriceList.prices,
            RoomPriceList.weights_version,
            RoomPriceList.fitted_version,
        )
        .order_by(RoomPriceList.id.desc())
        .limit(1)
    ).one_or_none()
    if found is None or (found.weights_version, found.fitted_version) != by:
        return None
    if found.made_on < today - OLDEST:
        return None
    return RunningList(
        made_on=found.made_on,
        since=found.since,
        arrivals=found.arrivals,
        expected=found.expected,
        prices=found.prices,
    )


def with_room_held_back(assembled: Assembled, prices: Prices) -> Assembled:
    """Return the problem in which room costs its price; it steers where, never whether."""
    known = prices_for(assembled, prices)
    problem = holding_back(assembled.problem, known)
    return replace(assembled, problem=problem, held_back=known.prices)


def prices_for(assembled: Assembled, prices: Prices) -> PriceList:
    """Return prices in the order of a problem.

    Who moves in a half-year takes room of the later ones too. So a half-year that the problem has
    no row of its own for is paid with the last row before it. What is over before the first row
    costs nothing, unless the list knows of no other.
    """
    halves = [row for row in assembled.rows if isinstance(row, HalfYear)]
    kinds: dict[str, HalfYear | SupplyKind] = {str(kind): kind for kind in SupplyKind}
    listed = sorted(
        {HalfYear.parse(name) for each in prices.values() for name in each.keys() - kinds}
    )
    lasting = [half for half in listed if half >= halves[0]] or listed[-1:]
    paid_with = kinds | {
        str(half): max((row for row in halves if row <= half), default=halves[0])
        for half in lasting
    }
    found = np.zeros((len(assembled.scene.places), len(assembled.rows)))
    for number, place in enumerate(assembled.scene.places):
        for name, price in prices.get(place.code, {}).items():
            if name in paid_with:
                found[number, assembled.rows.index(paid_with[name])] += price
    return PriceList(found)
