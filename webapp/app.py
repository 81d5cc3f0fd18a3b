"""The composition root: settings and an engine become the web application."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import servestatic
from flask import Blueprint, Flask
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter

from config.settings import Settings
from models.document import LARGEST_FILE
from webapp import access, auth, errors, language, passwords, rendering, security, throttle
from webapp.api import events
from webapp.clock import Clock
from webapp.request import PlainRequest
from webapp.views import (
    account,
    apportionment,
    bulk,
    bulk_runs,
    case,
    confirming,
    corrections,
    deliveries,
    departures,
    document,
    due,
    exemptions,
    fairness,
    flow,
    flow_handovers,
    flow_list,
    handover,
    health,
    home,
    inbox,
    leaving,
    linking,
    matching_data,
    matching_runs,
    mergers,
    metrics,
    norms,
    notices,
    outcomes,
    person,
    populations,
    preferences,
    publications,
    queue,
    reconciliation,
    register,
    saved_views,
    score_models,
    score_weights,
    search,
    sign_in,
    standing,
    standing_import,
    standing_lines,
    stated_reason,
    step,
    substitutes,
    suggest,
    supervision,
    supply_report,
    tasks,
    trail,
    transfers,
    users,
    verification,
    webhooks,
    what_if,
    why_not,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    health.blueprint,
    metrics.blueprint,
    events.blueprint,
    notices.blueprint,
    deliveries.blueprint,
    webhooks.blueprint,
    verification.blueprint,
    trail.blueprint,
    norms.blueprint,
    home.blueprint,
    account.blueprint,
    preferences.blueprint,
    sign_in.blueprint,
    queue.blueprint,
    search.blueprint,
    stated_reason.blueprint,
    case.blueprint,
    document.blueprint,
    step.blueprint,
    register.blueprint,
    person.blueprint,
    inbox.blueprint,
    tasks.blueprint,
    handover.blueprint,
    due.blueprint,
    leaving.blueprint,
    substitutes.blueprint,
    suggest.blueprint,
    standing.blueprint,
    standing_lines.blueprint,
    publications.blueprint,
    standing_import.blueprint,
    flow.blueprint,
    flow_handovers.blueprint,
    flow_list.blueprint,
    departures.blueprint,
    fairness.blueprint,
    score_models.blueprint,
    outcomes.blueprint,
    score_weights.blueprint,
    matching_data.blueprint,
    supply_report.blueprint,
    users.blueprint,
    bulk.blueprint,
    bulk_runs.blueprint,
    linking.blueprint,
    matching_runs.blueprint,
    confirming.blueprint,
    what_if.blueprint,
    why_not.blueprint,
    saved_views.blueprint,
    apportionment.blueprint,
    exemptions.blueprint,
    populations.blueprint,
    transfers.blueprint,
    mergers.blueprint,
    corrections.blueprint,
    reconciliation.blueprint,
    supervision.blueprint,
)
ROOT = Path(__file__).resolve().parent
KILOBYTE = 1024


class ReferenceConverter(BaseConverter):
    """A random 80-bit reference in an address."""

    regex = "[a-z2-7]{16}"


def create_app(settings: Settings, engine: Engine) -> Flask:
    """Return the application over a database that stands at the program's own migration."""
    app = Flask("webapp", root_path=str(ROOT), template_folder=str(ROOT.parent / "templates"))
    app.request_class = PlainRequest
    app.config.update(_configuration(settings))
    app.extensions.update(settings=settings, database=engine, clock=Clock(engine, settings))
    app.url_map.converters["reference"] = ReferenceConverter
    security.install(app, secure=settings.secure_cookies)
    throttle.install(app, settings)
    manager = LoginManager(app)
    auth.install(manager)
    app.before_request(access.guard)
    # After the guard: who is not signed in is led to the sign-in page, not told of an old form.
    CSRFProtect(app)
    language.install(app, settings)
    rendering.install(app, settings)
    errors.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    passwords.prepare()
    _serve_files(app, settings)
    return app


def _configuration(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.signing_key(),
        "SESSION_COOKIE_NAME": "thuisroute",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=settings.session_hours),
        "MAX_CONTENT_LENGTH": LARGEST_FILE + settings.request_limit_kb * KILOBYTE,
        # What is typed; a file may come beside it.
        "MAX_FORM_MEMORY_SIZE": settings.request_limit_kb * KILOBYTE,
        # A form lives as long as its session does.
        "WTF_CSRF_TIME_LIMIT": None,
    }


def _serve_files(app: Flask, settings: Settings) -> None:
    """Let style sheets, scripts and fonts bypass Flask, and trust the configured proxies."""
    always = security.headers(secure=settings.secure_cookies)

    def add_headers(headers: Any, _path: str, _url: str) -> None:
        for name, value in always.items():
            headers[name] = value

    app.wsgi_app = servestatic.ServeStatic(  # type: ignore[method-assign] # Flask is wrapped so
        app.wsgi_app,
        root=ROOT / "static",
        prefix="static/",
        max_age=3600,
        allow_all_origins=False,
        add_headers_function=add_headers,
    )
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign] # the same
            app.wsgi_app, x_for=count, x_proto=count, x_host=count
        )
