"""The running price list: made once a week from who waits and who is expected, used at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, insert, select

from models import MunicipalityExemption, RoomPriceList
from models.vocabulary import QuotaKind, ScoreTerm, SupplyKind
from tests.factories import household, household_in
from tests.world import BUNNIK, TINY, UTRECHT, World
from workflows.matching.assemble import assemble
from workflows.matching.daily import Suggestion, suggest
from workflows.matching.data import SupplyRow, store
from workflows.matching.expected import expected_on, permit_days, shared_out
from workflows.matching.held_back import OLDEST, prices_for
from workflows.matching.program import program_placement_officer
from workflows.matching.propose import Answer, answer, read_input
from workflows.matching.running_prices import changed_much, make_price_list
from workflows.matching.runs import Wish, unchanged
from workflows.matching.weights import WeightsVersion, add_weights
from workflows.quota.ledger import Line, post_lines
from workflows.quota.period import HalfYear
from workflows.reading.rules import norms

WEEKS_SEEN = 8
OFFICER = "placement_officer"


def made(world: World) -> bool:
    with world.engine.begin() as connection:
        return make_price_list(connection, world.moment)


def run(world: World, wish: Wish) -> Answer:
    with world.engine.connect() as connection:
        given = read_input(connection, world.actors[OFFICER], wish.as_json(), world.moment)
    return answer(given, lambda _percent: None)


def suggested(world: World, case: str, actor: str = OFFICER) -> Suggestion | None:
    with world.engine.connect() as connection:
        return suggest(connection, world.actors[actor], case, world.moment)


def lists(world: World) -> int:
    with world.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(RoomPriceList)) or 0


def weeks_to_come(world: World) -> float:
    with world.engine.connect() as connection:
        return permit_days(norms(connection), world.today) / 7


def quota(world: World, persons: int) -> None:
    with world.engine.begin() as connection:
        line = Line(
            municipality_code=UTRECHT,
            half_year=HalfYear.of_date(world.today),
            kind=QuotaKind.QUOTA,
            persons=persons,
            reason="more to come",
        )
        post_lines(connection, world.actors["quota_officer"], [line], world.moment)


def test_a_list_is_made_once_a_week(world: World) -> None:
    household_in("screened", world)
    assert (made(world), made(world), lists(world)) == (True, False, 1)
    assert not made(world.on(world.today + timedelta(days=6)))
    assert made(world.on(world.today + timedelta(days=7)))
    assert lists(world) == 2


def test_two_who_ask_at_the_same_time_make_one_list(world: World) -> None:
    household_in("screened", world)
    with ThreadPoolExecutor(2) as both:
        found = list(both.map(made, [world, world]))
    assert sorted(found) == [False, True]
    assert lists(world) == 1


@pytest.mark.parametrize(
    ("today", "first_of_the_next"),
    [
        (date(2017, 2, 1), date(2017, 3, 25)),
        (date(2017, 6, 25), date(2017, 9, 25)),
        (date(2017, 7, 1), date(2017, 9, 25)),
        (date(2017, 9, 24), date(2017, 9, 25)),
        (date(2017, 9, 26), date(2018, 3, 25)),
    ],
)
def test_who_moves_in_the_same_half_year_is_expected_until_the_last_permit_of_it(
    world: World, today: date, first_of_the_next: date
) -> None:
    with world.engine.connect() as connection:
        days = permit_days(norms(connection), today)
    assert today + timedelta(days=days) == first_of_the_next


def test_a_quota_makes_a_new_list_on_the_same_day(world: World) -> None:
    household_in("screened", world)
    assert made(world)
    quota(world, persons=100)
    assert not made(world)
    quota(world, persons=5000)
    assert (made(world), made(world), lists(world)) == (True, False, 2)


def test_a_municipality_that_closes_makes_a_new_list(world: World) -> None:
    household_in("screened", world)
    assert made(world)
    with world.engine.begin() as connection:
        connection.execute(
            insert(MunicipalityExemption).values(
                municipality_code=TINY, valid_from=world.today, reason="centrale opvang"
            )
        )
    assert (made(world), made(world), lists(world)) == (True, False, 2)


def test_a_new_version_of_the_weights_makes_a_new_list_on_its_day(world: World) -> None:
    household_in("screened", world)
    assert made(world)
    tomorrow = world.on(world.today + timedelta(days=1))
    zero = {f"{term}_weight": 0 for term in ScoreTerm}
    weights = zero | {"advice_weight": 1, "balance": 0, "reason": "proef"}
    payload = WeightsVersion.model_validate(weights | {"valid_from": tomorrow.today})
    with world.engine.begin() as connection:
        add_weights(connection, world.actors["functional_manager"], payload, world.moment)
    assert not made(world)
    assert (made(tomorrow), made(tomorrow), lists(world)) == (True, False, 2)


@pytest.mark.parametrize(
    ("room", "much"),
    [
        ({"GM1": 100, "GM2": 100}, False),
        ({"GM1": 90, "GM2": 110}, False),
        ({"GM1": 89, "GM2": 110}, True),
        ({"GM1": 100, "GM2": 79}, True),
        ({"GM1": 100, "GM3": 100}, True),
        ({"GM1": 200}, True),
    ],
    ids=["nothing", "a_tenth", "moved", "many_links", "merger", "closed"],
)
def test_more_than_a_tenth_of_all_room_or_another_municipality_is_much(
    room: dict[str, int], *, much: bool
) -> None:
    assert changed_much({"GM1": 100, "GM2": 100}, room) is much


def test_without_anybody_who_waits_no_list_is_made(world: World) -> None:
    assert not made(world)
    assert lists(world) == 0


def test_a_list_says_what_it_is_made_from(world: World) -> None:
    for _ in range(3):
        household_in("screened", world)
    long_ago = world.today - timedelta(days=300)
    household_in("registered", world, permit_on=long_ago)
    still = household_in("screened", world, permit_on=long_ago)
    still.take("suspend", "case_manager", reason="illness", until=world.later(20).today)
    assert made(world)
    not_ready = 2
    with world.engine.connect() as connection:
        found = connection.execute(select(RoomPriceList.__table__)).one()
    assert (found.arrivals, found.waiting) == (3, 3)
    assert (found.weights_version, found.fitted_version) == (1, None)
    assert found.expected == round(3 / WEEKS_SEEN * weeks_to_come(world) + not_ready)
    assert found.since == world.today - timedelta(weeks=WEEKS_SEEN)


def test_the_suggestion_of_the_day_knows_who_is_still_to_come(world: World) -> None:
    """Where all are drawn to one place with a single home, its home gets a price."""
    criteria = [{"criterion": "family_reunification", "municipality": BUNNIK, "evidence": "brief"}]
    waiting = [household_in("screened", world, criteria=criteria) for _ in range(3)]
    free = household_in("screened", world)
    assert suggested(world, free.case) is None
    homes = SupplyRow.model_validate({
        "municipality_code": BUNNIK, "month": "2017-02", "kind": "one_person", "units": 1,
        "source": "test",
    })  # fmt: skip
    with world.engine.begin() as connection:
        store(connection, world.actors["functional_manager"], [homes], world.moment)
    assert made(world)
    with world.engine.connect() as connection:
        prices = connection.scalar(select(RoomPriceList.prices)) or {}
    price = prices[BUNNIK]["one_person"]
    assert price > 0
    found = suggested(world, free.case)
    assert found is not None
    assert found.municipality != BUNNIK
    assert found.made_on == world.today
    bound = suggested(world, waiting[0].case)
    assert bound is not None
    assert bound.municipality == BUNNIK
    assert bound.scarcity >= price - 1e-9


def test_a_run_holds_room_back_for_who_is_still_to_come(world: World) -> None:
    """Where another needs the only home, a run for one household alone leaves it to them."""
    criteria = [{"criterion": "family_reunification", "municipality": BUNNIK, "evidence": "brief"}]
    household_in("screened", world, criteria=criteria)
    free = household_in("screened", world)
    homes = [
        SupplyRow.model_validate({
            "municipality_code": code, "month": "2017-02", "kind": "one_person", "units": units,
            "source": "test",
        })
        for code, units in ((BUNNIK, 1), (UTRECHT, 1), (TINY, 0))
    ]  # fmt: skip
    with world.engine.begin() as connection:
        store(connection, world.actors["functional_manager"], homes, world.moment)
    wish = Wish(references=[free.case])
    alone = run(world, replace(wish, hold_back=False))
    assert alone.explanations[0].priced_on is None
    assert alone.explanations[0].choices[0].scarcity == pytest.approx(0)
    assert made(world)
    found = run(world, wish).explanations[0]
    assert found.priced_on == world.today.isoformat()
    for choice in found.choices:
        assert choice.net == pytest.approx(choice.score - choice.levelling - choice.scarcity)
    with world.engine.connect() as connection:
        prices = connection.scalar(select(RoomPriceList.prices)) or {}
    by_place = {choice.municipality: choice for choice in found.choices}
    assert by_place[BUNNIK].scarcity >= sum(prices[BUNNIK].values()) - 1e-9 > 0
    daily = suggested(world, free.case)
    assert daily is not None
    assert daily.municipality == found.choices[0].municipality
    assert daily.scarcity == pytest.approx(found.choices[0].scarcity)


def test_another_world_and_an_old_list_hold_nothing_back(world: World) -> None:
    free = household_in("screened", world)
    assert made(world)
    wish = Wish(references=[free.case])
    assert run(world, replace(wish, quotas={UTRECHT: 5})).explanations[0].priced_on is None
    assert run(world.on(world.today + OLDEST), wish).explanations[0].priced_on is not None
    late = world.on(world.today + OLDEST + timedelta(days=1))
    assert run(late, wish).explanations[0].priced_on is None
    assert suggested(late, free.case) is None
    question = Wish(references=[free.case], quotas={UTRECHT: 5})
    assert unchanged(question.as_json())["hold_back"] is False
    assert unchanged(replace(wish, floor=50).as_json())["hold_back"] is True


def test_who_moves_early_pays_for_the_half_years_after_it(world: World) -> None:
    household_in("screened", world)
    with world.engine.connect() as connection:
        given = read_input(connection, world.actors[OFFICER], Wish().as_json(), world.moment)
    scores = given.score_model().scores([each.seeker for each in given.scene.households])
    assembled = assemble(given.scene, scores)
    homes = tuple(row for row in assembled.rows if isinstance(row, SupplyKind))
    first, second, later = HalfYear(2017, 1), HalfYear(2017, 2), HalfYear(2018, 1)
    prices = {UTRECHT: {str(first): 0.2, str(second): 0.3, "family": 0.5}}
    place = [each.code for each in given.scene.places].index(UTRECHT)
    for halves, paid in (
        ((first, second), [0.2, 0.3]),
        ((first,), [0.5]),
        ((second,), [0.3]),
        ((second, later), [0.3, 0.0]),
        ((later,), [0.3]),
    ):
        found = prices_for(replace(assembled, rows=(*halves, *homes)), prices).prices
        assert found[place, : len(halves)].tolist() == pytest.approx(paid)
        assert found.sum() == pytest.approx(sum(paid) + 0.5)


def test_a_household_without_room_or_out_of_reach_gets_no_suggestion(world: World) -> None:
    criteria = [{"criterion": "family_reunification", "municipality": TINY, "evidence": "brief"}]
    large = household_in("screened", world, household(2, 3), criteria=criteria)
    other = household_in("screened", world)
    assert made(world)
    assert suggested(world, large.case) is None
    assert suggested(world, other.case) is not None
    assert suggested(world, other.case, "far_placement_officer") is None


def test_who_was_linked_lately_tells_who_is_to_come_when_nobody_waits(world: World) -> None:
    household_in("linked", world, household(2, 1))
    assert made(world)
    with world.engine.connect() as connection:
        actor = program_placement_officer(connection, world.moment)
        found = expected_on(connection, actor, world.today)
    assert (found.waiting, found.arrivals, len(found.households)) == (0, 1, 1)
    assert found.number.sum() == pytest.approx(1 / WEEKS_SEEN * weeks_to_come(world))


def test_a_household_stands_for_its_part_of_who_is_to_come() -> None:
    numbers = shared_out([1, 1, 4], {1: 6.0, 2: 2.0, 5: 3.0})
    assert numbers.tolist() == [4.0, 4.0, 3.0]
    assert shared_out([2], {}).tolist() == [0.0]
    assert shared_out([], {1: 5.0}).tolist() == []
