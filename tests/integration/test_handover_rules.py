"""The fourteen rules of the warm handover, each as a test named after it."""

from datetime import date

import pytest
from sqlalchemy import select, text

from models import Outbox
from models.vocabulary import HandoverState
from tests.factories import (
    Household,
    Row,
    household,
    household_in,
    lines,
    member,
    refusal,
)
from tests.handovers import (
    INTERVIEW,
    PREPARED,
    REJECTION,
    WITHDRAWAL,
    hand_over,
    handed_over,
    row_of,
    seen_by,
)
from tests.world import AMSTERDAM, PEOPLE, SECOND_CENTRE, UTRECHT, World
from workflows.errors import NotFound
from workflows.handover.contents import digest
from workflows.handover.moves import MOVES
from workflows.reading.case import find_case
from workflows.reading.duplicates import duplicates_of
from workflows.reading.handed_over import (
    changes_since,
    interview_of,
    snapshot_of,
    thread_of,
)
from workflows.steps import BY_CODE

STEPS = [code for code in BY_CODE if "handover" in code or code == "plan_interview"]
RECEIVERS = ("ask_about_handover", "accept_handover", "reject_handover", "complete_handover")


def _told(made: Household, topic: str) -> set[int]:
    """Return the organisations that the newest event of a case told about a topic."""
    with made.world.engine.connect() as connection:
        found = connection.scalars(
            select(Outbox.organisation_id).where(
                Outbox.event_id == made.result.event_id, Outbox.topic == topic
            )
        )
        return set(found)


def test_1_it_is_addressed_to_an_organisation_and_names_a_contact_person(
    shared_world: World,
) -> None:
    made = household_in("preparing", shared_world)
    colleague = shared_world.references["colleague"]
    made.take("prepare_handover", "case_manager", colleague=colleague, **PREPARED)
    made.take("offer_handover", "case_manager")
    row = row_of(made)
    assert row.target_id == shared_world.municipalities[UTRECHT]
    assert seen_by(made, "utrecht")[0].contact_name == "Colleague"
    made.take("ask_about_handover", "utrecht", question="Wanneer past het?")
    made.take("accept_handover", "utrecht_colleague")
    assert row_of(made).state == "accepted"
    elsewhere = household_in("preparing", shared_world)
    said = refusal(
        elsewhere,
        "prepare_handover",
        "case_manager",
        colleague=shared_world.references["utrecht"],
        nothing_open=True,
    )
    assert said.field_name == "colleague"


@pytest.mark.parametrize("state", list(HandoverState))
def test_2_it_moves_by_its_states_only_and_one_is_open_per_case_and_target(
    shared_world: World, state: str
) -> None:
    made = handed_over(state, shared_world)
    open_ones = {"draft", "offered", "question", "answered", "accepted"}
    sender = {"prepare_handover", "offer_handover", "answer_about_handover", "withdraw_handover"}
    late = made.on(shared_world.later(90).today)
    payloads: dict[str, Row] = {
        "prepare_handover": PREPARED,
        "ask_about_handover": {"question": "Wat nu?"},
        "answer_about_handover": {"answer": "Dit."},
        "reject_handover": REJECTION,
        "withdraw_handover": WITHDRAWAL,
        "complete_handover": {"held": False, "absence": "no_time"},
        "plan_interview": {"planned_on": late.world.today, "interview_form": "video"},
    }
    for step in STEPS:
        actor = "case_manager" if step in sender else "utrecht"
        actor = "functional_manager" if step == "expire_handover" else actor
        again = step == "prepare_handover" and state not in open_ones
        if HandoverState(state) in MOVES[step] or again:
            continue
        said = refusal(late, step, actor, **payloads.get(step, {}))
        assert said.code == "handover_state", (step, said.code)
    with shared_world.engine.connect() as connection:
        count = connection.scalar(
            text("SELECT count(*) FROM handover WHERE case_id = :case AND state = ANY(:open)"),
            {"case": made.row().id, "open": sorted(open_ones)},
        )
    assert count == (state in open_ones)


def test_3_before_acceptance_and_after_rejection_the_receiver_sees_the_preview_only(
    shared_world: World,
) -> None:
    made = handed_over("draft", shared_world)
    assert seen_by(made, "utrecht") == []
    made.take("offer_handover", "case_manager")
    [preview] = seen_by(made, "utrecht")
    assert (preview.actions, preview.sees_snapshot, preview.sees_thread) == (1, False, True)
    with shared_world.engine.connect() as connection:
        for ask in (snapshot_of, changes_since, interview_of):
            with pytest.raises(NotFound):
                ask(connection, preview)
    made.take("reject_handover", "utrecht", **REJECTION)
    [trail] = seen_by(made, "utrecht")
    assert (trail.stage, trail.sees_snapshot, trail.sees_thread) == ("rejected", False, False)
    with shared_world.engine.connect() as connection, pytest.raises(NotFound):
        thread_of(connection, trail)


def test_3_preparation_is_seen_from_acceptance_on(shared_world: World) -> None:
    made = household_in("preparing", shared_world)
    actor = shared_world.actors["utrecht"]

    def audience() -> str:
        with shared_world.engine.connect() as connection:
            return find_case(connection, actor, made.case, shared_world.today).audience

    assert audience() == "municipality"
    hand_over(made, "accepted")
    assert audience() == "receiver"


def test_4_the_mandatory_set_is_checked_when_it_is_offered(shared_world: World) -> None:
    made = household_in("preparing", shared_world)
    said = refusal(made, "prepare_handover", "case_manager", preparation_absence="Geen plaats.")
    assert said.field_name == "open_actions"
    made.take("prepare_handover", "case_manager", nothing_open=True)
    assert refusal(made, "offer_handover", "case_manager").code == "incomplete"
    made.take(
        "record_preparation",
        "case_manager",
        member=made.members[0],
        module="dutch_lessons",
        on_date=shared_world.today,
        hours=3,
    )
    made.take("offer_handover", "case_manager")
    assert row_of(made).snapshot["preparation"][0]["hours"] == 3


def test_4_it_travels_as_a_frozen_snapshot_with_its_hash(shared_world: World) -> None:
    made = handed_over("accepted", shared_world, household(2, children=1))
    row = row_of(made)
    assert bytes(row.snapshot_hash) == digest(row.snapshot)
    assert [each["role"] for each in row.snapshot["members"]] == ["head", "partner", "child"]
    changed = row.snapshot | {"salt": "other"}
    assert digest(changed) != bytes(row.snapshot_hash)
    made.take("screen", "case_manager", member=made.members[0], held_on=shared_world.today,
              education_level="master")  # fmt: skip
    assert row_of(made).snapshot == row.snapshot
    [view] = seen_by(made, "utrecht")
    with shared_world.engine.connect() as connection:
        assert snapshot_of(connection, view) == row.snapshot
        found = changes_since(connection, view)
    assert [(each.section, each.name, each.then, each.now) for each in found] == [
        ("profile", "education_level", "bachelor", "master")
    ]


def test_5_acceptance_moves_responsibility_at_once_and_leaves_the_quota(
    shared_world: World,
) -> None:
    made = handed_over("offered", shared_world)
    before, posted = made.row(), lines(made)
    made.take("accept_handover", "utrecht")
    after = made.row()
    centre = before.centre_id
    assert (before.responsible_id, after.responsible_id) == (
        centre,
        shared_world.municipalities[UTRECHT],
    )
    assert lines(made) == posted
    [view] = seen_by(made, "utrecht_colleague")
    assert view.sees_snapshot
    # The steps stay with those who had them.
    made.take("offer_housing", "utrecht", dwelling_type="flat", rooms=8, rent="600.50",
              landlord="Woonstichting Voorbeeld", available_from="2017-02-01")  # fmt: skip
    made.take("accept_offer", "case_manager")
    with pytest.raises(NotFound):
        made.take("accept_offer", "utrecht")


def test_6_of_accept_and_withdraw_the_second_reads_what_happened(shared_world: World) -> None:
    made = handed_over("accepted", shared_world)
    said = refusal(made, "withdraw_handover", "case_manager", **WITHDRAWAL)
    assert str(said) == "De gemeente heeft deze overdracht geaccepteerd."
    for state in ("draft", "offered", "question", "answered"):
        other = handed_over(state, shared_world)
        other.take("withdraw_handover", "case_manager", **WITHDRAWAL)
        assert row_of(other).state == "withdrawn"
        late = refusal(other, "accept_handover", "utrecht")
        assert str(late) == "Deze overdracht is ingetrokken."


def test_7_rejection_needs_a_reason_and_tells_the_sender(shared_world: World) -> None:
    made = handed_over("question", shared_world)
    made.take("answer_about_handover", "case_manager", answer="Dat staat in het profiel.")
    [view] = seen_by(made, "utrecht")
    with shared_world.engine.connect() as connection:
        thread = thread_of(connection, view)
    assert [(each.asks, each.words) for each in thread] == [
        (True, "Is er een diploma?"),
        (False, "Dat staat in het profiel."),
    ]
    made.take("reject_handover", "utrecht", **REJECTION)
    row = row_of(made)
    assert (row.reason, row.explanation) == ("incomplete", "Er ontbreekt een diploma.")
    assert _told(made, "handover_rejected") == {row.sender_id}
    assert made.row().responsible_id == row.sender_id
    made.take("prepare_handover", "case_manager", nothing_open=True)
    assert row_of(made).state == "draft"


def test_9_the_receiver_is_shown_possible_duplicates_of_its_own_cases(
    shared_world: World,
) -> None:
    def named(name: str, **more: str) -> Row:
        return member(born="1985-07-07", given_names="Dubbel", family_name=name, **more)

    known = household_in("linked", shared_world, [named("Gevonden")])
    household_in("linked", shared_world, [named("Gevonden")], municipality=AMSTERDAM)
    made = handed_over("offered", shared_world, [named("Gevonden")])
    again = household_in("closed", shared_world, [named("Terug", v_number="9991212126")])
    back = handed_over("offered", shared_world, [named("Terug", v_number="9991212126")])
    actor = shared_world.actors["utrecht"]
    with shared_world.engine.connect() as connection:
        found = duplicates_of(connection, actor, made.row().id, shared_world.today)
        returned = duplicates_of(connection, actor, back.row().id, shared_world.today)
    assert [(each.case_reference, each.sign) for each in found] == [(known.case, "name")]
    assert [(each.case_reference, each.sign) for each in returned] == [(again.case, "v_number")]


def test_10_it_has_a_term_in_working_days_and_expires_after_it(shared_world: World) -> None:
    made = handed_over("offered", shared_world)
    due = row_of(made).due_on
    assert (shared_world.today, due) == (date(2017, 2, 1), date(2017, 2, 15))
    assert refusal(made.on(due), "expire_handover", "functional_manager").code == "not_due"
    late = made.on(date(2017, 2, 16))
    late.take("expire_handover", "functional_manager")
    row = row_of(made)
    assert row.state == "expired"
    assert _told(made, "handover_expired") == {row.sender_id, row.target_id}
    assert str(refusal(late, "accept_handover", "utrecht")).startswith("De termijn")
    for name in set(PEOPLE) - {"functional_manager"}:
        with pytest.raises(NotFound):
            late.take("expire_handover", name)


def test_11_the_sender_keeps_a_read_only_trail(shared_world: World) -> None:
    made = handed_over("completed", shared_world)
    made.take(
        "change_centre",
        "placement_officer",
        centre=shared_world.centre(SECOND_CENTRE),
        moved_on=shared_world.today,
    )
    with pytest.raises(NotFound):
        made.take("record_stay", "case_manager", place="elsewhere", stays_from=shared_world.today)
    [trail] = seen_by(made, "case_manager")
    row = row_of(made)
    assert (trail.target_name, trail.offered_at, trail.accepted_at, trail.hash_words) == (
        "Utrecht",
        row.offered_at,
        row.accepted_at,
        bytes(row.snapshot_hash).hex(),
    )
    assert trail.sees_snapshot


@pytest.mark.parametrize("step", STEPS)
def test_12_the_right_to_a_step_is_checked_in_the_domain_for_every_role(
    shared_world: World, step: str
) -> None:
    start = next(
        state
        for state in ("draft", "question", "offered", "accepted")
        if HandoverState(state) in MOVES[step]
    )
    made = handed_over(start, shared_world)
    senders = {"case_manager", "colleague"}
    receivers = {"utrecht", "utrecht_colleague"}
    allowed = {
        "offer_handover": senders | {"centre_coordinator", "region_coordinator"},
        "plan_interview": senders | receivers,
        "expire_handover": {"functional_manager"},
    }.get(step, receivers if step in RECEIVERS else senders)
    payloads: dict[str, Row] = {
        "prepare_handover": {"nothing_open": True},
        "ask_about_handover": {"question": "Wat nu?"},
        "answer_about_handover": {"answer": "Dit."},
        "reject_handover": REJECTION,
        "withdraw_handover": WITHDRAWAL,
        "complete_handover": {"held": False, "absence": "no_time"},
        "plan_interview": {"planned_on": "2017-03-01", "interview_form": "video"},
    }
    late = made.on(shared_world.later(20).today)
    for name in set(PEOPLE) - allowed:
        with pytest.raises(NotFound):
            late.take(step, name, **payloads.get(step, {}))
    late.take(step, min(allowed), **payloads.get(step, {}))


def test_13_the_legal_ground_is_recorded_and_an_override_needs_a_right_and_a_reason(
    shared_world: World,
) -> None:
    made = household_in("preparing", shared_world)
    made.take("prepare_handover", "case_manager", nothing_open=True)
    why = {"override_reason": "De verhuizing is morgen.", "legal_ground": "consent"}
    assert refusal(made, "offer_handover", "case_manager", **why).code == "override_right"
    assert refusal(made, "offer_handover", "centre_coordinator").code == "incomplete"
    made.take("offer_handover", "centre_coordinator", **why)
    row = row_of(made)
    assert (row.legal_ground, row.override_reason) == ("consent", "De verhuizing is morgen.")
    assert row_of(handed_over("offered", shared_world)).legal_ground == "public_task"


def test_14_each_change_leaves_an_outbox_row_in_its_transaction(shared_world: World) -> None:
    made = household_in("preparing", shared_world)
    made.take("prepare_handover", "case_manager", **PREPARED)
    row = row_of(made)
    sender, target = row.sender_id, row.target_id
    for step, actor, payload, topic, told in (
        ("offer_handover", "case_manager", {}, "handover_offered", {target}),
        ("ask_about_handover", "utrecht", {"question": "Wat?"}, "handover_question", {sender}),
        ("answer_about_handover", "case_manager", {"answer": "Dit."}, "handover_answer", {target}),
        ("accept_handover", "utrecht", {}, "handover_accepted", {sender}),
        ("plan_interview", "utrecht", {"planned_on": "2017-02-03", "interview_form": "phone"},
         "interview_planned", {sender, target}),
        ("complete_handover", "utrecht", INTERVIEW, "handover_completed", {sender}),
    ):  # fmt: skip
        made.take(step, actor, **payload)
        assert _told(made, topic) == told
    refusal(made, "accept_handover", "utrecht")
    assert _told(made, "handover_completed") == {sender}
