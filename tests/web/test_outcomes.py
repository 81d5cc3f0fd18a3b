"""Work and study on the screen: recorded in its row, put right, and counted for managers."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import select, text

from config.settings import Settings
from models import Outcome, ReadEntry
from tests.factories import Household, household_in, member
from tests.web.conftest import Visitor, make_application
from tests.world import World
from webapp.app import create_app
from webapp.throttle import limiter

LIST = "/gemeente/uitkomsten"
HALF_A_YEAR_LATER = date(2017, 8, 1)
AsUser = Callable[[str], Visitor]


@dataclass(frozen=True, slots=True)
class Later:
    """A household half a year after it moved in, and who signs in then."""

    made: Household
    as_user: AsUser


@pytest.fixture
def later(world: World, web_settings: Settings) -> Later:
    """Return a household that moved in on the day of the world, on a day half a year later."""
    made = household_in("closed", world, [member(given_names="Noor", family_name="Eerste")])
    make_application(world, web_settings)
    with world.database.engine(owner=True) as engine, engine.begin() as connection:
        connection.execute(
            text("UPDATE program_fact SET value = :day WHERE name = 'demo_today'"),
            {"day": HALF_A_YEAR_LATER.isoformat()},
        )
    application = create_app(web_settings, world.engine)
    with application.app_context():
        limiter.reset()

    def signed_in(name: str) -> Visitor:
        visitor = Visitor(application.test_client())
        assert visitor.sign_in(name).status_code == 302, visitor.page
        return visitor

    return Later(made.on(HALF_A_YEAR_LATER), signed_in)


def row(later: Later, **changes: str) -> dict[str, str]:
    return {
        "case": later.made.case,
        "member": later.made.members[0],
        "months_after": "6",
        "form_version": str(later.made.row().version),
        "kind": "study",
        **changes,
    }


def kinds(later: Later) -> list[str]:
    with later.made.world.engine.connect() as connection:
        return list(connection.scalars(select(Outcome.kind).order_by(Outcome.id)))


def test_an_outcome_is_recorded_from_its_row(later: Later) -> None:
    visitor = later.as_user("utrecht")
    visitor.get("/gemeente")
    assert "1 meting van werk of studie" in visitor.page
    assert f'href="{LIST}"' in visitor.page
    visitor.get(LIST)
    assert "Noor Eerste" in visitor.page
    assert "1 augustus 2017" in visitor.page
    answer = visitor.post(LIST, row(later))
    assert (answer.status_code, answer.location) == (303, LIST)
    assert kinds(later) == ["study"]
    visitor.get(LIST)
    assert "Niets te meten" in visitor.page
    assert "Studie" in visitor.page
    with later.made.world.engine.connect() as connection:
        purposes = set(connection.scalars(select(ReadEntry.purpose)))
    assert "outcomes" in purposes


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"kind": ""}, 422, 'aria-invalid="true"'),
        ({"kind": "rich"}, 422, 'aria-invalid="true"'),
        ({"months_after": "7"}, 422, "Werk en studie"),
        ({"months_after": "12"}, 422, "Werk en studie"),
        ({"form_version": "1"}, 409, "net veranderd"),
        ({"form_version": "x"}, 409, "net veranderd"),
        ({"case": "a" * 16}, 404, ""),
    ],
)
def test_what_cannot_be_recorded_is_said_beside_the_row(
    later: Later, changes: dict[str, str], status: int, words: str
) -> None:
    visitor = later.as_user("utrecht")
    visitor.get(LIST)
    assert visitor.post(LIST, row(later, **changes)).status_code == status
    assert words in visitor.page
    assert kinds(later) == []


def test_a_wrong_outcome_is_put_right_in_the_case(later: Later) -> None:
    visitor = later.as_user("utrecht")
    visitor.get(LIST)
    visitor.post(LIST, row(later))
    form = f"/dossiers/{later.made.case}/record_outcome"
    visitor.get(f"{form}?wie={later.made.members[0]}")
    assert re.search(r'value="6"[^>]* checked', visitor.page)
    values = {
        "member": later.made.members[0],
        "kind": "neither",
        "months_after": "6",
        "measured_on": "2017-08-01",
    }
    assert visitor.post(form, values).status_code == 422
    assert "Deze meting staat er al" in visitor.page
    assert visitor.post(form, values | {"wrong": "Verkeerde regel."}).status_code == 302
    assert kinds(later) == ["study", "neither"]
    visitor.get(LIST)
    assert "Verbeterd" in visitor.page


@pytest.mark.parametrize("who", ["case_manager", "manager", "utrecht_coordinator"])
def test_others_have_no_list(later: Later, who: str) -> None:
    assert later.as_user(who).get(LIST).status_code == 404


def test_another_municipality_sees_and_records_nothing(later: Later) -> None:
    visitor = later.as_user("amsterdam")
    visitor.get(LIST)
    assert "Niets te meten" in visitor.page
    assert "Noor" not in visitor.page
    assert visitor.post(LIST, row(later)).status_code == 404
    assert kinds(later) == []


def test_a_manager_reads_counts_and_never_of_a_few(later: Later) -> None:
    later.as_user("utrecht").post(LIST, row(later))
    visitor = later.as_user("manager")
    visitor.get("/koppelen/model")
    assert "minder dan 10" in visitor.page
    assert "Noor" not in visitor.page
