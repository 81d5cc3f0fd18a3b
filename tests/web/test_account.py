"""One's own account, and the QR code of a second factor."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import text

from tests.web.conftest import PASSWORD, Visitor
from tests.world import World

NEW = "een heel ander wachtwoord"
AsUser = Callable[[str], Visitor]


def _change(visitor: Visitor, current: str, new: str, again: str) -> int:
    visitor.get("/account")
    sent = {"current": current, "new": new, "again": again}
    return visitor.post("/account/wachtwoord", sent).status_code


def test_a_password_is_changed_by_its_owner(
    as_user: AsUser, application: Flask, world: World
) -> None:
    here, elsewhere = as_user("manager"), as_user("manager")
    assert _change(here, PASSWORD, NEW, NEW) == 302
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302, "other sessions end"
    stranger = Visitor(application.test_client())
    assert stranger.sign_in("manager").status_code == 401
    assert stranger.sign_in("manager", NEW).status_code == 302
    with world.engine.connect() as connection:
        trail = connection.scalar(
            text("SELECT count(*) FROM audit_entry WHERE action = 'password_changed'")
        )
    assert trail == 1


def test_what_is_wrong_stands_beside_its_field_and_changes_nothing(
    as_user: AsUser, application: Flask
) -> None:
    visitor = as_user("manager")
    for current, new, again, words in (
        ("onjuist wachtwoord", NEW, NEW, "Dit is niet uw huidige wachtwoord."),
        (PASSWORD, "kort", "kort", "Kies een wachtwoord van 12 tot 200 tekens."),
        (PASSWORD, PASSWORD, PASSWORD, "Kies een ander wachtwoord dan dit."),
        (PASSWORD, NEW, NEW + "!", "Dit is niet hetzelfde als hierboven."),
        (PASSWORD, "", "", "Vul dit veld in."),
    ):
        assert _change(visitor, current, new, again) == 422
        assert words in visitor.page
        assert NEW not in visitor.page
    assert Visitor(application.test_client()).sign_in("manager").status_code == 302


def test_guesses_of_the_current_password_are_counted(as_user: AsUser) -> None:
    visitor = as_user("manager")
    answers = [_change(visitor, f"gok nummer {guess}", NEW, NEW) for guess in range(25)]
    assert 429 in answers


def test_the_language_is_chosen_on_ones_account(as_user: AsUser) -> None:
    visitor = as_user("manager")
    visitor.get("/account")
    visitor.post("/taal", {"language": "en"})
    visitor.get("/account")
    assert "My account" in visitor.page
    assert "Change password" in visitor.page
