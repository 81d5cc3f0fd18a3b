"""The pages of notices, deliveries, webhooks and keys, and the address behind an event."""

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select

from models import ApiToken, AuditEntry, Delivery, ReadEntry, Webhook
from models.vocabulary import CaseState
from tests.factories import household_in
from tests.receivers import receiver
from tests.relay import Relay, listens, relay_settings, wants_mail
from tests.web.conftest import Visitor
from tests.world import AMSTERDAM, UTRECHT, World
from webapp.senders.webhook import secret, shown
from workflows.reading import notices as reading

AsUser = Callable[[str], Visitor]
HOME = "/beheer/webhooks"


@pytest.fixture
def relay(world: World, tmp_path: Path) -> Relay:
    return Relay(world, relay_settings(tmp_path))


def test_a_notice_stands_in_the_list_with_a_badge_until_it_is_read(
    as_user: AsUser, relay: Relay
) -> None:
    case = household_in(CaseState.LINKED, relay.world).case
    relay.run()
    officer, stranger = as_user("utrecht"), as_user("amsterdam")
    officer.get("/meldingen")
    assert "Een huishouden is aan uw gemeente gekoppeld." in officer.page
    assert "ongelezen melding" in officer.page
    stranger.get("/meldingen")
    assert case not in stranger.page
    answer = officer.post("/meldingen/openen", {"case": case})
    assert answer.location == f"/dossiers/{case}"
    officer.get("/meldingen")
    assert case not in officer.page
    officer.get("/meldingen?alles=1")
    assert case in officer.page
    assert "Gelezen" in officer.page


def test_all_is_read_up_to_what_the_page_showed(as_user: AsUser, relay: Relay) -> None:
    household_in(CaseState.LINKED, relay.world)
    relay.run()
    officer = as_user("utrecht")
    officer.get("/meldingen")
    until = officer.page.partition('name="until" value="')[2].partition('"')[0]
    later = household_in(CaseState.LINKED, relay.world).case
    relay.run()
    assert officer.post("/meldingen", {"until": until}).status_code == 303
    officer.get("/meldingen")
    assert officer.page.count("Een huishouden is aan uw gemeente gekoppeld.") == 1
    assert later in officer.page


def named(visitor: Visitor) -> list[str]:
    """Return the cases on the page, in its order."""
    return re.findall(r'name="case" value="(\w+)"', visitor.page)


def fields(visitor: Visitor) -> dict[str, str]:
    """Return what the button "up to here" sends."""
    found = re.findall(r'name="(until|since)" value="([^"]*)"', visitor.page)
    return {name: unescape(value) for name, value in found}


def next_page(visitor: Visitor) -> None:
    """Follow the link to the next page."""
    found = re.search(r'rel="next" href="([^"]+)"', visitor.page)
    assert found is not None
    visitor.get(found.group(1))


@pytest.fixture
def five_told(relay: Relay, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return five households that a municipality was told of, the newest first, on pages of two."""
    monkeypatch.setattr(reading, "PAGE", 2)
    cases = [household_in(CaseState.LINKED, relay.world).case for _ in range(5)]
    relay.run()
    return cases[::-1]


@pytest.mark.parametrize("which", ["", "?alles=1"])
def test_all_notices_stand_on_one_page_each(
    as_user: AsUser, relay: Relay, five_told: list[str], which: str
) -> None:
    officer = as_user("utrecht")
    officer.get(f"/meldingen{which}")
    found = named(officer)
    # What comes in meanwhile moves nothing.
    household_in(CaseState.LINKED, relay.world)
    relay.run()
    for _ in range(2):
        next_page(officer)
        found += named(officer)
    assert found == five_told
    assert 'rel="next"' not in officer.page


def test_notices_are_read_up_to_here(as_user: AsUser, relay: Relay, five_told: list[str]) -> None:
    officer = as_user("utrecht")
    officer.get("/meldingen")
    next_page(officer)
    later = household_in(CaseState.LINKED, relay.world).case
    relay.run()
    assert officer.post("/meldingen", fields(officer)).status_code == 303
    officer.get("/meldingen")
    assert named(officer) == [later, five_told[4]]


@pytest.mark.parametrize(
    "place", ["", "gisteren", "2017-02-01", "2017-02-01T00:00:00+00:00_0", "\x00", "2017-02-01_1"]
)
def test_a_place_that_is_none_is_refused(as_user: AsUser, place: str) -> None:
    officer = as_user("utrecht")
    assert officer.post("/meldingen", {"until": place}).status_code == 400
    refused = 404 if "\x00" in place else 200
    assert officer.get(f"/meldingen?na={quote(place)}").status_code == refused


def test_nobody_reads_the_notices_of_another(
    as_user: AsUser, relay: Relay, five_told: list[str]
) -> None:
    officer, stranger = as_user("utrecht"), as_user("amsterdam")
    officer.get("/meldingen")
    stranger.post("/meldingen", fields(officer))
    officer.get("/meldingen")
    assert named(officer) == five_told[:2]


def test_a_case_out_of_reach_is_named_without_a_link(as_user: AsUser, relay: Relay) -> None:
    made = household_in(CaseState.LINKED, relay.world)
    relay.run()
    made.take("release_link", "placement_officer", reason="linked_in_error", explanation="Anders.")
    officer = as_user("utrecht")
    officer.get("/meldingen")
    assert "U ziet dit dossier niet meer." in officer.page
    assert f'value="{made.case}"' not in officer.page


def test_mail_is_chosen_per_kind_and_audited(as_user: AsUser, world: World) -> None:
    officer = as_user("utrecht")
    officer.get("/meldingen/instellingen")
    assert officer.page.count('value="never" checked') == 6
    officer.post("/meldingen/instellingen", {"link": "at_once", "housing": "daily"})
    officer.get("/meldingen/instellingen")
    assert 'name="link" value="at_once" checked' in officer.page
    assert 'name="housing" value="daily" checked' in officer.page
    assert officer.post("/meldingen/instellingen", {"link": "hourly"}).status_code == 400
    with world.engine.connect() as connection:
        actions = connection.scalars(select(AuditEntry.action)).all()
    assert actions.count("choose_mail") == 1


def test_what_failed_is_shown_with_its_reason_and_sent_again(as_user: AsUser, relay: Relay) -> None:
    world = relay.world
    with receiver(lambda handler: handler.send_error(503)) as system:
        listens(world, world.municipalities[UTRECHT], system.url, ["linked"])
        household_in(CaseState.LINKED, world)
        relay.run()
        relay.later(hours=73)
        relay.run()
    assert relay.deliveries() == [("webhook", "dead", 2)]
    manager = as_user("functional_manager")
    manager.get("/beheer/bezorging")
    assert "Geweigerd door de ontvanger" in manager.page
    assert "HTTP 503" in manager.page
    with world.engine.connect() as connection:
        reference = connection.scalar(select(Delivery.reference))
    manager.get(f"/beheer/bezorging/{reference}")
    assert manager.page.count("HTTP 503") == 2
    manager.get("/beheer/bezorging")
    assert manager.post("/beheer/bezorging", {"reference": reference}).status_code == 303
    assert relay.deliveries() == [("webhook", "waiting", 2)]
    with world.engine.connect() as connection:
        audited = connection.execute(
            select(AuditEntry.object_reference).where(AuditEntry.action == "send_again")
        )
        assert [row[0] for row in audited] == [reference]


@pytest.mark.parametrize("name", ["utrecht", "case_manager", "administrator", "auditor"])
def test_deliveries_are_the_functional_managers_only(as_user: AsUser, name: str) -> None:
    visitor = as_user(name)
    assert visitor.get("/beheer/bezorging").status_code == 404
    assert visitor.post("/beheer/bezorging", {"all": "1"}).status_code == 404


def test_without_a_mail_server_the_screen_says_so(as_user: AsUser, relay: Relay) -> None:
    wants_mail(relay.world, "utrecht")
    household_in(CaseState.LINKED, relay.world)
    relay.run()
    manager = as_user("functional_manager")
    manager.get("/beheer/bezorging")
    assert "Er is geen mailserver ingesteld" in manager.page
    assert "1 mail bleef daardoor in het programma." in manager.page


def test_a_webhooks_secret_is_shown_once(as_user: AsUser, world: World, application: Flask) -> None:
    manager = as_user("administrator")
    manager.get(HOME)
    typed = {"organisation": "Utrecht", "url": "https://zaak.example.nl/hook", "topic": "linked"}
    assert manager.post(HOME, typed).status_code == 200
    with world.engine.connect() as connection:
        found = connection.execute(select(Webhook.reference, Webhook.organisation_id)).one()
    assert found.organisation_id == world.municipalities[UTRECHT]
    key = application.extensions["settings"].webhook_secret()
    assert shown(secret(key, found.reference, 1)) in manager.page
    manager.get(HOME)
    assert "whsec_" not in manager.page
    manager.post(f"{HOME}/{found.reference}/geheim")
    assert shown(secret(key, found.reference, 2)) in manager.page
    manager.get(HOME)
    manager.post(f"{HOME}/{found.reference}/stand", {"active": "0"})
    manager.get(HOME)
    assert "Gestopt" in manager.page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"organisation": "COA"}, "Kies een gemeente"),
        ({"organisation": "Nergens\x00"}, "Kies een gemeente"),
        ({"url": "http://zaak.example.nl/"}, "begint met https://"),
        ({"url": "https://naam:woord@zaak.example.nl/"}, "begint met https://"),
        ({"url": "javascript:alert(1)"}, "begint met https://"),
        ({"url": "https://zaak.example.nl/\r\nX: y"}, "begint met https://"),
        ({"topic": "surprise"}, "Kies ten minste één onderwerp."),
    ],
)
def test_a_wrong_webhook_is_refused_beside_its_field(
    as_user: AsUser, world: World, changes: dict[str, str], words: str
) -> None:
    manager = as_user("functional_manager")
    manager.get(HOME)
    typed = {"organisation": "Utrecht", "url": "https://zaak.example.nl/", "topic": "linked"}
    assert manager.post(HOME, typed | changes).status_code == 422
    assert words in manager.page
    assert 'aria-invalid="true"' in manager.page or "topics-error" in manager.page
    with world.engine.connect() as connection:
        assert connection.execute(select(Webhook.id)).all() == []


@pytest.mark.parametrize("name", ["utrecht", "case_manager", "auditor", "utrecht_coordinator"])
def test_webhooks_and_keys_are_not_for_everybody(as_user: AsUser, name: str) -> None:
    visitor = as_user(name)
    assert visitor.get(HOME).status_code == 404
    typed = {"key_organisation": "Utrecht", "key_name": "Zaaksysteem"}
    assert visitor.post(f"{HOME}/sleutels", typed).status_code == 404


def new_key(as_user: AsUser, organisation: str = "Utrecht") -> str:
    manager = as_user("functional_manager")
    manager.get(HOME)
    typed = {"key_organisation": organisation, "key_name": "Zaaksysteem"}
    assert manager.post(f"{HOME}/sleutels", typed).status_code == 200
    return "tr_" + manager.page.partition("<code>tr_")[2].partition("<")[0]


def event_of(relay: Relay, municipality: str = UTRECHT) -> tuple[str, str]:
    """Return the path of an event and its case."""
    world = relay.world
    with receiver() as system:
        listens(world, world.municipalities[municipality], system.url, ["linked"])
        case = household_in(CaseState.LINKED, world, municipality=municipality).case
        relay.run()
    (heard,) = system.heard
    return "/api" + heard.event["dataref"].partition("/api")[2], case


def test_a_key_fetches_what_the_municipality_may_see_and_it_is_logged(
    as_user: AsUser, relay: Relay, application: Flask
) -> None:
    path, case = event_of(relay)
    key = new_key(as_user)
    client = application.test_client()
    answer = client.get(path, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200
    found = json.loads(answer.data)
    assert found["topic"] == "linked"
    assert found["case"]["reference"] == case
    assert [each["given_names"] for each in found["members"]] == ["Noor"]
    # As on the municipality's own pages: nationality stays with the agency.
    assert "nationality" not in found["members"][0]
    with relay.world.engine.connect() as connection:
        token, kept = connection.execute(select(ApiToken.id, ApiToken.token_hash)).one()
        read = connection.execute(
            select(ReadEntry.actor_id, ReadEntry.purpose).where(ReadEntry.api_token_id == token)
        ).one()
    assert tuple(read) == (None, "webhook")
    assert key.encode() not in kept


def test_a_key_opens_nothing_of_another_organisation(
    as_user: AsUser, relay: Relay, application: Flask
) -> None:
    path, _case = event_of(relay)
    headers = {"Authorization": f"Bearer {new_key(as_user, 'Amsterdam')}"}
    answer = application.test_client().get(path, headers=headers)
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    with relay.world.engine.connect() as connection:
        reads = select(ReadEntry.id).where(ReadEntry.api_token_id.is_not(None))
        assert connection.execute(reads).all() == []


def test_a_case_that_left_is_no_longer_given(
    as_user: AsUser, relay: Relay, application: Flask
) -> None:
    path, case = event_of(relay, AMSTERDAM)
    headers = {"Authorization": f"Bearer {new_key(as_user, 'Amsterdam')}"}
    client = application.test_client()
    assert client.get(path, headers=headers).status_code == 200
    payload = {"reason": "linked_in_error", "explanation": "Anders."}
    relay.world.take("release_link", "placement_officer", payload, case)
    assert client.get(path, headers=headers).status_code == 404


def test_without_a_valid_key_nothing_is_given(
    as_user: AsUser, relay: Relay, application: Flask
) -> None:
    path, _case = event_of(relay)
    key = new_key(as_user)
    manager = as_user("functional_manager")
    client = application.test_client()
    for shown_key in ("", "Bearer", "Bearer tr_wrong", f"Basic {key}", "Bearer \u00e9"):
        answer = client.get(path, headers={"Authorization": shown_key})
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    with relay.world.engine.connect() as connection:
        reference = connection.scalar(select(ApiToken.reference))
    manager.get(HOME)
    assert manager.post(f"{HOME}/sleutels/{reference}/intrekken").status_code == 303
    assert client.get(path, headers={"Authorization": f"Bearer {key}"}).status_code == 401


def test_a_key_is_used_a_limited_number_of_times_a_minute(
    as_user: AsUser, application: Flask
) -> None:
    headers = {"Authorization": f"Bearer {new_key(as_user)}"}
    client = application.test_client()
    statuses = [
        client.get("/api/v1/gebeurtenissen/aaaaaaaaaaaaaaaa", headers=headers).status_code
        for _ in range(121)
    ]
    assert statuses == [404] * 120 + [429]


def test_metrics_name_nobody_and_are_for_this_machine_or_the_token(
    application: Flask, relay: Relay
) -> None:
    wants_mail(relay.world, "utrecht")
    case = household_in(CaseState.LINKED, relay.world).case
    client = application.test_client()
    before = client.get("/metrics").get_data(as_text=True)
    assert "thuisroute_outbox_waiting 1.0" in before
    relay.run()
    after = client.get("/metrics").get_data(as_text=True)
    assert "thuisroute_outbox_waiting 0.0" in after
    assert "thuisroute_deliveries_kept 1.0" in after
    assert "thuisroute_oldest_undelivered_seconds 0.0" in after
    assert case not in after
    assert "@" not in after
    forwarded = {"X-Forwarded-For": "127.0.0.1"}
    assert client.get("/metrics", headers=forwarded).status_code == 404
    away = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get("/metrics", environ_overrides=away).status_code == 404


def test_the_program_says_whether_it_is_ready(application: Flask) -> None:
    answer = application.test_client().get("/readyz")
    assert answer.status_code == 200
    assert answer.get_json() == {"ready": True, "queue": False}
