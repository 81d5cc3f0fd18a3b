"""Headers on every answer, forms from this site only, and nothing told to strangers."""

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from tests.factories import household_in
from tests.web.conftest import Visitor
from tests.world import World
from webapp.access import ROUTES, Gate

AsUser = Callable[[str], Visitor]
NOBODY = "a" * 16


@pytest.mark.parametrize(
    "path",
    [
        "/aanmelden", "/", "/werkvoorraad", "/bestaat-niet", "/static/css/base.css",
        "/static/bestaat-niet.css", "/healthz", "/dossiers/%00%ff", "/zoeken/x",
    ],
)  # fmt: skip
def test_every_answer_bears_the_headers(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    for directive in ("form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert directive in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Referrer-Policy" in answer.headers


def test_pages_are_not_stored(as_user: AsUser) -> None:
    manager = as_user("case_manager")
    assert manager.get("/werkvoorraad").headers["Cache-Control"] == "no-store"


def test_a_form_without_token_is_refused(as_user: AsUser, world: World) -> None:
    case = household_in("registered", world).case
    manager = as_user("case_manager")
    answer = manager.client.post(f"/dossiers/{case}/suspend", data={"reason": "illness"})
    assert answer.status_code == 400
    assert "verlopen" in answer.get_data(as_text=True)


def _part(rule: Rule, name: str) -> str | int:
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 1 if isinstance(converter, IntegerConverter) else NOBODY


def test_strangers_are_led_to_the_sign_in_page(application: Flask, visitor: Visitor) -> None:
    # Whatever else an address holds is a reference.
    values = {"code": "link", "search_id": "x"}
    checked = 0
    with application.test_request_context():
        adapter = application.create_url_adapter(None) or application.url_map.bind("localhost")
    for rule in application.url_map.iter_rules():
        if ROUTES[rule.endpoint] is Gate.PUBLIC or "GET" not in (rule.methods or set()):
            continue
        path = adapter.build(
            rule.endpoint, {name: values.get(name, _part(rule, name)) for name in rule.arguments}
        )
        answer = visitor.get(path)
        checked += 1
        if ROUTES[rule.endpoint] is Gate.KEY:
            # A system has no use for a page to sign in on.
            assert answer.status_code == 401, path
            continue
        assert answer.status_code == 302, path
        assert answer.location.startswith("/aanmelden"), path
    assert checked > 10


def test_an_endpoint_without_gate_is_denied(application: Flask, as_user: AsUser) -> None:
    application.add_url_rule("/vergeten", "forgotten", lambda: "secret")
    assert as_user("administrator").get("/vergeten").status_code == 404


@pytest.mark.parametrize(
    "stranger",
    ["utrecht", "bunnik", "far_placement_officer", "second_case_manager", "administrator",
     "manager", "auditor", "supervisor"],
)  # fmt: skip
def test_a_forged_reference_answers_as_if_it_did_not_exist(
    as_user: AsUser, world: World, stranger: str
) -> None:
    case = household_in("screened", world).case
    visitor = as_user(stranger)

    def bare(path: str) -> tuple[int, str]:
        visitor.get(path)
        lines = visitor.page.splitlines()
        return visitor.status, "\n".join(line for line in lines if "csrf_token" not in line)

    for form in ("/dossiers/{}", "/dossiers/{}?deel=tijdlijn", "/dossiers/{}/link",
                 "/dossiers/{}/end", "/dossiers/{}/reden", "/personen/{}"):  # fmt: skip
        there, missing = bare(form.format(case)), bare(form.format(NOBODY))
        assert there == missing
        assert there[0] == 404
    sent = visitor.post(f"/dossiers/{case}/end", {"reason": "deceased", "ended_on": "2017-02-01"})
    assert sent.status_code == 404


def test_titles_and_addresses_hold_no_personal_data(as_user: AsUser, world: World) -> None:
    case = household_in("preparing", world).case
    manager = as_user("case_manager")
    for path in (f"/dossiers/{case}", f"/dossiers/{case}/suspend", "/werkvoorraad"):
        manager.get(path)
        title = manager.page.split("<title>")[1].split("</title>")[0]
        assert "Voorbeeld" not in title
        assert "Voorbeeld" in manager.page or "registreren" in path
    found = manager.post("/zoeken", {"query": "Voorbeeld"})
    assert "Voorbeeld".lower() not in found.location.lower()
    manager.get(found.location)
    assert "Voorbeeld" in manager.page


def test_a_search_id_belongs_to_its_session(as_user: AsUser, world: World) -> None:
    household_in("preparing", world)
    found = as_user("case_manager").post("/zoeken", {"query": "Voorbeeld"}).location
    assert as_user("colleague").get(found).status_code == 404
