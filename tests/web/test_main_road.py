"""Four users take a household home through the pages, without scripts."""

import re
from collections.abc import Callable

from sqlalchemy import text

from tests.web.conftest import Visitor
from tests.world import World

AsUser = Callable[[str], Visitor]


def register(visitor: Visitor, world: World, **changes: str) -> str:
    values = {
        "kind": "asylum",
        "permit_on": "01-11-2016",
        "centre": world.centre(),
        "members_to_add-0-v_number": "9990000001",
        "members_to_add-0-given_names": "Amina",
        "members_to_add-0-family_name": "Voorbeeld",
        "members_to_add-0-birth_date": "1990-05-01",
        "members_to_add-0-sex": "female",
        "members_to_add-0-nationality": "syr",
        "members_to_add-0-languages": "Arabisch, Engels",
        "members_to_add-0-role": "head",
        **changes,
    }
    visitor.get("/registreren")
    answer = visitor.post("/registreren", values)
    assert answer.status_code == 302, visitor.page
    found = re.search(r"/dossiers/([a-z2-7]{16})$", answer.location)
    assert found is not None
    return found.group(1)


PARTS = ("personen", "voorbereiding", "koppeling", "woning", "overdracht", "tijdlijn", "delen")
LESSONS = {
    "module": "dutch_lessons",
    "on_date": "2017-02-01",
    "hours": "3",
    "result": "in_progress",
}
DWELLING = {
    "dwelling_type": "flat",
    "housing_kind": "regular_home",
    "rooms": "2",
    "rent": "600,50",
    "ground_floor": "true",
    "wheelchair": "false",
    "landlord": "Woonstichting Voorbeeld",
    "available_from": "2017-02-01",
    "fits_expected": "true",
}


PARTS = ("personen", "voorbereiding", "koppeling", "woning", "overdracht", "tijdlijn", "delen")
DWELLING = {
    "dwelling_type": "flat", "housing_kind": "regular_home", "rooms": "2", "rent": "600,50",
    "ground_floor": "true", "wheelchair": "false", "landlord": "Woonstichting Voorbeeld",
    "available_from": "2017-02-01", "fits_expected": "true",
}  # fmt: skip
LESSONS = {"module": "dutch_lessons", "on_date": "2017-02-01", "hours": "3"}
JOB = {"work_experience-0-occupation": "Carpenter", "work_experience-0-years": "4"}
SCREENING = {"held_on": "2017-01-20", "education_level": "bachelor", **JOB}
CLOSING = {"handover_outcome": "not_held", "reason": "Te ver weg voor een gesprek."}


def test_a_household_travels_home(as_user: AsUser, world: World) -> None:
    manager, officer = as_user("case_manager"), as_user("placement_officer")
    town = as_user("utrecht")
    case = register(manager, world)
    manager.get(f"/dossiers/{case}")
    assert "Volgende handeling: Volwassene screenen." in manager.page
    adult = chosen_adult(manager, case)
    road: list[tuple[Visitor, str, dict[str, object]]] = [
        (manager, "screen", {"member": adult, "functional_needs": ["ground_floor"], **SCREENING}),
        (manager, "complete_screening", {"advised_regions": ["15"]}),
        (officer, "link", {"municipality": "utrecht"}),
        (town, "take_up", {"scenario": "combined"}),
        (manager, "record_preparation", {"member": adult, "result": "in_progress", **LESSONS}),
        (town, "offer_housing", {**DWELLING}),
        (manager, "accept_offer", {"viewing_on": ""}),
        (town, "sign_lease", {"title_kind": "lease", "title_on": "2017-02-01"}),
        (manager, "house", {"housed_on": "2017-02-01"}),
        (manager, "sign_off", {"booked_on": "2017-02-01"}),
        (manager, "close", {**CLOSING}),
    ]
    for visitor, code, values in road:
        take(visitor, case, code, values)
        town.get("/gemeente")
        assert ("Amina Voorbeeld" in town.page) == (code == "link")
    assert realised(world) == 1
    for part in PARTS:
        assert manager.get(f"/dossiers/{case}?deel={part}").status_code == 200


def chosen_adult(manager: Visitor, case: str) -> str:
    manager.get(f"/dossiers/{case}/screen")
    chosen = re.search(r'name="member" value="([a-z2-7]{16})"[^>]* checked', manager.page)
    assert chosen is not None, "the only adult is chosen already"
    return chosen.group(1)


def take(visitor: Visitor, case: str, code: str, values: dict[str, object]) -> None:
    answer = visitor.step(case, code, values)
    assert answer.status_code == 302, visitor.page
    assert answer.location == f"/dossiers/{case}"
    assert visitor.get(answer.location).status_code == 200


def realised(world: World) -> int:
    with world.engine.connect() as connection:
        query = text("SELECT count(*) FROM quota_entry WHERE kind = 'realised' AND persons = 1")
        return int(connection.execute(query).scalar_one())
