"""Registering and screening: what each step refuses, in the words of process.md."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import (
    Row,
    household,
    household_in,
    lines,
    live_members,
    member,
    refusal,
    registered,
)
from tests.world import AMSTERDAM, CENTRE, UTRECHT, World
from workflows.errors import InvalidPayload, KeyReused, NotFound, Refused, StaleVersion


def _code(world: World, **payload: Any) -> tuple[str, str | None]:
    members = payload.pop("members", None)
    with pytest.raises(Refused) as refused:
        registered(world, members, **payload)
    return refused.value.code, refused.value.field_name


def _invalid(world: World, **payload: Any) -> dict[str, str]:
    members = payload.pop("members", None)
    with pytest.raises(InvalidPayload) as refused:
        registered(world, members, **payload)
    return {name: str(error) for name, error in refused.value.errors.items()}


def test_register_refuses_a_v_number_in_a_live_case(shared_world: World) -> None:
    person = member()
    registered(shared_world, [person])
    assert _code(shared_world, members=[person]) == ("v_number_live", "members_to_add.0.v_number")


def test_register_takes_a_v_number_whose_case_ended(shared_world: World) -> None:
    person = member()
    ended = household_in("ended", shared_world, [person])
    again = registered(shared_world, [person])
    assert again.members == ended.members


def test_register_refuses_a_v_number_of_somebody_else(shared_world: World) -> None:
    person = member()
    household_in("ended", shared_world, [person])
    other = person | {"birth_date": "1971-05-06"}
    assert _code(shared_world, members=[other]) == ("v_number_other", "members_to_add.0.v_number")


def test_register_refuses_a_v_number_named_twice(shared_world: World) -> None:
    twice = [member(v_number="9997777001"), member("partner", v_number="9997777001")]
    assert _code(shared_world, members=twice) == ("v_number_twice", "members_to_add.1.v_number")


def test_register_refuses_a_permit_date_in_the_future(shared_world: World) -> None:
    tomorrow = shared_world.today + timedelta(days=1)
    assert _code(shared_world, permit_on=tomorrow) == ("future", "permit_on")


def test_register_refuses_a_permit_date_from_before_all_terms(shared_world: World) -> None:
    assert _code(shared_world, permit_on="1999-12-31") == ("no_terms", "permit_on")


def test_register_refuses_a_birth_date_in_the_future(shared_world: World) -> None:
    born = [member(born="2017-02-02")]
    assert _code(shared_world, members=born) == ("future", "members_to_add.0.birth_date")


def test_register_refuses_a_follow_on_without_sponsor(shared_world: World) -> None:
    assert _code(shared_world, kind="family_follow_on") == ("no_sponsor", "sponsor_case")


def test_register_refuses_a_sponsor_that_does_not_exist(shared_world: World) -> None:
    said = _code(shared_world, kind="family_follow_on", sponsor_case="bbbbbbbbbbbbbbbb")
    assert said == ("unknown_case", "sponsor_case")


def test_register_takes_a_follow_on_with_its_sponsor(shared_world: World) -> None:
    sponsor = household_in("closed", shared_world).case
    made = registered(shared_world, kind="family_follow_on", sponsor_case=sponsor)
    assert made.row().sponsor_case_id is not None


def test_register_needs_a_centre_unless_resettled(shared_world: World) -> None:
    assert _code(shared_world, centre=None) == ("no_centre", "centre")
    assert _code(shared_world, centre=None, kind="resettlement") == ("no_region", "centre")
    made = registered(shared_world, actor="placement_officer", centre=None, kind="resettlement")
    assert made.row().centre_id is None


def test_register_refuses_a_centre_that_does_not_exist(shared_world: World) -> None:
    with pytest.raises(Refused, match="opvanglocatie bestaat niet"):
        shared_world.take(
            "register",
            "case_manager",
            {
                "permit_on": shared_world.today,
                "centre": "bbbbbbbbbbbbbbbb",
                "members_to_add": household(),
            },
        )


def test_register_at_another_centre_is_not_found(shared_world: World) -> None:
    with pytest.raises(NotFound):
        registered(shared_world, actor="far_case_manager", centre=CENTRE)


def test_register_refuses_a_grown_up_minor(shared_world: World) -> None:
    assert _code(shared_world, kind="unaccompanied_minor")[0] == "not_minor"


def test_register_needs_one_head(shared_world: World) -> None:
    assert _code(shared_world, members=[member("partner")])[0] == "one_head"
    assert _code(shared_world, members=[member(), member()])[0] == "one_head"


def test_register_needs_a_v_number_except_for_the_newborn(shared_world: World) -> None:
    members = [member(), member("child", "2016-01-01", v_number=None)]
    assert _code(shared_world, members=members)[0] == "v_number_missing"
    members = [member(), member("child", "2017-01-30", v_number=None)]
    assert len(registered(shared_world, members).members) == 2


BAD: list[tuple[Row, str]] = [
    ({"v_number": "12345"}, "members_to_add.0.v_number"),
    ({"v_number": "abcdefghij"}, "members_to_add.0.v_number"),
    ({"bsn": "123456789"}, "members_to_add.0.bsn"),
    ({"given_names": ""}, "members_to_add.0.given_names"),
    ({"given_names": "x" * 101}, "members_to_add.0.given_names"),
    ({"given_names": "Noor\x00"}, "members_to_add.0.given_names"),
    ({"family_name": "Voor\ud800beeld"}, "members_to_add.0.family_name"),
    ({"family_name": "Voor\nbeeld"}, "members_to_add.0.family_name"),
    ({"birth_date": "31-31-2017"}, "members_to_add.0.birth_date"),
    ({"birth_date": "0000-00-00"}, "members_to_add.0.birth_date"),
    ({"sex": "x"}, "members_to_add.0.sex"),
    ({"nationality": "Syrië"}, "members_to_add.0.nationality"),
    ({"role": "king"}, "members_to_add.0.role"),
    ({"languages": ["x"] * 11}, "members_to_add.0.languages"),
    ({"is_admin": True}, "members_to_add.0.is_admin"),
]


@pytest.mark.parametrize(("change", "path"), BAD)
def test_register_names_the_field_that_is_not_well_formed(
    world_without_cases: World, change: Row, path: str
) -> None:
    said = _invalid(world_without_cases, members=[member(**change)])
    assert list(said) == [path]
    assert said[path]


@pytest.fixture(scope="module")
def world_without_cases(shared_world: World) -> World:
    """Return the module's world: what is refused here stores nothing in it."""
    return shared_world


def test_register_keeps_html_in_a_name_as_text(shared_world: World) -> None:
    name = "<script>alert('Noor')</script> & zn."
    made = registered(shared_world, [member(given_names=name)])
    assert made.row().persons == 1


def test_register_refuses_more_members_than_it_can_hold(shared_world: World) -> None:
    many = [member(), *(member("child", "2010-01-01") for _ in range(20))]
    assert list(_invalid(shared_world, members=many)) == ["members_to_add"]
    assert list(_invalid(shared_world, members=[])) == ["members_to_add"]


def test_a_bsn_of_another_person_is_refused(shared_world: World) -> None:
    registered(shared_world, [member(bsn="111222333")])
    assert _code(shared_world, members=[member(bsn="111222333")])[0] == "bsn_taken"


def test_a_repeated_form_gives_the_same_answer_and_another_under_its_key_is_refused(
    shared_world: World,
) -> None:
    made = registered(shared_world)
    who, key = "case_manager", "form 1 of test"
    payload = {"place": "elsewhere", "stays_from": shared_world.today}
    first, second = (
        shared_world.take("record_stay", who, payload, made.case, None, key) for _ in range(2)
    )
    assert (first.version, second.version, second.replayed) == (2, 2, True)
    other = payload | {"place": "centre"}
    with pytest.raises(KeyReused):
        shared_world.take("record_stay", who, other, made.case, None, key)


def test_a_refusal_leaves_the_key_unused(shared_world: World) -> None:
    made = registered(shared_world)
    future = {"place": "elsewhere", "stays_from": "2017-03-01"}
    key = "form 2 of test"
    with pytest.raises(Refused):
        shared_world.take("record_stay", "case_manager", future, made.case, None, key)
    right = {"place": "elsewhere", "stays_from": "2017-02-01"}
    assert not shared_world.take(
        "record_stay", "case_manager", right, made.case, None, key
    ).replayed


def test_a_stale_version_says_who_came_first(shared_world: World) -> None:
    made = registered(shared_world)
    payload = {"place": "elsewhere", "stays_from": shared_world.today}
    shared_world.take("record_stay", "colleague", payload, made.case, 1)
    with pytest.raises(StaleVersion) as stale:
        shared_world.take("record_stay", "case_manager", payload, made.case, 1)
    assert (stale.value.step, stale.value.actor_name) == ("record_stay", "Colleague")


def test_screen_refuses_a_member_who_is_not_live(shared_world: World) -> None:
    made = registered(shared_world, household(2))
    partner = made.members[1]
    made.take(
        "remove_member",
        "case_manager",
        member=partner,
        left_on=shared_world.today,
        reason="withdrawn",
    )
    said = refusal(
        made,
        "screen",
        "case_manager",
        member=partner,
        held_on=shared_world.today,
        education_level="none",
    )
    assert (said.code, said.field_name) == ("not_a_member", "member")


def test_screen_is_for_adults(shared_world: World) -> None:
    made = registered(shared_world, household(1, 1))
    child = made.members[1]
    said = refusal(
        made, "screen", "case_manager", member=child, held_on=shared_world.today, absence="ill"
    )
    assert said.code == "minor"


def test_screen_wants_a_result_or_a_reason_and_no_future(shared_world: World) -> None:
    made = registered(shared_world)
    head, today = made.members[0], shared_world.today
    assert refusal(made, "screen", "case_manager", member=head, held_on=today).code == "held_or_why"
    tomorrow = today + timedelta(days=1)
    said = refusal(made, "screen", "case_manager", member=head, held_on=tomorrow, absence="ill")
    assert said.code == "future"


def test_complete_screening_refuses_an_adult_without_screening_or_reason(
    shared_world: World,
) -> None:
    made = registered(shared_world, household(2, 1))
    today = shared_world.today
    assert refusal(made, "complete_screening", "case_manager").values == {"count": 2}
    made.take("screen", "case_manager", member=made.members[0], held_on=today, absence="declined")
    assert refusal(made, "complete_screening", "case_manager").code == "screening_missing"
    made.take(
        "screen", "case_manager", member=made.members[1], held_on=today, education_level="master"
    )
    made.take("complete_screening", "case_manager", advised_regions=[14])
    assert made.row().state == "screened"


def test_complete_screening_refuses_places_that_do_not_exist(shared_world: World) -> None:
    made = registered(shared_world)
    today = shared_world.today
    made.take("screen", "case_manager", member=made.members[0], held_on=today, absence="ill")
    said = refusal(made, "complete_screening", "case_manager", advised_regions=[36])
    assert said.field_name == "advised_regions"
    criterion = {"criterion": "safety", "municipality": "GM9999", "evidence": "brief"}
    said = refusal(made, "complete_screening", "case_manager", hard_criteria=[criterion])
    assert said.field_name == "hard_criteria.0.municipality"


def test_resettled_households_need_no_screening(shared_world: World) -> None:
    made = registered(shared_world, actor="placement_officer", centre=None, kind="resettlement")
    made.take("complete_screening", "placement_officer")
    made.take("link", "placement_officer", municipality=UTRECHT)
    assert made.row().state == "linked"


def test_a_step_out_of_turn_is_refused(shared_world: World) -> None:
    made = registered(shared_world)
    for step, payload in (("link", {"municipality": AMSTERDAM}), ("judge_refusal", _JUDGED)):
        assert refusal(made, step, "placement_officer", **payload).code == "wrong_state"


_JUDGED = {"judgment": "justified", "motivation": "Ja."}


def test_end_refuses_the_future_and_reasons_of_other_steps(shared_world: World) -> None:
    made = registered(shared_world)
    today = shared_world.today
    for reason in ("merged", "refusal_unjustified"):
        assert refusal(made, "end", "case_manager", reason=reason, ended_on=today).code == "reason"
    early = today - timedelta(days=11)
    ended = refusal(made, "end", "case_manager", reason="deceased", ended_on=early)
    assert ended.code == "too_early"
    late = today + timedelta(days=1)
    assert refusal(made, "end", "case_manager", reason="deceased", ended_on=late).code == "future"


def test_a_person_ended_without_housing_releases_the_room_and_counts_nowhere(
    shared_world: World,
) -> None:
    made = household_in("offered", shared_world, household(2))
    made.take("end", "case_manager", reason="deceased", ended_on=shared_world.today)
    assert lines(made) == [(UTRECHT, "2017-I", "reserved", 2), (UTRECHT, "2017-I", "released", -2)]
    assert live_members(shared_world, made.case) == []
    row = made.row()
    assert (row.state, row.reserved, row.municipality_code) == ("ended", 0, None)
