import numpy as np
import pytest

from bench.ground.matching.country import PLACES, WEEKS, instance


def test_an_instance_is_the_same_each_time_and_has_the_room_that_was_asked() -> None:
    one, again, scarce = instance(60, 1), instance(60, 1), instance(60, 1, 0.5)
    assert np.array_equal(one.problem.score, again.problem.score)
    assert np.array_equal(one.problem.room, again.problem.room)
    assert one.problem.score.shape == (60, PLACES)
    persons = one.problem.size.sum()
    assert one.problem.room[:, 0].sum() == pytest.approx(persons / 0.93, abs=1)
    assert scarce.problem.room[:, 0].sum() == pytest.approx(persons / 0.93 / 2, abs=1)
    assert (np.diff(one.week) >= 0).all()
    assert one.week.max() < WEEKS
    assert not one.problem.eligible.all()
