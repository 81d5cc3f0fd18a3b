"""The suggestion of the day: one household decided at once, at the prices of the running list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy import Connection, select

from models import RoomPriceList
from models.vocabulary import SupplyKind
from workflows.actor import Actor
from workflows.errors import Refused
from workflows.matching.arrays import NOWHERE
from workflows.matching.assemble import Assembled, assemble
from workflows.matching.online import PriceList
from workflows.matching.propose import read_input
from workflows.matching.runs import Wish
from workflows.moment import Moment
from workflows.quota.period import HalfYear

Prices = Mapping[str, Mapping[str, float]]
"""Points per unit of room, by municipality and row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A municipality for one household, with the list that it rests on; points and households."""

    municipality: str
    score: float
    scarcity: float
    made_on: date
    since: date
    arrivals: int
    expected: int


def suggest(
    connection: Connection, actor: Actor, reference: str, moment: Moment
) -> Suggestion | None:
    """Return the suggestion for a household that waits; None without a list or without room.

    Nothing is stored, and the actor must have the right to link the household.
    """
    known = connection.execute(
        select(RoomPriceList.__table__).order_by(RoomPriceList.id.desc()).limit(1)
    ).one_or_none()
    if known is None:
        return None
    try:
        given = read_input(connection, actor, Wish(references=[reference]).as_json(), moment)
    except Refused:
        return None
    scores = given.score_model().scores([each.seeker for each in given.scene.households])
    assembled = assemble(given.scene, scores, given.balance)
    prices = prices_for(assembled, known.prices)
    problem = assembled.problem
    chosen = prices.choose(problem.score[0], problem.eligible[0], problem.use[0], problem.room)
    if chosen == NOWHERE:
        return None
    return Suggestion(
        municipality=given.scene.places[chosen].code,
        score=float(scores[0, chosen]),
        scarcity=float((problem.use[0] * prices.prices[chosen]).sum()),
        made_on=known.made_on,
        since=known.since,
        arrivals=known.arrivals,
        expected=known.expected,
    )


def prices_for(assembled: Assembled, prices: Prices) -> PriceList:
    """Return prices in the order of a problem; a half-year without prices takes the nearest's."""
    kinds = frozenset(SupplyKind)
    named = {name for rows in prices.values() for name in rows}
    halves = sorted(HalfYear.parse(name) for name in named - kinds)
    rows = [_name(row, halves) for row in assembled.rows]
    found = np.zeros((len(assembled.scene.places), len(rows)))
    for number, place in enumerate(assembled.scene.places):
        if place.code in prices:
            found[number] = [prices[place.code].get(name, 0.0) for name in rows]
    return PriceList(found)


def _name(row: HalfYear | SupplyKind, halves: Sequence[HalfYear]) -> str:
    if isinstance(row, SupplyKind) or not halves:
        return str(row)
    earlier = [half for half in halves if half <= row]
    return str(max(earlier) if earlier else min(halves))
