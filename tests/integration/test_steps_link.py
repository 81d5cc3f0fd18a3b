"""Linking, contesting and releasing: what each step refuses, in the words of process.md."""

from datetime import timedelta

from sqlalchemy import select

from models import Screening
from tests.factories import household, household_in, lines, refusal
from tests.world import AMSTERDAM, BUNNIK, EXEMPT, GRONINGEN, TINY, UTRECHT, World

REASON = "De gemeente stemt schriftelijk in."


def _criterion(kind: str, municipality: str) -> dict[str, str]:
    return {"criterion": kind, "municipality": municipality, "evidence": "brief"}


def test_link_refuses_without_room(world: World) -> None:
    made = household_in("screened", world, household(2, 2))
    said = refusal(made, "link", "placement_officer", municipality=TINY)
    assert (said.code, said.field_name) == ("no_room", "municipality")
    assert said.values == {"room": 3, "persons": 4}


def test_link_takes_the_last_room_and_no_more(world: World) -> None:
    household_in("linked", world, household(2, 1), municipality=TINY)
    made = household_in("screened", world)
    said = refusal(made, "link", "placement_officer", municipality=TINY)
    assert said.values == {"room": 0, "persons": 1}


def test_link_beyond_the_room_needs_a_reason_and_consent(world: World) -> None:
    made = household_in("screened", world, household(2, 2))
    ask = {"municipality": TINY, "override": "municipal_consent"}
    assert refusal(made, "link", "placement_officer", **ask).code == "override_reason"
    made.take("link", "placement_officer", **ask, override_reason=REASON)
    assert lines(made) == [(TINY, "2017-I", "reserved", 4)]


def test_link_for_a_hard_criterion_needs_the_criterion(world: World) -> None:
    made = household_in("screened", world, household(2, 2))
    ask = {"municipality": TINY, "override": "hard_criterion", "override_reason": REASON}
    assert refusal(made, "link", "placement_officer", **ask).code == "no_hard_criterion"
    criteria = [_criterion("family_reunification", TINY)]
    other = household_in("screened", world, household(2, 2), criteria=criteria)
    other.take("link", "placement_officer", **ask)
    assert other.row().municipality_code == TINY


def test_treatment_is_content_with_any_region_that_has_the_kind_of_hospital(world: World) -> None:
    burns = _criterion("specialist_treatment", UTRECHT) | {"care": "burns"}
    made = household_in("screened", world, criteria=[burns])
    said = refusal(made, "link", "placement_officer", municipality=AMSTERDAM)
    assert said.code == "hard_criterion"
    made.take("link", "placement_officer", municipality=GRONINGEN)
    assert made.row().municipality_code == GRONINGEN


def test_a_kind_of_hospital_belongs_to_treatment_only(world: World) -> None:
    made = household_in("registered", world)
    made.take(
        "screen",
        "case_manager",
        member=made.members[0],
        held_on=world.today,
        education_level="none",
    )
    burns = _criterion("existing_work", UTRECHT) | {"care": "burns"}
    said = refusal(made, "complete_screening", "case_manager", hard_criteria=[burns])
    assert (said.code, said.field_name) == ("care_without_treatment", "hard_criteria.0.care")


def test_the_network_lives_in_a_municipality_that_exists(world: World) -> None:
    made = household_in("registered", world)
    ask = {"member": made.members[0], "held_on": world.today, "education_level": "none"}
    said = refusal(made, "screen", "case_manager", **ask, network_municipality="GM9999")
    assert (said.code, said.field_name) == ("unknown_municipality", "network_municipality")
    made.take("screen", "case_manager", **ask, network_municipality=BUNNIK)
    with world.engine.connect() as connection:
        assert connection.scalar(select(Screening.network_municipality)) == BUNNIK


def test_link_refuses_an_exempt_municipality_but_for_a_hard_criterion(world: World) -> None:
    made = household_in("screened", world)
    said = refusal(made, "link", "placement_officer", municipality=EXEMPT)
    assert said.code == "exempt"
    consent = {"override": "municipal_consent", "override_reason": REASON}
    said = refusal(made, "link", "placement_officer", municipality=EXEMPT, **consent)
    assert said.code == "exempt"
    criteria = [_criterion("family_reunification", EXEMPT)]
    other = household_in("screened", world, criteria=criteria)
    hard = {"override": "hard_criterion", "override_reason": REASON}
    other.take("link", "placement_officer", municipality=EXEMPT, **hard)
    assert other.row().state == "linked"


def test_link_refuses_the_municipality_that_is_not_safe(shared_world: World) -> None:
    made = household_in("screened", shared_world, criteria=[_criterion("safety", UTRECHT)])
    assert refusal(made, "link", "placement_officer", municipality=UTRECHT).code == "hard_criterion"
    made.take("link", "placement_officer", municipality=AMSTERDAM)


def test_link_refuses_another_region_than_that_of_the_work(shared_world: World) -> None:
    made = household_in("screened", shared_world, criteria=[_criterion("existing_work", UTRECHT)])
    said = refusal(made, "link", "placement_officer", municipality=GRONINGEN)
    assert said.code == "hard_criterion"
    # Bunnik lies in the labour-market region of Utrecht.
    made.take("link", "placement_officer", municipality=BUNNIK)


def test_link_refuses_another_municipality_than_that_of_the_family(shared_world: World) -> None:
    criteria = [_criterion("family_reunification", UTRECHT)]
    made = household_in("screened", shared_world, criteria=criteria)
    assert refusal(made, "link", "placement_officer", municipality=BUNNIK).code == "hard_criterion"


def test_link_refuses_a_municipality_that_does_not_exist(shared_world: World) -> None:
    made = household_in("screened", shared_world)
    said = refusal(made, "link", "placement_officer", municipality="GM9999")
    assert (said.code, said.field_name) == ("unknown_municipality", "municipality")


def test_contest_is_judged_by_another_than_the_linker(shared_world: World) -> None:
    made = household_in("preparing", shared_world)
    judged = {"judgment": "contest_granted", "motivation": "Terecht."}
    assert refusal(made, "judge_contest", "second_placement_officer", **judged).code == (
        "not_contested"
    )
    contest = {"ground": "safety", "explanation": "De ex-partner woont hier."}
    made.take("ask_contest", "utrecht", **contest)
    assert made.row().state == "preparing"
    assert made.row().waiting_party == "region"
    assert refusal(made, "ask_contest", "utrecht", **contest).code == "already_contested"
    assert refusal(made, "judge_contest", "placement_officer", **judged).code == "same_officer"
    made.take("judge_contest", "second_placement_officer", **judged)
    row = made.row()
    assert (row.state, row.municipality_code, row.reserved) == ("screened", None, 0)


def test_a_contest_that_is_not_granted_leaves_the_link(shared_world: World) -> None:
    made = household_in("linked", shared_world)
    made.take("ask_contest", "utrecht", ground="safety", explanation="Onveilig.")
    made.take(
        "judge_contest", "second_placement_officer", judgment="link_upheld", motivation="Nee."
    )
    row = made.row()
    assert (row.state, row.contested_on, row.waiting_party) == ("linked", None, "municipality")


def test_no_dwelling_is_offered_while_a_contest_waits(shared_world: World) -> None:
    made = household_in("preparing", shared_world)
    made.take("ask_contest", "utrecht", ground="safety", explanation="Onveilig.")
    dwelling = {
        "dwelling_type": "flat",
        "rooms": 3,
        "rent": "500",
        "landlord": "Verhuurder",
        "available_from": shared_world.today,
    }
    assert refusal(made, "offer_housing", "utrecht", **dwelling).code == "contested"


def test_a_contest_ends_when_the_household_found_a_home_itself(shared_world: World) -> None:
    made = household_in("linked", shared_world)
    made.take("ask_contest", "utrecht", ground="safety", explanation="Onveilig.")
    made.take("house", "case_manager", housed_on=shared_world.today, self_housed_in=UTRECHT)
    row = made.row()
    assert (row.contested_on, row.waiting_party) == (None, "centre")


def test_release_link_frees_the_room_until_the_move(shared_world: World) -> None:
    for state in ("linked", "preparing", "offered", "moving", "refused"):
        made = household_in(state, shared_world, household(2))
        made.take("release_link", "placement_officer", reason="household_changed")
        assert made.row().state == "screened"
        assert lines(made)[-1] == (UTRECHT, "2017-I", "released", -2)
    housed = household_in("housed", shared_world)
    said = refusal(housed, "release_link", "placement_officer", reason="safety")
    assert said.code == "wrong_state"


def test_a_reservation_is_released_in_the_half_year_that_made_it(shared_world: World) -> None:
    made = household_in("linked", shared_world).on(shared_world.today + timedelta(days=200))
    made.take("release_link", "placement_officer", reason="linked_in_error")
    assert lines(made) == [(UTRECHT, "2017-I", "reserved", 1), (UTRECHT, "2017-I", "released", -1)]


def test_preparation_starts_with_the_link_and_fits_a_day(shared_world: World) -> None:
    made = household_in("screened", shared_world, household(1, 1))
    today = shared_world.today
    lesson = {"member": made.members[0], "module": "dutch_lessons", "on_date": today, "hours": 5}
    assert refusal(made, "record_preparation", "case_manager", **lesson).code == "wrong_state"
    made.take("link", "placement_officer", municipality=UTRECHT)
    before = lesson | {"on_date": today - timedelta(days=1)}
    assert refusal(made, "record_preparation", "case_manager", **before).code == "too_early"
    after = lesson | {"on_date": today + timedelta(days=1)}
    assert refusal(made, "record_preparation", "case_manager", **after).code == "future"
    child = lesson | {"member": made.members[1]}
    assert refusal(made, "record_preparation", "case_manager", **child).code == "minor"
    made.take("record_preparation", "case_manager", **lesson)
    more = lesson | {"module": "society_knowledge", "hours": 4}
    said = refusal(made, "record_preparation", "case_manager", **more)
    assert (said.code, said.values) == ("too_many_hours", {"ceiling": 8, "earlier": 5})


def test_suspension_extends_the_terms_and_has_a_ceiling(shared_world: World) -> None:
    made = household_in("preparing", shared_world)
    due, today = made.row().due_on, shared_world.today
    pause = {"reason": "illness"}
    said = refusal(made, "suspend", "utrecht", **pause, until=today)
    assert said.code == "past"
    said = refusal(made, "suspend", "utrecht", **pause, until=today + timedelta(days=183))
    assert (said.code, said.values["ceiling"]) == ("ceiling", 182)
    assert refusal(made, "resume", "utrecht").code == "not_suspended"
    made.take("suspend", "utrecht", **pause, until=today + timedelta(days=30))
    assert made.row().due_on == due + timedelta(days=30)
    assert refusal(made, "suspend", "utrecht", **pause, until=today + timedelta(days=5)).code == (
        "suspended"
    )
    later = made.on(today + timedelta(days=10))
    later.take("resume", "utrecht")
    assert later.row().due_on == due + timedelta(days=10)
    assert later.row().suspended_days == 10
    said = refusal(later, "suspend", "utrecht", **pause, until=today + timedelta(days=183))
    assert said.values["used"] == 10


def test_assign_names_a_colleague_of_the_own_organisation_only(shared_world: World) -> None:
    made = household_in("preparing", shared_world)
    people = shared_world.references
    for actor, stranger in (("case_manager", "utrecht"), ("utrecht", "case_manager")):
        said = refusal(made, "assign", actor, colleague=people[stranger])
        assert (said.code, said.field_name) == ("not_a_colleague", "colleague")
    made.take("assign", "case_manager", colleague=people["colleague"])
    made.take("assign", "utrecht", colleague=people["utrecht_colleague"])
    row = made.row()
    assert row.assignee_id == shared_world.actors["colleague"].user_id
    assert row.municipal_contact_id == shared_world.actors["utrecht_colleague"].user_id


def test_take_up_names_a_contact_of_the_municipality(shared_world: World) -> None:
    made = household_in("linked", shared_world)
    stranger = shared_world.references["amsterdam"]
    assert refusal(made, "take_up", "utrecht", colleague=stranger).code == "not_a_colleague"
