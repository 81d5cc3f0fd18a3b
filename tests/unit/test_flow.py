"""Small groups are merged, norms become days per state, and the worst state is found."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from config import reference
from models.vocabulary import CaseState
from workflows.flow.groups import LEAST, Group, merge_small
from workflows.flow.stages import Waiting, bottleneck, state_norms

GROUPS = st.lists(st.integers(1, 60), max_size=8).map(
    lambda sizes: [Group((f"g{n}",), size, size) for n, size in enumerate(sizes)]
)


@given(GROUPS)
def test_merging_keeps_the_sum_and_hides_small_groups(groups: list[Group]) -> None:
    merged = merge_small(groups)
    assert sum(group.persons for group in merged) == sum(group.persons for group in groups)
    assert sorted(code for group in merged for code in group.codes) == sorted(
        code for group in groups for code in group.codes
    )
    # One group alone may stay small: then that is all there is.
    assert len(merged) <= 1 or all(group.persons >= LEAST for group in merged)


def test_terms_from_the_permit_become_days_per_state() -> None:
    norms = state_norms(reference.norms(), date(2017, 2, 1))
    assert norms[CaseState.SCREENED] == 14
    assert norms[CaseState.LINKED] + norms[CaseState.PREPARING] == 70
    assert norms[CaseState.MOVING] == 14


WAITING = Waiting(
    state=CaseState.PREPARING,
    party="municipality",
    cases=10,
    persons=20,
    over_cases=4,
    over_persons=8,
    median_days=50.0,
    p90_days=120.0,
    excess=300,
)


def test_the_worst_state_has_most_days_beyond_the_norm() -> None:
    norms = state_norms(reference.norms(), date(2017, 2, 1))
    other = replace(WAITING, state=CaseState.SCREENED, party="region", excess=100)
    housed = replace(WAITING, state=CaseState.HOUSED, party="centre", excess=9_000)
    found = bottleneck([other, WAITING, housed], norms)
    assert found is not None
    assert found.worst is WAITING
    assert (found.norm_days, found.share_percent) == (63, 75)


def test_without_delay_there_is_no_bottleneck() -> None:
    assert bottleneck([replace(WAITING, excess=0)], {}) is None
