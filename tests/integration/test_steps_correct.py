"""Corrections: they add, they never erase, and the ledger follows them."""

from datetime import date, timedelta

from sqlalchemy import text

from tests.factories import NO_TALK, household, household_in, lines, refusal
from tests.world import UTRECHT, World


def _wrong(**payload: object) -> dict[str, object]:
    return {"wrong": "Verkeerd genoteerd.", **payload}


def test_a_corrected_sign_off_reverses_once_and_books_again(shared_world: World) -> None:
    start = shared_world.on(date(2017, 6, 29))
    made = household_in("housed", start)
    made.take("sign_off", "case_manager", booked_on=date(2017, 6, 29))
    late = made.on(date(2017, 7, 3))
    right = _wrong(subject="sign_off", member=made.members[0], right_date=date(2017, 7, 1))
    late.take("correct", "case_manager", **right)
    assert lines(made, "realised") == [
        (UTRECHT, "2017-I", "realised", 1),
        (UTRECHT, "2017-I", "realised", -1),
        (UTRECHT, "2017-II", "realised", 1),
    ]
    assert made.row().reserved == 0
    late.take("correct", "case_manager", **right | {"right_date": date(2017, 6, 30)})
    assert sum(line[3] for line in lines(made, "realised")) == 1
    assert lines(made, "realised")[-1] == (UTRECHT, "2017-I", "realised", 1)


def test_a_sign_off_taken_back_reserves_the_room_again(shared_world: World) -> None:
    made = household_in("housed", shared_world)
    today = shared_world.today
    made.take("sign_off", "case_manager", booked_on=today)
    back = _wrong(subject="sign_off", member=made.members[0])
    made.take("correct", "case_manager", **back)
    assert made.row().reserved == 1
    assert refusal(made, "correct", "case_manager", **back).code == "not_signed_off"
    made.take("sign_off", "case_manager", booked_on=today)
    assert sum(line[3] for line in lines(made)) == 1


def test_correct_refuses_what_cannot_be(shared_world: World) -> None:
    made = household_in("housed", shared_world)
    today, head = shared_world.today, made.members[0]
    early, late = today - timedelta(days=1), today + timedelta(days=1)
    asked = [
        (_wrong(subject="person"), "member"),
        (_wrong(subject="person", member=head), "nothing"),
        (_wrong(subject="person", member=head, birth_date=late), "future"),
        (_wrong(subject="permit_on", member=head), "right_date"),
        (_wrong(subject="permit_on", member=head, right_date=late), "future"),
        (_wrong(subject="permit_on", member=head, right_date=date(1999, 1, 1)), "no_terms"),
        (_wrong(subject="title_on", right_date=late), "future"),
        (_wrong(subject="housed_on", member=head, right_date=early), "too_early"),
        (_wrong(subject="sign_off", member=head, right_date=today), "not_signed_off"),
    ]
    for payload, code in asked:
        assert refusal(made, "correct", "case_manager", **payload).code == code, payload
    made.take("sign_off", "case_manager", booked_on=today)
    said = refusal(
        made, "correct", "case_manager", **_wrong(subject="sign_off", member=head, right_date=early)
    )
    assert said.code == "too_early"
    made.take("close", "case_manager", **NO_TALK)
    said = refusal(made, "correct", "case_manager", **_wrong(subject="sign_off", member=head))
    assert said.code == "closed"


def test_a_corrected_permit_date_moves_the_terms(shared_world: World) -> None:
    made = household_in("registered", shared_world, household(2))
    earlier = shared_world.today - timedelta(days=40)
    made.take(
        "correct",
        "case_manager",
        **_wrong(subject="permit_on", member=made.members[1], right_date=earlier),
    )
    assert made.row().permit_on == earlier


def test_a_closed_case_leaves_the_permit_date_to_the_live_one(shared_world: World) -> None:
    made = household_in("closed", shared_world)
    again = _wrong(
        subject="permit_on", member=made.members[0], right_date=shared_world.today - timedelta(1)
    )
    said = refusal(made, "correct", "case_manager", **again)
    assert said.code == "closed"


def test_correct_erases_nothing(shared_world: World) -> None:
    made = household_in("registered", shared_world)
    fix = _wrong(subject="person", member=made.members[0], family_name="Anders")
    made.take("correct", "case_manager", **fix)
    with shared_world.engine.connect() as connection:
        said = connection.execute(
            text(
                "SELECT e.step, d.payload::text FROM case_event e JOIN event_detail d"
                " ON d.event_id = e.id JOIN case_file c ON c.id = e.case_id"
                " WHERE c.reference = :case ORDER BY e.version"
            ),
            {"case": made.case},
        ).all()
    assert [row[0] for row in said] == ["register", "correct"]
    assert "Voorbeeld" in said[0][1]
    assert "Anders" in said[1][1]
