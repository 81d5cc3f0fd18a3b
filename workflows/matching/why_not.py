"""What would make another municipality the choice for a household, on the plan of this moment."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from models.vocabulary import Exclusion, SupplyKind
from workflows.actor import Actor
from workflows.errors import NotFound, Refused
from workflows.matching.arrays import NOWHERE
from workflows.matching.assemble import EXCLUSIONS, FREE, Assembled
from workflows.matching.counterfactual import Change, Verdict, counterfactual
from workflows.matching.problem import Problem
from workflows.matching.propose import Answer
from workflows.matching.reading import floor_on
from workflows.matching.runs import Wanted, Wish
from workflows.matching.waiting import waiting_households
from workflows.moment import Moment
from workflows.payload import MunicipalityCode, Payload, Widget, entry

# More room takes these reasons away.
_OF_ROOM = (EXCLUSIONS.index(Exclusion.NO_ROOM), EXCLUSIONS.index(Exclusion.NO_DWELLING))


class WhyNot(Payload):
    """The municipality that somebody asks about."""

    municipality: MunicipalityCode = entry("Gemeente", Widget.MUNICIPALITY)


def wish_of(connection: Connection, actor: Actor, case: str, asked: WhyNot, moment: Moment) -> Wish:
    """Return the wish of the question; raises `NotFound` for a household that does not wait.

    A floor under groups is set aside: under it no single change is the reason of a choice.
    """
    demand_waiting(connection, actor, case, moment)
    wanted = Wanted(case, asked.municipality)
    try:
        aside = 0 if floor_on(connection, moment.today) else None
    except LookupError:
        aside = None
    return Wish(wanted=wanted, floor=aside)


def demand_waiting(connection: Connection, actor: Actor, case: str, moment: Moment) -> None:
    """Raise `NotFound` unless a household waits for a link by this actor."""
    if not waiting_households(connection, actor, moment.today, [case]):
        raise NotFound


def why_not(found: Answer, wanted: Wanted, told: Callable[[], None]) -> dict[str, Any]:
    """Return what would make the municipality the choice; `told` is called before each solution.

    `chosen` is where the plan has the household, None for nowhere. `excluded` says why it cannot
    go there at all. Each of `changes` has a way, its amount in points or persons, what is at least
    needed, and the dwellings that are needed too, by kind. Raises `Refused` when the household no
    longer waits or the municipality is no more.
    """
    scene, plan = found.assembled.scene, found.plan
    rows = {each.reference: row for row, each in enumerate(scene.households)}
    columns = {each.code: column for column, each in enumerate(scene.places)}
    if wanted.case not in rows or wanted.municipality not in columns:
        raise Refused(
            "not_waiting", "Dit huishouden wacht niet meer op een koppeling. Bekijk het dossier."
        )
    household, place = rows[wanted.case], columns[wanted.municipality]
    answer = counterfactual(
        _open_to(found.assembled, household, place), plan, household, place, told=told
    )
    at = int(plan.assignment[household])
    code = int(found.assembled.exclusions[household, place])
    shut = answer.verdict is Verdict.NOT_ELIGIBLE
    return {
        "verdict": answer.verdict.value,
        "chosen": None if at == NOWHERE else scene.places[at].code,
        "excluded": EXCLUSIONS[code].value if shut and code != FREE else None,
        "cost": answer.cost,
        "changes": [_change(found.assembled, each) for each in answer.changes],
    }


def _open_to(assembled: Assembled, household: int, place: int) -> Problem:
    """Return the problem in which a want of room does not exclude the pair: it still cannot fit."""
    if assembled.exclusions[household, place] not in _OF_ROOM:
        return assembled.problem
    eligible = assembled.problem.eligible.copy()
    eligible[household, place] = True
    eligible.flags.writeable = False
    return replace(assembled.problem, eligible=eligible)


def _change(assembled: Assembled, change: Change) -> dict[str, Any]:
    added = dict(zip(assembled.rows, change.room, strict=True)) if change.room else {}
    dwellings = {row.value: count for row, count in added.items() if isinstance(row, SupplyKind)}
    persons = [count for row, count in added.items() if not isinstance(row, SupplyKind)]
    return {
        "way": change.way.value,
        "amount": max(persons) if persons else change.amount,
        "at_least": change.at_least,
        "dwellings": {kind: count for kind, count in dwellings.items() if count},
    }
