"""The suggestion of the day: one household decided at once, at the prices of the running list."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from workflows.actor import Actor
from workflows.errors import Refused
from workflows.matching.arrays import NOWHERE
from workflows.matching.assemble import assemble
from workflows.matching.held_back import prices_for
from workflows.matching.propose import read_input
from workflows.matching.runs import Wish
from workflows.moment import Moment


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
    try:
        given = read_input(connection, actor, Wish(references=[reference]).as_json(), moment)
    except Refused:
        return None
    known = given.known_prices
    if known is None:
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
