"""From the offer to the closed case: what each step refuses, in the words of process.md."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.factories import (
    DWELLING,
    NO_TALK,
    REFUSAL,
    Household,
    household,
    household_in,
    lines,
    live_members,
    refusal,
)
from tests.world import AMSTERDAM, EXEMPT, TINY, UTRECHT, World
from workflows.errors import InvalidPayload, NotFound
from workflows.rules.working_days import add_working_days


def _offer_status(made: Household) -> str:
    with made.world.engine.connect() as connection:
        statement = text(
            "SELECT o.status FROM housing_offer o JOIN case_file c ON c.id = o.case_id"
            " WHERE c.reference = :case ORDER BY o.id DESC LIMIT 1"
        )
        return str(connection.scalar(statement, {"case": made.case}))


def test_offer_refuses_a_dwelling_that_is_too_small_without_reason(shared_world: World) -> None:
    made = household_in("preparing", shared_world, household(2, 3))
    small = DWELLING | {"rooms": 3}
    said = refusal(made, "offer_housing", "utrecht", **small)
    assert (said.code, said.field_name) == ("falls_short", "reason")
    made.take("offer_housing", "utrecht", **small, reason="De zolder is ingericht.")
    assert made.row().state == "offered"


@pytest.mark.parametrize(("need", "has"), [("wheelchair", "wheelchair"), ("ground_floor",) * 2])
def test_offer_refuses_an_unmet_need_without_reason(
    shared_world: World, need: str, has: str
) -> None:
    made = household_in("preparing", shared_world)
    made.take(
        "screen",
        "case_manager",
        member=made.members[0],
        held_on=shared_world.today,
        education_level="none",
        functional_needs=[need],
    )
    assert refusal(made, "offer_housing", "utrecht", **DWELLING).code == "falls_short"
    made.take("offer_housing", "utrecht", **DWELLING | {has: True})


@pytest.mark.parametrize(
    "change", [{"rooms": 0}, {"rooms": 21}, {"rent": "-1"}, {"rent": "5001"}, {"rent": "1.234"}]
)
def test_offer_refuses_figures_that_no_dwelling_has(
    shared_world: World, change: dict[str, object]
) -> None:
    with pytest.raises(InvalidPayload) as refused:
        shared_world.take("offer_housing", "utrecht", DWELLING | change, "bbbbbbbbbbbbbbbb")
    assert list(refused.value.errors) == list(change)


def test_accept_refuses_a_viewing_before_the_offer(shared_world: World) -> None:
    made = household_in("offered", shared_world)
    early = shared_world.today - timedelta(days=1)
    assert refusal(made, "accept_offer", "case_manager", viewing_on=early).code == "too_early"
    made.take("accept_offer", "case_manager")
    assert _offer_status(made) == "accepted"


def test_refuse_offer_needs_a_warning(shared_world: World) -> None:
    made = household_in("offered", shared_world)
    said = refusal(made, "refuse_offer", "case_manager", **REFUSAL | {"warned": False})
    assert (said.code, said.field_name) == ("not_warned", "warned")


def _judged(judgment: str) -> dict[str, str]:
    return {"judgment": judgment, "motivation": "Na weging van alle belangen."}


def test_a_refusal_is_not_judged_by_the_linker(shared_world: World) -> None:
    made = household_in("refused", shared_world)
    for judgment in ("justified", "unjustified", "accepted_after_all", "ended"):
        said = refusal(made, "judge_refusal", "placement_officer", **_judged(judgment))
        assert said.code == "same_officer"


def test_a_justified_refusal_returns_to_the_search(shared_world: World) -> None:
    made = household_in("refused", shared_world)
    made.take("judge_refusal", "second_placement_officer", **_judged("justified"))
    row = made.row()
    assert (row.state, row.offer_id, row.reserved) == ("preparing", None, 1)


def test_a_dwelling_accepted_after_all_leads_to_the_move(shared_world: World) -> None:
    made = household_in("refused", shared_world)
    made.take("judge_refusal", "second_placement_officer", **_judged("accepted_after_all"))
    assert (made.row().state, _offer_status(made)) == ("moving", "accepted")
    made.take("withdraw_offer", "utrecht", reason="De woning is afgebrand.")
    assert (made.row().state, _offer_status(made)) == ("preparing", "withdrawn")


def test_an_unjustified_refusal_waits_for_the_reaction_date_and_then_ends(
    shared_world: World,
) -> None:
    made = household_in("refused", shared_world)
    judge = "second_placement_officer"
    assert refusal(made, "judge_refusal", judge, **_judged("ended")).code == "reaction_term"
    made.take("judge_refusal", judge, **_judged("unjustified"))
    until = add_working_days(shared_world.today, 5)
    row = made.row()
    assert (row.state, row.reaction_due_on, row.due_on) == ("refused", until, until)
    assert refusal(made, "judge_refusal", judge, **_judged("unjustified")).code == "judged"
    last = made.on(until)
    assert refusal(last, "judge_refusal", judge, **_judged("ended")).code == "reaction_term"
    after = made.on(until + timedelta(days=1))
    after.take("judge_refusal", judge, **_judged("ended"))
    row = made.row()
    assert (row.state, row.end_reason, row.reserved) == ("ended", "refusal_unjustified", 0)
    assert live_members(shared_world, made.case) == []


def test_an_unjustified_refusal_may_still_be_accepted(shared_world: World) -> None:
    made = household_in("refused", shared_world)
    made.take("judge_refusal", "second_placement_officer", **_judged("unjustified"))
    made.take("judge_refusal", "second_placement_officer", **_judged("accepted_after_all"))
    assert (made.row().state, made.row().reaction_due_on) == ("moving", None)


def test_withdraw_offer_returns_to_the_search(shared_world: World) -> None:
    for state in ("offered", "moving"):
        made = household_in(state, shared_world)
        made.take("withdraw_offer", "utrecht", reason="Toch verkocht.")
        row = made.row()
        assert (row.state, row.offer_id, row.reserved) == ("preparing", None, 1)


def test_lease_refuses_a_date_before_the_offer_or_to_come(shared_world: World) -> None:
    made = household_in("moving", shared_world)
    today = shared_world.today
    early, late = today - timedelta(days=1), today + timedelta(days=1)
    assert refusal(made, "sign_lease", "utrecht", title_on=early).code == "too_early"
    assert refusal(made, "sign_lease", "utrecht", title_on=late).code == "future"
    said = refusal(made, "sign_lease", "utrecht", title_on=today, move_planned_on=early)
    assert said.field_name == "move_planned_on"
    for kind in ("guardian_placement", "self_housed"):
        said = refusal(made, "sign_lease", "utrecht", title_on=today, title_kind=kind)
        assert said.code == "title_elsewhere"
    accepted = household_in("offered", shared_world)
    assert refusal(accepted, "sign_lease", "utrecht", title_on=today).code == "wrong_state"


def test_house_refuses_without_a_title(shared_world: World) -> None:
    made = household_in("moving", shared_world)
    assert refusal(made, "house", "utrecht", housed_on=shared_world.today).code == "no_title"
    searching = household_in("preparing", shared_world)
    assert refusal(searching, "house", "utrecht", housed_on=shared_world.today).code == "no_offer"


def test_house_refuses_before_the_title_date(shared_world: World) -> None:
    made = household_in("moving", shared_world)
    today = shared_world.today
    made.take("sign_lease", "utrecht", title_on=today)
    for actor in ("utrecht", "case_manager"):
        said = refusal(made, "house", actor, housed_on=today - timedelta(days=1))
        assert (said.code, said.field_name) == ("too_early", "housed_on")
        assert refusal(made, "house", actor, housed_on=today + timedelta(days=1)).code == "future"


def test_house_refuses_a_member_who_is_not_live(shared_world: World) -> None:
    made = household_in("moving", shared_world, household(2))
    made.take("sign_lease", "utrecht", title_on=shared_world.today)
    made.take(
        "remove_member",
        "case_manager",
        member=made.members[1],
        left_on=shared_world.today,
        reason="withdrawn",
    )
    said = refusal(made, "house", "utrecht", housed_on=shared_world.today, moved=made.members)
    assert (said.code, said.field_name) == ("not_a_member", "moved")


def test_house_repeats_for_those_who_follow_later(shared_world: World) -> None:
    made = household_in("moving", shared_world, household(2))
    today = shared_world.today
    made.take("sign_lease", "utrecht", title_on=today)
    made.take("house", "utrecht", housed_on=today, moved=made.members[:1])
    assert refusal(made, "house", "utrecht", housed_on=today, moved=made.members[:1]).code == (
        "moved"
    )
    said = refusal(made, "sign_off", "case_manager", booked_on=today, signed_off=made.members)
    assert said.code == "not_moved"
    made.take("sign_off", "case_manager", booked_on=today)
    assert lines(made, "realised", "released") == [
        (UTRECHT, "2017-I", "realised", 1),
        (UTRECHT, "2017-I", "released", -1),
    ]
    assert refusal(made, "close", "case_manager", **NO_TALK).code == "not_signed_off"
    later = made.on(today + timedelta(days=3))
    later.take("house", "utrecht", housed_on=today + timedelta(days=3))
    later.take("sign_off", "case_manager", booked_on=today + timedelta(days=3))
    later.take("close", "case_manager", **NO_TALK)
    assert made.row().reserved == 0


def test_a_self_housed_household_takes_its_link_along(shared_world: World) -> None:
    made = household_in("preparing", shared_world, household(2))
    today = shared_world.today
    made.take("house", "case_manager", housed_on=today, self_housed_in=AMSTERDAM)
    row = made.row()
    assert (row.municipality_code, row.title_kind, row.state) == (
        AMSTERDAM,
        "self_housed",
        "housed",
    )
    with pytest.raises(NotFound):
        made.take("record_outcome", "utrecht", **_outcome(made))
    made.take("sign_off", "case_manager", booked_on=today)
    assert lines(made) == [
        (UTRECHT, "2017-I", "reserved", 2),
        (UTRECHT, "2017-I", "released", -2),
        (AMSTERDAM, "2017-I", "reserved", 2),
        (AMSTERDAM, "2017-I", "realised", 1),
        (AMSTERDAM, "2017-I", "realised", 1),
        (AMSTERDAM, "2017-I", "released", -2),
    ]


def test_self_housed_is_never_refused_for_want_of_room(world: World) -> None:
    made = household_in("preparing", world, household(2, 3))
    made.take("house", "utrecht", housed_on=world.today, self_housed_in=TINY)
    assert made.row().municipality_code == TINY
    other = household_in("linked", world)
    other.take("house", "utrecht", housed_on=world.today, self_housed_in=EXEMPT)
    assert other.row().municipality_code == EXEMPT


def test_self_housed_in_an_unknown_municipality_or_before_the_permit_is_refused(
    shared_world: World,
) -> None:
    made = household_in("preparing", shared_world)
    today = shared_world.today
    said = refusal(made, "house", "utrecht", housed_on=today, self_housed_in="GM9999")
    assert said.code == "unknown_municipality"
    early = today - timedelta(days=11)
    said = refusal(made, "house", "utrecht", housed_on=early, self_housed_in=UTRECHT)
    assert (said.code, said.field_name) == ("too_early", "housed_on")


def _outcome(made: Household) -> dict[str, object]:
    today = made.world.today
    return {
        "member": made.members[0],
        "kind": "work",
        "months_after": "6",
        "measured_on": today,
    }


def test_sign_off_refuses_early_future_and_second_bookings(shared_world: World) -> None:
    made = household_in("housed", shared_world, household(2))
    today = shared_world.today
    early, late = today - timedelta(days=1), today + timedelta(days=1)
    assert refusal(made, "sign_off", "case_manager", booked_on=early).code == "too_early"
    assert refusal(made, "sign_off", "case_manager", booked_on=late).code == "future"
    made.take("sign_off", "case_manager", booked_on=today, signed_off=made.members[:1])
    said = refusal(made, "sign_off", "case_manager", booked_on=today, signed_off=made.members[:1])
    assert said.code == "signed_off"
    made.take("sign_off", "case_manager", booked_on=today)
    assert refusal(made, "sign_off", "case_manager", booked_on=today).code == "nobody"
    assert sum(line[3] for line in lines(made, "realised")) == 2


@pytest.mark.parametrize(
    ("kind", "counts"),
    [
        ("regular_home", True),
        ("temporary_scheme", True),
        ("self_catering_arrangement", True),
        ("municipal_arrangement", True),
        ("transit_location", False),
        ("hosting_scheme", False),
        ("reception_hotel", False),
    ],
)
def test_sign_off_refuses_housing_that_does_not_count_on_the_day_of_the_move(
    shared_world: World, kind: str, *, counts: bool
) -> None:
    made = household_in("moving", shared_world)
    today = shared_world.today
    made.take("sign_lease", "utrecht", title_on=today)
    made.take("house", "utrecht", housed_on=today, housing_kind=kind)
    if counts:
        made.take("sign_off", "case_manager", booked_on=today)
        return
    assert refusal(made, "sign_off", "case_manager", booked_on=today).code == "does_not_count"
    made.take("move_on", "utrecht", moved_on=today)
    made.take("sign_off", "case_manager", booked_on=today)


def test_close_refuses_until_all_are_signed_off_and_the_handover_is_accounted_for(
    shared_world: World,
) -> None:
    made = household_in("housed", shared_world, household(2))
    assert refusal(made, "close", "case_manager", **NO_TALK).code == "not_signed_off"
    made.take("sign_off", "case_manager", booked_on=shared_world.today)
    assert (
        refusal(made, "close", "case_manager", handover_outcome="not_held").field_name == "reason"
    )
    said = refusal(made, "close", "case_manager", handover_outcome="completed")
    assert said.code == "no_handover"
    made.take("close", "case_manager", **NO_TALK)
    assert live_members(shared_world, made.case) == []


def test_moving_on_posts_no_second_realisation(shared_world: World) -> None:
    made = household_in("moving", shared_world)
    today = shared_world.today
    made.take("sign_lease", "utrecht", title_on=today)
    made.take("house", "utrecht", housed_on=today, housing_kind="temporary_scheme")
    made.take("sign_off", "case_manager", booked_on=today)
    made.take("close", "case_manager", **NO_TALK)
    before = lines(made)
    later = made.on(today + timedelta(days=90))
    early = today - timedelta(days=1)
    assert refusal(later, "move_on", "utrecht", moved_on=early).code == "too_early"
    later.take("move_on", "utrecht", moved_on=today + timedelta(days=80))
    assert lines(made) == before
    said = refusal(later, "move_on", "utrecht", moved_on=today + timedelta(days=85))
    assert said.code == "regular"


def test_an_outcome_is_recorded_by_the_municipality_for_two_years(shared_world: World) -> None:
    made = household_in("closed", shared_world)
    late = made.on(shared_world.today + timedelta(days=800))
    with pytest.raises(NotFound):
        late.take("record_outcome", "utrecht", **_outcome(made))
    with pytest.raises(NotFound):
        made.take("record_outcome", "amsterdam", **_outcome(made))
    future = _outcome(made) | {"measured_on": shared_world.today + timedelta(days=1)}
    assert refusal(made, "record_outcome", "utrecht", **future).code == "future"
    soon = made.on(shared_world.today + timedelta(days=300))
    soon.take("record_outcome", "utrecht", **_outcome(soon))
