"""Long lists become files in the background: complete, or refused in words, and one's own."""

import csv
import io
from collections.abc import Callable

import pytest
from sqlalchemy import text

from models.vocabulary import CaseState
from tests.factories import household, household_in
from tests.web.conftest import Visitor
from tests.world import World
from webapp.jobs.prepared_files import prepare_file, sweep_prepared_files
from webapp.views import standing_lines

Visit = Callable[[str], Visitor]
LIST = "/taakstelling/regels?cijfer=realised"


@pytest.fixture
def long(world: World, as_user: Visit, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """Return a visitor for whom any list is long."""
    household_in(CaseState.CLOSED, world, household(2, 1))
    monkeypatch.setattr(standing_lines, "MOST_DIRECT", 1)
    return as_user("case_manager")


def ordered(visitor: Visitor, form: str = "csv") -> str:
    visitor.get(LIST)
    assert "Bestand klaarzetten" in visitor.page
    asked = {"cijfer": "realised", "datum": "2017-02-02", "vorm": form}
    answer = visitor.post("/taakstelling/bestanden", asked)
    assert answer.status_code == 303
    return str(answer.location)


def made(visitor: Visitor, place: str) -> None:
    with visitor.client.application.app_context():
        prepare_file(place.rpartition("/")[2])


def test_a_long_list_is_made_by_a_worker_with_all_its_rows(long: Visitor) -> None:
    assert long.get(LIST.replace("regels?", "regels.csv?")).status_code == 302
    place = ordered(long)
    assert ordered(long) == place, "what waits already is not asked for twice"
    long.get(place)
    assert "Het bestand wordt gemaakt" in long.page
    assert long.get(f"{place}/ophalen").status_code == 404
    made(long, place)
    long.get(place)
    assert "Het bestand is klaar: 3 rijen." in long.page
    content = long.client.get(f"{place}/ophalen").get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(content)))
    assert [int(row["rows"]) for row in rows] == [3, 3, 3]
    assert "Noor" not in content


def test_a_file_is_its_users_alone(long: Visitor, as_user: Visit) -> None:
    place = ordered(long, "ods")
    made(long, place)
    other = as_user("colleague")
    for path in (place, f"{place}/ophalen"):
        assert other.get(path).status_code == 404


def test_a_user_whose_rights_ended_gets_no_file(long: Visitor, world: World) -> None:
    place = ordered(long)
    with world.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE user_account SET active = false"
                " WHERE id = (SELECT actor_id FROM prepared_file)"
            )
        )
    made(long, place)
    with world.engine.connect() as connection:
        found = connection.execute(text("SELECT status, content FROM prepared_file")).one()
    assert tuple(found) == ("refused", None)


def test_the_sweep_makes_what_nobody_rang_for_and_drops_what_is_old(
    long: Visitor, world: World
) -> None:
    place = ordered(long)
    with long.client.application.app_context():
        sweep_prepared_files()
    long.get(place)
    assert "Het bestand is klaar" in long.page
    with world.engine.begin() as connection:
        connection.execute(
            text("UPDATE prepared_file SET finished_at = finished_at - interval '2 days'")
        )
    with long.client.application.app_context():
        sweep_prepared_files()
    assert long.get(place).status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        {"cijfer": "realised", "vorm": "exe"},
        {"cijfer": "alles", "vorm": "csv"},
        {"cijfer": "realised", "vorm": "csv", "gebied": "PV99"},
        {},
    ],
)
def test_files_that_cannot_be(long: Visitor, asked: dict[str, str]) -> None:
    long.get(LIST)
    assert long.post("/taakstelling/bestanden", asked).status_code == 404
