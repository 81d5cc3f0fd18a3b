"""Why a household that waits has no proposal, as things are now, and what its last run said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
from sqlalchemy import Connection, select

from models import MatchingRun
from models.vocabulary import Exclusion, RunKind, RunStatus
from workflows.actor import Actor
from workflows.matching.assemble import OF_ROOM, Assembled, allowed_by, assemble
from workflows.matching.explain import counted
from workflows.matching.scene import scene_on
from workflows.moment import Moment

# A household that no run of these looked at may as well be asked for again.
_RUNS_LOOKED_AT = 20
_MOST_NAMED = 5


class WhyNone(StrEnum):
    """Why no proposal holds: what the criteria leave, what room leaves, or that nobody asked."""

    CRITERIA_CONTRADICT = "criteria_contradict"
    NOBODY_TAKES_PART = "nobody_takes_part"
    NO_ROOM = "no_room"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftByRun:
    """The newest run that left the household without a place, with its reason."""

    why: str
    finished_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutProposal:
    """Municipalities that are possible now, and those that are not by reason.

    `short_of_room` are the first of those where only room or a home is lacking.
    `criteria` counts the hard criteria, `screened` the adults whose screening the score knows.
    """

    why: WhyNone
    possible: int
    excluded: Mapping[Exclusion, int]
    short_of_room: tuple[str, ...]
    criteria: int
    screened: int
    left: LeftByRun | None


def without_proposal(
    connection: Connection, actor: Actor, reference: str, moment: Moment
) -> WithoutProposal | None:
    """Return why a household has no proposal; None when it does not wait for this actor."""
    scene = scene_on(connection, actor, moment.today, references=[reference])
    if not scene.households:
        return None
    assembled = assemble(scene, np.zeros((1, len(scene.places))))
    [waiting] = scene.households
    excluded = counted(assembled.exclusions[0])
    return WithoutProposal(
        why=_why(assembled),
        possible=len(scene.places) - sum(excluded.values()),
        excluded=excluded,
        short_of_room=_short_of_room(assembled),
        criteria=len(waiting.hard_criteria),
        screened=len(waiting.seeker.adults),
        left=_left(connection, reference),
    )


def _why(assembled: Assembled) -> WhyNone:
    codes, scene = assembled.exclusions[0], assembled.scene
    if (codes < 0).any():
        return WhyNone.POSSIBLE
    if np.isin(codes, OF_ROOM).any():
        return WhyNone.NO_ROOM
    each = [
        allowed_by(criterion, scene.places, scene.surroundings)
        for criterion in scene.households[0].hard_criteria
    ]
    if len(each) > 1 and not np.logical_and.reduce(each).any():
        return WhyNone.CRITERIA_CONTRADICT
    return WhyNone.NOBODY_TAKES_PART


def _short_of_room(assembled: Assembled) -> tuple[str, ...]:
    places = np.flatnonzero(np.isin(assembled.exclusions[0], OF_ROOM))[:_MOST_NAMED]
    return tuple(assembled.scene.places[place].code for place in places)


def _left(connection: Connection, reference: str) -> LeftByRun | None:
    latest = (
        select(MatchingRun.result, MatchingRun.finished_at)
        .where(MatchingRun.kind == RunKind.BATCH, MatchingRun.status == RunStatus.DONE)
        .order_by(MatchingRun.id.desc())
        .limit(_RUNS_LOOKED_AT)
        .subquery()
    )
    why = latest.c.result["left"][reference].astext
    found = connection.execute(
        select(why, latest.c.finished_at)
        .where(why.is_not(None))
        .order_by(latest.c.finished_at.desc())
        .limit(1)
    ).one_or_none()
    return None if found is None else LeftByRun(why=found[0], finished_at=found[1])
