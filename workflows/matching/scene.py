"""What a run reckons with, read from the database as it holds on one day."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from workflows.actor import Actor
from workflows.matching.facts import Place
from workflows.matching.reading import places_on
from workflows.matching.room import Room, room_on
from workflows.matching.waiting import Waiting, waiting_households
from workflows.quota.period import HalfYear
from workflows.quota.reservation import half_year_of_move
from workflows.reading.rules import norms
from workflows.rules.hard_criteria import Surroundings
from workflows.surroundings import load_surroundings


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a run reckons with: all of it as it holds on one day.

    `moves` is the half-year in which each household is due to move, in the order of `households`;
    municipalities in `closed` take nobody in this run.
    """

    today: date
    households: tuple[Waiting, ...]
    moves: tuple[HalfYear, ...]
    places: tuple[Place, ...]
    rooms: Mapping[str, Room]
    surroundings: Surroundings
    closed: frozenset[str] = frozenset()


def scene_on(
    connection: Connection,
    actor: Actor,
    today: date,
    *,
    references: Collection[str] | None = None,
    closed: frozenset[str] = frozenset(),
) -> Scene:
    """Return the scene of the households that an actor may link: all, or those with a reference."""
    return scene_of(
        connection, waiting_households(connection, actor, today, references), today, closed=closed
    )


def scene_of(
    connection: Connection,
    chosen: Collection[Waiting],
    today: date,
    *,
    closed: frozenset[str] = frozenset(),
) -> Scene:
    """Return the scene of these households, in their order."""
    households = tuple(chosen)
    rules = norms(connection)
    criteria = [criterion for each in households for criterion in each.hard_criteria]
    return Scene(
        today=today,
        households=households,
        moves=tuple(
            half_year_of_move(rules, each.permit_on, each.suspended_days, today)
            for each in households
        ),
        places=tuple(places_on(connection, today)),
        rooms=room_on(connection, today),
        surroundings=load_surroundings(
            connection,
            {str(criterion["municipality"]) for criterion in criteria},
            {str(criterion["care"]) for criterion in criteria if criterion.get("care")},
            today,
        ),
        closed=closed,
    )
