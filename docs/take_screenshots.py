"""Take the pictures of the README from a running demo: `take_screenshots.py ADDRESS SIGN_INS`.

SIGN_INS is the file demo-sign-ins.txt of the demo's data folder. Run it by hand after a change
that shows; nothing else uses it.
"""
# ruff: noqa: INP001 - a script beside the documents, not a package

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

IMAGES = Path(__file__).resolve().parent / "images"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SIZE: ViewportSize = {"width": 1280, "height": 900}
LARGEST = 200_000
# The picture, how the address of its user begins, and the path of the screen.
SHOTS = (
    ("work-queue", "casemanager.azcutrecht", "/werkvoorraad?tab=team"),
    ("case", "casemanager.azcutrecht", "/werkvoorraad?tab=team&huishouden=family&stand=offered"),
    ("standing", "taakstelling.ministerie", "/taakstelling?datum=2017-02-01"),
    ("flow", "manager.coa", "/doorstroom"),
)
# These are of what the first row of the screen leads to.
FIRST_ROW = {"case"}


def main(words: list[str]) -> int:
    """Take every picture; the answer is the exit code."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if len(words) != 2 or path is None:  # noqa: PLR2004 - the two words of the usage
        sys.stderr.write(f"{__doc__}\nIt needs Chromium.\n")
        return 2
    address, sign_ins = words[0].rstrip("/"), passwords(Path(words[1]))
    rights = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=rights)
        sizes = [shoot(browser, address, sign_ins, shot) for shot in SHOTS]
        browser.close()
    return int(max(sizes) > LARGEST)


def passwords(path: Path) -> dict[str, str]:
    """Return the password of each address of the file."""
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    return {words[-2]: words[-1] for words in lines if words}


def shoot(
    browser: Browser, address: str, sign_ins: dict[str, str], shot: tuple[str, str, str]
) -> int:
    """Sign in, open the screen, keep its picture; return its size in bytes."""
    name, user, path = shot
    page = browser.new_page(viewport=SIZE, locale="nl-NL", reduced_motion="reduce")
    email = next(each for each in sign_ins if each.startswith(user))
    sign_in(page, address, email, sign_ins[email])
    page.goto(address + path)
    if name in FIRST_ROW:
        page.get_by_role("main").get_by_role("rowheader").first.get_by_role("link").click()
        page.wait_for_load_state("load")
    target = IMAGES / f"{name}.png"
    IMAGES.mkdir(exist_ok=True)
    page.screenshot(path=target, animations="disabled")
    page.close()
    size = target.stat().st_size
    sys.stdout.write(f"{target.name}: {size // 1000} kB\n")
    return size


def sign_in(page: Page, address: str, email: str, password: str) -> None:
    """Sign in on the page for it."""
    page.goto(f"{address}/aanmelden")
    page.get_by_label("E-mailadres").fill(email)
    page.get_by_label("Wachtwoord").fill(password)
    page.get_by_role("main").get_by_role("button", name="Aanmelden").click()
    page.wait_for_url(lambda url: "/aanmelden" not in url)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
