"""Somebody leaves: the administrator hands all work over, and it stands with a colleague."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.site import Site
from tests.factories import registered

pytestmark = pytest.mark.browser


def test_the_work_of_a_leaver_goes_to_a_colleague(visit: Visit, site: Site) -> None:
    cases = [registered(site.world).case for _ in range(2)]
    leaver = site.world.references["case_manager"]
    administrator = visit("administrator")
    administrator.open(f"/beheer/gebruikers/{leaver}").press("Account sluiten")
    administrator.heading("Vertrek: Case Manager").audit().fits()
    administrator.press("Overdragen en account sluiten").sees("Kies wie het werk overneemt.")
    chosen = administrator.page.get_by_role("combobox", name="azc Utrecht")
    chosen.select_option(label="Colleague (0 dossiers)")
    administrator.press("Overdragen en account sluiten").sees("Account openen")
    colleague = visit("colleague").open("/werkvoorraad?tab=mine")
    for case in cases:
        expect(colleague.page.get_by_role("main")).to_contain_text(case)
    colleague.open("/termijnen?tab=late").heading("Termijnen").audit().fits()
