"""The suggestion of the day, on the page of a household that no run has looked at yet."""

import re
from collections.abc import Callable

from flask import Flask

from tests.factories import household_in
from tests.web.conftest import Visitor
from tests.world import World
from webapp.jobs.prices import refresh_prices

AsUser = Callable[[str], Visitor]
OFFICER = "placement_officer"


def test_a_household_without_a_proposal_gets_the_suggestion_of_the_day(
    as_user: AsUser, world: World, application: Flask
) -> None:
    made = household_in("screened", world)
    officer = as_user(OFFICER)
    path = f"/koppelen/huishoudens/{made.case}"
    officer.get(path)
    assert "Voorstel van de dag" not in officer.page
    with application.app_context():
        assert refresh_prices()
        assert not refresh_prices()
    officer.get(path)
    assert "Volgens de prijslijst van 1 februari 2017" in officer.page
    daily = officer.page.split("Voorstel van de dag: ")[1]
    [place] = set(re.findall(r'name="municipality" value="([^"]+)"', daily))
    assert daily.startswith(place)
    assert officer.step(made.case, "link", {"municipality": place}).status_code == 302
    assert made.row().municipality_code
