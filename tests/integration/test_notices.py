"""From a step to the notice, the mail and the call that follow from it."""

from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from models import Notice, Outbox, User
from models.vocabulary import CaseState, NoticeKind, NoticeTiming
from tests.factories import DWELLING, household_in, registered
from tests.receivers import mailbox, receiver
from tests.relay import OIN, WEBHOOK_KEY, Relay, listens, relay_settings, wants_mail
from tests.world import SECOND_CENTRE, UTRECHT, World
from webapp.senders.webhook import secret
from workflows.engine import take
from workflows.notices.outbox import Message, leave_messages


@pytest.fixture
def relay(world: World, tmp_path: Path) -> Relay:
    return Relay(world, relay_settings(tmp_path))


def told(world: World, *topics: str) -> list[tuple[str, str]]:
    """Return who has which notice in the list."""
    with world.engine.connect() as connection:
        rows = connection.execute(
            select(User.email, Outbox.topic)
            .join(Notice, Notice.user_id == User.id)
            .join(Outbox, Outbox.id == Notice.outbox_id)
        )
        found = [(row[0].partition("@")[0], row[1]) for row in rows]
    return sorted(each for each in found if not topics or each[1] in topics)


def body(letter: EmailMessage) -> str:
    """Return the text of a letter, with line ends as Python writes them."""
    return str(letter.get_content()).replace("\r\n", "\n")


def test_a_link_is_told_to_the_officers_of_the_municipality_only(relay: Relay) -> None:
    household_in(CaseState.LINKED, relay.world)
    relay.run()
    relay.run()
    assert told(relay.world) == [("utrecht", "linked"), ("utrecht_colleague", "linked")]
    assert relay.deliveries() == []


def test_who_took_the_case_on_is_told_alone(relay: Relay) -> None:
    made = household_in(CaseState.PREPARING, relay.world)
    made.take("assign", "utrecht", colleague=relay.world.references["utrecht_colleague"])
    made.take("offer_housing", "utrecht", **DWELLING)
    made.take("accept_offer", "case_manager")
    relay.run()
    assert told(relay.world, "offer_accepted") == [("utrecht_colleague", "offer_accepted")]
    assert told(relay.world, "housing_offered") == [
        ("case_manager", "housing_offered"),
    ]


def test_nobody_is_told_of_what_they_did_themselves(relay: Relay) -> None:
    made = household_in(CaseState.MOVING, relay.world)
    made.take("sign_lease", "utrecht", title_on=relay.world.today)
    made.take("house", "utrecht", housed_on=relay.world.today)
    relay.run()
    assert told(relay.world, "housed") == [("case_manager", "housed")]


def test_without_a_centre_the_region_is_told(relay: Relay) -> None:
    made = registered(relay.world, actor="placement_officer", centre=None, kind="resettlement")
    made.take("complete_screening", "placement_officer")
    made.take("link", "placement_officer", municipality=UTRECHT)
    made.take("take_up", "utrecht", scenario="combined")
    relay.run()
    assert told(relay.world, "taken_up") == [
        ("placement_officer", "taken_up"),
        ("second_placement_officer", "taken_up"),
    ]


def test_a_farewell_goes_to_who_no_longer_sees_the_case(relay: Relay) -> None:
    made = registered(relay.world)
    there = relay.world.centre(SECOND_CENTRE)
    made.take("change_centre", "case_manager", centre=there, moved_on=relay.world.today)
    relay.run()
    assert told(relay.world) == [
        ("colleague", "centre_left"),
        ("second_case_manager", "centre_entered"),
    ]


def test_a_closed_account_is_told_nothing(relay: Relay) -> None:
    with relay.world.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE user_account SET active = false WHERE email = 'utrecht_colleague@example.org'"
        )
    household_in(CaseState.LINKED, relay.world)
    relay.run()
    assert told(relay.world) == [("utrecht", "linked")]


def test_what_was_rolled_back_is_told_to_nobody(relay: Relay) -> None:
    made = household_in(CaseState.SCREENED, relay.world)
    payload = {"municipality": UTRECHT}
    request = relay.world.request("link", "placement_officer", payload, made.case)
    with relay.world.engine.connect() as connection:
        take(connection, request, relay.world.moment)
        connection.rollback()
    relay.run()
    assert told(relay.world) == []


def reminder(relay: Relay, occasion: str, user: str | None = None) -> Message:
    made = household_in(CaseState.LINKED, relay.world).row()
    return Message(
        case_id=made.id,
        organisation_id=relay.world.municipalities[UTRECHT],
        topic="linked",
        occasion=occasion,
        user_id=None if user is None else relay.world.actors[user].user_id,
    )


def test_an_occasion_is_told_of_once_and_to_the_one_it_names(relay: Relay) -> None:
    message = reminder(relay, "lease 2017-02-10", "utrecht")
    left = []
    for _run in range(2):
        with relay.world.engine.begin() as connection:
            left.append(leave_messages(connection, [message], relay.world.moment))
    relay.run()
    assert left == [1, 0]
    assert told(relay.world) == [
        ("utrecht", "linked"),
        ("utrecht", "linked"),
        ("utrecht_colleague", "linked"),
    ]


def test_mail_is_opt_in_and_holds_a_reference_and_a_link_only(relay: Relay) -> None:
    wants_mail(relay.world, "utrecht", NoticeTiming.AT_ONCE, NoticeKind.LINK)
    wants_mail(relay.world, "utrecht_colleague", NoticeTiming.AT_ONCE, NoticeKind.HOUSING)
    with mailbox() as box:
        relay.configure(
            smtp_host="127.0.0.1",
            smtp_port=box.port,
            smtp_security="none",
            mail_from="meldingen@thuisroute.example",
        )
        made = household_in(CaseState.LINKED, relay.world)
        relay.run()
        relay.run()
    assert box.recipients == ["utrecht@example.org"]
    (letter,) = box.letters
    assert letter["Subject"] == f"Thuisroute: melding over dossier {made.case}"
    assert body(letter).split("\n") == [
        "Er staat een melding voor u klaar over:",
        "",
        made.case,
        f"https://thuisroute.example/dossiers/{made.case}",
        "",
        "U leest haar na aanmelden. Welke mail u krijgt, kiest u zelf:",
        "https://thuisroute.example/meldingen/instellingen",
        "",
    ]
    assert letter["Auto-Submitted"] == "auto-generated"
    assert relay.deliveries() == [("mail", "delivered", 1)]


def test_a_digest_gathers_a_day_and_leaves_at_its_hour_in_the_users_language(
    relay: Relay,
) -> None:
    wants_mail(relay.world, "utrecht", NoticeTiming.DAILY)
    with relay.world.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE user_account SET language = 'en'")
    with mailbox() as box:
        relay.configure(
            smtp_host="127.0.0.1",
            smtp_port=box.port,
            smtp_security="none",
            mail_from="meldingen@thuisroute.example",
        )
        cases = [household_in(CaseState.LINKED, relay.world).case for _ in range(3)]
        relay.run()
        assert box.letters == []
        relay.later(hours=24)
        relay.run()
        relay.run()
    (letter,) = box.letters
    assert letter["Subject"] == "Thuisroute: notices about 3 cases"
    assert all(f"/dossiers/{case}\n" in body(letter) for case in cases)
    assert relay.deliveries() == [("mail", "delivered", 1)] * 3


def test_without_a_mail_server_notices_stand_in_the_program(relay: Relay) -> None:
    wants_mail(relay.world, "utrecht")
    household_in(CaseState.LINKED, relay.world)
    relay.run()
    relay.later(hours=80)
    relay.run()
    assert ("utrecht", "linked") in told(relay.world)
    assert relay.deliveries() == [("mail", "kept", 0)]


def test_a_webhook_hears_a_signed_event_without_personal_data(relay: Relay) -> None:
    with receiver() as system:
        webhook = listens(relay.world, relay.world.municipalities[UTRECHT], system.url, ["linked"])
        before = datetime.now(UTC)
        made = household_in(CaseState.PREPARING, relay.world)
        relay.run()
    (heard,) = system.heard
    event = heard.event
    assert set(event) == {
        "specversion", "id", "source", "type", "time", "datacontenttype", "dataref",
    }  # fmt: skip
    assert event["specversion"] == "1.0"
    assert event["source"] == f"urn:nld:oin:{OIN}:systeem:thuisroute"
    assert event["type"] == "nl.thuisroute.linked"
    assert datetime.fromisoformat(event["time"]) >= before
    assert event["dataref"].endswith(f"/api/v1/gebeurtenissen/{event['id']}")
    assert made.case not in heard.body.decode()
    assert heard.headers["Content-Type"].startswith("application/cloudevents+json")
    assert heard.headers["Webhook-Id"] == event["id"]
    assert heard.signed_with(secret(WEBHOOK_KEY.encode(), webhook, 1))
    assert not heard.signed_with(secret(WEBHOOK_KEY.encode(), webhook, 2))
    assert relay.deliveries() == [("webhook", "delivered", 1)]
