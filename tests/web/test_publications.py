"""Publications: made once, kept with their hashes, and the lines that came after them."""

import hashlib
import re
from collections.abc import Callable

import pytest

from models.vocabulary import CaseState
from tests.factories import household_in
from tests.web.conftest import Visitor
from tests.world import UTRECHT, World

Visit = Callable[[str], Visitor]
OVERVIEW = "/taakstelling/publicaties"
HASH = re.compile(r'href="(/taakstelling/publicaties/[a-z2-7]{16}\.\w+)".*?<code>([0-9a-f]{64})<')


def publish(visitor: Visitor, valid: str = "2017-02-02") -> str:
    visitor.get(OVERVIEW)
    answer = visitor.post(OVERVIEW, {"valid": valid})
    assert answer.status_code == 303, visitor.page
    return str(answer.location)


def test_a_publication_is_kept_and_made_again_with_the_same_bytes(
    world: World, as_user: Visit
) -> None:
    household_in(CaseState.CLOSED, world)
    officer = as_user("quota_officer")
    place = publish(officer)
    assert publish(officer) == place, "nothing changed, so there is nothing new to publish"
    household_in(CaseState.CLOSED, world)
    reader = as_user("supervisor")
    reader.get(OVERVIEW)
    files = HASH.findall(reader.page)
    assert [url.rpartition(".")[2] for url, _ in files] == ["csv", "xlsx", "ods", "json"]
    for url, digest in files:
        content = reader.client.get(url).get_data()
        assert hashlib.sha256(content).hexdigest() == digest, url


def test_exactly_the_lines_that_came_later_are_named(world: World, as_user: Visit) -> None:
    household_in(CaseState.CLOSED, world)
    place = publish(as_user("quota_officer"))
    reader = as_user("manager")
    reader.get(place)
    assert "Niets veranderd" in reader.page
    household_in(CaseState.CLOSED, world)
    reader.get(place)
    assert reader.page.count("Vastgelegd op") == 2
    assert "1 → 2" in reader.page
    assert f"gebied={UTRECHT}" in reader.page
    reader.get(f"/taakstelling?datum=2017-02-02&gebied={UTRECHT}")
    assert ">2</a>" in reader.page
    reader.get(OVERVIEW)
    as_published = re.search(r'href="(/taakstelling\?datum=[^"]*bekend=[^"]*)"', reader.page)
    assert as_published is not None
    reader.get(as_published.group(1) + f"&gebied={UTRECHT}")
    assert "Met wat bekend was op" in reader.page
    assert "cijfer=realised&datum=2017-02-02&bekend" in reader.page
    assert ">2</a>" not in reader.page


@pytest.mark.parametrize("name", ["manager", "supervisor", "case_manager"])
def test_only_the_quota_officer_publishes(as_user: Visit, name: str) -> None:
    visitor = as_user(name)
    visitor.get(OVERVIEW)
    assert visitor.status == 200
    assert "Stand publiceren" not in visitor.page
    assert visitor.post(OVERVIEW, {"valid": "2017-02-02"}).status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{OVERVIEW}/aaaaaaaaaaaaaaaa", 404),
        (f"{OVERVIEW}/aaaaaaaaaaaaaaaa.csv", 404),
        (f"{OVERVIEW}/aaaaaaaaaaaaaaaa.exe", 404),
        (f"{OVERVIEW}/aaaaaaaaaaaaaaaa?blad=0", 404),
        (f"/taakstelling?bekend={'9' * 40}", 200),
        ("/taakstelling?bekend=2017-02-01T12:00", 200),
    ],
)
def test_publications_that_are_none(as_user: Visit, path: str, status: int) -> None:
    visitor = as_user("auditor")
    visitor.get(path)
    assert visitor.status == status
    if status == 200:
        assert "Deze datum klopt niet" in visitor.page


def test_a_date_that_is_none_is_named_beside_its_field(as_user: Visit) -> None:
    visitor = as_user("quota_officer")
    visitor.get(OVERVIEW)
    assert visitor.post(OVERVIEW, {"valid": "gisteren"}).status_code == 422
    assert "gisteren" in visitor.page
