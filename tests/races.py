"""Steps that are taken at the same moment, and households for many of such races."""

import itertools
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from tests.factories import Row, member
from tests.world import CENTRE, World
from workflows.engine import take_many
from workflows.errors import WorkflowError
from workflows.request import Outcome, Request, Result
from workflows.rules.identifiers import synthetic_v_number

# So many connections a world has for them.
THREADS = 16
_numbers = itertools.count(7_000_000)


def attempt(world: World, request: Request) -> Outcome:
    """Take a step; anything but an answer in words fails the test."""
    try:
        return world.take(
            request.step.code,
            request.actor,
            request.payload if isinstance(request.payload, dict) else {},
            request.case,
            request.version,
            request.key,
        )
    except WorkflowError as error:
        return error


def race(world: World, requests: Sequence[Request]) -> list[Outcome]:
    """Take steps at the same moment, each in a thread and transaction of its own."""
    barrier = threading.Barrier(len(requests))

    def start(request: Request) -> Outcome:
        barrier.wait()
        return attempt(world, request)

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(start, requests))


def side_by_side(races: int, run: Callable[[int], None]) -> None:
    """Run races some at a time, so that they also meet each other."""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(races)))


def households_screened(world: World, count: int) -> list[str]:
    """Return screened households of one, made in one batch."""
    people = [member(v_number=synthetic_v_number(next(_numbers))) for _ in range(count)]
    screening: Row = {"held_on": world.today, "education_level": "none"}
    with world.engine.begin() as connection:
        made = take_many(
            connection,
            [
                world.request(
                    "register",
                    "case_manager",
                    {
                        "permit_on": world.today,
                        "centre": world.centre(CENTRE),
                        "members_to_add": [person],
                    },
                )
                for person in people
            ],
            world.moment,
            all_or_nothing=True,
        )
        cases = [outcome.case for outcome in made if isinstance(outcome, Result)]
        heads: dict[str, str] = dict(
            connection.execute(
                text(
                    "SELECT c.reference, p.reference FROM household_membership m"
                    " JOIN person p ON p.id = m.person_id JOIN case_file c ON c.id = m.case_id"
                )
            ).all()
        )
        screened: dict[str, Row] = {case: screening | {"member": heads[case]} for case in cases}
        completed: dict[str, Row] = {case: {} for case in cases}
        for step, payloads in (("screen", screened), ("complete_screening", completed)):
            requests = [world.request(step, "case_manager", payloads[case], case) for case in cases]
            take_many(connection, requests, world.moment, all_or_nothing=True)
    return cases
