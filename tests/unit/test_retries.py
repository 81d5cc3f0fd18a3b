"""When a delivery is tried again, and when it is given up."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.notices.retries import (
    FIRST_PAUSE,
    GIVEN_UP_AFTER,
    LONGEST_PAUSE,
    next_digest,
    pause,
    retry_at,
)

START = datetime(2017, 2, 1, 12, tzinfo=UTC)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def test_each_pause_is_twice_the_one_before_up_to_four_hours() -> None:
    pauses = [pause(attempts) for attempts in range(1, 40)]
    assert pauses[:4] == [FIRST_PAUSE * factor for factor in (1, 2, 4, 8)]
    assert all(after in {2 * before, LONGEST_PAUSE} for before, after in pairwise(pauses))
    assert pauses[-1] == LONGEST_PAUSE


def test_it_is_tried_until_the_72_hours_are_over_and_once_more_then() -> None:
    attempts, at = 1, START
    moments = [at]
    while (again := retry_at(attempts, START, at)) is not None:
        assert again > at
        attempts, at = attempts + 1, again
        moments.append(at)
    assert moments[-1] == START + GIVEN_UP_AFTER
    assert 20 < len(moments) < 40


@given(st.integers(0, 10**6), st.timedeltas(timedelta(), timedelta(days=10)))
def test_nothing_is_put_off_beyond_the_end_or_for_longer_than_four_hours(
    attempts: int, passed: timedelta
) -> None:
    failed = START + passed
    again = retry_at(attempts, START, failed)
    assert (again is None) is (passed >= GIVEN_UP_AFTER)
    if again is not None:
        assert failed < again <= min(failed + LONGEST_PAUSE, START + GIVEN_UP_AFTER)


@pytest.mark.parametrize(
    ("now", "digest"),
    [
        ("2017-02-01T05:59:00+00:00", "2017-02-01T07:00:00+01:00"),
        ("2017-02-01T06:00:00+00:00", "2017-02-02T07:00:00+01:00"),
        # The clock goes forward in the night of 25 to 26 March, and back on 29 October.
        ("2017-03-25T12:00:00+00:00", "2017-03-26T07:00:00+02:00"),
        ("2017-10-28T12:00:00+00:00", "2017-10-29T07:00:00+01:00"),
    ],
)
def test_a_digest_leaves_at_its_hour_by_the_clock_on_the_wall(now: str, digest: str) -> None:
    assert next_digest(datetime.fromisoformat(now), 7, AMSTERDAM) == datetime.fromisoformat(digest)


def test_an_hour_that_the_clock_skips_or_repeats_gives_one_digest_a_day() -> None:
    at, seen = datetime(2017, 3, 24, tzinfo=UTC), []
    while at < datetime(2017, 11, 1, tzinfo=UTC):
        at = next_digest(at, 2, AMSTERDAM)
        seen.append(at.astimezone(AMSTERDAM).date())
    assert len(seen) == len(set(seen))
