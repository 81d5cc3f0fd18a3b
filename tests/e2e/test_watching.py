"""What the browser tests watch for is heard when it happens."""

import pytest

from tests.e2e.conftest import Visit

pytestmark = pytest.mark.browser

INLINE_SCRIPT = """
() => {
  const planted = document.createElement("script");
  planted.textContent = "window.planted = true";
  document.head.append(planted);
}
"""
NAMELESS = "() => document.querySelector('label[for=email]').remove()"
# The policy allows scripts to set a style, not pages to carry one.
WIDE = "() => { document.querySelector('h1').style.minWidth = '900px'; }"
MISSING_FILE = "() => fetch('/static/css/nowhere.css').then(() => undefined)"


def test_a_script_within_the_page_is_blocked_and_heard(visit: Visit) -> None:
    visitor = visit(None).open("/aanmelden")
    visitor.page.evaluate(INLINE_SCRIPT)
    assert visitor.page.evaluate("() => window.planted") is None
    visitor.page.wait_for_timeout(200)
    assert any("CSP script-src" in each for each in visitor.complaints)
    visitor.complaints.clear()


@pytest.mark.parametrize("planted", ["() => console.error('oops')", MISSING_FILE])
def test_errors_are_heard(visit: Visit, planted: str) -> None:
    visitor = visit(None).open("/aanmelden")
    visitor.page.evaluate(planted)
    visitor.page.wait_for_timeout(200)
    assert len(visitor.complaints) == 1
    visitor.complaints.clear()


def test_a_field_without_a_name_breaks_the_audit(visit: Visit) -> None:
    visitor = visit(None).open("/aanmelden").audit()
    visitor.page.evaluate(NAMELESS)
    with pytest.raises(AssertionError, match="label"):
        visitor.audit()


def test_too_wide_is_seen(visit: Visit) -> None:
    visitor = visit(None).open("/aanmelden").fits()
    visitor.page.evaluate(WIDE)
    with pytest.raises(AssertionError, match="wider than 320"):
        visitor.fits()
