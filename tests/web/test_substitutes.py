"""A substitute sees and does what the absent colleague may, there and then only."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.factories import registered
from tests.web.conftest import Visitor
from tests.world import TODAY, World
from workflows.actor import Actor
from workflows.errors import NotFound, Refused
from workflows.reading.queue import Filters, page
from workflows.substitutes import Wanted, arrange, end
from workflows.users import load_actors

AsUser = Callable[[str], Visitor]


def wanted(world: World, absent: str, substitute: str, days: int = 3) -> Wanted:
    """Return a substitution from tomorrow at the municipality of Utrecht."""
    with world.engine.connect() as connection:
        found = text("SELECT reference FROM organisation WHERE id = :id")
        organisation = connection.execute(found, {"id": world.municipalities["GM0344"]})
        return Wanted(
            absent=world.references[absent],
            substitute=world.references[substitute],
            organisation=organisation.scalar_one(),
            starts_on=world.today + timedelta(days=1),
            ends_on=world.today + timedelta(days=days),
        )


def as_of(world: World, name: str, days: int) -> Actor:
    """Return a user with the rights of a later day."""
    key = world.actors[name].user_id
    with world.engine.connect() as connection:
        return load_actors(connection, [key], TODAY + timedelta(days=days))[key]


def test_the_rights_hold_from_the_first_to_the_last_day(world: World) -> None:
    with world.engine.begin() as connection:
        asked = wanted(world, "utrecht_coordinator", "utrecht_colleague")
        reference = arrange(connection, world.actors["utrecht_coordinator"], asked, world.moment)
    roles = [len(as_of(world, "utrecht_colleague", day).grants) for day in range(6)]
    assert roles == [1, 2, 2, 2, 1, 1]
    absent = world.actors["utrecht_coordinator"].user_id
    assert as_of(world, "utrecht_colleague", 2).stands_in_for[1:] == (absent,)
    with world.engine.begin() as connection:
        end(connection, world.actors["utrecht_coordinator"], reference, world.moment)
        end(connection, world.actors["utrecht_coordinator"], reference, world.moment)
    assert len(as_of(world, "utrecht_colleague", 2).grants) == 1
    with world.engine.connect() as connection:
        lines = text("SELECT action FROM audit_entry WHERE action LIKE 'substitute%' ORDER BY id")
        assert list(connection.scalars(lines)) == ["substitute_arranged", "substitute_ended"]


def test_the_queue_says_for_whom_and_the_case_keeps_its_assignee(world: World) -> None:
    made = registered(world)
    with world.engine.begin() as connection:
        kind = text("SELECT reference FROM organisation WHERE name = 'azc Utrecht'")
        asked = Wanted(
            absent=world.references["case_manager"],
            substitute=world.references["colleague"],
            organisation=connection.execute(kind).scalar_one(),
            starts_on=world.today,
            ends_on=world.today,
        )
        arrange(connection, world.actors["case_manager"], asked, world.moment)
    actor = as_of(world, "colleague", 0)
    with world.engine.connect() as connection:
        [row] = page(connection, actor, "mine", Filters(), world.today).rows
    assert (row.reference, row.behalf) == (made.case, "Case Manager")
    assert made.row().assignee_id == world.actors["case_manager"].user_id


@pytest.mark.parametrize(
    ("absent", "substitute", "by", "problem"),
    [
        ("utrecht", "bunnik", "utrecht", "not_a_colleague"),
        ("bunnik", "utrecht", "utrecht_coordinator", "not_a_colleague"),
        ("utrecht", "utrecht", "utrecht", "same"),
        ("utrecht", "utrecht_colleague", "bunnik", None),
        ("utrecht_coordinator", "utrecht", "utrecht", None),
    ],
)
def test_who_may_arrange_what(
    world: World, absent: str, substitute: str, by: str, problem: str | None
) -> None:
    asked = wanted(world, absent, substitute)
    with pytest.raises((NotFound, Refused)) as caught, world.engine.begin() as connection:
        arrange(connection, world.actors[by], asked, world.moment)
    assert getattr(caught.value, "code", None) == problem


def test_a_coordinator_arranges_it_on_the_page(as_user: AsUser, world: World) -> None:
    visitor = as_user("utrecht_coordinator")
    visitor.get("/vervanging")
    asked = wanted(world, "utrecht", "utrecht_colleague")
    fields = {
        "organisation": asked.organisation,
        "absent": asked.absent,
        "substitute": asked.substitute,
        "starts_on": asked.starts_on.isoformat(),
        "ends_on": "geen dag",
    }
    assert visitor.post("/vervanging", fields).status_code == 422
    assert "Vul een datum in." in visitor.page
    fields["ends_on"] = asked.ends_on.isoformat()
    assert visitor.post("/vervanging", fields).status_code == 302
    visitor.get("/vervanging")
    assert "Utrecht Colleague" in visitor.page
