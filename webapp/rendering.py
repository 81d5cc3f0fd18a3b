"""What every page shares: filters, and names in the templates."""

from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version
from typing import Any

import flask_babel
from flask import Flask, request, url_for
from flask_babel import get_locale, gettext
from jinja2 import StrictUndefined

from config.settings import Settings
from models import vocabulary
from webapp import labels
from webapp.auth import SignedIn, signed_in
from webapp.clock import clock, moment
from webapp.menu import navigation
from webapp.terms import with_terms
from workflows.permissions import Permission
from workflows.policy import may

THEMES = ("system", "light", "dark")


@dataclass(frozen=True, slots=True)
class Viewer:
    """How a page names its visitor."""

    name: str
    role: str
    organisation: str


def install(app: Flask, settings: Settings) -> None:
    """Add filters and names to the templates."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.filters["label"] = _label
    app.jinja_env.filters["with_terms"] = with_terms
    app.jinja_env.filters["day"] = day
    app.jinja_env.filters["month"] = month
    app.jinja_env.filters["size"] = size
    app.jinja_env.filters["moment"] = instant
    app.jinja_env.filters["seeded"] = seeded
    app.jinja_env.globals["vocabulary"] = vocabulary

    app.context_processor(lambda: _shared(settings))


def _label(code: str | None, kind: str | None = None) -> str:
    enumeration = None if kind is None else getattr(vocabulary, kind)
    return labels.label(code, enumeration)


def day(value: date | None) -> str:
    """Return a date as '3 februari 2017'."""
    return "" if value is None else flask_babel.format_date(value, "d MMMM yyyy")


def month(value: date) -> str:
    """Return the month of a date as 'februari 2017'."""
    return str(flask_babel.format_date(value, "MMMM yyyy"))


def size(octets: int) -> str:
    """Return the size of a file as '1,4 MB'."""
    kilobytes = octets / 1000
    if kilobytes < 1000:  # noqa: PLR2004 - a megabyte has so many
        return f"{flask_babel.format_decimal(max(1, round(kilobytes)))} kB"
    return f"{flask_babel.format_decimal(round(kilobytes / 1000, 1))} MB"


def instant(value: datetime | None) -> str:
    """Return an instant as '3 februari 2017, 14:05' in the program's time zone."""
    return "" if value is None else flask_babel.format_datetime(value, "d MMMM yyyy, HH:mm")


def seeded(words: str) -> str:
    """Return what an installation starts with in the reader's language; what was typed stays."""
    return str(gettext(words)) if words else ""


def _shared(settings: Settings) -> dict[str, Any]:
    visitor = signed_in()
    names: dict[str, Any] = {
        "language": str(get_locale() or settings.locale),
        "theme": _theme(),
        "language_url": url_for("preferences.language"),
        "theme_url": url_for("preferences.theme"),
        "theme_stylesheet": _theme_stylesheet(settings),
        "demo_banner": _demo_banner(),
        "home_url": "/",
        "version": version("thuisroute"),
    }
    if visitor is not None:
        names["sign_out_url"] = url_for("sign_in.sign_out")
        names["viewer"] = _viewer(visitor)
    if visitor is not None and visitor.complete:
        names["navigation"] = navigation(visitor)
        names["help_url"] = url_for("home.help_page")
        names["account_url"] = url_for("account.account")
        if may(visitor.actor, Permission.VIEW_CASE):
            names["search_url"] = url_for("search.search")
    return names


def _theme() -> str:
    chosen = request.cookies.get("theme", "system")
    return chosen if chosen in THEMES else "system"


def _theme_stylesheet(settings: Settings) -> str | None:
    if not settings.theme_css:
        return None
    return url_for("preferences.theme_stylesheet")


def _demo_banner() -> str | None:
    if not clock().is_demo:
        return None
    words: str = gettext(
        "Demonstratie met verzonnen personen. Het is hier %(date)s.", date=day(moment().today)
    )
    return words


def _viewer(visitor: SignedIn) -> Viewer:
    grants = visitor.actor.grants
    roles = dict.fromkeys(labels.label(grant.role) for grant in grants)
    organisations = dict.fromkeys(grant.organisation_name for grant in grants)
    return Viewer(
        visitor.actor.name,
        ", ".join(roles) or gettext("Geen rol"),
        ", ".join(organisations) or gettext("Geen organisatie"),
    )
