"""Where a household fits, as a list to choose from, and what is told of a known V-number."""

import re
from collections.abc import Callable
from datetime import timedelta

from tests.factories import household, household_in, member, registered
from tests.web.conftest import Visitor
from tests.world import BUNNIK, EXEMPT, TINY, World
from workflows.rules.identifiers import synthetic_v_number

AsUser = Callable[[str], Visitor]


def _offered(page: str) -> list[str]:
    return re.findall(r"link\?gemeente=(\w+)", page)


def test_the_list_holds_who_has_room_and_no_other(as_user: AsUser, world: World) -> None:
    small = household_in("screened", world, household(3))
    large = household_in("screened", world, household(4))
    officer = as_user("placement_officer")
    officer.get(f"/dossiers/{small.case}/link")
    assert {TINY, BUNNIK} <= set(_offered(officer.page))
    assert EXEMPT not in _offered(officer.page)
    officer.get(f"/dossiers/{large.case}/link")
    assert TINY not in _offered(officer.page)
    assert BUNNIK in _offered(officer.page)


def test_a_choice_fills_in_the_form_and_shows_room_before_and_after(
    as_user: AsUser, world: World
) -> None:
    made = household_in("screened", world, household(3))
    officer = as_user("placement_officer")
    officer.get(f"/dossiers/{made.case}/link?gemeente={BUNNIK}")
    assert 'value="Bunnik"' in officer.page
    row = officer.page.split(f"gemeente={BUNNIK}")[1].split("</tr>")[0]
    assert re.findall(r"<span>(\d+)</span>", row) == ["40", "37"]
    officer.get(f"/dossiers/{made.case}/link?gemeente=nonsense")
    assert officer.status == 200


def test_a_household_criterion_narrows_the_list(as_user: AsUser, world: World) -> None:
    made = household_in("registered", world)
    made.take("screen", "case_manager", member=made.members[0], held_on=world.today,
              education_level="none")  # fmt: skip
    criterion = {"criterion": "safety", "municipality": BUNNIK, "evidence": "Gezien."}
    made.take("complete_screening", "case_manager", hard_criteria=[criterion])
    officer = as_user("placement_officer")
    officer.get(f"/dossiers/{made.case}/link")
    assert BUNNIK not in _offered(officer.page)
    assert TINY in _offered(officer.page)


def test_a_known_v_number_is_told_with_what_stands(as_user: AsUser, world: World) -> None:
    number = synthetic_v_number(3_000_001)
    first = registered(world, [member(v_number=number, given_names="Amal", family_name="Eerst")])
    first.take("end", "case_manager", reason="withdrawn", ended_on=world.today)
    visitor = as_user("case_manager")
    visitor.get("/registreren")
    someone = member(v_number=number, given_names="Anders", family_name="Getypt")
    typed = {f"members_to_add-0-{name}": str(value) for name, value in someone.items()}
    answer = visitor.post(
        "/registreren",
        {
            "kind": "asylum",
            "permit_on": (world.today - timedelta(days=1)).isoformat(),
            "centre": world.centre(),
            **typed,
        },
    )
    assert answer.status_code == 302, visitor.page[-3000:]
    visitor.get(answer.location)
    assert "Het V-nummer van Amal Eerst was al bekend." in visitor.page
    assert "22 januari 2017" in visitor.page


def test_a_registration_reads_line_by_line_on_the_timeline(as_user: AsUser, world: World) -> None:
    made = registered(world, [member(given_names="Amal"), member("partner", given_names="Sami")])
    visitor = as_user("case_manager")
    visitor.get(f"/dossiers/{made.case}?deel=tijdlijn")
    lines = re.findall(r"<li><ins>(\w+) [^<]*</ins><dl><div><dt>V-nummer</dt>", visitor.page)
    assert lines == ["Amal", "Sami"]
