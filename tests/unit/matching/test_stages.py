"""Whatever a stage does or fails to do, the plan that leaves keeps every limit and its bound."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.matching.test_solve import drawn, proven
from tests.unit.matching.validator import best
from workflows.matching import nearly_best as listing
from workflows.matching import solve as solving
from workflows.matching.linear import Program, SolverFailed
from workflows.matching.polish import Polished
from workflows.matching.problem import Problem
from workflows.matching.solve import solve


@settings(max_examples=8)
@given(
    seed=st.integers(0, 10**6),
    households=st.integers(1, 5),
    places=st.integers(1, 3),
    many=st.sampled_from([0, 10]),
)
def test_the_road_of_large_batches_proves_a_bound_of_enumeration(
    *, seed: int, households: int, places: int, many: int
) -> None:
    arrays = drawn(seed, households, places)
    with pytest.MonkeyPatch.context() as patch:
        for name, limit in {"_SMALL": 0, "_MEDIUM": 0, "_FEW_PAIRS": 0, "_MANY": many}.items():
            patch.setattr(solving, name, limit)
        plan = proven(arrays)
    optimum = best(arrays)
    assert plan.certificate.objective <= optimum + 1e-6
    assert plan.certificate.bound >= optimum - 1e-6


@pytest.mark.parametrize("by_place", [False, True])
@pytest.mark.parametrize("runs", [0, 1, 2, 4])
def test_a_program_that_fails_somewhere_leaves_a_plan(
    monkeypatch: pytest.MonkeyPatch, runs: int, *, by_place: bool
) -> None:
    done = iter(range(runs))
    real = Program.run

    def runs_out(program: Program, **options: Any) -> bool:
        if next(done, None) is None:
            raise SolverFailed("Unknown")
        return real(program, **options)

    monkeypatch.setattr(Program, "run", runs_out)
    plan = proven(drawn(7, 60, 10, by_place=by_place))
    assert (plan.assignment >= 0).any()


@pytest.mark.parametrize("broken", ["room", "eligible"])
def test_a_stage_that_breaks_a_limit_is_caught(
    monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    """Planted fault: the last stage sends everybody to one municipality."""
    arrays = drawn(7, 12, 3)
    arrays["eligible"][0] = [False, True, True]
    if broken == "room":
        arrays["eligible"][:] = True
    else:
        arrays["room"] += 100
    monkeypatch.setattr(solving, "pack", lambda *_: Polished(np.zeros(12, np.int64), None))
    monkeypatch.setattr(solving, "_FEW_PAIRS", 0)
    with pytest.raises(SolverFailed, match="room" if broken == "room" else "may not go"):
        solve(Problem.of(**arrays))


def test_a_list_of_sets_that_takes_too_long_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "_TRIES_PER_SET", 0)
    plan = proven(drawn(7, 30, 10))
    assert plan.certificate.bound >= plan.certificate.objective
