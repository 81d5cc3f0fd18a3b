"""Nobody leaves with work in hand: it goes over whole, or nothing changes."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import text

from tests.factories import household_in, registered
from tests.web.conftest import Visitor
from tests.world import SEAL, World
from workflows.administration import Holder
from workflows.engine import BatchRefusedError
from workflows.errors import NotFound, Refused
from workflows.leaving import close_account, open_work
from workflows.quota.verify import verify

AsUser = Callable[[str], Visitor]


def holder(world: World, name: str) -> Holder:
    """Return a user as the administrator's acts take one."""
    return Holder(world.actors[name].user_id, world.references[name])


def assignees(world: World) -> set[str]:
    """Return the names of who has the open cases in hand."""
    with world.engine.connect() as connection:
        rows = connection.scalars(
            text(
                "SELECT coalesce(u.name, 'nobody') FROM case_file c"
                " LEFT JOIN user_account u ON u.id = c.assignee_id WHERE c.finished_on IS NULL"
            )
        )
        return set(rows)


def test_closing_an_account_asks_who_takes_the_work_on(as_user: AsUser, world: World) -> None:
    for _ in range(3):
        registered(world)
    administrator, leaver = as_user("administrator"), world.references["case_manager"]
    administrator.get(f"/beheer/gebruikers/{leaver}")
    answer = administrator.post(f"/beheer/gebruikers/{leaver}/account", {"active": "0"})
    assert answer.location == f"/beheer/gebruikers/{leaver}/vertrek"
    administrator.get(answer.location)
    assert "azc Utrecht: 3 dossiers overdragen aan" in administrator.page
    [field] = re.findall(r'<select[^>]*name="(to-\w+)"', administrator.page)
    assert administrator.post(answer.location).status_code == 422
    assert "Kies wie het werk overneemt." in administrator.page
    chosen = {field: world.references["colleague"]}
    assert administrator.post(answer.location, chosen).status_code == 302
    assert assignees(world) == {"Colleague"}
    with world.engine.begin() as connection:
        assert not list(verify(connection, SEAL))
        active = text("SELECT active FROM user_account WHERE email = 'case_manager@example.org'")
        assert connection.scalar(active) is False


def test_work_may_go_back_to_the_queue_and_a_municipality_has_its_own(world: World) -> None:
    household_in("preparing", world)
    administrator, municipal = world.actors["administrator"], holder(world, "utrecht")
    with world.engine.begin() as connection:
        [work] = open_work(connection, municipal.user_id)
        moved = close_account(
            connection, administrator, municipal, {work.reference: None}, world.moment
        )
    assert moved == 1
    with world.engine.begin() as connection:
        assert not open_work(connection, municipal.user_id)
        assert not list(verify(connection, SEAL))


def test_all_goes_over_or_nothing_does(world: World) -> None:
    registered(world)
    leaver = holder(world, "case_manager")
    with world.engine.connect() as connection:
        [work] = open_work(connection, leaver.user_id)
    stranger = {work.reference: world.references["bunnik"]}
    with pytest.raises(BatchRefusedError), world.engine.begin() as connection:
        close_account(connection, world.actors["administrator"], leaver, stranger, world.moment)
    assert assignees(world) == {"Case Manager"}


def test_only_an_administrator_closes_and_never_the_own_account(world: World) -> None:
    leaver = holder(world, "case_manager")
    for name in ("centre_coordinator", "functional_manager", "case_manager"):
        with pytest.raises(NotFound), world.engine.begin() as connection:
            close_account(connection, world.actors[name], leaver, {}, world.moment)
    own = holder(world, "administrator")
    with pytest.raises(Refused), world.engine.begin() as connection:
        close_account(connection, world.actors["administrator"], own, {}, world.moment)
