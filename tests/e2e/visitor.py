"""A person at a browser: opens pages, fills forms by their labels, and hears every complaint."""

import re
from functools import cache
from re import Pattern
from typing import Any

from playwright.sync_api import (
    ConsoleMessage,
    Dialog,
    Locator,
    Page,
    Response,
    ViewportSize,
    expect,
)

from config.settings import project_root

AXE = project_root() / "node_modules" / "axe-core" / "axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NARROW: ViewportSize = {"width": 320, "height": 700}
WIDE: ViewportSize = {"width": 1280, "height": 900}
# Said of every answer of 400 and over; which of them may be, `_answered` judges.
_STATUS = "Failed to load resource"
_SERVER_ERROR = 500
_CLIENT_ERROR = 400
_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""
_AUDIT = """
async (levels) => {
  const found = await axe.run(document, {
    runOnly: { type: "tag", values: levels },
    rules: { "target-size": { enabled: true } },
    preload: false,
  });
  return found.violations.map((each) => ({
    rule: each.id,
    help: each.help,
    where: each.nodes.slice(0, 4).map((node) => `${node.target.join(" ")}: ${node.failureSummary}`),
  }));
}
"""
# Wider than the page, or cut off by something that does not scroll; what is only read aloud is not.
_OVERFLOW = """
() => {
  const width = document.documentElement.clientWidth;
  const told = (each) => {
    for (let at = each; at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.clipPath !== "none") return false;
      if (at !== each && /auto|scroll/.test(style.overflowX)) return false;
    }
    return true;
  };
  const wide = [...document.querySelectorAll("body *")]
    .filter((each) => each.getBoundingClientRect().right > width + 1 && told(each))
    .slice(0, 6)
    .map((each) => each.outerHTML.slice(0, 160));
  const scrolls = document.documentElement.scrollWidth > width;
  return scrolls && !wide.length ? [`it scrolls to ${document.documentElement.scrollWidth}`] : wide;
}
"""


@cache
def _axe() -> str:
    if not AXE.is_file():
        raise AssertionError(f"{AXE} is missing: python3 bootstrap.py --test fetches it")
    return AXE.read_text()


def named(label: str) -> Pattern[str]:
    """Return what a label reads like, whether or not the field must be filled."""
    return re.compile(rf"^\s*{re.escape(label)}(\s+\(niet verplicht\))?\s*$")


class Visitor:
    """One user in a browser context of their own."""

    def __init__(self, page: Page, address: str, name: str) -> None:
        self.page, self.name = page, name
        self.complaints: list[str] = []
        self._address = address
        page.add_init_script(_VIOLATIONS)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("response", self._answered)
        page.on("dialog", self._asked)

    def open(self, path: str, *, status: int = 200) -> "Visitor":
        """Open a page of the site, which must answer so."""
        answer = self.page.goto(self._address + path)
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        return self

    @property
    def path(self) -> str:
        """The path of the page that is open."""
        return self.page.url.removeprefix(self._address)

    def sees(self, words: str) -> "Visitor":
        """Wait until the words stand in the content."""
        expect(self.page.get_by_role("main")).to_contain_text(words)
        return self

    def heading(self, name: str) -> "Visitor":
        """Wait for the page of this name."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(name)
        return self

    def link(self, name: str) -> "Visitor":
        """Follow a link of the content."""
        self.page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()
        return self

    def tab(self, navigation: str, name: str) -> "Visitor":
        """Choose a part of a page."""
        inside = self.page.get_by_role("navigation", name=navigation)
        inside.get_by_role("link", name=re.compile(f"^{name}")).click()
        expect(inside.get_by_role("link", name=re.compile(f"^{name}"))).to_have_attribute(
            "aria-current", "page"
        )
        return self

    def press(self, name: str) -> "Visitor":
        """Press a button of the content."""
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()
        return self

    def fill(self, within: Locator | None = None, /, **values: str) -> "Visitor":
        """Type into text fields and choose, by the label; underscores stand for spaces."""
        for label, value in values.items():
            self.enter(label.replace("_", " "), value, within)
        return self

    def enter(self, label: str, value: str, within: Locator | None = None) -> "Visitor":
        """Type into the field with this label, or choose the option with this name."""
        place = within or self.page.get_by_role("main")
        group = place.get_by_role("group", name=named(label))
        if group.count():
            group.get_by_label(value, exact=True).check()
            return self
        field = place.get_by_label(named(label)).filter(visible=True)
        if field.evaluate("(each) => each.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
        return self

    def pick(self, label: str, typed: str, option: str, within: Locator | None = None) -> "Visitor":
        """Type into a combobox and take the option that starts so, with the keyboard."""
        place = within or self.page.get_by_role("main")
        box = place.get_by_role("combobox", name=named(label))
        box.press_sequentially(typed)
        options = place.get_by_role("listbox").get_by_role("option")
        wanted = options.filter(has_text=re.compile(f"^{re.escape(option)}"))
        expect(wanted.first).to_be_visible()
        for _ in range(1 + options.all_inner_texts().index(wanted.first.inner_text())):
            box.press("ArrowDown")
        box.press("Enter")
        expect(box).to_have_value(re.compile(f"^{re.escape(option)}"))
        return self

    def audit(self) -> "Visitor":
        """Let axe look at the page as it is; nothing may break WCAG 2.2 A or AA."""
        self.page.wait_for_load_state()
        self.page.evaluate(_axe())
        found: list[dict[str, Any]] = self.page.evaluate(_AUDIT, LEVELS)
        told = "\n".join(
            f"{each['rule']} ({each['help']})\n  " + "\n  ".join(each["where"]) for each in found
        )
        assert not found, f"{self.page.url} breaks\n{told}"
        return self

    def fits(self) -> "Visitor":
        """Look at the page 320 pixels wide: it may not scroll sideways."""
        self.page.set_viewport_size(NARROW)
        wide = self.page.evaluate(_OVERFLOW)
        self.page.set_viewport_size(WIDE)
        assert not wide, f"{self.page.url} is wider than 320 pixels:\n" + "\n".join(wide)
        return self

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_STATUS):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _answered(self, response: Response) -> None:
        document = response.request.resource_type == "document"
        if response.status >= (_SERVER_ERROR if document else _CLIENT_ERROR):
            self.complaints.append(f"{response.url}: {response.status}")

    def _asked(self, dialog: Dialog) -> None:
        self.complaints.append(f"{self.page.url} asked: {dialog.type} {dialog.message}")
        dialog.accept()
