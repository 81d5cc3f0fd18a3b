"""What one `take()` costs, beside a raw floor and beside SpiffWorkflow's persisted manual step.

Cases of two persons are linked, taken up and released, over and over: a link and a release post to
the ledger and carry a personal explanation, taking up does neither. All three write a submission,
the case, its stay, an event, an outbox message and an audit line. CPU is that of the client.
"""

from argparse import Namespace
from collections import defaultdict
from collections.abc import Callable
from itertools import count
from statistics import median
from typing import Any

from sqlalchemy import func, select

from bench.ground import spiff
from bench.ground.journey import Household, households, travel
from bench.ground.measure import (
    Json,
    Spent,
    in_turns,
    options,
    per_unit,
    publish,
    ratios,
    spend,
    target,
)
from bench.ground.step_floor import Floor
from bench.ground.world import World, installed
from models import AuditEntry, Base, Case, CaseEvent, EventDetail, Outbox, QuotaEntry, Stay
from workflows import policy
from workflows.actor import Actor
from workflows.engine import take
from workflows.permissions import Permission
from workflows.request import Request
from workflows.steps import BY_CODE

CASES = 100
STEPS = ("link", "take_up", "release_link")
SCREENED_AFTER = 3
REASON = "De zus van de aanvrager woont in deze gemeente."

_keys = count(1)


class Engine:
    """Takes the three steps through the engine, one transaction each."""

    def __init__(self, world: World) -> None:
        self._moment = world.moment
        # As a web request has it for all that it does: taken from the pool once.
        self._connection = world.engine.connect()
        self.cases = households(world, CASES)
        travel(world, self.cases, SCREENED_AFTER)
        self.versions = dict.fromkeys((each.case for each in self.cases), SCREENED_AFTER)

    def step(self, code: str) -> int:
        """Take a step on every case."""
        for household in self.cases:
            actor, payload = _asked(code, household)
            request = Request(
                BY_CODE[code],
                actor,
                payload,
                household.case,
                self.versions[household.case],
                f"engine-{next(_keys):06d}",
            )
            with self._connection.begin():
                result = take(self._connection, request, self._moment)
            self.versions[household.case] = result.version
        return len(self.cases)


class Raw:
    """Takes the three steps on cases of its own by the floor's statements."""

    def __init__(self, world: World) -> None:
        url = world.engine.url.render_as_string(hide_password=False)
        self.floor = Floor(url, world.moment.today, world.moment.seal)
        self.cases = households(world, CASES)
        travel(world, self.cases, SCREENED_AFTER)

    def step(self, code: str) -> int:
        """Take a step on every case."""
        for household in self.cases:
            actor, _ = _asked(code, household)
            organisation = policy.acting_organisation(actor, Permission(code))
            case = household.case or ""
            if code == "link":
                self.floor.link(case, household.town.code, actor.user_id, organisation)
            elif code == "take_up":
                self.floor.take_up(case, actor.user_id, organisation)
            else:
                self.floor.release_link(case, actor.user_id, organisation)
        return len(self.cases)


def _asked(code: str, household: Household) -> tuple[Actor, dict[str, Any]]:
    officer = household.centre.placement_officer
    if code == "link":
        return officer, {"municipality": household.town.code, "override_reason": REASON}
    if code == "take_up":
        return household.town.officer, {"scenario": "combined"}
    return officer, {"reason": "linked_in_error", "explanation": REASON}


def main() -> None:
    """Measure and publish."""
    asked = options("Client CPU and wall time of one take().", rounds=7)
    with installed("step") as world:
        engine, raw = Engine(world), Raw(world)
        with spiff.started(world.superuser_url()) as other:
            parts: dict[str, dict[str, list[Spent]]] = {"take": defaultdict(list)}
            parts["floor"] = defaultdict(list)
            sides = {
                "take": lambda: _cycle(engine.step, parts["take"]),
                "floor": lambda: _cycle(raw.step, parts["floor"]),
                "spiffworkflow": lambda: other.steps(CASES),
            }
            found = in_turns(sides, asked.rounds)
        _check_same_writes(world, engine, raw)
    _publish(asked, found, parts)


def _cycle(step: Callable[[str], int], parts: dict[str, list[Spent]]) -> Spent:
    """Take the three steps on all cases, keeping what each kind of step cost."""
    spent = []
    for code in STEPS:
        spent.append(spend(lambda code=code: step(code)))  # type: ignore[misc] # mypy infers no default
        parts[code].append(spent[-1])
    return Spent(
        sum(each.units for each in spent),
        sum(each.cpu for each in spent),
        sum(each.wall for each in spent),
    )


def _check_same_writes(world: World, engine: Engine, raw: Raw) -> None:
    """Raise AssertionError unless both sides left equally many rows in every table."""
    with world.engine.connect() as connection:
        for model in (CaseEvent, EventDetail, QuotaEntry, Stay, Outbox, AuditEntry):
            counts = []
            for side in (engine, raw):
                cases = select(Case.id).where(
                    Case.reference.in_([each.case for each in side.cases])
                )
                events = select(CaseEvent.id).where(CaseEvent.case_id.in_(cases))
                column = _tie(model)
                counts.append(
                    connection.scalar(
                        select(func.count())
                        .select_from(model)
                        .where(column.in_(cases if column.name == "case_id" else events))
                    )
                )
            assert counts[0] == counts[1], (model.__tablename__, counts)


def _tie(model: type[Base]) -> Any:
    columns = model.__table__.c
    return columns["case_id"] if "case_id" in columns else columns["event_id"]


def _publish(
    asked: Namespace, found: dict[str, list[Spent]], parts: dict[str, dict[str, list[Spent]]]
) -> None:
    to_floor = median(ratios(found["take"], found["floor"], "cpu"))
    to_spiff = median(ratios(found["take"], found["spiffworkflow"], "cpu"))
    content: Json = {
        "unit": "client CPU per step, ms",
        "n": found["take"][0].units,
        "rounds": asked.rounds,
        "value": per_unit(found["take"])["cpu_ms"],
        "baseline": {"name": "floor", "value": per_unit(found["floor"])["cpu_ms"]},
        "ratio": round(to_floor, 3),
        "targets": [
            target("CPU, times the floor", to_floor, most=3),
            target("CPU, times SpiffWorkflow", to_spiff, most=1),
        ],
        "wall_ratio_to_floor": round(median(ratios(found["take"], found["floor"], "wall")), 3),
        "sides": {name: per_unit(spent) for name, spent in found.items()},
        "steps": {
            side: {code: per_unit(spent[1:]) for code, spent in by_code.items()}
            for side, by_code in parts.items()
        },
    }
    publish("step", asked, content)


if __name__ == "__main__":
    main()
