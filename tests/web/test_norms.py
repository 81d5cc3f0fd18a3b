"""Normen: a new version from tomorrow on, with its source; what runs keeps its term."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from models import AuditEntry, Norm
from tests.factories import household_in, registered
from tests.web.conftest import Visitor
from tests.world import SEAL, World
from webapp.labels.norms import WORDS
from workflows.quota.verify import verify
from workflows.rules.norms import NormCode

AsUser = Callable[[str], Visitor]
PAGE = "/beheer/normen"
LAW = "Huisvestingswet 2014, artikel 28"


def given(world: World, days: int, **other: str) -> dict[str, str]:
    day = (world.today + timedelta(days=days)).isoformat()
    return {"code": "move_days", "amount": "120", "valid_from": day, "source": LAW, **other}


def test_a_new_version_holds_from_its_day_and_changes_nothing_that_runs(
    as_user: AsUser, world: World
) -> None:
    before = household_in("linked", world).row()
    visitor = as_user("functional_manager")
    visitor.get(PAGE)
    assert visitor.post(PAGE, given(world, 1)).status_code == 303
    visitor.get(PAGE)
    for words in ("Gaat gelden", "120 dagen", LAW, "Functional Manager", "98 dagen"):
        assert words in visitor.page, words
    with world.engine.begin() as connection:
        assert list(verify(connection, SEAL)) == []
    tomorrow = world.later(1)
    after = registered(tomorrow, permit_on=tomorrow.today).row()
    assert (after.due_term, before.due_term) == ("screening", "lease")
    with world.engine.begin() as connection:
        assert list(verify(connection, SEAL)) == []
        ends = connection.execute(
            select(Norm.amount, Norm.valid_until)
            .where(Norm.code == "move_days")
            .order_by(Norm.valid_from)
        ).all()
        trail = select(AuditEntry.object_reference).where(AuditEntry.action == "norm_set")
        assert list(connection.scalars(trail)) == ["move_days"]
    assert ends == [(98, tomorrow.today), (120, None)]


def test_a_kind_of_housing_no_longer_counts_from_a_day_on(as_user: AsUser, world: World) -> None:
    visitor = as_user("functional_manager")
    visitor.get(f"{PAGE}/meetellen")
    sent = given(world, 30, housing_kind="regular_home", counts="false")
    del sent["code"], sent["amount"]
    assert visitor.post(f"{PAGE}/meetellen", sent).status_code == 303
    visitor.get(f"{PAGE}/meetellen")
    assert "Telt niet mee" in visitor.page.partition("Gaat gelden")[2]


@pytest.mark.parametrize("days", [-30, 0])
def test_the_past_is_never_rewritten(as_user: AsUser, world: World, days: int) -> None:
    visitor = as_user("functional_manager")
    visitor.get(PAGE)
    assert visitor.post(PAGE, given(world, days)).status_code == 422
    assert "Kies morgen of later" in visitor.page


def test_versions_follow_each_other(as_user: AsUser, world: World) -> None:
    visitor = as_user("functional_manager")
    visitor.get(PAGE)
    assert visitor.post(PAGE, given(world, 20)).status_code == 303
    visitor.get(PAGE)
    for days in (20, 10):
        assert visitor.post(PAGE, given(world, days)).status_code == 422
        assert "begint al een andere versie" in visitor.page
    assert visitor.post(PAGE, given(world, 21)).status_code == 303


@pytest.mark.parametrize("wrong", [{"amount": "-1"}, {"code": "x"}, {"source": " "}])
def test_what_cannot_be_is_refused(as_user: AsUser, world: World, wrong: dict[str, str]) -> None:
    visitor = as_user("functional_manager")
    visitor.get(PAGE)
    assert visitor.post(PAGE, given(world, 5) | wrong).status_code == 422


@pytest.mark.parametrize("name", ["auditor", "administrator"])
def test_others_read_and_change_nothing(as_user: AsUser, world: World, name: str) -> None:
    visitor = as_user(name)
    visitor.get(PAGE)
    assert "98 dagen" in visitor.page
    assert "De functioneel beheerder legt hier een nieuwe versie vast." in visitor.page
    assert visitor.post(PAGE, given(world, 5)).status_code == 404
    assert visitor.post(f"{PAGE}/meetellen", given(world, 5)).status_code == 404


@pytest.mark.parametrize("name", ["case_manager", "utrecht", "supervisor"])
def test_whoever_has_nothing_to_do_with_it_sees_no_page(as_user: AsUser, name: str) -> None:
    visitor = as_user(name)
    assert visitor.get(PAGE).status_code == 404
    assert visitor.get(f"{PAGE}/meetellen").status_code == 404


def test_every_norm_has_its_words() -> None:
    assert set(WORDS[NormCode]) == {code.value for code in NormCode}
