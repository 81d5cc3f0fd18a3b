"""Signing in: throttled, alike for unknown accounts, with a second factor, revocable."""

import time
from collections.abc import Callable

import pyotp
import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from config.settings import Settings
from tests.web.conftest import PASSWORD, Visitor, make_application
from tests.world import World
from webapp.auth import COOKIE
from webapp.passwords import hash_password
from webapp.throttle import limiter

AsUser = Callable[[str], Visitor]


def cookie_line(answer: TestResponse) -> str:
    lines = answer.headers.getlist("Set-Cookie")
    return next(line for line in lines if line.startswith(COOKIE))


def test_a_wrong_password_and_an_unknown_account_answer_alike(visitor: Visitor) -> None:
    wrong = visitor.sign_in("case_manager", "not the password")
    first = visitor.page.replace("case_manager", "x")
    unknown = visitor.sign_in("nobody", "not the password")
    second = visitor.page.replace("nobody", "x")
    assert (wrong.status_code, unknown.status_code) == (401, 401)

    def bare(page: str) -> str:
        return "\n".join(line for line in page.splitlines() if "csrf_token" not in line)

    assert bare(first) == bare(second)


def test_an_unknown_account_takes_the_same_time(visitor: Visitor, world: World) -> None:
    # The passwords of the other tests are cheap to check.
    with world.database.engine(owner=True) as engine, engine.begin() as connection:
        connection.execute(
            text("UPDATE user_account SET password_hash = :hash"), {"hash": hash_password(PASSWORD)}
        )

    def seconds(name: str) -> float:
        began = time.perf_counter()
        visitor.sign_in(name, "not the password")
        return time.perf_counter() - began

    known = min(seconds("case_manager") for _ in range(3))
    unknown = min(seconds("nobody") for _ in range(3))
    assert 0.5 < unknown / known < 2


def test_the_cookie_is_kept_from_scripts_and_only_its_hash_is_stored(
    visitor: Visitor, world: World
) -> None:
    answer = visitor.sign_in("case_manager")
    line = cookie_line(answer)
    assert "HttpOnly" in line
    assert "SameSite=Lax" in line
    token = line.split("=", 1)[1].split(";")[0]
    with world.engine.connect() as connection:
        stored = connection.scalars(text("SELECT token_hash FROM sign_in_session")).all()
    assert all(token.encode() not in bytes(each) for each in stored)


def test_an_account_is_throttled_whatever_the_address(visitor: Visitor) -> None:
    for number in range(10):
        visitor.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        assert visitor.sign_in("case_manager", "wrong").status_code == 401
    visitor.client.environ_base["REMOTE_ADDR"] = "192.0.2.99"
    assert visitor.sign_in("case_manager").status_code == 429
    assert visitor.sign_in("placement_officer").status_code == 302


def test_an_address_is_throttled_whatever_the_account(visitor: Visitor) -> None:
    visitor.get("/aanmelden")
    for number in range(60):
        values = {"email": f"{number}@example.org", "password": "x" * 201}
        visitor.client.post("/aanmelden", data={"csrf_token": visitor.token(), **values})
    assert visitor.sign_in("case_manager").status_code == 429


def test_signing_out_ends_the_session_also_for_a_copied_cookie(
    as_user: AsUser, application: Flask
) -> None:
    manager = as_user("case_manager")
    copied = manager.client.get_cookie(COOKIE)
    assert copied is not None
    manager.post("/afmelden")
    thief = application.test_client()
    thief.set_cookie(COOKIE, copied.value)
    answer = thief.get("/werkvoorraad")
    assert answer.status_code == 302
    assert answer.location.startswith("/aanmelden")


def test_rights_change_with_the_next_request(as_user: AsUser, world: World) -> None:
    manager = as_user("case_manager")
    assert manager.get("/werkvoorraad").status_code == 200
    with world.database.engine(owner=True) as engine, engine.begin() as connection:
        connection.execute(
            text("DELETE FROM access_grant WHERE user_id = :id"),
            {"id": world.actors["case_manager"].user_id},
        )
    assert manager.get("/werkvoorraad").status_code == 404
    assert manager.get("/").status_code == 200


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_signing_in_leads_nowhere_else(visitor: Visitor, target: str) -> None:
    visitor.get("/aanmelden")
    values = {"email": "case_manager@example.org", "password": PASSWORD, "next": target}
    assert visitor.post("/aanmelden", values).location == "/"


@pytest.fixture
def strict_visitor(world: World, web_settings: Settings) -> Visitor:
    """Return a visitor of an installation that is no demo, so that codes are asked."""
    made = make_application(world, web_settings)
    with world.database.engine(owner=True) as engine, engine.begin() as connection:
        connection.execute(text("DELETE FROM program_fact"))
    with made.app_context():
        limiter.reset()
    return Visitor(made.test_client())


def test_a_second_factor_is_set_up_and_then_asked(strict_visitor: Visitor) -> None:
    visitor = strict_visitor
    assert visitor.sign_in("case_manager").location.startswith("/aanmelden/code")
    assert visitor.get("/werkvoorraad").location == "/aanmelden/code"
    visitor.get("/aanmelden/instellen")
    key = visitor.page.split("<code>")[1].split("</code>")[0].replace(" ", "")
    assert visitor.post("/aanmelden/instellen", {"code": "000000"}).status_code == 401
    code = pyotp.TOTP(key).now()
    assert visitor.post("/aanmelden/instellen", {"code": code}).location == "/"
    assert visitor.get("/werkvoorraad").status_code == 200
    visitor.post("/afmelden")

    visitor.sign_in("case_manager")
    visitor.get("/aanmelden/code")
    replayed = visitor.post("/aanmelden/code", {"code": code})
    assert replayed.status_code == 401, "a code works once"
    later = pyotp.TOTP(key).at(int(time.time()) + 30)
    assert visitor.post("/aanmelden/code", {"code": later}).location == "/"
    assert visitor.get("/werkvoorraad").status_code == 200


def test_codes_are_counted_over_all_sessions_of_a_user(strict_visitor: Visitor) -> None:
    for number in range(11):
        strict_visitor.client.delete_cookie(COOKIE)
        strict_visitor.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        strict_visitor.sign_in("case_manager")
        strict_visitor.get("/aanmelden/instellen")
        answer = strict_visitor.post("/aanmelden/instellen", {"code": "000000"})
        assert answer.status_code == (401 if number < 10 else 429)


def test_a_role_without_bsn_needs_no_code(strict_visitor: Visitor) -> None:
    assert strict_visitor.sign_in("manager").location == "/"
