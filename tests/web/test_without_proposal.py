"""A household without a proposal is told why on its page, with counts and what can be done."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from models.vocabulary import Exclusion
from tests.factories import household, household_in
from tests.web.conftest import Visitor
from tests.web.test_linking import OFFICER, proposed
from tests.world import BUNNIK, EXEMPT, TINY, UTRECHT, World
from workflows.matching.assemble import EXCLUSIONS

AsUser = Callable[[str], Visitor]


def to(*places: str) -> list[dict[str, Any]]:
    """Return hard criteria, each of which permits one municipality only."""
    kind = "family_reunification"
    return [{"criterion": kind, "municipality": place, "evidence": "brief"} for place in places]


def told(visitor: Visitor, case: str) -> str:
    """Return what the page of a household says of why it has no proposal."""
    assert visitor.get(f"/koppelen/huishoudens/{case}").status_code == 200
    if 'id="without"' not in visitor.page:
        return ""
    return visitor.page.split('id="without"')[1].split("</section>")[0]


def counts(part: str) -> dict[str, int]:
    """Return the number of municipalities by reason."""
    return {what: int(number) for what, number in re.findall(r"<li>(.+?): (\d+) gemeente", part)}


def everywhere(part: str) -> tuple[int, int]:
    """Return how many municipalities there are, and how many are possible."""
    [(there, possible)] = re.findall(r"Van de (\d+) gemeenten zijn er (\d+) mogelijk", part)
    return int(there), int(possible)


@pytest.mark.parametrize(
    ("places", "children", "words"),
    [
        ((UTRECHT, BUNNIK), 0, "De harde criteria spreken elkaar tegen"),
        ((EXEMPT,), 0, "is vrijgesteld van de taakstelling"),
        ((TINY,), 3, "over koppelen boven de ruimte"),
    ],
    ids=["contradict", "exempt", "no_room"],
)
def test_a_household_without_a_possible_municipality_is_told_why(
    as_user: AsUser, world: World, places: tuple[str, ...], children: int, words: str
) -> None:
    made = household_in("screened", world, household(2, children), criteria=to(*places))
    part = told(as_user(OFFICER), made.case)
    assert words in part
    there, possible = everywhere(part)
    assert possible == 0
    assert sum(counts(part).values()) == there
    assert "Harde criteria en screening in het dossier" in part
    short = set(re.findall(r"waarom-niet\?gemeente=(GM\d{4})", part))
    assert short == ({TINY} if places == (TINY,) else set())


def test_the_reason_of_the_last_run_is_told_with_its_moment(
    as_user: AsUser, world: World, application: Flask
) -> None:
    made = [household_in("screened", world, household(2), criteria=to(TINY)) for _ in range(2)]
    officer = as_user(OFFICER)
    for each in made:
        part = told(officer, each.case)
        assert "Er is nu wel plaats." in part
        assert "In de berekening van" not in part
    proposed(application, officer)
    [left] = [part for part in (told(officer, each.case) for each in made) if part]
    assert re.search(r"In de berekening van .*gaat in dit plan naar andere huishoudens", left)
    assert everywhere(left)[1] == 1


def test_with_a_proposal_nothing_is_told_of_why_there_is_none(
    as_user: AsUser, world: World, application: Flask
) -> None:
    made = household_in("screened", world)
    officer = as_user(OFFICER)
    proposed(application, officer)
    assert told(officer, made.case) == ""


def test_another_officer_learns_nothing(as_user: AsUser, world: World) -> None:
    made = household_in("screened", world, criteria=to(TINY))
    far = as_user("far_placement_officer")
    assert far.get(f"/koppelen/huishoudens/{made.case}").status_code == 404


def test_a_planted_wrong_count_is_caught(
    as_user: AsUser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counts that leave a reason out do not add up to all municipalities."""
    made = household_in("screened", world, household(2, 3), criteria=to(TINY))
    first = EXCLUSIONS.index(Exclusion.HARD_CRITERION)
    monkeypatch.setattr(
        "workflows.matching.without_proposal.counted",
        lambda codes: {Exclusion.NO_ROOM: int((codes > first).sum())},
    )
    part = told(as_user(OFFICER), made.case)
    there, possible = everywhere(part)
    assert possible != 0 or sum(counts(part).values()) != there
