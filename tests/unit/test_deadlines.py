from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import reference
from models.vocabulary import CaseKind, CaseState, StayPlace, Term
from workflows.records import CaseRecord
from workflows.rules.agenda import agenda
from workflows.rules.deadlines import CaseDueDates, case_due_dates
from workflows.rules.terms import reckoned

PERMIT = date(2016, 10, 1)
NORMS = reference.norms()
DAYS = st.integers(0, 200)


def on(days: int) -> date:
    """Return a day so long after the permit."""
    return PERMIT + timedelta(days=days)


def case(state: CaseState = CaseState.LINKED, **columns: Any) -> CaseRecord:
    return CaseRecord(
        id=1,
        reference="a" * 16,
        kind=CaseKind.ASYLUM,
        state=state,
        state_since=datetime.combine(PERMIT, time(), UTC),
        version=1,
        household_type="single",
        persons=1,
        permit_on=PERMIT,
        registered_on=PERMIT,
        region_id=1,
        stay_place=StayPlace.CENTRE,
        **columns,
    )


def due(**columns: Any) -> CaseDueDates:
    return case_due_dates(case(**columns), NORMS)


def test_the_terms_run_from_the_permit() -> None:
    assert due() == CaseDueDates(
        screening=date(2016, 10, 1),
        link=date(2016, 10, 15),
        lease=date(2016, 12, 24),
        move=date(2017, 1, 7),
        municipality_lease=None,
        municipality_move=None,
    )


def test_a_late_link_is_not_charged_to_the_municipality() -> None:
    found = due(linked_on=on(60))
    assert (found.municipality_lease, found.municipality_move) == (on(60 + 70), on(60 + 84))
    assert found.move == on(98)


def test_a_link_in_time_gives_the_municipality_the_same_dates_as_the_case() -> None:
    found = due(linked_on=on(14))
    assert (found.municipality_lease, found.municipality_move) == (found.lease, found.move)


def test_days_suspended_are_added_those_over_and_those_that_run() -> None:
    running = {"suspended_on": on(20), "suspended_until": on(30)}
    assert due(suspended_days=5).lease == on(84 + 5)
    assert due(**running).lease == on(84 + 10)
    assert due(suspended_days=5, **running).move == on(98 + 15)


def test_a_suspension_before_the_link_does_not_lengthen_the_municipality_s_term() -> None:
    found = due(linked_on=on(30), suspended_before_link=20, suspended_days=25)
    assert found.municipality_lease == on(30 + 70 + 5)
    assert found.lease == on(84 + 25)


@pytest.mark.parametrize(
    ("state", "columns", "part"),
    [
        (CaseState.REGISTERED, {}, "screening"),
        (CaseState.SCREENED, {}, "link"),
        (CaseState.LINKED, {"linked_on": on(30)}, "lease"),
        (CaseState.MOVING, {"linked_on": on(30), "title_on": on(70)}, "move"),
    ],
)
@given(over=DAYS, running=DAYS, before_link=DAYS)
def test_the_page_of_a_case_says_what_its_terms_say(  # noqa: PLR0917 - what a term hangs on
    state: CaseState, columns: dict[str, Any], part: str, over: int, running: int, before_link: int
) -> None:
    row = case(state, suspended_days=over, suspended_before_link=before_link, **columns)
    if running:
        row.suspended_on, row.suspended_until = on(40), on(40 + running)
    found = case_due_dates(row, NORMS)
    terms = reckoned(row, agenda(row, NORMS, 2), NORMS)
    assert terms.due_on == getattr(found, part)
    own = {
        Term.MUNICIPALITY_LEASE: found.municipality_lease,
        Term.MUNICIPALITY_MOVE: found.municipality_move,
    }
    if terms.municipal_term is not None:
        assert terms.municipal_due_on == own[terms.municipal_term]


@given(DAYS, st.none() | DAYS)
def test_the_terms_keep_their_order(suspended: int, linked: int | None) -> None:
    found = due(suspended_days=suspended, linked_on=None if linked is None else on(linked))
    assert found.screening <= found.link < found.lease < found.move
    if found.municipality_lease is not None and found.municipality_move is not None:
        assert found.municipality_lease < found.municipality_move
