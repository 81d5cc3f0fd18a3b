"""A running site for each module, one Chromium for the session, and visitors who sign in."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from playwright.sync_api import Browser, StorageState, sync_playwright

from bootstrap import BROWSERS
from tests.database import Database, Server
from tests.e2e.site import MOMENT, PASSWORD, Site, served
from tests.e2e.visitor import WIDE, Visitor
from tests.world import fill
from webapp.embedded import EngineUrls

# Nothing is fetched but what the pages ask for.
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
    "--disable-quic",
)
Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Yield a Chromium; without one the tests fail, they are never skipped."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.fail(
            "There is no Chromium. python3 bootstrap.py --browser installs it where it may; "
            "on Debian: apt-get install chromium."
        )
    # Its sandbox cannot run as root.
    rights = ("--no-sandbox",) if os.geteuid() == 0 else ()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=[*QUIET, *rights])
        yield started
        started.close()


@pytest.fixture(scope="session")
def noon(server: Server, migrated: Database) -> Database:
    """Return a database with the world installed at noon of its day: a template."""
    made = server.make(migrated.name)
    with made.engine() as engine, engine.begin() as connection:
        fill(connection, MOMENT)
    return made


@pytest.fixture(scope="module")
def site(
    server: Server,
    noon: Database,
    engine_urls: EngineUrls,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """Yield a program of this module alone, whose day stands still; no second factor is asked."""
    folder = tmp_path_factory.mktemp("site")
    with (
        server.temporary(noon.name) as database,
        served(database, engine_urls, folder, demonstration=True) as found,
    ):
        yield found


@pytest.fixture(scope="module")
def cookies() -> dict[str, StorageState]:
    """Return the sign-ins of this module, so that each user signs in once."""
    return {}


@contextmanager
def visiting(
    browser: Browser, site: Site, name: str, state: StorageState | None = None, *, scripts: bool
) -> Iterator[Visitor]:
    """Yield a visitor in a context of their own; complaints of the browser fail the test."""
    context = browser.new_context(
        viewport=WIDE,
        locale="nl-NL",
        timezone_id="Europe/Amsterdam",
        color_scheme="light",
        reduced_motion="reduce",
        java_script_enabled=scripts,
        storage_state=state,
    )
    context.set_default_timeout(10_000)
    try:
        made = Visitor(context.new_page(), site.address, name)
        yield made
        assert not made.complaints, "\n".join(made.complaints)
    finally:
        context.close()


@pytest.fixture
def visit(browser: Browser, site: Site, cookies: dict[str, StorageState]) -> Iterator[Visit]:
    """Yield a function that gives a user of the world at a browser, signed in."""
    with ExitStack() as stack:

        def arrive(name: str | None, *, scripts: bool = True) -> Visitor:
            if name is not None and name not in cookies:
                with visiting(browser, site, name, scripts=True) as visitor:
                    sign_in(visitor)
                    cookies[name] = visitor.page.context.storage_state()
            state = None if name is None else cookies[name]
            return stack.enter_context(visiting(browser, site, name or "", state, scripts=scripts))

        yield arrive


def sign_in(visitor: Visitor) -> None:
    """Sign a user in on the page for it."""
    visitor.open("/aanmelden").fill(Wachtwoord=PASSWORD)
    visitor.enter("E-mailadres", f"{visitor.name}@example.org").press("Aanmelden")
    visitor.page.wait_for_url(lambda url: "/aanmelden" not in url)
