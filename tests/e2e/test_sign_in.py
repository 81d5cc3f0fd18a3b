"""The second factor for real, on a program of today that is no demonstration."""

import re
import time
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, expect

from tests.database import Database, Server
from tests.e2e.conftest import visiting
from tests.e2e.site import PASSWORD, Site, served
from webapp.embedded import EngineUrls

pytestmark = pytest.mark.browser


@pytest.fixture
def strict_site(
    server: Server,
    installed: Database,
    engine_urls: EngineUrls,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """Yield a program that asks a second factor of who sees a BSN."""
    folder = tmp_path_factory.mktemp("strict")
    with (
        server.temporary(installed.name) as database,
        served(database, engine_urls, folder, demonstration=False) as found,
    ):
        yield found


def test_enrolment_then_a_code_at_each_sign_in(browser: Browser, strict_site: Site) -> None:
    with visiting(browser, strict_site, "utrecht", scripts=True) as visitor:
        page = visitor.page

        def give_password() -> None:
            visitor.enter("E-mailadres", "utrecht@example.org").fill(Wachtwoord=PASSWORD)
            visitor.press("Aanmelden")

        visitor.open("/gemeente").heading("Aanmelden")
        give_password()
        visitor.heading("Tweede stap instellen").audit().fits()
        # Half way there is no other page.
        visitor.open("/werkvoorraad").heading("Tweede stap instellen")
        secret = page.get_by_role("main").locator("code").inner_text().replace(" ", "")
        totp = pyotp.TOTP(secret)
        visitor.fill(Code="000000").press("Instellen en doorgaan").sees(
            "De code klopt niet"
        ).audit()
        used = totp.now()
        visitor.fill(Code=used).press("Instellen en doorgaan").heading("Gemeente")

        page.get_by_text("Klantmanager gemeente").first.click()
        page.get_by_role("banner").get_by_role("button", name="Uitloggen").click()
        visitor.heading("Aanmelden").open("/gemeente").heading("Aanmelden")
        give_password()
        visitor.heading("Code invoeren").audit().fits()
        # A code that was used is used up.
        visitor.fill(Code=used).press("Doorgaan").sees("De code klopt niet").audit()
        visitor.fill(Code=totp.at(_next_step(used, totp))).press("Doorgaan").heading("Gemeente")
        expect(page).to_have_url(re.compile("/gemeente$"))


def _next_step(used: str, totp: pyotp.TOTP) -> int:
    """Return a moment half a minute after the step of a code: the code after it, not yet used."""
    now = int(time.time())
    step = next(each for each in (now, now - 30, now - 60) if totp.at(each) == used)
    return step + 30
