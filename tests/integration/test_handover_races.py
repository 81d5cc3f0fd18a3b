"""Both organisations act on one handover at the same moment: one wins, the other reads why."""

from dataclasses import dataclass
from typing import cast

import pytest
from sqlalchemy import text

from models.vocabulary import HandoverState
from tests.factories import Row
from tests.handovers import PREPARED, WITHDRAWAL
from tests.races import households_screened, race, side_by_side
from tests.world import UTRECHT, World
from workflows.engine import take_many
from workflows.errors import NotFound, Refused, StaleVersion, WorkflowError
from workflows.handover.moves import MOVES
from workflows.handover.record import over
from workflows.reading.handover import last_handover
from workflows.request import Outcome, Request, Result

RACES = pytest.mark.parametrize(
    "races", [60, pytest.param(2_000, marks=pytest.mark.full)], ids=["60", "2000"]
)


@dataclass(frozen=True, slots=True)
class Rival:
    """Who acts against the acceptance: the step, its user and what the handover then is."""

    step: str
    actor: str
    payload: Row
    state: str


RIVALS = {
    "withdraw": Rival("withdraw_handover", "case_manager", WITHDRAWAL, "withdrawn"),
    "expire": Rival("expire_handover", "functional_manager", {}, "expired"),
    "case ended": Rival(
        "end", "case_manager", {"reason": "withdrawn", "ended_on": "2017-04-03"}, "withdrawn"
    ),
}


def offered(world: World, count: int) -> list[str]:
    """Return cases with an offered handover, made in batches."""
    cases = households_screened(world, count)
    road: tuple[tuple[str, str, Row], ...] = (
        ("link", "placement_officer", {"municipality": UTRECHT}),
        ("take_up", "utrecht", {"scenario": "combined"}),
        ("prepare_handover", "case_manager", PREPARED),
        ("offer_handover", "case_manager", {}),
    )
    with world.engine.begin() as connection:
        for step, actor, payload in road:
            asked = [world.request(step, actor, payload, case) for case in cases]
            take_many(connection, asked, world.moment, all_or_nothing=True)
    return cases


@RACES
@pytest.mark.parametrize("against", RIVALS)
def test_of_two_who_act_on_a_handover_at_once_one_wins(
    arena: World, against: str, races: int
) -> None:
    cases, rival = offered(arena, races), RIVALS[against]
    # So late that the handover may expire, and may be answered still.
    late = arena.later(61)
    won = {True: 0, False: 0}

    def run(number: int) -> None:
        won[accepted(late, rival, cases[number], number)] += 1

    side_by_side(races, run)
    assert sum(won.values()) == races
    states = _states(arena)
    ended = {"accepted": won[True], rival.state: won[False]}
    assert states == {state: count for state, count in ended.items() if count}


def test_a_withdrawal_after_the_acceptance_is_caught(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases, late = offered(world, 12), world.later(61)
    too_far = {**MOVES["withdraw_handover"], HandoverState.ACCEPTED: HandoverState.WITHDRAWN}
    monkeypatch.setitem(cast("dict[str, object]", MOVES), "withdraw_handover", too_far)
    with pytest.raises(AssertionError):
        _in_turn(late, RIVALS["withdraw"], cases)


def _in_turn(world: World, rival: Rival, cases: list[str]) -> None:
    for number, case in enumerate(cases):
        accepted(world, rival, case, number)


def accepted(world: World, rival: Rival, case: str, number: int) -> bool:
    """Let both act, in one order or the other; tell whether the acceptance won."""
    # Pages send the version that they showed. Who acts without one is judged by the handover; a
    # case that ends takes an accepted handover along, so that both could be taken in turn.
    version = _version(world, case) if number % 2 or rival.step == "end" else None
    both: list[Request] = [
        world.request("accept_handover", "utrecht", {}, case, version),
        world.request(rival.step, rival.actor, rival.payload, case, version),
    ]
    outcomes = race(world, both if number % 4 < 2 else both[::-1])
    if number % 4 >= 2:
        outcomes.reverse()
    acceptance, other = outcomes
    assert isinstance(acceptance, Result) != isinstance(other, Result), outcomes
    loser = other if isinstance(acceptance, Result) else acceptance
    assert told(world, case, loser), loser
    return isinstance(acceptance, Result)


def told(world: World, case: str, loser: Outcome) -> str:
    """Return what the loser reads: of a case out of sight, what became of its handover."""
    assert isinstance(loser, WorkflowError)
    if isinstance(loser, NotFound):
        with world.engine.connect() as connection:
            view = last_handover(connection, world.actors["utrecht"], case, world.today)
        return over(view.stage).message
    assert isinstance(loser, Refused | StaleVersion), loser
    return str(loser)


def _version(world: World, case: str) -> int:
    with world.engine.connect() as connection:
        return int(
            connection.execute(
                text("SELECT version FROM case_file WHERE reference = :case"), {"case": case}
            ).scalar_one()
        )


def _states(world: World) -> dict[str, int]:
    """Return how many handovers stand in each state; responsible is who the winner says."""
    with world.engine.connect() as connection:
        wrong = connection.execute(
            text(
                "SELECT count(*) FROM handover h JOIN case_file c ON c.id = h.case_id"
                " WHERE c.finished_on IS NULL"
                " AND (h.state = 'accepted') <> (c.responsible_id = h.target_id)"
            )
        ).scalar_one()
        assert wrong == 0
        rows = connection.execute(text("SELECT state, count(*) FROM handover GROUP BY 1")).all()
    return {row[0]: row[1] for row in rows}
