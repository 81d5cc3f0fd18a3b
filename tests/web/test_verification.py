"""Gegevenscontrole: asked with a button, carried out by a worker, told with how to mend it."""

import ast
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from tests.architecture.sources import python
from tests.factories import household_in
from tests.web.conftest import Visitor
from tests.world import World
from webapp.difference_words import ABOUT
from webapp.jobs import verify as job
from workflows.quota.verify import STATEMENTS

AsUser = Callable[[str], Visitor]
PAGE = "/beheer/gegevenscontrole"


def asked(visitor: Visitor) -> str:
    """Ask for a run and return the address of its page."""
    visitor.get(PAGE)
    answer = visitor.post(PAGE)
    assert answer.status_code == 303
    return str(answer.location)


def carried_out(application: Flask, address: str) -> None:
    with application.app_context():
        job.run_verification(address.rpartition("/")[2])


@pytest.mark.parametrize("name", ["auditor", "functional_manager"])
def test_a_run_is_followed_until_all_is_well(
    application: Flask, as_user: AsUser, world: World, name: str
) -> None:
    household_in("housed", world)
    visitor = as_user(name)
    address = asked(visitor)
    visitor.get(address)
    assert "De controle loopt: 0%" in visitor.page
    visitor.get(PAGE)
    assert "Er loopt nu een controle" in visitor.page
    assert "Nu controleren" not in visitor.page
    carried_out(application, address)
    visitor.get(address)
    assert "Alles klopt: er is geen verschil gevonden." in visitor.page
    visitor.get(PAGE)
    for words in ("Alles klopt", "Laatste controle", "Nu controleren"):
        assert words in visitor.page


def test_a_difference_is_told_with_how_it_is_mended(
    application: Flask, as_user: AsUser, world: World
) -> None:
    made = household_in("linked", world)
    with world.database.engine(owner=True) as owner, owner.begin() as connection:
        connection.execute(
            text(
                "UPDATE quota_balance SET reserved = reserved + 5 WHERE municipality_code = :code"
            ),
            {"code": made.row().municipality_code},
        )
    visitor = as_user("functional_manager")
    address = asked(visitor)
    carried_out(application, address)
    visitor.get(address)
    for words in ("Saldo van een gemeente", "thuisroute rebuild", made.row().municipality_code):
        assert words in visitor.page, words
    visitor.get(PAGE)
    assert "verschil gevonden" in visitor.page


def test_two_who_ask_follow_one_run(as_user: AsUser) -> None:
    assert asked(as_user("auditor")) == asked(as_user("functional_manager"))


def test_a_run_that_breaks_off_says_so_and_frees_the_button(
    application: Flask, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = as_user("auditor")
    address = asked(visitor)

    def broken(*_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(job, "PARTS", (broken,))
    with pytest.raises(RuntimeError):
        carried_out(application, address)
    visitor.get(address)
    assert "De controle is afgebroken" in visitor.page
    visitor.get(PAGE)
    assert "Nu controleren" in visitor.page
    assert asked(visitor) != address


@pytest.mark.parametrize("name", ["case_manager", "utrecht", "manager", "administrator"])
def test_whoever_may_not_verify_sees_no_page(as_user: AsUser, name: str) -> None:
    address = asked(as_user("auditor"))
    visitor = as_user(name)
    assert visitor.get(PAGE).status_code == 404
    assert visitor.get(address).status_code == 404
    assert visitor.post(PAGE).status_code == 404


def test_an_unknown_run_is_not_there(as_user: AsUser) -> None:
    assert as_user("auditor").get(f"{PAGE}/aaaaaaaaaaaaaaaa").status_code == 404


def kinds_in_the_source() -> set[str]:
    """Return the kinds that the checks give to what they find."""
    found = set(STATEMENTS)
    for source in python("workflows"):
        for node in ast.walk(source.tree):
            match node:
                case (
                    ast.Call(func=ast.Name(id="Difference"), args=[ast.Constant(value=kind), *_])
                    | ast.Call(
                        func=ast.Name(id="differences"), args=[_, ast.Constant(value=kind), *_]
                    )
                ):
                    found.add(str(kind))
    return found


def test_every_kind_of_difference_has_its_words() -> None:
    assert kinds_in_the_source() == set(ABOUT)
