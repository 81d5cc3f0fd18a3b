"""Who sees what: shared fields only, a stated reason for another centre, users and their log."""

from collections.abc import Callable

from sqlalchemy import text

from tests.factories import REFUSAL, household_in
from tests.web.conftest import Visitor
from tests.web.test_main_road import register
from tests.world import World

AsUser = Callable[[str], Visitor]


def scalar(world: World, query: str) -> object:
    with world.engine.connect() as connection:
        return connection.execute(text(query)).scalar()


def test_a_municipality_sees_shared_fields_only(as_user: AsUser, world: World) -> None:
    manager, officer, town = as_user("case_manager"), as_user("placement_officer"), None
    case = register(manager, world)
    manager.get(f"/dossiers/{case}/screen")
    adult = manager.page.split('name="member" value="')[1].split('"')[0]
    screening = {
        "member": adult, "held_on": "2017-01-20", "education_level": "bachelor",
        "network": "Oom in Zeist", "ambitions": "Wil timmeren",
    }  # fmt: skip
    assert manager.step(case, "screen", screening).status_code == 302
    criteria = {
        "hard_criteria-0-criterion": "existing_work",
        "hard_criteria-0-municipality": "Utrecht",
        "hard_criteria-0-evidence": "Brief van de werkgever",
    }
    assert manager.step(case, "complete_screening", criteria).status_code == 302
    assert officer.step(case, "link", {"municipality": "Utrecht"}).status_code == 302
    town = as_user("utrecht")
    seen = ""
    for part in ("overzicht", "personen", "koppeling", "tijdlijn", "voorbereiding"):
        town.get(f"/dossiers/{case}?deel={part}")
        assert town.status == 200
        seen += town.page
    town.get(f"/personen/{adult}")
    seen += town.page
    for shared in ("Amina Voorbeeld", "9990000001", "Arabisch", "Wil timmeren"):
        assert shared in seen
    for hidden in ("Oom in Zeist", "Brief van de werkgever", "SYR", "Heeft al werk"):
        assert hidden not in seen
    manager.get(f"/dossiers/{case}?deel=tijdlijn")
    assert "Brief van de werkgever" in manager.page


def test_a_municipality_hears_the_judgment_of_a_refusal_but_not_its_reason(
    as_user: AsUser, world: World
) -> None:
    made = household_in("offered", world)
    made.take("refuse_offer", "case_manager", **REFUSAL | {"reason": "medical"})
    made.take(
        "judge_refusal", "second_placement_officer", judgment="justified", motivation="Na overleg."
    )
    address = f"/dossiers/{made.case}?deel=woning"
    manager, town = as_user("case_manager"), as_user("utrecht")
    manager.get(address)
    assert "Medische reden" in manager.page
    town.get(address)
    assert "Reden van weigering" not in town.page
    assert "Medische reden" not in town.page
    assert "Terecht geweigerd" in town.page
    town.get(f"/dossiers/{made.case}?deel=tijdlijn")
    assert "Terecht geweigerd" in town.page
    assert "Medische reden" not in town.page


def test_a_registration_in_the_timeline_names_each_member(as_user: AsUser, world: World) -> None:
    manager = as_user("case_manager")
    case = register(manager, world)
    manager.get(f"/dossiers/{case}?deel=tijdlijn")
    assert "<li><ins>Amina Voorbeeld</ins><dl>" in manager.page
    assert "<div><dt>Talen</dt><dd>Arabisch, Engels</dd></div>" in manager.page
    manager.get(f"/dossiers/{case}")
    assert "spreekt Arabisch, Engels" in manager.page


def test_another_centres_case_opens_for_a_stated_reason(as_user: AsUser, world: World) -> None:
    manager = as_user("case_manager")
    case = register(manager, world)
    stranger = as_user("second_case_manager")
    assert stranger.get(f"/dossiers/{case}/reden").status_code == 404
    found = stranger.post("/zoeken", {"query": "999 000 0001"})
    assert found.location == f"/dossiers/{case}/reden"
    stranger.get(found.location)
    assert "Amina" not in stranger.page
    assert stranger.post(found.location, {"reason": "abc"}).status_code == 422
    assert stranger.post(found.location, {"reason": "Gezin verhuist hierheen."}).status_code == 302
    assert stranger.get(f"/dossiers/{case}").status_code == 200
    assert "Amina" in stranger.page
    assert stranger.get(f"/dossiers/{case}/suspend").status_code == 409, "to see is not to act"
    counted = "SELECT count(*) FROM read_entry WHERE purpose = 'stated_reason'"
    assert scalar(world, counted) == 1


def test_opening_a_case_is_logged(as_user: AsUser, world: World) -> None:
    case = household_in("preparing", world).case
    before = scalar(world, "SELECT count(*) FROM read_entry")
    as_user("utrecht").get(f"/dossiers/{case}")
    assert scalar(world, "SELECT count(*) FROM read_entry") == int(str(before)) + 1


def test_ticked_cases_are_assigned_and_refusals_told(as_user: AsUser, world: World) -> None:
    first, second = (household_in("registered", world).case for _ in range(2))
    manager = as_user("case_manager")
    manager.get("/werkvoorraad?tab=team")
    colleague = world.references["colleague"]
    manager.post(
        "/werkvoorraad/toewijzen", {"case": [first, second, "a" * 16], "colleague": colleague}
    )
    manager.get("/werkvoorraad?tab=team")
    assert "2 dossiers toegewezen." in manager.page
    assert "Niet toegewezen" in manager.page
    other = as_user("colleague")
    other.get("/werkvoorraad?tab=mine")
    assert first in other.page


def test_an_administrator_adds_a_user_who_signs_in(as_user: AsUser, world: World) -> None:
    administrator = as_user("administrator")
    administrator.get("/beheer/gebruikers")
    administrator.post("/beheer/gebruikers", {"name": "Nieuw", "email": "Nieuw@example.org"})
    password = administrator.page.split("<code>")[1].split("</code>")[0]
    reference = scalar(world, "SELECT reference FROM user_account WHERE email LIKE 'nieuw@%'")
    page = f"/beheer/gebruikers/{reference}"
    administrator.get(page)
    wrong = administrator.post(
        f"{page}/rollen", {"role": "case_manager", "organisation": "Utrecht"}
    )
    administrator.get(wrong.location)
    assert "past niet bij een organisatie" in administrator.page
    administrator.post(f"{page}/rollen", {"role": "municipal_officer", "organisation": "Utrecht"})
    newcomer = as_user("case_manager")
    newcomer.post("/afmelden")
    assert newcomer.sign_in("nieuw", password).status_code == 302
    assert newcomer.get("/gemeente").status_code == 200
    administrator.get(page)
    administrator.post(f"{page}/account", {"active": "0"})
    assert newcomer.get("/gemeente").status_code == 302
    audited = "SELECT count(*) FROM audit_entry WHERE action IN ('user_added', 'role_granted')"
    assert scalar(world, audited) == 2


def test_the_language_is_kept_with_the_user(as_user: AsUser) -> None:
    manager = as_user("case_manager")
    manager.get("/werkvoorraad")
    manager.post("/taal", {"language": "en"})
    manager.get("/werkvoorraad")
    assert "Work queue" in manager.page
    assert 'lang="en"' in manager.page
    manager.post("/afmelden")
    manager.sign_in("case_manager")
    manager.get("/registreren")
    assert "Register household" in manager.page
    assert "Given names" in manager.page
